"""Amounts of money in a text, and whether each is a project's total, a pool for many, or a share."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from scraper.read.fields.figures import NUMBER, number_value
from scraper.read.fields.found import Found
from scraper.read.fields.sentences import sentences
from scraper.read.fields.typography import fold


class AmountKind(StrEnum):
    """What an amount is of."""

    TOTAL = "total"
    POOL = "pool"
    SHARE = "share"
    GIVEN = "given"  # what somebody pays for the project: its total where no other is named
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money; `currency` is ISO 4217 or None where the text names none."""

    value: float
    currency: str | None
    kind: AmountKind


_CURRENCY_WORDS = (  # folded; ISO 4217
    ("EUR", r"€|euros?\b|eur\b"),
    ("GBP", r"£|gbp\b|pounds?\b|sterlin[ae]\b|livres sterling\b"),
    ("CHF", r"chf\b|fr\.\s?sv\.|franchi svizzeri\b|swiss francs?\b|francs? suisses?\b"),
    (
        "USD",
        r"us\s?\$|\$\s?us\b|usd\b|u\.s\.\s?dollars?\b|us dollars?\b|dollari(?: usa| statunitensi|"
        r" americani)?\b|\$|dollars?\b|dolares\b",
    ),
    ("XOF", r"xof\b|f\s?cfa\b|franchi cfa\b|francs cfa\b"),
    ("ITL", r"lire\b|itl\b"),
)
_CURRENCY = "|".join(f"(?P<{{0}}{code}>{words})" for code, words in _CURRENCY_WORDS)
_SIGN = re.compile("[€£$]|" + "|".join(rf"\b(?:{words})" for _, words in _CURRENCY_WORDS))
_MONEY = re.compile(
    rf"(?:(?:{_CURRENCY.replace('{0}', 'a')})\s?\.?:?\s?)?(?<![\w])(?P<number>{NUMBER.pattern})(?P<tail>,-|"
    rf"\.-|\.=|,=|\s?/=)?"
    rf"(?:\s?(?:di |d'|of |de )?(?:{_CURRENCY.replace('{0}', 'b')}))?"
)
_HEADS = (
    (AmountKind.POOL,
        r"\bdotazione\b|\bstanziat\w+|\bstanziament\w+|\bstanzia\b|\brisorse\b|\bfondo\b|\bplafond\b|"
        r"\ba disposizione\b|\bdisponibil\w+|\bbudget del bando\b"
        r"|\b(?:bando|avviso|call|appel|convocatoria) (?:\w+ ){0,3}(?:da|di|of|de|for)\b|\bmontepremi\b|"
        r"\benveloppe\b|\bpool\b|\bfund\b|\bmontante complessiv\w+|\bcomplessivamente\b"
        r"|\b(?:per|to|for|pour|para|a) (?:\d+|tutti i|diversi|vari|sei|cinque|quattro|tre|dieci|"
        r"altri) (?:progetti|projects|projets|proyectos|iniziative|projekte|projec?tos)\b"
        r"|\b(?:finanziat\w+|approvat\w+|sostenut\w+|funded|finance\w*) (?:\w+ ){0,2}(?:progetti|projects|"
        r"projets|proyectos|iniziative)\b|\bprogetti (?:finanziati|ammessi|approvati)\b|\bdotat\w+ di\b"),
    (AmountKind.SHARE,
        r"\bcontribut\w+|\bcofinanzi\w+|\bco-?fund\w+|\bco-?financ\w+|\bquot[ae]\b|\bgrants?\b|"
        r"\bdon[oi]\b|\bcredit[oi]\b|\bdi cui\s*(?:circa |oltre |quasi )?$|\bof which\b|\bdont\b|"
        r"\baward\w*\b|\bsubvention\w*|"
        r"\bsubvenc\w+|\bzusch(?:uss|usse)\b|\beigenanteil\b|\beigenmittel\b|\bfordersumme\b|"
        r"\bdavon\s*(?:rund |etwa )?$|\bjahrlich\b|\bbis zu\b|\bhochstens\b|\bcontribui\w+|"
        r"\bcomparticipac\w+|\bsubsidio\b|\bdos quais\b|\bate\s*$"
        r"|\bciascun\w*|\beach\b|\bchacun\w*|\bcada uno\b|\bannu[aoi]\w*|\bal mese\b|\byear \d\b|"
        r"\banno \d\b|\bannee \d\b|\b(?:1st|2nd|3rd) year\b|\bfesr\b|\bcpn\b|\bfse\b|\bin kind\b|"
        r"\bvalorizzat\w+|\bassistenza tecnica\b|\btechnical assistance\b|\bquote-part\b|\bpart de\b|"
        r"\bcaparra\b|\bprestit\w+|\bloan\b|\bta\b|\bat\b(?=:)"
        r"|\btranche\b|\brata\b|\bper(?:cepit\w+| beneficiario)\b|\ba testa\b|\bmassim\w+|\bmax\b|"
        r"\bfino a\b|\bup to\b|\bjusqu'a\b|\bhasta\b|\bminim\w+"),
    (AmountKind.TOTAL,
        r"\b(?:importo|costo|budget|valore|finanziamento|ammontare|montante|spesa|investimento|preventivo|"
        r"quadro economico|(?:gesamt|projekt)\w*(?:kosten|budget|volumen|summe|betrag|etat)|kosten|custo|"
        r"custos|"
        r"orcamento|valor total|verba|investition|investimento|value|cost|amount|cout|montant|presupuesto|"
        r"importe|coste|costo)\b"
        r"|\btotal[ei]?\b|\bprogett[oi] (?:da|di)\s*(?:circa |oltre |quasi )?$|\bproject worth\b|"
        r"\bworth\b|"
        r"\bprojet d'un montant\b|\bvale\b|\bcosta\b|\bcosts\b|\bammonta\b|\bintervento da\b|"
        r"\bdel valore\b|\bcostat[oa]\b|\bcostera\b|\bcoute\b"),
)  # fmt: skip
_REACH = 120  # characters before an amount that a word about it is sought in
_GIVEN = re.compile(r"\b(?<!-)finanziat[oaie] [^.;]{0,90}?\b(?:con|per)\s*(?:circa |oltre |quasi )?$")
_BACKED = re.compile(r"\bsostenut[oaie] [^.;]{0,90}?\b(?:con|per)\s*(?:circa |oltre |quasi )?$")
_KIND = re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in _HEADS))
_KIND_AFTER = re.compile(
    r"[\s,(\-]*(?:(?P<share>(?:a |di |in |come )?(?:dono|credito|contribut\w+(?![^).;]*\d)|ciascun\w*|"
    r"each|grant|"
    r"per (?:anno|year|mese)|all'anno|l'anno|annui|a testa|a carico|chacun|loan|at\b|assistenza tecnica|"
    r"cofinanziat\w+|cofinanziament\w+|cadauno|/\s?(?:anno|year|an|ano|mese|month)))"
    r"|(?P<pool>(?:\w+ )?(?:per|a|to|for|pour|para|su) (?:i |gli |le |les |the |los )?(?:\d+|tutti|"
    r"diversi|vari|sei|cinque|quattro|tre|dieci)? ?(?:progetti|projects|projets|proyectos|iniziative)|"
    r"a disposizione|stanziat\w+|disponibil\w+|(?:[\w']+ ){0,4}(?:finanzia\w*|sosten\w+|sostiene|funds?|"
    r"finance) (?:\w+ ){0,2}"
    r"(?:progetti|projects|projets|proyectos|iniziative))"
    r"|(?P<total>(?:in )?(?:total[ei]|totali|complessiv\w+|in all)))\b"
)


