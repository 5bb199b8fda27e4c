"""The public pages before html-validate, a judge of HTML as it is written down that is not ours."""

from pathlib import Path

import pytest

from tests.browser.test_browser_mails import complaints
from tests.staffed_house import StaffedHouse
from tests.walked_pages import PUBLIC, UNKNOWN

pytestmark = pytest.mark.browser


def test_html_validate_finds_nothing_on_public_pages(house: StaffedHouse, tmp_path: Path) -> None:
    """Every page that a stranger sees, the one behind a long digest and that of the checkpoints included."""
    pages = {}
    for number, address in enumerate((*PUBLIC, *UNKNOWN)):
        file = tmp_path / f"{number}.html"
        file.write_text(house.client.get(address, headers={"Accept-Language": "it"}).text, "utf-8")
        pages[file.name] = address
    assert "0 progetti" not in (tmp_path / f"{PUBLIC.index('/changes?after=0&upto=99')}.html").read_text(
        "utf-8"
    )
    found = [(pages[name], rule, words) for name, rule, words in complaints(sorted(tmp_path.iterdir()))]
    assert found == []
