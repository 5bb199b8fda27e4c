"""The body whose page it is, and the names that mean it."""

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
_REACHES_FURTHER = {"metropolitana", "metropolitan", "metropolitaine"}


@dataclass(frozen=True, slots=True)
class Body:
    """The body whose page it is: the names by which its pages call it, and its country."""

    names: tuple[str, ...] = ()
    country: str | None = None

    def is_meant(self, name: str) -> bool:
        """Tell whether a name is this body's, perhaps with an office or a role behind it."""
        words_of = _words(name)
        return any(words_of[: len(own)] == own for own in map(_words, self.names) if own)


def _words(name: str) -> list[str]:
    """Return the words of a name but the small ones that join them; a town calls itself both Comune di Alba
    and Città di Alba."""
    found = [word for word in folded_words(name) if word not in JOINING]
    if found[:2] == ["camara", "municipal"]:
        found[:2] = ["municipio"]
    if len(found) > 1 and found[0] in _TOWN and found[1] not in _REACHES_FURTHER:
        found[0] = "town"
    return found
