"""What is a codebook: its facets, its codes, what must hold of them, and how do two codebooks differ?

A codebook is a value. How it is kept, in the record and in `codebook.toml`, is the matter of `coding.codebook`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import cached_property
from typing import Any, TypeAlias, TypeVar

from resilens.errors import Fault, InputError
from resilens.record.events import canonical
from resilens.study.frameworks import ROLES, Framework
from resilens.study.words import did_you_mean

Path: TypeAlias = tuple[str | int, ...]
Problem: TypeAlias = tuple[Path, str]
"""Where in a codebook something is wrong, and what: `(("code", 3, "role"), "unknown role ...")`."""

STATUSES = ("active", "retired")

NOTHING = ("0", "none", "nothing", "nothing applies", "nothing_applies", "无", "都不适用")
"""What tables write for "nothing applies"; no code may be called so."""

CODE_ID = re.compile(r"[^\W_][\w.-]*")
COLOUR = re.compile(r"#[0-9a-f]{6}")

MEANING = frozenset({"facet", "role", "definition", "use_when", "not_when"})
"""The fields that say what a code means: codings made before one of them changed may need a second look."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One aspect under which items are coded, independent of the others."""

    id: str
    name: str
    name_zh: str = ""
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """One code.

    Parameters
    ----------
    id
        What codings hold; it never changes, a name may.
    facet
        The id of its facet.
    name, name_zh
        In English (or the study's own language) and in Chinese.
    role
        What measures use the code for, a key of `study.frameworks.ROLES`; empty where none does.
    variant
        Which variant of its role or parent it is (`cat`, `dog`); empty where it is none.
    parent
        The id of the code it is nested in, of the same facet; empty at the top.
    definition, use_when, not_when, example, source
        What a coder needs, and where the code comes from.
    second_item
        Whether a coding needs a second item, to which the first relates.
    status
        `active`, or `retired`: kept for the codings that hold it, given to no new one.
    merged_into
        For a retired code, the id of the code that took its place; empty where none did.
    anchors
        Ids of items that show the code at its clearest.
    sets
        Names of the sets of codes that other programs have it in; they come and go with it.
    colour, key
        `#rrggbb` and the one key that toggles it in the workbench; both may be empty.
    """

    id: str
    facet: str
    name: str
    name_zh: str = ""
    role: str = ""
    variant: str = ""
    parent: str = ""
    definition: str = ""
    use_when: str = ""
    not_when: str = ""
    example: str = ""
    source: str = ""
    second_item: bool = False
    status: str = "active"
    merged_into: str = ""
    anchors: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    colour: str = ""
    key: str = ""

    @property
    def active(self) -> bool:
        return self.status == "active"


