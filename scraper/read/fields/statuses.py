"""Where in its life a text says that a project stands: headings, labels, words in brackets and prose."""

import re
from functools import lru_cache

from scraper.read.fields.found import Found
from scraper.read.fields.sentences import sentences
from scraper.read.fields.typography import fold
from scraper.records import ProjectStatus

# Folded; it, fr, es, en, de, pt. The order matters: an approved project that is about to start is starting,
# and "in fase di conclusione" (IATI: finalisation) is still ongoing.
_WORDS = (
    (ProjectStatus.CANCELLED,
        r"annullat[oaie]|cancellat[oaie]|revocat[oaie]|rinunciat[oaie]|abbandonat[oaie]|"
        r"non (?:finanziat[oaie]|ammess[oaie]|approvat[oaie]|finanziabil[ei])|respint[oaie]|"
        r"rigettat[oaie]|bocciat[oaie]"
        r"|cancel{1,2}ed|withdrawn|not (?:funded|approved)|rejected|abandoned|annule[es]*|abandonne[es]*|"
        r"rejete[es]*|non (?:retenu|finance)[es]*|cancelad[oa]s?|anulad[oa]s?|rechazad[oa]s?|"
        r"no (?:financiad|aprobad)[oa]s?|rejeitad[oa]s?|denegad[oa]s?|desestimad[oa]s?|no (?:admitid|"
        r"concedid)[oa]s?|nao (?:financiad|aprovad)[oa]s?|"
        r"abgebrochene?[nrs]?|abgesagte?[nrs]?|abgelehnte?[nrs]?|eingestellte?[nrs]?|"
        r"zuruckgezogene?[nrs]?|nicht (?:bewilligt|gefordert|genehmigt)e?[nrs]?"),
    (ProjectStatus.SUSPENDED,
        r"sospes[oaie]|in sospeso|sospensione|interrott[oaie]|in stand-?by|suspended|on hold|paused|"
        r"suspendu[es]*|interrompu[es]*|en pause|suspendid[oa]s?|en suspenso|paralizad[oa]s?|"
        r"suspens[oa]s?|interrompid[oa]s?|em suspenso|ausgesetzte?[nrs]?|unterbrochene?[nrs]?|"
        r"ruhende?[nrs]?|pausierte?[nrs]?"
    ),
    (ProjectStatus.ONGOING,
        r"in (?:fase|corso|via) di (?:conclusione|chiusura|rendicontazione|ultimazione|completamento|"
        r"svolgimento|realizzazione|attuazione|esecuzione|implementazione)|in (?:conclusione|chiusura)|"
        r"(?:non ancora|"
        r"non) (?:conclus|terminat|complet)[oaie]+"
        r"|not yet (?:concluded|completed|finished)|pas encore (?:termine|acheve)[es]*|"
        r"noch nicht (?:abgeschlossen|beendet)|vor (?:dem )?abschluss|(?:ainda )?nao (?:conclui|"
        r"termina)d[oa]s?|"
        r"em (?:fase|vias) de (?:conclusao|encerramento|execucao|implementacao)"),
    (ProjectStatus.STARTING,
        r"(?:in|di) (?:fase di |via di |corso di )?(?:avvio|partenza|avviamento|attivazione)\b|"
        r"di prossim[oa] (?:avvio|partenza|attivazione|realizzazione)|prossim[oaie] (?:avvio|progetti|"
        r"partenza)|in partenza|da avviare|non ancora (?:avviat|iniziat)[oaie]"
        r"|approvat[oaie](?: ma| e)? non ancora|in avvio|in attesa di (?:avvio|partenza)|start-?up phase|"
        r"about to start|"
        r"starting(?: soon)?|upcoming|not yet started|forthcoming|(?:en|in) (?:cours|"
        r"phase) de (?:demarrage|lancement)|a venir|en demarrage|demarrage prochain|pas encore (?:demarre|"
        r"commence)[es]*"
        r"|por (?:comenzar|iniciar)|a punto de (?:comenzar|iniciar)|proxim[oa] inicio|en fase de inicio|"
        r"(?:em|en) (?:fase de )?(?:arranque|preparacao|inicio|lancamento|planeamento|preparacion|"
        r"preparation)|"
        r"a arrancar|"
        r"a iniciar|por arrancar|(?:ainda )?nao iniciad[oa]s?|proximos? projec?tos?(?= |$)|"
        r"in (?:vorbereitung|planung|anlaufphase|der startphase)|geplante?[nrs]?|anlaufende?[nrs]?|"
        r"bevorstehende?[nrs]?|kommende?[nrs]?|startet(?: demnachst)?|demnachst|"
        r"noch nicht (?:begonnen|gestartet)|"
        r"in (?:preparazione|preparation)|approvat[oaie] e finanziat[oaie]|(?:sara|verra|saranno|"
        r"verranno) avviat[oaie]"),
    (ProjectStatus.EVALUATION,
        r"in (?:fase di |corso di |attesa di )?(?:valutazione|istruttoria|esame|approvazione|candidatura)|"
        r"in attesa di (?:risposta|esito|finanziamento|graduatoria|valutazione|approvazione)|"
        r"presentat[oaie]|candidat[oaie]|sottopost[oaie]|propost[oaie] (?:progettual[ei]|presentat[oaie]|"
        r"in valutazione)|proposte? di progetto"
        r"|a l'(?:etude|examen)|under (?:evaluation|review|assessment|consideration)|in evaluation|"
        r"submitted|pending|proposed|"
        r"(?:en|in) (?:cours d')?(?:evaluation|instruction|examen)|en cours d'(?:instruction|evaluation|"
        r"examen)|em (?:avaliacao|analise|apreciacao|candidatura|aprovacao)|submetid[oa]s?|candidatad[oa]s?|"
        r"apresentad[oa]s?|pendentes?|in (?:der )?(?:prufung|begutachtung|bewertung|antragsphase|"
        r"beantragung)|"
        r"beantragte?[nrs]?|eingereichte?[nrs]?|en attente|soumis(?:e|es)?|depose[es]*|en (?:evaluacion|"
        r"estudio|tramite)|presentad[oa]s?"),
    (ProjectStatus.ONGOING,
        r"in corso|in svolgimento|in essere|in atto|in realizzazione|in attuazione|in esecuzione|"
        r"in fase (?:attuativa|esecutiva|operativa|di attuazione)|attiv[oi]|attiva(?=$|\s*[,.;)])|"
        r"avviat[oaie]|iniziat[oaie]|tuttora in|ongoing|on-going|in progress|under way|underway|active|"
        r"current|running|in implementation|under implementation|being implemented|implementation"
        r"|en cours|en execution|actif[s]?|en curso|en ejecucion|en marcha|activ[oa]s?|vigentes?|actuales|"
        r"em curso|em execucao|em andamento|em implementacao|em desenvolvimento|em realizacao|em vigor|"
        r"a decorrer|ativ[oa]s?|atua(?:l|is)|"
        r"laufende?[nrs]?|aktuelle?[nr]?|aktive?[nrs]?|derzeitige?[nrs]?|begonnene?[nrs]?|gestartete?[nrs]?|"
        r"angelaufene?[nrs]?|im gange|in (?:der )?(?:umsetzung|durchfuhrung|bearbeitung)"),
    (ProjectStatus.CONCLUDED,
        r"conclus[oaie](?:si)?|terminat[oaie]|completat[oaie]|ultimat[oaie]|chius[oaie]|realizzat[oaie]|"
        r"finit[oaie]|archiviat[oaie]|storico|passati|precedenti|concluded|completed|finished|closed|"
        r"ended|past|previous|terminated"
        r"|termine(?:e?s|e)?|acheve[es]*|clos(?:e|es)?|cloture[es]*|realise[es]*|finalizad[oa]s?|"
        r"terminad[oa]s?|concluid[oa]s?|cerrad[oa]s?|ejecutad[oa]s?|encerrad[oa]s?|executad[oa]s?|"
        r"realizad[oa]s?|anteriores|pasados|passados|abgeschlossene?[nrs]?|beendete?[nrs]?|"
        r"fertiggestellte?[nrs]?|"
        r"vergangene?[nrs]?|fruhere[nrs]?|ehemalige?[nrs]?|realisierte?[nrs]?|ausgelaufene?[nrs]?"),
)  # fmt: skip
_STATUS = re.compile(
    r"(?<!\w)(?:"
    + "|".join(rf"(?P<{status}{number}>{words})(?!\w)" for number, (status, words) in enumerate(_WORDS))
    + ")"
)
_STAGES = (
    ProjectStatus.EVALUATION, ProjectStatus.STARTING, ProjectStatus.ONGOING,
    ProjectStatus.CONCLUDED, ProjectStatus.SUSPENDED, ProjectStatus.CANCELLED,
)  # fmt: skip
# "avviato nel 2015" says when it began, "realizzato da" who did it: no stage in prose.
_NO_PROSE = re.compile(
    r"avviat[oaie]|iniziat[oaie]|realizzat[oaie]|realise[es]*|attiv[oia]|activ[oa]s?|actifs?|active|"
    r"implementation|passati|past|precedenti|previous|storico|current|archiviat[oaie]|ejecutad[oa]s?|"
    r"ativ[oa]s?|atua(?:l|is)|actuales|anteriores|pasados|passados|realizad[oa]s?|executad[oa]s?|"
    r"laufende?[nrs]?|aktuelle?[nrs]?|aktive?[nrs]?|derzeitige?[nrs]?|gestartete?[nrs]?|begonnene?[nrs]?|"
    r"geplante?[nrs]?|kommende?[nrs]?|demnachst|vergangene?[nrs]?|fruhere[nrs]?|ehemalige?[nrs]?|"
    r"realisierte?[nrs]?|eingestellte?[nrs]?|startet"
)
# "Avviato nel febbraio 2015" dates the start and says nothing of today.
_BEGUN = re.compile(r"(?:avviat|iniziat)[oaie]\s(?:(?:il|nel|a|ad|in|dal)\b|nell'|l').{0,20}\d{4}")
_PAPERS = re.compile(
    r"presentat[oaie]|candidat[oaie]|sottopost[oaie]|submitted|soumis\w*|depose[es]*|presentad[oa]s?|"
    r"proposed|pending|submetid[oa]s?|candidatad[oa]s?|apresentad[oa]s?|pendentes?|beantragte?[nrs]?|"
    r"eingereichte?[nrs]?"
)
_TO_WHOM = re.compile(
    r"\b(?:band[oi]|call|avviso|finanziament\w+|aics|maeci|commissione|ministero|regione|appel|"
    r"convocatoria|valutazion\w+|programm\w+|agenzia|agence|agency|funding|interreg|unione europea)\b"
)
_HEADING_ONLY = re.compile(
    r"(?:storico|passati|precedenti|past|previous|current|pending|active|attiv[oia]|activ[oa]s?|actif|"
    r"actifs|upcoming|implementation|presentat[oaie]|candidat[oaie]|"
    r"realizzat[oaie]|realise[es]*|a venir|chius[oaie]|closed|finit[oaie]|iniziat[oaie]|in atto|ended|"
    r"clos|proposed|presentad[oa]s?|avviat[oaie]|starting|en cours|termine)"
)
_PROJECTS = (
    r"(?:progett\w+|iniziativ\w+|intervent\w+|attivita|azion\w+|proget|projects?|projets?|proyectos?|"
    r"\w*projekte?n?|vorhaben|projec?tos?|iniciativas?|"
    r"propost\w+|candidatur\w+|actions?|activities|programm\w+)"
)
# What makes a sentence speak of the project as a whole.
_SUBJECT = re.compile(
    r"(?:\b(?:il |questo |tale |presente |lo stesso |the |this |le |ce |el |este )?(?:progett[oi]|"
    r"iniziativa|intervento|project|projet|proyecto|projekt|vorhaben|projec?to|initiative|iniciativa|"
    r"programma|"
    r"proposta|fase|phase|stato|status|"
    r"statut|estado)\b)"
)
_OTHER = re.compile(
    r"\b(?:band[oi]|call|avviso|graduatoria|domand[ae]|workshop|incontr[oi]|riunion[ei]|seminari\w*|"
    r"lavori di|cantiere|prima fase|fase 1|1[°ºa^]? fase|fase precedente|guerra|conflitto|"
    r"iscrizion[ei]|cors[oi] (?:di|per)|meeting|conferenza|mostra|raccolta|sondaggio|trattativ\w+|"
    r"negoziat\w+|first phase|phase 1|premiere phase|accordo|convenzione|elezioni|gara|gare)\b"
)
_NEGATED = re.compile(
    r"\b(?:non|not|pas|no|nessun\w*|senza|without|ne|nao|nicht|kein\w*|noch nicht)\s+(?:e'?|sono|is|are|est|"
    r"ancora|yet|encore|esta|"
    r"stat[oaie]|progett[oi]|\s)*$"
)
_FUTURE = re.compile(
    r"\b(?:previst[oaie]|prevista|sara'?|saranno|verra'?|verranno|will|to be|sera|seront|expected|"
    r"prevu[es]*|potra|dovra|dovrebbe|entro|por|una volta|dopo|when|once|appena|possa)\s+(?:\w+\s+){0,2}$"
)

