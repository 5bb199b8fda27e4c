"""`make pictures`: take docs/pictures of the demo's web pages, of digests, and of the staff's pages."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.demo.mailbox import letters
from tests.commands import COOPWATCH, environment
from tests.mail_pictures import SHEETS, sheets
from tests.staff_pictures import OFFICE, office

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
PAGES = {
    "watched": ("/?lang=it", 1100, 1150),
    "history": ("/pages/1?lang=it", 1100, 1350),
    "comparison": ("/pages/1/compare?before=1&after=4&lang=it", 1100, 1450),
    "project": ("/projects/torino/7?lang=it", 1100, 1500),
    "search": ("/search?q=acqua&lang=it", 1100, 900),
}
"""What is photographed: the page's path, and the size of the window in pixels."""


def main() -> None:
    """Take every picture; ends with an error where there is no Chromium."""
    browser = shutil.which("chromium")
    if browser is None:
        sys.exit("error: no chromium found\nhint: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as address:
        for name, (path, width, height) in PAGES.items():
            photograph(browser, address + path, PICTURES / f"{name}.png", width, height)
        digest = Path(folder) / "digest.html"
        digest.write_text(html_of_first_digest(Path(folder)), "utf-8")
        photograph(browser, digest.as_uri(), PICTURES / "digest.png", 700, 1500)
        sheets(Path(folder))
        for name, (width, height) in SHEETS.items():
            sheet = Path(folder, f"{name}.html").as_uri()
            photograph(browser, sheet, PICTURES / f"{name}.png", width, height)
    with office() as address:
        for name, (path, width, height) in OFFICE.items():
            photograph(browser, address + path, PICTURES / f"{name}.png", width, height)


@contextmanager
def demo(data: Path) -> Iterator[str]:
    """Run the demo in a process of its own and yield the address of its web pages."""
    command = [str(COOPWATCH), "demo", "--data", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment())
    try:
        assert process.stdout is not None
        found = next(match for line in process.stdout if (match := re.search(r"pages:\s+(http\S+)", line)))
        yield found[1]
    finally:
        process.terminate()
        process.wait()


def html_of_first_digest(data: Path) -> str:
    """Return the HTML part of the first digest in the demo's mailbox."""
    body = letters(data / "demo" / "mailbox")[0].message.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def photograph(browser: str, address: str, picture: Path, width: int, height: int) -> None:
    """Let a headless browser, with a profile of its own, take a picture of an address."""
    with tempfile.TemporaryDirectory() as profile:
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"]
        options += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
        options += [
            f"--user-data-dir={profile}",
            f"--window-size={width},{height}",
            f"--screenshot={picture}",
        ]
        subprocess.run([browser, *options, address], check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    main()
