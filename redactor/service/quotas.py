"""How much one account may upload in a day (ASVS 5.2.4): a stolen session or a runaway program fills no disk."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, func, select

from redactor.access import Actor
from redactor.errors import Throttled
from redactor.limits import MEBIBYTE
from redactor.service.base import Base
from redactor.store.records import account, document_version

DAY = timedelta(days=1)


def require_room(base: Base, connection: Connection, actor: Actor, size: int, *, recording: bool = False) -> None:
    """Refuse an upload beyond the account's share of the last 24 hours.

    Args:
        size: of the upload, in bytes.
        recording: this is the transaction that records it; two by one account come one after the other here.

    Raises:
        Throttled: naming the quota that is used up.
    """
    if recording:
        connection.execute(select(account.c.id).where(account.c.id == actor.account).with_for_update())
    mine = (document_version.c.uploaded_by == actor.account) & (document_version.c.organisation == actor.organisation)
    lately = document_version.c.created_at > base.clock.now() - DAY
    counted = select(func.count(), func.coalesce(func.sum(document_version.c.size), 0)).where(mine, lately)
    files, used = connection.execute(counted).one()
    most_files, most = base.settings.upload_files_per_day, base.settings.upload_mebibytes_per_day
    if files >= most_files or used + size > most * MEBIBYTE:
        quota = f"{most_files} files" if files >= most_files else f"{most} MiB"
        raise Throttled(
            f"One account may upload {quota} in 24 hours, and yours has.",
            next_step="Go on tomorrow, or ask whoever looks after the service for more room.",
        )
