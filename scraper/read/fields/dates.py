"""The start and end of a project: in a text about its period, and in prose that also dates other things."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from scraper.read.fields.found import Found
from scraper.read.fields.moments import Moment, find_moments
from scraper.read.fields.phases import find_phases, phase_of
from scraper.read.fields.sentences import sentences
from scraper.read.fields.typography import fold

Period = tuple[Found[str] | None, Found[str] | None]

_LATE = r"(?<!\ba )(?<!\balla )(?<!\bdi )(?<!\bverso )(?<!\bentro )(?<!\bentro la )(?<!\bper )(?<!\bla )"
_EARLY = r"(?<!\ba )(?<!all')(?<!\bad )(?<!\bde )(?<!\bdes )"
_START = (
    r"avviat\w+|(?:preso|prende|prendera'?) il via\b|al via\b|avvi(?:o|a|era|eranno|amento)\b|"
    + _EARLY
    + r"inizi(?:o|a|at[oaie]|era'?|eranno|ano|ando|ata)\b"
    r"|cominc\w+|part(?:it[oae]|ira'?|iranno|e|ono)\b|decorrenza\b|decorre\w*|"
    r"a partire da\w*'?|a decorrere\b"
    r"|start(?:s|ed|ing|er)?\b|began\b|beg(?:i|u)n\w*|launched\b|commenc\w+|kicked off\b|"
    r"since\b|from\b"
    r"|debut\w*|demarr\w+|lance\w*|a (?:compter|partir) d\w+|depuis\b"
    r"|inici(?:o|a|ado|ada|ara|aron)\b|comenz\w+|comienz\w+|empez\w+|desde\b"
    r"|beg(?:inn|ann|onnen)\w*|(?:projekt)?beginn\b|(?:projekt)?start\b|gestartet\b|startet\w*|"
    r"seit(?: dem)?\b|"
    r"\bab\b|\bvom\b|\bvon\b|comec\w+|arranc\w+|iniciou\b|iniciad[oa]\b|a partir de\b"
    r"|dal(?:l'|la)?\b|da\b"
)
_END = (
    r"conclu[ds]\w+|termin(?:a|ato|ata|ati|e|era'?|eranno|ano|ee?s?|ado|ara)\b|fin(?:ira'?|isce|ito|"
    r"ita|iranno)\b|"
    + _LATE +
        r"fine\b|scadenza (?:del )?progetto\b|prorogat\w+|chius[oaie]\b|chiusura\b|"
        r"fino a\w*'?|sino a\w*'?"
    r"|end(?:s|ed|ing)?\b|until\b|till\b|complet(?:ed|ion)\b|finish\w*|closed\b|through\b"
    r"|achev\w+|s'acheve\w*|jusqu'\w*|fin\b|cloture\w*"
    r"|finaliz\w+|concluy\w+|hasta\b|si chiud\w+"
    r"|endet\w*|ende\b|abgeschlossen\b|abschluss\b|beendet\b|bis(?: zum)?\b|concluid[oa]\b|conclui\w*|"
    r"conclusao\b|ate\b|encerra\w*"
)  # fmt: skip
# What else a page dates: meetings, calls, papers, the life of bodies. None is a project's start or end.
_EVENT = (
    r"workshop\w*|incontr[oi]\b|riunion[ei]\b|seminari\w*|meetings?\b|convegn\w+|"
    r"conferen\w+|event[oi]?s?\b"
    r"|kick[- ]?off\b|mission[ei]?s?\b|visit[ae]\b|assemble\w+|forum\b|tavol[oai]\b|"
    r"webinar\w*|festival\b|mostr[ae]\b"
    r"|band[oi]\b|calls?\b|avviso\b|scad\w+|deadline\w*|domand[ae]\b|candidat\w+|"
    r"present(?:at[oaie]|azione|ee?s?|ado|ata)\b"
    r"|submi\w+|depos\w+|approvat[oaie]\b|approvazione\b|approved\b|approuv\w+|aprobad\w+|"
    r"sottoscri\w+|firmat\w+|firma\b|sign(?:ed|e|ee)\b"
    r"|delibera\w*|determina(?:zione)?\b|decret\w+|protocollo\b|convenzion\w+|accord[oi]\b|"
    r"gemellagg\w+|collaborazion\w+"
    r"|pubblicat\w+|pubblicazione\b|aggiornat\w+|publish\w*|publi\w+|newsletter\b|"
    r"comunicato\b|rapporto\b|report\b|relazione\b"
    r"|si (?:e )?(?:terra'?|terranno|tenut\w+|svolger\w+)|avra'? luogo|ha avuto luogo|"
    r"took place|held\b|aura lieu|a eu lieu|tendra lugar"
    r"|fondat\w+|nat[ao]\b|costituit\w+|founded\b|cre(?:e|ee|ada)\b|associazion\w+|(?<!in )corso\b|"
    r"corsi\b|inaugur\w+|cerimoni\w+"
    r"|reunion\w*|atelier\w*|rencontre\w*|colloque\w*|taller\w*|encuentro\w*|jornada\w*|"
    r"convocator\w+|appel\b|candidature\w*"
    r"|guerra\b|conflitt\w+|crisi\b|terremoto\b|pandemia\b|elezion\w+|in data\b|"
    r"deadline\b"
    r"|fase precedente\b|precedente fase\b|previous phase\b|phase precedente\b|fase anterior\b"
)
_SENSES = re.compile(rf"\b(?:(?P<start>{_START})|(?P<end>{_END})|(?P<event>{_EVENT}))")
_WEAK = re.compile(
    r"(?:dal|dall'|dalla|da|from|since|depuis|desde|through|seit|seit dem|ab|vom|von|bis|"
    r"bis zum|ate)\Z"
)
_EVENT_WORD = re.compile(rf"\b(?:{_EVENT})")
_SUBJECT = re.compile(
    r"\b(?:progett\w+|attivit\w+|intervent\w+|iniziativ\w+|programm\w+|azion[ei]|lavori|fase|phase|"
    r"project\w*|"
    r"activit\w+|projet\w*|"
    r"projekt\w*|vorhaben|massnahme\w*|laufzeit|dauert?|jahren?|monaten?|projec?to\w*|duracao|iniciativa|"
    r"action\w*|proyecto\w*|actividad\w*|durata|duration|duree|duracion|durera'?|dura|lasts?|mesi|months|"
    r"mois|meses|anni|years|ans)\b"
)
_RANGE = re.compile(
    r"\s*(?:,?\s*(?:-|/|→|>|e|and|et|y|al?|ad|alla|all'|to|till|until|through|au?|hasta|fino a[dl]?|"
    r"sino a[dl]?|jusqu'\w*|bis(?: zum)?|und|ate(?: ao?)?|a)"
    r"(?:\s+(?:il|el|le|the))?)\s*(?:(?:fine|meta|inizio|fin|end of|mid) )?\s*"
)
_RANGE_CUE = re.compile(
    r"(?:\b(?:dal|dall'|da|tra|fra|from|du|de|between|entre|nel|periodo|period|periode|durata|duree|"
    r"duration|biennio|triennio|"
    r"quadriennio|quinquennio|desde|depuis|seit|ab|von|vom|laufzeit|zeitraum|periodo|anni|years|annees|anos|mesi|months|mois|"
    r"meses|ans)\b'?(?:\s+(?:il|l'|nel|di|"
    r"del|i|gli|dal|le|el))*\s*|[(\[:]\s*)$"
)
_FRAME = re.compile(
    r"\b(?:programmazion\w+|programm\w+|program(?:me|ming)?|interreg\w*|bando|fondi|strategi\w+|piano|"
    r"plan|settenni\w+|erasmus\w*|"
    r"horizon|europe|periodo di programmazione|fesr|call|por|fse)\b[^.;:]{0,30}$"
)
_BY = re.compile(r"\b(?:entro|by|avant|antes de)(?: (?:il|la|l'|the|le|el|fine|la fine di|la fine del))*\s*$")
_AFTER = re.compile(
    r"\s*\(\s*(?:(?P<start>inizio|avvio|start|debut|inicio)|(?P<end>fine|conclusione|end|fin|termine))\b"
)


_ACTIVE = re.compile(r"\W*(?:attiv[oai]|in corso|operativ[oa]|active|en cours|activo)\s*")
# "Dal 2014 al 2020 il programma ha finanziato 30 progetti": not one project's dates
_OTHERS = re.compile(
    r"[^.;]{0,12}\b(?:programm\w+|band[oi]|region\w*|provincia|comune|citta|associazion\w+|ong|fondo|"
    r"progetti|projects|projets|"
    r"proyectos|iniziative|sono stat[ie])\b"
)
_ARTICLES = frozenset(("", "il", "dem", "o", "den", "the", "le", "l", "el", "mese di", "a"))
# A line without a verb: "In Palestina, dal 2025." or "Tchad, 2022-2025."
_VERBLESS = re.compile(
    r"[\s(\[]*"
    r"(?:(?:In|Nel|Nella|A|Ad|En|Au|Aux)\s)?(?:[A-ZÀ-Þ][\w'’-]*[\s,(/]*(?:(?:e|et|and|y|di|del|d')\s)?)*"
)
_LEAD_IN = re.compile(
    r"\b(?:[Dd]al|[Dd]a|[Dd]all'|[Ff]ino a[dl]?|[Dd]epuis|[Ff]rom|[Dd]esde|[Dd]e)\s*(?:il\s)?$"
)
_ENDED = re.compile(r"[\s.,;)]*(?:$|\n|[-–—(]|[.;]\s)")


def _months_between(first: Moment, last: Moment) -> int:
    return ((last.year or 0) - (first.year or 0)) * 12 + (last.month or 12) - (first.month or 1)


def _sense(folded: str, since: int, moment: Moment) -> str | None:
    """Return what the words nearest before a date make of it: start, end, event or None."""
    sense = None
    for match in _SENSES.finditer(folded, since, moment.start):
        weak = _WEAK.search(match[0]) is not None
        # "dal", "from" and the like only point at a date that follows at once
        if weak and folded[match.end() : moment.start].strip(" '") not in _ARTICLES:
            continue
        if weak and sense == "event":
            continue
        sense = match.lastgroup
    return sense


def _pairs(folded: str, moments: Sequence[Moment]) -> list[tuple[Moment, Moment]]:
    """Return the dates that are joined to a range: marzo 2024 - marzo 2025."""
    return [
        (first, last) for first, last in pairwise(moments) if _RANGE.fullmatch(folded, first.end, last.start)
    ]


def find_period(text: str) -> Period:
    """Return the start and end in a text known to be about a project's period (a cell, a label's value)."""
    folded = fold(text)
    moments = find_moments(text)
    start: Moment | None = None
    end: Moment | None = None
    free: list[Moment] = []
    since = 0
    for moment in moments:
        sense = _sense(folded, since, moment)
        since = moment.end
        if sense is None and (after := _AFTER.match(folded, moment.end)):
            sense, since = after.lastgroup, after.end()
        if sense is None and _BY.search(folded, 0, moment.start):
            sense = "end"
        if sense == "start":
            start = start or moment
        elif sense == "end":
            end = moment
        elif sense is None:
            free.append(moment)
    if free and start is None and (end is None or free[0].start < end.start):
        start = free.pop(0)
    if free and end is None and start and start.edtf <= free[-1].edtf:
        end = free[-1]
    return (start.found if start else None, end.found if end else None)


@lru_cache(maxsize=256)  # prose is asked once to tell projects from other text, and again for the record
def find_project_period(prose: str, title: str = "") -> Period:
    """Return the project's own start and end that `prose` tells, never dates of meetings, calls or papers.

    Dates of another phase than the one that `title` states are not this project's.
    """
    own = phase_of(title)
    folded = fold(prose)
    starts: list[Moment] = []
    ends: list[Moment] = []
    for begin, finish in sentences(prose):
        moments = [
            Moment(moment.year, moment.month, moment.day, moment.start + begin, moment.end + begin)
            for moment in find_moments(prose[begin:finish])
        ]
        if moments:
            for kind, moment in _told(prose, folded, begin, moments):
                if not _is_other_phase(prose[begin : moment.start], own):
                    (starts if kind == "start" else ends).append(moment)
    return (_best(starts), _best(ends))


def _is_other_phase(before: str, own: int | None) -> bool:
    """Tell whether the words before a date speak of an earlier phase than the project's own."""
    phases = find_phases(before)
    return bool(phases) and (phases[-1][0] != own if own else phases[-1][0] == 1)


