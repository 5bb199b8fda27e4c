"""The bodies that prose says carry a project out: "in collaborazione con …", "promosso da …"."""

import re
from itertools import zip_longest

from scraper.read.fields.countries import find_countries
from scraper.read.fields.found import Found
from scraper.read.fields.namelists import ARTICLE, BODY, split_names
from scraper.read.fields.sentences import sentences
from scraper.read.fields.typography import fold

_THERE = (
    r"(?:\s(?:in|nel|nella|nell'|nei|a|ad|en|au|aux|dans)\s?"
    r"(?:(?!\b(?:is|are|was|e'|est|es|ed|si|finan\w+|cofin\w+|fund\w+)\b)[^,.;:()\"]){2,40}?)?"
)
_KIND = r"(?:ongd?|onlus|ngo|associazione|association|asociacion|charity|fondazione|fundacion|cooperativa)"
_DOES = (
    r"(?:portano avanti|porta avanti|realizz(?:a|era)|gestisce|promuove|cura|coordina|porte|met en oeuvre|"
    r"ejecuta|lleva a cabo|runs|leads)\b"
)
_LED = re.compile(
    r"(?:\bha come partner\b|\bavec comme partenaires?\b|\bhas as partners?\b|\bin (?:collaborazione|"
    r"partenariato|partnership|cooperazione|sinergia|rete|accordo) con\b|"
    r"\bin (?:collaboration|partnership|cooperation) with\b|\ben (?:partenariat|collaboration|"
    r"cooperation) avec\b|\ben (?:colaboracion|asociacion) con\b|"
    r"\b(?:insieme|together|along|unitamente) (?:a|ad|al|alla|all'|with)\b|"
    r"\b(?:i )?(?:partners?|partenaires?|socios?|controparte|contropart[ei]|partenariato)(?: (?:locali|"
    r"locale|del progetto|italiani|di progetto|sono|dell'iniziativa|the project|du projet|are|include|"
    r"includes|sont|coinvolti|tecnici|del proyecto|local|locaux|of the project|son|e))*\s*(?::|\bsono\b|"
    r"\bare\b|\binclude\b|\bsont\b|\bson\b)|"
    r"\b(?:ente |soggetto )?(?:capofila|capo-fila|proponente|lead partner|chef de file|lider)(?: (?:del|"
    r"of the|du) (?:progetto|project|projet|partenariato))?(?:\s*:|\s+(?:e'?|is|est|es)\b|(?=\s\w))|"
    r"[\"”»],?\s+(?=d)(?:dell'|della\b|dello\b|degli\b|delle\b|del\b|dei\b|di\b|de la\b|de l'|du\b|de\b)|"
    r"\b(?:realizzat|attuat|promoss|gestit|coordinat|guidat|eseguit|propost|presentat|curat|ideat|condott|"
    rf"portat[oaie] avant)[oaie]{_THERE} "
    r"(?:dall'|dalla\b|dalle\b|dallo\b|dagli\b|dal\b|dai\b|da\b)|"
    r"\b(?:implemented|carried out|led|coordinated|run|managed|promoted|delivered|headed|proposed|submitted)"
    rf"{_THERE} by\b|"
    r"\b(?:mis(?:es?)? en oeuvre|realise|porte|coordonne|conduit|mene|pilote|dirige|propose|presente)"
    rf"(?:es?|s)?{_THERE} par\b|\b(?:ejecutad|coordinad|liderad|gestionad|promovid|presentad|"
    rf"impulsad|desarrollad|realizad|llevad[oa]s? a cab)[oa]s?{_THERE} por\b|"
    rf"\bse (?:ejecuta|realiza|desarrolla|lleva a cabo|ejecutara|realizara){_THERE} por\b|\bde la mano de\b|"
    rf"\b(?:con|avec|with)\s?(?:l'|la |the |las? |le )?(?={_KIND}\b)|"
    r"\b(?:vi |ne )?(?:collaborano|collaborent|colaboran|cooperano)(?: anche)?\b|"
    rf"\b(?:coinvolge|associe|involucra|involves)\s(?=(?:anche )?(?:l'|la |il |i |gli |the |el )?{_KIND}\b)|"
    rf"(?:^|[,;]\s|(?<=[.;:]\s)|\s)(?:l'|la |the )(?={_KIND}\s[^.;:]{{2,60}}?\s{_DOES}))"
    r"\s*(?::\s*)?(?:il |lo |la |l'|i |gli |le |the |les |el |las |los )?"
)
_STOP = re.compile(
    r"\s+(?:(?:e|ed)?\s*(?:con il (?:contributo|sostegno|supporto|finanziamento|patrocinio)|grazie a|"
    r"finanziat\w+|cofinanziat\w+|sostenut\w+|nell'ambito|nel quadro|per (?!la cooperazione|lo sviluppo|"
    r"l'ambiente|l'infanzia|la pace|il clima|i diritti|i rifugiati|lo studio|le migrazioni|l'educazione|"
    r"l'energia|il mediterraneo|la ricerca|l'africa)(?:il|la|lo|i|le|un|una|l')?\s?\w|che\b|volt[oaie]\b|"
    r"al fine|a favore|mira|intende|prevede|ha\b|hanno\b|sono\b|"
    r"si\b|nel (?:distretto|comune|\d{4})|nella (?:regione|zona|citta)|in (?:[a-z]+(?:\s|$))|dal \d|"
    r"funded|with the (?:support|contribution)|to\s[a-z]|which|that\b|who\b|within|aims?\b|"
    r"avec le (?:soutien|concours)|pour\b|qui\b|dans\b|para\b|"
    rf"(?:ed?|et|y|and) (?:e'?|est|es|is|sara|viene)\s|{_DOES}|"
    r"durante|entro|presso|attraverso|insieme|in qualita|come\b|dura\b|as\b|from \d|depuis|is\b|are\b|"
    r"e\b(?=\s+(?:si|mira|ha|prevede|finanziat|cofinanziat|sostenut|durera|terminera|sara|coinvolge)))|"
    r"\be'\s).*$|\s[-–—]\s.*$|,\s*\".*$|:\s.*$"
)


