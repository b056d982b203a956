"""How is a codebook changed: its facets and codes added, changed, moved, merged, split, retired?

Each change is a function from a codebook to a codebook without faults, and touches nothing else; `keep` then makes the
outcome a version. No change takes a code away or gives it another id, so no coding is ever left without its code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from resilens.coding.code_tree import below, siblings
from resilens.coding.codebook import Version, at_version, change, latest, made_by, synchronise
from resilens.coding.codes import MEANING, Code, Codebook, Facet, Problem, codebook_from, diff, fold
from resilens.coding.decisions import one_item
from resilens.coding.items import Items
from resilens.errors import Fault, InputError
from resilens.record.store import Record
from resilens.study.words import did_you_mean

_LONGEST_ID = 60


def code_called(codebook: Codebook, code_id: str) -> Code:
    """The code of this id.

    Raises
    ------
    InputError
        If there is none, with the nearest.
    """
    if code_id not in codebook:
        known = [code.id for code in codebook.codes]
        raise InputError(f"the codebook has no code {code_id!r}{did_you_mean(code_id, known)}")
    return codebook.code(code_id)


def with_facet(codebook: Codebook, facet: Facet) -> Codebook:
    """The facet added after the others, or changed where there is one of its id."""
    facets = {one.id: one for one in codebook.facets} | {facet.id: facet}
    return _checked(replace(codebook, facets=tuple(facets.values())), codebook.codes)


def with_code(codebook: Codebook, code: Code) -> Codebook:
    """The code added as the last at its place in the tree, or changed where there is one of its id; what is nested in
    it goes with it into another facet."""
    if code.id in codebook:
        inside = set(below(codebook, code.id))
        codes = [code if one.id == code.id else replace(one, facet=code.facet) if one.id in inside else one
                 for one in codebook.codes]  # fmt: skip
        return _checked(codebook, codes)
    beside = siblings(codebook, code)
    last = beside[-1].id if beside else code.parent
    family = {last, *below(codebook, last)}
    at = max((place for place, one in enumerate(codebook.codes) if one.id in family), default=len(codebook.codes) - 1)
    return _checked(codebook, [*codebook.codes[: at + 1], code, *codebook.codes[at + 1 :]])


def renamed(codebook: Codebook, code_id: str, name: str, name_zh: str | None = None) -> Codebook:
    """The code under another name; its id, which codings hold, stays."""
    code = code_called(codebook, code_id)
    return with_code(codebook, replace(code, name=name, name_zh=code.name_zh if name_zh is None else name_zh))


def placed(codebook: Codebook, code_id: str, facet: str, parent: str = "") -> Codebook:
    """The code as the last one in another place of the tree: in a code of the facet, or at its top."""
    code = code_called(codebook, code_id)
    moved = with_code(codebook, replace(code, facet=facet, parent=parent))
    others = [one.id for one in siblings(moved, moved.code(code_id)) if one.id != code_id]
    return _beside(moved, code_id, others[-1], after=True) if others else moved


def shifted(codebook: Codebook, code_id: str, by: int) -> Codebook:
    """The code so many places up (negative) or down among those at its place of the tree."""
    beside = [code.id for code in siblings(codebook, code_called(codebook, code_id))]
    here = beside.index(code_id)
    there = min(max(here + by, 0), len(beside) - 1)
    return codebook if here == there else _beside(codebook, code_id, beside[there], after=there > here)


def _beside(codebook: Codebook, code_id: str, other: str, after: bool) -> Codebook:
    """The code, with what is nested in it, before another or behind it and what is nested in that."""
    family = {code_id, *below(codebook, code_id)}
    rest = [code for code in codebook.codes if code.id not in family]
    around = {other, *(below(codebook, other) if after else ())}
    places = [place for place, code in enumerate(rest) if code.id in around]
    at = max(places) + 1 if after else min(places)
    return _checked(codebook, [*rest[:at], *(code for code in codebook.codes if code.id in family), *rest[at:]])


def retired(codebook: Codebook, code_id: str) -> Codebook:
    """The code is given to no new coding; those that hold it keep it, and what is nested in it stays."""
    code = code_called(codebook, code_id)
    if not code.active:
        raise InputError(Fault("is retired already", code_id))
    return with_code(codebook, replace(code, status="retired"))


def revived(codebook: Codebook, code_id: str) -> Codebook:
    """The retired code is in use again, merged into none; its key goes where another code has it by now."""
    code = code_called(codebook, code_id)
    if code.active:
        raise InputError(Fault("is in use; there is nothing to take back", code_id))
    taken = {other.key for other in codebook.codes if other.active}
    key = "" if code.key in taken else code.key
    return with_code(codebook, replace(code, status="active", merged_into="", key=key))


def merged(codebook: Codebook, code_id: str, into: str) -> Codebook:
    """The code is retired, and another stands for it from now on.

    What is nested in it goes into the other one, or, where that is of another facet, up to where the code was. A code
    merged into one that is nested in it gives that one its place.

    Raises
    ------
    InputError
        If the codes are one and the same, or either is retired.
    """
    code, other = code_called(codebook, code_id), code_called(codebook, into)
    if code_id == into:
        raise InputError(Fault("cannot be merged into itself; choose another code", code_id))
    for one in (code, other):
        if not one.active:
            raise InputError(Fault("is retired; take that back first, or choose another code", one.id))
    inside = set(below(codebook, code_id))
    target = into if other.facet == code.facet else code.parent

    def after(one: Code) -> Code:
        if one.id == code_id:
            return replace(one, status="retired", merged_into=into)
        if one.id == into and into in inside:
            return replace(one, parent=code.parent)
        return replace(one, parent=target) if one.parent == code_id else one

    return _checked(codebook, [after(one) for one in codebook.codes])


def split(codebook: Codebook, code_id: str, parts: Sequence[Code], kept: Code | None = None) -> Codebook:
    """New codes in place of one, each behind the last.

    Parameters
    ----------
    parts
        The new codes: two or more, or one where the old code is kept.
    kept
        The old code as it is from now on; None: it is retired. Codings made before need a second look either way.

    Raises
    ------
    InputError
        If there are too few parts, a part's id is taken, the old code is retired already, or it is kept with the
        meaning it had: then nothing says which codings would be the new code's.
    """
    code = code_called(codebook, code_id)
    if not code.active:
        raise InputError(Fault("is retired; take that back before splitting it", code_id))
    if len(parts) < (1 if kept else 2):
        raise InputError(Fault("name at least two new codes, or one and keep the old code with a narrower definition",
                               "parts"))  # fmt: skip
    taken = [part.id for part in parts if part.id in codebook]
    if taken:
        raise InputError([Fault("there is a code of this id already; choose another name", name) for name in taken])
    if kept and all(getattr(kept, name) == getattr(code, name) for name in MEANING):
        raise InputError(Fault("say what the old code means from now on: its definition must become narrower", code_id))
    now = with_code(codebook, replace(kept, id=code_id) if kept else replace(code, status="retired"))
    before = code_id
    for part in parts:
        now = with_code(now, part)
        if (part.facet, part.parent) == (code.facet, code.parent):
            now = _beside(now, part.id, before, after=True)
            before = part.id
    return now


def part_of(codebook: Codebook, code: Code, name: str, taken: Collection[str] = ()) -> Code:
    """A new code to split `code` into: at its place, with its role and its need of a second item."""
    new = id_for(codebook, code.facet, name, code.parent, taken)
    return Code(new, code.facet, name, role=code.role, parent=code.parent, second_item=code.second_item)


def id_for(codebook: Codebook, facet: str, name: str, parent: str = "", taken: Collection[str] = ()) -> str:
    """An id that says the name, in any script, and that no code has: `practice.cat-tax`."""
    stem = f"{parent or facet}.{_slug(name) or 'code'}"
    return _free(stem, {fold(code.id) for code in codebook.codes} | {fold(one) for one in taken})


def facet_id_for(codebook: Codebook, name: str) -> str:
    """An id that says the facet's name and that no facet has."""
    return _free(_slug(name) or "facet", {fold(facet.id) for facet in codebook.facets})


