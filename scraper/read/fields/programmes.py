"""Funding lines and funders: those that a cell lists, and those that prose names."""

import re
from itertools import zip_longest

from scraper.read.fields.found import Found
from scraper.read.fields.namelists import BODY, split_names
from scraper.read.fields.partners import clause_end
from scraper.read.fields.sentences import sentences
from scraper.read.fields.typography import clean, fold

_HARD = re.compile(r"\n+|\s*[;|•▪]\s*")
_FUNDER = (
    rf"(?:{BODY}|bmz|giz|engagement global|camoes|sparkasse|volksbank|bank|banco|caixa|fundo|bando|"
    rf"programma|programme|program|fondo|fondi|fonds|fund|"
    rf"interreg|erasmus|horizon|aics|"
    rf"maeci|undp|"
    rf"unicef|ue|eu|ato ?\d|cei|otto per mille|8x1000|commissione|unione|union|european|stato|governo|banca|"
    rf"compagnia|tavola|conferenza|legge)\b"
)
# The law, measure or axis under which the funder before it gives: Regione Marche, L.R. 9/2002
_ACT = re.compile(
    r"(?:l\.? ?[rp]\.?|legge|lois?|ley|law|d\.?g\.?r\.?|d\.?lgs\.?|delibera\w*|art\.?|articolo|misura|mesure|"
    r"measure|"
    r"asse|axe|axis|azione|obiettivo|priorita|linea|cap\.?|capitolo)(?!\w)"
)
_TRIM = re.compile(r"^[\s\-–—•*·,;:.]+|[\s\-–—,;:]+$")
_NOTHING = re.compile(
    r"(?:-|–|—|n\.?d\.?|n/?a|nessun[oa]?|none|aucun|in definizione|da definire|autofinanziament\w*|/)+"
)


def split_programmes(text: str) -> list[Found[str]]:
    """Return the funding lines in a cell, one a line; commas part them only where each names a funder."""
    found: list[Found[str]] = []
    place = 0
    for begin, end in [*(match.span() for match in _HARD.finditer(text)), (len(text), len(text))]:
        found.extend(_line(text, place, begin))
        place = end
    return found


def _line(text: str, begin: int, end: int) -> list[Found[str]]:
    """Return the funder or funders of one line."""
    line = text[begin:end]
    parts = split_names(line)
    apart = "collabora" not in fold(line) and not any(_ACT.match(fold(part.value)) for part in parts[1:])
    if len(parts) > 1 and apart and all(_is_funder(part.value) for part in parts):
        return [part.moved(begin) for part in parts]
    first = _TRIM.match(line)
    begin += first.end() if first and first.start() == 0 else 0
    value = text[begin:end].rstrip(" \u00a0\t,;:–—-")
    if value.endswith(".") and not re.search(r"\b\w\.$", value):
        value = value[:-1]
    return (
        [Found(clean(value), begin, begin + len(value))]
        if re.search(r"\w{2}", value) and not _NOTHING.fullmatch(fold(value))
        else []
    )


def _is_funder(name: str) -> bool:
    """Tell a name that begins as funders do, or that an acronym begins or ends: AICS, Innovate UK."""
    word = name.split(maxsplit=1)[0].strip(".,")
    if word.isupper() and len(word) >= 2:
        return True
    return name[0].isupper() and bool(re.match(_FUNDER, fold(name)) or re.search(r"\s[A-Z]{2,}$", name))


