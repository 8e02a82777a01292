"""The audit chain: who did what when to which thing, each event hashed over the one before, the head signed.

An event holds identifiers, counts and fixed words only, never document text or a person's name; its shape is
checked on the way in.
Format (docs/audit-format.md): SHA-256 over ``redactor audit 1`` and a newline, then the event as canonical
JSON (RFC 8785). One chain an organisation,
numbered from 1 without gaps. Heads that were exported to another place prove that nothing up to them was cut off.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, Row, insert, select, update

from redactor.clock import Clock
from redactor.store.keys import KeyRing
from redactor.store.records import audit_event, audit_head

Detail = Mapping[str, str | int | bool]

BEFORE_FIRST = "0" * 64
_DOMAIN = b"redactor audit 1\n"
_HEAD_DOMAIN = b"redactor audit head 1\n"
_CERTIFICATE_DOMAIN = b"redactor audit certificate 1\n"
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+\-]{0,95}\Z")  # no spaces: a sentence or a full name does not fit
_KEY = re.compile(r"[a-z_]{1,32}\Z")
_FIELDS = ("organisation", "number", "at", "actor", "action", "subject", "case_id", "previous")


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain at some moment, signed."""

    organisation: str
    number: int
    digest: str
    signature: bytes
    public_key: bytes

    def genuine(self) -> bool:
        """Say whether the signature is that of the head's own public key."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(
                self.signature, _head_bytes(self.organisation, self.number, self.digest)
            )
        except (InvalidSignature, ValueError):
            return False
        return True

    def as_json(self) -> str:
        """Return the head as one line of JSON, for keeping elsewhere."""
        return json.dumps(
            {
                "organisation": self.organisation,
                "number": self.number,
                "digest": self.digest,
                "signature": self.signature.hex(),
                "public_key": self.public_key.hex(),
            },
            sort_keys=True,
        )

    @staticmethod
    def from_json(untrusted: str) -> Head:
        """Read a head that was kept elsewhere. Raises ValueError if it is not one."""
        try:
            read = json.loads(untrusted)
            return Head(
                str(read["organisation"]),
                int(read["number"]),
                str(read["digest"]),
                bytes.fromhex(read["signature"]),
                bytes.fromhex(read["public_key"]),
            )
        except (KeyError, TypeError) as problem:
            raise ValueError("not a head of an audit chain") from problem


@dataclass(frozen=True, slots=True)
class Event:
    """One event, as it is read back."""

    number: int
    at: str
    actor: str
    action: str
    subject: str
    case: str
    detail: Detail


@dataclass(frozen=True, slots=True)
class Certificate:
    """One event signed by itself, so that it can be shown, or acted on, away from its chain."""

    fields: Mapping[str, str]
    digest: str
    signature: bytes
    public_key: bytes

    def genuine(self) -> bool:
        """Say whether the fields are those that were signed, by the certificate's own public key."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(
                self.signature, _CERTIFICATE_DOMAIN + self.digest.encode()
            )
        except (InvalidSignature, ValueError):
            return False
        return _digest(self.fields) == self.digest

    def as_json(self) -> str:
        """Return the certificate as one line of JSON."""
        keys = {"signature": self.signature.hex(), "public_key": self.public_key.hex(), "digest": self.digest}
        return json.dumps({**self.fields, **keys}, sort_keys=True)

    @staticmethod
    def from_json(untrusted: str) -> Certificate:
        """Read a certificate. Raises ValueError if it is not one."""
        try:
            read = json.loads(untrusted)
            fields = {name: str(read[name]) for name in (*_FIELDS, "detail")}
            keys = bytes.fromhex(read["signature"]), bytes.fromhex(read["public_key"])
            return Certificate(fields, str(read["digest"]), *keys)
        except (KeyError, TypeError) as problem:
            raise ValueError("not a certificate of an event") from problem


