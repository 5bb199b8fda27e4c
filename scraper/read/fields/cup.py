"""The CUP, the code that an Italian public investment project keeps for life."""

import re

from scraper.read.fields.found import Found

# opencup.gov.it: 15 characters, a letter, two digits (year), a letter, eleven digits (C 11 G 06 00000 000 1).
# Pages put spaces, dots or hyphens between its parts; only capitals are then taken for its letters.
_GAP = r"[ \u00a0.\-]?"
_CUP = re.compile(
    rf"(?<![A-Za-z0-9])(?:[A-Za-z]\d\d[A-Za-z]\d{{11}}"
    rf"|[A-Z]{_GAP}(?:\d{_GAP}){{2}}[A-Z]{_GAP}(?:\d{_GAP}){{10}}\d)(?![A-Za-z0-9])"
)


def find_cup(text: str) -> Found[str] | None:
    """Return the first CUP in `text`, in capitals and without gaps, or None."""
    match = _CUP.search(text)
    return (
        Found("".join(filter(str.isalnum, match[0])).upper(), match.start(), match.end()) if match else None
    )
