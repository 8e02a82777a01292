"""An OpenID provider in a process of its own: oidc-provider-mock, with PKCE demanded and a few faults on request.

``PUT /faults`` takes a JSON list of names: what the provider then does wrong, for tests of what must be refused.
"""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from tests.conftest import ROOT
from tests.servers import free_port, wait_until

CLIENT, SECRET = "redactor-at-the-provider", "a-secret-of-the-client"


class Provider:
    """A running provider."""

    def __init__(self, address: str) -> None:
        self.address = address

    def know(self, subject: str, **claims: Any) -> None:
        """Let somebody be known, with these claims in the identity token."""
        requests.put(f"{self.address}/users/{subject}", json=claims, timeout=5).raise_for_status()

    def err(self, *faults: str) -> None:
        """Do these things wrong from now on."""
        requests.put(f"{self.address}/faults", json=faults, timeout=5).raise_for_status()

    def agree(self, address: str, subject: str) -> str:
        """Sign somebody in at the address to which the browser was sent; return where it is sent back to."""
        page = requests.get(address, timeout=5)
        assert page.status_code == 200, page.text
        answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        return str(answer.headers["Location"])


@contextmanager
def running() -> Iterator[tuple[Provider, subprocess.Popen[bytes]]]:
    """Start a provider on this machine and end it afterwards."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.provider", str(port)],
        cwd=ROOT,
        env={**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        provider = Provider(f"http://localhost:{port}")
        wait_until(lambda: _answers(provider.address), "the provider")
        yield provider, process
    finally:
        process.kill()
        process.wait()


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/jwks", timeout=1).ok
    except requests.RequestException:
        return False


def serve(port: int) -> None:
    """Serve until killed."""
    import flask
    import oidc_provider_mock
    from joserfc import jwt
    from joserfc.jwk import RSAKey
    from werkzeug.serving import make_server

    app = oidc_provider_mock.app(require_nonce=True)
    faults: set[str] = set()
    challenges: dict[str, str] = {}
    spare = RSAKey.generate_key(2048, {"kid": "spare"})

    @app.put("/faults")
    def change() -> tuple[str, int]:
        faults.clear()
        faults.update(flask.request.get_json())
        return "", 204

    @app.before_request
    def demand() -> Any:
        if flask.request.path.endswith("/authorize") and flask.request.args.get("code_challenge_method") != "S256":
            return "PKCE is demanded", 400
        if flask.request.path.endswith("/token"):
            verifier, code = flask.request.form.get("code_verifier", ""), flask.request.form.get("code", "")
            made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
            if challenges.pop(code, None) != made:
                return flask.jsonify(error="invalid_grant"), 400
        return None

    @app.after_request
    def remember(answer: flask.Response) -> flask.Response:
        path = flask.request.path
        if path.endswith("/authorize") and answer.status_code == 302:
            code = parse_qs(urlsplit(answer.headers["Location"]).query).get("code", [""])[0]
            challenges[code] = flask.request.args["code_challenge"]
        if path.endswith("openid-configuration") and "issuer" in faults:
            answer.set_data(answer.get_data(as_text=True).replace('"issuer": "http', '"issuer": "https'))
        if path.endswith("/token") and answer.status_code == 200 and faults:
            found = answer.get_json()
            claims = jwt.decode(found["id_token"], _public(app)).claims
            found["id_token"] = _spoilt(claims, faults, spare)
            answer.set_data(flask.json.dumps(found))
        return answer

    make_server("127.0.0.1", port, app, threaded=True).serve_forever()


def _public(app: Any) -> Any:
    from joserfc.jwk import KeySet

    return KeySet.import_key_set(app.test_client().get("/jwks").get_json())


def _spoilt(claims: dict[str, Any], faults: set[str], spare: Any) -> str:
    """Return the token anew with a fault, under the provider's own key but for the faults of signing."""
    from joserfc import jwt
    from joserfc.jwk import OctKey, RSAKey
    from oidc_provider_mock._storage import storage

    own = spare if "key" in faults else storage.jwk
    changes: dict[str, Any] = {
        "audience": {"aud": ["another-client"]}, "expired": {"exp": claims["iat"] - 3600},
        "nonce": {"nonce": "another"}, "token-issuer": {"iss": "http://another.example"},
        "party": {"azp": "another-client"},
    }  # fmt: skip
    for fault in faults:
        claims |= changes.get(fault, {})
    if "symmetric" in faults:
        return str(jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET * 2)))
    key = own if isinstance(own, RSAKey) else RSAKey.import_key(own.as_dict(is_private=True))
    header = {"alg": "RS256", "kid": key.kid or own.as_dict().get("kid")}
    return str(jwt.encode(header, claims, key))


if __name__ == "__main__":
    serve(int(sys.argv[1]))