def currency_of(text: str) -> str | None:
    """Return the currency that a text such as a table header names, as ISO 4217."""
    folded = fold(text)
    return next(
        (code for code, words in _CURRENCY_WORDS if re.search(rf"(?<![a-z])(?:{words})", folded)), None
    )


_OF_ALL = re.compile(
    r"\b(?:importi|valori|cifre|somme|costi|amounts|figures|values|sums|montants|sommes|chiffres|importes|"
    r"cantidades|cifras|betrage|angaben|summen|valores|montantes)\b[^.;:0-9]{0,40}\b(?:in|en|em)\s(?P<unit>.{1,20})"
)


def stated_currency(text: str) -> str | None:
    """Return the currency that a text gives for all sums around it (importi in euro), unless in thousands."""
    said = _OF_ALL.search(fold(text))
    return next((code for code, words in _CURRENCY_WORDS if said and re.match(words, said["unit"])), None)


def find_amounts(text: str, bare: bool = False, currency: str | None = None) -> list[Found[Amount]]:
    """Return the amounts in `text`.

    With `bare` the text is known to be about money (the cell of an amount column), so that a number without a
    currency counts too and gets `currency`; years, percentages and ordinals still do not.
    """
    folded = fold(text)
    found: list[Found[Amount]] = []
    for begin, end in sentences(text):
        if not bare and not _SIGN.search(folded, begin, end):
            continue
        since = begin
        for match in _MONEY.finditer(folded, begin, end):
            named = _currency(match)
            value = number_value(match["number"])
            if value is None or not (named or (bare and _is_bare_money(folded, match, value))):
                continue
            kind = _kind(folded, begin, since, match)
            found.append(Found(Amount(value, named or currency, kind), match.start(), match.end()))
            since = match.end()
    return found


