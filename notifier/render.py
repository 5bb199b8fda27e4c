"""Mails in words: subject, text and HTML from templates of their own, styles inlined and nothing remote."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from itertools import groupby
from secrets import token_urlsafe
from textwrap import fill

from css_inline import CSSInliner
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from notifier.digest import Digest
from notifier.links import Links
from notifier.reasons import reason_in
from notifier.story import Cell, Story, story
from notifier.word_diffs import clip
from notifier.words import Words
from store.kinds import Frequency

LARGEST_HTML = 80_000
"""Bytes of HTML at most: Gmail clips a message at about 102 KB and with it the link to unsubscribe."""

TOKEN_PLACE = f"coopwatch-{token_urlsafe(18)}"
"""What stands in a digest's words for the token of its reader; no watched page can guess it."""

_NAMED = 3
_INLINER = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail's words: what a reader sees of it; `html` is empty where there is the text alone."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Origins:
    """Where news comes from: titles and languages of sources by name, addresses of pages by id."""

    titles: Mapping[str, str] = field(default_factory=dict)
    tongues: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AreaGroup:
    """The stories of one area of a source; `label` is the page's own, None where it states none."""

    label: str | None
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """The stories of one source; `tongue` is the language of its words where that is not the reader's."""

    title: str
    tongue: str | None
    addresses: Mapping[int, str]
    areas: tuple[AreaGroup, ...]


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a letter says beside its news: how often it comes, from whom, and the token of its link.

    `begins` is the civil day from which a reader's first digest tells, None in every later one. A correction
    names the civil day of the digest that it `corrects` and, in staff's words, the `reason`. `checkpoint`
    says where the newest seal of the evidence log is to be found.
    """

    frequency: Frequency
    sender: str
    token: str = TOKEN_PLACE
    begins: date | None = None
    corrects: date | None = None
    reason: str = ""
    checkpoint: str = ""


def digest_letter(digest: Digest, envelope: Envelope, origins: Origins, links: Links, words: Words) -> Letter:
    """Return a digest in words; news beyond the largest size is left to a page, with its exact count."""
    stories = told_stories(digest, words, brief=True)
    values = _digest_values(digest, stories, envelope, links, words)
    shown = len(stories)
    while True:
        groups = _grouped(stories[:shown], origins, words)
        letter = _letter("digest", words, **values, groups=groups, more=len(stories) - shown)
        size = len(letter.html.encode())
        if size <= LARGEST_HTML or shown == 0:
            return letter
        shown = min(shown - 1, shown * LARGEST_HTML // size)


def told_stories(digest: Digest | None, words: Words, *, brief: bool = False) -> list[Story]:
    """Return what a digest tells, in words and in its order; nothing where there is none."""
    news = digest.news if digest is not None else ()
    return sorted((story(one, words, brief=brief) for one in news), key=_place)


def confirmation_letter(
    envelope: Envelope, expires: datetime, links: Links, words: Words, *, listed: bool = False
) -> Letter:
    """Return the mail that asks to confirm a sign-up; it says nothing that a stranger could choose.

    It goes to whoever used the form, or (`listed`) whom staff put on the list.
    """
    asked = "confirmation.listed" if listed else "confirmation.asked"
    frequency = words.text(f"frequency.{envelope.frequency}")
    return _letter(
        "confirmation",
        words,
        links=links,
        confirm=links.confirm(envelope.token),
        expires=expires,
        asked=words.text(asked, frequency=frequency, sender=envelope.sender),
        sender=envelope.sender,
        preheader=words.text("confirmation.act"),
    )


def link_letter(address: str, expires: datetime, sender: str, links: Links, words: Words) -> Letter:
    """Return the mail with a fresh link to a reader's own preferences."""
    return _letter(
        "link",
        words,
        links=links,
        address=address,
        expires=expires,
        sender=sender,
        preheader=words.text("fresh.act"),
    )


