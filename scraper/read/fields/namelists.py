"""Lists of bodies taken apart: one name each, with roles, articles and bullets kept out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scraper.read.fields.found import Found
from scraper.read.fields.labels import label_of
from scraper.read.fields.typography import clean, fold

PARTY = (
    r"(?:comun[ei]|citta|citta metropolitana|provincia|regione|unione|comunita|associazion[ei]|ass\.|"
    r"fondazion[ei]|universit[ay]\w*|politecnico|istitut[oi]|ong|onlus|cooperativa|coop\.?|consorzio|ente|"
    r"enti|ongd|ngo|agenzia|ministero|"
    r"autorita|camera|centro|comitato|gruppo|rete|scuola|liceo|croce|caritas|diocesi|arci\w*|acli|ufficio|"
    r"assessorato|dipartimento|azienda|asl|ospedale|parco|museo|ordine|societa|movimento|coordinamento|"
    r"municip\w+|"
    r"ville|commune|region|departement|association|fondation|universite|institut|agence|ministere|"
    r"communaute|metropole|reseau|centre|chambre|cercle|conseil|collectif|comite|syndicat|mairie|"
    r"city|municipality|county|council|foundation|university|institute|agency|ministry|network|"
    r"association|department|government|board|trust|church|college|district|"
    r"ayuntamiento|asociacion|fundacion|universidad|instituto|agencia|ministerio|red|diputacion|gobierno|"
    r"cooperativ[ae]s?|collectivite|diocese|fundacio|asociaciones|associations|universidades|oeuvre|ligue|"
    r"centro|federacion|federazione|federation|confederazione|lega|forum|amici|medici|"
    r"alcaldia|mancomunidad|consiglio|consejo|departament\w+|governorat\w+|governatorat\w+|hopital|lycee|"
    r"ecole|"
    r"missione|suore|congregazione|parrocchia|"
    r"organi[sz]ations?|organizzazion[ei]|organizacion(?:es)?|organizac(?:ao|oes)|"
    r"stadt|landeshauptstadt|gemeinde|landkreis|kreis|verein|forderverein|verband|stiftung|hochschule|"
    r"fachhochschule|ministerium|bundesministerium|land|netzwerk|schule|krankenhaus|bistum|wasserwerk|"
    r"municipio|camara(?: municipal)?|concelho|junta|associacao|fundacao|universidade|governo|escola|"
    r"hospital|santa casa|conselho|distrito|regiao|uniao|cruz vermelha)"
)
"""Words with which the name of a body that does something begins (it, fr, es, en, de, pt), folded."""

BODY = rf"(?:{PARTY}|programma|programme|bando|fondo)"
"""Words with which the name of a body or of a fund begins."""

_IS_BODY = re.compile(rf"{BODY}(?!\w)")
_LONGEST = 2000
_FAR = 120  # no name goes on for longer behind a comma
_WITH = (
    r"(?:in (?:collaborazione|partenariato|partnership|cooperazione|rete|sinergia) con|"
    r"in (?:collaboration|partnership|cooperation) with|"
    r"en (?:partenariat|collaboration|cooperation) avec|en (?:colaboracion|asociacion) con|insieme (?:a|"
    r"ad|al|alla|all')|"
    r"in (?:zusammenarbeit|kooperation|partnerschaft) mit|gemeinsam mit|"
    r"em (?:parceria|colaboracao|cooperacao) com|"
    r"con la (?:collaborazione|partecipazione) (?:di|del|della|dell'))\b"
)
_HARD = re.compile(
    rf"(?i:,?\s+{_WITH}\s*)|\.\s+(?=[A-Z][\w ]{{2,25}}:)|\n+|\s*[;|•·▪]\s*|\s+[/]\s+|,?\s*<br\s*/?>\s*"
)
_ROLE = (
    r"(?:ente |soggetto |partner |project |lead |co-?)?(?:capofila|capo fila|capo-fila|lead(?: partner|"
    r" applicant)?|leader|coordinator[ei]?|coordinatrice|proponente|promotore|partner(?: (?:locale|"
    r"italiano|estero|tecnico|associato|di progetto|istituzionale))?|"
    r"chef de file|porteur|coordonnateur|partenaire(?: (?:local|technique))?|lider|jefe de fila|"
    r"socio(?: local)?|stakeholder|controparte(?: locale)?|finanziatore|local partner|associated partner|"
    r"federfuhrend\w*|federfuhrung|projekttrager|projektpartner|koordinator(?:in)?|parceir[oa](?: local)?|"
    r"coordenador[ae]?|coordenacao|coordinamento|coordination|coordinacion|koordination|entidade lider|"
    r"sponsor|attuatore|esecutore|responsabile|contraparte|beneficiario|referente)s?"
)
_ROLE_BRACKET = re.compile(
    rf"\s*[(\[]\s*(?:in qualita di |come |as |en tant que )?{_ROLE}(?:[ ,/e]+(?:{_ROLE}|del progetto|"
    rf"of the project|du projet))*\s*[)\]]"
)
_ROLE_BEFORE = re.compile(
    rf"\s*(?:[-•*–]\s*)?(?:{_ROLE})\s*(?:del progetto|of the project|du projet)?\s*[:–-]\s*"
)
_ROLE_AFTER = re.compile(
    rf"(?:\s+[-–—]|\s*,|:)\s*(?:{_ROLE})(?: (?:del progetto|of the project|du projet))?\s*$"
)
_TAIL_WORDS = re.compile(
    r"^(?:inc|ltd|llc|s\.?r\.?l|s\.?p\.?a|onlus|ong|ngo|odv|aps|ets|s\.?c\.?s|scs|asbl|i\. ?p\b|e\. ?v|"
    r"italia|"
    r"italy)\b\.?",
    re.IGNORECASE,
)
_KEEPS_COMMAS = re.compile(
    r"(?:^|[-–] )(?:dipartimento|assessorato|direzione|ministero|ministere|ministry|facolta|settore|"
    r"department|departement|area|ufficio|scuola di|school of|laboratorio)\b[^;]*$"
)
_JOINER = re.compile(
    rf"\s+(?:e|ed|et|and|y|und|sowie|&|con(?=\s(?:il|la|l'|lo|i|gli|le)\s?{BODY}\b))\s+"
    rf"(?:(?:al |allo |alla |ai |agli |alle |aux? |all')(?={BODY}\b)|"
    r"(?P<again>(?:ad?|con|with|avec|mit|com) ))?"
    r"(?=(?:(?:d[ae]l(?:l'|la |lo |le )?|d[ae]i |degli |di |du |de la |de l'|de |dem |der |"
    r"des |of the |of |par |by |con |il |la |lo |l'|i |gli |le |les |the |el |los )\s?){0,2}(?P<next>\S+))"
)
ARTICLE = re.compile(
    r"(?:(?:e|ed|et|and|y|und|con|avec|with|mit|com|tra cui|fra cui|including|dont)\s+)?(?:(?:il|lo|la|i|"
    r"gli|le|les|"
    r"the|el|los|las|der|die|das|dem|den|o|os|as|dos|das|do|da|dal|dalla|dai|dalle|del|della|dello|dei|"
    r"degli|delle|du|des|de la|di|con il|con la|"
    r"con i)\s+(?=\S)|(?:l'|dell'|dall'|de l')(?=\S))?"
)
# Capitals throughout, or a lone letter: an acronym, and so a name of its own.
_SHORT_LEFT = re.compile(r"(?:^|\s)[A-Z][A-Z.\d-]*$")
_SHORT_RIGHT = re.compile(r"[A-Z][A-Z.\d-]+(?![a-z])")
_LAST_WORD = re.compile(
    r"\b(?:trust|council|university|foundation|society|association|institute|guild|union|college|hospital|"
    r"network|church|group|centre|center|ministry|board|cooperative|ngo|federation|agency|committee|partnership)$"
)
_OF_TOWN = re.compile(
    r"(?:comun[ei] (?:di|del|della)|communes? de|municipalities of|universita (?:di|degli))(?: [\w'-]+){1,2}"
)
_HEADED = re.compile(r"(?P<label>[^:]{2,30}):\s+(?=\S)")  # "Partner locali: GIE Sope" within one value
_BULLET = re.compile(r"[\s\-–—•*·,;:.]*(?:\d{1,2}[.)]\s+)?")
_OWN_STOP = re.compile(r"(?:\w\.[\w.]*|\b\w|\b(?:Ass|coop|Co))\.$")  # Co.co.pa., S.r.l.
_NOBODY = re.compile(
    r"altri|others|autres|etc|ecc|n\.?d|n/?a|nessuno|none|aucun|ninguno|in definizione|da definire|vari|"
    r"divers[ei]?|tbd|k\.? ?a|keine?r?|weitere|offen|outros|nenhum|in corso di definizione"
)
# Words that are halves of one name rather than two names: Terra e Libertà, Pace e Sviluppo.
_HALVES = re.compile(
    r"terra|acqua|pace|vita|sviluppo|liberta|salute|giustizia|solidarieta|cooperazione|ambiente|"
    r"cultura|formazione|societa|scuola|lavoro|diritti|sud|nord|mondo|bambini|donne|giovani|progresso|"
    r"fratellanza|amicizia|fede|luce|speranza|pane|carita|futuro|peace|development|justice|health|"
    r"water|life|education|eau|vie|paix|developpement|sante|solidarite|culture|paz|desarrollo|agua|"
    r"salud|vida|tierra|libertad|ricerca|arte|natura|innovazione|impresa|territorio|montagna"
)
# Fields of study, of which a university has several: University of Science and Technology.
_STUDIES = re.compile(
    r"(?:sciences?|technolog(?:y|ies)|agriculture|engineering|medicine|arts?|law|economics|business|management|"
    r"design|scienz[ae]|tecnologi[ae]|agricoltura|ingegneria|medicina|economia|medecine|lettres|ciencias?|"
    r"ingenieria|engenharia|artes|technik|wirtschaft)"
)


@dataclass(frozen=True, slots=True)
class _Line:
    """A stretch between two hard separators: as written, folded, and how deep in brackets each place is."""

    text: str
    folded: str
    depth: tuple[int, ...]


def split_names(text: str) -> list[Found[str]]:
    """Return the bodies that a cell or a value lists, as written, without role, number or bullet."""
    return [
        found.moved(begin)
        for begin, end in _stretches(text)
        for found in _names(_Line(text[begin:end], fold(text[begin:end]), _depths(text[begin:end])))
    ]


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches between hard separators, none longer than any list that people write."""
    depth = _depths(text)
    place = 0
    for match in _HARD.finditer(text):
        begin, end = match.span()
        if depth[begin] and text[begin] != "\n":
            continue
        yield from ((start, min(start + _LONGEST, begin)) for start in range(place, begin, _LONGEST))
        place = max(place, end)
    yield from ((start, min(start + _LONGEST, len(text))) for start in range(place, len(text), _LONGEST))