_PARTING = frozenset("|·•")


def find_status(text: str) -> Found[ProjectStatus] | None:
    """Return the status in a heading, a status cell or a label's value, or None."""
    folded = fold(text)
    for match in _STATUS.finditer(folded):
        if _BEGUN.match(folded, match.start()):
            continue
        if not _NEGATED.search(folded, 0, match.start()) and not _FUTURE.search(folded, 0, match.start()):
            return _found(match)
    return None


@lru_cache(maxsize=4096)
def heading_status(text: str) -> Found[ProjectStatus] | None:
    """Return the status that a heading gives to all projects below it, or None.

    "Corsi conclusi" and "Lavori in corso" are no projects; a heading of a single project keeps its own words.
    """
    found = find_status(text)
    if found is None or len(text) > 90:
        return None
    rest = fold(text[: found.start] + " " + text[found.end :])
    if re.search(rf"\b{_PROJECTS}\b", rest):
        return found
    return (
        found
        if not re.search(
            r"[a-z0-9]{3}",
            re.sub(
                r"\b(?:gia|ancora|ora|attualmente|tutti|all|tous|anno|dal|al|fase|bereits|"
                r"noch|derzeit|alle|ja|ainda|todos)\b|\d+",
                "",
                rest,
            ),
        )
        else None
    )


