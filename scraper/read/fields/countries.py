"""The countries in which a project is carried out (ISO 3166-1): by name, adjective or well-known place."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from babel import Locale

from scraper.read.fields.country_words import ADJECTIVES, NO_NAMES, OTHER_NAMES, PLACES
from scraper.read.fields.found import Found
from scraper.read.fields.sentences import sentences
from scraper.read.fields.typography import fold

_NO_COUNTRIES = re.compile("AC|CP|CQ|DG|E[AUZ]|IC|QO|TA|UN|X[AB]|ZZ")  # CLDR codes that ISO does not list
_SHORTEST_GENITIVE = 6
_WORD = re.compile(r"[^\W\d_]+")
_CAPITAL = re.compile(r"(?<![^\W\d_])[A-ZÀ-ÖØ-ÞŞ][^\W\d_]*")
_GLUE = re.compile(r"[\s'’.\-–/&(,]{1,3}|\s&\s")  # Congo (Repubblica Democratica)
# A country's name in that of a street, a river or a larger thing: Corso Inghilterra, fiume Niger.
_PART_OF = re.compile(
    r"(?:\b(?:corso|c\.so|via|viale|piazza|piazzale|largo|strada|street|road|rue|avenue|calle|plaza|fiume|"
    r"lago|golfo|bacino|delta|canale|mare?|river|lake|basin|"
    r"fleuve|lac|golfe|rio|hotel|ambasciata|ambasciatore|consolato|consolato generale|embassy|ambassade|"
    r"embajada|banca|fondazione|nuova|new|nouvelle|nuovo|nueva|president[ei]|expo)\s+"
    r"(?:di |del |dello |della |dell'|d'|of |of the |du |de |de la |dei |degli )?)$"
)
_ORIGIN = re.compile(
    r"(?:\b(?:provenient[ei]|originari[oaie]|provenienza|coming|venus?|comunita|diaspora|migrant[ie]|"
    r"immigrat[ie]|rifugiat[ie]|refugees?|cittadin[ie]|studenti|associazion[ei]|delegazion[ei]|delegation|"
    r"ministr[oi]|ambasciator[ei]|"
    r"ambasciata|consolato|governo|squadra|cuochi|cucina|nazionale|lingua|cultura|artist[ai]|autor[ei]|"
    r"regista|film|musica|ristorante)\s+(?:da |dal |dalla |dall'|dai |from |du |de |del |di )?)$"
)


@dataclass(frozen=True, slots=True)
class _Name:
    words: tuple[str, ...]
    code: str
    place: bool


def _names() -> Iterator[tuple[str, str, bool]]:
    for language in ("it", "en", "fr", "es", "de", "pt", "pt_PT"):
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha() and not _NO_COUNTRIES.fullmatch(code):
                yield str(name).split(" (")[0], code, False
    for table, place in ((PLACES, True), (OTHER_NAMES, False)):
        for code, names in _rows(table):
            for name in names.split("|"):
                yield name, code, place


def _rows(table: str) -> Iterator[tuple[str, str]]:
    """Yield the code and the words of each line of a table of words."""
    for row in table.splitlines():
        code, words = row.split(" ", 1)
        yield code, words


@cache
def _index() -> dict[str, tuple[_Name, ...]]:
    """Return the known names by their first word, longest first; CLDR's own come last where two agree."""
    no_names = frozenset(NO_NAMES.splitlines())
    found: dict[tuple[str, ...], _Name] = {}
    for name, code, place in _names():
        words = tuple(_WORD.findall(fold(name)))
        if words and " ".join(words) not in no_names:
            found[words] = _Name(words, code, place)
    index: dict[str, list[_Name]] = {}
    for known in sorted(found.values(), key=lambda known: -len(known.words)):
        index.setdefault(known.words[0], []).append(known)
    return {first: tuple(names) for first, names in index.items()}


@cache
def _adjective() -> re.Pattern[str]:
    groups = [f"(?P<{code}{line}>{words})" for line, (code, words) in enumerate(_rows(ADJECTIVES))]
    return re.compile(rf"(?<!\w)(?:{'|'.join(groups)})(?!\w)")


@lru_cache(maxsize=256)  # a text is asked once to tell prose apart, and again for the record
def _mentions(text: str) -> tuple[tuple[Found[str], bool], ...]:
    """Return every known name in `text` with whether it is a place, each as long as can be."""
    folded = fold(text)
    index = _index()
    mentions: list[tuple[Found[str], bool]] = []
    place = 0
    # a name is written with a capital: "mali" are evils, "turkey" a bird
    for word in _CAPITAL.finditer(text):
        names = _known(index, folded[word.start() : word.end()]) if word.start() >= place else ()
        for known in names:
            if (end := _end(folded, word.end(), known.words)) is None:
                continue
            place = end
            if not _PART_OF.search(folded[max(0, word.start() - 40) : word.start()]):
                mentions.append((Found(known.code, word.start(), end), known.place))
            break
    return tuple(mentions)


