"""What every answer carries for safety: no script, nothing from elsewhere, no trace in referrers."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",  # the addresses of mailed links are secrets
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_SECRET = ("/confirm/", "/unsubscribe/", "/preferences/", "/staff")


class SafeHeaders:
    """Adds the headers to every answer that has none of its own of that name.

    Pages of mailed links and of the staff are kept out of caches and indexes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its answer with the headers."""

        async def safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SAFE_HEADERS.items():
                    headers.setdefault(name, value)
                if any(part in scope["path"] for part in _SECRET):
                    headers.update({"Cache-Control": "no-store", "X-Robots-Tag": "noindex"})
            await send(message)

        await self._app(scope, receive, safely if scope["type"] == "http" else send)
