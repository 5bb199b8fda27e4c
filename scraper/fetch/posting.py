"""One bounded question to a server that the operator named, over the same guarded connections."""

import ssl

import httpx

from scraper.clock import Clock
from scraper.errors import ProviderError, TimestampError
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
    headers = {"Content-Type": "application/timestamp-query"}
    try:
        return _answer(address, question, headers, clock, agent, trust)
    except _UnansweredError as error:
        raise TimestampError(
            f"the time-stamping authority {address} gave no answer: {error}",
            "It is asked again; if it lasts, look at timestamp_url. Sealing goes on without it.",
        ) from error


def ask_provider(
    address: str,
    form: bytes | None,
    headers: dict[str, str],
    clock: Clock,
    agent: str,
    trust: ssl.SSLContext | None = None,
) -> bytes:
    """Return what the staff's identity provider answers, to GET or to a form; raises ProviderError.

    It may be a house of its own: besides public authorities those count that this machine trusts.
    """
    if trust is None:
        trust = public_trust()
        trust.load_default_certs()
    if form is not None:
        headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
    try:
        return _answer(address, form, headers, clock, agent, trust)
    except _UnansweredError as error:
        raise ProviderError(f"{address} gave no answer: {error}", "Try again later.") from error


class _UnansweredError(Exception):
    """Nobody answered, or not with what was asked for."""


def _answer(
    address: str,
    content: bytes | None,
    headers: dict[str, str],
    clock: Clock,
    agent: str,
    trust: ssl.SSLContext | None,
) -> bytes:
    """Return the body of a whole answer with status 200; the content is POSTed, where there is any."""
    deadline = Deadline(clock)
    deadline.start(SECONDS)
    transport = GuardedTransport(GuardedBackend(deadline, [httpx.URL(address).host]), trust or public_trust())
    headers = {**headers, "User-Agent": agent, "Accept-Encoding": "identity"}
    method = "GET" if content is None else "POST"
    try:
        with (
            httpx.Client(transport=transport, timeout=None, trust_env=False) as client,  # noqa: S113 - see visitor
            client.stream(method, address, content=content, headers=headers) as response,
        ):
            answer = read_answer(response, clock.now(), LARGEST)
    except (VisitFailed, httpx.TransportError) as error:
        failure = error.failure if isinstance(error, VisitFailed) else network_failure(error)
        raise _UnansweredError(failure.message) from error
    if answer.status != httpx.codes.OK or not answer.body or answer.cut or answer.short:
        raise _UnansweredError(f"status {answer.status}, {len(answer.body or b'')} bytes")
    return answer.body
