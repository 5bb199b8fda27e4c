"""An OpenID Connect provider on 127.0.0.1 for tests, which can be told to lie."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from tests.browsing import browsing

CLIENT, SECRET = "coopwatch", "a secret: with/signs"


@dataclass
class Issuer:
    """What the provider knows, says, and lies about."""

    address: str = ""
    name: str = "editor"
    claims: dict[str, Any] = field(default_factory=dict)
    """Claims that take the place of the true ones; None leaves one out."""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "a", "alg": "RS256"}))
    signing: RSAKey | None = None
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    """What was asked for each code that was given."""
    at: float = 0.0

    def id_token(self, nonce: str) -> str:
        """Return the signed word about whoever signed in."""
        true = {
            "iss": self.address,
            "sub": "17",
            "aud": CLIENT,
            "iat": int(self.at),
            "exp": int(self.at) + 300,
            "nonce": nonce,
            "preferred_username": self.name,
        }
        told = {name: value for name, value in (true | self.claims).items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": "a"}, told, self.signing or self.key)


@contextmanager
def issuing(at: float) -> Iterator[Issuer]:
    """Serve a provider whose clock stands at these seconds since 1970."""
    issuer = Issuer(at=at)
    app = FastAPI()

    @app.get("/.well-known/openid-configuration")
    def known() -> dict[str, str]:
        return {
            "issuer": issuer.address,
            "authorization_endpoint": f"{issuer.address}/authorize",
            "token_endpoint": f"{issuer.address}/token",
            "jwks_uri": f"{issuer.address}/keys",
        }

    @app.get("/authorize")
    def authorize(request: Request) -> Response:
        asked = dict(request.query_params)
        code = f"code{len(issuer.asked)}"
        issuer.asked[code] = asked
        return RedirectResponse(
            f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
        )

    @app.post("/token")
    async def token(request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        asked = issuer.asked.pop(form["code"], None)
        pair = base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
        client, _, secret = (unquote(part) for part in pair.partition(":"))
        if (
            asked is None
            or (client, secret) != (CLIENT, SECRET)
            or form["redirect_uri"] != asked["redirect_uri"]
            or create_s256_code_challenge(form["code_verifier"]) != asked["code_challenge"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        word = issuer.id_token(asked["nonce"])
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": word})

    @app.get("/keys")
    def keys() -> dict[str, Any]:
        return dict(KeySet([issuer.key]).as_dict(private=False))

    with browsing(app) as client:
        issuer.address = str(client.base_url).rstrip("/")
        yield issuer
