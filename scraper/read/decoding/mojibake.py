"""Repair of letters that some earlier program read in the wrong charset."""

import re

_WESTERN = "windows-1252"
# UTF-8 read as windows-1252 (or Latin-1): a lead byte's character, then one to three continuation bytes'
# characters.
_CONTINUATIONS = "".join(
    sorted({bytes([code]).decode(_WESTERN, "ignore") for code in range(0x80, 0xC0)} - {""})
    + [chr(code) for code in range(0x80, 0xA0)]
)
_TWICE_READ = re.compile(
    f"(?:[Â-ß][{_CONTINUATIONS}]|[à-ï][{_CONTINUATIONS}]{{2}}|[ð-ô][{_CONTINUATIONS}]{{3}})+"
)
# "Ã" before an ordinary space is what is left of "Ã" + no-break space, the misread "à" at a word's end.
_LOST_SPACE = re.compile(r"(?<=[a-zA-Z])Ã (?=\W|$|[a-z])")
# Western bytes read as Central European or Baltic: the letter that each of our accented letters then becomes.
_MISREADINGS = ("iso8859-2", "windows-1250", "iso8859-4", "iso8859-10")
_OURS = "àèìòùâêîôûäëïöüáéíóúñçÀÈÌÒÙÉÊÇÑ"
_ITALIAN_WORD = (
    r"(?:\w{2,}[tsdr]%(a)s|pi%(u)s|perch%(e)s|%(e)s|cos%(i)s|pu%(o)s|gi%(u)s|gi%(a)s|per%(o)s|sar%(a)s)"
)


def _foreign_letters(charset: str) -> dict[str, str]:
    """Return what our letters look like once windows-1252 bytes are read in `charset`, and the letters
    meant."""
    pairs = {ours.encode(_WESTERN).decode(charset, "ignore"): ours for ours in _OURS}
    return {seen: ours for seen, ours in pairs.items() if seen and seen not in _OURS}


_TABLES = {charset: _foreign_letters(charset) for charset in _MISREADINGS}
_FOREIGN = re.compile(f"[{''.join(sorted(set().union(*_TABLES.values())))}]")
_WORD = re.compile(r"\w+")


def _evidence(table: dict[str, str]) -> re.Pattern[str]:
    """Return the pattern of Italian words that this misreading would leave (attivitŕ, piů, a lone č)."""
    seen = {ours: letter for letter, ours in table.items()}
    letters = {plain: seen.get(ours, ours) for plain, ours in zip("aeiou", "àèìòù", strict=True)}
    return re.compile(rf"(?<!\w){_ITALIAN_WORD % letters}(?!\w)", re.IGNORECASE)


_PROOFS = {charset: _evidence(table) for charset, table in _TABLES.items()}


def repaired(text: str) -> str:
    """Return `text` with misread letters put right; text without them is returned as it is."""
    if "Ã" in text or "Â" in text or "â" in text or "Å" in text:
        text = _TWICE_READ.sub(_read_once, text)
        text = _LOST_SPACE.sub("à ", text)
    return _westernised(text) if _FOREIGN.search(text) else text


def _read_once(match: re.Match[str]) -> str:
    try:
        return _western_bytes(match[0]).decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return match[0]


def _western_bytes(text: str) -> bytes:
    return b"".join(
        character.encode("latin-1") if "\x80" <= character <= "\x9f" else character.encode(_WESTERN)
        for character in text
    )


def _westernised(text: str) -> str:
    """Read Central European letters as ours, where the words prove that they were ours.

    Partners in Niš or Čačak keep their letters: a misreading must show in Italian words, and on a page that
    is otherwise right only the words that end in such a letter are touched.
    """
    best = max(_PROOFS, key=lambda charset: _weight(text, charset))
    table = _TABLES[best]
    if not _weight(text, best):
        return text
    everywhere = not any(letter in text for letter in "àèìòù")
    meant = str.maketrans(table)

    def put_right(match: re.Match[str]) -> str:
        word = match[0]
        return word.translate(meant) if everywhere or word[-1] in table else word

    return _WORD.sub(put_right, text)


def _weight(text: str, charset: str) -> int:
    table = _TABLES[charset]
    return sum(1 for match in _PROOFS[charset].finditer(text) if any(letter in table for letter in match[0]))
