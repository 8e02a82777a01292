"""Changes to a plan as programs send them: every kind of the review's own, told apart by ``kind``.

The models are made from ``redactor.service.changes``, so a new kind of change is part of the API at once.
"""

from __future__ import annotations

import re
from dataclasses import MISSING, Field, fields
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from pydantic import Field as Described
from pydantic import create_model

from redactor.service import changes
from redactor.service.changes import ReviewChange, Where
from redactor.web.api.operations import Model

_HUMP = re.compile(r"(?<!^)(?=[A-Z])")


@cache
def _model(kind: type[Any]) -> type[Model]:
    """Return the model of one kind of change or place, with a ``kind`` that names it."""
    hints = get_type_hints(kind, vars(changes))
    shape: dict[str, Any] = {"kind": (Literal[_HUMP.sub("_", kind.__name__).lower()], ...)}
    for field in fields(kind):
        shape[field.name] = (_sent_as(hints[field.name]), _default(field))
    return create_model(f"{kind.__name__}Change", __base__=Model, __doc__=kind.__doc__, **shape)


def _sent_as(hint: Any) -> Any:
    """Return how a field is sent: a set as a list, in which the same place may stand twice and counts once."""
    if hint == Where:
        return where_model()
    return list[get_args(hint)[0]] if get_origin(hint) is frozenset else hint  # type: ignore[misc]


def _default(field: Field[Any]) -> Any:
    return ... if field.default is MISSING else field.default


def _one_of(kinds: Any) -> Any:
    models: Any = reduce(or_, (_model(kind) for kind in get_args(kinds)))
    return Annotated[models, Described(discriminator="kind")]


@cache
def where_model() -> Any:
    """Return the type of a place in a plan as programs send it."""
    return _one_of(Where)


@cache
def change_model() -> Any:
    """Return the type of a change as programs send it."""
    return _one_of(ReviewChange)


def meant(sent: Any) -> Any:
    """Return the change or place of the service that a program's model stands for."""
    kind = next(kind for kind in (*get_args(ReviewChange), *get_args(Where)) if isinstance(sent, _model(kind)))
    return kind(**{field.name: _read(getattr(sent, field.name)) for field in fields(kind)})


def _read(value: Any) -> Any:
    if isinstance(value, Model):
        return meant(value)
    return frozenset(value) if isinstance(value, list) else value
