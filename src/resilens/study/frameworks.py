"""Which facets and codes does a theoretical framework bring, and what may a code be used for?

A framework is data: a TOML file in the folder `frameworks` beside this module, or one of the study's own. Its facets
are independent of each other; codes nest inside one facet only.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from resilens.errors import Fault, InputError
from resilens.study.words import did_you_mean

ROLES: dict[str, str] = {
    "tribute": "a newcomer pays the symbolic tax or another tribute of entry",
    "welcome": "a newcomer is welcomed",
    "receipt": "a tribute is acknowledged in a certified or mock-official way",
    "thanks": "somebody is thanked, as a step of an exchange",
    "introduction": "somebody introduces themselves as new",
    "ledger": "prices, wages or costs of living are reconciled across countries",
    "art": "a creation is shown, or an existing one reinterpreted",
    "translation_use": "somebody says that a translation was used",
    "solidarity": "affect: standing with others in a shared situation",
    "empathy": "affect: feeling for another's situation",
    "admiration": "affect: esteem for what another is or can do",
    "humour": "affect: play, joking, amusement",
    "gratitude": "affect: feeling thankful",
    "irony": "affect: meaning other than what is said",
    "hostile": "affect: contempt, insult or exclusion of persons or groups",
    "identity_claim": "somebody takes a political identity for themselves, such as refugee",
    "overt_politics": "governments, parties, laws or rivalry of states are spoken of openly",
    "deflection": "politics is turned aside",
    "label_self": "a name given to oneself or one's own group",
    "label_other": "a name given to the other or the other's group",
    "compares_with": "relation: sets one account against another",
    "answers_with_art": "relation: answers an item with a creation",
    "obligation": "relation: somebody is told that they owe something",
    "permission": "relation: somebody asks to be allowed",
    "gatekeeping": "relation: somebody decides who may enter or belong",
    "peer_address": "relation: somebody addresses another as an equal",
    "counter_speech": "relation: hostility is answered in defence of those attacked",
}
"""What the measures look for: the closed list of roles a code may have, each with its meaning."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One aspect under which items are coded, independent of the others."""

    id: str
    name: str
    name_zh: str
    definition: str


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a framework.

    Parameters
    ----------
    id
        Stable, dotted: `practice.tribute.cat`; its first part is the facet.
    facet, name, name_zh
        The facet's id; the name in English and in Chinese.
    definition, use_when, not_when, example
        What a coder needs; the example is invented.
    source
        The citation the code rests on.
    role
        What measures use the code for, a key of `ROLES`; empty where none does.
    variant
        Which variant of its role or parent it is (`cat`, `dog`); empty where it is none.
    parent
        The id of the code it is nested in; empty at the top of its facet.
    second_item
        Whether a coding needs a second item, to which the first relates.
    """

    id: str
    facet: str
    name: str
    name_zh: str
    definition: str
    use_when: str
    not_when: str
    example: str
    source: str
    role: str = ""
    variant: str = ""
    parent: str = ""
    second_item: bool = False


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework with everything it extends resolved; a code's parent stands before it."""

    name: str
    title: str
    source: str
    extends: str
    facets: tuple[Facet, ...]
    codes: tuple[Code, ...]

    def code(self, code_id: str) -> Code:
        """The code with this id.

        Raises
        ------
        KeyError
            If there is none.
        """
        for code in self.codes:
            if code.id == code_id:
                return code
        raise KeyError(code_id)


def names() -> tuple[str, ...]:
    """The names of the frameworks that ship with Resilens, sorted."""
    folder = resources.files("resilens.study") / "frameworks"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def is_file(name: str) -> bool:
    """Whether `framework = name` means a file of the study's own instead of a framework that ships."""
    return name.endswith(".toml")


def framework(name: str, folder: Path | None = None) -> Framework:
    """The framework of this name, with what it extends resolved.

    A framework that extends another has its own facets and codes first, in its order, then those of the other that it
    does not define again: a code with the same id takes the other's place.

    Parameters
    ----------
    name
        A shipped framework (`names()`) or the path of a file ending in `.toml`.
    folder
        The folder from which a relative path is understood; the current one where None.

    Raises
    ------
    InputError
        If there is no such framework, or its file is at fault: every fault of the file.
    """
    return _resolved(name, folder, ())


def _resolved(name: str, folder: Path | None, extended_by: tuple[str, ...]) -> Framework:
    if name in extended_by:
        raise InputError(f"the framework {name!r} extends itself: {' -> '.join((*extended_by, name))}")
    return _read(name, folder, extended_by) if is_file(name) else _shipped(name)