def _depths(text: str) -> tuple[int, ...]:
    """Return how many brackets and quotes are open at each place of `text` and at its end."""
    depth, depths, quoted = 0, [], False
    closes = text.count(")") + text.count("]")
    for character in text:
        if character in "([" and closes:
            depth += 1
        elif character in ")]":
            depth, closes = max(0, depth - 1), closes - 1
        elif character in "“«":
            quoted = True
        elif character in "”»\n":
            quoted = False
            depth = 0 if character == "\n" else depth
        depths.append(depth + quoted)
    return (*depths, 0)


def _names(line: _Line) -> Iterator[Found[str]]:
    """Yield the names of one line: split at its commas, and at the "e" before its last name."""
    begin = 0
    parts: list[tuple[int, int]] = []
    for comma in re.finditer(r",\s*", line.text):
        if line.depth[comma.start()] == 0 and _parts_names(line, begin, comma.start(), comma.end()):
            parts.append((begin, comma.start()))
            begin = comma.end()
    parts.append((begin, len(line.text)))
    for number, (start, stop) in enumerate(parts, 1):
        for first, last in _joined(line, start, stop, listed=number == len(parts) > 1):
            if found := _name(line, first, last):
                yield found


def _parts_names(line: _Line, begin: int, first: int, last: int) -> bool:
    """Tell whether a comma stands between two names rather than inside one."""
    after = line.text[last : last + _FAR]
    if not after or (_TAIL_WORDS.match(after) and not re.match(r"\w+\s+\w", after)):
        return False
    article = ARTICLE.match(line.folded, last)
    start = article.end() if article else last
    is_body = _IS_BODY.match(line.folded, start) is not None
    is_acronym = re.match(r"\W*[A-Z]{2,}\b", line.text[start : start + _FAR]) is not None
    if not (is_body or is_acronym) and (start > last or not re.match(r"[\"“«‘'(]?[A-ZÀ-Þ0-9]", after)):
        return False
    # Dipartimento di Scienze Agrarie, Forestali e Alimentari goes on behind its comma
    goes_on = _KEEPS_COMMAS.search(line.folded[max(begin, first - _FAR) : first].lstrip()) and not is_body
    return not goes_on or is_acronym


