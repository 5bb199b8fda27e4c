"""What the body whose page it is ("we") does in a project, and the sentence of a text that says so."""

import re
from collections.abc import Iterable, Iterator

from scraper.read.fields.found import Found
from scraper.read.fields.selfmentions import selves
from scraper.read.fields.sentences import sentences
from scraper.read.fields.typography import fold
from scraper.records import Role

_ROLE_WORDS = {
    Role.LEAD: r"capo-?\s?fila|proponent[ei]|(?:ente|soggetto) (?:promotore|proponente|capofila)|"
    r"promotore|promotrice|coordinator[ei]|coordinatrice|lead partner|lead applicant|project leader|"
    r"lead body|leader|lead|leads|coordinator|leading partner|leading|chef de file|"
    r"cheffe de file|coordonnateur|coordonnatrice|porteur(?: du projet)?|lider|"
    r"federfuhr(?:end\w*|ung)|projekttrager(?:in)?|koordinator(?:in)?|coordenadora?|promotora?|"
    r"coordenacao|coordinamento|coordination|coordinacion|koordination|entidade lider|lidera|coordena|"
    r"koordiniert|leitet|"
    r"jefe de fila|coordinadora?|entidad lider|titolare|coordina|coordinates|coordonne|guida",
    Role.STAKEHOLDER: r"stakeholders?|portator[ei] d'?i?\s?interess[ei]|soggetto interessato|partie prenante|"
    r"parte interesada",
    Role.FUNDER: r"finanziator[ei]|finanziatrice|co-?finanziator[ei]|cofinanziatrice|ente finanziatore|"
    r"sostenitor[ei]|sostenitrice|funder|co-?funder|donor|bailleur(?: de fonds)?|financeur|"
    r"forderer|forderin|fordert|(?:mit)?finanziert|(?:forder)?mittelgeber(?:in)?|geldgeber(?:in)?|"
    r"financiadora?|contributore|finanzia|cofinanzia|contribuisce (?:finanziariamente|economicamente)|"
    r"(?:y )?contribue financierement|contributes? (?:financially|funding)|contribuye (?:economica|"
    r"financiera)mente|"
    r"(?:concesso|erogato|stanziato|assegnato|destinato|versato|concede|eroga|stanzia|destina|awarded|"
    r"granted|octroye|"
    r"accorde|verse|concedido|aportado|aporta) (?:(?:un|una|a|une|il|la|uno) )?(?:contribut|finanziament|"
    r"sovvenzion|grant|"
    r"subvention|subvencion|€|£|\d|fond|aide\b|ayuda|contribucion)\w*|"
    r"(?:ha |a |has )?(?:co-?)?(?:finanziato|finanzia|financia|financiado|funds|finance) (?=il |la |l'|le |"
    r"the |this |el |ce |questo |este )|"
    r"sostiene (?:finanziariamente|economicamente|il progetto con (?:un )?(?:contributo|finanziamento))",
    Role.PARTNER: r"partners?|co-?partner|partner associato|associated partner|partenaires?|socio|socia|"
    r"parceir[oa]s?|"
    r"(?:projekt|kooperations)partner(?:in)?|"
    r"partenariato|partner di progetto|soggetto partner|ente partner|contitolare",
}
_ROLE = "|".join(f"(?P<{role}>{words})" for role, words in _ROLE_WORDS.items())
_ANY_ROLE = re.compile(rf"(?<![\w-])(?:{_ROLE})(?![\w])")
# Verbs in which we speak of ourselves, and the role that they take.
_WE_DO = (
    (Role.LEAD,
        r"(?:noi )?(?:coordiniamo|guidiamo|siamo (?:i )?capofila)|we (?:have |had |also )?(?:lead|led|"
        r"coordinate|coordinated)|"
        r"nous (?:coordonnons|pilotons|portons)|lideramos|coordinamos"),
    (Role.FUNDER,
        r"(?:co-?)?finanziamo|sosteniamo (?:economicamente|finanziariamente)|we (?:co-?)?(?:fund|finance)|"
        r"we support (?:the|this|it)\b[^.;,]{0,30} as (?:a )?(?:co-?)?(?:funder|donor)|nous (?:co)?financons|"
        r"(?:co)?financiamos"),
)  # fmt: skip
_WE_DOING = re.compile(r"\b(?:" + "|".join(f"(?P<{role}>{words})" for role, words in _WE_DO) + r")\b")
_PAID = re.compile(
    r"\b(?:contribut\w*|(?:co-?)?finanziament\w*|sostegno (?:finanziario|economico)|subvention\w*|"
    r"financement|funding|"
    r"grant|contribution\w*|subvencion\w*|financiacion)\b"
)
_GENERIC = re.compile(r"\b(?:o|or|ou|sia|either|both)\b")
# What every sentence about a role contains: a cheap look before the slow ones.
_HINT = re.compile(
    r"capo|propon|promo[st]|coord|lead|chef|cheffe|porte|lider|jefe|titolare|guida|led by|stakeholder|portat|"
    r"interess|prenante|"
    r"finan|cofin|contribu|sosten|sosteg|support|fund|donor|bailleur|soutien|concours|grazie|presentat|"
    r"proposto|partner|"
    r"parceir|forder|feder|koord|mittel|trager|partenair|partenariat|soci[oa]|contitolare|pilot|guid|fond"
)
_NOT = re.compile(r"\b(?:non|not|n'est pas|no es|nessun|ex|nicht|nao)\b")
_BEFORE_NAME = (  # role words that name their bearer after them
    (Role.LEAD,
        r"(?:capo-?\s?fila|ente capofila|soggetto proponente|ente proponente|proponente|lead partner|"
        r"lead applicant|leader|lead|chef de file|lider|coordinat\w+|coordonn\w+|guidat[oa]|promoss[oa]|"
        r"federfuhrung|projekttrager|koordiniert|coordenad[oa]|"
        r"proposto|led|porte|presentat[oa])"
        r"(?: (?:del progetto|of the project|du projet))?[\s:(\-]*(?:e'|e|is|est|es|era|sara'?|da|dal|"
        r"dalla|dall'|by|par|por|pela|pelo|durch|von|ist|liegt bei|hat)?\s*"
        r"(?:il|la|l'|lo|the|el|die|der|das|dem|o|a)?\s*"),
    (Role.FUNDER,
        r"(?:con il (?:contributo|sostegno finanziario|co-?finanziamento|finanziamento)(?: (?:finanziario|"
        r"economico))?(?: di| del| della| dell')?|(?:co-?)?finanziat\w+ (?:da|dal|dalla|dall')|"
        r"grazie al (?:contributo|finanziamento)(?: (?:finanziario|economico))? (?:di|del|della|dell')|"
        r"(?:co-?)?funded by|(?:co-?)?finance[es]* par|(?:co-?)?financiad[oa]s? por|"
        r"avec le (?:soutien financier|financement|concours financier) (?:de|du|de la|de l')|"
        r"with (?:the )?(?:financial support|funding|contribution) (?:of|from)|contributo (?:di|del|della|"
        r"dell')|sostenuto (?:da|dal|dalla|dall')|(?:mit)?finanziert (?:durch|von|aus)|gefordert (?:durch|"
        r"von)|"
        r"mit (?:finanzieller )?(?:unterstutzung|forderung) (?:durch|von|der|des)|"
        r"com (?:o )?(?:apoio financeiro|financiamento) (?:de|do|da)|financiad[oa]s? (?:pela|pelo))\s*"
        r"(?:il|la|l'|lo|the|el|die|der|das|dem|o|a)?\s*"),
    (Role.PARTNER,
        r"(?:partner|partners|partenaires?|socios?)(?: (?:del progetto|of the project|du projet|"
        r"italian[oi]|local[ei]))?[\s:(\-]*(?:sono|e'|e|are|is|sont|est)?\s*(?:il|la|l'|lo|the|el)?\s*"
    ),
    (Role.STAKEHOLDER, r"(?:stakeholders?)[\s:(\-]*(?:sono|e'|e|are|is)?\s*(?:il|la|l'|lo|the)?\s*"),
)  # fmt: skip