@lru_cache(maxsize=256)  # prose is asked once to tell projects from other text, and again for the record
def prose_status(prose: str) -> Found[ProjectStatus] | None:
    """Return the latest status that prose about one project states, never that of a call or a meeting."""
    folded = fold(prose)
    said = [
        _found(match)
        for begin, end in sentences(prose)
        for match in _STATUS.finditer(folded, begin, end)
        if _is_said_of_project(folded, begin, end, match)
    ]
    # "presentato nel 2018, ora in corso": of several stages the project has reached the last one
    return max(said, key=lambda found: _STAGES.index(found.value)) if said else None


def _is_said_of_project(folded: str, begin: int, end: int, match: re.Match[str]) -> bool:
    before = folded[begin : match.start()]
    if _NEGATED.search(before) or _FUTURE.search(before):
        return False
    if _speaks_of_other(before):
        return False
    if _stands_apart(folded[begin:end], match.start() - begin, match.end() - begin):
        return True
    if _NO_PROSE.fullmatch(match[0]) or (
        _PAPERS.fullmatch(match[0]) and not _TO_WHOM.search(folded, begin, end)
    ):
        return False
    subject = _SUBJECT.search(before)
    whole = not before.strip(" (-–[") and len(folded[match.end() : end].split()) <= 12
    if _HEADING_ONLY.fullmatch(match[0]) and not subject and not _PAPERS.fullmatch(match[0]):
        return whole and _ends_soon(folded, match.end(), end)
    return (
        subject is not None or whole or _in_brackets(folded, match) or _is_set_off(folded, begin, end, match)
    )