def _known(index: dict[str, tuple[_Name, ...]], word: str) -> tuple[_Name, ...]:
    """Return the names that begin with a word; a German genitive counts as its name: im Norden Ghanas."""
    names = index.get(word, ())
    if names or not word.endswith("s") or len(word) < _SHORTEST_GENITIVE:
        return names
    return tuple(known for known in index.get(word[:-1], ()) if len(known.words) == 1 and not known.place)


def _end(folded: str, place: int, words: tuple[str, ...]) -> int | None:
    """Return where a name ends whose first word ends at `place`, or None where other words follow."""
    for wanted in words[1:]:
        glue = _GLUE.match(folded, place)
        word = _WORD.match(folded, glue.end()) if glue else None
        if not word or word[0] != wanted:
            return None
        place = word.end()
    return place


def find_countries(text: str, own: str | None = None) -> list[Found[str]]:
    """Return the countries in a text that is known to say where (a title, a place cell), each once.

    `own` is the publisher's country, which is left out. Adjectives count only where no name is found.
    """
    return _once([found for found, _ in _mentions(text)] or _adjectives(text), own)


def _adjectives(text: str) -> list[Found[str]]:
    folded = fold(text)
    return [
        Found(str(match.lastgroup)[:2], match.start(), match.end())
        for match in _adjective().finditer(folded)
        if not _ORIGIN.search(folded[: match.start()])
    ]


def _once(mentions: list[Found[str]], own: str | None) -> list[Found[str]]:
    first: dict[str, Found[str]] = {}
    for found in mentions:
        if found.value != own:
            first.setdefault(found.value, found)
    return list(first.values())


_MEETING = re.compile(
    r"\b(?:workshop\w*|incontr[oi]|riunion[ei]|seminari\w*|meetings?|convegn\w+|conferen\w+|event[oi]?s?|"
    r"kick[- ]?off|mission[ei]?s?|visit[ae]|assemble\w+|forum|tavola rotonda|webinar\w*|festival|"
    r"mostr[ae]|"
    r"sede|sedi|seat|based in|headquarter\w*|siege|atelier\w*|rencontre\w*|reunion\w*|"
    r"delegazion\w+|delegation|"
    r"viaggio|vertice|summit|taller|encuentro|conferenza|partit[oaie] da|reuni\w*|riunit\w+|incontrat\w+|"
    r"comite|protocoll\w+|gemell\w+|provenient\w+|originari\w+|"
    r"nat[oa] (?:a|in)|diaspora|immigrat\w+)\b"
)
_HAPPENS = re.compile(
    r"\b(?:si (?:terra|terranno|e tenut\w+|svolgera|svolgeranno|e svolt\w+)|avra luogo|ha avuto luogo|"
    r"took place|(?:was|were|be) held|aura lieu|a eu lieu|tendra lugar|tuvo lugar)\b"
)
_WHERE = re.compile(
    r"(?:(?:\b(?:in|nel|nella|nello|nei|nelle|negli|en|au|aux|dans|im|em|no|na|nos|nas|across|within|"
    r"throughout)|\bnell'|"
    r"\bdell'|\bd')\s?(?:(?:il|la|lo|le|the|el|alcun\w+|various|diversi) )?|"
    r"\b(?:a|ad|presso|di|del|della|dello|du|de|of|interess\w+|coinvolg\w+|riguard\w+|copre|tocca|"
    r"involv\w+|covers?|"
    r"concerne|touche)\s+(?:la |il |l')?|"
    r"\b(?:per|for|pour|para|fur)\s(?:il |la |l'|le |the |el |o |a )?|"
    r"\b(?:paes[ei]|pays|countr(?:y|ies)|luogo|luoghi|pais(?:es)?)\b[^.;]{0,40}[:(]\s*|\bpaesi (?:come|"
    r"quali)\s+|[\"”»]\s*\(\s*)$"
)
_IN_TOWN = re.compile(r"\b(?:[Ii]n|[Nn]ear|[Aa]|[Ee]n|[Ee]m|[Àà])\s(?:[A-ZÀ-Þ][\w'’-]+\s?){1,3},\s$")
_WHERE_PLACE = re.compile(
    r"(?:\b(?:a|ad|in|nel|nella|nell'|presso|at|en|de|di|della|dell'|del)\s?(?:(?:citta|distretto|regione|"
    r"provincia|villaggio|villaggi|zona|area|comune|contea|stato|municipalita|district|region|city|ville|"
    r"district|campo profughi)\s)?(?:(?:di|del|della|of|de|du|d')\s?)?)$"
)
_BODY = re.compile(
    r"\b(?:Universit\w+|Comun[ei]|Municipalit\w+|Municipality|Mairie|Commune|Autorit\w+|Camera|"
    r"Ospedale|Hospital|Citt\w+|City|Ville|Agenzia|Agency|Agence|Istituto|Scuola|Rete|Politecnico|"
    r"Caritas|Croce Rossa|Federazione|Associazion[ei]|ONG|Fondazione|Cooperativa|Centro|Provincia|"
    r"(?i:amig[oa]s|amici|amis|friends)|"
    r"(?i:ministero|ministry|ministere|governo|government|gouvernement|governator\w+|diocesi|arcidiocesi|"
    r"sindac\w+|parlamento|direttore|vescovo|vicariato|presidente|ambasciat\w+|associazion[ei]|ong|"
    r"universit\w+|consiglio|autorit[aà]))\s+(?:[\w'’]+\s){0,3}$"
)
_QUOTED = re.compile(r'"[^"]{0,200}"')
_FRAGMENT = re.compile(r"\s*(?:$|[,.;:(|]|[-–—]\s)")
_APART = re.compile(r"[·•|]\s*$")  # Education · Malawi
_WORK = re.compile(r"\b(?:progett\w+|intervent\w+|attivit\w+|realizza\w+|project\w*|projet\w*|proyecto\w*)\b")
_LISTED = re.compile(
    r"[\s,/&()\-–]*(?:e|ed|and|et|y|o|come|in|nel|nella|nell'|il|la|le|lo|l'|the)?[\s,(]*(?:il|la|le|lo|"
    r"l'|in|the)?\s*"
)


