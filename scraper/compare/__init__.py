"""What changed, and whether to believe it: a pure fold over captures and snapshots."""

from scraper.compare.belief import USUAL_TOLERANCE, Tolerance
from scraper.compare.fold import accepted, published, rebase, rebase_hold, reject, release, step
from scraper.compare.replaying import change_report, outcome_report, replay
from scraper.compare.retelling import (
    Chapter,
    Retelling,
    Retold,
    own_numbers,
    renumbered,
    retell,
    with_past,
)
from scraper.compare.rulings import decide, merge, split, undo_merge, undo_split, withdraw
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
    "USUAL_TOLERANCE",
    "Chapter",
    "Hold",
    "Match",
    "Mention",
    "Outcome",
    "PageMemory",
    "Question",
    "Retelling",
    "Retold",
    "Ruling",
    "SourceState",
    "Tolerance",
    "Track",
    "Trouble",
    "accepted",
    "change_report",
    "decide",
    "merge",
    "outcome_report",
    "own_numbers",
    "published",
    "rebase",
    "rebase_hold",
    "reject",
    "release",
    "renumbered",
    "replay",
    "retell",
    "split",
    "step",
    "undo_merge",
    "undo_split",
    "with_past",
    "withdraw",
]