def _currency(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    return next((code for code, _ in _CURRENCY_WORDS if groups["b" + code] or groups["a" + code]), None)


def _is_bare_money(folded: str, match: re.Match[str], value: float) -> bool:
    after = folded[match.end() : match.end() + 12].lstrip()
    if re.match(r"%|anni\b|mesi\b|months\b|years\b|mois\b|ans\b|°|º|progett|project|projet|benefici", after):
        return False
    written = match["number"].strip()
    if re.fullmatch(r"(?:19|20)\d\d", written):
        return folded.strip() == written and False
    return value >= 100 or bool(re.search(r"[.,]\d\d$", written))


def _kind(folded: str, begin: int, since: int, match: re.Match[str]) -> AmountKind:
    """Return what the words after an amount, else the nearest words before it, make of it."""
    kinds = [AmountKind(str(head.lastgroup)) for head in _KIND.finditer(folded, since, match.start())]
    if AmountKind.POOL in kinds:
        return AmountKind.POOL
    if after := _KIND_AFTER.match(folded, match.end()):
        return AmountKind(str(after.lastgroup))
    before = max(since, match.start() - _REACH)
    if AmountKind.SHARE in kinds or _BACKED.search(folded, before, match.start()):
        return AmountKind.SHARE
    if kinds or _GIVEN.search(folded, before, match.start()):
        return kinds[-1] if kinds else AmountKind.GIVEN
    return AmountKind.SHARE if _is_part(folded, begin, since, match) else AmountKind.UNKNOWN


def _is_part(folded: str, begin: int, since: int, match: re.Match[str]) -> bool:
    """Tell an amount in brackets behind another: € 1.283.174 (AICS € 962.380)."""
    between = folded[since : match.start()]
    return since > begin and "(" in between and ")" not in between


@lru_cache(maxsize=256)  # prose is asked once to tell projects from other text, and again for the record
def project_amount(text: str) -> Found[Amount] | None:
    """Return the amount that prose calls the project's total: never a pool, a share or one of several."""
    amounts = find_amounts(text)
    totals = [found for found in amounts if found.value.kind is AmountKind.TOTAL]
    return _only(totals or [found for found in amounts if found.value.kind is AmountKind.GIVEN])


_WHOLE = {AmountKind.UNKNOWN, AmountKind.GIVEN}


def stated_amount(text: str, currency: str | None = None) -> Found[Amount] | None:
    """Return the one amount in a text that stands under a label for the total, or None where there are more.

    Several parts under one label (credit, grant, technical assistance) are no total unless one is called so.
    """
    amounts = find_amounts(text, bare=True, currency=currency)
    totals = [found for found in amounts if found.value.kind is AmountKind.TOTAL]
    whole = [found for found in amounts if found.value.kind is not AmountKind.SHARE]
    return _only(totals) or _only([found for found in whole if found.value.kind in _WHOLE], whole)


def _only(candidates: list[Found[Amount]], among: list[Found[Amount]] | None = None) -> Found[Amount] | None:
    values = {
        (found.value.value, found.value.currency) for found in (among if among is not None else candidates)
    }
    return candidates[0] if candidates and len(values) == 1 else None
