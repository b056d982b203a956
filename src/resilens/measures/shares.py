"""What share of the items read has a code, by period or group? Posts and comments apart, the unresolved left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from resilens.measures.items import Flags, Items
from resilens.measures.material import Material
from resilens.results import charts, time_axis
from resilens.results.tables import Column, Table, Value
from resilens.results.types import Description, Estimate, Result, Undefined, in_unit

ALL = "all"
"""The part that holds every item read, those outside all periods too."""

LARGEST_EVIDENCE = 12
"""Items that a finding names; what a reader should open first."""


@dataclass(frozen=True, slots=True)
class Share:
    """The share of a part of the posts, or of the comments, that has something.

    Parameters
    ----------
    key, label
        What they have: its stable key (a code's id), and what it is called.
    unit
        posts or comments.
    part
        A period, a group, a direction, or `all`.
    result
        The share.
    """

    key: str
    label: str
    unit: str
    part: str
    result: Result

    @property
    def name(self) -> str:
        """Its name among a finding's estimates."""
        return f"{self.key}: share of {self.unit}, {self.part}"


def by_period(material: Material, items: Items) -> dict[str, Flags]:
    """Every item, then the items of each period."""
    parts = {ALL: np.ones(len(items), dtype=bool)}
    return parts | {one.name: np.asarray(items.period == place) for place, one in enumerate(material.periods)}


def shares(
    material: Material, wanted: Mapping[str, tuple[str, Collection[str]]],
    parts: Mapping[str, Mapping[str, Flags]] | None = None,
) -> list[Share]:  # fmt: skip
    """The share of each thing wanted, in each part of the posts and of the comments.

    Parameters
    ----------
    wanted
        By key: what it is called, and the codes any of which make it so.
    parts
        By unit (`posts`, `comments`) and name: which of its items belong to the part. All and each period unless
        given.

    Returns
    -------
    list of Share
        Undefined where no item of the part was read.
    """
    found = []
    for unit, items in material.units():
        cut = parts[unit] if parts else by_period(material, items)
        for key, (label, codes) in wanted.items():
            marks = material.marks(items, codes)
            for part, flags in cut.items():
                which = flags & marks.known
                if which.any():
                    result = material.estimating.share(items.select(which), marks.there[which])
                else:
                    result = Undefined(f"no {unit.removesuffix('s')} of this part was read ({part})")
                found.append(Share(key, label, unit, part, result))
    return found


def estimates(found: Sequence[Share]) -> dict[str, Result]:
    """The shares as a finding's estimates, by name."""
    return in_unit({one.name: one.result for one in found}, "share")


def share_table(caption: str, found: Sequence[Share], part: str = "Period") -> Table:
    """The shares as a table, one row each; notes say why some have no interval or no value."""
    rows: list[list[Value]] = []
    for one in found:
        rows.append([one.label, one.unit, one.part, *_cells(one.result)])
    columns = (
        Column("what", "Code"), Column("unit", "Of"), Column("part", part), Column("share", "Share", "share"),
        Column("low", "From", "share"), Column("high", "To", "share"), Column("basis", "Basis"),
        Column("items", "Items", "count"), Column("threads", "Threads", "count"), Column("note", "Note"),
    )  # fmt: skip
    return Table(caption, columns, rows)


def _cells(result: Result) -> list[Value]:
    """Value, ends of the interval, basis, items, threads, and why something of it is missing."""
    if isinstance(result, Estimate):
        return [result.value, result.low, result.high, result.basis, result.n_items, result.n_threads, None]
    if isinstance(result, Description):
        return [result.value, None, None, "description", result.n, None, why_no_interval(result)]
    return [None, None, None, "undefined", None, None, result.reason]


def why_no_interval(result: Description) -> str:
    """What a Description says of why it has no interval."""
    return result.frame.rpartition("(no interval: ")[2].removesuffix(")") if "(no interval: " in result.frame else ""


def share_figure(found: Sequence[Share], unit: str, synthetic: bool) -> tuple[Any, Any]:
    """The shares of one unit as dots, for a page and for a telephone; None where there are none."""
    rows = [charts.Dot(one.label, one.part, *ends) for one in found
            if one.unit == unit and (ends := ends_of(one.result)) is not None]  # fmt: skip
    if not rows:
        return None, None
    title = f"Share of {unit}"
    wide, narrow = (charts.dots(rows, title=title, synthetic=synthetic, width=width)
                    for width in (time_axis.WIDE, time_axis.NARROW))  # fmt: skip
    return wide, narrow


def ends_of(result: Result) -> tuple[float, float | None, float | None] | None:
    """The value and the ends of its interval for a figure; None where there is no value."""
    if isinstance(result, Estimate):
        return result.value, result.low, result.high
    return (result.value, None, None) if isinstance(result, Description) else None


def evidence(material: Material, wanted: Sequence[Collection[str]], most: int = LARGEST_EVIDENCE) -> tuple[str, ...]:
    """Items that have the codes: the earliest of each set of codes in turn, posts before comments, until enough."""
    queues = []
    for codes in wanted:
        own = []
        for _, items in material.units():
            places = np.flatnonzero(material.marks(items, codes).there)
            order = sorted(places, key=lambda place: (not items.dated[place], items.at[place], items.item_id[place]))
            own += [str(items.item_id[place]) for place in order]
        queues.append(own)
    found: dict[str, None] = {}
    for place in range(most):
        for own in queues:
            if place < len(own) and len(found) < most:
                found[own[place]] = None
    return tuple(found)
