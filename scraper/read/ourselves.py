"""The body whose page it is, and the names that mean it."""

from dataclasses import dataclass

from scraper.read.fields.typography import folded_words

_TOWN = {"comune", "citta", "ville", "commune", "mairie", "ayuntamiento", "ciudad", "city", "municipality"}
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
    """Return the words of a name; a town calls itself both Comune di Alba and Città di Alba."""
    found = list(folded_words(name))
    if len(found) > 1 and found[0] in _TOWN and found[1] not in _REACHES_FURTHER:
        found[0] = "town"
    return found