def plain_letter(name: str, words: Words, **values: object) -> Letter:
    """Return a letter without HTML; the first line of its template, one for each language, is the subject."""
    template = _TEMPLATES.get_template(f"{name}_{words.language}.txt")
    because = partial(reason_in, words=words)
    subject, _, text = template.render(words=words, because=because, **values).partition("\n")
    return Letter(" ".join(subject.split()), text.strip() + "\n", html="")


def _digest_values(
    digest: Digest, stories: Sequence[Story], envelope: Envelope, links: Links, words: Words
) -> dict[str, object]:
    return {
        "digest": digest,
        "stories": stories,
        "names": _names(stories, words),
        "headline": words.count(f"digest.{'wrong' if envelope.corrects else 'headline'}", len(stories)),
        "period": _period(digest, words),
        "frequency": words.text(f"frequency.{envelope.frequency}"),
        "sender": envelope.sender,
        "first": words.text("digest.first", day=words.civil_day(envelope.begins)) if envelope.begins else "",
        "corrected": _corrected(envelope, words),
        "reason": envelope.reason,
        "checkpoint": envelope.checkpoint,
        "links": links,
        "all_changes": links.changes(digest.cursor, digest.cutoff, digest.filters),
        "unsubscribe": links.unsubscribe(envelope.token),
        "preheader": clip(" · ".join(told.sentence for told in stories[:4]), 250),
        "item_block": _item_block,
    }


def _names(stories: Sequence[Story], words: Words) -> str:
    """Return the names of the first projects, and how many there are beside them."""
    names = [clip(told.name, 32) for told in stories[:_NAMED]]
    others = len(stories) - len(names)
    return words.listed([*names, words.count("subject.others", others)] if others else names)


def _corrected(envelope: Envelope, words: Words) -> str:
    if envelope.corrects is None:
        return ""
    return words.text("digest.corrected", day=words.civil_day(envelope.corrects))


def _period(digest: Digest, words: Words) -> str:
    since, until = words.day(digest.since), words.day(digest.until)
    if since == until:
        return words.text("digest.day", day=until)
    return words.text("digest.period", since=since, until=until)


def _grouped(stories: Iterable[Story], origins: Origins, words: Words) -> tuple[SourceGroup, ...]:
    """Group stories in their order by source and area."""
    return tuple(
        SourceGroup(
            title=origins.titles.get(source, source),
            tongue=tongue if (tongue := origins.tongues.get(source)) != words.language else None,
            addresses=origins.addresses,
            areas=tuple(AreaGroup(area, tuple(told)) for area, told in groupby(run, _area)),
        )
        for source, run in groupby(stories, lambda told: told.news.source)
    )


def _area(told: Story) -> str | None:
    return told.news.project.area


def _place(told: Story) -> tuple[str, bool, str, int]:
    """Return what puts a story in its order: source, area (an unknown one last), number."""
    area = told.news.project.area
    return told.news.source, area is None, (area or "").casefold(), told.news.number


def _letter(name: str, words: Words, **values: object) -> Letter:
    context = {"words": words, "t": words.text, **values}
    subject = " ".join(_TEMPLATES.get_template(f"{name}_subject.txt").render(context).split())
    html = _TEMPLATES.get_template(f"{name}.html").render(context, subject=subject)
    return Letter(
        subject=subject,
        text=_TEMPLATES.get_template(f"{name}.txt").render(context).strip() + "\n",
        html=_INLINER.inline(html),
    )


def _wrap(text: str, indent: str = "") -> str:
    return fill(
        text,
        76,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _item_block(heading: str, cell: Cell, unknown: str) -> str:
    """Return one side of a row as lines of text: the heading, then its items hanging below one another."""
    items = ["".join(piece.text for piece in item) for item in cell] or [unknown]
    lines = [fill(text, 66, break_long_words=False, break_on_hyphens=False).split("\n") for text in items]
    flat = [line for item in lines for line in item]
    lead = f"    {heading} "
    return "\n".join([lead + flat[0], *(" " * len(lead) + line for line in flat[1:])])


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("notifier"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["wrap"] = _wrap
    environment.filters["clip"] = clip
    return environment


_TEMPLATES = _environment()