def _joined(line: _Line, begin: int, end: int, listed: bool) -> Iterator[tuple[int, int]]:
    """Split at an "e" that joins two bodies; where commas stand before (`listed`) it joins the last two."""
    keeps = _KEEPS_COMMAS.search(line.folded[begin:end].lstrip()) is not None
    for match in _JOINER.finditer(line.folded, begin, end):
        if line.depth[match.start()] or match.end() >= end:
            continue
        if _joins_bodies(line, begin, end, match, listed and not keeps):
            yield begin, match.start()
            begin = match.end()
            listed = False
    yield begin, end


def _joins_bodies(line: _Line, begin: int, end: int, match: re.Match[str], listed: bool) -> bool:
    """Tell whether an "e" stands between two bodies rather than inside the name of one."""
    start = match.start("next")
    has_article = start > match.end()
    left, right = line.text[begin : match.start()], line.text[start : start + _FAR]
    if match["again"] and re.match(r"[A-ZÀ-Þ0-9]", right):
        return True  # insieme alla Caritas e a Sole Amico
    if _IS_BODY.match(line.folded, start):
        return has_article or right[:1].isupper()
    if has_article or not re.match(r"[A-ZÀ-Þ0-9]", right) or _is_one_name(fold(left), fold(right), listed):
        return False
    if _end_as_bodies(line.folded[begin : match.start()], line.folded[start:end]):
        return True
    return listed or len(left.split()) == 1 or bool(_SHORT_LEFT.search(left) or _SHORT_RIGHT.match(right))


