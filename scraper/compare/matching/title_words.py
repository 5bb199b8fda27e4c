"""Words that make up titles in four languages: those that tell nothing, ordinals, phases, known bodies."""

_SMALL = {
    "it": """
il lo la i gli le l un uno una di a da in con su per tra fra e ed o del dello della dei degli delle dell d al
allo alla ai agli alle all dal dallo dalla dai dagli dalle dall nel nello nella nei negli nelle nell sul sullo
sulla sui sugli sulle sull ad
""",
    "en": "the of and for to in on at by with from an a",
    "fr": "de du des les le la l un une et pour dans sur au aux en d à",
    "es": "de el la los las un una y en para por con del al",
}
_COMMON = """
progetto progetti project projet proyecto programma programme programa iniziativa initiative intervento
azione azioni action cooperazione cooperation coopération internazionale international sviluppo development
sostegno support area
"""
_BODY = """
ue eu onu un ong ngo osc cso pa aics maeci mae undp unhcr unicef fao oms who usaid afd bei fami fesr feasr
interreg erasmus horizon ato ato1 ato2 ato3 ato4 ato5 ato6 italia csv ccs onlus aps odv
"""
_ORDINAL = """
prima primo first première premier premiere primera primer
seconda secondo second deuxième deuxieme seconde segunda segundo
terza terzo third troisième troisieme tercera tercer
quarta quarto fourth quatrième quatrieme cuarta cuarto
quinta quinto fifth cinquième cinquieme
sesta sesto sixth sixième sixieme sexta
settima settimo seventh septième septieme
ottava ottavo eighth huitième huitieme
nona nono ninth neuvième neuvieme
decima decimo tenth dixième dixieme
"""

_PHASE = """
fase phase edizione edition édition anno année annee year lotto lot ciclo cycle cicle step parte part partie
volume modulo module round tranche stralcio annualità
"""

SMALL_WORDS = {language: frozenset(words.split()) for language, words in _SMALL.items()}
"""Articles and prepositions, by language."""

STOP_WORDS = frozenset[str]().union(*SMALL_WORDS.values())
"""Articles and prepositions of all languages."""

COMMON_WORDS = frozenset(_COMMON.split())
"""Words that stand in any project's title."""

BODIES = frozenset(_BODY.split())
"""Initials of bodies and programmes: they look like a project's code and are none."""

ORDINALS = {
    word: number
    for number, line in enumerate(_ORDINAL.strip().splitlines(), start=1)
    for word in line.split()
}
"""Ordinal words and their numbers."""

ROMANS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
"""Roman numerals and their numbers."""

PHASE_NAMES = frozenset(_PHASE.split())
"""Words that an ordinal counts."""

PHASE_WORD = rf"(?:{'|'.join(sorted(PHASE_NAMES, key=len, reverse=True))}|annualit[àa]'?)"
"""A pattern of the words that an ordinal counts (in plain text, where a closing accent is an apostrophe)."""
