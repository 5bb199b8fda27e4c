"""The laboratory as a fixture: its servers run once for all its tests."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from notifier.dkim import DkimKey, create_dkim_key
from tests.mail_laboratory.laboratory import Laboratory, running_laboratory
from tests.mail_laboratory.recipes import DKIM_SELECTOR
from tests.mail_laboratory.refusing import refusing_server

if not os.environ.get("COOPWATCH_LABORATORY"):
    collect_ignore_glob = ["test_*.py"]  # `make test` needs no mail server from Debian


@pytest.fixture(scope="session")
def dkim_key(tmp_path_factory: pytest.TempPathFactory) -> DkimKey:
    """The key whose public half stands in the laboratory's DNS."""
    return create_dkim_key(tmp_path_factory.mktemp("keys") / "dkim.pem", "example.org", DKIM_SELECTOR)


@pytest.fixture(scope="session")
def laboratory(dkim_key: DkimKey) -> Iterator[Laboratory]:
    """The servers, running."""
    folder = Path(os.environ["COOPWATCH_LABORATORY"])
    with refusing_server(), running_laboratory(folder, dkim_key.record) as laboratory:
        yield laboratory
