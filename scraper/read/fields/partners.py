"""The bodies that prose says carry a project out: "in collaborazione con …", "promosso da …"."""

import re
from dataclasses import dataclass
from itertools import zip_longest

from scraper.read.fields.countries import find_countries
from scraper.read.fields.found import Found
from scraper.read.fields.namelists import ARTICLE, BODY, PARTY, split_names
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
_ARTICLE = r"(?:der |die |das |dem |den |o |a |os |as |il |lo |la |l'|i |gli |le |the |les |el |las |los )?"
_BY_IT = r"(?:dall'|dalla\b|dalle\b|dallo\b|dagli\b|dal\b|dai\b|da\b)"
_OF_IT = r"(?:dell'|della\b|dello\b|degli\b|delle\b|del\b|dei\b|di\b)"
_OF = rf"(?:{_OF_IT}|de la\b|de l'|des\b|du\b|de\b|d'|of\b)"
# What leads to the body that carries the project out before all others.
_LEADS = (
    r"\b(?:ente |soggetto )?(?:capofila|capo-fila|proponente|lead partner|lead applicant|chef de file|lider|"
    r"coordinatore|coordinator|coordinateur|porteur)"
    r"(?: (?:del|of the|du) (?:progetto|project|projet|partenariato))?(?:\s*:|\s+(?:e'?|is|est|es)\b|"
    r"(?=\s\w))|"
    r"\b(?:umgesetzt|durchgefuhrt|koordiniert|geleitet|getragen|initiiert) (?:durch|von|vom)\b|"
    r"\b(?:executad|coordenad|implementad|dinamizad|desenvolvid|promovid|liderad)[oa]s? (?:por|pel[oa]s?)\b|"
    r"\b(?:realizzat|attuat|promoss|gestit|coordinat|guidat|eseguit|propost|presentat|curat|ideat|condott|"
    rf"sviluppat|implementat|organizzat|portat[oaie] avant)[oaie]{_THERE} {_BY_IT}|"
    rf"\b(?:a cura|ad opera|(?:su|per) iniziativa|a cargo|a l'initiative|sous la conduite) {_OF}|"
    r"\b(?:implemented|carried out|led|coordinated|run|managed|promoted|delivered|headed|proposed|submitted|"
    rf"developed|spearheaded){_THERE} by\b|"
    r"\b(?:mis(?:es?)? en oeuvre|realise|porte|coordonne|conduit|mene|pilote|dirige|propose|presente|anime|"
    rf"developpe)(?:es?|s)?{_THERE} par\b|\b(?:ejecutad|coordinad|liderad|gestionad|promovid|presentad|"
    rf"impulsad|desarrollad|realizad|encabezad|llevad[oa]s? a cab)[oa]s?{_THERE} por\b|"
    rf"\bse (?:ejecuta|realiza|desarrolla|lleva a cabo|ejecutara|realizara){_THERE} por\b|\bde la mano de\b|"
    rf"(?:^|[,;]\s|(?<=[.;:]\s)|\s)(?:l'|la |the )(?={_KIND}\s[^.;:]{{2,60}}?\s{_DOES})"
)
# What leads to the bodies that join in.
_JOINS = (
    r"\b(?:partner(?:organisation)?|parceiros?|socios?|partenaires?)(?: (?:vor ort|locais|local|locaux|"
    r"im projekt))? "
    r"(?:ist|sind|sao|es|est|is)\b|\bha come partner\b|\bavec comme partenaires?\b|\bhas as partners?\b|"
    r"\bin (?:collaborazione|"
    r"partenariato|partnership|cooperazione|sinergia|rete|accordo) con\b|"
    r"\bin (?:collaboration|partnership|cooperation) with\b|\ben (?:partenariat|collaboration|"
    r"cooperation|lien) avec\b|\ben (?:colaboracion|asociacion) con\b|"
    r"\b(?:in (?:zusammenarbeit|kooperation|partnerschaft)|gemeinsam|zusammen|partnerschaftlich) mit\b|"
    r"\bem (?:parceria|colaboracao|cooperacao|conjunto) com\b|\bjuntamente com\b|"
    r"\b(?:insieme|together|along|unitamente|assieme|accanto|junto|jointly) (?:a|ad|al|alla|ai|all'|con|"
    r"with)\b|"
    rf"\b(?:al fianco|a fianco|aux cotes|alongside) {_OF}|\balongside\b|"
    rf"\b(?:partecipazione|coinvolgimento|collaborazione|adesione|apporto|impegno(?: congiunto)?|"
    rf"participation|"
    rf"involvement|participacion|colaboracion)(?: attiva| active| tecnica)? {_OF}|"
    r"\b(?:i )?(?:partners?|partenaires?|socios?|controparte|contropart[ei]|contraparte|partenariato)"
    r"(?: (?:locali|"
    r"locale|del progetto|italiani|di progetto|sono|dell'iniziativa|the project|du projet|are|include|"
    r"includes|sont|coinvolti|tecnici|del proyecto|local|locaux|locales|of the project|son|e))*\s*(?::|"
    r"\bsono\b|"
    r"\bare\b|\binclude\b|\bsont\b|\bson\b)|"
    rf"[\"”»],?\s+(?=d)(?:{_OF_IT}|de la\b|de l'|du\b|de\b)|"
    rf"\bpartner\s(?={_ARTICLE}{PARTY}\b)|"
    r"\bwith (?=(?:the )?(?:[a-z'-]+ ){1,3}(?:university|college|trust|council|foundation|institute|hospital|"
    r"network|association|society)\b)|"
    rf"\b(?:con|avec|with)\s?(?={_ARTICLE}{PARTY}\b)(?![^.;:,]{{2,60}} (?:come|as|comme|como) "
    r"(?:co-?)?(?:finan|sosten|spons|donor|donat|fund|baill))|"
    r"\b(?:con|avec|with)\s(?=[^.;:]{2,80}\s(?:come|as|comme|como|en tant que)\s(?:local |main )?(?:partner|"
    r"partenaire|socio))|"
    r"\b(?:vi |ne )?(?:collaborano|collaborent|colaboran|cooperano)(?: anche)?\b|"
    r"\b(?:coinvolge|coinvolti|associe|associent|reunit|rassemble|mobilise|involucra|implica|reune|involves|"
    r"brings together|riunisce|affianca|affiancano|aderiscono|vi partecipano|participent|participan)\s"
    rf"(?=(?:anche )?{_ARTICLE}{PARTY}\b)"
)
_LED = re.compile(rf"(?:(?P<leads>{_LEADS})|{_JOINS})\s*(?::\s*)?{_ARTICLE}")
_STOP = re.compile(
    r"\s+(?:(?:e|ed)?\s*(?:con il (?:contributo|sostegno|supporto|finanziamento|patrocinio)|grazie a|"
    r"finanziat\w+|cofinanziat\w+|sostenut\w+|nell'ambito|nel quadro|per (?!la cooperazione|lo sviluppo|"
    r"l'ambiente|l'infanzia|la pace|il clima|i diritti|i rifugiati|lo studio|le migrazioni|l'educazione|"
    r"l'energia|il mediterraneo|la ricerca|l'africa)(?:il|la|lo|i|le|un|una|l')?\s?\w|che\b|volt[oaie]\b|"
    r"(?:et|and|y|und|e)? ?(?:grace (?:a|au|aux)|thanks to|gracias al?|dank|gracas (?:a|ao))\b|"
    r"al fine|a favore|mira|intende|prevede|ha\b|hanno\b|sono\b|"
    r"si\b|nel (?:distretto|comune|\d{4})|nella (?:regione|zona|citta)|in (?:[a-z]+(?:\s|$))|dal \d|"
    r"funded|to\s[a-z]|which|that\b|who\b|within|aims?\b|"
    r"(?:con|avec|with) (?:il |la |l'|le |el |the )?(?:financial |finance |technical )?(?:support|"
    r"contribut\w+|"
    r"contribucion|funding|soutien|concours|appui|aide|apoyo|ayuda|financiacion|financement|help)|"
    r"pour\b|qui\b|dans\b|para (?!la paz|el desarrollo|la cooperacion|la infancia|los derechos|"
    r"la investigacion|"
    r"a paz|o desenvolvimento|la salud|la educacion)|"
    r"et (?:recoit|beneficie|obtient)\b|"
    rf"(?:ed?|et|y|and) (?:e'?|est|es|is|sara|viene|era|verra)\s|{_DOES}|"
    r"(?:interessa|riguarda|coinvolge|lavora|opera|punta|vuole|propone|sostiene|collabora|affianca|concerne|"
    r"vise|touche|permet|works|covers|focuses|supports|helps|provides|beneficia|busca|pretende|consiste)\b|"
    r"durante|entro|presso|attraverso|insieme|in qualita|come\b|dura\b|as\b|from \d|depuis|is\b|are\b|"
    r"(?:werden|wird|wurde|wurden|ist|sind|hat|haben|soll|sollen|baut|bauen|entsteht|entstehen|um|fur|seit|"
    r"von|bis|mit|im|in der|in den|gefordert|finanziert)\b|"
    r"(?:foi|foram|vai|desde|entre|com (?:o )?(?:apoio|financiamento)|financiad[oa])\b|"
    r"e\b(?=\s+(?:si|mira|ha|prevede|finanziat|cofinanziat|sostenut|durera|terminera|sara|coinvolge)))|"
    r"\be'\s).*$|\s[-–—]\s.*$|,\s*\".*$|:\s.*$"
)
# A body with the word for its leading behind it: "affianca il Comune di Beira (Mozambico), capofila"
_NAMED_LEADER = re.compile(
    rf"(?<!\w)(?P<name>{PARTY}(?!\w)(?: [\w'’]+){{1,6}}?)(?: \([^()]{{2,40}}\))?,? \(?(?:ente |soggetto )?"
    r"(?:capofila|lead partner|lead applicant|chef de file|lider)\b"
)


