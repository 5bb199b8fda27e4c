"""The body whose page it is: as the source names it, else as the page does."""

import re

from scraper.read.assembly import Body
from scraper.read.content import Area
from scraper.sources import Source

_PARTS = re.compile(r"\s+(?:[-–—|·:]{1,2}|::)\s+")
_BODY = re.compile(
    r"^(?:citt[aà]|comune|provincia|regione|città metropolitana|roma capitale|unione|comunità|ville|région|département|métropole|commune|communauté|"
    r"ayuntamiento|diputación|gobierno|generalitat|xunta|city of|metropolitan city|council|region|province)\b",
    re.IGNORECASE,
)


def body_of(area: Area, source: Source | None) -> Body:
    """Return the names and the country of the body whose page it is."""
    if source:
        return Body(source.names, source.country)
    parts = _PARTS.split(area.title)
    return Body(
        tuple(
            part.strip() for part in parts if len(parts) > 1 and _BODY.match(part.strip()) and len(part) < 80
        )
    )
