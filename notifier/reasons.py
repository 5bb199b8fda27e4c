"""Why a visit was held or failed, told in a reader's language: history keeps the scraper's English words."""

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from babel.messages.pofile import read_po

from notifier.words import Words

_NAMED = re.compile(r"\\\{(\w+)\\\}")


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason in words, and the language that they are in."""

    text: str
    language: str


def reason_in(reason: str, words: Words) -> Reason:
    """Return a verdict's reason in the language of `words`; one that no catalogue knows stays in English.

    History holds what was written then, by earlier versions too.
    """
    for pattern, saying in _sayings(words.language):
        if told := pattern.fullmatch(reason):
            return Reason(saying.format(**_values(told.groupdict(), words)), words.language)
    return Reason(reason, "en")


def _values(values: dict[str, str], words: Words) -> dict[str, str]:
    """Put the name of a field of records into words; everything else is the page's or the network's own."""
    return {
        name: words.text(f"field.{value}") if name == "field" else value for name, value in values.items()
    }


@cache
def _sayings(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return each English reason as a pattern, and how it is said; the most particular patterns first."""
    place = resources.files("notifier").joinpath("locale", language, "reasons.po")
    if not place.is_file():
        return ()
    lines = place.read_text("utf-8").splitlines(keepends=True)
    known = sorted(
        ((str(one.id), str(one.string)) for one in read_po(lines, locale=language) if one.id),
        key=lambda pair: -len(re.sub(r"\{\w+\}", "", pair[0])),
    )
    return tuple(
        (re.compile(_NAMED.sub(r"(?P<\1>.+?)", re.escape(english)), re.DOTALL), said)
        for english, said in known
    )
