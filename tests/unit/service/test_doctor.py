"""Issue 7.6: ``redactor doctor`` names each misconfiguration with its fix, and passes a sound service."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import SecretStr
from sqlalchemy import create_engine, text

from redactor.cli import doctor as command
from redactor.cli import examine, group
from redactor.cli.examine import Diagnosis, examine_service
from redactor.settings import Settings
from redactor.store import migrate
from redactor.store.database import open_database
from tests import servers
from tests.unit.service.conftest import House

TLS_FIX = "TLS"
NOWHERE = f"http://localhost:{servers.free_port()}"
NOBODY = SecretStr(f"amqp://guest:guest@127.0.0.1:{servers.free_port()}//")


def found(settings: Settings) -> dict[str, Diagnosis]:
    """What the doctor says, by subject; the worst where a subject comes up twice."""
    answers: dict[str, Diagnosis] = {}
    for each in examine_service(settings):
        if each.subject not in answers or each.fix:
            answers[each.subject] = each
    return answers


def grave(settings: Settings) -> dict[str, str]:
    return {name: each.fix for name, each in found(settings).items() if each.fix and each.grave}


@pytest.fixture
def sound(house: House) -> Settings:
    from redactor import protect

    protect.make_key(house.settings.seal_path, "An organisation")
    return house.settings


@pytest.mark.parametrize("deployment", ["embedded", "scaled"])
def test_a_sound_service_has_nothing_grave(sound: Settings, deployment: str) -> None:
    flushing = {"fsync", "synchronous_commit", "full_page_writes"}  # off in the cluster of the tests
    ours = {f"PostgreSQL {name}" for name in flushing if deployment == "scaled"}
    hosts = {"swap", "core files", "disk"}  # of the machine on which the tests run
    assert set(grave(sound)) - hosts == ours
    assert found(sound)["storage"].state == "keeps what is written"


def _widen(settings: Settings) -> Settings:
    settings.data.chmod(0o755)
    return settings


def _share_key(settings: Settings) -> Settings:
    settings.key_path.chmod(0o644)
    return settings


def _lose_key(settings: Settings) -> Settings:
    settings.key_path.unlink()
    return settings


def _other_key(settings: Settings) -> Settings:
    from redactor.store.keys import FileKey

    settings.key_path.unlink()
    FileKey.create(settings.key_path)
    return settings


def _no_seal(settings: Settings) -> Settings:
    settings.seal_path.unlink()
    return settings


def _share_seal(settings: Settings) -> Settings:
    settings.seal_path.chmod(0o644)
    return settings


def _older(settings: Settings) -> Settings:
    engine = open_database(settings.database)
    migrate.downgrade(engine, "0001")
    engine.dispose()
    return settings


def _newer(settings: Settings) -> Settings:
    engine = create_engine(settings.database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    return settings


def _gone(settings: Settings) -> Settings:
    return _with(database_url=SecretStr(f"postgresql+psycopg://x@127.0.0.1:{servers.free_port()}/x"))(settings)


def _no_folder(settings: Settings) -> Settings:
    shutil.rmtree(settings.blob_folder)
    settings.blob_folder.write_bytes(b"")
    return settings


def _with(**values: object) -> Callable[[Settings], Settings]:
    return lambda settings: settings.model_copy(update=values)


@pytest.mark.parametrize(
    ("spoil", "subject", "word"),
    [
        (_widen, "folder var", "chmod 700"),
        (_share_key, "master key", "0600"),
        (_lose_key, "master key", "restore"),
        (_other_key, "organisation keys", "backup"),
        (_no_seal, "seal key", "keys init"),
        (_share_seal, "seal key", "0600"),
        (_older, "records", "keys init"),
        (_newer, "records", "release"),
        (_gone, "records", "DATABASE_URL"),
        (_no_folder, "storage", "STORAGE_URL"),
        (_with(public_url="http://redaction.example"), "public address", TLS_FIX),
        (_with(storage_url="s3://b", storage_endpoint="http://store.example", storage_seconds=1.0),
         "way to the storage", TLS_FIX),
        (_with(storage_url="ftp://b"), "storage", "folder"),
        (_with(queue_url=NOBODY), "queue", "QUEUE_URL"),
        (_with(queue_url=NOBODY), "queue account", "account"),
        (_with(queue_url=NOBODY), "deployment", "PostgreSQL"),
        (_with(clamd="unix:/nobody/there"), "virus scanner", "clamd"),
        (_with(clamd="nonsense"), "virus scanner", "unix:"),
        (_with(oidc_issuer=NOWHERE), "identity provider", "minutes"),
        (_with(oidc_issuer=NOWHERE), "identity provider's client", "OIDC_CLIENT_ID"),
        (_with(oidc_issuer=NOWHERE), "identity provider's way back", "PUBLIC_URL"),
        (_with(oidc_issuer=NOWHERE, oidc_roles={"g": "queen"}), "identity provider", "lawyer"),
    ],
)  # fmt: skip
def test_each_misconfiguration_is_named_with_its_fix(
    sound: Settings, spoil: Callable[[Settings], Settings], subject: str, word: str
) -> None:
    fixes = grave(spoil(sound))
    assert subject in fixes
    assert word in fixes[subject]


def test_a_seal_key_about_to_end_is_named(sound: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    late = datetime.now(UTC) + timedelta(days=5 * 365 - 10)
    monkeypatch.setattr(examine, "_now", lambda: late)
    assert "seal.p12" in grave(sound)["seal key"]


def test_a_scanner_without_signatures_is_named(sound: Settings) -> None:
    with servers.clamd(b"something else") as (address, _):
        fixes = grave(sound.model_copy(update={"clamd": address}))
    assert "freshclam" in fixes["virus scanner"]


def test_a_database_across_the_network_must_be_checked(sound: Settings) -> None:
    for query, safe in (("", False), ("?sslmode=require", False), ("?sslmode=verify-full", True)):
        assert examine._database_is_private(f"postgresql+psycopg://u@db.example/x{query}") is safe


def test_the_command_leaves_with_nine_and_shows_the_fix(sound: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    sound.key_path.chmod(0o644)
    monkeypatch.setenv("REDACTOR_DATA", str(sound.data))
    monkeypatch.setenv("REDACTOR_METRICS_TOKEN", "a-token-of-monitoring-alone")
    monkeypatch.setattr(command, "examine_host", list)
    done = CliRunner().invoke(group, ["doctor"], standalone_mode=False)
    assert done.return_value == 9 or done.exit_code == 9
    assert "FAIL master key" in done.output
    assert "note REDACTOR_METRICS_TOKEN" in done.output
    monkeypatch.setenv("REDACTOR_METRICS_TOKEN", "short")
    assert "REDACTOR_METRICS_TOKEN" in CliRunner().invoke(group, ["doctor"], standalone_mode=False).output


def test_a_host_without_a_service_is_looked_at_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDACTOR_DATA", str(tmp_path / "none"))
    monkeypatch.setattr(command, "examine_host", list)
    assert "none was set up" in CliRunner().invoke(group, ["doctor"], standalone_mode=False).output
    assert not (tmp_path / "none").exists()