@cache
def _shipped(name: str) -> Framework:
    """A framework of ours, read once: it extends only ours, and cannot change while we run."""
    return _read(name, None, ())


def _read(name: str, folder: Path | None, extended_by: tuple[str, ...]) -> Framework:
    content = _content(name, folder)
    base = content.get("extends", "")
    inherited = _resolved(base, folder, (*extended_by, name)) if base else None
    faults: list[str] = []
    facets = _parts(Facet, content.get("facet", []), "facet", faults)
    codes = _parts(Code, content.get("code", []), "code", faults)
    if inherited is not None:
        facets += [facet for facet in inherited.facets if facet.id not in {own.id for own in facets}]
        codes += [code for code in inherited.codes if code.id not in {own.id for own in codes}]
    unknown = sorted(content.keys() - {"name", "title", "source", "extends", "facet", "code"})
    faults += [f"unknown key {key!r}{did_you_mean(key, ('title', 'source', 'extends'))}" for key in unknown]
    if not faults:
        faults = list(_contradictions(facets, codes))
    if faults:
        raise InputError([Fault(fault, f"framework {name}") for fault in faults])
    title, source = str(content.get("title", name)), str(content.get("source", ""))
    return Framework(str(content.get("name", name)), title, source, base, tuple(facets), tuple(codes))


def _content(name: str, folder: Path | None) -> dict[str, Any]:
    try:
        if is_file(name):
            text = ((folder or Path()) / name).read_text("utf-8")
        elif name in names():
            text = (resources.files("resilens.study") / "frameworks" / f"{name}.toml").read_text("utf-8")
        else:
            known = names()
            hint = did_you_mean(name, known) or f"; there are {', '.join(known)}, or the path of a .toml file"
            raise InputError(f"unknown framework {name!r}{hint}")
        return tomllib.loads(text)
    except OSError as error:
        raise InputError(f"the framework file {name} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"the framework file {name} is not TOML: {error}") from error


Part = TypeVar("Part", Facet, Code)


def _parts(kind: type[Part], tables: Any, section: str, faults: list[str]) -> list[Part]:
    """The tables as facets or codes; what is wrong with them is added to `faults`."""
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        faults.append(f"write each {section} under [[{section}]]")
        return []
    known = {field.name: field for field in fields(kind)}
    needed = [name for name, field in known.items() if not isinstance(field.default, str | bool)]
    parts = []
    for index, table in enumerate(tables):
        where = f"[[{section}]] {index + 1} ({table.get('id', 'without id')})"
        wrong = [f"unknown key {key!r}{did_you_mean(key, known)}" for key in sorted(table.keys() - known.keys())]
        wrong += [f"{key} is missing" for key in needed if key not in table]
        for key, value in table.items():
            expected = bool if key == "second_item" else str
            if key in known and not isinstance(value, expected):
                wrong.append(f"{key} must be {'true or false' if expected is bool else 'text in quotation marks'}")
        faults += [f"{where}: {fault}" for fault in wrong]
        if not wrong:
            values: dict[str, Any] = {key: " ".join(v.split()) if isinstance(v, str) else v for key, v in table.items()}
            parts.append(kind(**values))
    return parts


def _contradictions(facets: list[Facet], codes: list[Code]) -> list[str]:
    """What the facets and codes of a framework get wrong together."""
    found = []
    for section, ids in (("facet", [facet.id for facet in facets]), ("code", [code.id for code in codes])):
        twice = sorted({name for name in ids if ids.count(name) > 1})
        found += [f"the {section} {name!r} stands twice" for name in twice]
    known, seen = {facet.id for facet in facets}, {code.id: code.facet for code in codes}
    before: set[str] = set()
    for code in codes:
        if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", code.id):
            found.append(f"the code {code.id!r} needs an id such as practice.tribute.cat")
        if code.facet not in known or not code.id.startswith(f"{code.facet}."):
            found.append(f"the code {code.id!r} must begin with its facet, one of {', '.join(sorted(known))}")
        if code.role and code.role not in ROLES:
            hint = did_you_mean(code.role, ROLES) or f"; one of {', '.join(ROLES)}"
            found.append(f"the code {code.id!r} has the unknown role {code.role!r}{hint}")
        if code.parent and seen.get(code.parent) != code.facet:
            found.append(f"the code {code.id!r} has the parent {code.parent!r}, which is no code of its facet")
        elif code.parent and code.parent not in before:
            found.append(f"the code {code.id!r} stands before its parent {code.parent!r}")
        before.add(code.id)
    return found
