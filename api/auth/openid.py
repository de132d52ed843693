"""How does somebody log in with the municipality's own account (OpenID Connect)?

Authorization code with PKCE, state and nonce. The issuer is pinned in a file; its keys are
fetched when they are needed, and an ID token is decoded with asymmetric algorithms alone, then
its claims are checked: two steps. The role comes from a claim at each log-in.
"""

from __future__ import annotations

import secrets
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.auth.identity import ROLES
from gis.errors import GisError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gis.store import Store
    from gis.store.base import User

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "ES384", "EdDSA")
DISCOVERY: Final = "/.well-known/openid-configuration"
ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
LOOPBACK: Final = ("127.0.0.1", "localhost")
SCOPE: Final = "openid"
TIMEOUT_S: Final = 5
LEEWAY_S: Final = 30
OWN: Final = ("issuer", "client_id", "client_secret", "claim", "roles")


class OpenIdError(GisError):
    """The provider or what came back from it cannot be trusted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Who vouches for people, and what their groups may do here.

    Attributes
    ----------
    issuer
        Its address, exactly as it stands in its tokens.
    client_id, client_secret
        As registered there.
    claim
        The claim that names somebody's groups.
    roles
        Group to role; of several the first in this order counts.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    claim: str = "groups"
    roles: Mapping[str, str]


class Begun(NamedTuple):
    """What a browser keeps between going to the provider and coming back."""

    state: str
    nonce: str
    verifier: str


def load(path: Path) -> Provider:
    """Read a provider from a TOML file that only the server may read.

    Raises
    ------
    OpenIdError
        If something is missing, unknown, or a role is none.
    """
    try:
        told = tomllib.loads(path.read_text("utf-8"))
        provider = Provider(**{name: told.pop(name) for name in OWN if name in told})
    except (OSError, tomllib.TOMLDecodeError, TypeError) as error:
        msg = f"{path.name}: give issuer, client_id, client_secret and a table of roles"
        raise OpenIdError(msg) from error
    if told or not set(provider.roles.values()) <= set(ROLES) or not _is_safe(provider.issuer):
        msg = f"{path.name}: issuer is an https address, roles are {', '.join(ROLES)}"
        raise OpenIdError(msg)
    return provider


def begin(provider: Provider, back: str) -> tuple[str, Begun]:
    """Say where the browser goes, and what it keeps; `back` is where it returns to."""
    begun = Begun(*(secrets.token_urlsafe(32) for _ in Begun._fields))
    with _session(provider, back) as session:
        address, _ = session.create_authorization_url(
            _endpoints(provider)["authorization_endpoint"],
            state=begun.state,
            nonce=begun.nonce,
            code_verifier=begun.verifier,
        )
    return str(address), begun


def finish(provider: Provider, back: str, begun: Begun, code: str) -> Mapping[str, Any]:
    """Exchange the code and check the ID token; its claims.

    Raises
    ------
    OpenIdError
        If the provider refuses, does not answer, or the token is not for us, now and this log-in.
    """
    endpoints = _endpoints(provider)
    try:
        with _session(provider, back) as session:
            answer = session.fetch_token(
                endpoints["token_endpoint"],
                code=code,
                code_verifier=begun.verifier,
                timeout=TIMEOUT_S,
            )
    except (AuthlibBaseError, requests.RequestException, ValueError) as error:
        msg = "the provider did not take the code"
        raise OpenIdError(msg) from error
    return checked(provider, str(answer.get("id_token")), _get(endpoints["jwks_uri"]), begun.nonce)


def checked(
    provider: Provider, id_token: str, keys: Mapping[str, Any], nonce: str
) -> Mapping[str, Any]:
    """Decode an ID token, then check its claims.

    Raises
    ------
    OpenIdError
        If it is not signed by the provider, or not for us, now and this log-in.
    """
    wanted = jwt.JWTClaimsRegistry(
        leeway=LEEWAY_S,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        azp={"value": provider.client_id},
        nonce={"essential": True, "value": nonce},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
    )
    try:
        known = KeySet.import_key_set({"keys": list(keys["keys"])})
        claims = jwt.decode(id_token, known, algorithms=list(ALGORITHMS)).claims
        wanted.validate(claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        msg = "the ID token is not one of the provider for this log-in"
        raise OpenIdError(msg) from error
    return claims


def admit(store: Store, provider: Provider, claims: Mapping[str, Any]) -> User:
    """Return the log-in of somebody whose claims were checked, with today's role.

    Raises
    ------
    OpenIdError
        If no group gives a role, the log-in is disabled, or a local one has that name.
    """
    said = claims.get(provider.claim)
    groups = said if isinstance(said, list) else [said]
    roles = [role for group, role in provider.roles.items() if group in groups]
    name = f"{claims['sub']}@{urlsplit(provider.issuer).netloc}"
    user = store.user(name)
    if not roles or (user is not None and (user.disabled or user.password_hash is not None)):
        msg = "this account has no role here"
        raise OpenIdError(msg)
    if user is None:
        return store.add_user(name, roles[0], None)
    return user if user.role == roles[0] else store.change_user(name, role=roles[0])


def _endpoints(provider: Provider) -> Mapping[str, str]:
    """Ask the provider where its endpoints are; another issuer's document is refused."""
    told = _get(provider.issuer.rstrip("/") + DISCOVERY)
    if told.get("issuer") != provider.issuer or not all(
        _is_safe(str(told.get(name))) for name in ENDPOINTS
    ):
        msg = "the provider's configuration names another issuer or unsafe addresses"
        raise OpenIdError(msg)
    return {name: str(told[name]) for name in ENDPOINTS}


def _get(address: str) -> dict[str, Any]:
    """Read a JSON object from the provider."""
    try:
        answer = requests.get(address, timeout=TIMEOUT_S, allow_redirects=False)
        answer.raise_for_status()
        told = answer.json()
    except (requests.RequestException, ValueError) as error:
        msg = "the provider does not answer"
        raise OpenIdError(msg) from error
    return told if isinstance(told, dict) else {}


def _session(provider: Provider, back: str) -> OAuth2Session:
    """Make a client that proves its codes."""
    return OAuth2Session(
        provider.client_id,
        provider.client_secret,
        scope=SCOPE,
        redirect_uri=back,
        code_challenge_method="S256",
    )


def _is_safe(address: str) -> bool:
    """Tell whether an address is https, or on this very machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