@dataclass(frozen=True)
class Codebook:
    """Facets and codes, in the order in which they are shown. `framework` says what the codebook was begun from."""

    framework: str = ""
    facets: tuple[Facet, ...] = ()
    codes: tuple[Code, ...] = ()

    @cached_property
    def _by_id(self) -> dict[str, Code]:
        return {code.id: code for code in self.codes}

    @cached_property
    def _by_name(self) -> dict[str, list[Code]]:
        """Codes by everything they are called, folded; an id is only itself, see `called`."""
        names: dict[str, list[Code]] = {}
        for code in self.codes:
            facet = next((facet for facet in self.facets if facet.id == code.facet), Facet(code.facet, code.facet))
            plain = {code.id, code.id.removeprefix(f"{code.facet}."), code.name, code.name_zh, code.role}
            plain.discard("")
            qualified = {f"{of}:{name}" for of in (facet.id, facet.name, facet.name_zh) for name in plain if of}
            for name in {fold(name) for name in plain | qualified}:
                names.setdefault(name, []).append(code)
        return names

    def code(self, code_id: str) -> Code:
        """The code with this id.

        Raises
        ------
        KeyError
            If there is none.
        """
        return self._by_id[code_id]

    def __contains__(self, code_id: object) -> bool:
        return code_id in self._by_id

    def called(self, name: str, facet: str = "") -> list[Code]:
        """The codes that `name` may mean: by id, else by id without its facet, name, Chinese name or role, or any of
        these behind `facet:`.

        Parameters
        ----------
        name
            As somebody wrote it; case, width, blanks, `_` and `-` do not matter.
        facet
            Only codes of this facet.

        Returns
        -------
        list of Code
            One: it is that. Several: it is ambiguous. Of a code and those nested in it, only the outer one counts, so
            that a role shared by a code and its variants means the code. Active codes come before retired ones.
        """
        if name in self and (not facet or self.code(name).facet == facet):
            return [self.code(name)]
        found = [code for code in self._by_name.get(fold(name), []) if not facet or code.facet == facet]
        found = [code for code in found if code.active] or found
        ids = {code.id for code in found}
        return [code for code in found if not ids & set(self._ancestors(code))]

    def _ancestors(self, code: Code) -> list[str]:
        above: list[str] = []
        while code.parent in self and code.parent not in above:
            above.append(code.parent)
            code = self.code(code.parent)
        return above

    @cached_property
    def merges(self) -> dict[str, str]:
        """For every code that was merged into another, directly or over several, the code that stands for it now."""
        found = {}
        for code in self.codes:
            standing = code
            while standing.merged_into in self:
                standing = self.code(standing.merged_into)
            if standing is not code:
                found[code.id] = standing.id
        return found

    def with_role(self, role: str) -> tuple[Code, ...]:
        """Every code with this role, retired ones too: what measures look for."""
        return tuple(code for code in self.codes if code.role == role)

    @cached_property
    def content(self) -> dict[str, Any]:
        """As JSON and TOML hold it; what has its default is left out."""
        content: dict[str, Any] = {"framework": self.framework} if self.framework else {}
        content |= {"facet": [_told(facet) for facet in self.facets], "code": [_told(code) for code in self.codes]}
        return {key: value for key, value in content.items() if value}

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the canonical JSON of `content`: two codebooks are equal when these are."""
        return hashlib.sha256(canonical(self.content).encode()).hexdigest()


def fold(name: str) -> str:
    """What spellings of one name have in common: NFKC, case folded, each run of blanks, `_` and `-` one blank."""
    return re.sub(r"[\s_-]+", " ", unicodedata.normalize("NFKC", name).casefold()).strip()


def _told(part: Facet | Code) -> dict[str, Any]:
    told = {}
    for field in fields(part):
        value = getattr(part, field.name)
        if value != field.default:
            told[field.name] = list(value) if isinstance(value, tuple) else value
    return told


def from_framework(framework: Framework) -> Codebook:
    """A codebook that begins with a framework's facets and codes."""
    return Codebook(
        framework.name,
        tuple(Facet(facet.id, facet.name, facet.name_zh, facet.definition) for facet in framework.facets),
        tuple(Code(**{field.name: getattr(code, field.name) for field in fields(code)}) for code in framework.codes),
    )


def codebook_from(content: Mapping[str, Any]) -> tuple[Codebook, list[Problem]]:
    """The codebook that `content` holds, and everything that is wrong with it; with faults it is not whole."""
    problems: list[Problem] = [
        ((key,), f"unknown key{did_you_mean(key, ('framework', 'facet', 'code')) or '; write [[facet]] and [[code]]'}")
        for key in content
        if key not in ("framework", "facet", "code", "version")
    ]
    framework = content.get("framework", "")
    if not isinstance(framework, str):
        problems.append((("framework",), "write the name of a framework in quotation marks"))
    facets = _parts(Facet, content.get("facet", []), "facet", problems)
    codes = _parts(Code, content.get("code", []), "code", problems)
    problems += _facet_problems(facets)
    problems += _code_problems(codes, [facet for _, facet in facets])
    return Codebook(str(framework), tuple(part for _, part in facets), tuple(part for _, part in codes)), problems


Part = TypeVar("Part", Facet, Code)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(entry, str) for entry in value)


_TYPES: dict[str, Callable[[Any], bool]] = {
    "second_item": lambda value: isinstance(value, bool), "anchors": _are_texts, "sets": _are_texts,
}  # fmt: skip
_EXPECTED = {
    "second_item": "true or false, without quotation marks",
    "anchors": "a list of item ids in quotation marks",
    "sets": "a list of names in quotation marks",
}


