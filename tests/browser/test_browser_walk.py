"""A real browser walks every page: no fault, no violation that axe finds, nothing beyond a narrow window."""

from importlib import import_module
from typing import Any

import pytest

from tests.browser.walking import walking
from tests.staff_accounts import PASSWORD
from tests.staffed_house import StaffedHouse
from tests.test_web_staff_doors import LOOKING, ROLES

pytestmark = pytest.mark.browser

PUBLIC = (
    "/",
    "/pages/1",
    "/pages/1/compare?before=1&after=7",
    "/captures/7",
    "/projects",
    "/projects/torino/4",
    "/projects/torino/4/compare?before=1&after=7",
    "/search?q=progetto",
    "/changes",
    "/changes/4",
    "/subscribe",
    "/accessibility",
    "/nix",
    "/staff/sign-in",
)
OFFICE = (
    *(path for path in LOOKING if not path.endswith(("/page", "/bytes"))),
    "/staff/captures/14",
    "/staff/reviews/2",
    "/staff/reviews/3",
    "/staff/deliveries?to=nobody",
)
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 800}},
    "forced": {"forced_colors": "active"},
}


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(browser: Any, house: StaffedHouse, look: str) -> None:
    """Every public page and every page of the office, with its closed parts opened."""
    axe = import_module("axe_playwright_python.sync_playwright").Axe()
    with walking(browser, house, "administrator", **LOOKS[look]) as page:
        for address in (*PUBLIC, *OFFICE):
            page.goto(address)
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            found = axe.run(
                page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
            )
            assert found.violations_count == 0, (address, found.generate_report())


@pytest.mark.parametrize("address", [*PUBLIC, *OFFICE])
def test_nothing_lies_beyond_a_narrow_window(browser: Any, house: StaffedHouse, address: str) -> None:
    """At 320 pixels a page never scrolls sideways as a whole (WCAG 1.4.10)."""
    with walking(browser, house, "administrator", **LOOKS["narrow"]) as page:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


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
