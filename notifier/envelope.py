"""The envelope of a message, which mail servers go by: to whom they report about its fate."""

from email.parser import BytesHeaderParser
from email.utils import parseaddr

from notifier.bounces.return_paths import ReturnPaths


def envelope_sender(message: bytes, delivery_id: int, paths: ReturnPaths | None) -> str:
    """Return the address to which mail servers report about a message: its own one, else that in its From."""
    own = None if paths is None else paths.envelope_sender(delivery_id)
    if own is not None:
        return own
    fields = BytesHeaderParser().parsebytes(message.partition(b"\r\n\r\n")[0])
    return parseaddr(fields["From"])[1]
