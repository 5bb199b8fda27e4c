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


def test_a_link_in_the_frame_leads_nowhere(browser: Any, house: StaffedHouse) -> None:
    """Pressing it is blocked, as the frame may hold captures of ours alone; at most Chromium knocks."""
    with outside() as (port, heard), walking(browser, house, "auditor") as page:
        page_with_link = f'<!doctype html><h1>Progetti</h1><a href="http://127.0.0.1:{port}/">fuori</a>'
        number = captured(house, page_with_link.encode())
        page.goto(f"/staff/captures/{number}")
        page.frames[-1].get_by_text("fuori").click()
        page.wait_for_timeout(1000)
        assert set(heard) <= {KNOCK} and page.url.endswith(f"/staff/captures/{number}")


def test_the_trap_works(browser: Any, house: StaffedHouse, tmp_path: Path) -> None:
    """The same page opened as it is does run and does load: the tests above can fail."""
    with outside() as (port, heard), walking(browser, house) as page:
        file = tmp_path / "hostile.html"
        file.write_text(HOSTILE.replace(OUTSIDE, f"http://127.0.0.1:{port}"), "utf-8")
        page.goto(file.as_uri(), wait_until="commit")
        page.wait_for_timeout(1500)
        assert len(heard) > 5
