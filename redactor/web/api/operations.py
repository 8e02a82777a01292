"""One declaration for each operation of the API: its route, its need, its types; the OpenAPI document is made of it.

A function's annotations say what it takes and gives: names of the path, ``body`` (a pydantic model), ``query`` (a
pydantic model), ``file`` (an upload); the return type is the answer's schema, None is an empty answer.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast, get_type_hints

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from redactor.errors import BadArguments, UnsupportedBody
from redactor.web.gate import Need, needs

PREFIX = "/api/v1"
JSON = "application/json"
MULTIPART = "multipart/form-data"
blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
Function = TypeVar("Function", bound=Callable[..., Any])


class Model(BaseModel):
    """Base of what programs send: no field that is not known, no silent conversion."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Query(BaseModel):
    """Base of what stands behind the question mark: always text, so numbers are read from it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Operation:
    """What the router and the OpenAPI document know of one operation.

    Args:
        path: as Flask writes it, below the prefix.
        produces: media type of the answer; JSON unless the answer is a file.
    """

    name: str
    method: str
    path: str
    need: Need
    tag: str
    summary: str
    status: int
    produces: str
    body: type[Model] | None
    query: type[Query] | None
    form: type[Model] | None
    answer: TypeAdapter[Any] | None
    repeatable: bool


OPERATIONS: list[Operation] = []


def operation(
    method: str, path: str, need: Need, tag: str, *, produces: str = JSON, own: bool = False, repeatable: bool = False
) -> Callable[[Function], Function]:
    """Declare an operation; the first line of the function's docstring is its summary.

    Args:
        own: as in ``gate.needs``.
        repeatable: takes an Idempotency-Key.
    """

    def declare(function: Function) -> Function:
        hints = get_type_hints(function)
        returned = hints.pop("return")
        gives = None if returned is type(None) or produces != JSON else TypeAdapter(returned)
        status = 204 if returned is type(None) else 201 if method == "POST" and returned is Made else 200
        made = Operation(
            function.__name__, method, path, need, tag, (inspect.getdoc(function) or "").splitlines()[0], status,
            produces, hints.get("body"), hints.get("query"), hints.get("form"), gives, repeatable,
        )  # fmt: skip
        OPERATIONS.append(made)
        blueprint.add_url_rule(
            path,
            made.name,
            needs(need, own=own)(_view(function, made)),
            methods=[method],
            provide_automatic_options=False,
        )
        return function

    return declare


class Made(Model):
    """What was made: its identifier."""

    id: str


def _view(function: Callable[..., Any], made: Operation) -> Callable[..., BaseResponse]:
    def view(**named: str) -> BaseResponse:
        given: dict[str, Any] = dict(named)
        if made.query is not None:
            given["query"] = _checked(lambda: cast(type[Query], made.query)(**request.args.to_dict()))
        elif request.args:
            raise BadArguments("This operation takes no query.", next_step="See /api/v1/openapi.json.")
        if made.body is not None:
            given["body"] = _checked(lambda: cast(type[Model], made.body).model_validate_json(_json()))
        if made.form is not None:
            given["form"], given["file"] = _form(made.form)
        result = function(**given)
        if isinstance(result, BaseResponse):
            return result
        if made.answer is None:
            return Response(status=made.status)
        return Response(made.answer.dump_json(result), made.status, content_type=made.produces)

    view.__name__, view.__doc__ = function.__name__, function.__doc__
    return view


def _json() -> bytes:
    if request.mimetype != JSON:
        raise UnsupportedBody("The body is not JSON.")
    return request.get_data()


def _form(model: type[Model]) -> tuple[Model, FileStorage]:
    if request.mimetype != MULTIPART:
        raise UnsupportedBody("The body is not a form with a file.")
    file = request.files.get("file")
    if file is None or set(request.files) != {"file"}:
        raise BadArguments("The form needs one part named 'file' with a file name.")
    return _checked(lambda: model(**request.form.to_dict())), file


Checked = TypeVar("Checked")


def _checked(read: Callable[[], Checked]) -> Checked:
    """Read what was sent; say which fields are wrong, never what stood in them."""
    try:
        return read()
    except ValidationError as problem:
        places = sorted({".".join(str(part) for part in error["loc"]) or "the body" for error in problem.errors()})
        named = ", ".join(place for place in places if place.isascii() and len(place) < LONGEST_PLACE) or "the body"
        raise BadArguments(
            f"The request is not as the API expects it, at: {named}.", next_step="See /api/v1/openapi.json."
        ) from None


LONGEST_PLACE = 80


def idempotency_key() -> str:
    """Return the key of a request that may be sent twice. Raises BadArguments if it is not printable or too long."""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY or not key.isascii() or not (key.isprintable()):
        raise BadArguments(f"An Idempotency-Key has 1 to {LONGEST_KEY} printable ASCII characters.")
    return key


LONGEST_KEY = 200


def schemas() -> tuple[Mapping[tuple[str, str], dict[str, Any]], dict[str, Any]]:
    """Return the JSON schemas of all that is sent and answered, by operation and use, and their shared definitions."""
    wanted: list[tuple[tuple[str, str], Literal["validation", "serialization"], TypeAdapter[Any]]] = []
    for one in OPERATIONS:
        if one.body is not None:
            wanted.append(((one.name, "body"), "validation", TypeAdapter(one.body)))
        if one.answer is not None:
            wanted.append(((one.name, "answer"), "serialization", one.answer))
    found, definitions = TypeAdapter.json_schemas(wanted, ref_template="#/components/schemas/{model}")
    return {key: dict(schema) for (key, _), schema in found.items()}, dict(definitions.get("$defs", {}))
