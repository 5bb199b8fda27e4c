"""The body whose page it is, and the names that mean it."""

from dataclasses import dataclass

from scraper.read.fields.typography import folded_words


@dataclass(frozen=True, slots=True)
class Body:
    """The body whose page it is: the names by which its pages call it, and its country."""

    names: tuple[str, ...] = ()
    country: str | None = None

    def is_meant(self, name: str) -> bool:
        """Tell whether a name is this body's, perhaps with an office or a role behind it."""
        words_of = folded_words(name)
        return any(words_of[: len(own)] == own for own in map(folded_words, self.names) if own)
