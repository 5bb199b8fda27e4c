"""RFC 3161 time stamps on checkpoints: what to ask an authority, and what its answer proves."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from scraper.errors import SettingsError, TimestampError

Roots = tuple[x509.Certificate, ...]
"""The root certificates of authorities."""


def timestamp_request(note: str) -> TimeStampRequest:
    """Return the question about a checkpoint's whole text, to be posted as application/timestamp-query.

    Its `as_bytes()` are what travels. It asks for the authority's certificate, so that the answer can be
    checked for ever.
    """
    return TimestampRequestBuilder().data(note.encode()).hash_algorithm(HashAlgorithm.SHA256).build()


def read_roots(place: Path) -> Roots:
    """Return the root certificates in a PEM file; raises SettingsError."""
    try:
        return tuple(x509.load_pem_x509_certificates(place.read_bytes()))
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"timestamp_roots: {place} cannot be used: {error}",
            "Name a PEM file with the root certificates of the time-stamping authority.",
        ) from error


def checked_timestamp(
    response: bytes, note: str, roots: Iterable[x509.Certificate], request: TimeStampRequest | None = None
) -> datetime:
    """Return the instant at which an authority under one of the roots had seen the checkpoint.

    With `request` the answer must also be the one to it. Raises TimestampError.
    """
    builder = VerifierBuilder.from_request(request) if request else VerifierBuilder()
    for root in roots:
        builder = builder.add_root_certificate(root)
    try:
        answer = decode_timestamp_response(response)
        builder.build().verify_message(answer, note.encode())
        return answer.tst_info.gen_time
    except (VerificationError, ValueError) as error:
        raise TimestampError(
            f"the time stamp proves nothing: {error}", "Ask the authority again, or another one."
        ) from error
