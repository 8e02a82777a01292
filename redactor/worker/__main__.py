"""``python -m redactor.worker``: one worker, until it is asked to end."""

from __future__ import annotations

from redactor.logs import configure
from redactor.settings import load
from redactor.worker import loop
from redactor.worker.machine import PipelineMachine, hands_of, seal_key_of


def main() -> None:
    """Run a worker the way that the settings say."""
    configure()
    settings = load()
    work = loop.work_alone if settings.queue_url is None else loop.work_for_broker
    work(settings, lambda: PipelineMachine(seal_key_of(settings), hands_of(settings)))


if __name__ == "__main__":
    main()