# what is left of the words that lead to the next name: "Rimini Solidale con la | collaborazione di"
_DANGLING = re.compile(
    r"(?:\s(?:con|avec|with|e|ed|et|y|and|il|la|lo|l['’]|le|el|the|una?|une|vede|grazie|all['’]|alla|ha|a|"
    r"al))+\s*$"
)
_BODY_WORD = re.compile(rf"{BODY}\b")
_KIND_OF_BODY = re.compile(rf"{BODY}\s+(?:\w+\s+)?")
_PROPER = re.compile(
    r"\S+(?: (?:d[aeiu]l?|dell[ao]|de la|des|of|the))? [A-ZÀ-Þ][\w'’]*"
    r"(?: (?:(?:e|d[aei]l?|"
    r"de la) )?[A-ZÀ-Þ][\w'’]*)*"
)


@dataclass(frozen=True, slots=True)
class Party:
    """A body that prose says carries a project out; whether it leads it."""

    name: str
    leads: bool


def find_parties(prose: str) -> list[Found[Party]]:
    """Return the bodies that prose says carry the project out, each once, in the order of the prose."""
    found: dict[str, Found[Party]] = {}
    folded = fold(prose)
    for begin, end in sentences(prose):
        leds = list(_LED.finditer(folded, begin, end))
        for led, following in zip_longest(leds, leds[1:]):
            last = following.start() if following else end
            stop = _STOP.search(folded, led.end(), last)
            last = clause_end(prose, led.end(), _stop(prose, led.end(), stop.start()) if stop else last)
            last = led.end() + len(_DANGLING.sub("", prose[led.end() : last]))
            for name in map(
                _bare, map(_without_where, map(_before_verb, split_names(prose[led.end() : last])))
            ):
                if _looks_like_body(name.value):
                    party = Party(name.value, led["leads"] is not None)
                    found.setdefault(name.value, Found(party, name.start, name.end).moved(led.end()))
        for leader in _NAMED_LEADER.finditer(folded, begin, end):
            start, stop_at = leader.span("name")
            name_value = prose[start:stop_at]
            if _PROPER.fullmatch(name_value) and not any(name_value in known for known in found):
                found[name_value] = Found(Party(name_value, True), start, stop_at)
    return sorted(found.values(), key=lambda party: party.start)