def _best(moments: list[Moment]) -> Found[str] | None:
    """Return the first date, or a later one that only says the same more precisely."""
    if not moments:
        return None
    first = moments[0]
    same = [moment for moment in moments if moment.edtf.startswith(first.edtf)]
    return max(same, key=lambda moment: len(moment.edtf)).found


def _told(prose: str, folded: str, begin: int, moments: list[Moment]) -> Iterator[tuple[str, Moment]]:
    """Yield the dates of one sentence that are the project's start or end."""
    ranged: set[int] = set()
    for first, last in _pairs(folded, moments):
        ranged |= {first.start, last.start}
        if _is_project_range(folded, begin, first, last) or _stands_alone(prose, begin, first, last):
            yield "start", first
            yield "end", last
    since = begin
    for moment in moments:
        if moment.start not in ranged:
            sense = _sense(folded, since, moment)
            about = _is_about_project(folded, begin, since, moment) or _stands_alone(
                prose, begin, moment, moment
            )
            if sense in {"start", "end"} and about:
                yield str(sense), moment
        since = moment.end


def _stands_alone(prose: str, begin: int, first: Moment, last: Moment) -> bool:
    """Tell whether a line holds nothing but where and when."""
    fragment = re.split(r"\s[-–—|]\s|^\s*[-–—]\s", prose[begin : first.start])
    if _EVENT_WORD.search(fold(" ".join(fragment))) or _FRAME.search(fold(prose[begin : first.start])):
        return False
    before = _LEAD_IN.sub("", fragment[-1])
    days = bool(first.day and last.day and first is not last and _months_between(first, last) < 1)
    return _VERBLESS.fullmatch(before) is not None and _ENDED.match(prose, last.end) is not None and not days


