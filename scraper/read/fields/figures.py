"""Numbers as people write them on pages: 19.290,68 and 1,283,174.00, 500mila, duecentomila, 1 milione e 300
mila."""

import re

# Thousands are grouped by full stops, commas, spaces or apostrophes, or broken as in 1.665369,00.
FIGURE = r"\d+(?:[.,'’](?=\d)\d+|[ \u00a0\u202f\u2009](?=\d{3}(?!\d))\d{3})*"
SCALE = (
    r"(?:mila\b|milion[ei]\b|milioni\b|millioni\b|miliard[oi]\b|millions?\b|millones\b|millon\b|"
    r"milliards?\b|billions?\b|"
    r"millionen\b|milliarden?\b|tausend\b|tsd\b\.?|milhoes\b|milhao\b|"
    r"thousand\b|mille\b|mil\b|(?:mln|mio|mld|tsd)\b\.?|m(?=\s?(?:€|euro|eur\b|£|\$))|k\b|m\b(?!\.))"
)
_SCALES = {
    word: scale
    for scale, words in (
        (1e3, "mila|mille|mil|k|thousand|tausend|tsd"),
        (1e6, "milione|milioni|millioni|million|millions|millon|millones|mln|mio|m|millionen|milhao|milhoes"),
        (1e9, "miliardo|miliardi|milliard|milliards|billion|billions|mld|milliarde|milliarden"),
    )
    for word in words.split("|")
}
_UNITS = (
    (0.5, "mezzo|half a|medio|un demi"),
    (1, "un|uno|one|a|una|une"),
    (2, "due|two|deux|dos"),
    (3, "tre|three|trois|tres"),
    (4, "quattro|four|quatre|cuatro"),
    (5, "cinque|five|cinq|cinco"),
    (6, "sei|six|seis"),
    (7, "sette|seven|sept|siete"),
    (8, "otto|eight|huit|ocho"),
    (9, "nove|nine|neuf|nueve"),
    (10, "dieci|ten|dix|diez"),
    (11, "undici|eleven|onze|once"),
    (12, "dodici|twelve|douze|doce"),
    (13, "tredici|thirteen|treize|trece"),
    (14, "quattordici|fourteen|quatorze|catorce"),
    (15, "quindici|fifteen|quinze|quince"),
    (16, "sedici|sixteen|seize|dieciseis"),
    (17, "diciassette|seventeen|diecisiete"),
    (18, "diciotto|eighteen|dieciocho"),
    (19, "diciannove|nineteen|diecinueve"),
    (20, "venti|vent|twenty|vingt|veinte|veinti"),
    (30, "trenta|trent|thirty|trente|treinta"),
    (40, "quaranta|quarant|forty|quarante|cuarenta"),
    (50, "cinquanta|cinquant|fifty|cinquante|cincuenta"),
    (60, "sessanta|sessant|sixty|soixante|sesenta"),
    (70, "settanta|settant|seventy|septante|setenta"),
    (80, "ottanta|ottant|eighty|quatre-vingt|quatre-vingts|ochenta"),
    (90, "novanta|novant|ninety|nonante|noventa"),
    (100, "cento|hundred|cent|cents|cien|ciento|cientos|cientas"),
    (500, "quinientos|quinientas"),
)  # folded; it, en, fr, es
_WORDS = {word: float(value) for value, words in _UNITS for word in words.split("|")}
_WORD = re.compile("|".join(sorted(_WORDS, key=len, reverse=True)))
# trecento, cento venti, two hundred and fifty, cincuenta y cinco: words of numbers, run together or not
SPELT = rf"\b(?:{_WORD.pattern})(?:[\s-]?(?:(?:e|et|y|and)\s)?(?:{_WORD.pattern})){{0,5}}"
COUNT = rf"(?:{FIGURE}|{SPELT}(?=\s?(?:mil|thousand|bill)))"
_PART = rf"{COUNT}\s?(?:{SCALE})?"
NUMBER = re.compile(
    rf"{COUNT}\s?{SCALE}(?:\s(?:e mezzo|et demi|y medio|and a half)\b"
    rf"|\s?(?:e|et|y|and)?\s?{COUNT}\s?(?:mila|mille|mil|k|thousand)\b)?|{FIGURE}"
)
_PIECE = re.compile(rf"(?P<count>{COUNT})\s?(?P<scale>{SCALE})?")


def _spelt_value(written: str) -> float:
    """Return the value of a folded number written in words below a thousand: duecentocinquanta."""
    total = 0.0
    for word in _WORD.findall(re.sub(r"\b(?:e|et|y|and)\b", " ", written)):
        value = _WORDS[word]
        total = max(total, 1.0) * value if value == 100 else total + value
    return total


def figure_value(written: str) -> float | None:
    """Return the value of a figure such as 19.290,68, 1,283,174.00 or the broken 1.665369,00, or None."""
    text = re.sub(r"[\s'’\u00a0\u202f\u2009]", "", written)
    if not text or not text[0].isdigit():
        return None
    marks = [character for character in text if character in ".,"]
    if not marks:
        return float(text)
    last = max(text.rfind("."), text.rfind(","))
    decimals = len(text) - last - 1
    grouped = decimals == 3 and len(set(marks)) == 1 and not text.startswith("0")
    if grouped or (marks.count(text[last]) > 1 and decimals == 3):
        return float(re.sub(r"[.,]", "", text))
    if marks.count(text[last]) > 1 and len(set(marks)) == 1 and decimals not in {1, 2}:
        return float(re.sub(r"[.,]", "", text))
    return float(re.sub(r"[.,]", "", text[:last]) + "." + text[last + 1 :])


def number_value(written: str) -> float | None:
    """Return the value of a folded number with its words: 1 milione e 300 mila, 2,5 milioni, 500mila."""
    total = 0.0
    half = re.search(r"(?:e mezzo|et demi|y medio)$", written)
    for piece in _PIECE.finditer(written, 0, half.start() if half else len(written)):
        count = figure_value(piece["count"])
        if count is None:
            count = _spelt_value(piece["count"])
        scale = _SCALES.get((piece["scale"] or "").rstrip("."), 1.0)
        total += (count + (0.5 if half else 0.0)) * scale
    return round(total, 2)
