"""What colleagues leave on a review: comments to one another, and which pages somebody has looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from redactor.access import Actor, Permission
from redactor.errors import BadArguments
from redactor.service.base import Base, one
from redactor.store.records import account, new_id, review
from redactor.store.reviewing import page_look, review_comment

LONGEST_COMMENT = 2_000


@dataclass(frozen=True, slots=True)
class Comment:
    """One remark. ``start`` is where in the text it was made, or None for the whole document."""

    id: str
    text: str
    start: int | None
    by: str
    at: datetime
    settled: bool


class Notes:
    """Use cases around comments and looks."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def look(self, actor: Actor, review_id: str, page: int) -> None:
        """Note that the actor has had a page of a review before them; the first time counts."""
        row = self._base.row(review, review_id, actor.organisation)
        with self._base.look(actor, Permission.REVIEW_READ, row.case_id) as connection:
            mine = (page_look.c.review == review_id) & (page_look.c.page == page)
            seen = select(page_look.c.page).where(mine, page_look.c.account == actor.account)
            if connection.execute(seen).first() is not None:
                return
        try:
            with self._base.act(actor, Permission.REVIEW_READ, row.case_id, subject=review_id) as connection:
                connection.execute(
                    insert(page_look).values(
                        review=review_id,
                        page=page,
                        account=actor.account,
                        organisation=actor.organisation,
                        at=self._base.clock.now(),
                    )
                )
        except IntegrityError:
            return  # the same page in two windows at once

    def looks(self, actor: Actor, review_id: str) -> Mapping[int, frozenset[str]]:
        """Return, by 0-based page, the accounts that have had it before them."""
        row = self._base.row(review, review_id, actor.organisation)
        with self._base.look(actor, Permission.REVIEW_READ, row.case_id) as connection:
            asked = select(page_look.c.page, page_look.c.account).where(page_look.c.review == review_id)
            found: dict[int, frozenset[str]] = {}
            for page, who in connection.execute(asked):
                found[page] = found.get(page, frozenset()) | {who}
            return found

    def comment(self, actor: Actor, review_id: str, text: str, start: int | None = None) -> str:
        """Leave a remark for colleagues; it is sealed and never part of a copy. Returns its id."""
        text = text.strip()
        if not 1 <= len(text) <= LONGEST_COMMENT:
            raise BadArguments(f"A comment has 1 to {LONGEST_COMMENT:,} characters.", next_step="Shorten or write it.")
        row, made = self._base.row(review, review_id, actor.organisation), new_id()
        with self._base.act(actor, Permission.REVIEW_AMEND, row.case_id, subject=review_id) as connection:
            connection.execute(
                insert(review_comment).values(
                    id=made,
                    organisation=actor.organisation,
                    review=review_id,
                    content=self._base.keys.seal(connection, actor.organisation, text, _place(made)),
                    start=start,
                    by=actor.account,
                    at=self._base.clock.now(),
                )
            )
            self._base.audit.append(
                connection, actor.organisation, actor.account, "review.comment", review_id, row.case_id, None
            )
        return made

    def settle(self, actor: Actor, review_id: str, comment: str) -> None:
        """Say that a remark is dealt with; it stays readable."""
        row = self._base.row(review, review_id, actor.organisation)
        with self._base.act(actor, Permission.REVIEW_AMEND, row.case_id, subject=review_id) as connection:
            one(connection, review_comment, comment, actor.organisation)
            this = (review_comment.c.id == comment) & (review_comment.c.review == review_id)
            connection.execute(update(review_comment).where(this).values(settled_at=self._base.clock.now()))
            self._base.audit.append(
                connection, actor.organisation, actor.account, "review.comment_settled", review_id, row.case_id, None
            )

    def comments(self, actor: Actor, review_id: str) -> tuple[Comment, ...]:
        """Return the remarks on a review, oldest first."""
        row = self._base.row(review, review_id, actor.organisation)
        with self._base.look(actor, Permission.REVIEW_READ, row.case_id) as connection:
            asked = (
                select(review_comment, account.c.name.label("writer"))
                .join(account, account.c.id == review_comment.c.by)
                .where(review_comment.c.review == review_id, review_comment.c.organisation == actor.organisation)
                .order_by(review_comment.c.at)
            )
            opened = self._base.keys.open
            return tuple(
                Comment(
                    found.id,
                    opened(connection, found.organisation, found.content, _place(found.id)).decode(),
                    found.start,
                    opened(connection, found.organisation, found.writer, f"account.name|{found.by}").decode(),
                    found.at,
                    found.settled_at is not None,
                )
                for found in connection.execute(asked).all()
            )


def _place(comment: str) -> str:
    return f"review_comment.content|{comment}"
