"""The reading of a capture: its state, its outline and its projects."""

from dataclasses import dataclass

from scraper.read.assembly import project_of
from scraper.read.coverage import rule_pieces, ruled_pieces, unread_of
from scraper.read.decoding.decode import decoded
from scraper.read.decoding.media import Medium, medium_of
from scraper.read.flowing.atoms import Piece
from scraper.read.layouts.drafting import drafts_of
from scraper.read.ourselves import Body
from scraper.read.outlining.building import OutlineBuilder, absolute
from scraper.read.outlining.content import Area, area_of
from scraper.read.outlining.ignoring import opened_in
from scraper.read.outlining.markup import describe, soup_of
from scraper.read.outlining.outline import Outline
from scraper.read.outlining.textpage import outline_of_text
from scraper.read.pagestate import answer_state, page_state, states_none
from scraper.read.publisher import body_of, page_name
from scraper.records import Capture, PageState, Project, Snapshot
from scraper.sources import Source

READER_VERSION = "1"
"""Changes whenever the same capture could be read differently; snapshots of different versions are not
compared."""


_STUB = 1000
"""Characters of a content area below which the whole page is looked at."""


def read(capture: Capture, source: Source | None = None, known: Snapshot | None = None) -> Snapshot:
    """Return what a capture says; `known` itself where the capture cannot say anything else.

    `source` names the body whose page it is; without one, it is inferred from the page.
    """
    refused = answer_state(capture)
    if refused:
        state, reason = refused
        return Snapshot(READER_VERSION, state, reason, fingerprint=f"{state}: {reason}")
    page = _page(capture)
    # what little a stub shows says less than its scripts do
    stub = page.text if len(page.area.html) < _STUB else ""
    body = body_of(page.area, source, capture.url, page.text)
    fingerprint = page.area.fingerprint(capture.url, repr(body), stub)
    if known and known.reader_version == READER_VERSION and known.fingerprint == fingerprint:
        return known
    return _snapshot(page, _outline(page), body, fingerprint)


def outline(capture: Capture) -> Outline:
    """Return everything that the content area of a capture shows; the spans of its projects index into its
    blocks."""
    return _outline(_page(capture))


def visible_lines(capture: Capture) -> tuple[str, ...]:
    """Return the text that the content area of a capture shows, line by line; nothing of what is no page."""
    if answer_state(capture):
        return ()
    shown = outline(capture)
    return tuple(line for line in shown.text(shown.root).splitlines() if line.strip())


@dataclass(frozen=True, slots=True)
class _Page:
    """A capture's text, and the content area in it; plain text is all content."""

    text: str
    area: Area
    address: str
    plain: bool


def _page(capture: Capture) -> _Page:
    body, content_type = capture.body or b"", capture.header("content-type")
    text = decoded(body, content_type)
    if medium_of(body, content_type)[0] is Medium.TEXT:
        return _Page(text, Area(text), capture.url, plain=True)
    area = area_of(text)
    return _Page(text, area, absolute(area.base, capture.url) or capture.url, plain=False)


def _outline(page: _Page) -> Outline:
    if page.plain:
        return outline_of_text(page.text, page.address)
    builder = OutlineBuilder(page.address)
    if page.area.heading:
        builder.heading(page.area.heading)
    elif name := page_name(page.area.title):
        builder.name(name)
    describe(soup_of(page.area.html), builder, opened_in(page.area.html))
    return builder.finished()


def _snapshot(page: _Page, outline: Outline, body: Body, fingerprint: str) -> Snapshot:
    drafting = drafts_of(outline, body.names)
    projects = tuple(project_of(outline, draft, body) for draft in drafting.drafts)
    refused = page_state(page.text, page.area, outline, len(projects))
    if refused:
        state, reason = refused
        return Snapshot(READER_VERSION, state, reason, fingerprint=fingerprint)
    told = zip(drafting.drafts, projects, strict=True)
    ruled = [*drafting.ignored, *rule_pieces(outline)]
    ruled.extend(each for draft, project in told for each in ruled_pieces(outline, draft, project))
    used = [Piece(span.block, span.start, span.end) for project in projects for span in project.spans]
    used.extend(piece for _, piece in ruled)
    untitled = [_untitled(project) for project in projects if project.title is None]
    return Snapshot(
        READER_VERSION,
        PageState.OK,
        None,
        projects,
        unread_of(outline, used),
        (*drafting.warnings, *untitled),
        fingerprint,
        states_none(outline),
    )


def _untitled(project: Project) -> str:
    known = ", ".join(project.programmes) or project.area or "nothing else is known"
    return f"the title of a project is not stated ({known})"