def find_partners(prose: str) -> list[Found[str]]:
    """Return the bodies that prose says carry the project out, each once."""
    found: dict[str, Found[str]] = {}
    folded = fold(prose)
    for begin, end in sentences(prose):
        leds = list(_LED.finditer(folded, begin, end))
        for led, following in zip_longest(leds, leds[1:]):
            last = following.start() if following else end
            stop = _STOP.search(folded, led.end(), last)
            last = clause_end(prose, led.end(), _stop(prose, led.end(), stop.start()) if stop else last)
            for name in map(_bare, map(_without_where, split_names(prose[led.end() : last]))):
                if _looks_like_body(name.value):
                    found.setdefault(name.value, name.moved(led.end()))
    return list(found.values())


_GENERIC = re.compile(
    r"(?:(?:ongd?|ngo|osc|l['’]associazione|associazione|association|asociación|charity)\s+)"
    r"(?=[\"“«]?[A-ZÀ-Þ])"
)


def _bare(name: Found[str]) -> Found[str]:
    """Take a common noun for the kind of body off a name: l'ong COSPE; ONG Cisv keeps what is its own."""
    kind = _GENERIC.match(name.value)
    if not kind or name.end - name.start != len(name.value):
        return name
    return Found(name.value[kind.end() :], name.start + kind.end(), name.end)


def _stop(prose: str, begin: int, stop: int) -> int:
    """Return where a name stops, unless the dash there only spells an acronym out: CVM - Comunità …"""
    spelt = re.match(
        r"[A-Z][A-Za-z.]{1,9}\s[-–—]\s(?:[A-ZÀ-Þ][\w'’]+(?:\s(?!in\b|nel|e\s)[\w'’]+){1,6})", prose[begin:]
    )
    if not spelt or begin + spelt.group().find(" ") != stop:
        return stop
    return begin + spelt.end()


def _without_where(name: Found[str]) -> Found[str]:
    """Cut the country off that prose puts behind a name: Manos Unidas en Angola."""
    for place in find_countries(name.value):
        behind = re.search(
            r"\s(?:in|nel|nella|nei|en|au|aux|a|ad|dans)\s(?:the\s)?$", name.value[: place.start]
        )
        if behind and place.end == len(name.value) and name.end - name.start == len(name.value):
            return Found(name.value[: behind.start()], name.start, name.start + behind.start())
    return name


def clause_end(prose: str, begin: int, end: int) -> int:
    """Return where a list of names in prose ends: at the first comma that no name follows."""
    folded = fold(prose[begin:end])
    for comma in re.finditer(r",\s+", folded):
        article = ARTICLE.match(folded, comma.end())
        word = article.end() if article else comma.end()
        name = prose[begin + word : end]
        is_body = re.match(rf"{BODY}\b[^,]*?[A-ZÀ-Þ]", folded[word : word + 1] + name[1:])
        if not is_body and not re.match(r"[\"“«(]?[A-ZÀ-Þ0-9]", name):
            return begin + comma.start()
    return end


def _looks_like_body(name: str) -> bool:
    """Tell whether words name a body: a capital in front, not too many words, and no mere place."""
    places = find_countries(name)
    if places and places[0].end - places[0].start == len(name):
        return False
    capital = re.match(r"[\"“«]?[A-ZÀ-Þ0-9]", name) is not None
    if re.match(r"\d{1,2}[°º]?\s[a-zé]", name):
        return False  # a date: dal 1° marzo 2027
    return (capital or re.match(rf"{BODY}\s+(?:\w+\s+)?[A-ZÀ-Þ]", name) is not None) and len(
        name.split()
    ) <= 14