def find_project_countries(prose: str, own: str | None = None) -> list[Found[str]]:
    """Return the countries in which prose about one project says that it is carried out.

    A country counts where a word of place leads to it, never in a sentence about a meeting or a seat, nor as
    part of a body's name.
    """
    folded = fold(prose)
    kept: list[Found[str]] = []
    mentions = _mentions(prose)
    for begin, end in sentences(prose):
        last: Found[str] | None = None
        for found, place in mentions:
            if not begin <= found.start < end:
                continue
            before = folded[begin : found.start]
            listed = last is not None and _LISTED.fullmatch(folded, last.end, found.start)
            opens = (
                (not before or _APART.search(before))
                and not place
                and _stands_alone(folded, found.end, mentions)
            )
            led = _leads(before, prose[begin : found.start], place) and not _meets(before)
            if listed or opens or led:
                kept.append(found)
                last = found
    return _once(kept, own)


def _stands_alone(folded: str, place: int, mentions: Iterable[tuple[Found[str], bool]]) -> bool:
    """Tell whether a line names countries and then ends: "Tchad, 2022-2025.", "Zambia and Rwanda"."""
    for found, _ in mentions:
        if found.start >= place and _LISTED.fullmatch(folded, place, found.start):
            place = found.end
    return _FRAGMENT.match(folded, place) is not None


def _leads(before: str, written: str, place: bool) -> bool:
    """Tell whether a word of place leads to what follows, other than in the name of a body."""
    cue = (_WHERE_PLACE if place else _WHERE).search(before) or _IN_TOWN.search(written)
    if cue is None:
        return False
    owned = _BODY.search(written[: cue.start()] + " ") or _BODY.search(written)
    return (
        not owned
        or re.match(r"(?:in|nel|nella|nei|negli|nelle|nell'|en|au|aux)\b", cue[0].strip()) is not None
    )


def _meets(before: str) -> bool:
    """Tell whether a meeting, a seat or an origin is what the clause before a country speaks of."""
    # neither a colon nor a word within a quoted name counts: workshop "Migration: challenges", held in …
    before = _QUOTED.sub(lambda quoted: '"' + "_" * (len(quoted[0]) - 2) + '"', before)
    clauses = re.split(r"[,;:]", before)
    clause = clauses[-1]
    if _MEETING.search(clause):
        return True
    if happens := _HAPPENS.search(clause):
        subject = clause[: happens.start()].strip() or clauses[0][: happens.start()]
        # a project takes place too: "“Seminare”, proposto da X, si svolgerà in Tanzania"
        is_project = _WORK.search(subject) or subject.endswith('"') or not re.search(r"\w", subject)
        return _MEETING.search(subject) is not None or not (is_project or len(clauses) > 1)
    return _MEETING.search(before) is not None and not _WORK.search(clause)
