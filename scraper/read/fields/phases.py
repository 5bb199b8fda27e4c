"""The phase of a project that a text speaks of: seconda fase, 2° fase, phase II, COPRA III."""

import re

from scraper.read.fields.typography import fold

_ORDINALS = {
    "prima": 1, "primo": 1, "first": 1, "premiere": 1, "primera": 1, "one": 1, "uno": 1,
    "seconda": 2, "secondo": 2, "second": 2, "deuxieme": 2, "seconde": 2, "segunda": 2, "two": 2, "due": 2,
    "terza": 3, "terzo": 3, "third": 3, "troisieme": 3, "tercera": 3, "three": 3, "tre": 3,
    "quarta": 4, "fourth": 4, "quatrieme": 4, "cuarta": 4, "four": 4,
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6,
}  # fmt: skip
_NUMBER = rf"(?:\d{{1,2}}|{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})"
_WORD = r"(?:fase|phase|edizione|edition|annualita|ciclo)"
_PHASE = re.compile(
    rf"(?<![\w.])(?:(?P<before>{_NUMBER})\s?(?:a|o|°|º|ª|\^|st|nd|rd|th|e|eme|ere|re)?\s+{_WORD}\b|{_WORD}\s+(?P<after>{_NUMBER})(?![\w.]))"
)
_NUMERAL = re.compile(r"(?<=[\w)]\s)(?P<after>I{1,3}|IV|V)(?=\s*(?:$|[-–—:,(.]))")


def find_phases(text: str) -> list[tuple[int, int, int]]:
    """Return the phases that `text` names: number, first and last place."""
    return [
        (_number(match["before"] or match["after"]), match.start(), match.end())
        for match in _PHASE.finditer(fold(text))
    ]


def phase_of(title: str) -> int | None:
    """Return the phase that a title states, also as a bare Roman numeral after its name, or None."""
    named = find_phases(title)
    if named:
        return named[0][0]
    numeral = _NUMERAL.search(title)
    return _number(fold(numeral["after"])) if numeral else None


def _number(written: str) -> int:
    return int(written) if written.isdigit() else _ORDINALS[written]