def find_partners(prose: str) -> list[Found[str]]:
    """Return the names of the bodies that prose says carry the project out, each once."""
    return [Found(party.value.name, party.start, party.end) for party in find_parties(prose)]


# "la Diocesi di Kasungu formiamo …": what we do behind a name that no comma closes
_WE_ACT = re.compile(r"\s[a-zà-ÿ]{3,}(?:iamo|amos|emos|imos)\s")
_GENERIC = re.compile(
    r"(?:(?:ongd?|ngo|osc|l['’]associazione|associazione|association|asociación|charity)\s+)"
    r"(?=[\"“«]?[A-ZÀ-Þ])"
)


def _before_verb(name: Found[str]) -> Found[str]:
    """Cut a name off before a verb of ours."""
    verb = _WE_ACT.search(f"{name.value} ")
    if not verb or name.end - name.start != len(name.value):
        return name
    return Found(name.value[: verb.start()], name.start, name.start + verb.start())


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
        is_body = _BODY_WORD.match(folded, word)
        named = is_body and re.match(r"[^,]*?[A-ZÀ-Þ]", prose[begin + is_body.end() : end])
        if not named and not re.match(r"[\"“«(]?[A-ZÀ-Þ0-9]", name):
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
    return (capital or _is_named_body(name)) and len(name.split()) <= 14


def _is_named_body(name: str) -> bool:
    """Tell a small word for a body with a name behind it: coopérative RECOCARNO, lycée agricole Dior."""
    kind = _KIND_OF_BODY.match(fold(name))
    return kind is not None and re.match("[A-ZÀ-Þ]", name[kind.end() :]) is not None