_LED = re.compile(
    r"(?:(?:\bcon (?:il |i )?|\bgrazie (?:al |ai |a )(?:l')?)?\b(?:contributo|contributi|sostegno|"
    r"supporto|cofinanziamento|co-finanziamento|finanziamento|fondi|fondo|risorse|"
    r"appoggio)(?: (?:finanziario|economico|finanziari))?(?: (?:dell'|della\b|dello\b|degli\b|delle\b|"
    r"dall'|dalla\b|del\b|dei\b|dal\b|di\b|da\b))\s?(?:parte (?:di|del|della|dell')\s?)?|"
    r"\bgrazie (?:all'|alla\b|alle\b|agli\b|al\b|ai\b|a\b)\s?|\bcon (?:i )?fondi (?=\d|otto|europei|"
    r"propri|ministeriali)|"
    r"\b(?:co-?)?finanziat[oaie] (?:in parte |al \d+% |interamente |parzialmente |(?:nel|a|ad|alla|in|con|"
    r"per) [^,;.:]{1,40}? )??(?:dall'|dalla\b|"
    r"dalle\b|dallo\b|dagli\b|dal\b|dai\b|da\b|con i\b|con(?! (?:€|euro|\d|un|circa))\b|"
    r"nell'ambito (?:dell'|della\b|del\b|di\b)|"
    r"tramite|attraverso|sul\b|a valere su(?:l\b|lla\b|ll'))\s?|\b(?:sostenut|supportat|"
    r"appoggiat)[oaie] (?:(?:nel|a|ad|in|con|per|anche|economicamente|"
    r"finanziariamente) ?[^,;.:]{0,40}? )??(?:dall'|dalla\b|dagli\b|"
    r"dal\b|dai\b|da\b)\s?|\bfinanziator[ei]\s*:\s*|\bente finanziatore\s*:\s*|"
    r"\b(?:co-?)?(?:funded|financed|supported) (?:by|under|through|within|with funds from)\s(?:the )?|"
    r"\bwith (?:the )?(?:financial )?(?:support|funding|contribution|help) (?:of|from)\s(?:the )?|"
    r"\bthanks to (?:the )?(?:support|funding|contribution)? ?(?:of|from)?\s?(?:the )?|\bfunders?\s*:\s*|"
    r"\bdonors?\s*:\s*|"
    r"\b(?:co-?)?finance[es]* par\s(?:l'|la |le |les )?|\b(?:avec (?:le |l')|beneficie (?:du |de l')|"
    r"grace (?:au |a l')|"
    r"re(?:cu|coit) (?:le |l'))(?:soutien|concours|appui|aide|"
    r"financement)(?: financier)? (?:de|du|des|d')\s?(?:l'|la |le |les )?|\bgrace (?:a|au|"
    r"aux)\s(?:soutien )?(?:l'|la |le |les |de l'|de la |du )?|\bfinanceurs?\s*:\s*|"
    r"\b(?:mit|ko)?-?(?:finanziert|gefordert|unterstutzt)(?: wird es)? (?:durch|von|vom|aus mitteln (?:des|"
    r"der|von))\s"
    r"(?:die |den |das |der |dem )?|"
    r"\bmit (?:finanzieller )?(?:unterstutzung|forderung|mitteln|forderung) (?:durch (?:die |den |das )?|"
    r"vom |von (?:der |dem )?|des |der )|"
    r"\b(?:co)?financiad[oa]s? pel[oa]s?\s|\bcom (?:o )?(?:apoio|financiamento|"
    r"patrocinio)(?: financeiro)? d[eao]s?\s|"
    r"\bw(?:ird|urde) (?:von|vom|durch)\s(?:der |die |das |dem )?"
    r"(?=[^;]{2,80}\b(?:unterstutzt|gefordert|finanziert)\b)|"
    r"\bgracias al? (?:apoyo|financiacion|aporte|ayuda)? ?(?:del?|de la|de los)\s|"
    r"\b(?:co)?financiad[oa]s? por\s(?:la |el |los )?|\bcon (?:el )?(?:apoyo|financiacion|"
    r"financiamiento) (?:de|del)\s(?:la |el )?)"
    r"(?:il |lo |la |l'|i |gli |le )?"
)
# What every sentence that names a funder contains: a cheap look before the slow ones.
_HINT = re.compile(
    r"contribut|sosteg|sosten|appogg|support|financ|finanz|fund|fond[io]|risorse|appoggio|grazie|thanks|"
    r"forder|mitteln|unterstutz|patrocin|apoio|grace|soutien|concours|appui|apoyo|"
    r"donor|help|bando|avviso|program|call|appel|convocatoria|iniziativa com|horizon|h2020|interreg|"
    r"erasmus|alcotra|life|"
    r"europe|creativ|ipa|eni|enpi|daphne|urbact|alfa|seenet|bailleur"
)
_NAMED = re.compile(
    r"\b(?P<name>(?:bando|avviso|programma|programme|program|call|iniziativa comunitaria|fondo|"
    r"convocatoria|appel)\s+(?:\w+\s+){0,2}?(?:dell'|dello |della |del |di |de |of the |of |"
    r"du )?\s?(?:agenzia italiana per la cooperazione(?: allo sviluppo)?|\S.*?))(?=$|[,;.)(]\s|[,;.)(]$|"
    r"\s(?:e|ed|che|per|con|nel|nella|si|ha|il|la|è|e'|and|which|to|for|pour|qui|presentat\w+|approvat\w+|"
    r"in|da|dal|dalla|a|entro|scad\w+|attraverso)\s)"
)
# A line or clause that is nothing but a programme's name.
_WHOLE = re.compile(
    r"[\s\-–:(]*(?P<name>(?:programma |programme |program |bando )?(?:horizon|h2020|interreg|erasmus|"
    r"alcotra|life|europeaid|"
    r"creative europe|europa creativa|ipa|eni|enpi|daphne|urbact|alfa|seenet)\b[\w+ /\-]{0,40}?)[\s.;,)]*"
)
_NAMED_WORDS = re.compile(
    r"\b(?:interreg|erasmus\+?|horizon|aics|alcotra|europeaid|maeci|life|mediterranean|\w*med|adrion|ipa|"
    r"daphne|seenet|eni|cbc|agenzia italiana|commissione|unione europea|ministero|regione|ue)\b"
)
_STOP = re.compile(
    r"\s*(?:\b(?:ed? (?:si|ha|mira|prevede|durera|terminera)|"
    r"che|volt[oaie]|mira|intende|prevede|al fine|si\b|sara|verra|realizzat\w+|"
    r"in collaborazione|in partenariato|e (?:realizzat\w+|coordinat\w+|gestit\w+|promoss\w+)|"
    r"e in (?:collaborazione|partenariato)|per (?!la cooperazione|lo sviluppo|l'ambiente|l'infanzia|"
    r"la pace|il clima|i diritti|i rifugiati|lo studio|le migrazioni|l'educazione|l'energia|"
    r"il mediterraneo|la ricerca|l'africa)(?:un|il|la|lo|l'|i|le|circa|\d)|con (?:un|il|la|capofila|circa|"
    r"€|euro|\d+|\w{0,25}(?:mila|cento|milion[ei]))|pari a|nell'ambito|"
    r"dal \d|da \d|del valore|which|that|aims?|implemented|in partnership|in collaboration|to (?:improve|"
    r"support|help|the)|with|from \d|qui|pour|en partenariat|para|en colaboracion|insieme|ed al|e al|"
    r"ed alla|e alla|avvi\w+|iniziat\w+|ha\b|hanno\b|sono\b|is\b|are\b|was\b|dura\b|durera|coinvolge|e'|"
    r"unterstutzt|gefordert|finanziert|mit (?:rund|insgesamt|einem|einer|\d+)|und (?:wird|lauft|endet|hat|"
    r"soll)|wird|wurde|lauft|para|em parceria|"
    r"num valor|"
    r"a favore|ammonta|di (?:circa )?(?:€|euro|\d)))\b.*$|"
    r"\s*\(?\s*(?:(?:of|di|pari a|per|for|de|d'un montant de|con|with) )?(?:(?:€|£|\$)\s?\d|(?:euro|eur|"
    r"gbp|usd)\s\d|\d[\d.,' ]*(?:mila|milion\w+)?\s?(?:€|£|\$|euros?\b|eur\b|milion\w+|mila\b)).*$|:\s.*$"
)
_NOT_FUNDER = re.compile(
    r"(?:progett\w+|popolazion\w+|impegno|lavoro|volontari\w*|successo|seguit\w+|question\w+|nuov\w+|"
    r"collaborazion\w+|su[oa]|esperienz\w+|questo|partecipazion\w+|client\w+|citta|donn\w+|aiut\w+|"
    r"formazion\w+|attivit\w+|presenza|mezzi|comunita local\w+|euro|eur|€|£|\$|(?!8x1000|5x1000|8 ?per|"
    r"5 ?per)\d)"
)


