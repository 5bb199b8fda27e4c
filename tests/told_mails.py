"""What a digest's plain text tells, read back word for word into news, whatever its language."""

import re
from email import message_from_bytes
from email.policy import default

from notifier.news import Line, News
from notifier.words import Words, words
from scraper.records import ChangeKind, Project, ProjectStatus, Value
from tests.digest_samples import START

LANGUAGES = ("it", "en", "fr")
FIELDS = ("status", "area")
"""The fields that are read; a mail that tells of another one is not understood."""


def told(message: bytes) -> dict[int, News]:
    """Return the news that a mail tells, by the projects' numbers; each project once."""
    body = message_from_bytes(message, policy=default).get_body(("plain",))
    assert body is not None
    text = body.get_content().replace("\r\n", "\n")
    tongue = next(words(each) for each in LANGUAGES if words(each).text("digest.unsubscribe") in text)
    found = [
        _news(block, tongue)
        for block in re.findall(r"^(\S[^\n]*\n\[[^]]+\].*?/changes/\d+)$", text, re.M | re.S)
    ]
    assert len({one.number for one in found}) == len(found), "told twice in one mail"
    return {one.number: one for one in found}


def _news(block: str, tongue: Words) -> News:
    title = block.split("\n", 1)[0]
    labels = {tongue.text(f"kind.{kind}"): kind for kind in (*ChangeKind, "entered")}
    kind = labels[_only(r"^\[([^]]+)\]", block)]
    rows = re.findall(
        r"^  (\w[^:\n(]*?)(?: \(.*\))?\n    (?:\S+?)\s?: (.*)\n    (?:\S+?)\s?: (.*)$", block, re.M
    )
    facts = dict(re.findall(r"^  (\w[^:\n]*?)\s?: (.+)$", block, re.M))
    values = {
        name: _value(name, facts[label], tongue)
        for name in FIELDS
        if (label := _label(name, tongue)) in facts
    }
    known = Project(title=title, **values)  # type: ignore[arg-type]
    lines = tuple(_line(label, before, after, tongue) for label, before, after in rows)
    return News(
        kind=ChangeKind.CHANGED if kind == "entered" else ChangeKind(kind),
        source="torino",
        number=int(_only(r"/projects/torino/(\d+)$", block)),
        page_id=1,
        project=known,
        previous=None,
        at=START,
        pub_seq=int(_only(r"/changes/(\d+)$", block)),
        lines=lines,
        entered=kind == "entered",
        known=known,
    )


def _line(label: str, before: str, after: str, tongue: Words) -> Line:
    name = next(each for each in FIELDS if _label(each, tongue) == label)
    return Line(name, _value(name, before, tongue), _value(name, after, tongue))


def _label(name: str, tongue: Words) -> str:
    text = tongue.text(f"field.{name}")
    return text[:1].upper() + text[1:]


def _value(name: str, said: str, tongue: Words) -> Value:
    if name != "status":
        return said
    return next(one for one in ProjectStatus if tongue.text(f"status.{one}") == said)


def _only(pattern: str, block: str) -> str:
    (found,) = re.findall(pattern, block, re.M)
    return str(found)