def _clause(folded: str, begin: int, place: int) -> str:
    """Return the words before `place` back to the last comma, bracket or colon of its sentence."""
    before = folded[begin:place]
    return re.split(r"[,;:()\[\]]| - ", before)[-1]


def _is_project_range(folded: str, begin: int, first: Moment, last: Moment) -> bool:
    before = folded[begin : first.start]
    if not _RANGE_CUE.search(before) or _FRAME.search(before):
        return False
    if first.day and last.day and _months_between(first, last) < 1:
        return False  # a few days are a meeting
    if not before.strip(" dalfromuei'") and _OTHERS.match(folded, last.end):
        return False
    if _EVENT_WORD.search(_clause(folded, begin, first.start)):
        return False
    return _SUBJECT.search(before) is not None or not _EVENT_WORD.search(before)


def _is_about_project(folded: str, begin: int, since: int, moment: Moment) -> bool:
    """Tell whether the clause around a start or end word speaks of the project, not of a meeting."""
    markers = [match for match in _SENSES.finditer(folded, since, moment.start) if match.lastgroup != "event"]
    if not markers:
        return False
    marker = markers[-1]
    if _EVENT_WORD.search(_clause(folded, begin, marker.start())) or _EVENT_WORD.search(
        folded, marker.end(), moment.start
    ):
        return False
    opening = folded[begin : marker.start()]
    subject = _SUBJECT.search(opening)
    event = _EVENT_WORD.search(" ".join(opening.split()[:3]))
    if event and not (subject and subject.start() < event.start()):
        return False
    opens = _ACTIVE.fullmatch(opening) and _SUBJECT.search(folded, moment.end, moment.end + 25)
    return subject is not None or opens is not None or not _WEAK.search(marker[0])
