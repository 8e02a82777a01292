"""Issue 7.6: monitoring learns how the service is, in counts and fixed words, and only with its token."""

from __future__ import annotations

from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from sqlalchemy import update

from redactor.errors import Damaged
from redactor.service import assemble
from redactor.store.database import writing
from redactor.store.records import document_version
from redactor.web import create_app
from tests.unit.service.conftest import House

TOKEN = "a-token-of-monitoring-alone"
both = pytest.mark.parametrize("deployment", ["embedded", "scaled"])


def values(house: House) -> dict[str, float]:
    app = create_app(house.service, house.settings.model_copy(update={"metrics_token": SecretStr(TOKEN)}))
    answer = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200, answer.text
    found = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found[sample.name + "".join(f" {value}" for value in sample.labels.values())] = sample.value
    return found


@both
def test_figures_follow_the_work(house: House) -> None:
    before = values(house)
    assert before["redactor_queue_age_seconds"] == 0
    case, chair = house.case(), house.people["chair"]
    house.service.documents.upload(chair, case, "a.txt", b"Zebedee met Ermintrude.")
    house.clock.move(house.service.base.jobs.lease)
    waiting = values(house)
    assert waiting["redactor_queue_age_seconds"] == house.service.base.jobs.lease.total_seconds()
    assert waiting["redactor_jobs read waiting"] == 1
    house.run()
    version = house.service.documents.list(chair, case)[0].versions[0].id
    house.service.reviews.request(chair, version, "r1", "family_copy")
    house.run()
    with writing(house.service.base.engine) as connection:  # the small machine reads text, which has no pages
        connection.execute(update(document_version).values(pages=7))
    done = values(house)
    assert (done["redactor_documents read"], done["redactor_pages_total"]) == (1, 7)
    assert done["redactor_review_undecided"] == 1
    assert done["redactor_reviews proposed"] == 1
    assert done["redactor_sealed_bytes"] > 0


def test_failures_are_counted_by_their_kind(house: House) -> None:
    house.machine.problem = Damaged("It is broken.")
    house.service.documents.upload(house.people["chair"], house.case(), "a.txt", b"x")
    house.run()
    assert values(house)["redactor_job_failures_total damaged"] == 1


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}])
def test_figures_need_the_token(house: House, header: dict[str, str]) -> None:
    for settings in (house.settings, house.settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})):
        client = create_app(house.service, settings).test_client()
        assert client.get("/metrics", headers=header).status_code == 404


@both
def test_readiness_names_the_part_that_is_away(house: House) -> None:
    app = create_app(house.service, house.settings)
    assert app.test_client().get("/health").text == "ok\n"
    answer = app.test_client().get("/ready")
    assert answer.json == {"records": "ok", "storage": "ok"}
    base = replace(house.service.base, settings=house.settings.model_copy(update={"clamd": "unix:/nobody/there"}))
    answer = create_app(assemble(base), house.settings).test_client().get("/ready")
    assert (answer.status_code, answer.json and answer.json["scanner"]) == (503, "does not answer")


def test_records_that_are_away_are_no_mystery(house: House) -> None:
    app = create_app(house.service, house.settings)
    house.service.base.engine.dispose()
    (house.settings.data / "records.sqlite").rename(house.settings.data / "elsewhere")
    (house.settings.data / "records.sqlite").mkdir()
    client = app.test_client()
    assert client.get("/ready").status_code == 503
    assert client.get("/health").status_code == 200
    client.set_cookie("redactor", "x" * 43)
    answer = client.get("/cases", headers={"Accept": "application/json"})
    assert answer.status_code == 503
    assert "Nothing was changed" in answer.text