def _parts(kind: type[Part], tables: Any, section: str, problems: list[Problem]) -> list[tuple[int, Part]]:
    """The tables that are right in themselves, each with its place; what is wrong is added to `problems`."""
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        problems.append(((section,), f"write each under [[{section}]]"))
        return []
    known = {field.name: field for field in fields(kind)}
    needed = [name for name, field in known.items() if field.default is MISSING]
    parts = []
    for index, table in enumerate(tables):
        here: list[Problem] = []
        for key, value in table.items():
            if key not in known:
                hint = did_you_mean(key, known.keys() - table.keys()) or f"; the keys here are {', '.join(known)}"
                here.append(((section, index, key), f"unknown key{hint}"))
            elif not _TYPES.get(key, lambda given: isinstance(given, str))(value):
                expected = _EXPECTED.get(key, "text in quotation marks")
                here.append(((section, index, key), f"expected {expected}, not {value!r}"))
            elif key in needed and isinstance(value, str) and not value.strip():
                here.append(((section, index, key), "must not be empty"))
        here += [((section, index, key), f"missing; every {section} needs it") for key in needed if key not in table]
        problems += here
        if not here:
            given: dict[str, Any] = {
                key: tuple(value) if isinstance(value, list) else value for key, value in table.items()
            }
            parts.append((index, kind(**given)))
    return parts


def _repeated(names: Iterable[str]) -> set[str]:
    return {name for name, times in Counter(names).items() if times > 1 and name}


def _facet_problems(facets: Sequence[tuple[int, Facet]]) -> list[Problem]:
    twice = _repeated(facet.id for _, facet in facets)
    words = "two facets are called {!r}"
    return [(("facet", index, "id"), words.format(facet.id)) for index, facet in facets if facet.id in twice]


def _code_problems(codes: Sequence[tuple[int, Code]], facets: Sequence[Facet]) -> list[Problem]:
    """What is wrong with codes that are right in themselves: ids, facets, roles, parents, keys."""
    found: list[Problem] = []
    twice = _repeated(fold(code.id) for _, code in codes)
    keys_twice = _repeated(code.key for _, code in codes if code.active)
    by_id = {code.id: code for _, code in codes}
    known = [facet.id for facet in facets]
    for index, code in codes:
        wrong: list[tuple[str, str]] = []
        if not CODE_ID.fullmatch(code.id) or code.id.casefold() in NOTHING:
            wrong.append(("id", f"{code.id!r} cannot be an id; begin with a letter, go on with letters, digits, . _ -"))
        if fold(code.id) in twice:
            wrong.append(("id", f"two codes are called {code.id!r}"))
        if code.facet not in known:
            hint = did_you_mean(code.facet, known) or f"; the facets are {', '.join(known)}"
            wrong.append(("facet", f"no facet {code.facet!r}{hint}"))
        if code.role and code.role not in ROLES:
            hint = did_you_mean(code.role, ROLES) or f"; one of {', '.join(ROLES)}"
            wrong.append(("role", f"unknown role {code.role!r}{hint}"))
        if code.status not in STATUSES:
            wrong.append(("status", f"{code.status!r} is no status; active or retired"))
        if code.colour and not COLOUR.fullmatch(code.colour):
            wrong.append(("colour", f"{code.colour!r} is no colour; write it as #1f77b4"))
        if len(code.key) > 1 or code.key.isspace():
            wrong.append(("key", f"{code.key!r} is not one key"))
        elif code.active and code.key in keys_twice:
            wrong.append(("key", f"the key {code.key!r} toggles two codes"))
        wrong += _parent_problem(code, by_id) + _merge_problem(code, by_id)
        found += [(("code", index, key), words) for key, words in wrong]
    return found


