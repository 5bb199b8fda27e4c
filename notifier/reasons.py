"""Why a visit or a run was held, told in a reader's language: history keeps the English words."""

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
    """Return a verdict's or a held run's reason in the language of `words`; an unknown one stays in English.

    History holds what was written then, by earlier versions too.
    """
    for pattern, saying in _sayings(words.language):
        if told := pattern.fullmatch(reason):
            return Reason(saying.format(**_values(told.groupdict(), words)), words.language)
    return Reason(reason, "en")


def _values(values: dict[str, str], words: Words) -> dict[str, str]:
    """Put names of fields and days into words; everything else is the page's or the network's own."""
    return {name: _value(name, value, words) for name, value in values.items()}


def _value(name: str, value: str, words: Words) -> str:
    match name:
        case "field":
            return words.text(f"field.{value}")
        case "day":
            return words.date(value)
        case _:
            return value


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
