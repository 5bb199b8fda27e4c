"""What changed? A pure fold over the visits of a source: match, diff, believe or hold."""

from scraper.compare.state import (
    EMPTY_STATE,
    Hold,
    Match,
    Mention,
    Outcome,
    PageMemory,
    Question,
    Ruling,
    SourceState,
    Track,
    Trouble,
)

__all__ = [
    "EMPTY_STATE",
    "Hold",
    "Match",
    "Mention",
    "Outcome",
    "PageMemory",
    "Question",
    "Ruling",
    "SourceState",
    "Track",
    "Trouble",
]