def _slug(name: str) -> str:
    """What of a name can stand in an id."""
    plain = re.sub(r"[^\w.]+|_+", "-", unicodedata.normalize("NFKC", name).casefold())
    return plain.strip("-.")[:_LONGEST_ID].strip("-.")


def _free(stem: str, used: Collection[str]) -> str:
    number, found = 1, stem
    while fold(found) in used:
        number += 1
        found = f"{stem}-{number}"
    return found


def written(text: str) -> str:
    """A text as it is kept of a form: one kind of newline, no NUL, no blanks around it."""
    return re.sub("\r\n?", "\n", text).replace("\0", "\N{REPLACEMENT CHARACTER}").strip()


def anchors_of(text: str, items: Items) -> tuple[str, ...]:
    """The ids of the items that a text names, by their ids or the platform's own, with blanks or commas between them.

    Raises
    ------
    InputError
        With each name that is no captured item, or may be several.
    """
    names = list(dict.fromkeys(re.split(r"[\s,;，；]+", text.strip()))) if text.strip() else []
    found = items.find(names) if names else {}
    anchors: list[str] = []
    faults: list[Fault] = []
    for name in names:
        try:
            anchors.append(one_item(name, found, "anchors"))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return tuple(dict.fromkeys(anchors))


def reconciled(base: Code, theirs: Code, mine: Code) -> tuple[Code, tuple[str, ...]]:
    """My changes of a code upon theirs, and the fields that both changed, each otherwise; there mine stand."""
    changed, both = {}, []
    for name in Code.__dataclass_fields__:
        before, other, own = (getattr(code, name) for code in (base, theirs, mine))
        changed[name] = other if own == before else own
        if own not in (before, other) and other != before:
            both.append(name)
    return replace(theirs, **changed), tuple(both)


