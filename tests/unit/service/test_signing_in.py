"""Promise 2: two factors, codes that work once, sessions that end (ASVS 6.3, 6.5, 7.2 to 7.4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from redactor.access import AccountRole
from redactor.errors import AccessRefused, BadArguments, SignInNeeded, SignInRefused, Throttled
from redactor.service import passwords
from redactor.store.database import reading
from redactor.store.records import organisation
from tests.unit.service.conftest import PASSWORD, House

ADDRESS = "192.0.2.7"


def code(house: House, username: str = "chair") -> str:
    return passwords.totp_code(house.secrets[username], house.clock.now())


def session(house: House, username: str = "chair") -> str:
    house.clock.move(timedelta(seconds=passwords.CODE_STEP_SECONDS * 2))
    challenge = house.service.entry.sign_in(username, PASSWORD, ADDRESS)
    return house.service.entry.second_factor(challenge, code(house, username), ADDRESS)


def test_both_factors_are_needed(house: House) -> None:
    challenge = house.service.entry.sign_in("Chair", PASSWORD, ADDRESS)
    with pytest.raises(SignInNeeded):
        house.service.sessions.resume(challenge)
    with pytest.raises(SignInRefused):
        house.service.entry.second_factor(challenge, "000000x", ADDRESS)
    with pytest.raises(SignInRefused):
        house.service.entry.sign_in("chair", "wrong password here", ADDRESS)
    with pytest.raises(SignInRefused):
        house.service.entry.sign_in("nobody", PASSWORD, ADDRESS)


def test_a_code_works_once(house: House) -> None:
    session(house)
    challenge = house.service.entry.sign_in("chair", PASSWORD, ADDRESS)
    with pytest.raises(SignInRefused):
        house.service.entry.second_factor(challenge, code(house), ADDRESS)


def test_a_challenge_works_once(house: House) -> None:
    house.clock.move(timedelta(minutes=2))
    challenge = house.service.entry.sign_in("chair", PASSWORD, ADDRESS)
    house.service.entry.second_factor(challenge, code(house), ADDRESS)
    house.clock.move(timedelta(minutes=1))
    with pytest.raises(SignInRefused):
        house.service.entry.second_factor(challenge, code(house), ADDRESS)


def test_sessions_end_when_idle_and_after_a_day(house: House) -> None:
    idle, settings = session(house), house.settings
    house.clock.move(timedelta(seconds=settings.session_idle_seconds))
    with pytest.raises(SignInNeeded):
        house.service.sessions.resume(idle)
    used, begun = session(house), house.clock.now()
    while house.clock.now() - begun < timedelta(seconds=settings.session_seconds - 600):
        house.clock.move(timedelta(minutes=10))
        house.service.sessions.resume(used)
    house.clock.move(timedelta(minutes=10))
    with pytest.raises(SignInNeeded):
        house.service.sessions.resume(used)


def test_signing_out_and_disabling_end_sessions(house: House) -> None:
    accounts, admin = house.service.accounts, house.people["admin"]
    left, other = session(house), session(house)
    house.service.sessions.sign_out(left)
    with pytest.raises(SignInNeeded):
        house.service.sessions.resume(left)
    accounts.disable(admin, house.service.sessions.resume(other).account)
    with pytest.raises(SignInNeeded):
        house.service.sessions.resume(other)
    with pytest.raises(SignInRefused):
        house.service.entry.sign_in("chair", PASSWORD, ADDRESS)


def test_roles_hold_from_the_next_request(house: House) -> None:
    accounts, token = house.service.accounts, session(house)
    accounts.set_roles(house.people["admin"], house.people["chair"].account, [AccountRole.REVIEWER])
    assert house.service.sessions.resume(token).roles == {AccountRole.REVIEWER}


def test_guesses_are_throttled_and_time_heals(house: House) -> None:
    for _ in range(passwords.ACCOUNT_ATTEMPTS):
        with pytest.raises(SignInRefused):
            house.service.entry.sign_in("chair", "wrong password here", ADDRESS)
    with pytest.raises(Throttled):
        house.service.entry.sign_in("chair", PASSWORD, ADDRESS)
    house.clock.move(passwords.THROTTLE_WINDOW)
    assert house.service.entry.sign_in("chair", PASSWORD, ADDRESS)


def test_a_recovery_code_works_once(house: House) -> None:
    entry, admin = house.service.entry, house.people["admin"]
    token = house.service.accounts.invite(admin, "new@example.org", "New person", [AccountRole.REVIEWER])
    asked = house.service.enrolments.enrolment(token)
    made = house.service.enrolments.enrol(token, PASSWORD, passwords.totp_code(asked.secret, house.clock.now()))
    spoken = made.recovery_codes[0].upper().replace("-", " ")
    assert entry.recover(entry.sign_in("new@example.org", PASSWORD, ADDRESS), spoken, ADDRESS)
    with pytest.raises(SignInRefused):
        entry.recover(entry.sign_in("new@example.org", PASSWORD, ADDRESS), spoken, ADDRESS)
    with pytest.raises(SignInRefused):
        house.service.enrolments.enrolment(token)


def test_links_expire_and_weak_passwords_are_refused(house: House) -> None:
    accounts = house.service.accounts
    token = accounts.invite(house.people["admin"], "late", "Late person", [AccountRole.REVIEWER])
    asked = house.service.enrolments.enrolment(token)
    shown = passwords.totp_code(asked.secret, house.clock.now())
    weak_ones = ["short", "x" * 300, "aaaaaaaaaaaaaaa", "mylatepassword", "Late person 1", "redactor redactor"]
    weak_ones += ["qwertyuiop12", "123456789012", "iloveyou1234", "Safeguarding2026"]
    with reading(house.service.base.engine) as connection:
        weak_ones.append(f"{connection.execute(select(organisation.c.name)).scalar_one()} 7")
    for weak in weak_ones:
        with pytest.raises(BadArguments):
            house.service.enrolments.enrol(token, weak, shown)
    house.clock.move(timedelta(hours=house.settings.invite_hours))
    with pytest.raises(SignInRefused):
        house.service.enrolments.enrolment(token)


def test_only_administrators_manage_accounts(house: House) -> None:
    accounts, chair = house.service.accounts, house.people["chair"]
    for attempt in (
        lambda: accounts.list(chair),
        lambda: accounts.invite(chair, "friend", "Friend", [AccountRole.ADMINISTRATOR]),
        lambda: accounts.set_roles(chair, house.people["second"].account, [AccountRole.AUDITOR]),
        lambda: accounts.disable(chair, house.people["second"].account),
        lambda: accounts.reset(chair, house.people["second"].account),
    ):
        with pytest.raises(AccessRefused):
            attempt()