@dataclass(frozen=True, slots=True)
class Verdict:
    """What ``verify`` found: how many events it read, and every problem in plain words."""

    events: int
    problems: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Say whether the chain is whole."""
        return not self.problems


class Audit:
    """Writes and checks the chains.

    Args:
        keys: seals each chain's signing key.
        clock: dates events.
    """

    def __init__(self, keys: KeyRing, clock: Clock) -> None:
        self._keys, self._clock = keys, clock

    def begin(self, connection: Connection, organisation: str) -> None:
        """Start an organisation's chain with a signing key of its own."""
        private = Ed25519PrivateKey.generate()
        connection.execute(
            insert(audit_head).values(
                organisation=organisation,
                number=0,
                digest=BEFORE_FIRST,
                signature=private.sign(_head_bytes(organisation, 0, BEFORE_FIRST)),
                public_key=private.public_key().public_bytes_raw(),
                private_key=self._keys.seal(connection, organisation, private.private_bytes_raw(), "audit_head"),
            )
        )

    def append(
        self,
        connection: Connection,
        organisation: str,
        actor: str,
        action: str,
        subject: str = "-",
        case: str = "-",
        detail: Detail | None = None,
    ) -> int:
        """Add one event in the caller's transaction and return its number.

        Args:
            actor: an account's id, or "system", or "recipient".
            action: what was done, such as "document.upload".
            subject: id of the thing.
            case: id of the case, or "-".
            detail: identifiers, counts and fixed words.

        Raises:
            ValueError: if a value could be prose: the chain takes words without spaces only.
        """
        detail = detail or {}
        _check_words(actor, action, subject, case, detail)
        # The lock on the head row makes writers of one organisation take turns.
        head = connection.execute(
            select(audit_head).where(audit_head.c.organisation == organisation).with_for_update()
        ).one()
        event = {
            "organisation": organisation,
            "number": head.number + 1,
            "at": self._clock.now().isoformat(timespec="microseconds"),
            "actor": actor,
            "action": action,
            "subject": subject,
            "case_id": case,
            "detail": json.dumps(dict(detail), sort_keys=True),
            "previous": head.digest,
        }
        digest = _digest(event)
        connection.execute(insert(audit_event).values(**event, digest=digest))
        private = self._signing_key(connection, organisation, head.private_key)
        signature = private.sign(_head_bytes(organisation, head.number + 1, digest))
        connection.execute(
            update(audit_head)
            .where(audit_head.c.organisation == organisation)
            .values(number=head.number + 1, digest=digest, signature=signature)
        )
        return int(head.number) + 1

    def head(self, connection: Connection, organisation: str) -> Head:
        """Return the signed head, to be kept somewhere else."""
        row = connection.execute(select(audit_head).where(audit_head.c.organisation == organisation)).one()
        return Head(organisation, row.number, row.digest, row.signature, row.public_key)

    def certificates(
        self, connection: Connection, organisation: str, actions: Iterable[str], after: int = 0
    ) -> tuple[Certificate, ...]:
        """Return the events of these actions after a number, each signed by itself, in order."""
        head = connection.execute(select(audit_head).where(audit_head.c.organisation == organisation)).one()
        private = self._signing_key(connection, organisation, head.private_key)
        wanted = audit_event.c.action.in_(list(actions)) & (audit_event.c.number > after)
        rows = connection.execute(
            select(audit_event).where(audit_event.c.organisation == organisation, wanted).order_by(audit_event.c.number)
        )
        return tuple(
            Certificate(
                {name: str(getattr(row, name)) for name in (*_FIELDS, "detail")},
                row.digest,
                private.sign(_CERTIFICATE_DOMAIN + row.digest.encode()),
                head.public_key,
            )
            for row in rows
        )

    def _signing_key(self, connection: Connection, organisation: str, sealed: bytes) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._keys.open(connection, organisation, sealed, "audit_head"))

    def events(
        self, connection: Connection, organisation: str, *, case: str | None = None, after: int = 0, limit: int = 200
    ) -> tuple[Event, ...]:
        """Return events in order, those of one case or all."""
        query = select(audit_event).where(audit_event.c.organisation == organisation, audit_event.c.number > after)
        if case is not None:
            query = query.where(audit_event.c.case_id == case)
        rows = connection.execute(query.order_by(audit_event.c.number).limit(limit))
        return tuple(
            Event(row.number, row.at, row.actor, row.action, row.subject, row.case_id, json.loads(row.detail))
            for row in rows
        )

    def verify(self, connection: Connection, organisation: str, kept: Iterable[Head] = ()) -> Verdict:
        """Walk the whole chain: links, numbers, head, signature, and heads that were kept elsewhere.

        Args:
            kept: heads exported earlier; only they can show that the newest events were cut off together with
            the head.
        """
        anchors = [head for head in kept if head.organisation == organisation]
        wanted, digests = {head.number for head in anchors}, {0: BEFORE_FIRST}
        problems, previous, number = [], BEFORE_FIRST, 0
        rows = connection.execute(
            select(audit_event).where(audit_event.c.organisation == organisation).order_by(audit_event.c.number)
        )
        for row in rows:
            number += 1
            problems += _problems_of(row, number, previous)
            previous, number = row.digest, row.number
            if number in wanted:
                digests[number] = row.digest
        head = connection.execute(select(audit_head).where(audit_head.c.organisation == organisation)).one_or_none()
        if head is None:
            return Verdict(number, (*problems, "The chain has no head."))
        if (head.number, head.digest) != (number, previous):
            problems.append(f"The head names event {head.number}, the chain ends at event {number}.")
        if not Head(organisation, head.number, head.digest, head.signature, head.public_key).genuine():
            problems.append("The head's signature is not genuine.")
        problems += _problems_of_anchors(anchors, digests, head.public_key)
        return Verdict(number, tuple(problems))


def _problems_of(row: Row[tuple[object, ...]], expected: int, previous: str) -> list[str]:
    found = []
    if row.number != expected:
        found.append(f"Event {expected} is missing; event {row.number} stands in its place.")
    if row.previous != previous:
        found.append(f"Event {row.number} does not follow from the event before it.")
    fields = {name: getattr(row, name) for name in (*_FIELDS, "detail")}
    if _digest(fields) != row.digest:
        found.append(f"Event {row.number} was altered.")
    return found


def _problems_of_anchors(anchors: list[Head], digests: Mapping[int, str], public_key: bytes) -> list[str]:
    found = []
    for anchor in anchors:
        if anchor.public_key != public_key or not anchor.genuine():
            found.append(f"The kept head of event {anchor.number} is not signed by this chain's key.")
        elif digests.get(anchor.number) != anchor.digest:
            found.append(f"Event {anchor.number} was kept elsewhere with another digest, or is gone.")
    return found


def _digest(event: Mapping[str, object]) -> str:
    # Numbers go in as text: a 64-bit number has no exact place in canonical JSON.
    canonical = {name: str(event[name]) for name in (*_FIELDS, "detail")}
    return hashlib.sha256(_DOMAIN + rfc8785.dumps(canonical)).hexdigest()


def _head_bytes(organisation: str, number: int, digest: str) -> bytes:
    return _HEAD_DOMAIN + f"{organisation}\n{number}\n{digest}\n".encode()


def _check_words(actor: str, action: str, subject: str, case: str, detail: Detail) -> None:
    words = [word for word in (actor, action, subject, case) if word != "-"]
    words += [value for value in detail.values() if isinstance(value, str) and value]
    if not all(_WORD.match(word) for word in words) or not all(_KEY.match(key) for key in detail):
        raise ValueError("an audit event takes identifiers, counts and fixed words only")
