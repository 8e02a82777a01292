"""What ``redactor doctor`` looks at in a service: its settings, keys, records, storage, queue and host."""

from __future__ import annotations

import os
import resource
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from redactor import limits
from redactor.errors import RedactorError
from redactor.settings import FOLDER_MODE, Settings

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", ""})
_LEAST_FREE = 1024 * limits.MEBIBYTE
_SEAL_NOTICE = timedelta(days=60)
_HEADS_AGE = timedelta(days=2)
_QUEUE_AGE = timedelta(hours=1)
_CLOCK_APART = timedelta(seconds=10)
_NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "ceph", "glusterfs"})
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"  # in two, or scanners take us
_PROBE = "probe/00/{}"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at.

    Args:
        fix: what to do; empty when it is well.
        grave: False for advice: the service runs, but not as well as it could.
    """

    subject: str
    state: str
    fix: str = ""
    grave: bool = True
    missing: bool = False


def tried(subject: str, trial: Callable[[], str]) -> Diagnosis:
    """Return what a trial says, or its refusal with the fix."""
    try:
        return Diagnosis(subject, trial())
    except RedactorError as refusal:
        return Diagnosis(subject, refusal.message, refusal.next_step)


def examine_service(settings: Settings) -> Iterator[Diagnosis]:
    """Look at a service that was set up."""
    yield from _folder(settings)
    yield from _keys(settings)
    yield from _addresses(settings)
    yield from _together(settings)
    yield from _records(settings)
    yield _storage(settings)
    if settings.queue_url is not None:
        yield _queue(settings)
    if settings.clamd is not None:
        yield _scanner(settings)
    if settings.oidc_issuer:
        yield from _provider(settings)
    yield from examine_memory()


def examine_memory() -> Iterator[Diagnosis]:
    """Look at where text in memory could end up: swap and core files."""
    swaps = [line.split()[0] for line in _read("/proc/swaps").splitlines()[1:]]
    plain = [name for name in swaps if not name.startswith(("/dev/zram", "/dev/dm-"))]
    fix = "Turn swap off (swapoff -a), or encrypt it: document text must not reach a disk." if plain else ""
    yield Diagnosis("swap", "is on a disk in clear" if plain else "none in clear", fix)
    cores = resource.getrlimit(resource.RLIMIT_CORE)[0]
    fix = "Set LimitCORE=0 (systemd) or 'ulimit -c 0'." if cores else ""
    yield Diagnosis("core files", "would be written" if cores else "off", fix)
    root = os.geteuid() == 0
    fix = "Give the service a user of its own." if root else ""
    yield Diagnosis("user", "root" if root else "not root", fix, grave=False)


def _folder(settings: Settings) -> Iterator[Diagnosis]:
    for folder in (settings.data, settings.key_folder):
        mode = stat.S_IMODE(folder.stat().st_mode)
        fix = f"chmod {FOLDER_MODE:o} {folder}" if mode & ~FOLDER_MODE else ""
        yield Diagnosis(f"folder {folder.name}", "open to others" if fix else "closed to others", fix)
    free = shutil.disk_usage(settings.data).free
    fix = "Free some space, or move the data folder." if free < _LEAST_FREE else ""
    yield Diagnosis("disk", f"{free // limits.MEBIBYTE} MiB free", fix)


def _keys(settings: Settings) -> Iterator[Diagnosis]:
    from cryptography import x509

    from redactor import protect
    from redactor.store.keys import FileKey

    def master() -> str:
        FileKey(settings.key_path)
        return "can be read by this user alone"

    yield tried("master key", master)
    if not settings.seal_path.exists():
        yield Diagnosis("seal key", "is missing, so released copies are not signed", "redactor keys init")
        return
    try:
        seal = protect.load_key(settings.seal_path)
    except RedactorError as refusal:
        yield Diagnosis("seal key", refusal.message, refusal.next_step)
        return
    ends = x509.load_der_x509_certificate(seal.certificate).not_valid_after_utc
    fix = "Bring a new one: move seal.p12 away and run 'redactor keys init'." if ends < _now() + _SEAL_NOTICE else ""
    yield Diagnosis("seal key", f"valid until {ends.date().isoformat()}", fix)


def _addresses(settings: Settings) -> Iterator[Diagnosis]:
    public = urlsplit(settings.base_url)
    open_ = public.scheme != "https" and public.hostname not in _LOOPBACK
    fix = "Put TLS before the service and set REDACTOR_PUBLIC_URL to its https:// address." if open_ else ""
    yield Diagnosis("public address", "not https" if open_ else "safe", fix)
    for name, address, safe in (
        ("database", settings.database, _database_is_private),
        ("storage", settings.storage_endpoint or "", _is_private),
        ("queue", settings.queue_url.get_secret_value() if settings.queue_url else "", _is_private),
    ):
        if not safe(address):
            fix = "Use TLS: sslmode=verify-full (database), https:// (storage), amqps:// (queue)."
            yield Diagnosis(f"way to the {name}", "crosses the network in clear", fix)
    if settings.queue_url is not None and "guest:guest@" in settings.queue_url.get_secret_value():
        yield Diagnosis("queue account", "is RabbitMQ's own guest", "Make an account with a password of its own.")
    for name in (
        "DATABASE_URL",
        "QUEUE_URL",
        "STORAGE_SECRET_KEY",
        "METRICS_TOKEN",
        "OIDC_CLIENT_SECRET",
        "WEBHOOK_SECRET",
    ):
        if f"REDACTOR_{name}" in os.environ:
            fix = f"Put it into a file of mode 0600 and name that in REDACTOR_{name}_FILE."
            yield Diagnosis(f"REDACTOR_{name}", "stands in the environment", fix, grave=False)


def _is_private(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("https", "amqps", "") or (parts.hostname or "") in _LOOPBACK


def _database_is_private(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme.startswith("sqlite") or (parts.hostname or "") in _LOOPBACK or "sslmode=verify-" in parts.query


def _together(settings: Settings) -> Iterator[Diagnosis]:
    sqlite = settings.database.startswith("sqlite")
    if settings.queue_url is not None and sqlite:
        fix = "Set REDACTOR_DATABASE_URL to a PostgreSQL, or leave REDACTOR_QUEUE_URL out."
        yield Diagnosis("deployment", "a queue for many hosts over a database for one", fix)
    if not sqlite and settings.storage_url is None:
        fix = "Set REDACTOR_STORAGE_URL, unless everything runs on this one host."
        yield Diagnosis("deployment", "records on a server, sealed files in a folder of this host", fix, grave=False)
    kind = _file_system(settings.data)
    if sqlite and kind in _NETWORK_FILE_SYSTEMS:
        fix = "Put the data folder on a local disk, or use PostgreSQL: SQLite cannot lock over a network."
        yield Diagnosis("records", f"lie on {kind}", fix)


def _file_system(path: Path) -> str:
    place, best, kind = str(path.resolve()), "", ""
    for line in _read("/proc/mounts").splitlines():
        mount, found = line.split()[1:3]
        if place.startswith(mount) and len(mount) >= len(best):
            best, kind = mount, found
    return kind


def _records(settings: Settings) -> Iterator[Diagnosis]:
    from sqlalchemy.exc import SQLAlchemyError

    from redactor import app
    from redactor.store.database import open_database, reading
    from redactor.store.migrate import newest_revision, present_revision

    engine = open_database(settings.database)
    try:
        found, wanted = present_revision(engine), newest_revision()
        if found != wanted:
            older = found is None or found < wanted
            fix = "Run 'redactor keys init' to bring them up." if older else "Install the release that wrote them."
            yield Diagnosis("records", "are older than this release" if older else "are of a newer release", fix)
            return
        yield Diagnosis("records", "answer and fit this release")
        if engine.dialect.name == "postgresql":
            with reading(engine) as connection:
                for name in ("fsync", "synchronous_commit", "full_page_writes"):
                    if connection.exec_driver_sql(f"SHOW {name}").scalar_one() == "off":
                        fix = f"ALTER SYSTEM SET {name}=on"
                        yield Diagnosis(f"PostgreSQL {name}", "off: a power cut loses work", fix)
                theirs: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
                apart = abs(theirs - _now()) > _CLOCK_APART
                fix = "Run a time service (chrony, systemd-timesyncd) on both." if apart else ""
                yield Diagnosis("clock", "differs from the database's" if apart else "agrees with the database's", fix)
    except SQLAlchemyError as problem:
        yield Diagnosis("records", f"do not answer ({type(problem).__name__})", "Check REDACTOR_DATABASE_URL.")
        return
    finally:
        engine.dispose()
    service = None
    try:
        service = app.compose(settings)
        yield Diagnosis("organisation keys", "open with the master key")
        age = timedelta(seconds=service.condition.figures().queue_age)
        fix = "Start 'redactor worker'." if age > _QUEUE_AGE else ""
        yield Diagnosis("oldest job", f"waits {int(age.total_seconds())} s", fix, grave=False)
    except RedactorError as refusal:
        yield Diagnosis("organisation keys", refusal.message, refusal.next_step)
    finally:
        if service is not None:
            service.base.engine.dispose()
    heads = settings.heads_file
    stale = not heads.exists() or datetime.fromtimestamp(heads.stat().st_mtime, UTC) < _now() - _HEADS_AGE
    fix = "Run 'redactor audit keep' every night and copy audit/heads.jsonl to another system." if stale else ""
    yield Diagnosis("kept audit heads", "none of late" if stale else "of late", fix, grave=False)


def _storage(settings: Settings) -> Diagnosis:
    from obstore.exceptions import BaseError

    from redactor import app
    from redactor.store.records import new_id

    path, content = _PROBE.format(new_id()), os.urandom(64)
    try:
        storage = app.open_storage(settings)
        storage.put(path, content)
        same = storage.get(path) == content
        storage.delete(path)
    except RedactorError as refusal:
        return Diagnosis("storage", refusal.message, refusal.next_step)
    except (OSError, BaseError) as problem:
        fix = "Check REDACTOR_STORAGE_URL, _ENDPOINT and the keys; the bucket must exist, and the disk have room."
        return Diagnosis("storage", f"does not keep what is written ({type(problem).__name__})", fix)
    fix = "" if same else "Use another storage: it changed what it kept."
    return Diagnosis("storage", "keeps what is written", fix)


def _queue(settings: Settings) -> Diagnosis:
    try:
        from redactor import broker
    except ImportError:
        return Diagnosis("queue", "Celery is not installed", "Install redactor[scale].", missing=True)
    if problem := broker.problem_with(settings):
        fix = "Check REDACTOR_QUEUE_URL and that RabbitMQ is 3.10 or newer and runs."
        return Diagnosis("queue", f"does not take jobs ({problem})", fix)
    return Diagnosis("queue", "takes jobs on a quorum queue")


def _scanner(settings: Settings) -> Diagnosis:
    from redactor import antivirus
    from redactor.errors import Hostile

    try:
        antivirus.scan(settings.clamd or "", _EICAR, settings.clamd_seconds)
    except Hostile:
        return Diagnosis("virus scanner", "knows the EICAR test file")
    except RedactorError as refusal:
        return Diagnosis("virus scanner", refusal.message, refusal.next_step)
    return Diagnosis("virus scanner", "does not know the EICAR test file", "Let freshclam fetch the signatures.")


def _provider(settings: Settings) -> Iterator[Diagnosis]:
    """Ask the identity provider what it is, as the sign-in page would."""
    from redactor.identity import Provider
    from redactor.service.single_sign_on import group_roles

    if not settings.oidc_client_id or settings.oidc_client_secret is None:
        fix = "Set REDACTOR_OIDC_CLIENT_ID and REDACTOR_OIDC_CLIENT_SECRET_FILE as the provider gave them."
        yield Diagnosis("identity provider's client", "has no name or no secret", fix)
    if not settings.public_url:
        fix = "Set REDACTOR_PUBLIC_URL: the provider sends people back to it."
        yield Diagnosis("identity provider's way back", "is not known", fix)

    def asked() -> str:
        group_roles(settings)
        Provider(settings.oidc_issuer, settings.oidc_client_id, "").discover(_now())
        return "answers, and its keys can be read"

    yield tried("identity provider", asked)


def _now() -> datetime:
    return datetime.now(UTC)


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
