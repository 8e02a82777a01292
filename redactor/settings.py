"""Every setting of the service: one frozen class, read from REDACTOR_* variables or the files they name.

``REDACTOR_X_FILE`` names a file that holds the value of X: secrets need not stand in the environment.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from redactor.errors import UnsafeConfiguration

_PREFIX = "REDACTOR_"
SUPERVISOR = _PREFIX + "SUPERVISED_BY"  # process id of ``redactor serve``: a worker must not outlive it
_FROM_FILES = (
    "database_url",
    "queue_url",
    "metrics_token",
    "storage_access_key",
    "storage_secret_key",
    "smtp_password",
    "oidc_client_secret",
    "webhook_secret",
)
FOLDER_MODE = 0o700
_HTTPS_OR_HERE = r"^(https://\S+|http://(localhost|127\.0\.0\.1)(:\d+)?(/\S*)?)?$"  # plain only on this machine


class Settings(BaseSettings):
    """How this installation runs.

    Args:
        data: folder that holds the database, the sealed blobs, the keys and the audit heads.
        database_url: SQLAlchemy address; a SQLite file in the data folder by default.
        queue_url: ``amqp://...`` of a RabbitMQ that hands jobs to workers on many hosts; without it workers ask the
            records themselves.
        storage_url: ``s3://bucket`` for S3-compatible storage; a folder in the data folder by default.
        storage_endpoint: address of the S3-compatible server, if it is not the provider's own.
        storage_seconds: how long the storage may be silent, retries included, before a step fails.
        key_file: the master key; ``keys/master.key`` in the data folder by default.
        clamd: ``unix:/path`` or ``tcp://host:port`` of a ClamAV daemon that every upload must pass.
        public_url: address under which people reach the service; links are built from it.
        metrics_token: what monitoring sends as bearer token to /metrics; without it there is no such page.
        session_idle_seconds: a session ends after this long without a request (ASVS 7.3.1).
        session_seconds: a session ends after this long in any case (ASVS 7.3.2).
        invite_hours: how long a one-time account link works.
        link_days: how long a recipient's link works unless the release form says less.
        upload_files_per_day: how many files one account may upload in 24 hours.
        upload_mebibytes_per_day: how much they may be together.
        lease_seconds: a worker that has not been heard of for this long loses its job.
        job_attempts: a job whose own step failed so often is set aside.
        job_interruptions: a job with which so many workers ended, and nothing else explains it, is set aside.
        range_pages: a PDF or scan with more pages is read in ranges of so many, which workers share.
        poll_seconds: pause of an idle worker.
        workers: worker processes that ``redactor serve`` starts.
        smtp_host: mail server for codes and notices to recipients; without one the sender is shown what to read out.
        smtp_security: how the connection to it is protected; "none" is for a relay on the same machine.
        smtp_user: name and ``smtp_password`` for the mail server, if it asks.
        smtp_from: sender's address.
        webhook_url: address that is told what the workers did; signed with ``webhook_secret``.
        webhook_inside: whether that address may be one that is not public.
        oidc_issuer: issuer of the organisation's identity provider, for example
            ``https://login.microsoftonline.com/TENANT/v2.0``; without one there is no single sign-on.
        oidc_client_id: what the provider calls this service; ``oidc_client_secret`` goes with it.
        oidc_name: what people call the provider, on the sign-in page.
        oidc_groups_claim: claim of the identity token that lists groups or application roles.
        oidc_roles: roles here by group; where given, roles follow the provider at every sign-in.
        oidc_amr: words of the claim ``amr`` that say that the provider asked for a second factor (RFC 8176).
    """

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, extra="forbid", hide_input_in_errors=True)

    data: Path = Path("var")
    database_url: SecretStr | None = None
    queue_url: SecretStr | None = None
    storage_url: str | None = None
    storage_endpoint: str | None = None
    storage_seconds: float = Field(default=20.0, gt=0.0)
    storage_region: str = "eu-west-2"
    storage_access_key: SecretStr | None = None
    storage_secret_key: SecretStr | None = None
    key_file: Path | None = None
    clamd: str | None = None
    clamd_seconds: float = Field(default=60.0, gt=0.0)
    address: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_url: str = ""
    metrics_token: SecretStr | None = Field(default=None, min_length=20)
    session_idle_seconds: int = Field(default=15 * 60, ge=60, le=15 * 60)
    session_seconds: int = Field(default=8 * 3600, ge=600, le=8 * 3600)
    invite_hours: int = Field(default=72, ge=1, le=14 * 24)
    link_days: int = Field(default=14, ge=1, le=90)
    upload_files_per_day: int = Field(default=500, ge=1)
    upload_mebibytes_per_day: int = Field(default=5000, ge=1)
    lease_seconds: float = Field(default=30.0, ge=1.0)
    job_attempts: int = Field(default=3, ge=1, le=10)
    job_interruptions: int = Field(default=5, ge=1, le=50)
    range_pages: int = Field(default=40, ge=1)
    poll_seconds: float = Field(default=1.0, gt=0.0)
    workers: int = Field(default=1, ge=0, le=64)
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr | None = None
    smtp_from: str = ""
    webhook_url: str = Field(default="", pattern=_HTTPS_OR_HERE)
    webhook_secret: SecretStr | None = Field(default=None, min_length=32)
    webhook_inside: bool = False
    oidc_issuer: str = Field(default="", pattern=_HTTPS_OR_HERE)
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None
    oidc_name: str = "your organisation"
    oidc_groups_claim: str = "groups"
    oidc_roles: dict[str, str] = {}
    oidc_amr: tuple[str, ...] = ("mfa",)

    @property
    def database(self) -> str:
        """SQLAlchemy address of the records."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{(self.data / 'records.sqlite').absolute()}"

    @property
    def blob_folder(self) -> Path:
        """Folder of the sealed blobs when no object storage is set."""
        return self.data / "blobs"

    @property
    def key_folder(self) -> Path:
        """Folder of the keys."""
        return self.data / "keys"

    @property
    def key_path(self) -> Path:
        """File of the master key."""
        return self.key_file or self.key_folder / "master.key"

    @property
    def seal_path(self) -> Path:
        """File of the key that signs released copies."""
        return self.key_folder / "seal.p12"

    @property
    def heads_file(self) -> Path:
        """File to which signed heads of the audit chain are appended."""
        return self.data / "audit" / "heads.jsonl"

    @property
    def base_url(self) -> str:
        """Address under which people reach the service, without a slash at the end."""
        return (self.public_url or f"http://{self.address}:{self.port}").rstrip("/")

    @property
    def destroyed_file(self) -> Path:
        """File to which certificates of destruction are appended; a restore destroys again what it names."""
        return self.heads_file.with_name("destroyed.jsonl")

    @property
    def files(self) -> dict[str, Path]:
        """The small files that a backup takes along, by their names in it."""
        return {
            "master.key": self.key_path,
            "seal.p12": self.seal_path,
            "heads.jsonl": self.heads_file,
            "destroyed.jsonl": self.destroyed_file,
        }

    def make_folders(self) -> None:
        """Create the data folders, readable by this user alone."""
        for folder in (self.data, self.blob_folder, self.key_folder, self.heads_file.parent):
            folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)


def load(**given: Any) -> Settings:
    """Read the settings from the environment; what is given here wins.

    Raises:
        UnsafeConfiguration: if a value is not allowed or a named file cannot be read.
    """
    values = {**_values_from_files(), **given}
    try:
        return Settings(**values)
    except ValidationError as problem:
        names = ", ".join(sorted({_PREFIX + str(e["loc"][0]).upper() for e in problem.errors() if e["loc"]}))
        raise UnsafeConfiguration(
            f"These settings are not valid: {names}.", next_step="See docs/operations.md for what each allows."
        ) from None


def _values_from_files() -> dict[str, str]:
    found = {}
    for name in _FROM_FILES:
        if path := os.environ.get(f"{_PREFIX}{name.upper()}_FILE"):
            try:
                found[name] = Path(path).read_text(encoding="utf-8").strip()
            except OSError:
                raise UnsafeConfiguration(
                    f"The file named by {_PREFIX}{name.upper()}_FILE cannot be read.",
                    next_step="Check that it exists and that the service's user may read it.",
                ) from None
    return found