def role_word(text: str) -> Found[Role] | None:
    """Return the role in a text known to state our own (the cell of a column "Ruolo"), or None."""
    folded = fold(text)
    found = [_role_of(match) for match in _ANY_ROLE.finditer(folded)]
    if not found and (paid := _PAID.search(folded)):
        return Found(Role.FUNDER, paid.start(), paid.end())
    several = len({role.value for role in found}) > 1
    return None if not found or (several and _GENERIC.search(folded)) else found[0]


def role_before(text: str) -> Found[Role] | None:
    """Return the role that words give to the body whose name follows them: "finanziati dalla", or None."""
    return _before(fold(text), 0, len(text))


def find_role(text: str, names: Iterable[str] = ()) -> Found[Role] | None:
    """Return what `text` says that we do, we being one of `names` or the body that speaks impersonally."""
    folded = fold(text)
    own = tuple(names)
    for begin, end in sentences(text):
        for role in _told(folded, begin, end, own):
            return role
    return None


def _told(folded: str, begin: int, end: int, names: tuple[str, ...]) -> Iterator[Found[Role]]:
    """Yield the roles that one sentence gives to us."""
    if not _HINT.search(folded, begin, end):
        return
    if (doing := _WE_DOING.search(folded, begin, end)) and not _NOT.search(folded, begin, doing.start()):
        yield _role_of(doing)
        return
    for start, stop in selves(folded, begin, end, names):
        role = _after(folded, stop, end) or _before(folded, begin, start)
        if role and not _NOT.search(folded, stop, role.end):
            yield role
            return


