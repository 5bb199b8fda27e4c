"""Rendered mails before judges that are not ours: html-validate, and axe in a browser."""

import json
import subprocess
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from notifier.links import Links
from notifier.render import confirmation_letter, link_letter
from notifier.words import LANGUAGES, words
from tests.browser.test_browser_walk import LOOKS
from tests.digest_samples import START
from tests.mail_samples import CASES, PUBLIC, WEEKLY, letter, projects

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parent.parent.parent
VALIDATOR = ROOT / ".venv" / "npm" / "node_modules" / ".bin" / "html-validate"
RULES = Path(__file__).parent / "html-validate.json"


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Every sort of mail in every language, as HTML files."""
    folder, made = tmp_path_factory.mktemp("mails"), {}
    for language in LANGUAGES:
        for name, (entries, envelope) in CASES.items():
            made[f"{name}_{language}"] = letter(entries, language, envelope)
        made[f"long_{language}"] = letter(projects(100), language)
        tongue, links = words(language), Links(PUBLIC)
        made[f"confirmation_{language}"] = confirmation_letter(WEEKLY, START, links, tongue)
        made[f"link_{language}"] = link_letter(f"{PUBLIC}/x", START, "coopwatch", links, tongue)
    for name, one in made.items():
        (folder / f"{name}.html").write_text(one.html, "utf-8")
    return sorted(folder.iterdir())


def complaints(files: list[Path]) -> list[tuple[str, str, str]]:
    """Return what html-validate finds: file, rule and words."""
    if not VALIDATOR.exists():
        pytest.skip("no html-validate: `make test-browser` installs it")
    said = files[0].parent.with_suffix(".json")  # a pipe would be cut off at its end
    command = [str(VALIDATOR), "--config", str(RULES), f"--formatter=json={said}", *map(str, files)]
    run = subprocess.run(command, check=False, capture_output=True, text=True, cwd=files[0].parent)
    assert run.returncode in {0, 1}, run.stderr
    return [
        (Path(one["filePath"]).name, found["ruleId"], found["message"])
        for one in json.loads(said.read_text("utf-8") or "[]")
        for found in one["messages"]
    ]


def test_check_09_html_validate_finds_nothing(mails: list[Path]) -> None:
    """All sorts of mails in three languages follow HTML as it is written down."""
    assert complaints(mails) == []


def test_html_validate_would_find_something(tmp_path: Path) -> None:
    """The check above can fail."""
    (tmp_path / "bad.html").write_text(
        '<!DOCTYPE html><html><head><title>x</title></head><td align="x">', "utf-8"
    )
    assert {rule for _, rule, _ in complaints([tmp_path / "bad.html"])} >= {"no-deprecated-attr"}


@pytest.mark.parametrize("look", LOOKS)
def test_check_09_axe_finds_nothing(browser: Any, mails: list[Path], look: str) -> None:
    """Names, tables, languages, contrasts (4.5:1, computed, light and dark), and nothing left unsure."""
    axe = import_module("axe_playwright_python.sync_playwright").Axe()
    context = browser.new_context(**LOOKS[look])
    page = context.new_page()
    for mail in mails:
        page.goto(mail.as_uri())
        found = axe.run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, (mail.name, found.generate_report())
        if look != "forced":  # there the reader's own colours stand in for ours, unseen by axe
            assert found.response["incomplete"] == [], mail.name
        if look == "narrow":
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, mail.name
    context.close()


def test_a_mail_asks_the_network_for_nothing(browser: Any, mails: list[Path]) -> None:
    """Opening one makes no request but that for the file itself (check 8, seen from a browser)."""
    asked: list[str] = []
    context = browser.new_context()
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    for mail in mails:
        page.goto(mail.as_uri())
    context.close()
    assert asked == [mail.as_uri() for mail in mails]
