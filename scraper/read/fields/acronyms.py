"""The acronym or code that a title states beside its words: S.M.A.R.T., MC2CM, BleuTourMed_C3, HawaTo."""

import re
from collections.abc import Iterator

from scraper.read.fields.found import Found
from scraper.read.fields.typography import fold, shouts

_TOKEN = re.compile(r"[^\W_][\w+&/]*(?:[-.][\w+&]+)*")
# S.M.A.R.T. anywhere; R.E.TE. and PRO.DO.C.S. only where they open the title
_DOTTED = re.compile(
    r"(?<![\w.])(?:[^\W\d_]\.){3,}[^\W\d_]?\.?(?!\w)|^\W*(?P<long>(?:[A-Z]{1,3}\.){2,}[A-Z]{0,3}\.?)(?!\w)"
)
_BRACKETED = re.compile(r"[(\[]\s*(?P<inner>[^()\[\]]{2,20}?)\s*[)\]]")
# Programmes, bodies and common codes that titles mention; none is the project's own.
_COMMON = re.compile(
    r"ong|onlus|ngo|ngos|osc|ets|aps|odv|ue|eu|onu|un|unione|undp|pnud|unhcr|unicef|unesco|fao|oms|who|"
    r"oim|iom|aics|maeci|mae|dgcs|cei|usa|uk|rdc|rd|drc|covid|covid-19|hiv|aids|hiv/aids|tb|sdg|sdgs|"
    r"oss|odd|ods|h2020|g7|g8|g20|ict|tic|it|ii|iii|iv|vi|vii|viii|ix|xi|xii|i|v|x|co2|pmi|sme|pme|spa|"
    r"srl|to|mi|ro|fr|es|en|pdf|doc|8x1000|5x1000|8xmille|ps|et|sn|bf|ci|ml|ne|ug|ke|tz|mz|rw|bi|cd|cg|"
    r"cm|tn|ma|dz|eg|lb|jo|al|rs|ba|xk|mk|br|pe|bo|co|ec|ar|cl|uy|py|gt|hn|ni|sv|cu|ht|do|in|np|bd|lk|"
    r"mm|vn|kh|la|ph|id|(?:nord|sud|est|ovest|north|south|east|west)-(?:nord|sud|est|ovest|north|south|east|west)|pvs|lgbt|lgbtq|lgbti|ptpl|wash|ccm|anci|fvg|fesr|feder|ecg|paesi"
)
_NOT_CODE = re.compile(
    r"\d+(?:[.,/\-]\d+)*(?:°|º|a|o|st|nd|rd|th|er|e|eme)?|[12]\d{3}(?:[-/]\d{2,4})?|\d+%|(?:mc|mac|di|de|"
    r"da|la|le|van|von|o)[a-z]+|\d+[a-z]{0,2}|"
    r"(?:youtube|facebook|whatsapp|linkedin|iphone|ipad|ebay|etwinning|unhabitat|un-habitat)|\d+x\d+|"
    r"ue\d+|eu\d+|h\d{4}|co2|covid.*|(?:19|20)\d\d.*"
)
_LEADING = re.compile(
    r"^\s*(?:(?:[a-z' ]{1,30} (?:del|dell'|of the|du) ?)?(?:il |the |le |el )?(?:progetto|project|projet|"
    r"proyecto|programma|"
    r"iniziativa)\s+)?[\"“«'(\[]*"
)
_SEPARATED = re.compile(r"\s*[\"”»')\]]*\s*(?:\s[-–—]\s?|[-–—]\s|:|–|—|\s?\||,\s|\(|$)")
_PHASE = re.compile(
    r"\s*(?:[-–—,(]\s*)?(?:\d+\s?(?:a|o|°|º|ª|\^|st|nd|rd|th|e|eme)?\s*(?:fase|phase|edizione|annualita)|"
    r"(?:fase|phase|step)\s*\w+|"
    r"(?:prima|seconda|terza|quarta|first|second|third|premiere|deuxieme|segunda)\s+(?:fase|phase|"
    r"edizione|annualita)|[ivx]+\b(?!\w)|[1-9]\b|[12]\.0|bis\b|plus\b)"
)


