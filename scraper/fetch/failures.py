"""What ends a visit early, and which Failure each fault of the network becomes."""

import ssl

import httpx

from scraper.records import Failure, FailureKind


class VisitFailed(Exception):  # noqa: N818 - it never leaves this folder; the Capture carries its Failure
    """Ends the running visit with this failure; may be raised below httpx, which lets it through."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.failure = Failure(kind, message)


def network_failure(error: httpx.TransportError) -> Failure:
    """Return the failure that a fault reported by httpx stands for."""
    tls = _tls_error(error)
    if tls is not None:
        return Failure(FailureKind.TLS, f"the secure connection failed: {_tls_words(tls)}")
    return Failure(FailureKind.NETWORK, f"the site could not be reached: {_words(error)}")


def _tls_error(error: BaseException | None) -> ssl.SSLError | None:
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return error


def _tls_words(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not valid ({error.verify_message})"
    return (error.reason or str(error)).replace("_", " ").lower()


def _words(error: httpx.TransportError) -> str:
    text = str(error) or type(error).__name__
    return text.split("] ", 1)[-1]  # "[Errno 111] Connection refused" without the number
