"""Does a log-in at the municipality's provider give a session, and no forged token one?"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar, cast
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from api.auth import openid
from api.auth.openid import OpenIdError, Provider
from api.settings import Settings
from gis.store import open_store
from tests.api.conftest import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from joserfc.jwk import Key
    from starlette.testclient import TestClient

KEY = RSAKey.generate_key(2048, {"kid": "a", "use": "sig"}, private=True)
OTHER = RSAKey.generate_key(2048, {"kid": "a"}, private=True)
KEYS = {"keys": [KEY.as_dict(private=False)]}
ISSUER = "https://id.example.org"
ROLES = {"gc-planerare": "planner", "gc-inventering": "inspector"}
PROVIDER = Provider(issuer=ISSUER, client_id="gcvag", client_secret=ISSUER, roles=ROLES)


def claims(**more: object) -> dict[str, Any]:
    now = int(time.time())
    told = {"iss": ISSUER, "aud": "gcvag", "sub": "u1", "nonce": "n", "iat": now,
            "exp": now + 60, "groups": ["gc-planerare"]}  # fmt: skip
    return {name: value for name, value in {**told, **more}.items() if value is not None}


def signed(told: dict[str, Any], key: Key = KEY, **header: object) -> str:
    return jwt.encode({"alg": "RS256", "kid": "a", **header}, told, key)


def word(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unsigned(told: dict[str, Any]) -> str:
    return ".".join(word(json.dumps(part).encode()) for part in ({"alg": "none"}, told)) + "."


def swapped(told: dict[str, Any]) -> str:
    head = {"alg": "HS256", "kid": "a"}
    begun = ".".join(word(json.dumps(part).encode()) for part in (head, told))
    secret = KEY.as_pem(private=False)
    return f"{begun}.{word(hmac.digest(secret, begun.encode(), 'sha256'))}"


def test_a_right_token_is_taken() -> None:
    assert openid.checked(PROVIDER, signed(claims()), KEYS, "n")["sub"] == "u1"
    many = claims(aud=["gcvag", "other"], azp="gcvag")
    assert openid.checked(PROVIDER, signed(many), KEYS, "n")["sub"] == "u1"


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(unsigned(claims()), id="no signature"),
        pytest.param(signed(claims(), OTHER), id="another key"),
        pytest.param(signed(claims(), OTHER, kid="b"), id="unknown kid"),
        pytest.param(signed(claims(), OTHER, jku="https://evil.example/keys"), id="jku"),
        pytest.param(signed(claims(), OTHER, jwk=OTHER.as_dict(private=False)), id="own key"),
        pytest.param(swapped(claims()), id="key swap"),
        pytest.param(
            signed(claims(), ECKey.generate_key("P-256"), alg="ES256"), id="other algorithm"
        ),
        pytest.param(signed(claims(iss="https://evil.example")), id="issuer"),
        pytest.param(signed(claims(iss=ISSUER + "/")), id="issuer with a slash"),
        pytest.param(signed(claims(iss=None)), id="no issuer"),
        pytest.param(signed(claims(aud="other")), id="audience"),
        pytest.param(signed(claims(aud=None)), id="no audience"),
        pytest.param(signed(claims(azp="other")), id="authorised party"),
        pytest.param(signed(claims(nonce="m")), id="nonce"),
        pytest.param(signed(claims(nonce=None)), id="no nonce"),
        pytest.param(signed(claims(exp=int(time.time()) - 3600)), id="expired"),
        pytest.param(signed(claims(exp=None)), id="never expires"),
        pytest.param(signed(claims(nbf=int(time.time()) + 3600)), id="not yet"),
        pytest.param(signed(claims(iat=int(time.time()) + 3600)), id="from the future"),
        pytest.param(signed(claims(sub=None)), id="nobody"),
        pytest.param(signed(claims())[:-8] + "AAAAAAAA", id="spoilt"),
        pytest.param("", id="empty"),
        pytest.param("a.b.c", id="junk"),
    ],
)
def test_a_forged_token_is_refused(token: str) -> None:
    with pytest.raises(OpenIdError):
        openid.checked(PROVIDER, token, KEYS, "n")


def test_the_file_of_a_provider_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "openid.toml"
    whole = (
        f'issuer = "{ISSUER}"\nclient_id = "gcvag"\nclient_secret = "s"\n'
        '[roles]\ngc-planerare = "planner"\n'
    )
    path.write_text(whole)
    assert openid.load(path).roles == {"gc-planerare": "planner"}
    for spoilt in (
        whole.replace("https", "http"),
        whole.replace('"planner"', '"boss"'),
        whole.replace("client_id", "client"),
        "= [",
    ):
        path.write_text(spoilt)
        with pytest.raises(OpenIdError):
            openid.load(path)
    with pytest.raises(OpenIdError):
        openid.load(tmp_path / "none.toml")


class Asked(BaseHTTPRequestHandler):
    """A provider that knows one person; it checks the proof of the code."""

    challenge: ClassVar[str] = ""
    told: ClassVar[dict[str, Any]] = {}
    issuer: ClassVar[str] = ""

    def do_GET(self) -> None:
        """Tell configuration or keys."""
        at = f"http://127.0.0.1:{cast('ThreadingHTTPServer', self.server).server_port}"
        if self.path == "/keys":
            self.answer(KEYS)
        else:
            self.answer({"issuer": self.issuer or at, "authorization_endpoint": f"{at}/go",
                         "token_endpoint": f"{at}/token", "jwks_uri": f"{at}/keys"})  # fmt: skip

    def do_POST(self) -> None:
        """Give a token for the right code and proof."""
        sent = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        digest = hashlib.sha256(sent["code_verifier"][0].encode()).digest()
        proof = word(digest)
        if proof != self.challenge or sent["code"] != ["right"]:
            self.answer({"error": "invalid_grant"}, 400)
        else:
            token = {"access_token": "x", "token_type": "Bearer", "id_token": signed(self.told)}
            self.answer(token)

    def answer(self, content: object, status: int = 200) -> None:
        """Write JSON."""
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def provider() -> Iterator[Provider]:
    """Run the provider on loopback."""
    Asked.issuer = ""
    with ThreadingHTTPServer(("127.0.0.1", 0), Asked) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        issuer = f"http://127.0.0.1:{server.server_port}"
        yield Provider(issuer=issuer, client_id="gcvag", client_secret=ISSUER, roles=ROLES)
        server.shutdown()
        thread.join()


@pytest.fixture
def outside(location: Path, provider: Provider) -> Iterator[TestClient]:
    """Return a client of a server that trusts the provider."""
    with running(Settings(store=str(location), openid=provider)) as client:
        yield client


def leave(client: TestClient, provider: Provider, **more: object) -> str:
    """Go to the provider, which is ready to vouch; the state to come back with."""
    asked = parse_qs(urlsplit(client.get("/logga-in/konto").headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://testserver/logga-in/svar"]
    Asked.challenge = asked["code_challenge"][0]
    Asked.told = claims(iss=provider.issuer, nonce=asked["nonce"][0], **more)
    return asked["state"][0]


def back(client: TestClient, state: str, code: str = "right") -> int:
    return client.get("/logga-in/svar", params={"state": state, "code": code}).status_code


@pytest.mark.enable_socket
def test_somebody_the_provider_knows_gets_a_session_with_todays_role(
    outside: TestClient, provider: Provider, location: Path
) -> None:
    assert "/logga-in/konto" in outside.get("/logga-in").text
    for groups, role, page in [
        (["gc-planerare", "x"], "planner", "/granska"),
        ("gc-inventering", "inspector", "/falt"),
    ]:
        state = leave(outside, provider, groups=groups)
        answer = outside.get("/logga-in/svar", params={"state": state, "code": "right"})
        assert (answer.status_code, answer.headers["location"]) == (303, page)
        store = open_store(str(location))
        (user,) = (one for one in store.users() if one.name.startswith("u1@"))
        store.close()
        assert (user.role, user.password_hash) == (role, None)
    assert outside.get("/ogc/collections/observations").status_code == 200


@pytest.mark.enable_socket
def test_what_does_not_fit_gives_no_session(
    outside: TestClient, provider: Provider, location: Path
) -> None:
    assert back(outside, "never-left") == 303
    leave(outside, provider)
    assert back(outside, "another-state") == 403
    state = leave(outside, provider)
    assert back(outside, state, "wrong") == 403
    assert back(outside, leave(outside, provider, groups=["x"])) == 403
    assert back(outside, leave(outside, provider, groups=None)) == 403
    state = leave(outside, provider)
    Asked.told["nonce"] = "replayed"
    assert back(outside, state) == 403
    state = leave(outside, provider)
    Asked.challenge = "another browser's"
    assert back(outside, state) == 403
    Asked.issuer = "https://evil.example"
    assert outside.get("/logga-in/konto").status_code == 502
    Asked.issuer = ""
    assert back(outside, leave(outside, provider)) == 303
    store = open_store(str(location))
    store.change_user(f"u1@{urlsplit(provider.issuer).netloc}", disabled=True)
    store.close()
    assert back(outside, leave(outside, provider)) == 403
    outside.cookies.clear()
    assert outside.get("/ogc/collections/observations").status_code == 401


def test_without_a_provider_the_form_is_shown(client: TestClient) -> None:
    assert "/logga-in/konto" not in client.get("/logga-in").text
    for path in ("/logga-in/konto", "/logga-in/svar?code=x&state=y"):
        assert client.get(path).headers["location"] == "/logga-in"
