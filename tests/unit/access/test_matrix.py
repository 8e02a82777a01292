"""Promise 2: every role x permission x membership, against a table written down apart from the code."""

from __future__ import annotations

import itertools

import pytest

from redactor.access import AccountRole, Actor, Allowed, CaseAccess, Permission, Refused, decide, require
from redactor.errors import AccessRefused

LOOK = {"case.read", "document.read", "review.read", "release.read"}
PREPARE = LOOK | {"case.edit", "document.add", "document.original", "review.request", "review.amend"}
DECIDE = PREPARE | {"review.approve", "release.send", "release.revoke", "breach.report"}
MEMBER = {
    "administrator": set(),
    "chair": DECIDE | {"case.members", "case.audit", "document.destroy"},
    "minute_taker": PREPARE,
    "lawyer": DECIDE | {"case.audit"},
    "reviewer": LOOK | {"review.request", "review.amend"},
    "review_author": PREPARE,
    "auditor": {"case.audit"},
    "information_officer": {"breach.report"},
    "recipient": set(),
}
ANYWHERE = {
    "administrator": {"accounts.manage", "agreement.publish"},
    "chair": {"case.create"},
    "minute_taker": {"case.create"},
    "lawyer": {"case.create"},
    "reviewer": set(),
    "review_author": {"case.create"},
    "auditor": {"audit.read"},
    "information_officer": {"rights.manage"},
    "recipient": set(),
}


@pytest.mark.parametrize("role", list(AccountRole))
def test_matrix(role: AccountRole) -> None:
    actor = Actor("a" * 32, "o1", frozenset({role}))
    for permission, member, restricted in itertools.product(Permission, (True, False), (True, False)):
        case = CaseAccess("c" * 32, "o1", restricted, member)
        expected = permission.value in ANYWHERE[role.value]
        expected |= member and permission.value in MEMBER[role.value]
        expected |= role is AccountRole.AUDITOR and permission is Permission.CASE_AUDIT and not restricted
        expected |= role is AccountRole.INFORMATION_OFFICER and permission is Permission.BREACH_REPORT
        assert isinstance(decide(actor, permission, case), Allowed) == expected, (role, permission, member, restricted)


@pytest.mark.parametrize("role", list(AccountRole))
def test_another_organisation_is_closed_whatever_the_role(role: AccountRole) -> None:
    actor = Actor("a" * 32, "o1", frozenset({role}))
    for permission in Permission:
        if permission.value in ANYWHERE[role.value]:
            continue
        for member in (True, False):
            assert isinstance(decide(actor, permission, CaseAccess("c" * 32, "o2", False, member)), Refused)


def test_a_strangers_case_and_a_missing_one_sound_alike() -> None:
    actor = Actor("a" * 32, "o1", frozenset({AccountRole.CHAIR}))
    said = set()
    for case in (None, CaseAccess("c", "o2", False, True), CaseAccess("c", "o1", False, False)):
        with pytest.raises(AccessRefused) as caught:
            require(actor, Permission.CASE_READ, case)
        said.add(str(caught.value))
    assert len(said) == 1


def test_roles_add_up() -> None:
    both = Actor("a", "o1", frozenset({AccountRole.ADMINISTRATOR, AccountRole.REVIEWER}))
    case = CaseAccess("c", "o1", False, True)
    assert isinstance(decide(both, Permission.ACCOUNTS_MANAGE), Allowed)
    assert isinstance(decide(both, Permission.REVIEW_AMEND, case), Allowed)
    assert isinstance(decide(both, Permission.REVIEW_APPROVE, case), Refused)
