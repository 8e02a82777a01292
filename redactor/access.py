"""Who may do what on which case: one table, asked at every step (ASVS 8.2.2, 8.3.2).

Need to know comes first: what belongs to a case is for its members. An administrator looks after accounts and
sees no case.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from redactor.errors import AccessRefused


class AccountRole(StrEnum):
    """What an account is for; an account may have several."""

    ADMINISTRATOR = "administrator"
    CHAIR = "chair"
    MINUTE_TAKER = "minute_taker"
    LAWYER = "lawyer"
    REVIEWER = "reviewer"
    REVIEW_AUTHOR = "review_author"
    AUDITOR = "auditor"
    INFORMATION_OFFICER = "information_officer"
    RECIPIENT = "recipient"


class Permission(StrEnum):
    """One thing that a person can do."""

    ACCOUNTS_MANAGE = "accounts.manage"
    AGREEMENT_PUBLISH = "agreement.publish"
    AUDIT_READ = "audit.read"
    CASE_CREATE = "case.create"
    CASE_READ = "case.read"
    CASE_EDIT = "case.edit"
    CASE_MEMBERS = "case.members"
    CASE_AUDIT = "case.audit"
    DOCUMENT_ADD = "document.add"
    DOCUMENT_READ = "document.read"
    DOCUMENT_ORIGINAL = "document.original"
    DOCUMENT_DESTROY = "document.destroy"
    REVIEW_REQUEST = "review.request"
    REVIEW_READ = "review.read"
    REVIEW_AMEND = "review.amend"
    REVIEW_APPROVE = "review.approve"
    RELEASE_SEND = "release.send"
    RELEASE_READ = "release.read"
    RELEASE_REVOKE = "release.revoke"
    BREACH_REPORT = "breach.report"
    RIGHTS_MANAGE = "rights.manage"


EVERYWHERE = frozenset(
    {
        Permission.ACCOUNTS_MANAGE,
        Permission.AGREEMENT_PUBLISH,
        Permission.AUDIT_READ,
        Permission.CASE_CREATE,
        Permission.RIGHTS_MANAGE,
    }
)
_LOOK = frozenset({Permission.CASE_READ, Permission.DOCUMENT_READ, Permission.REVIEW_READ, Permission.RELEASE_READ})
_PREPARE = _LOOK | {
    Permission.CASE_EDIT,
    Permission.DOCUMENT_ADD,
    Permission.DOCUMENT_ORIGINAL,
    Permission.REVIEW_REQUEST,
    Permission.REVIEW_AMEND,
}
_DECIDE = _PREPARE | {
    Permission.REVIEW_APPROVE,
    Permission.RELEASE_SEND,
    Permission.RELEASE_REVOKE,
    Permission.BREACH_REPORT,
}

GRANTED: dict[AccountRole, frozenset[Permission]] = {
    AccountRole.ADMINISTRATOR: frozenset({Permission.ACCOUNTS_MANAGE, Permission.AGREEMENT_PUBLISH}),
    AccountRole.CHAIR: _DECIDE
    | {Permission.CASE_CREATE, Permission.CASE_MEMBERS, Permission.CASE_AUDIT, Permission.DOCUMENT_DESTROY},
    AccountRole.MINUTE_TAKER: _PREPARE | {Permission.CASE_CREATE},
    AccountRole.LAWYER: _DECIDE | {Permission.CASE_CREATE, Permission.CASE_AUDIT},
    AccountRole.REVIEWER: _LOOK | {Permission.REVIEW_REQUEST, Permission.REVIEW_AMEND},
    AccountRole.REVIEW_AUTHOR: _PREPARE | {Permission.CASE_CREATE},
    AccountRole.AUDITOR: frozenset({Permission.AUDIT_READ, Permission.CASE_AUDIT}),
    AccountRole.INFORMATION_OFFICER: frozenset({Permission.RIGHTS_MANAGE, Permission.BREACH_REPORT}),
    AccountRole.RECIPIENT: frozenset(),  # recipients come by link; the role alone opens nothing
}


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who asks: read from the records at every request, never from the cookie.

    Args:
        scopes: what a program may do for this person; None for the person at a browser.
    """

    account: str
    organisation: str
    roles: frozenset[AccountRole]
    name: str = ""
    scopes: frozenset[Permission] | None = None

    def may(self, permission: Permission) -> bool:
        """Say whether any of the actor's roles has this permission at all (a case can still be closed to them)."""
        if self.scopes is not None and permission not in self.scopes:
            return False
        return any(permission in GRANTED[role] for role in self.roles)


@dataclass(frozen=True, slots=True)
class CaseAccess:
    """What access needs to know of a case."""

    id: str
    organisation: str
    restricted: bool
    member: bool


@dataclass(frozen=True, slots=True)
class Allowed:
    """The actor may."""

    permission: Permission


@dataclass(frozen=True, slots=True)
class Refused:
    """The actor may not, and why, in one word for the audit and one sentence for the reader."""

    permission: Permission
    why: str
    sentence: str


def decide(actor: Actor, permission: Permission, case: CaseAccess | None = None) -> Allowed | Refused:
    """Say whether the actor may do this, on this case."""
    if not actor.may(permission):
        return Refused(permission, "role", "Your role does not allow this step.")
    if permission in EVERYWHERE:
        return Allowed(permission)
    if case is None or case.organisation != actor.organisation:
        # The same words as for a stranger's case: nobody learns that it exists.
        return Refused(permission, "organisation", _NOT_YOURS)
    if case.member:
        return Allowed(permission)
    if permission is Permission.CASE_AUDIT and AccountRole.AUDITOR in actor.roles and not case.restricted:
        return Allowed(permission)
    if permission is Permission.BREACH_REPORT and AccountRole.INFORMATION_OFFICER in actor.roles:
        return Allowed(permission)  # the law's clock runs for the organisation, whoever is on the case
    return Refused(permission, "membership", _NOT_YOURS)


_NOT_YOURS = "There is no such case, or you are not on it."


def require(actor: Actor, permission: Permission, case: CaseAccess | None = None) -> Allowed:
    """Return the permission, or raise.

    Raises:
        AccessRefused: with the reason in plain words.
    """
    answer = decide(actor, permission, case)
    match answer:
        case Allowed():
            return answer
        case Refused():
            raise AccessRefused(answer.sentence)
        case _:
            assert_never(answer)
