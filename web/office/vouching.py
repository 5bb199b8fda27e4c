"""What the staff's identity provider is asked, and what of it is believed (OpenID Connect Core 1.0)."""

import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from scraper.errors import ProviderError

BELIEVED = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures of ID tokens that count: by a key of the provider, never by a shared secret."""

LEEWAY = 60
"""Seconds by which the provider's clock may differ from ours."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider; `ask` takes an address, a form (None: GET) and headers, and raises ProviderError.

    `claim` is the claim of an ID token that names the account.
    """

    issuer: str
    client_id: str
    secret: str
    claim: str
    ask: Callable[[str, bytes | None, dict[str, str]], bytes]


def derived(secret: str, what: str) -> str:
    """Return the state, nonce or verifier of one sign-in, which only the browser with its secret can know."""
    return hmac.new(secret.encode(), what.encode(), "sha256").hexdigest()


def address_to_ask(provider: Provider, back: str, secret: str) -> str:
    """Return where the browser signs in: an authorization code with PKCE (RFC 7636), state and nonce."""
    address = prepare_grant_uri(
        _known(provider)["authorization_endpoint"],
        provider.client_id,
        "code",
        back,
        scope="openid profile email",
        state=derived(secret, "state"),
        nonce=derived(secret, "nonce"),
        code_challenge=create_s256_code_challenge(derived(secret, "verifier")),
        code_challenge_method="S256",
    )
    return str(address)


def vouched_name(
    provider: Provider, back: str, secret: str, returned: Mapping[str, str], now: datetime
) -> str:
    """Return the account's name for which the provider vouches, given what the browser brought back.

    Raises ProviderError where anything does not fit, whatever the browser says.
    """
    if not hmac.compare_digest(returned.get("state", "").encode(), derived(secret, "state").encode()):
        raise ProviderError("the answer belongs to no sign-in begun here", "Begin again.")
    if returned.get("iss", provider.issuer) != provider.issuer:  # RFC 9207
        raise ProviderError("the answer comes from another provider", "Begin again.")
    if "code" not in returned:
        raise ProviderError(f"the provider refused: {returned.get('error', 'no reason')[:60]}", "Try again.")
    known = _known(provider)
    form = prepare_token_request(
        "authorization_code",
        redirect_uri=back,
        code=returned["code"],
        code_verifier=derived(secret, "verifier"),
    )
    told = _object(provider.ask(known["token_endpoint"], str(form).encode(), _credentials(provider)))
    keys = _object(provider.ask(known["jwks_uri"], None, {}))
    return _name(_claims(provider, told, keys, derived(secret, "nonce"), now), provider.claim)


def _known(provider: Provider) -> dict[str, str]:
    """Return what the provider publishes of itself (OpenID Connect Discovery 1.0)."""
    known = _object(provider.ask(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration", None, {}))
    wanted = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
    if known.get("issuer") != provider.issuer or not all(isinstance(known.get(name), str) for name in wanted):
        raise ProviderError("the provider describes another one", "Look at oidc_issuer, to the last slash.")
    return known


def _credentials(provider: Provider) -> dict[str, str]:
    """Return the header by which we are known (RFC 6749, 2.3.1)."""
    pair = f"{quote(provider.client_id, safe='')}:{quote(provider.secret, safe='')}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def _claims(
    provider: Provider, told: dict[str, Any], keys: dict[str, Any], nonce: str, now: datetime
) -> dict[str, Any]:
    """Return the claims of a genuine, fresh ID token for us (Core 1.0, 3.1.3.7)."""
    options = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
    }
    given = {"nonce": nonce, "client_id": provider.client_id, "access_token": told.get("access_token")}
    try:
        token = jwt.decode(str(told.get("id_token", "")), KeySet.import_key_set(keys), BELIEVED)  # type: ignore[arg-type]
        claims = CodeIDToken(token.claims, token.header, options, given)
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise ProviderError(f"the provider's word cannot be believed: {error}", "Begin again.") from error
    return dict(claims)


def _name(claims: dict[str, Any], claim: str) -> str:
    name = claims.get(claim)
    if (
        not isinstance(name, str)
        or not name
        or (claim == "email" and claims.get("email_verified") is not True)
    ):
        raise ProviderError(f"the provider tells no {claim} that counts", "Look at oidc_claim.")
    return name


def _object(answer: bytes) -> dict[str, Any]:
    try:
        found = json.loads(answer)
    except ValueError as error:
        raise ProviderError("the provider's answer is no JSON", "Look at oidc_issuer.") from error
    if not isinstance(found, dict):
        raise ProviderError("the provider's answer is no object", "Look at oidc_issuer.")
    return found
