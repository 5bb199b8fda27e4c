"""The body whose page it is, and the names that mean it."""

import re
from dataclasses import dataclass

from scraper.read.fields.typography import folded_words

JOINING = frozenset(
    ("di", "de", "del", "della", "dell", "d", "des", "du", "of", "the", "la", "le", "il", "l", "los", "las",
     "el", "do", "da", "dos", "das", "der", "die")
)  # fmt: skip
"""The small words of a body's name, which its pages write one way or another."""

_TOWN = {
    "comune", "citta", "ville", "commune", "mairie", "ayuntamiento", "ciudad", "city", "municipality",
    "stadt", "gemeinde", "municipio",
}  # fmt: skip
_KINDS = re.compile(
    r"town|provincia|province|region\w*|departement|landkreis|fondazione|foundation|fondation|fundacion|fundacao|"
    r"stiftung|ateneo|universit\w+|universidad\w*|associazione|association|asociacion|associacao|verein"
)
_REACHES_FURTHER = {"metropolitana", "metropolitan", "metropolitaine"}


@dataclass(frozen=True, slots=True)
class Body:
    """The body whose page it is: the names by which its pages call it, and its country."""

    names: tuple[str, ...] = ()
    country: str | None = None

    def is_meant(self, name: str) -> bool:
        """Tell whether a name is this body's, perhaps with an office or a role behind it."""
        words_of = _words(name)
        owns = [own for own in map(_words, self.names) if own]
        if len(words_of) == 1 and any(_kind(own) == words_of[0] for own in owns):
            return True  # en partenariat avec la Ville
        return any(words_of[: len(own)] == own for own in owns)


def _kind(own: list[str]) -> str | None:
    """Return the word for what kind of body a name of several words is, as its pages call it in short."""
    return own[0] if len(own) > 1 and _KINDS.fullmatch(own[0]) else None


def _words(name: str) -> list[str]:
    """Return the words of a name but the small ones that join them; a town calls itself both Comune di Alba
    and Città di Alba."""
    found = [word for word in folded_words(name) if word not in JOINING]
    if found[:2] == ["camara", "municipal"]:
        found[:2] = ["municipio"]
    if found and found[0] in _TOWN and not _REACHES_FURTHER.intersection(found[1:2]):
        found[0] = "town"
    return found
