"""What is said of a mail server whose certificate is not believed."""

import ssl

TRUST_HINT = (
    "Let this machine trust the authority that signed it (or name its file in SSL_CERT_FILE), "
    "and the host as the certificate does."
)
"""What to do about it: a private authority is a matter of the machine, not of a setting of ours."""


def distrust(error: Exception) -> str | None:
    """Return why a server's certificate was not believed; None where something else went wrong."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not believed: {error.verify_message}"
    return None
