"""A hostile capture in a real browser: nothing in it runs, and nobody outside hears of it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.browser.walking import walking
from tests.hostile_page import HOSTILE, OUTSIDE
from tests.staffed_house import StaffedHouse
from tests.test_web_staff_capture import captured

pytestmark = pytest.mark.browser

KNOCK = "a connection"
"""What is heard of somebody who connects and asks for nothing."""

PRESSED = """<!doctype html><h1>Progetti</h1><p><a id="link" href="{at}/link" ping="{at}/ping">fuori</a></p>
<p><A id="new" target="_blank"
href="{at}/new">fuori</A> <a/id="slash"/href="{at}/slash">fuori</a></p>
<form action="{at}/form"><button id="send">manda</button><input id="image" type="submit"
formaction="{at}/input" value="manda"></form>
<p><img id="picture" usemap="#map" width="80" height="80" alt="mappa"
src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==">
<map name="map"><area shape="rect" coords="0,0,80,80" href="{at}/area" alt="fuori"></map></p>
<svg width="80" height="40"><a href="{at}/svg" xlink:href="{at}/xlink"><text id="svg" y="20">fuori</text>
</a></svg>
<math href="{at}/math"><mtext id="math" href="{at}/mtext">fuori</mtext></math>"""
"""Everything in a page that may lead elsewhere when it is pressed."""


@contextmanager
def outside() -> Iterator[tuple[int, list[str]]]:
    """Listen as the outside world; yields the port, and what was heard: every connection counts."""
    heard: list[str] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.settimeout(1)
            try:
                asked = connection.recv(1000).split(b"\r\n")[0].decode("latin-1")
            except OSError:
                asked = ""
            heard.append(asked or KNOCK)
            connection.close()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], heard
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


@pytest.mark.parametrize("address", ["/staff/captures/{}", "/staff/captures/{}/page"])
def test_a_hostile_capture_runs_and_loads_nothing(browser: Any, house: StaffedHouse, address: str) -> None:
    """In its frame and opened by itself: its text and inline picture are seen, no connection is made."""
    with outside() as (port, heard), walking(browser, house, "auditor") as page:
        number = captured(house, HOSTILE.replace(OUTSIDE, f"http://127.0.0.1:{port}").encode())
        page.goto(address.format(number))
        page.wait_for_timeout(1500)
        shown = page.frames[-1]
        assert shown.get_by_text("Nulla è successo.").count() == 1
        assert shown.locator("img[alt='in linea']").evaluate("image => image.naturalWidth") == 1
        assert "ran" not in page.title() and heard == []


@pytest.mark.parametrize("address", ["/staff/captures/{}", "/staff/captures/{}/page"])
def test_a_link_leads_nowhere(browser: Any, house: StaffedHouse, address: str) -> None:
    """Whatever is pressed in a captured page, and however: no connection, though it looks a link still."""
    with outside() as (port, heard), walking(browser, house, "auditor") as page:
        number = captured(house, PRESSED.format(at=f"http://127.0.0.1:{port}").encode())
        page.goto(address.format(number))
        before, shown = page.url, page.frames[-1]
        for found in shown.locator("[id]").all():
            for how in ({}, {"modifiers": ["Control"]}, {"modifiers": ["Shift"]}, {"button": "middle"}):
                found.click(force=True, no_wait_after=True, **how)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_timeout(1500)
        assert heard == [] and page.url == before and len(page.context.pages) == 1
        line = shown.locator("#link").evaluate("link => getComputedStyle(link).textDecorationLine")
        assert line == "underline"


def test_a_link_in_a_sent_mail_leads_nowhere(browser: Any, house: StaffedHouse) -> None:
    """Staff who look at a reader's mail follow none of its links by accident."""
    with walking(browser, house, "auditor") as page:
        page.goto("/staff/deliveries/2")
        assert page.frames[-1].locator("g").count() > 0 and page.frames[-1].locator("a").count() == 0


def test_links_left_as_they_are_do_connect(browser: Any, house: StaffedHouse, tmp_path: Path) -> None:
    """The same page as it is: pressing the link is heard outside, so the silence above says something."""
    with outside() as (port, heard), walking(browser, house) as page:
        file = tmp_path / "pressed.html"
        file.write_text(PRESSED.format(at=f"http://127.0.0.1:{port}"), "utf-8")
        page.goto(file.as_uri())
        page.locator("#link").click(no_wait_after=True)
        page.wait_for_timeout(1500)
        assert heard


def test_the_trap_works(browser: Any, house: StaffedHouse, tmp_path: Path) -> None:
    """The same page opened as it is does run and does load: the tests above can fail."""
    with outside() as (port, heard), walking(browser, house) as page:
        file = tmp_path / "hostile.html"
        file.write_text(HOSTILE.replace(OUTSIDE, f"http://127.0.0.1:{port}"), "utf-8")
        page.goto(file.as_uri(), wait_until="commit")
        page.wait_for_timeout(1500)
        assert len(heard) > 5
