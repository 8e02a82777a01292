"""Real servers for tests and measurements: PostgreSQL, RabbitMQ and clamd from Debian's packages, S3 from rclone's.

Each listens on a free loopback port or a socket in its own folder, runs as an unprivileged user, and is ended by its
own process id.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

UNPRIVILEGED = "nobody"
PATIENCE_SECONDS = 60.0
S3_KEY, S3_SECRET, BUCKET = "tester", "a-secret-of-the-tests", "sealed"
_POSTGRES_FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Say whether somebody listens on a loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(true: Callable[[], bool], what: str) -> None:
    """Wait for a server to be ready."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come up")
        time.sleep(0.05)


@contextmanager
def _folder(name: str) -> Iterator[Path]:
    # Below the temporary folder itself: pytest's own folders are closed to other users.
    made = Path(tempfile.mkdtemp(prefix=f"redactor-{name}-"))
    if os.geteuid() == 0:
        shutil.chown(made, UNPRIVILEGED)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _as_nobody() -> dict[str, Any]:
    """Return what makes a child run as an unprivileged user, if we are root."""
    return {"user": UNPRIVILEGED, "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


@dataclass
class Server:
    """One running server that tests may kill and start again."""

    line: list[str]
    folder: Path
    ready: Callable[[], bool]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        log = (self.folder / "log").open("ab")
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8", **self.environment}
        self.process = subprocess.Popen(
            self.line, cwd=self.folder, stdout=log, stderr=log, env=environment, start_new_session=True, **_as_nobody()
        )
        log.close()
        wait_until(lambda: self._alive() and self.ready(), self.line[0])

    def _alive(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.line[0]} ended: {(self.folder / 'log').read_text(errors='replace')[-2000:]}")
        return True

    def kill(self, number: int = signal.SIGKILL) -> None:
        """End it and everything that it started, at once unless another signal is named."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
            self.process.wait()
            self.process = None


@dataclass
class Postgres(Server):
    """A PostgreSQL cluster."""

    port: int = 0

    def address(self, name: str) -> str:
        """Return the SQLAlchemy address of a database."""
        return f"postgresql+psycopg://redactor@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, template: str = "template0") -> str:
        """Create a database and return its address."""
        self._say(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.address(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self._say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _say(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="redactor", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[Postgres]:
    """Run a fresh PostgreSQL cluster.

    Args:
        durable: flush to the disk, as in production; tests that kill nothing do without.
    """
    if not _POSTGRES_FOLDERS:
        raise FileNotFoundError("PostgreSQL is not installed: ./run test installs it")
    programs = _POSTGRES_FOLDERS[-1]
    with _folder("postgres") as folder:
        data = folder / "data"
        make = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "redactor",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
            "--locale=C",
        ]
        subprocess.run(list(map(str, make)), check=True, capture_output=True, cwd=folder, **_as_nobody())
        port = free_port()
        settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "max_connections": 60}
        if not durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        line = [str(programs / "postgres"), "-D", str(data), *options]
        server = Postgres(line, folder, lambda: _accepts(port), port=port)
        server.start()
        try:
            yield server
        finally:
            server.kill(signal.SIGQUIT)


def _accepts(port: int) -> bool:
    import psycopg

    try:
        psycopg.connect(host="127.0.0.1", port=port, user="redactor", dbname="postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@dataclass
class Bucket(Server):
    """An S3-compatible server with one bucket."""

    port: int = 0

    @property
    def endpoint(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.port}"

    def settings(self, endpoint: str = "", bucket: str = BUCKET) -> dict[str, Any]:
        """Return the service's settings for this server, or for a proxy before it."""
        return {
            "storage_url": f"s3://{bucket}",
            "storage_endpoint": endpoint or self.endpoint,
            "storage_access_key": S3_KEY,
            "storage_secret_key": S3_SECRET,
        }

    def add(self, name: str) -> None:
        """Make a bucket."""
        made = self.folder / "buckets" / name
        made.mkdir()
        if os.geteuid() == 0:
            shutil.chown(made, UNPRIVILEGED)


@contextmanager
def bucket() -> Iterator[Bucket]:
    """Run a fresh S3-compatible server on a folder."""
    program = Path(sys.prefix) / "bin" / "rclone"
    with _folder("s3") as folder:
        (folder / "buckets").mkdir()
        shutil.copy(program, folder / "rclone")  # another user may not be able to reach the checkout
        port = free_port()
        line = [str(folder / "rclone"), "serve", "s3", "--auth-key", f"{S3_KEY},{S3_SECRET}"]
        line += ["--dir-cache-time", "1ms", "--addr", f"127.0.0.1:{port}", str(folder / "buckets")]
        server = Bucket(line, folder, lambda: answers(port), {"RCLONE_CONFIG": "/dev/null"}, port=port)
        server.add(BUCKET)
        if os.geteuid() == 0:
            shutil.chown(folder / "buckets", UNPRIVILEGED)
        server.start()
        try:
            yield server
        finally:
            server.kill()


@dataclass
class Rabbit(Server):
    """A RabbitMQ broker."""

    port: int = 0

    @property
    def address(self) -> str:
        """Return its address."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"


@contextmanager
def rabbit() -> Iterator[Rabbit]:
    """Run a fresh RabbitMQ, with Erlang's port mapper of its own beside it."""
    with _folder("rabbit") as folder:
        port, mapper = free_port(), free_port()
        (folder / "rabbitmq.conf").write_text("consumer_timeout = 10800000\nheartbeat = 20\n")
        (folder / "plugins").write_text("[].\n")
        environment = {
            "ERL_EPMD_PORT": str(mapper),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"redactor{port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_LOG_BASE": str(folder),
            "ERL_CRASH_DUMP": "/dev/null",
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }
        names = Server(["epmd", "-address", "127.0.0.1", "-port", str(mapper)], folder, lambda: answers(mapper))
        broker = ["/usr/lib/rabbitmq/bin/rabbitmq-server"]
        server = Rabbit(broker, folder, lambda: _speaks_amqp(port), environment, port=port)
        names.start()
        try:
            server.start()
            yield server
        finally:
            server.kill()
            names.kill()


def _speaks_amqp(port: int) -> bool:
    from amqp.exceptions import AMQPError
    from kombu import Connection

    try:
        with Connection(f"amqp://guest:guest@127.0.0.1:{port}//", connect_timeout=2) as connection:
            connection.connect()
    except (OSError, AMQPError):
        return False
    return True


@contextmanager
def clamd(signature: bytes) -> Iterator[tuple[str, Server]]:
    """Run ClamAV's daemon with one signature of our own; yields the address of its socket.

    Args:
        signature: bytes by which it knows harmful content.
    """
    with _folder("clamd") as folder:
        (folder / "db").mkdir()
        (folder / "db" / "own.ndb").write_text(f"Redactor.Test.Own:0:*:{signature.hex()}\n")
        place = folder / "socket"
        configuration = ["Foreground yes", f"LocalSocket {place}", f"DatabaseDirectory {folder / 'db'}"]
        configuration += ["StreamMaxLength 1M", "ConcurrentDatabaseReload no"]
        (folder / "clamd.conf").write_text("\n".join(configuration) + "\n")
        line = ["/usr/sbin/clamd", "--config-file", str(folder / "clamd.conf")]
        server = Server(line, folder, place.exists)
        server.start()
        try:
            yield f"unix:{place}", server
        finally:
            server.kill()
