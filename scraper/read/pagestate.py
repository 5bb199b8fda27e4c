"""The state of an answer: whether it is the page itself, and if not, what it is, in words."""

import re
from collections.abc import Sequence

from scraper.read.decoding.media import Medium, medium_of
from scraper.read.fields.typography import fold
from scraper.read.outlining.content import Area
from scraper.read.outlining.outline import Outline
from scraper.read.wording import NONE_STATED, SILENT_CHECKS, WORDINGS
from scraper.records import Capture, PageState

State = tuple[PageState, str]
"""A page state other than ok, and its reason in words."""

MOST_TAGS = 200_000
"""A page with more markup than this is no page that people read."""

_FEW_WORDS = 130
_STUB_WORDS = 60
_REFRESH = re.compile(r"^\s*(\d+)(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?['\"]?\s*([^'\"\s]+)", re.IGNORECASE)
_CLOSED = re.compile(rb"</(?:body|html)\s*>", re.IGNORECASE)
_SCRIPTED_MOVE = re.compile(
    r"(?:window|document|top|self|parent)?\.?location(?:\.href)?\s*=\s*['\"]|location\.(?:replace|"
    r"assign)\s*\(",
    re.IGNORECASE,
)


def answer_state(capture: Capture) -> State | None:
    """Return why an answer cannot be the page, judged by its status, its head and its bytes; None where it
    can be."""
    body = capture.body or b""
    by_status = _status_state(capture.status)
    if by_status:
        return by_status
    if capture.cut:
        return (
            PageState.TOO_LARGE,
            f"the body is larger than what is read of a page; only its first {len(body)} bytes came",
        )
    short = _missing_bytes(capture)
    if short:
        return PageState.TRUNCATED, f"the answer is {short} bytes shorter than its Content-Length says"
    return _body_state(capture, body) if body.strip() else (PageState.EMPTY, "the answer has no content")


def _body_state(capture: Capture, body: bytes) -> State | None:
    medium, name = medium_of(body, capture.header("content-type"))
    if medium is Medium.OTHER:
        return PageState.NOT_HTML, f"the answer is {name}, not a page"
    if len(body) > MOST_TAGS and body.count(b"<") > MOST_TAGS:
        return PageState.TOO_LARGE, f"the page holds more than {MOST_TAGS} tags"
    return _cut_markup(body) if medium is Medium.HTML else None


def _status_state(status: int | None) -> State | None:
    if status is None or status < 300 or status == 304:
        return None
    if status in {404, 410}:
        state = PageState.NOT_FOUND
    elif status >= 500:
        state = PageState.MAINTENANCE
    else:
        state = PageState.BLOCKED if status >= 400 else PageState.MOVED
    return state, f"the server answered {status}"


def _missing_bytes(capture: Capture) -> int:
    """Return how many bytes an answer lacks against its Content-Length, counted as it travelled."""
    stated = capture.header("content-length")
    coded = capture.header("content-encoding")
    if not stated or not stated.strip().isdigit():
        return 0
    if coded and coded.strip().lower() not in {"", "identity"} and capture.coded_length is None:
        return 0
    came = capture.coded_length if capture.coded_length is not None else len(capture.body or b"")
    return max(0, int(stated) - came)


def _cut_markup(body: bytes) -> State | None:
    """Tell a body that ends inside a tag, or in an open table with neither </body> nor </html>."""
    tail = body[-4096:].rstrip()
    last_open, last_close = tail.rfind(b"<"), tail.rfind(b">")
    closed = _CLOSED.search(tail) or _CLOSED.search(body)
    if (
        last_open > last_close
        and not closed
        and re.match(rb"<[/!a-zA-Z]", tail[last_open:])
        and len(tail) - last_open < 2048
    ):
        return PageState.TRUNCATED, "the page ends inside a tag"
    if closed:
        return None
    lowered = body.lower()
    if lowered.count(b"<table") > lowered.count(b"</table"):
        return PageState.TRUNCATED, "the page ends in an open table, without </body> or </html>"
    if lowered.rfind(b"<!--") > lowered.rfind(b"-->"):
        return PageState.TRUNCATED, "the page ends inside a comment"
    if lowered.count(b"<script") > lowered.count(b"</script"):
        return PageState.TRUNCATED, "the page ends inside a script"
    return None


def page_state(text: str, area: Area, outline: Outline, projects: int) -> State | None:
    """Return why a page is not itself, judged by what it shows; None for a page, with projects or without."""
    if projects:
        return None
    words = " ".join(block.text for block in outline.blocks).split()
    moved = _moved(text, area, len(words))
    if moved:
        return moved
    if not words and not outline.ignored:
        return _silent_state(text)
    return _worded_state(area, outline, words)


def _silent_state(text: str) -> State:
    """Return why a page shows nothing: a check that runs unseen, a page drawn by scripts, or nothing at
    all."""
    folded = fold(text)
    if SILENT_CHECKS.search(folded):
        return PageState.BLOCKED, "the page shows no text and runs a security check"
    scripted = "<noscript" in folded or "<script" in folded
    return PageState.EMPTY, "the page shows no text" + ("; it is drawn by scripts" if scripted else "")


def _moved(text: str, area: Area, words: int) -> State | None:
    refresh = _REFRESH.match(area.refresh)
    if refresh and int(refresh[1][:6]) <= 30 and words <= _STUB_WORDS:
        return PageState.MOVED, f"the page sends the browser on to {refresh[2][:200]}"
    if words <= 12 and _SCRIPTED_MOVE.search(text):
        return (
            PageState.MOVED,
            "a script of the page sends the browser elsewhere, and it shows nothing itself",
        )
    return None


def _worded_state(area: Area, outline: Outline, words: Sequence[str]) -> State | None:
    """Judge by words: said in the title or a heading of a page that says little else, or in a page's few
    words."""
    heads = [fold(area.title), fold(area.heading)]
    heads.extend(fold(block.text) for block in outline.blocks[:12] if block.rank)
    body = fold(" ".join(words))
    if len(words) <= 4 * _FEW_WORDS:
        for wording in WORDINGS:
            if any(wording.head.search(head) for head in heads):
                return wording.state, wording.reason
    for wording in WORDINGS if len(words) <= _FEW_WORDS else ():
        if wording.body.search(body):
            return wording.state, wording.reason
    return None


def states_none(outline: Outline) -> bool:
    """Tell whether the page says in words that there are no projects."""
    return any(NONE_STATED.search(fold(block.text)) for block in outline.blocks)
