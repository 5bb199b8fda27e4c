"""The browser, and a house with staff whose every page it can walk."""

import os
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.staffed_house import StaffedHouse, furnish, staffed

if not os.environ.get("COOPWATCH_BROWSER"):
    collect_ignore_glob = ["test_*.py"]  # `make test` needs neither browser nor Playwright


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium without a window; skips where there is none."""
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("no Chromium: apt-get install chromium")
    # Imported by name, so that neither mypy nor the collection of other tests asks for it.
    with import_module("playwright.sync_api").sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StaffedHouse]:
    """A house with staff, served."""
    folder: Path = tmp_path_factory.mktemp("house")
    with staffed(furnish(folder / "furnished.db"), folder) as house:
        yield house