def _parent_problem(code: Code, by_id: Mapping[str, Code]) -> list[tuple[str, str]]:
    if not code.parent:
        return []
    if code.parent not in by_id:
        return [("parent", f"no code {code.parent!r}{did_you_mean(code.parent, by_id)}")]
    if by_id[code.parent].facet != code.facet:
        return [("parent", f"{code.parent!r} is of another facet; facets are independent")]
    above, seen = code.parent, {code.id}
    while above in by_id:
        if above in seen:
            return [("parent", "the code is nested in itself")]
        seen.add(above)
        above = by_id[above].parent
    return []


def _merge_problem(code: Code, by_id: Mapping[str, Code]) -> list[tuple[str, str]]:
    if not code.merged_into:
        return []
    if code.merged_into not in by_id:
        return [("merged_into", f"no code {code.merged_into!r}{did_you_mean(code.merged_into, by_id)}")]
    if code.active:
        return [("merged_into", "a code that was merged into another is retired; write status = \"retired\"")]
    into, seen = code.merged_into, {code.id}
    while into in by_id:
        if into in seen:
            return [("merged_into", "the code is merged into itself")]
        seen.add(into)
        into = by_id[into].merged_into
    return []


def key_of(path: Path) -> str:
    """A path as people read it, entries counted from 1: `code[4].role`."""
    return "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def checked(codebook: Codebook) -> Codebook:
    """The codebook, once nothing is wrong with it.

    Raises
    ------
    InputError
        With every fault, each at its key.
    """
    _, problems = codebook_from(codebook.content)
    if problems:
        raise InputError([Fault(words, f"codebook: {key_of(path)}") for path, words in problems])
    return codebook


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two codebooks.

    Parameters
    ----------
    what
        `added`, `removed`, `changed` or `moved` (the order differs).
    section, id
        `facet` or `code`, and which; `codebook` and empty for the codebook itself.
    field, before, after
        What of it changed, where it did.
    """

    what: str
    section: str
    id: str
    field: str = ""
    before: Any = ""
    after: Any = ""

    @property
    def of_meaning(self) -> bool:
        """Whether codings made before may need a second look."""
        return self.section == "code" and self.field in MEANING

    def __str__(self) -> str:
        name = f"{self.section} {self.id}".strip()
        if self.what != "changed":
            return f"{name} {self.what}"
        return f"{name}: {self.field} {_shown(self.before)} -> {_shown(self.after)}"


def _shown(value: Any) -> str:
    text = ", ".join(value) if isinstance(value, tuple) else str(value).lower() if isinstance(value, bool) else value
    return f'"{text}"' if text else "(empty)"


def diff(old: Codebook, new: Codebook) -> list[Change]:
    """How `new` differs from `old`: facets, then codes, in the order of `new`, then what went; `str` each to read."""
    changes = []
    if old.framework != new.framework:
        changes.append(Change("changed", "codebook", "", "framework", old.framework, new.framework))
    for section, before, after in (("facet", old.facets, new.facets), ("code", old.codes, new.codes)):
        olds = {part.id: part for part in before}
        news = {part.id: part for part in after}
        for name, part in news.items():
            if name not in olds:
                changes.append(Change("added", section, name))
                continue
            pairs = [(field.name, getattr(olds[name], field.name), getattr(part, field.name)) for field in fields(part)]
            changes += [Change("changed", section, name, *pair) for pair in pairs if pair[1] != pair[2]]
        changes += [Change("removed", section, name) for name in olds if name not in news]
        kept = [name for name in olds if name in news]
        stays = [name for name in news if name in olds]
        changes += [Change("moved", section, name) for name in _moved(kept, stays)]
    return changes


def _moved(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """As few as tell the new order from the old: all that are not in a longest run whose order is still the same."""
    place = {name: number for number, name in enumerate(before)}
    ends: list[int] = []  # the least place at which a run of each length can end
    last: list[str] = []
    earlier: dict[str, str] = {}
    for name in after:
        length = bisect_left(ends, place[name])
        ends[length:length + 1], last[length:length + 1] = [place[name]], [name]
        if length:
            earlier[name] = last[length - 1]
    stays, name = set(), last[-1] if last else ""
    while name:
        stays.add(name)
        name = earlier.get(name, "")
    return [name for name in after if name not in stays]
