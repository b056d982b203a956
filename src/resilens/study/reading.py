"""What does a study file say, and everything that is wrong with it, line by line?"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from resilens.errors import Fault, InputError
from resilens.study.consistency import Inconsistency, InconsistentError, Location
from resilens.study.lines import lines_of
from resilens.study.model import Study
from resilens.study.notices import warnings
from resilens.study.words import did_you_mean

__all__ = ["read", "read_as", "warnings"]

Model = TypeVar("Model", bound=BaseModel)

_EXPECTED = {
    "string_type": "expected text in quotation marks",
    "int_type": "expected a whole number without quotation marks",
    "float_type": "expected a number without quotation marks",
    "bool_type": "expected true or false, without quotation marks",
    "tuple_type": "expected a list in square brackets",
    "model_type": "expected a table",
    "string_too_short": "must not be empty",
    "too_short": "needs at least one entry",
}


def read(path: Path) -> Study:
    """The study that a study file declares.

    Parameters
    ----------
    path
        The file, or the folder that holds `study.toml`.

    Raises
    ------
    InputError
        With every fault of the file, each as `study.toml:17: sample.postz: unknown key; did you mean 'posts'?`.
        Entries of `[[sections]]` and lists are counted from 1.
    """
    file = path / "study.toml" if path.is_dir() else path
    content, lines = _parsed(file)
    folder = file.parent
    try:
        return Study.model_validate(content, context={"folder": folder})
    except ValidationError as error:
        found = _found(error, content)
        found += _further(error, content, folder)
    raise InputError(_placed(found, file.name, lines))


def read_as(model: type[Model], file: Path) -> Model:
    """What a TOML file other than the study's declares, as the class that describes it.

    Raises
    ------
    InputError
        With every fault of the file, placed and worded as those of `read`.
    """
    content, lines = _parsed(file)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        found = _found(error, content, model)
    raise InputError(_placed(found, file.name, lines))


def _parsed(file: Path) -> tuple[dict[str, Any], dict[Location, int]]:
    """What a TOML file holds, and the line of each key."""
    source = _text(file)
    try:
        return tomllib.loads(source), lines_of(source)
    except tomllib.TOMLDecodeError as error:
        raise InputError(_syntax_fault(file.name, source, error)) from error


def _text(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise InputError(Fault(f"cannot be read: {error.strerror}", str(file.name))) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        fault = Fault("not UTF-8 text; save the file as UTF-8 in your editor", f"{file.name}:{line}")
        raise InputError(fault) from error


def _syntax_fault(name: str, source: str, error: tomllib.TOMLDecodeError) -> Fault:
    """The first place at which a file is not TOML; nothing after it can be read."""
    message = str(error)
    at = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    line = int(at[1]) if at else source.rstrip("\n").count("\n") + 1
    what = message[: at.start()] if at else message.removesuffix(" (at end of document)")
    hint = ""
    if "Invalid value" in what:
        hint = "; text needs quotation marks, a date is written 2025-05-01, yes and no are true and false"
    elif "Cannot overwrite" in what or "Cannot declare" in what:
        hint = "; the same key or section stands above already"
    elif "Invalid statement" in what:
        hint = "; keys other than a-z, 0-9, - and _ need quotation marks"
    return Fault(f"not TOML: {what[:1].lower()}{what[1:]}{hint}", f"{name}:{line}")


def _found(
    error: ValidationError, content: Mapping[str, Any], model: type[BaseModel] = Study
) -> list[Inconsistency]:
    """What pydantic found, as places and words."""
    found: list[Inconsistency] = []
    for detail in error.errors():
        cause = detail.get("ctx", {}).get("error")
        if isinstance(cause, InconsistentError):
            found += cause.found
        else:
            found.append((detail["loc"], _words(detail, content, model)))
    return found


def _words(detail: Mapping[str, Any], content: Mapping[str, Any], model: type[BaseModel]) -> str:
    kind, loc, context = detail["type"], detail["loc"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        if loc[-1] == "framework":
            return "belongs to no section; write it above them all, on the first lines of the file"
        keys = _keys_at(model, loc[:-1])
        given = _value_at(content, loc[:-1])
        free = [key for key in keys if not (isinstance(given, Mapping) and key in given)]
        hint = did_you_mean(str(loc[-1]), free) or f"; the keys here are {', '.join(keys)}"
        return f"unknown key{hint}"
    if kind == "missing":
        return f"missing; every {model.__name__.lower()} needs it" if len(loc) == 1 else "missing; it has no default"
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", context["expected"])
        hint = did_you_mean(str(detail["input"]), known)
        return f"{detail['input']!r} is not known here; one of {', '.join(known)}{hint}"
    if kind in ("greater_than_equal", "greater_than", "less_than"):
        return f"{detail['input']!r} is out of range; {detail['msg'][6:].lower()}"
    if kind == "string_pattern_mismatch":
        return f"{detail['input']!r} is not allowed here; {_PATTERNS.get(context['pattern'], context['pattern'])}"
    shown = "" if isinstance(detail["input"], Mapping | list) else f", not {detail['input']!r}"
    return _EXPECTED.get(kind, str(detail["msg"])) + ("" if kind.endswith("too_short") else shown)


_PATTERNS = {
    r"^[^\r\n]*$": "it must stand on one line",
    r"^[a-z0-9][a-z0-9-]*$": "use small Latin letters, digits and hyphens",
}


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The section class inside `tuple[Question, ...]`, `Event | None` or `Sample`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)


def _keys_at(section: type[BaseModel], loc: Location) -> list[str]:
    """The keys that are known in the section at `loc`, as written in the file."""
    for step in loc:
        if isinstance(step, str):
            by_key = {field.alias or name: field for name, field in section.model_fields.items()}
            section = _model_in(by_key[step].annotation) or section
    return [field.alias or name for name, field in section.model_fields.items()]


def _value_at(content: Any, loc: Location) -> Any:
    for step in loc:
        try:
            content = content[step]
        except (KeyError, IndexError, TypeError):
            return None
    return content


def _further(error: ValidationError, content: Mapping[str, Any], folder: Path) -> list[Inconsistency]:
    """What would be found next, once what pydantic found is mended.

    Parts of a study are compared only when each is valid. So the parts at fault are taken out of a copy, and the
    checks that do not read their sections are made.
    """
    pruned: dict[str, Any] = copy.deepcopy(dict(content))
    skip: set[str] = set()
    for _ in range(8):  # taking a value out may leave its table without a needed key, and so on upwards
        details = error.errors()
        if any(isinstance(detail.get("ctx", {}).get("error"), InconsistentError) for detail in details):
            return _found(error, content) if skip else []
        skip |= {str(detail["loc"][0]) for detail in details if detail["loc"]}
        _prune(pruned, details)
        try:
            Study.model_validate(pruned, context={"folder": folder, "skip": skip})
        except ValidationError as next_error:
            error = next_error
        else:
            break
    return []


def _prune(content: dict[str, Any], details: list[Any]) -> None:
    doomed = {detail["loc"][:-1] if detail["type"] == "missing" else detail["loc"] for detail in details}
    for loc in sorted(doomed, key=lambda loc: [(isinstance(step, str), step) for step in loc], reverse=True):
        holder = _value_at(content, loc[:-1])
        if loc and (isinstance(holder, list) or (isinstance(holder, dict) and loc[-1] in holder)):
            del holder[loc[-1]]
    content.setdefault("study", {"title": "-"})


def _placed(found: list[Inconsistency], name: str, lines: Mapping[Location, int]) -> list[Fault]:
    """Faults in the order of their lines, each with the line of the innermost key that the file has."""
    placed = []
    for loc, message in found:
        line = next(lines[loc[:depth]] for depth in range(len(loc), -1, -1) if loc[:depth] in lines)
        key = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in loc).removeprefix(".")
        placed.append((line, key, Fault(f"{key}: {message}" if key else message, f"{name}:{line}")))
    return [fault for _, _, fault in sorted(placed, key=lambda entry: entry[:2])]
