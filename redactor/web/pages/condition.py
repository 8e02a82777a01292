"""For load balancers and monitoring: whether this process lives, whether the service can work, and figures."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from flask import Blueprint, Response, current_app, jsonify, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from redactor.errors import NotFound
from redactor.service.condition import WELL, Condition, Figures
from redactor.web.gate import Door, needs, service

blueprint = Blueprint("condition", __name__)
_BEARER = "Bearer "


@blueprint.route("/health")
@needs(Door.ANYONE)
def health() -> Response:
    """Say that this process answers; asks nothing else, so that a slow database does not restart it."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.route("/ready")
@needs(Door.ANYONE)
def ready() -> tuple[Response, int]:
    """Say whether work can be done now: which part is well and which is not, in fixed words."""
    parts = service().condition.ready()
    return jsonify(parts), 200 if set(parts.values()) == {WELL} else 503


@blueprint.route("/metrics")
@needs(Door.LINK)
def metrics() -> Response:
    """Give the figures to whoever has the token of the settings; without a token in the settings there is no page."""
    token = current_app.config.get("METRICS_TOKEN") or ""
    given = request.headers.get("Authorization", "")
    if not token or not hmac.compare_digest(given.encode(), (_BEARER + token).encode()):
        raise NotFound("There is no such page.")
    registry = CollectorRegistry()
    registry.register(_Collector(service().condition))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Collector(Collector):
    """The figures in Prometheus's form. They come from the records, so they are right whichever process is asked."""

    def __init__(self, condition: Condition) -> None:
        self._condition = condition

    def describe(self) -> list[Metric]:
        """Say nothing before the first question."""
        return []

    def collect(self) -> list[Metric]:
        """Count now."""
        return _families(self._condition.figures())


def _families(figures: Figures) -> list[Metric]:
    age = GaugeMetricFamily("redactor_queue_age_seconds", "Age of the oldest unfinished job", figures.queue_age)
    jobs = GaugeMetricFamily("redactor_jobs", "Jobs by kind and state", labels=["kind", "state"])
    for (kind, state), count in figures.jobs.items():
        jobs.add_metric([kind, state], count)
    failures = CounterMetricFamily("redactor_job_failures", "Jobs that failed for good, by error", labels=["slug"])
    for slug, count in figures.failures.items():
        failures.add_metric([slug], count)
    states = [
        _states("redactor_documents", "Uploaded versions by state", figures.documents),
        _states("redactor_reviews", "Reviews by state", figures.reviews),
        _states("redactor_releases", "Copies by state", figures.releases),
    ]
    undecided = GaugeMetricFamily("redactor_review_undecided", "Findings that wait for a person", figures.undecided)
    pages = CounterMetricFamily("redactor_pages", "Pages read", figures.pages)
    held = GaugeMetricFamily("redactor_sealed_bytes", "Bytes of content that some key opens", figures.sealed_bytes)
    events = CounterMetricFamily("redactor_audit_events", "Events on the record", figures.events)
    return [age, jobs, failures, *states, undecided, pages, held, events]


def _states(name: str, about: str, counts: Mapping[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, about, labels=["state"])
    for state, count in counts.items():
        family.add_metric([state], count)
    return family
