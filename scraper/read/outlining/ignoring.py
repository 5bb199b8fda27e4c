"""The named rules by which an element of a page is left out of the outline."""

import re
from collections.abc import Container

from bs4 import Tag

_UNSEEN_WORDS = (
    "script style template noscript meta link title base svg math canvas object embed applet audio "
    "video iframe frame frameset map area param source track datalist select option input textarea "
    "progress meter dialog"
)
UNSEEN = frozenset(_UNSEEN_WORDS.split())
"""Elements that never show words of the page's own."""

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SHOWN_WIDER = re.compile(
    r"\bd-(?:sm|md|lg|xl|xxl)-(?!none)[a-z]+|\b(?:sm|md|lg|xl):(?:block|flex|grid|inline)\b"
)
_HIDDEN_NAMES_WORDS = (
    "visually-hidden visuallyhidden sr-only hidden d-none element-invisible invisible "
    "screen-reader-text hide nascosto noprint-hidden visually-hidden-focusable"
)
_HIDDEN_NAMES = frozenset(_HIDDEN_NAMES_WORDS.split())
_OPENS = re.compile(r"aria-controls\s*=\s*[\"']?([^\"'\s>]+)")
_RULES = {
    "cookie notice": "cookie cookies cookiebar cookiechoices cookieconsent consent gdpr iubenda onetrust "
    "cc-window",
    "breadcrumb": "breadcrumb breadcrumbs pathway briciole ariane fil-ariane filariane migas migas-de-pan",
    "navigation": "menu nav navbar navigation navigazione submenu mainmenu megamenu topmenu "
    "sidemenu menubar nav-menu tabs-nav sitemap",
    "sidebar": "sidebar aside side-bar colonna-destra colonnadx colonnasx colonna-sinistra "
    "barra-lateral barre-laterale widget widgets",
    "banner": "banner masthead topbar top-bar it-header slim-header header-slim site-header testata",
    "footer": "footer pie piede pie-di-pagina pied-de-page colophon copyright credits",
    "pagination": "pagination pager paginazione paginator pagenav pagenavcounter",
    "page tools": "share sharing social condividi addthis addtoany toolbar tools icons print-mail stampa "
    "btn-print a2a login search ricerca searchform skip skiplink skiplinks skip-link feedback rating valuta "
    "cmp-rating vote",
    "related content": "related correlati potrebbe-interessarti related-posts",
}
_RULE_OF_NAME = {name: rule for rule, names in _RULES.items() for name in names.split()}
_PARTS_OF_PAGES = {"widget", "widgets", "tools", "icons", "vote"}  # page builders make content of widgets
_NEGATIONS = ("no-", "has-", "with-", "without-", "senza-", "not-", "con-", "avec-", "sans-")
_ROLES = {
    "navigation": "navigation",
    "banner": "banner",
    "contentinfo": "footer",
    "search": "page tools",
    "complementary": "sidebar",
    "dialog": "cookie notice",
    "alertdialog": "cookie notice",
    "menubar": "navigation",
    "toolbar": "page tools",
}
_TAGS = {
    "nav": "navigation",
    "aside": "sidebar",
    "footer": "footer",
    "button": "page tools",
    "menu": "navigation",
}
_INLINE_WORDS = "a b i em strong span small sup sub u font"
_INLINE = frozenset(_INLINE_WORDS.split())


def opened_in(html: str) -> frozenset[str]:
    """Return the ids of the parts of a page that its buttons open: who reads it opens them."""
    return frozenset(_OPENS.findall(html)) if "aria-controls" in html else frozenset()


def rule_for(tag: Tag, opened: Container[str] = ()) -> str | None:
    """Return the rule by which an element is left out with all that it holds, or None; `opened` parts are
    not hidden."""
    if tag.name in UNSEEN:
        return "not text"
    attributes = tag.attrs
    if attributes:
        if _is_hidden(tag) and attributes.get("id") not in opened:
            return "hidden"
        rule = _ROLES.get(str(attributes.get("role") or "")) or _named_rule(tag)
        if rule:
            return rule
    return _tag_rule(tag)


def _is_hidden(tag: Tag) -> bool:
    attributes = tag.attrs
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return True
    style = attributes.get("style")
    if style and _HIDDEN_STYLE.search(str(style)):
        return True
    names = str(attributes.get("class") or "")
    if names and not _HIDDEN_NAMES.isdisjoint(names.lower().split()) and not _SHOWN_WIDER.search(names):
        return True
    return tag.name in _INLINE and attributes.get("aria-hidden") == "true"


def _tag_rule(tag: Tag) -> str | None:
    rule = _TAGS.get(tag.name)
    if rule == "page tools":  # a button that opens a part of the page is that part's heading
        return None if "accordion" in str(tag.get("class") or "") or tag.find_parent(_HEADINGS) else rule
    if rule is None and tag.name == "form" and not _holds_content(tag):
        return "form"
    if rule is None and tag.name == "header":
        return "banner" if tag.find(["nav", "form"]) and not tag.find_parent(["main", "article"]) else None
    return rule if rule is None or not _holds_content(tag) else None


def _named_rule(tag: Tag) -> str | None:
    for name in f"{tag.get('class') or ''} {tag.get('id') or ''}".lower().split():
        if name.startswith(_NEGATIONS):
            continue
        rule = _rule_of_name(name)
        if rule:
            return rule if not _holds_content(tag) else None
    return None


def _rule_of_name(name: str) -> str | None:
    known = _RULE_OF_NAME.get(name)
    if known is None and ("-" in name or "_" in name):
        parts = re.split(r"[-_]+", name)
        known = _RULE_OF_NAME.get(parts[0]) or (
            _RULE_OF_NAME.get(parts[-1]) if parts[-1] not in _PARTS_OF_PAGES else None
        )
    return known


_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]


def _holds_content(tag: Tag) -> bool:
    """Tell a wrapper that merely bears such a name (`has-sidebar`, `menu-page`) from a menu or a banner."""
    return tag.find(["h1", "table", "main", "article", "dl"]) is not None