def _end_as_bodies(left: str, right: str) -> bool:
    """Tell two English names by their last words: Mzuzu Women's Guild and Harbour City Trust."""
    return all(_LAST_WORD.search(name.rstrip(" .,;:")) is not None for name in (left, right))


def _is_one_name(left: str, right: str, listed: bool) -> bool:
    """Tell halves of one name: Terra e Libertà, Comune di Presicce e Acquarica; what ends a list is another
    name."""
    if " " in left and _STUDIES.fullmatch(right.strip(" .,;:")):
        return True
    halves = [*([] if listed else left.split()[-1:]), *re.findall(r"^[\w'.-]+", right)]
    return any(_HALVES.fullmatch(half.strip(".,")) for half in halves) or _OF_TOWN.fullmatch(left) is not None


def _name(line: _Line, begin: int, end: int) -> Found[str] | None:
    """Return the name in one part without bullet, article, role or closing mark, or None."""
    begin = _opening(line.text, line.folded, begin, end)
    end = _closing(line.text, line.folded, begin, end)
    inner = _ROLE_BRACKET.search(line.folded, begin, end)
    text = line.text
    value = clean(text[begin : inner.start()] + text[inner.end() : end] if inner else text[begin:end])
    plain = fold(value)
    if (
        not re.search(r"\w", value)
        or re.match(r"\d+ [a-z]", value)
        or re.fullmatch(_ROLE, plain)
        or _NOBODY.fullmatch(plain)
    ):
        return None
    return Found(value, begin, end)


def _opening(text: str, folded: str, begin: int, end: int) -> int:
    """Return where a name begins behind bullets, a number, a role and an article that is not its own."""
    for pattern in (_BULLET, _ROLE_BEFORE):
        if match := pattern.match(folded, begin, end):
            begin = match.end()
    if (heading := _HEADED.match(text, begin, end)) and label_of(heading["label"]):
        begin = heading.end()
    article = ARTICLE.match(folded, begin, end)
    if not article or article.end() in {begin, end}:
        return begin
    # "la Regione", "dal programma UNDP" lose their article, "Il Sole Onlus" and "La Tenda" are names
    is_body = _IS_BODY.match(folded, article.end(), end) is not None
    is_small = text[begin].islower() and (text[article.end()].isupper() or text[article.end()].isdigit())
    return article.end() if is_body or is_small else begin


def _closing(text: str, folded: str, begin: int, end: int) -> int:
    """Return where a name ends before roles in brackets or after a dash, and before closing marks."""
    while True:
        end = begin + len(text[begin:end].rstrip(" \u00a0\t\n,;:–—-"))
        if text[begin:end].endswith(".") and not _OWN_STOP.search(text, begin, end):
            end -= 1
            continue
        brackets = [match for match in _ROLE_BRACKET.finditer(folded, begin, end) if match.end() == end]
        cut = brackets[0] if brackets else _ROLE_AFTER.search(folded, begin, end)
        if not cut or cut.start() <= begin:
            return end
        end = cut.start()
