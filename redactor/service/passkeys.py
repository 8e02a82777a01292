"""Passkeys (WebAuthn): as second factor after a password, or alone, since each asks for a finger, a face or a PIN."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import webauthn
from sqlalchemy import Connection, Row, delete, insert, select, update
from webauthn.helpers import (
    base64url_to_bytes,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from redactor.access import Actor
from redactor.errors import BadArguments, NotFound, SignInRefused
from redactor.service import passwords
from redactor.service.base import NO_SUCH_THING, Base, digest, one
from redactor.service.entry import Entry
from redactor.service.sessions import Sessions
from redactor.store.database import reading, writing
from redactor.store.identities import passkey, passkey_challenge
from redactor.store.records import account, new_id

ISSUER = "Redactor"
CHALLENGE_TIME = timedelta(minutes=5)
MOST_PASSKEYS = 10
LONGEST_NAME = 60
_CHECKED = UserVerificationRequirement.REQUIRED
_WRONG = "The passkey was not accepted."


@dataclass(frozen=True, slots=True)
class PasskeyView:
    """A passkey as its owner sees it."""

    id: str
    name: str
    created_at: datetime
    seen_at: datetime | None


class Passkeys:
    """Use cases around passkeys."""

    def __init__(self, base: Base, sessions: Sessions, entry: Entry) -> None:
        self._base, self._sessions, self._entry = base, sessions, entry
        parts = urlsplit(base.settings.base_url)
        self._site, self._origin = parts.hostname or "", f"{parts.scheme}://{parts.netloc}"
        self.ready = _named(self._site) and (parts.scheme == "https" or self._site == "localhost")

    def list(self, actor: Actor) -> tuple[PasskeyView, ...]:
        """Return the actor's own passkeys, oldest first."""
        with reading(self._base.engine) as connection:
            return tuple(
                PasskeyView(
                    row.id,
                    self._base.keys.open(connection, row.organisation, row.name, f"passkey.name|{row.id}").decode(),
                    row.created_at,
                    row.seen_at,
                )
                for row in self._of(connection, actor.account)
            )

    def offer(self, actor: Actor) -> str:
        """Return the options, as JSON, with which a browser makes a new passkey for the actor."""
        with writing(self._base.engine) as connection:
            holder = one(connection, account, actor.account, actor.organisation)
            options = webauthn.generate_registration_options(
                rp_id=self._site,
                rp_name=ISSUER,
                user_name=holder.username,
                user_id=bytes.fromhex(holder.id),
                user_display_name=actor.name or holder.username,
                authenticator_selection=AuthenticatorSelectionCriteria(
                    resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_CHECKED
                ),
                exclude_credentials=[
                    PublicKeyCredentialDescriptor(id=row.credential) for row in self._of(connection, holder.id)
                ],
            )
            self._keep(connection, options.challenge, holder.id)
        return str(webauthn.options_to_json(options))

    def add(self, actor: Actor, session_token: str, password: str, name: str, answer: str) -> None:
        """Take a new passkey of the actor's.

        Args:
            session_token: where the account has no password, this session must have just begun.
            password: the actor's own, asked again (ASVS 7.5.1).
            answer: what the browser made of the offer, as JSON.

        Raises:
            BadArguments: if the name is missing or too long, or there are too many.
            SignInRefused: if the password is not right or the passkey does not answer the offer.
        """
        if not 1 <= len(name.strip()) <= LONGEST_NAME:
            raise BadArguments("A passkey needs a name.", next_step="Name where it is, for example 'Work laptop'.")
        self._entry.confirm(actor, password, session_token)
        with writing(self._base.engine) as connection:
            holder = one(connection, account, actor.account, actor.organisation)
            if len(self._of(connection, holder.id)) >= MOST_PASSKEYS:
                raise BadArguments(f"An account has at most {MOST_PASSKEYS} passkeys.", next_step="Remove one first.")
            try:
                credential = parse_registration_credential_json(answer)
                challenge = parse_client_data_json(credential.response.client_data_json).challenge
                self._use_up(connection, challenge, holder.id)
                made = webauthn.verify_registration_response(
                    credential=credential,
                    expected_challenge=challenge,
                    expected_rp_id=self._site,
                    expected_origin=self._origin,
                    require_user_verification=True,
                )
            except (WebAuthnException, ValueError):
                raise SignInRefused(_WRONG, next_step="Try again, or use another device.") from None
            identifier = new_id()
            sealed = self._base.keys.seal(connection, holder.organisation, name.strip(), f"passkey.name|{identifier}")
            connection.execute(
                insert(passkey).values(
                    id=identifier,
                    digest=_digest(made.credential_id),
                    organisation=holder.organisation,
                    account=holder.id,
                    credential=made.credential_id,
                    public_key=made.credential_public_key,
                    sign_count=made.sign_count,
                    backed_up=made.credential_backed_up,
                    name=sealed,
                    created_at=self._base.clock.now(),
                )
            )
            self._base.audit.append(connection, holder.organisation, holder.id, "account.add_passkey", identifier)

    def remove(self, actor: Actor, passkey_id: str) -> None:
        """Take one of the actor's own passkeys away. Raises NotFound for anybody else's."""
        with writing(self._base.engine) as connection:
            mine = (passkey.c.id == passkey_id) & (passkey.c.account == actor.account)
            if connection.execute(delete(passkey).where(mine)).rowcount != 1:
                raise NotFound(NO_SUCH_THING)
            self._base.audit.append(connection, actor.organisation, actor.account, "account.remove_passkey", passkey_id)

    def offered(self, challenge: str) -> bool:
        """Say whether the account whose first factor a challenge proves has a passkey. Raises SignInRefused."""
        with reading(self._base.engine) as connection:
            return self.ready and bool(self._of(connection, self._sessions.challenged(connection, challenge).id))

    def ask(self, address: str, challenge: str = "") -> str:
        """Return the options, as JSON, with which a browser proves a passkey.

        Args:
            address: network address of the person, for the throttle.
            challenge: token of the first factor; without one the passkey says whose it is.
        """
        self._sessions.count(f"address|{address}")
        with writing(self._base.engine) as connection:
            holder = self._sessions.challenged(connection, challenge).id if challenge else None
            allowed = self._of(connection, holder) if holder else ()
            options = webauthn.generate_authentication_options(
                rp_id=self._site,
                allow_credentials=[PublicKeyCredentialDescriptor(id=row.credential) for row in allowed],
                user_verification=_CHECKED,
            )
            self._keep(connection, options.challenge, holder)
        return str(webauthn.options_to_json(options))

    def sign_in(self, answer: str, address: str, challenge: str = "") -> str:
        """Check a passkey's signature and return the session token.

        Raises:
            SignInRefused: in the same words whatever was wrong.
            Throttled: after too many attempts.
        """
        self._sessions.count(f"address|{address}")
        with writing(self._base.engine) as connection:
            holder = self._proven(connection, answer, challenge)
            if holder is not None and (not challenge or self._sessions.use_up(connection, challenge)):
                passwords.forgive(connection, f"account|{holder.username}")
                self._base.audit.append(
                    connection, holder.organisation, holder.id, "account.sign_in_by_passkey", holder.id
                )
                return self._sessions.start(connection, holder)
        raise SignInRefused(_WRONG, next_step="Try again, or sign in with your password.")

    def _proven(self, connection: Connection, answer: str, challenge: str) -> Row[Any] | None:
        wanted = self._sessions.challenged(connection, challenge).id if challenge else None
        try:
            credential = parse_authentication_credential_json(answer)
            asked = parse_client_data_json(credential.response.client_data_json).challenge
            self._use_up(connection, asked, wanted)
            known = select(passkey).where(passkey.c.digest == _digest(base64url_to_bytes(credential.id)))
            row = connection.execute(known).one_or_none()
            if row is None or (wanted is not None and row.account != wanted):
                return None
            proof = webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=asked,
                expected_rp_id=self._site,
                expected_origin=self._origin,
                credential_public_key=row.public_key,
                credential_current_sign_count=row.sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, SignInRefused):
            return None
        used = {"sign_count": proof.new_sign_count, "seen_at": self._base.clock.now()}
        connection.execute(update(passkey).where(passkey.c.id == row.id).values(**used))
        holder = one(connection, account, row.account, row.organisation)
        return holder if holder.disabled_at is None and holder.enrolled_at is not None else None

    def _of(self, connection: Connection, account_id: str) -> Sequence[Row[Any]]:
        mine = select(passkey).where(passkey.c.account == account_id).order_by(passkey.c.created_at)
        return connection.execute(mine).all()

    def _keep(self, connection: Connection, challenge: bytes, account_id: str | None) -> None:
        now = self._base.clock.now()
        connection.execute(delete(passkey_challenge).where(passkey_challenge.c.expires_at <= now))
        values = {"digest": _digest(challenge), "account": account_id, "expires_at": now + CHALLENGE_TIME}
        connection.execute(insert(passkey_challenge).values(**values))

    def _use_up(self, connection: Connection, challenge: bytes, account_id: str | None) -> None:
        """End a challenge: it is answered once, by whom it was asked. Raises SignInRefused."""
        of = passkey_challenge.c
        live = (of.digest == _digest(challenge)) & (of.expires_at > self._base.clock.now())
        live &= of.account.is_(None) if account_id is None else of.account == account_id
        if connection.execute(delete(passkey_challenge).where(live)).rowcount != 1:
            raise SignInRefused(_WRONG, next_step="Try again.")


def _digest(value: bytes) -> str:
    return digest(value.hex())


def _named(host: str) -> bool:
    """Say whether a host has a name: browsers bind a passkey to a name, never to a number."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(host)
    return False