def find_programmes(prose: str) -> list[Found[str]]:
    """Return the funders and funding lines that prose names, each once, without the sum beside."""
    folded = fold(prose)
    found: dict[str, Found[str]] = {}
    for begin, end in sentences(prose):
        if _HINT.search(folded, begin, end):
            named = _thanked(prose, folded, begin, end) or _called(prose, folded, begin, end)
            for name in named:
                found.setdefault(name.value, name)
    return list(found.values())


def _thanked(prose: str, folded: str, begin: int, end: int) -> list[Found[str]]:
    """Return the funders behind "finanziato da", "grazie al sostegno di" and the like in one sentence."""
    leds = list(_LED.finditer(folded, begin, end))
    names: list[Found[str]] = []
    for led, following in zip_longest(leds, leds[1:]):
        if _NOT_FUNDER.match(folded, led.end(), end):
            continue  # grazie all'impegno di X e Y: none of them pays
        last = following.start() if following else end
        stop = _STOP.search(folded, led.end(), last)
        names.extend(_funders(prose, led.end(), clause_end(prose, led.end(), stop.start() if stop else last)))
    return names


def _called(prose: str, folded: str, begin: int, end: int) -> list[Found[str]]:
    """Return the programmes and calls that one sentence names: nell'ambito del Programma Interreg MED."""
    whole = _WHOLE.fullmatch(folded, begin, end)
    if whole:
        spans = [whole.span("name")]
    else:
        calls = _NAMED.finditer(folded, begin, end)
        spans = [call.span("name") for call in calls if _NAMED_WORDS.search(call["name"])]
    return [
        Found(clean(prose[first:last]), first, last)
        for first, last in spans
        if whole or re.search(r"[A-ZÀ-Þ]", prose[first + 1 : last])
    ]


def _funders(prose: str, begin: int, end: int) -> list[Found[str]]:
    """Return the names of funders in a stretch: proper names, and neither sums nor reasons for thanks."""
    return [
        name.moved(begin)
        for name in split_names(prose[begin:end])
        if _is_proper(name.value)
        and len(name.value.split()) <= 16
        and not _NOT_FUNDER.match(fold(name.value))
    ]


def _is_proper(name: str) -> bool:
    """Tell a name: a capital or a figure in front, or further on in what begins as a body or a fund."""
    if re.match(r"[\"“«]?[A-ZÀ-Þ0-9]", name):
        return True
    return re.match(_FUNDER, fold(name)) is not None and re.search(r"[A-ZÀ-Þ0-9]", name) is not None