def _after(folded: str, place: int, end: int) -> Found[Role] | None:
    """Return the role that follows our name: "… partecipa in qualità di partner", "… (capofila)"."""
    while True:
        if match := _ANY_ROLE.match(folded, place, end):
            rest = folded[match.end() : match.end() + 40]
            if re.match(
                r"\s*,?\s*(?:o|or|ou)\s+(?:come |as |comme )?(?:partner|capofila|lead|partenaire|"
                r"stakeholder)",
                rest,
            ):
                return None  # "come capofila o come partner" says neither
            return _role_of(match)
        step = _STEP.match(folded, place, end)
        if not step or step.end() == place:
            return None
        place = step.end()


_STEP = re.compile(
    r"[\s,(:\-]+|(?:e'|e|ha|has|is|est|es|was|era|sara'?|will|be|che|which|who|qui|que|partecip\w+|"
    r"participat\w+|participe|participa|aderi\w+|intervien\w+|agisce|svolge|"
    r"figura|figure|opera|acts?|acting|involved|coinvolt\w+|impegnat\w+|takes|part|prende|parte|al|all'|"
    r"au|to|this|il|lo|la|l'|le|the|el|un|una|uno|a|an|une|progetto|project|projet|proyecto|projekt|"
    r"projec?to|"
    r"ist|als|am|an|im|das|dem|des|beteiligt|o|no|na|do|da|um|uma|participa|colabora|"
    r"iniziativa|intervento|nel|nella|nell'|in|inoltre|anche|also|aussi|tambien|qualita|di|d'|del|della|"
    r"dell'|de|du|of|ruolo|role|con|funzioni|come|as|comme|como|en|tant|que|qualite|"
    r"calidad|quale|ente|soggetto|associat[oa]|istituzionale|unic[oa]|principale|attivamente|stat[oa]|"
    r"been|ete|sido|questo|ce|este|ricopre|riveste|assume|suo|our|notre|fra|tra|among|i|gli|one|"
    r"uno|dei|partenariato|ne|vi|ci)(?![\w])|(?:l|d|un|all|dell|nell|quest|c|qu)'|(?<=['])"
)


_BY = re.compile(r"(?:dal|dalla|dall'|by the|par la|pel[ao])(?:\s|(?<='))")


def _before(folded: str, begin: int, place: int) -> Found[Role] | None:
    """Return the role that stands before our name: "capofila: …", "finanziato | dalla Regione"."""
    if by := _BY.match(folded, place):
        place = by.end()
    for role, words in _BEFORE_NAME:
        match = re.search(rf"(?<![\w-])(?P<word>{words})$", folded[begin:place])
        if match:
            return Found(
                role, begin + match.start(), begin + match.start() + len(match["word"].rstrip(" :(-'"))
            )
    listed = re.search(
        r"(?<![\w-])(?P<word>partner|partners|partenaires|socios)(?: [\w']+){0,2}\s*:[^.;:]*$",
        folded[begin:place],
    )
    if listed:
        return Found(Role.PARTNER, begin + listed.start(), begin + listed.end("word"))
    return None


def _role_of(match: re.Match[str]) -> Found[Role]:
    return Found(Role(str(match.lastgroup)), match.start(), match.end())


def role_sentence(text: str, names: Iterable[str] = ()) -> tuple[int, int] | None:
    """Return the place of the sentence, bracket or clause that states our role, for a title to drop it."""
    folded = fold(text)
    own = tuple(names)
    for begin, end in sentences(text):
        role = next(_told(folded, begin, end, own), None)
        if role:
            named = selves(folded, begin, end, own)
            first = min([start for start, _ in named] + [role.start])
            last = max([stop for _, stop in named if stop <= role.start] + [role.end])
            return _widened(text, begin, end, first, last)
    return None


def _widened(text: str, begin: int, end: int, first: int, last: int) -> tuple[int, int]:
    """Widen a role statement to its bracket, its clause after a dash or its whole sentence."""
    opening = max(text.rfind("(", begin, first), text.rfind("[", begin, first))
    if opening >= 0 and not re.search(r"[)\]]", text[opening:first]):
        closing = re.compile(r"[)\]]").search(text, last, end)
        return opening, closing.end() if closing else end
    dashes = [match.start() for match in re.finditer(r"\s[-–—]\s", text[begin:first])]
    if dashes:
        return begin + dashes[-1], end
    return begin, end
