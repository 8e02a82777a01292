"""The OpenAPI 3.1 document, made from the same declarations that route the requests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from redactor.access import Permission
from redactor.service.doorway import SCOPES
from redactor.web.api.operations import JSON, LONGEST_KEY, MULTIPART, OPERATIONS, PREFIX, Operation, schemas
from redactor.web.gate import Door

PROBLEM = "application/problem+json"
_ID = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
_KEY = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}
_OWN_IDS = frozenset({*SCOPES, "account"})
_PARAMETER = re.compile(r"<(\w+)>")
_REFUSALS = {
    "400": "The request does not make sense; nothing was changed",
    "401": "The token is missing, wrong, expired or revoked",
    "403": "The token, its owner's roles or the case do not allow this",
    "404": "There is no such thing, or you may not know of it",
    "409": "It cannot be done as things stand",
    "413": "The upload is too large",
    "415": "The body is of another kind than the operation takes",
    "422": "It is understood and cannot be accepted",
    "429": "Too many attempts",
}
_SECURITY = "token"


@cache
def document() -> dict[str, Any]:
    """Return the document."""
    shapes, definitions = schemas()
    paths: dict[str, dict[str, Any]] = {}
    for operation in sorted(OPERATIONS, key=lambda each: (each.path, each.method)):
        path = PREFIX + _PARAMETER.sub(r"{\1}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _operation(operation, shapes)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Safeguarding document redaction",
            "version": "1",
            "description": "Everything that the pages do, with the same steps and the same refusals. "
            "Make a token on your account's page; it never allows more than you may do yourself.",
        },
        "paths": paths,
        "components": {
            "schemas": {**definitions, "Problem": _PROBLEM_SCHEMA},
            "responses": _refusals(),
            "securitySchemes": {_SECURITY: {"type": "http", "scheme": "bearer"}},
        },
    }


_PROBLEM_SCHEMA = {
    "type": "object",
    "description": "RFC 9457. It never holds text of a document or a name.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "next_step": {"type": "string", "description": "What to do now"},
    },
    "required": ["type", "title", "status", "detail", "next_step"],
}


def _operation(operation: Operation, shapes: Any) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": list(_parameters(operation)),
        "responses": {str(operation.status): _answer(operation, shapes)}
        | {status: {"$ref": f"#/components/responses/{status}"} for status in _REFUSALS},
    }
    if operation.need is not Door.ANYONE:
        described["security"] = [{_SECURITY: []}]
    if isinstance(operation.need, Permission):
        described["description"] = f"Needs the scope `{operation.need.value}`."
    if operation.body is not None:
        shape = shapes[operation.name, "body"]
        described["requestBody"] = {"required": True, "content": {JSON: {"schema": shape}}}
    if operation.form is not None:
        described["requestBody"] = {"required": True, "content": {MULTIPART: {"schema": _with_file(operation)}}}
    return described


def _with_file(operation: Operation) -> dict[str, Any]:
    assert operation.form is not None
    schema = operation.form.model_json_schema()
    schema["properties"] = {"file": {"type": "string", "format": "binary", "minLength": 1}, **schema["properties"]}
    schema["required"] = ["file", *schema.get("required", [])]
    return schema


def _parameters(operation: Operation) -> Iterator[dict[str, Any]]:
    for name in _PARAMETER.findall(operation.path):
        yield {"name": name, "in": "path", "required": True, "schema": _ID if name in _OWN_IDS else _KEY}
    if operation.query is not None:
        schema = operation.query.model_json_schema()
        for name, shape in schema["properties"].items():
            yield {"name": name, "in": "query", "required": name in schema.get("required", []), "schema": shape}
    if operation.repeatable:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "A fresh one for each request; sent again within a day, the request takes effect once.",
            "schema": {"type": "string", "pattern": f"^[!-~]{{1,{LONGEST_KEY}}}$"},
        }


def _answer(operation: Operation, shapes: Any) -> dict[str, Any]:
    if operation.produces != JSON:
        binary = {"schema": {"type": "string", "format": "binary"}}
        return {"description": "The file", "content": {operation.produces: binary}}
    if operation.answer is None:
        return {"description": "Done"}
    return {"description": "Done", "content": {JSON: {"schema": shapes[operation.name, "answer"]}}}


def _refusals() -> dict[str, Any]:
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": words, "content": content} for status, words in _REFUSALS.items()}
