"""The anatomy of a title: its telling words, codes, phase, years and numbers, and what its initials spell."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from scraper.compare.matching.title_words import (
    BODIES,
    COMMON_WORDS,
    ORDINALS,
    PHASE_NAMES,
    PHASE_WORD,
    ROMANS,
    SMALL_WORDS,
    STOP_WORDS,
)
from scraper.compare.plain_text import plain

_SPELT = "|".join(sorted(ORDINALS, key=len, reverse=True))
_ROMANS = "|".join(sorted(ROMANS, key=len, reverse=True))
_ORDER = (
    rf"(?:(?P<digits>\d{{1,2}})\s*(?:°|a|o|st|nd|rd|th|e|er|re|ère|eme|ème)?"
    rf"|(?P<word>{_SPELT})|(?P<roman>{_ROMANS}))"
)
_PHASE_FORMS = (
    re.compile(rf"\b{_ORDER}\s*-?\s*{PHASE_WORD}\b"),  # seconda fase, 2a edizione, II phase
    re.compile(rf"\b{PHASE_WORD}\s*-?\s*(?:n\.?\s*)?{_ORDER}(?!\w)"),  # fase 2, phase II
    re.compile(r"(?<=\s)(?P<digits>\d)\.0\b"),  # Smart 2.0
    re.compile(r"(?<=\w[\s-])(?P<roman>ii|iii|iv|vi|vii|viii|ix)(?=$|[\s:,;.)-])"),  # COPRA II
    re.compile(r"(?<=[^\W\d][\s-])(?P<digits>\d{1,2})$"),  # MC2CM 2
    re.compile(r"(?<=\w)\s(?P<digits>\d)\s?(?=-|:)"),  # MC2CM 2 - City to City
    re.compile(r"(?P<digits>\d{1,2})°"),  # 2° MC2CM
)


_SPELLINGS = (
    ("ou", "u"),
    ("y", "i"),
    ("j", "i"),
    ("ck", "c"),
    ("k", "c"),
    ("q", "c"),
    ("w", "v"),
    ("z", "s"),
)


@dataclass(frozen=True, slots=True)
class Name:
    """What a title says: `words` are its telling words, folded, and `spelt` as they are written.

    `codes` are its acronyms, in small letters; `language` is given where its small words leave no doubt.
    `letters` are the words in order as initials are taken from them, small ones included; `proper` are the
    folded words that look like names of places or people.
    """

    plain: str
    words: tuple[str, ...]
    spelt: tuple[str, ...]
    codes: frozenset[str]
    phase: int | None
    years: frozenset[str]
    numbers: frozenset[str]
    letters: tuple[str, ...]
    proper: frozenset[str]
    language: str | None


@lru_cache(maxsize=50_000)
def name(title: str) -> Name:
    """Return the anatomy of a title."""
    reduced = plain(title)
    phase, rest = _phase(reduced)
    pieces = re.findall(r"\w+", re.sub(r"\b(\w)\.(?=\w\b)", r"\1", rest))
    years = frozenset(piece for piece in pieces if re.fullmatch(r"(?:19|20)\d\d", piece))
    numbers = frozenset(piece for piece in pieces if piece.isdecimal()) - years
    telling = tuple(piece for piece in pieces if piece not in STOP_WORDS and not piece.isdecimal())
    return Name(
        plain=reduced,
        words=tuple(map(fold, telling)),
        spelt=telling,
        codes=_codes(title),
        phase=phase,
        years=years,
        numbers=numbers,
        letters=tuple(map(_bare, pieces)),
        proper=_proper(title),
        language=_language(pieces),
    )


def is_common(word: str) -> bool:
    """Tell whether a folded word stands in any project's title and so tells little."""
    return word in _FOLDED_COMMON


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """Return a word as its spellings agree: Hawassa and Awassa, Kenya and Kenia."""
    folded = _bare(word)
    if any(sign.isdecimal() for sign in folded):
        return folded
    for one, other in _SPELLINGS:
        folded = folded.replace(one, other)
    folded = folded.replace("h", "")
    return re.sub(r"(.)\1", r"\1", folded) or word


