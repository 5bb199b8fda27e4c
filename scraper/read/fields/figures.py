"""Numbers as people write them on pages: 19.290,68 and 1,283,174.00, 500mila, 1 milione e 300 mila."""

import re

# Thousands are grouped by full stops, commas, spaces or apostrophes, or broken as in 1.665369,00.
FIGURE = r"\d+(?:[.,'’](?=\d)\d+|[ \u00a0\u202f\u2009](?=\d{3}(?!\d))\d{3})*"
SCALE = (
    r"(?:mila\b|milion[ei]\b|milioni\b|millioni\b|miliard[oi]\b|millions?\b|millones\b|millon\b|"
    r"milliards?\b|billions?\b|"
    r"thousand\b|mille\b|mil\b|mln\.?\b|mio\.?\b|mld\.?\b|m(?=\s?(?:€|euro|eur\b|£|\$))|k\b|m\b(?!\.))"
)
_SCALES = {
    word: scale
    for scale, words in (
        (1e3, "mila|mille|mil|k|thousand"),
        (1e6, "milione|milioni|millioni|million|millions|millon|millones|mln|mio|m"),
        (1e9, "miliardo|miliardi|milliard|milliards|billion|billions|mld"),
    )
    for word in words.split("|")
}
_WORDS = {
    "un": 1.0,
    "uno": 1.0,
    "one": 1.0,
    "a": 1.0,
    "mezzo": 0.5,
    "due": 2.0,
    "tre": 3.0,
    "two": 2.0,
    "deux": 2.0,
    "dos": 2.0,
}
COUNT = rf"(?:{FIGURE}|\b(?:{'|'.join(_WORDS)})(?=\s+mil))"
_PART = rf"{COUNT}\s?(?:{SCALE})?"
NUMBER = re.compile(
    rf"{COUNT}\s?{SCALE}(?:\s(?:e mezzo|et demi|y medio)\b"
    rf"|\s?(?:e|et|y|and)?\s?{FIGURE}\s?(?:mila|mille|mil|k|thousand)\b)?|{FIGURE}"
)
_PIECE = re.compile(rf"(?P<count>{COUNT})\s?(?P<scale>{SCALE})?")


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
        count = _WORDS.get(piece["count"]) or figure_value(piece["count"])
        if count is None:
            return None
        scale = _SCALES.get((piece["scale"] or "").rstrip("."), 1.0)
        total += (count + (0.5 if half else 0.0)) * scale
    return round(total, 2)
