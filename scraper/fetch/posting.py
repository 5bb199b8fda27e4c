"""One bounded question by POST to a server that the operator named, over the same guarded connections."""

import ssl

import httpx

from scraper.clock import Clock
from scraper.errors import TimestampError
from scraper.fetch.answers import read_answer
from scraper.fetch.deadline import Deadline
from scraper.fetch.failures import VisitFailed, network_failure
from scraper.fetch.guard import GuardedBackend, GuardedTransport
from scraper.fetch.visitor import public_trust

SECONDS = 30.0
LARGEST = 200_000
"""Bytes of an answer that are read: one with a chain of certificates has some ten thousand."""


def ask_authority(
    address: str, question: bytes, clock: Clock, agent: str, trust: ssl.SSLContext | None = None
) -> bytes:
    """Return a time-stamping authority's answer to an RFC 3161 question (section 3.4, both DER).

    The named host may lie on a private address; redirects are not followed. Raises TimestampError.
    """
    deadline = Deadline(clock)
    deadline.start(SECONDS)
    backend = GuardedBackend(deadline, [httpx.URL(address).host])
    headers = {
        "Content-Type": "application/timestamp-query",
        "User-Agent": agent,
        "Accept-Encoding": "identity",
    }
    transport = GuardedTransport(backend, trust or public_trust())
    try:
        with (
            httpx.Client(transport=transport, timeout=None, trust_env=False) as client,  # noqa: S113 - see visitor
            client.stream("POST", address, content=question, headers=headers) as response,
        ):
            answer = read_answer(response, clock.now(), LARGEST)
    except (VisitFailed, httpx.TransportError) as error:
        failure = error.failure if isinstance(error, VisitFailed) else network_failure(error)
        raise _unanswered(address, failure.message) from error
    if answer.status != httpx.codes.OK or not answer.body or answer.cut or answer.short:
        raise _unanswered(address, f"status {answer.status}, {len(answer.body or b'')} bytes")
    return answer.body


def _unanswered(address: str, problem: str) -> TimestampError:
    return TimestampError(
        f"the time-stamping authority {address} gave no answer: {problem}",
        "It is asked again; if it lasts, look at timestamp_url. Sealing goes on without it.",
    )
