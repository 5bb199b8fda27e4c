"""The golden pages: folders with a body, how it arrived, and what it says."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scraper.records import Capture
from scraper.sources import Source, WatchedPage

GOLDEN = Path(__file__).parent / "golden"
_AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class GoldenPage:
    """One golden page: its folder's name, the visit that brought it, whose page it is, and what is
    expected."""

    name: str
    capture: Capture
    source: Source | None
    expected: dict[str, Any]


def golden_pages() -> list[GoldenPage]:
    """Return every golden page, by name."""
    return [_page(folder) for folder in sorted(GOLDEN.iterdir()) if folder.is_dir()]


def _page(folder: Path) -> GoldenPage:
    meta = json.loads((folder / "meta.json").read_text("utf-8"))
    body = next(path for path in sorted(folder.iterdir()) if path.stem == "input").read_bytes()
    headers = [(name, value) for name, value in meta.get("headers", [])]
    if not any(name.lower() == "content-type" for name, _ in headers) and meta.get("content_type"):
        headers.append(("Content-Type", meta["content_type"]))
    capture = Capture(url=meta["url"], at=_AT, status=meta["status"], headers=tuple(headers), body=body)
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    return GoldenPage(folder.name, capture, _source(meta), expected)


def _source(meta: dict[str, Any]) -> Source | None:
    names = meta.get("publisher")
    if not names:
        return None
    pages = (WatchedPage(address=meta["url"]),)
    return Source(name="golden", title=names[0], publisher=names[0], aliases=tuple(names[1:]), pages=pages)
