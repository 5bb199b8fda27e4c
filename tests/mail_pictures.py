"""Mails side by side as pages to be photographed: three languages; dark, narrow and as plain text."""

from html import escape
from pathlib import Path

from notifier.render import TOKEN_PLACE
from notifier.words import LANGUAGES
from tests.mail_samples import CASES, TOKEN, letter

SHEETS = {"mails-languages": (1246, 930), "mails-looks": (1246, 930)}
"""What is photographed, and the size of the window in pixels."""


def sheets(folder: Path) -> None:
    """Write both sheets, as NAME.html, and the mails that they frame."""
    entries, envelope = CASES["first"]
    for language in LANGUAGES:
        (folder / f"{language}.html").write_text(letter(entries, language, envelope).html, "utf-8")
    plain = letter(entries, "it", envelope).text.replace(TOKEN_PLACE, TOKEN)
    _write(folder / "mails-languages.html", [_framed(language, 660, "light") for language in LANGUAGES])
    looks = [_framed("it", 660, "dark"), _framed("it", 320, "light"), _framed("it", 320, "dark")]
    _write(folder / "mails-looks.html", [*looks, f"<pre>{escape(plain)}</pre>"])


def _framed(language: str, width: int, scheme: str) -> str:
    return f'<iframe src="{language}.html" width="{width}" style="color-scheme: {scheme}"></iframe>'


def _write(path: Path, mails: list[str]) -> None:
    style = "body { display: flex; gap: 10px; margin: 0; background: #fff; zoom: 0.62 }"
    style += " iframe { height: 1500px; border: 0 } pre { font: 13px/1.3 monospace; margin: 0 }"
    path.write_text(f"<!DOCTYPE html><meta charset=utf-8><style>{style}</style>{''.join(mails)}", "utf-8")
