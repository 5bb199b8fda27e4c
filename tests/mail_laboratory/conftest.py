"""The laboratory as a fixture: its servers run once for all its tests."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mail_laboratory.laboratory import Laboratory, running_laboratory
from tests.mail_laboratory.refusing import refusing_server

if not os.environ.get("COOPWATCH_LABORATORY"):
    collect_ignore_glob = ["test_*.py"]  # `make test` needs no mail server from Debian


@pytest.fixture(scope="session")
def laboratory() -> Iterator[Laboratory]:
    """The servers, running."""
    folder = Path(os.environ["COOPWATCH_LABORATORY"])
    with refusing_server(), running_laboratory(folder) as laboratory:
        yield laboratory
