"""The questions to an identity provider: who somebody is, by OpenID Connect's authorization code flow with PKCE.

What the provider publishes about itself and its keys is kept for an hour, and used a day longer while it is away.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from redactor.errors import ProviderAway, SignInRefused

DISCOVERY = "/.well-known/openid-configuration"
SCOPE = "openid profile"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384")  # no symmetric one, never "none"
_KEPT = timedelta(hours=1)
_KEPT_WHILE_AWAY = timedelta(days=1)
_KEYS_AGAIN = timedelta(minutes=1)  # an unknown key id asks for the keys afresh, no more often than this
_SECONDS = 10.0
_LARGEST = 1 << 20
_LEEWAY = 60  # seconds by which two clocks may differ
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_WAYS = ("client_secret_post", "client_secret_basic")
_RANDOM_BYTES = 32


@dataclass(frozen=True, slots=True)
class Flow:
    """One attempt to sign in, as the browser carries it to the provider and back.

    Args:
        state: ties the answer to this browser (RFC 6749 10.12).
        nonce: ties the identity token to this attempt (OpenID Connect Core 3.1.2.1).
        verifier: proves that who fetches the token is who asked for it (RFC 7636).
    """

    state: str
    nonce: str
    verifier: str


def new_flow() -> Flow:
    """Return a fresh attempt."""
    return Flow(*(secrets.token_urlsafe(_RANDOM_BYTES) for _ in range(3)))


@dataclass(frozen=True, slots=True)
class _Known:
    metadata: Mapping[str, Any]
    keys: KeySet
    at: datetime


class Provider:
    """An identity provider, as this service knows it.

    Args:
        issuer: its name for itself, from which everything else is found (OpenID Connect Discovery 4).
        client: what it calls this service.
        secret: what this service proves itself with.
    """

    def __init__(self, issuer: str, client: str, secret: str) -> None:
        self._issuer, self._client, self._secret = issuer, client, secret
        self._known: _Known | None = None
        self._lock = threading.Lock()

    def departure(self, flow: Flow, back: str, now: datetime) -> str:
        """Return the provider's address to which the browser is sent.

        Args:
            back: address of this service to which it returns.

        Raises:
            ProviderAway: if the provider is not known and does not answer.
        """
        endpoint = self.discover(now).metadata["authorization_endpoint"]
        address, _ = self._session(back).create_authorization_url(
            endpoint, state=flow.state, nonce=flow.nonce, code_verifier=flow.verifier
        )
        return str(address)

    def claims(self, flow: Flow, back: str, code: str, now: datetime) -> Mapping[str, Any]:
        """Fetch the identity token for a code, and return its claims once every one of them was checked.

        Raises:
            SignInRefused: if the provider takes the code for wrong, or the token is not for us, not from it, too old
                or not of this attempt.
            ProviderAway: if the provider does not answer.
        """
        token = self._fetch(flow, back, code, now)
        given = str(token.get("id_token", ""))
        keys = self.discover(now).keys
        try:
            try:
                read = jwt.decode(given, keys, algorithms=list(ALGORITHMS))
            except ValueError:  # no such key: the provider may have changed its keys
                read = jwt.decode(given, self.discover(now, _KEYS_AGAIN).keys, algorithms=list(ALGORITHMS))
            expected = {
                "iss": {"essential": True, "value": self._issuer},
                "aud": {"essential": True, "value": self._client},
            }
            context = {"nonce": flow.nonce, "client_id": self._client, "access_token": token.get("access_token")}
            claims = CodeIDToken(read.claims, read.header, expected, context)
            claims.validate(now=int(now.timestamp()), leeway=_LEEWAY)
        except (JoseError, ValueError):
            raise SignInRefused(
                "Your organisation's answer could not be checked.", next_step="Start again from the sign-in page."
            ) from None
        return dict(claims)

    def _fetch(self, flow: Flow, back: str, code: str, now: datetime) -> Mapping[str, Any]:
        endpoint = self.discover(now).metadata["token_endpoint"]
        try:
            found: Mapping[str, Any] = self._session(back).fetch_token(
                endpoint, grant_type="authorization_code", code=code, code_verifier=flow.verifier
            )
        except AuthlibBaseError:
            raise SignInRefused(
                "Your organisation did not confirm the sign-in.", next_step="Start again from the sign-in page."
            ) from None
        except (requests.RequestException, ValueError):
            raise _away() from None
        return found

    def discover(self, now: datetime, kept: timedelta = _KEPT) -> _Known:
        """Return what the provider says of itself, with its keys.

        Args:
            kept: how old that may be.

        Raises:
            ProviderAway: if nothing is known and the provider does not answer, or answers for another issuer.
        """
        with self._lock:
            if self._known is not None and now - self._known.at < kept:
                return self._known
            try:
                self._known = self._ask(now)
            except ProviderAway:
                if self._known is None or now - self._known.at >= _KEPT_WHILE_AWAY:
                    raise
            return self._known

    def _ask(self, now: datetime) -> _Known:
        metadata = self._get(self._issuer.rstrip("/") + DISCOVERY)
        if metadata.get("issuer") != self._issuer:
            raise ProviderAway(
                "The identity provider answers in another's name.", next_step="Check REDACTOR_OIDC_ISSUER."
            )
        plain = urlsplit(self._issuer).scheme == "http"  # only ever on this machine: the settings see to it
        for name in _ENDPOINTS:
            if urlsplit(str(metadata.get(name, ""))).scheme not in ({"https", "http"} if plain else {"https"}):
                raise ProviderAway("The identity provider names an address that is not protected.")
        try:
            return _Known(metadata, KeySet.import_key_set(self._get(metadata["jwks_uri"])), now)  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError):
            raise _away() from None

    def _get(self, address: str) -> dict[str, Any]:
        try:
            with requests.get(address, timeout=_SECONDS, allow_redirects=False, stream=True) as answer:
                body = answer.raw.read(_LARGEST + 1, decode_content=True)
                found = json.loads(body) if answer.status_code == requests.codes.ok and len(body) <= _LARGEST else None
        except (requests.RequestException, OSError, ValueError):
            raise _away() from None
        if not isinstance(found, dict):
            raise _away()
        return found

    def _session(self, back: str) -> OAuth2Session:
        offered = self._known.metadata.get("token_endpoint_auth_methods_supported", _WAYS) if self._known else _WAYS
        way = next((way for way in _WAYS if way in offered), _WAYS[0])
        session = OAuth2Session(
            self._client,
            self._secret,
            token_endpoint_auth_method=way,
            scope=SCOPE,
            redirect_uri=back,
            code_challenge_method="S256",
            default_timeout=_SECONDS,
        )
        session.max_redirects = 0
        return session


def _away() -> ProviderAway:
    return ProviderAway("Your organisation's sign-in does not answer at the moment.")
