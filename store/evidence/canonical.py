"""One text for one value: the canonical JSON that is hashed, RFC 8785 for the values that the log uses."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

Plain = str | int | bool | None | list[str] | list[int]
"""What a field of an entry can be. No floats: RFC 8785 writes them as JavaScript would."""

DIGEST_LENGTH = len("sha256:") + 64


def canonical_json(fields: Mapping[str, Plain | Mapping[str, Plain]]) -> str:
    """Return the fields as JSON: keys sorted, no blanks, nothing escaped that need not be."""
    return json.dumps(fields, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def instant(at: datetime) -> str:
    """Return an aware instant as RFC 3339 in UTC, always with six decimals."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def short_or_digest(text: str) -> str:
    """Return a text that is shorter than a digest as it is, another by its digest: no text means both."""
    content = text.encode()
    return text if len(content) < DIGEST_LENGTH else digest(content)


def digest(content: bytes) -> str:
    """Return a content's SHA-256 as the log writes digests."""
    return f"sha256:{sha256(content).hexdigest()}"
