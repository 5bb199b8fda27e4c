"""Why a page or a run was held, in the reader's language: complete, and never without words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from notifier.corrections import WAITS
from notifier.holding import CANARY
from notifier.reasons import reason_in
from notifier.runs import LOST
from notifier.words import words
from store.run_decisions import BY_HAND, RESTORED

ROOT = Path(__file__).parent.parent
SPEAKERS = ("scraper/compare", "scraper/read/pagestate.py", "scraper/read/wording.py", "scraper/fetch")
"""Where the words of verdicts are written."""

CALLS = {"VisitFailed", "Failure", "Wording", "UnreadableError", "Verdict"}
TRANSLATED = ("it", "fr")


def blank(text: str) -> str:
    """Return a reason with its values left out, whatever they are called."""
    return re.sub(r"\{\w*\}", "{}", text)


def written(node: ast.expr | None) -> Iterator[str]:
    """Yield the texts that an expression can come to, each value as {}."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
        case ast.IfExp(body=first, orelse=second):
            yield from (*written(first), *written(second))
        case ast.BinOp(left=left, right=right):
            yield from (one + other for one in written(left) for other in written(right))
        case ast.BoolOp(values=items) | ast.Tuple(elts=items):
            yield from (text for item in items for text in written(item))


def reasons() -> set[str]:
    """Return every reason that stands in the scraper's sources."""
    found: set[str] = set()
    for place in SPEAKERS:
        for path in (ROOT / place).rglob("*.py") if (ROOT / place).is_dir() else [ROOT / place]:
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                match node:
                    case ast.Call(func=ast.Name(id=name), args=given) if name in CALLS:
                        found |= {text for one in given for text in written(one)}
                    case ast.Yield(value=value) if path.name == "belief.py":
                        found |= set(written(value))
                    case ast.Return(value=value) if path.name in {"belief.py", "fold.py", "pagestate.py"}:
                        found |= set(written(value))
                    case ast.Assign(targets=[ast.Name(id="reason")], value=value):
                        found |= set(written(value))
    return {blank(text) for text in found if " " in text}


def grounds() -> set[str]:
    """Return every ground on which a pair of projects is doubted, which staff alone read."""
    found: set[str] = set()
    for name in ("weighing", "pairing"):
        tree = ast.parse((ROOT / f"scraper/compare/matching/{name}.py").read_text("utf-8"))
        whole = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                whole |= {id(part) for part in node.values}
            if id(node) not in whole and isinstance(node, ast.Constant | ast.JoinedStr):
                found |= set(written(node))
    return {blank(text) for text in found if len(text.replace("{}", "").split()) > 1}


def run_reasons() -> set[str]:
    """Return every reason for which a run waits for staff."""
    found = {WAITS, BY_HAND, RESTORED}
    for name in ("holding", "runs"):
        for maker in ast.walk(ast.parse((ROOT / f"notifier/{name}.py").read_text("utf-8"))):
            match maker:
                case ast.FunctionDef(name="_of_source" | "reasons_to_hold" | "_trouble" | "_overdue"):
                    for node in ast.walk(maker):
                        match node:
                            case ast.Call(func=ast.Attribute(attr="append"), args=[value]):
                                found |= set(written(value))
                            case ast.Return(value=value):
                                found |= set(written(value))
    named = {re.sub(r"^{}'s", f"{CANARY}'s", text) for text in found}
    told = {text.replace("mail is {}", f"mail is {state}") for text in named for state in LOST}
    return {text for text in told if " " in text}


def catalogue(language: str) -> dict[str, str]:
    """Return how each English reason is said in a language."""
    lines = (ROOT / f"notifier/locale/{language}/reasons.po").read_text("utf-8").splitlines(keepends=True)
    return {str(one.id): str(one.string) for one in read_po(lines, locale=language) if one.id}


def test_the_sources_are_understood() -> None:
    """The collection above finds reasons of every kind; else the next test would hold for nothing."""
    assert {
        "no answer came",
        "{} of {} projects are gone",
        "HTTP {}: the page was not found",
        "the page ends inside a tag",
        "the page says that it has moved elsewhere",
        "the page shows no text; it is drawn by scripts",
        "{} lies on a private address, and the source does not list it under private",
        "the first visit is the baseline",
    } <= reasons()
    assert {
        "{}: {} projects were removed: more than {}",
        "it was due long ago, on {}",
        "the canary's mail is bounced: {}",
        "the canary's mail was accepted and not found in the archive within an hour",
    } <= run_reasons()


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_reason_has_words(language: str) -> None:
    """Whatever holds a visit or a run can be told in Italian and French, with the same values."""
    said = catalogue(language)

    assert (reasons() | run_reasons()) - {blank(english) for english in said} == set()
    unequal = [
        english
        for english, text in said.items()
        if sorted(re.findall(r"\{\w+\}", english)) != sorted(re.findall(r"\{\w+\}", text))
    ]
    assert unequal == []


def test_every_ground_of_doubt_has_italian_words() -> None:
    """Why two projects may be one is told to staff in their language, with the words of both titles in it."""
    assert "the same CUP" in grounds() and "the titles share {}" in grounds()
    assert grounds() - {blank(english) for english in catalogue("it")} == set()
    assert (
        reason_in("phase 2 is stated on one side only", words("it")).text
        == "la fase 2 è indicata da una parte sola"
    )


@pytest.mark.parametrize(
    ("reason", "italian"),
    [
        ("3 of 8 projects are gone", "3 progetti su 8 non ci sono più"),
        (
            "the field programmes is no longer stated for 4 of 5 projects",
            "il campo «programmi di finanziamento» non è più indicato per 4 progetti su 5",
        ),
        (
            "Acqua: luce, gas: no longer among the projects, yet the page still names it",
            "Acqua: luce, gas: non più tra i progetti, eppure la pagina lo nomina ancora",
        ),
        (
            "the page shows no text; it is drawn by scripts",
            "la pagina non mostra testo; la disegnano degli script",
        ),
        (
            "borgoalto: 6 projects changed and there were 5: more than 30 %",
            "borgoalto: progetti cambiati 6, presenti prima 5 (soglia: 30 %)",
        ),
        (
            "it was due long ago, on 2026-11-02",
            "doveva partire molto tempo fa: 2 novembre 2026",
        ),
    ],
)
def test_a_reason_is_told_in_italian(reason: str, italian: str) -> None:
    """Numbers, titles and addresses stay, names of fields and days are put into words."""
    told = reason_in(reason, words("it"))

    assert (told.text, told.language) == (italian, "it")


def test_what_nobody_has_put_into_words_is_shown_as_it_is() -> None:
    """A reason of another version stays readable, and says that it is English."""
    told = reason_in("the moon was full", words("fr"))

    assert (told.text, told.language) == ("the moon was full", "en")
    assert reason_in("no answer came", words("en")).language == "en"
