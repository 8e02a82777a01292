"""Promise 1 and ASVS 16.2.5: no log, metric, page title, address or error holds a name, whatever goes wrong on the way.

The real pipeline reads real files behind the real wall; libraries' own log lines and warnings count too.
"""

from __future__ import annotations

import io
import json
import logging
import re
import sys
import threading
import warnings
from collections.abc import Iterator

import pytest
from flask import Flask
from pydantic import SecretStr

from redactor import logs
from redactor.errors import RedactorError
from redactor.worker.machine import PipelineMachine
from tests.unit.service.conftest import House
from tests.unit.service.test_journey import GATE
from tests.web.conftest import signed_in

PLANTED = ("Zebedee", "Quartermaine", "Ermintrude", "07700 900461", "Sample Street", "Testperson")
TEXT = (
    "From: Ermintrude Quartermaine <ermintrude@example.org>\nSubject: Zebedee Quartermaine\n\n"
    "Zebedee Quartermaine lives at 1 Sample Street. Ring 07700 900461.\n"
)
TOKEN = "a-token-of-monitoring-alone"
UPLOADS = {
    "Zebedee Quartermaine.txt": TEXT.encode(),
    "Zebedee.eml": TEXT.encode(),
    "Ermintrude.pdf": b"%PDF-1.7\n1 0 obj << /Title (Zebedee Quartermaine) >> endobj\ntrailer << >>\n",
    "Sample Street.docx": b"PK\x03\x04 Zebedee Quartermaine",
    "07700 900461.png": b"\x89PNG\r\n\x1a\n Zebedee Quartermaine",
}


@pytest.fixture
def told() -> Iterator[io.StringIO]:
    """All that goes to the log while the test runs, with every library free to speak."""
    stream, hooks = io.StringIO(), (sys.excepthook, threading.excepthook)
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    logs.configure(stream)
    logging.getLogger().setLevel(logging.DEBUG)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        yield stream
    logging.captureWarnings(False)
    logging.getLogger().handlers, (sys.excepthook, threading.excepthook) = handlers, hooks
    logging.getLogger().setLevel(level)


def assert_nobody_named(what: str, text: str) -> None:
    assert not [name for name in PLANTED if name.lower() in text.lower()], what


def test_the_whole_way_names_nobody_outside_the_sealed_files(house: House, app: Flask, told: io.StringIO) -> None:
    client = signed_in(app, house, "chair")
    case, chair = house.case(), house.people["chair"]
    versions = [house.service.documents.upload(chair, case, name, content) for name, content in UPLOADS.items()]
    machine = PipelineMachine()
    while claim := house.service.base.jobs.claim("tester"):
        house.service.processing.run(claim, machine)
    review = house.service.reviews.request(chair, versions[0], "r1", "family_copy")
    while claim := house.service.base.jobs.claim("tester"):
        house.service.processing.run(claim, machine)
    states = {house.service.documents.version(chair, version).state.value for version in versions}
    assert states == {"read", "failed"}, "some must be read and some refused"
    for version in versions:
        view = house.service.documents.version(chair, version)
        assert_nobody_named("a failure", view.failure + view.next_step)
    with pytest.raises(RedactorError) as refused:
        house.service.releases.send(chair, review, GATE)
    assert_nobody_named("a refusal", str(refused.value))
    pages = [
        "/cases",
        f"/cases/{case}",
        f"/cases/{case}/audit",
        f"/cases/{case}/people",
        "/account",
        f"/cases/{'f' * 32}",
    ]
    pages += [f"/reviews/{review}", "/nothing?Zebedee=Quartermaine", "/sign-in/Zebedee"]
    for page in pages:
        answer = client.get(page)
        assert_nobody_named(f"title of {page}", " ".join(re.findall(r"<title>(.*?)</title>", answer.text, re.DOTALL)))
        assert_nobody_named(f"headers of {page}", str(answer.headers))
    for path, form in (
        ("/sign-in", {"username": "Zebedee", "password": "Quartermaine"}),
        (f"/cases/{case}/documents", {}),
    ):
        answer = client.post(path, data=form)
        assert_nobody_named(f"answer of {path}", str(answer.headers))
    app.config["METRICS_TOKEN"] = SecretStr(TOKEN).get_secret_value()
    metrics = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    assert "redactor_jobs" in metrics
    assert_nobody_named("metrics", metrics)
    log = told.getvalue()
    assert_nobody_named("log", log)
    events = [json.loads(line) for line in log.splitlines()]
    assert {"job done", "job failed"} <= {event["event"] for event in events}
    assert_nobody_named("audit", str(house.service.trail.of_case(chair, case, limit=500)))


def test_what_a_library_says_comes_out_as_its_name(told: io.StringIO) -> None:
    logging.getLogger("some.parser").error("cannot parse %s", PLANTED[0], exc_info=ValueError(PLANTED[1]))
    warnings.warn(PLANTED[2], stacklevel=1)
    sys.excepthook(ValueError, ValueError(PLANTED[3]), None)
    thread = threading.Thread(target=lambda: 1 / 0, name=PLANTED[0])
    thread.start()
    thread.join()
    assert_nobody_named("log", told.getvalue())
    events = [json.loads(line) for line in told.getvalue().splitlines()]
    assert [event.get("library") or event["error_type"] for event in events] == [
        "some.parser",
        "py.warnings",
        "ValueError",
        "ZeroDivisionError",
    ]


def test_a_key_that_is_not_allowed_is_dropped_and_counted(told: io.StringIO) -> None:
    logs.logger().info("job done", name=PLANTED[0], count=1, stage="<script>")
    event = json.loads(told.getvalue())
    assert (event["count"], event["dropped"]) == (1, 2)
    assert "name" not in event
