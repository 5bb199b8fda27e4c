"""The content area: the part of a page that is the page's own, cut out with lxml before anything costly is
done."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from scraper.read.outlining.outline import PAGE_TAIL

DEEPEST = 200
"""Levels up to which lxml's tree can be trusted: it silently drops what lies below 256."""

_TOO_DEEP = etree.XPath("boolean(/" + "/".join("*" * DEEPEST) + ")")
_LENGTH = etree.XPath("string-length(normalize-space(.))")
_NOT_TEXT = (
    "script",
    "style",
    "template",
    "noscript",
    "iframe",
    "svg",
)
_AREA_IDS = (
    frozenset(
        [
            "main",
            "main-content",
            "maincontent",
            "contenuto",
            "contenuti",
            "contenuto-principale",
            "content-main",
            "skip-to-content",
        ]
    ),
    frozenset(
        [
            "content",
            "contents",
            "page-content",
            "site-content",
            "bodycontent",
            "contenu",
            "contenido",
            "corpo",
            "principal",
            "main-container",
        ]
    ),
)
_AREA_NAMES_WORDS = (
    "item-page main-content page-content entry-content node__content post-content article-content "
    "contentpaneopen region-content com-content-article field--name-body"
)
_AREA_NAMES = frozenset(_AREA_NAMES_WORDS.split())
_AREA_TAGS = (("main", "div", "section", "article"), ("td", "form"))
_MAIN_TAG, _MAIN_IDS, _CONTENT_IDS, _NAMES = range(4)
_ENOUGH_WORDS = 200
_DESCENT = ("div", "section", "article", "center", "form", "main", "span", "font")
_SITE_NAMES = {
    "og:site_name",
    "application-name",
    "author",
    "DC.publisher",
    "dc.publisher",
    "dcterms.publisher",
}
_OPEN_TITLE = re.compile(r"(<title(?:\s[^<>]*)?>[^<]{0,400})(?=<)", re.IGNORECASE)
_STRUCTURE = ("h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "dl", "dt", "label", "b", "strong")
_LONGEST_TAIL = 160
_SESSION_NAMES = ("sessid=", "SESSID=", "jsessionid=", "sid=", "view-dom-id-", "cloak", "ASPSESSION")
_NOISE = re.compile(
    r"(?:(?:PHP|php|J|j)?(?:SESSID|sessid|sessionid|SESSIONID)|\bsid|ASPSESSIONID\w*)=[\w,-]+|"
    r"view-dom-id-\w+|cloak\w{8,}"
)


@dataclass(frozen=True, slots=True)
class Area:
    """The content area of a page as HTML, with what the head says about the page; `html` of a page too deep
    is all of it."""

    html: str
    title: str = ""
    heading: str = ""
    base: str = ""
    refresh: str = ""
    site: str = ""
    deep: bool = False

    def fingerprint(self, *circumstances: str) -> str:
        """Return what is equal for two pages that a reader cannot tell apart."""
        html = self.html
        if any(name in html for name in _SESSION_NAMES):
            html = _NOISE.sub("", html)
        parts = (html, self.title, self.heading, self.base, self.refresh, self.site, *circumstances)
        return hashlib.sha256("\x00".join(parts).encode("utf-8", "replace")).hexdigest()


def area_of(text: str) -> Area:
    """Return the content area of an HTML page."""
    text = _OPEN_TITLE.sub(r"\1</title>", text, count=1) if "</title" not in text.lower() else text
    parser = etree.HTMLParser(encoding="utf-8", remove_pis=True, remove_comments=True)
    root = etree.fromstring(text.encode("utf-8", "replace"), parser) if text and not text.isspace() else None
    if root is None:
        return Area("")
    if _TOO_DEEP(root):
        return Area(text, *_head_words(root)[:1], deep=True)
    title, base, refresh, site = _head_words(root)
    body = root.find("body")
    if body is None:
        return Area("", title, "", base, refresh, site)
    area = _area(body)
    etree.strip_elements(area, *_NOT_TEXT, with_tail=False)
    heading = "" if area.find(".//h1") is not None else _first_text(body, "h1")
    _mark_tail(area)
    area.tag = "div"  # a cell or a body cannot stand alone
    area.tail = None
    return Area(etree.tostring(area, encoding="unicode", method="html"), title, heading, base, refresh, site)


def _first_text(root: etree._Element, name: str) -> str:
    element = next(root.iter(name), None)
    return " ".join("".join(map(str, element.itertext())).split()) if element is not None else ""


def _head_words(root: etree._Element) -> tuple[str, str, str, str]:
    """Return the page's title, its base address, what its refresh says, and the site's name."""
    title = base = refresh = site = ""
    head = root.find("head")
    for element in (root if head is None or not len(head) else head).iter("title", "base", "meta"):
        if element.tag == "title":
            title = title or " ".join("".join(map(str, element.itertext())).split())
        elif element.tag == "base":
            base = base or str(element.get("href") or "").strip()
        elif not refresh and (element.get("http-equiv") or "").lower() == "refresh":
            refresh = str(element.get("content") or "")
        elif not site and (element.get("property") or element.get("name")) in _SITE_NAMES:
            site = str(element.get("content") or "").strip()
    return title, base, refresh, site


def _area(body: etree._Element) -> etree._Element:
    main = next(body.iter("main"), None)
    if main is not None and not _length(main) and _is_bare_chrome(body):
        return main
    for tags in _AREA_TAGS:
        for candidates in _ranked(body.iter(*tags)):
            area = _common(candidates, body)
            if area is not None and _is_enough(area, body):
                return area
    etree.strip_elements(body, *_NOT_TEXT, with_tail=False)
    return _descended(body)


def _is_bare_chrome(body: etree._Element) -> bool:
    """Tell a page of nothing but banner, menus and footer: its empty main element is its content."""
    etree.strip_elements(body, *_NOT_TEXT, "nav", "header", "footer", "aside", with_tail=False)
    return _length(body) < _ENOUGH_WORDS


def _mark_tail(area: etree._Element) -> None:
    """Mark the short last part of an area whose headings all stand inside other parts: a footer by its place
    alone."""
    parts = list(area)
    last = parts[-1] if len(parts) > 1 else None
    if last is None or last.tag not in {"div", "center", "address", "section"}:
        return
    if any(part.tag in _STRUCTURE or part.tag == "p" for part in parts) or _holds_structure(last):
        return
    length = _length(last)
    if length <= _LONGEST_TAIL and any(_holds_structure(p) and _length(p) > 2 * length for p in parts[:-1]):
        last.set("class", f"{last.get('class') or ''} {PAGE_TAIL}".strip())


def _holds_structure(element: etree._Element) -> bool:
    return next(element.iter(*_STRUCTURE), None) is not None


def _is_enough(area: etree._Element, body: etree._Element) -> bool:
    length = _length(area)
    return length >= _ENOUGH_WORDS or length * 4 >= _length(body)


def _length(element: etree._Element) -> float:
    return float(str(_LENGTH(element)))


def _ranked(elements: Iterable[etree._Element]) -> tuple[list[etree._Element], ...]:
    ranks: tuple[list[etree._Element], ...] = ([], [], [], [])
    for element in elements:
        identity = (element.get("id") or "").lower()
        if element.tag == "main" or element.get("role") == "main":
            ranks[_MAIN_TAG].append(element)
        elif identity in _AREA_IDS[0]:
            ranks[_MAIN_IDS].append(element)
        elif identity in _AREA_IDS[1]:
            ranks[_CONTENT_IDS].append(element)
        elif not _AREA_NAMES.isdisjoint((element.get("class") or "").lower().split()):
            ranks[_NAMES].append(element)
    return ranks


def _common(elements: list[etree._Element], body: etree._Element) -> etree._Element | None:
    """Return the nearest element that holds all of `elements`; of several articles, what holds them all."""
    if not elements:
        return None
    paths = [[*reversed(list(element.iterancestors())), element] for element in elements]
    shared = body
    for level in zip(*paths, strict=False):
        if any(element is not level[0] for element in level):
            break
        shared = level[0]
    return shared


def _descended(element: etree._Element) -> etree._Element:
    """Go down while one child holds nearly all the words."""
    whole = _length(element)
    while True:
        heaviest = max(element.iterchildren(*_DESCENT), key=_length, default=None)
        if heaviest is None or _length(heaviest) < 0.95 * whole:
            return element
        element = heaviest