def spells(code: str, letters: tuple[str, ...]) -> bool:
    """Tell whether consecutive words begin with the signs of `code` (MC2CM: Mediterranean City to City …)."""
    return len(code) > 2 and any(_spelt_from(code, letters[at:]) for at in range(len(letters)))


def initials(letters: tuple[str, ...]) -> frozenset[str]:
    """Return every code of three to eight letters that the initials of consecutive words make."""
    telling = [word[0] for word in letters if word not in STOP_WORDS]
    return frozenset(
        "".join(telling[at : at + size])
        for at in range(len(telling))
        for size in range(3, min(8, len(telling) - at) + 1)
    )


def _bare(word: str) -> str:
    parts = unicodedata.normalize("NFD", word)
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


_NO_CODES = BODIES | COMMON_WORDS | STOP_WORDS | PHASE_NAMES | set(ORDINALS) | set(ROMANS)
_FOLDED_COMMON = frozenset(fold(word) for word in COMMON_WORDS)


def _language(pieces: list[str]) -> str | None:
    counts = {language: sum(piece in words for piece in pieces) for language, words in SMALL_WORDS.items()}
    most = max(counts.values())
    leading = [language for language, count in counts.items() if count == most]
    return leading[0] if len(leading) == 1 else None


def _proper(title: str) -> frozenset[str]:
    """Return the capitalised words after the first, where capitals are not the rule of the title."""
    words = [word for word in re.findall(r"[^\W\d_]{3,}", title) if word.lower() not in STOP_WORDS]
    capitalised = [word for word in words[1:] if word.istitle()]
    if len(capitalised) > 0.6 * len(words):
        return frozenset()
    return frozenset(fold(word.lower()) for word in capitalised)


def _phase(reduced: str) -> tuple[int | None, str]:
    for pattern in _PHASE_FORMS:
        found = pattern.search(reduced)
        if found:
            return _number(found), f"{reduced[: found.start()]} {reduced[found.end() :]}"
    return None, reduced


def _number(found: re.Match[str]) -> int:
    groups = found.groupdict()
    if groups.get("digits"):
        return int(groups["digits"])
    return ORDINALS.get(groups.get("word") or "") or ROMANS[groups["roman"]]


def _codes(title: str) -> frozenset[str]:
    dotted = re.sub(r"\b(\w)\.\s?(?=\w\b)", r"\1", title)  # S.M.A.R.T.
    spelt_out = {code.lower().replace(".", "") for code in re.findall(r"\b(?:\w\.\s?){2,}\w?\b", title)}
    tokens = [
        token
        for token in re.findall(r"[^\W_]+(?:[_+][^\W_]+)*", dotted)
        if token.lower() not in _NO_CODES and len(token) > 1
    ]
    shouted = len(tokens) > 1 and sum(token.isupper() for token in tokens) > 0.6 * len(tokens)
    codes = {token.lower() for token in tokens if _is_code(token, shouted)}
    return frozenset(code.replace(" ", "") for code in codes | spelt_out)


def _is_code(token: str, shouted: bool) -> bool:
    if token.isdecimal() or re.fullmatch(r"\d+[a-z]{1,3}", token):
        return False
    if re.search(r"\d", token) and re.search(r"[^\W\d]", token):
        return True
    inner_capital = bool(re.search(r"[a-zà-ú][A-Z]", token))
    return inner_capital or (token.isupper() and len(token) > 2 and not shouted)


def _spelt_from(code: str, letters: tuple[str, ...]) -> bool:
    if not code:
        return True
    if not letters:
        return False
    word, rest = letters[0], letters[1:]
    if code[0] == word[0] or (code[0], word) in {("2", "to"), ("4", "for"), ("4", "per")}:
        return _spelt_from(code[1:], rest)
    return word in STOP_WORDS and _spelt_from(code, rest)
