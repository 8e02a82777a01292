"""Read YAML from people's hands: no duplicate keys, no aliases, no surprises of type, errors with line and column."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from redactor.errors import InvalidDefinition
from redactor.limits import MEBIBYTE

DEFINITION_BYTES = 4 * MEBIBYTE
_DEPTH = 24

Model = TypeVar("Model", bound=BaseModel)


class _Loader(yaml.SafeLoader):
    """SafeLoader whose only implicit types are null, true/false, whole and decimal numbers.

    Dates stay text (a date of birth is what the author wrote), and a person may be called No or On.
    """

    yaml_implicit_resolvers: dict[str, list[tuple[str, Any]]] = {}  # noqa: RUF012 - the name PyYAML reads


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", ["t", "f"]),
    ("tag:yaml.org,2002:int", r"^(?:0|-?[1-9][0-9]*)$", list("-0123456789")),
    ("tag:yaml.org,2002:float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", list("-0123456789")),
):
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), _first)


class Misplaced(ValueError):
    """A complaint of a whole model's check, about one place inside it.

    Args:
        words: what is wrong.
        where: keys and list numbers from the model that complains to the place.
    """

    def __init__(self, words: str, *where: str | int) -> None:
        super().__init__(words)
        self.where = where


def parse(untrusted: bytes | str, model: type[Model], what: str) -> Model:
    """Read a YAML (or JSON) text into a model.

    Args:
        untrusted: the file's content.
        model: the pydantic model that it must fit.
        what: what the file is, for messages ("case file").

    Raises:
        InvalidDefinition: with line and column, for anything that does not fit.
    """
    node = _compose(untrusted, what)
    data = _build(node)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise _explained(error, node, what) from None


def read(untrusted: bytes | str, what: str) -> Any:
    """Read a YAML text into plain data, with the same strictness about keys and aliases."""
    return _build(_compose(untrusted, what))


def _compose(untrusted: bytes | str, what: str) -> yaml.Node:
    raw = untrusted.encode() if isinstance(untrusted, str) else untrusted
    if len(raw) > DEFINITION_BYTES:
        raise InvalidDefinition(f"The {what} is larger than {DEFINITION_BYTES // MEBIBYTE} MiB.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidDefinition(f"The {what} is not UTF-8 text.") from None
    loader = _Loader(text)
    try:
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.AliasEvent):
                raise _at(event.start_mark, f"The {what} uses a YAML alias (*), which is not allowed here.")
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _at(mark, f"The {what} is not valid YAML: {_problem(error)}.") from None
    except yaml.YAMLError:
        raise InvalidDefinition(f"The {what} holds characters that YAML does not allow.") from None
    except RecursionError:
        raise InvalidDefinition(f"The {what} is nested too deeply.") from None
    finally:
        loader.dispose()
    if node is None:
        raise InvalidDefinition(f"The {what} is empty.", line=1, column=1)
    return node


def _problem(error: yaml.MarkedYAMLError) -> str:
    """Keep the parser's fixed words but nothing that it quotes from the file."""
    return (error.problem or "it cannot be read").split("'")[0].split('"')[0].strip().rstrip(",") or "it cannot be read"


def _at(mark: Any, message: str) -> InvalidDefinition:
    if mark is None:
        return InvalidDefinition(message)
    return InvalidDefinition(message, line=mark.line + 1, column=mark.column + 1)


def _build(node: yaml.Node, depth: int = 0) -> Any:
    """Turn a node into plain data."""
    if depth > _DEPTH:
        raise _at(node.start_mark, "This is nested too deeply.")
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _at(key.start_mark, "A key must be a plain word.")
            if key.value in found:
                raise _at(key.start_mark, "This key stands twice in one place.")
            found[key.value] = _build(value, depth + 1)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, depth + 1) for item in node.value]
    return _scalar(node)


def _scalar(node: yaml.Node) -> Any:
    kind = node.tag.rpartition(":")[2]
    if kind == "null":
        return None
    if kind == "bool":
        return node.value == "true"
    if kind == "int":
        return int(node.value)
    if kind == "float":
        return float(node.value)
    if kind == "str":
        return node.value
    raise _at(node.start_mark, "YAML tags are not allowed here.")


def _explained(error: ValidationError, node: yaml.Node, what: str) -> InvalidDefinition:
    """Turn the first complaint of pydantic into a sentence with its place."""
    first = error.errors(include_url=False, include_input=False)[0]
    path = [part for part in first["loc"] if not (isinstance(part, str) and part.startswith("function-"))]
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, Misplaced):
        path += cause.where
    place, known = _walk(node, path)
    where = ".".join(str(part) for part in known) or "the top"
    words = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        words = "this key is not known"
    elif first["type"] == "missing":
        words = f"the key '{path[-1]}' is missing"
        where = ".".join(str(part) for part in path[:-1]) or "the top"
    return _at(place.start_mark, f"In the {what}, at {where}: {words}.".replace("..", "."))


def _walk(node: yaml.Node, path: list[int | str]) -> tuple[yaml.Node, list[int | str]]:
    """Follow a path as far as the file goes; return the last node (a key's own place for a mapping entry)."""
    known: list[int | str] = []
    place = node
    for part in path:
        if isinstance(node, yaml.MappingNode):
            entry = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if entry is None:
                break
            place, node = entry
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = place = node.value[part]
        else:
            break
        known.append(part)
    return place, known
