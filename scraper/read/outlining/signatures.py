"""The public body that a page is signed by: in its copyright line, its header, footer or address, or its
host's name."""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import chain, pairwise
from urllib.parse import urlsplit

from scraper.read.fields.typography import clean, folded_words

BODY = re.compile(
    r"^(?:citt[aà]|comune|provincia|regione|roma capitale|unione|comunità|ville|région|département|métropole|"
    r"commune|communauté|ayuntamiento|diputación|gobierno|generalitat|xunta|city of|metropolitan city|"
    r"council|region|province|stadt|gemeinde|landkreis|município|câmara municipal|junta de|cabildo|concello|"
    r"mairie de|conseil (?:départemental|régional|général)|"
    r"communauté d.agglomération)\b|"
    r"^(?:the )?[\w'’ -]{2,40} (?:(?:city|county|borough|district|town|metropolitan|regional) )?council$|"
    r"^(?:the )?(?:scottish|welsh) government$",
    re.IGNORECASE,
)
"""How the name of a local or regional body begins, in a title or a line of its own."""

_EDGE = 8000  # characters of a page's beginning and end in which it is signed
_OWNED = re.compile(r"©|&copy;|&#169;|\(c\)|[Cc]opyright")
_SIGNED = re.compile(
    r"<(?:footer|address|header)\b|[\"'](?:[\w-]+ )?(?:[\w-]{0,20}footer|(?:site-|main-)?header|"
    r"site-(?:name|title)|(?:navbar-)?brand)\b"
)
# the banner, and the link to the home page: whose name the title repeats is the publisher there
_BANNERED = re.compile(
    r"[\"'](?:[\w-]+ )?(?:banner|masthead|top-?bar|(?:site-)?logo)\b|"
    r"<a\b[^<>]{0,200}?\bhref=[\"']?/(?:[a-z]{2}/?)?(?=[\"' >])"
)
_TAG_END = re.compile(r"^[\"'][^<>]*>")  # of the tag whose name says what it holds
_FURTHEST = 1000  # characters behind such a mark
_OVER = re.compile(r"</(?:header|footer|address)>|<(?:main|article|section|h[1-6]|table|tr|ul|ol|form)\b")
_MARKUP = re.compile(r"<(?:script|style)\b.*?(?:</(?:script|style)>|$)|<[^<>]*(?:>|$)", re.DOTALL)
_PICTURED = re.compile(r"<img\b[^<>]{0,300}?\balt\s*=\s*[\"']([^\"'<>]{5,120})")
_LONGEST = 200
_LEGAL_FORM = re.compile(r",?\s(?:ONG|ONGD|ONLUS|Onlus|NGO|ETS|ODV|APS|Ltd|e\. ?V\.|asbl|ASBL)$")
_PARTS = re.compile(r"[\n|·•;,(]|\s[-–—/]\s|\.\s|\.$")
_LEAD = re.compile(
    r"(?:\W|\d|\b(?:copyright|logo|stemma|blason|escudo|crest|(?:sito|portale)(?: \w+){0,2} (?:del|della)|"
    r"site "
    r"(?:officiel )?de la|sede|by)\b)*",
    re.IGNORECASE,
)
# "Comune di Alba", "Regione Toscana": a kind of body and a name of its own, not "Regione e territorio"
_NAMED = re.compile(
    r"[\w'’]+(?: (?:autonoma|metropolitana|provincial))?\s(?:(?:di|de|del|della|dell['’]|d['’]|des|du|of|la|"
    r"l['’]|les)\s?){0,2}[A-ZÀ-Þ][\w'’-]*(?:[ -][\w'’-]+){0,4}"
)
_ITALIAN = {
    "comune": "Comune di {}",
    "provincia": "Provincia di {}",
    "regione": "Regione {}",
    "cittametropolitana": "Città metropolitana di {}",
}
_PREFIXED = {
    "ville": "Ville de {}",
    "mairie": "Ville de {}",
    "departement": "Département de {}",
    "region": "Région {}",
    "metropole": "Métropole de {}",
    "ayto": "Ayuntamiento de {}",
}
_UNITED_KINGDOM = ("{} City Council", "{} Council", "{} County Council")


def signed_names(text: str) -> tuple[str, ...]:
    """Return the one body that an HTML page's copyright line, else its header, footer or address names."""
    for mark in (_OWNED, _SIGNED):
        names = {folded_words(name): name for name in _names(_signatures(text, mark))}
        if len(names) == 1:
            return tuple(names.values())
    return ()


def confirmed_names(text: str, candidates: Iterable[str]) -> tuple[str, ...]:
    """Return the first of some names by which a page is signed too, whatever kind of body it is, also without
    its legal form."""
    signed = {
        folded_words(part[lead.end() if (lead := _LEAD.match(part)) else 0 :])
        for mark in (_OWNED, _SIGNED, _BANNERED)
        for line in _signatures(text, mark)
        for part in _PARTS.split(line[:_LONGEST])
    }
    for name in candidates:
        if len(folded_words(name)) > 1 and folded_words(name) in signed:
            return tuple(dict.fromkeys((name, _LEGAL_FORM.sub("", name))))
    return ()


def _signatures(text: str, mark: re.Pattern[str]) -> Iterator[str]:
    """Yield the lines behind some marks at the beginning and the end of a page."""
    body = text.find("<body")
    edges = text if len(text) < 2 * _EDGE else text[max(body, 0) :][:_EDGE] + "<br>" + text[-_EDGE:]
    behind = [edges[match.start() :][:_FURTHEST] for match in mark.finditer(edges)]
    shown = (_TAG_END.sub("", _OVER.split(stretch, maxsplit=1)[0]) for stretch in behind)
    return chain.from_iterable(map(_lines, shown))


def _lines(html: str) -> list[str]:
    """Return the lines that a stretch of HTML shows, and the words of its pictures."""
    return [*unescape(_MARKUP.sub("\n", html)).split("\n"), *map(unescape, _PICTURED.findall(html))]


def _names(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for part in _PARTS.split(text) if 5 < len(text) <= _LONGEST else ():
            lead = _LEAD.match(part)
            name = clean(part[lead.end() if lead else 0 :])
            if BODY.match(name) and (_NAMED.fullmatch(name) or name.endswith(("ouncil", "overnment"))):
                yield name


def host_names(address: str) -> tuple[str, ...]:
    """Return the names of the body that an address's host spells: comune.jesi.an.it, ville-gap.fr,
    cardiff.gov.uk."""
    labels = (urlsplit(address).hostname or "").split(".")
    for label, following in pairwise(labels):
        kind, _, rest = label.partition("-")
        if label in _ITALIAN and len(following) > 2 and labels[-1] == "it":
            return (_ITALIAN[label].format(_place(following)),)
        if kind in _PREFIXED and rest:
            return (_PREFIXED[kind].format(_place(rest)),)
    if labels[-2:] == ["gov", "uk"] and len(labels) > 2 and labels[-3] != "www":
        return tuple(name.format(_place(labels[-3])) for name in _UNITED_KINGDOM)
    return ()


def _place(label: str) -> str:
    return label.replace("-", " ").title()
