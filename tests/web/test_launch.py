"""Issue 7.1: what is launched is closed: cookies, images, networks and secrets of the shipped deployment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from redactor.settings import Settings, load
from redactor.web import create_app
from tests.conftest import ROOT
from tests.servers import wait_until
from tests.unit.service.conftest import PASSWORD, House

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
OURS = ("prepare", "web", "worker", "nightly")


def test_cookies_over_https_are_host_only(house: House) -> None:
    settings = house.settings.model_copy(update={"public_url": "https://redaction.example"})
    app = create_app(house.service, settings)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    answer = client.post(
        "/sign-in", data={"username": "chair", "password": PASSWORD}, base_url="https://redaction.example"
    )
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= {word.strip() for word in cookie.split(";")}
    assert "max-age=" in answer.headers["Strict-Transport-Security"]


def test_the_composed_networks_reach_nobody() -> None:
    for name, service in COMPOSE["services"].items():
        closed = [
            COMPOSE["networks"][network]["internal"] for network in service["networks"] if network != "signatures"
        ]
        assert all(closed), name
        assert "ports" not in service, name
        assert name == "scanner" or "signatures" not in service["networks"]


def test_each_process_gets_its_own_secrets_only() -> None:
    given = {name: set(COMPOSE["services"][name]["secrets"]) for name in OURS}
    assert "queue_url" not in given["web"] | given["nightly"]
    assert "metrics_token" not in given["worker"] | given["nightly"]
    for name in OURS:
        environment = COMPOSE["services"][name]["environment"]
        assert not [key for key in environment if key.endswith(("PASSWORD", "SECRET_KEY", "TOKEN", "DATABASE_URL"))]


def test_the_image_is_small_closed_and_nobodys() -> None:
    lines = (ROOT / "Dockerfile").read_text()
    final = lines.split("\nFROM ")[-1]
    assert "USER 10001" in final
    assert "HEALTHCHECK" in final
    assert "requirements-run.lock" in lines
    assert "COPY . " not in lines
    assert "\nADD " not in lines
    for name in OURS:
        service = COMPOSE["services"][name]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        assert service["user"] == "10001"
        assert service["ulimits"] == {"core": 0}


def test_the_composed_settings_are_settings() -> None:
    known = {f"REDACTOR_{name.upper()}" for name in Settings.model_fields}
    for name in OURS:
        given = {
            key.removesuffix("_FILE") for key in COMPOSE["services"][name]["environment"] if key != "REDACTOR_KEY_FILE"
        }
        assert given <= known, name
    assert load(data="somewhere").key_file is None


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_service_starts_a_dead_worker_again_and_leaves_nobody_behind(tmp_path: Path, how: int) -> None:
    worker = [sys.executable, "-c", CHILD, str(tmp_path)]
    main = [sys.executable, "-c", "import time; time.sleep(60)"]
    script = f"from redactor.cli import supervise; supervise.PAUSE_SECONDS = 0.1; supervise.run({main!r}, [{worker!r}])"
    service = subprocess.Popen([sys.executable, "-c", script], start_new_session=True)
    try:
        wait_until(lambda: len(list(tmp_path.iterdir())) >= 3, "the worker, twice again")
        service.send_signal(how)
        service.wait(20)
        wait_until(lambda: not any(alive(int(path.name)) for path in tmp_path.iterdir()), "the end of every worker")
    finally:
        with suppress(ProcessLookupError):
            os.killpg(service.pid, signal.SIGKILL)


CHILD = """
import os, pathlib, sys, time
pathlib.Path(sys.argv[1], str(os.getpid())).touch()
if len(list(pathlib.Path(sys.argv[1]).iterdir())) < 3:
    sys.exit(1)
from redactor.settings import SUPERVISOR
while os.environ[SUPERVISOR] == str(os.getppid()):  # what the worker's own loop asks
    time.sleep(0.05)
"""


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
