"""What would two coders make of it? Codings of the truth with stated errors, as a table that `import codings` reads.

A coder gives each code that is true with probability `sensitivity`, and each that is not with `false_share`,
independently: so the confusion matrix of every code is known. An item to which a coder gives nothing is read, and
nothing applies.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO

import numpy as np
import pyarrow as pa

from resilens.simulate.content import FAMILIES
from resilens.simulate.streams import Streams
from resilens.simulate.world import World

COLUMNS = ("item", "code", "coder", "second_item")
NOTHING_APPLIES = "nothing applies"
RELATES = ("relation.compares-with", "relation.answers-with-art")
"""Codes that name a second item: the one answered."""
CODED = ("practice", "stage", *(family.replace(".", "_") for family in FAMILIES))


@dataclass(frozen=True, slots=True)
class Coding:
    """One row of the table."""

    item: str
    code: str
    coder: str
    second_item: str = ""


def header() -> str:
    """The first line of the table."""
    return ",".join(COLUMNS) + "\n"


def lines(codings: Iterable[Coding]) -> str:
    """Codings as lines of the table."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows((one.item, one.code, one.coder, one.second_item) for one in codings)
    return out.getvalue()


def codings(world: World, streams: Streams, codes: tuple[str, ...], truth: pa.Table) -> Iterator[Coding]:
    """What both coders make of some items, item by item.

    Parameters
    ----------
    codes
        All codes of the world, in the order of their places.
    truth
        Rows of the truth (`tables.ITEMS`) of the items to be coded.
    """
    items = truth.column("item_id").to_pylist()
    true = _true(codes, truth)
    ids = np.array([int.from_bytes(_digest(item), "big") for item in items], np.uint64)
    related = truth.column("second_item").to_pylist()
    given = [_given(world, streams, coder, codes, true, ids) for coder in range(len(world.coders.names))]
    for row, item in enumerate(items):
        for coder, name in enumerate(world.coders.names):
            own = np.flatnonzero(given[coder][row])
            for place in own:
                second = (related[row] or "") if codes[place] in RELATES else ""
                yield Coding(item, codes[place], name, second)
            if not own.size:
                yield Coding(item, NOTHING_APPLIES, name)


def _digest(item: str) -> bytes:
    import hashlib

    return hashlib.sha256(item.encode()).digest()[:8]


def _true(codes: tuple[str, ...], truth: pa.Table) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """(items, codes) which codes are true of which item."""
    place = {code: number for number, code in enumerate(codes)}
    true = np.zeros((truth.num_rows, len(codes)), np.bool_)
    for column in CODED:
        for row, code in enumerate(truth.column(column).to_pylist()):
            if code is not None:
                true[row, place[code]] = True
    return true


def _given(
    world: World, streams: Streams, coder: int, codes: tuple[str, ...],
    true: np.ndarray[tuple[int, int], np.dtype[np.bool_]], ids: np.ndarray[tuple[int], np.dtype[np.uint64]],
) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:  # fmt: skip
    """(items, codes) which codes a coder gives. A code that relates two items is never given by mistake: the mistake
    would need a second item."""
    given = np.zeros_like(true)
    for place, code in enumerate(codes):
        drawn = streams.uniform(f"coder.{coder}.{code}", ids)
        mistaken = 0.0 if code in RELATES else world.coders.false_share[coder]
        given[:, place] = drawn < np.where(true[:, place], world.coders.sensitivity[coder], mistaken)
    return given
