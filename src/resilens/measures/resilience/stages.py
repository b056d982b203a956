"""When was each coded stage, in which order did they come, and which practices and groups do they go with?

A stage is a code of the facet `stage` at its top level, with those nested in it. Where the stage follows from the
practice or from the date without exception, somebody derived it: its time and order are then true by construction and
nothing was found out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from resilens.measures.items import Flags, Items
from resilens.measures.material import Material
from resilens.measures.shares import Share, shares
from resilens.measures.weeks import Timing, before, codes_first, origin_of, timing
from resilens.results.types import Result, Undefined, in_unit

FACET, PRACTICE = "stage", "practice"
MINIMUM = 5
"""Items that a stage needs before its time or place in an order is computed, and a practice before it is set beside the
stages."""

ENOUGH = 30
"""Items over which a relation without exception is taken for a rule that somebody followed."""

Wanted = Mapping[str, tuple[str, tuple[str, ...]]]
"""By the id of a code: what it is called, and the ids of it and of those nested in it."""


def top_codes(material: Material, facet: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The codes of a facet at its top level, in the codebook's order."""
    return {code.id: (code.name, material.with_nested(code.id)) for code in material.codes_of_facet(facet)
            if not code.parent}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stage:
    """When a stage was among posts, or among comments."""

    key: str
    unit: str
    items: int
    when: Timing


def times(material: Material, wanted: Wanted) -> tuple[list[Stage], dict[str, Result]]:
    """The time of each stage, and for each two which came first, posts and comments apart."""
    origin, found = origin_of(material)[0], []
    order: dict[str, Result] = {}
    for unit, items in material.units():
        dated = items.select(items.dated)
        marks = {key: material.marks(dated, codes) for key, (_, codes) in wanted.items()}
        reason = by_construction(material, items, wanted) or by_construction(material, material.items, wanted)
        for key, (label, _) in wanted.items():
            number = int(marks[key].there.sum())
            refused = _too_few(label, unit, number) if number < MINIMUM else reason
            when = Timing(refused, refused, refused) if refused else timing(material, dated, marks[key], origin, label)
            found.append(Stage(key, unit, number, when))
        for one, other in codes_first(list(wanted)):
            few = [key for key in (one, other) if marks[key].there.sum() < MINIMUM]
            refused = _too_few(wanted[few[0]][0], unit, int(marks[few[0]].there.sum())) if few else reason
            words = f"{wanted[one][0]} and {wanted[other][0]}"
            order[f"{one} before {other}, {unit}"] = refused or before(material, dated, marks[one], marks[other], words)
    return found, in_unit(order, "chance")


def _too_few(label: str, unit: str, number: int) -> Undefined:
    return Undefined(f"{label} was found in {number} of the {unit} read that have a time, and {MINIMUM} are needed")


def by_construction(material: Material, items: Items, wanted: Wanted) -> Undefined | None:
    """The reason where the stage of these items follows from their practice or their date without exception."""
    stage, known = _matrix(material, items, wanted)
    if _from_practice(material, items, stage, known):
        what = "practice: the items of each practice all have the same stage"
    elif _from_date(items, stage, known):
        what = "date: each item has one stage, and stages change on a day and never overlap"
    else:
        return None
    return Undefined(f"true by construction: in {ENOUGH} items or more the stage follows without exception from the "
                     f"{what}, so when and in which order stages came was put in, not found")  # fmt: skip


def _matrix(material: Material, items: Items, wanted: Wanted) -> tuple[Flags, Flags]:
    """Which item has which of the codes, shape (items, codes), and of which items all of them are settled."""
    marks = [material.marks(items, codes) for _, codes in wanted.values()]
    if not marks:
        return np.zeros((len(items), 0), dtype=bool), np.ones(len(items), dtype=bool)
    known = np.stack([one.known for one in marks], axis=1)
    return np.stack([one.there for one in marks], axis=1), np.asarray(known.all(axis=1), dtype=bool)


def _from_practice(material: Material, items: Items, stage: Flags, known: Flags) -> bool:
    """Whether the stages of every item are those that its practices have where they stand alone."""
    practice, settled = _matrix(material, items, top_codes(material, PRACTICE))
    alone = known & settled & (practice.sum(axis=1) == 1)
    rule = np.zeros((practice.shape[1], stage.shape[1]), dtype=bool)
    ruled = np.zeros(practice.shape[1], dtype=bool)
    for place in range(practice.shape[1]):
        own = stage[alone & practice[:, place]]
        if len(own) and (own == own[0]).all() and own[0].sum() == 1:
            rule[place], ruled[place] = own[0], True
        elif len(own):
            return False
    subject = known & settled & practice.any(axis=1) & ~practice[:, ~ruled].any(axis=1)
    follows = (practice.astype(np.int64) @ rule.astype(np.int64) > 0) == stage
    return bool(subject.sum() >= ENOUGH and follows[subject].all() and _several(stage[subject]))


def _from_date(items: Items, stage: Flags, known: Flags) -> bool:
    """Whether every item has one stage and no two stages overlap in days."""
    subject = known & items.dated
    own, day = stage[subject], items.day[subject]
    if len(own) < ENOUGH or not (own.sum(axis=1) == 1).all() or not _several(own):
        return False
    spans = sorted((int(day[column].min()), int(day[column].max())) for column in own.T if column.any())
    return all(one[1] < other[0] for one, other in zip(spans, spans[1:], strict=False))


def _several(stage: Flags) -> bool:
    """Whether at least two stages are there often enough that a rule could be told from chance."""
    return bool((stage.sum(axis=0) >= MINIMUM).sum() > 1)


def any_of(wanted: Wanted) -> Wanted:
    """The stages, and having any of them, under the facet's id."""
    codes = tuple(code for _, own in wanted.values() for code in own)
    return {**wanted, FACET: ("Any stage", codes)}


def with_practices(material: Material, wanted: Wanted) -> list[Share]:
    """For each practice found often enough: the share of its items that are of each stage; `part` is its id."""
    practices = top_codes(material, PRACTICE)
    parts: dict[str, dict[str, Flags]] = {}
    for unit, items in material.units():
        marks = {key: material.marks(items, codes).there for key, (_, codes) in practices.items()}
        parts[unit] = {key: there for key, there in marks.items() if there.sum() >= MINIMUM}
    return shares(material, any_of(wanted), parts)


def with_groups(material: Material, wanted: Wanted) -> list[Share]:
    """For each group: the share of its items that are of each stage; `part` is its name."""
    parts = {unit: {name: items.of_group(name) for name in items.groups if items.of_group(name).any()}
             for unit, items in material.units()}  # fmt: skip
    return shares(material, any_of(wanted), parts)
