"""Where a text names the body whose page it is: by its name, as "we", or impersonally ("la Provincia")."""

import re
from functools import lru_cache

from scraper.read.fields.typography import fold, folded_words
from scraper.read.ourselves import JOINING

# How a body speaks of itself where no name is known or used; a name of another place must not follow.
_IMPERSONAL = re.compile(
    r"(?<!\w)(?:il|la|l'|lo|le|the|el|del|della|dell'|dal|dalla|dall'|du|de la|par la|by the|de l'|"
    r"die|der|das|dem|den|o|a|do|da|pela|pelo)\s?"
    r"(?:nostro |nostra |our |notre |nuestra? )?(?P<body>citta metropolitana|ente|comune|regione|provincia|"
    r"amministrazione(?: comunale| provinciale| regionale)?|"
    r"citta|unione(?! europea)|metropolitan city|municipality|province|region|council|metropole|"
    r"ville|commune|mairie|ayuntamiento|diputacion|ciudad|our body|stadt|gemeinde|landkreis|verein|"
    r"municipio|camara municipal|camara|"
    r"fondazione|foundation|fondation|fundacion|fundacao|stiftung|ateneo|universita|university|universite|"
    r"universidad|universidade|hochschule|universitat|associazione|association|asociacion|associacao|embassy|"
    r"ambasciata|ambassade|embajada|charity|trust)\b"
)
_KINDS = (  # the same kind of body in the languages
    "citta metropolitana|metropolitan city|metropole",
    "comune|citta|municipality|ville|commune|mairie|ayuntamiento|ciudad|city|stadt|gemeinde|municipio|"
    "camara municipal|camara",
    "regione|region",
    "provincia|province|diputacion|departement",
)
_BY_NAME = re.compile(
    r"f[ou]nda\w+|foundation|stiftung|ateneo|universi\w+|hochschule|a?ssocia\w+|asociacion|emb\w+|amba\w+|charity|"
    r"trust|verein"
)
"""Bodies that are us only where one of our names says so: any page speaks of a foundation."""

_OF_PLACE = re.compile(
    r"\s+(?:(?:autonoma|metropolitaine)\s+)?(?:di|d'|de|des|du|of|del|della|dell'|delle|"
    r"degli)\s?[\w'-]+(?:\s(?:e|and|di|-)\s[\w'-]+)?|\s+(?!"
    r"e\b|ha\b|sara|partecipa|come|in\b|is\b|est\b)(?:autonom[ao]|[a-z-]+(?=\s(?:e|is|est|partecipa|"
    r"ha)\s)(?<!inoltre)(?<!anche))"
)
_TERRITORY = re.compile(r"citta metropolitana|regione|provincia|metropolitan city|province|region|metropole")
_WE = re.compile(r"\b(?:siamo|we are|we act|nous sommes|somos|nostro ruolo|our role)\b")


def selves(folded: str, begin: int, end: int, names: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return where a sentence names us; by name where it does, else impersonally."""
    named = [
        match.span()
        for pattern in map(_name_pattern, names)
        for match in pattern.finditer(folded, begin, end)
    ]
    if named:
        return sorted(named)
    speaking = [match.span() for match in _WE.finditer(folded, begin, end)]
    for match in _IMPERSONAL.finditer(folded, begin, end):
        if not _may_be_ours(match["body"], names):
            continue
        placed = _OF_PLACE.match(folded, match.end(), end)
        # "il Comune di Betlemme" is another body; a named region speaks where no name is known
        if not placed:
            speaking.append(match.span())
        elif not names and _TERRITORY.search(match[0]):
            speaking.append((match.start(), placed.end()))
    return sorted(speaking)


def _may_be_ours(body: str, names: tuple[str, ...]) -> bool:
    """Tell whether "la Regione" can be us: not where all our names are those of a city."""
    if _BY_NAME.fullmatch(body):
        kinds = "universita|ateneo" if body == "ateneo" else body
        return any(re.search(rf"\b(?:{kinds})\b", fold(name)) for name in names)
    if not names or body.startswith(("ente", "amministrazione", "our", "council")):
        return True
    kind = next((kind for kind in _KINDS if body in kind.split("|")), body)
    return any(re.search(rf"\b(?:{kind})\b", fold(name)) for name in names)


_JOINED = rf"[^a-z0-9]+(?:(?:{'|'.join(sorted(JOINING))})[^a-z0-9]+){{0,3}}"


@lru_cache(maxsize=512)
def _name_pattern(name: str) -> re.Pattern[str]:
    words = [re.escape(word) for word in folded_words(name) if word not in JOINING]
    if words[1:] and words[0] in {"comune", "citta"} and words[1] != "metropolitana":
        words[0] = "(?:comune|citta)"  # a town calls itself both
    return re.compile(rf"(?<!\w){_JOINED.join(words)}(?!\w)" if words else "(?!)")
