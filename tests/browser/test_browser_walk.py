"""A real browser walks every page: no fault, no violation that axe finds, nothing beyond a narrow window."""

from importlib import import_module
from typing import Any

import pytest

from tests.browser.walking import walking
from tests.staff_accounts import PASSWORD
from tests.staffed_house import StaffedHouse
from tests.test_web_staff_doors import LOOKING, ROLES
from tests.walked_pages import OFFICE, PUBLIC, UNKNOWN, mailed

pytestmark = pytest.mark.browser

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 800}},
    "forced": {"forced_colors": "active"},
}


RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def flawless(page: Any, what: str) -> None:
    """Let axe look at the page, with closed parts opened; nothing lies beyond the window (WCAG 1.4.10)."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = import_module("axe_playwright_python.sync_playwright").Axe().run(page, options=RULES)
    assert found.violations_count == 0, (what, found.generate_report())
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, what


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(browser: Any, house: StaffedHouse, look: str) -> None:
    """Every page that a stranger sees, and every page of the office as whoever may see all of it."""
    with walking(browser, house, "administrator", **LOOKS[look]) as page:
        for address in (*PUBLIC, *UNKNOWN, *OFFICE):
            page.goto(address)
            flawless(page, address)


@pytest.mark.parametrize("role", ["auditor", "editor"])
def test_axe_finds_nothing_whatever_the_role(browser: Any, house: StaffedHouse, role: str) -> None:
    """The office as those see it who may less: other forms, other words, and pages that say no."""
    with walking(browser, house, role) as page:
        for address in OFFICE:
            page.goto(address)
            flawless(page, address)


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_behind_mailed_links(browser: Any, house: StaffedHouse, look: str) -> None:
    """Each page behind a mailed link, and the page that answers its last button."""
    with walking(browser, house, **LOOKS[look]) as page:
        for address in mailed(house, look):
            page.goto(address)
            flawless(page, address)
            page.locator("main button").last.click()
            flawless(page, f"the answer of {address}")


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_answers(browser: Any, house: StaffedHouse, look: str) -> None:
    """What forms say of something wrong, and of something right."""
    with walking(browser, house, **LOOKS[look]) as page:
        for address, fields in (
            ("/subscribe", {"#address": "nessuno"}),
            ("/subscribe", {"#address": f"{look}@example.org"}),
            ("/preferences", {"#address": "nessuno"}),
            ("/preferences", {"#address": f"{look}@example.org"}),
            ("/staff/sign-in", {"#name": "nessuno", "#password": "x"}),
        ):
            page.goto(address)
            for field, typed in fields.items():
                page.locator(field).fill(typed)
            page.locator("main button").last.click()
            flawless(page, f"the answer of {address} to {fields}")


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_its_pages_alone(browser: Any, house: StaffedHouse, role: str) -> None:
    """As the table says; a stranger ends at the sign-in. No page makes the browser complain."""
    with walking(browser, house, role) as page:
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        for address in OFFICE:
            answer = page.goto(address)
            least = LOOKING.get(address, "auditor")
            if role == "stranger":
                assert page.url.split("?")[0].endswith("/staff/sign-in") and answer.status == 200
            else:
                assert answer.status == (200 if ROLES.index(role) >= ROLES.index(least) else 403), address
        assert [fault for fault in faults if "status of 403" not in fault] == []


def test_everything_works_with_the_keyboard_and_without_javascript(browser: Any, house: StaffedHouse) -> None:
    """Signing in, writing a note, reading it, signing out: no pointer, no script."""
    with walking(browser, house, java_script_enabled=False) as page:
        page.goto("/staff/pages/1")
        page.locator("#name").focus()
        page.keyboard.type("editor")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/staff/pages/1")
        page.locator("#note").focus()
        page.keyboard.type("Scritta con la tastiera.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/staff/pages/1?done=note")
        assert page.get_by_text("Scritta con la tastiera.").count() == 1
        page.get_by_role("button", name="Esci").press("Enter")
        page.wait_for_url("**/")
        page.goto("/staff")
        assert "/staff/sign-in" in page.url


def test_the_way_to_the_content_comes_first(browser: Any, house: StaffedHouse) -> None:
    """The first press of Tab offers to skip the navigation, and does."""
    with walking(browser, house, "auditor") as page:
        page.goto("/staff")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