def _checked(codebook: Codebook, codes: Sequence[Code]) -> Codebook:
    """The codebook with these codes, once nothing is wrong with it; faults name the code and the field."""
    edited = replace(codebook, codes=tuple(codes))
    _, problems = codebook_from(edited.content)
    if problems:
        raise InputError([Fault(problem[1], _where(edited, problem)) for problem in problems])
    return edited


def _where(codebook: Codebook, problem: Problem) -> str:
    match problem[0]:
        case ("code", int(place), str(field)):
            return f"{codebook.codes[place].name or codebook.codes[place].id}: {field}"
        case ("facet", int(place), str(field)):
            return f"{codebook.facets[place].name or codebook.facets[place].id}: {field}"
    return "codebook"


def keep(
    folder: Path, record: Record, edited: Codebook, *, based_on: int, actor: str, reason: str = "",
    event_id: UUID | None = None,
) -> Version:  # fmt: skip
    """Make an edited codebook the version in force.

    Parameters
    ----------
    folder, record
        The study's; a hand edit of `codebook.toml` is taken in first.
    based_on
        The version that was edited.
    actor, reason
        Who edited it and why; a reason is needed where the meaning or the status of a code changes.
    event_id
        Made by the client, so that sending a form twice makes one version.

    Raises
    ------
    ChangedMeanwhile
        If another version is in force by now; nothing is written.
    InputError
        If a reason is needed and there is none, or there is no version `based_on`.
    """
    made = made_by(record, event_id)
    if made is not None:
        return made
    synchronise(folder, record)
    current = latest(record)
    before = at_version(record, based_on).codebook
    if current is not None and current.number == based_on and not reason.strip() and needs_reason(before, edited):
        raise InputError(Fault("say why: coders and readers will ask", "reason"))
    return change(folder, record, edited, actor, reason=reason.strip(), based_on=based_on, event_id=event_id)


def needs_reason(before: Codebook, after: Codebook) -> bool:
    """Whether the meaning or status of a code that was there before changes; what is new explains itself."""
    return any(change.of_meaning or change.field in ("status", "merged_into") for change in diff(before, after))
