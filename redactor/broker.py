"""The queue at RabbitMQ as this service wants it: a durable quorum queue, JSON alone, confirmed, acknowledged late."""

from __future__ import annotations

from typing import Any

from amqp.exceptions import AMQPError
from celery import Celery
from kombu.entity import Queue

from redactor.errors import UnsafeConfiguration
from redactor.settings import Settings

QUEUE, TASK = "redactor.jobs", "redactor.run"
HEARTBEAT_SECONDS = 20
CONNECT_SECONDS = 5


def celery_of(settings: Settings) -> Celery:
    """Return the Celery application on a durable quorum queue.

    Raises:
        UnsafeConfiguration: if no queue is set.
    """
    if settings.queue_url is None:
        raise UnsafeConfiguration(
            "There is no REDACTOR_QUEUE_URL.", next_step="Set it to amqp://..., or leave PostgreSQL and S3 out too."
        )
    app = Celery("redactor", broker=settings.queue_url.get_secret_value(), set_as_current=False)
    app.conf.update(
        task_queues=[_queue()],
        task_default_queue=QUEUE,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],  # never pickle: a message must not be able to run code
        worker_prefetch_multiplier=1,
        worker_detect_quorum_queues=True,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_cancel_long_running_tasks_on_connection_loss=True,  # the broker gives the job to somebody else then
        broker_transport_options={"confirm_publish": True},
        broker_heartbeat=HEARTBEAT_SECONDS,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
    )
    return app


def _queue() -> Any:
    make: Any = Queue
    return make(QUEUE, durable=True, queue_arguments={"x-queue-type": "quorum"})


def problem_with(settings: Settings) -> str:
    """Connect and make the queue if it is not there; return the kind of error, or nothing if the broker takes jobs."""
    try:
        with celery_of(settings).connection_for_write(connect_timeout=CONNECT_SECONDS) as connection:
            connection.connect()
            _queue().bind(connection.default_channel).declare()
    except (OSError, AMQPError) as problem:
        return type(problem).__name__
    return ""