def acronym(title: str) -> Found[str] | None:
    """Return the acronym or code that a title states, as written, or None: capitals alone make no acronym."""
    return next(_dotted(title), None) or _bracketed(title) or _leading(title) or next(_codes(title), None)


def _dotted(title: str) -> Iterator[Found[str]]:
    for match in _DOTTED.finditer(title):
        group = "long" if match["long"] else 0
        word = match[group]
        letters = word.replace(".", "")
        if len(letters) >= 3 and word.isupper() and not _COMMON.fullmatch(letters.lower()):
            yield Found(word, match.start(group), match.end(group))


def _is_code(word: str) -> bool:
    """Tell whether a word has the looks of a code: capitals inside it, or capitals with digits or signs."""
    folded = fold(word)
    if _COMMON.fullmatch(folded) or _NOT_CODE.fullmatch(folded) or sum(map(str.isalpha, word)) < 2:
        return False
    letters = re.sub(r"[\W_]|\d", "", word)
    with_digits = any(map(str.isdigit, word)) and word[0].isalpha() and any(map(str.isupper, letters))
    inner = bool(re.search(r"[a-zà-ÿ][A-Z]", re.split(r"[-/&]", word)[0])) and "/" not in word
    signs = bool(re.search(r"\w[+_]\w", word)) and any(map(str.isupper, letters))
    return with_digits or inner or signs


def _codes(title: str) -> Iterator[Found[str]]:
    """Yield words that are codes wherever they stand in the title."""
    for match in _TOKEN.finditer(title):
        word = match[0].rstrip(".-")
        if _is_code(word) and not re.search(
            r"\b(?:horizon|agenda|legge|art\.?|interreg|erasmus\+?)\s$", fold(title[: match.start()])
        ):
            yield Found(word, match.start(), match.start() + len(word))


def _bracketed(title: str) -> Found[str] | None:
    """Return a code in brackets: after its expansion (SHWM), or before the title as in (Co+4S+T)."""
    for match in _BRACKETED.finditer(title):
        inner = match["inner"]
        if " " in inner or _COMMON.fullmatch(fold(inner)) or not _TOKEN.fullmatch(inner):
            continue
        before = title[: match.start()]
        capitals = inner.isupper() and inner.isalpha()
        if _is_code(inner) or (
            capitals and (_spells(inner, before) or (len(inner) >= 3 and not shouts(title)))
        ):
            return Found(inner, match.start("inner"), match.end("inner"))
    return None


def _spells(code: str, words: str) -> bool:
    """Tell whether the initials of `words` spell `code`, small words skipped or not."""
    initials = "".join(word[0] for word in re.findall(r"[^\W\d_]+", fold(words)))
    wanted = iter(initials)
    return (
        len(code) >= 2 and all(letter in wanted for letter in fold(code)) and len(initials) <= 3 * len(code)
    )


def _leading(title: str) -> Found[str] | None:
    """Return a word in capitals that opens a title, set off from its words: MATILDE – Migration Impact …"""
    opening = _LEADING.match(fold(title))
    place = opening.end() if opening else 0
    token = _TOKEN.match(title, place)
    if not token:
        return None
    word = token[0].rstrip(".-")
    end = token.start() + len(word)
    after = _PHASE.match(fold(title), end)
    rest_start = after.end() if after else end
    if _COMMON.fullmatch(fold(word)) or not word.isupper() or not word.replace("-", "").isalpha():
        return None
    if not 2 <= len(word) <= 14:
        return None
    spelled = not re.search(r"[AEIOUY]", word) and 3 <= len(word) <= 6 and not shouts(title[end:])
    named = spelled or (place > 0 and not shouts(title))  # "Progetto SHWM Libano" names it without a mark
    if not named and not _SEPARATED.match(title, rest_start) and not after:
        return None
    rest = title[rest_start:]
    return Found(word, token.start(), end) if _stands_out(word, title[:place], rest) else None


def _stands_out(word: str, before: str, rest: str) -> bool:
    """Tell whether capitals are this word's own: its title has none, or spells it, or nobody could say it."""
    if _spells(word, rest):
        return True
    vowels = re.search(r"[AEIOUY]", word) is not None
    if not vowels:
        return True
    others = re.sub(r"[\W\d_]", "", before + rest)
    return bool(others) and not shouts(before + rest) and len(word) >= 3