def _speaks_of_other(before: str) -> bool:
    """Tell whether a call, a meeting or a phase is what a sentence speaks of up to a status word."""
    other = _OTHER.search(before)
    subject = _SUBJECT.search(before)
    if not other:
        return False
    first = subject is None or other.start() <= subject.start()
    return first or _OTHER.search(re.split(r"[,;:()]", before)[-1]) is not None


def _stands_apart(sentence: str, start: int, end: int) -> bool:
    """Tell a status that fills a part of a line by itself: Philippines | 2019-2022 | Completed."""
    before, after = sentence[:start].rstrip()[-1:], sentence[end:].lstrip()[:1]
    return (
        (before in _PARTING or after in _PARTING)
        and {before, after} <= {*_PARTING, ""}
        and before + after != ""
    )


def _ends_soon(folded: str, place: int, end: int) -> bool:
    return (
        re.fullmatch(r"[\s.,;:)\]!]*(?:(?:nel|in|il|a|ad|on|en|le)\b.{0,40})?", folded[place:end]) is not None
    )


def _in_brackets(folded: str, match: re.Match[str]) -> bool:
    return folded[: match.start()].rstrip().endswith(("(", "[", " -")) and folded[match.end() :].lstrip()[
        :1
    ] in {")", "]", ""}


def _is_set_off(folded: str, begin: int, end: int, match: re.Match[str]) -> bool:
    """Tell a status set off by commas or dashes: dal 2022, in corso - budget …"""
    before, after = folded[begin : match.start()].rstrip()[-1:], folded[match.end() : end].lstrip()[:1]
    return before in {",", "-"} and after in {",", "-", ".", ""}


def _found(match: re.Match[str]) -> Found[ProjectStatus]:
    return Found(ProjectStatus(str(match.lastgroup).rstrip("0123456789")), match.start(), match.end())
