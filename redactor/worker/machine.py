"""The pipeline as the service uses it."""

from __future__ import annotations

from dataclasses import replace

from redactor import decide, detect, ingest, pipeline, protect, sandbox
from redactor.model import Case, Detected, Document, Plan, Protected, Reader, Upload
from redactor.policy import load_profile
from redactor.pseudonyms import Series
from redactor.ranges import PageRange
from redactor.service.machine import CopyOrder, Stage
from redactor.settings import Settings


class PipelineMachine:
    """The pipeline as the service uses it; the detector is loaded once.

    Args:
        seal_key: signs released copies; None leaves them unsigned.
        hands: how many contained children may work at once.
    """

    def __init__(self, seal_key: protect.SealKey | None = None, hands: int = 1) -> None:
        self._tools = pipeline.Tools(detect.load(), seal_key, hands=hands)

    def admit(self, content: bytes, name: str, password: str | None, stage: Stage) -> Upload:
        """Let a file in."""
        stage("reading")
        return ingest.admit(content, name, password)

    def read(self, upload: Upload, wanted: PageRange, stage: Stage) -> Document:
        """Read what the pages wanted of an admitted file say."""
        pages = min(wanted.end, max(upload.pages, wanted.first + 1)) - wanted.first

        def told(done: int) -> None:
            stage("reading", min(done, pages), pages)

        told(0)
        return ingest.read(upload, wanted=wanted, hands=self._tools.hands, told=told)

    def find(self, document: Document, case: Case, stage: Stage) -> Detected:
        """Find the details and say whom they are about."""
        return pipeline.find(document, case, replace(self._tools, progress=stage))

    def plan(
        self, document: Document, detected: Detected, profile: str, case: Case, reader: Reader, series: Series
    ) -> Plan:
        """Return what the profile would do."""
        return decide.plan(document, detected, load_profile(profile), case, reader, series)

    def release(self, order: CopyOrder, stage: Stage) -> Protected:
        """Make the proven, sealed copy."""
        profile = load_profile(order.profile)
        upload = Upload(order.kind, order.document.digest, order.content, order.input_password)
        made = pipeline.Order(
            case=order.case,
            profile=profile,
            reader=order.reader,
            mark=order.mark,
            gate=order.gate,
            password=order.password if profile.marks.encrypt else None,
        )
        proposal = pipeline.Proposal(upload, order.document, order.detected, order.plan)
        copy, _ = pipeline.release(proposal, order.plan, made, replace(self._tools, progress=stage))
        return copy


def seal_key_of(settings: Settings) -> protect.SealKey | None:
    """Return the key that signs released copies, if ``redactor keys init`` made one in the key folder."""
    return protect.load_key(settings.seal_path) if settings.seal_path.exists() else None


def hands_of(settings: Settings) -> int:
    """Return this worker's share of the processors: its neighbours on the machine use the others."""
    return max(1, sandbox.free_hands() // max(1, settings.workers))
