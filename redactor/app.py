"""The composition root: settings in, a working service out. Refuses to start when a protection is missing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from obstore.store import S3Store
from sqlalchemy import Engine

from redactor.clock import Clock, SystemClock
from redactor.errors import UnsafeConfiguration
from redactor.jobs import Jobs
from redactor.service import Service, assemble
from redactor.service.base import Base
from redactor.settings import Settings
from redactor.store.audit import Audit
from redactor.store.blobs import Blobs, BucketStorage, FolderStorage, Storage
from redactor.store.database import open_database
from redactor.store.keys import FileKey, KeyRing
from redactor.store.migrate import upgrade

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

_STORAGE_RETRIES = 10


def prepare(settings: Settings) -> None:
    """Make folders, master key and tables where they are missing; run once before any process opens the service."""
    settings.make_folders()
    FileKey.create(settings.key_path)
    engine = open_database(settings.database)
    upgrade(engine)
    engine.dispose()


def compose(settings: Settings, clock: Clock | None = None) -> Service:
    """Build the service on its stores.

    Raises:
        UnsafeConfiguration: if the master key is missing or readable by others, or a setting does not make sense.
        IntegrityFailure: if the master key is not the one that sealed the stored keys.
    """
    clock = clock or SystemClock()
    engine = open_database(settings.database)
    keys = KeyRing(engine, FileKey(settings.key_path), clock)
    keys.check()
    jobs = open_jobs(engine, settings, clock)
    blobs = Blobs(open_storage(settings), keys, clock)
    return assemble(Base(engine, keys, blobs, Audit(keys, clock), jobs, clock, settings))


def open_jobs(engine: Engine, settings: Settings, clock: Clock) -> Jobs:
    """Open the queue as the settings want it."""
    lease = timedelta(seconds=settings.lease_seconds)
    return Jobs(engine, clock, lease, settings.job_attempts, settings.job_interruptions)


def open_storage(settings: Settings) -> Storage:
    """Open the folder or bucket of the sealed blobs."""
    if settings.storage_url is None:
        try:
            return FolderStorage(settings.blob_folder)
        except OSError:
            raise UnsafeConfiguration(
                "The folder of the sealed files cannot be opened.",
                next_step="Check the 'blobs' folder in the data folder, or set REDACTOR_STORAGE_URL.",
            ) from None
    if not settings.storage_url.startswith("s3://"):
        raise UnsafeConfiguration(
            "REDACTOR_STORAGE_URL must begin with s3://.", next_step="Leave it out to use a folder of this machine."
        )
    options: dict[str, Any] = {"region": settings.storage_region}
    if settings.storage_endpoint:
        options["endpoint"] = settings.storage_endpoint
        options["virtual_hosted_style_request"] = False
    if settings.storage_access_key and settings.storage_secret_key:
        options["access_key_id"] = settings.storage_access_key.get_secret_value()
        options["secret_access_key"] = settings.storage_secret_key.get_secret_value()
    patience = timedelta(seconds=settings.storage_seconds)
    retries: RetryConfig = {"max_retries": _STORAGE_RETRIES, "retry_timeout": patience}
    plain = (settings.storage_endpoint or "").startswith("http://")
    client: ClientConfig = {"allow_http": plain, "timeout": patience, "connect_timeout": patience}
    return BucketStorage(S3Store.from_url(settings.storage_url, client_options=client, retry_config=retries, **options))
