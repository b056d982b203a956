"""How varied is a family of codes in a part of the items? Hill numbers with intervals, at a coverage parts share.

The interval is value ± 1.96 standard errors, from threads drawn again or from samples of the estimated assemblage,
kinds not seen included, whichever is larger: the first sees threads, the second what the sample missed. It is somewhat
short: nominal 95 % covered 87 to 95 % with 30 to 150 occurrences of eight unequal kinds (200 samples each). Counts are
of what was coded, unweighted, so the basis is always *coding*.

Sources: `statistics.diversity`, `statistics.coverage`, `statistics.assemblage`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from resilens.measures.items import Items, Places
from resilens.measures.material import Material
from resilens.measures.statistics.assemblage import assemblage
from resilens.measures.statistics.coverage import MOST, common_coverage, coverage_at, size_at
from resilens.measures.statistics.diversity import ORDERS, Order, hill_at
from resilens.results.resampling import MINIMUM_THREADS
from resilens.results.tables import counted, share
from resilens.results.types import Description, Estimate, Result, Undefined

MINIMUM = 10
"""Fewer occurrences tell nothing of variety."""

DRAWS = 200
"""Enough for a standard error."""

LEVEL, QUANTILE = 0.95, 1.959964

HOW = "threads drawn again, or the estimated assemblage sampled, whichever varies more"


@dataclass(frozen=True, eq=False)
class Kinds:
    """The kinds among the posts, or the comments, of a period.

    Parameters
    ----------
    unit, period
        posts or comments; the period's name.
    counts
        Shape (kinds,): how many items have each.
    by_thread
        Shape (threads, kinds): the same by thread, of threads with any of them.
    whole
        How many items belong to the family, those of no kind included.
    """

    unit: str
    period: str
    counts: Places
    by_thread: Places
    whole: int

    @property
    def n(self) -> int:
        """How many occurrences there are; an item with two kinds is two."""
        return int(self.counts.sum())

    @property
    def enough(self) -> bool:
        return self.n >= MINIMUM

    @property
    def name(self) -> str:
        return f"{self.unit}, {self.period}"

    def at(self, order: Order, level: float) -> float:
        """The Hill number at a coverage."""
        return _at(self.counts, level)[ORDERS.index(order)]


def kinds_of(material: Material, unit: str, items: Items, family: Collection[str], codes: Sequence[str]) -> list[Kinds]:
    """The kinds of each period, in the order of the periods; what is unresolved counts for nothing.

    Parameters
    ----------
    family
        The codes any of which make an item one of the family.
    codes
        One code a kind; those nested in it are it too.
    """
    has = np.stack([material.marks(items, material.with_nested(code)).there for code in codes], axis=1)
    belongs = material.marks(items, family).there
    found = []
    for place, period in enumerate(material.periods):
        inside = items.period == place
        threads, number = np.unique(items.thread[inside], return_inverse=True)
        by_thread = np.zeros((len(threads), len(codes)), dtype=np.int64)
        np.add.at(by_thread, number.ravel(), has[inside].astype(np.int64))
        kept = by_thread[by_thread.any(axis=1)]
        found.append(Kinds(unit, period.name, kept.sum(axis=0), kept, int(belongs[inside].sum())))
    return found


def level_of(kinds: Sequence[Kinds]) -> float | None:
    """The coverage at which parts are compared; its own where only one has enough, None where none has."""
    enough = [one for one in kinds if one.enough]
    if len(enough) > 1:
        return common_coverage(one.counts for one in enough)
    return coverage_at(enough[0].counts, enough[0].n) if enough else None


def spreads_of(kinds: Kinds, level: float, seed: int) -> dict[Order, float]:
    """The standard error of each order's number: the larger of that over threads and that of the assemblage."""
    generator, threads = np.random.default_rng(seed), len(kinds.by_thread)
    again = generator.multinomial(threads, np.full(threads, 1 / threads), size=DRAWS) @ kinds.by_thread
    drawn = (again, generator.multinomial(kinds.n, assemblage(kinds.counts), size=DRAWS))
    errors = [np.std([_at(row, level) for row in rows if row.sum() > 1], axis=0) for rows in drawn]
    return dict(zip(ORDERS, np.max(errors, axis=0).tolist(), strict=True))


def _at(counts: Places, level: float) -> list[float]:
    """The Hill number of each order at the level, or as near to it as twice the sample comes."""
    counts = counts[counts > 0]
    size = size_at(counts, min(level, coverage_at(counts, MOST * float(counts.sum()))))
    return [hill_at(counts, order, max(1.0, size)) for order in ORDERS]


def variety(kinds: Kinds, order: Order, level: float | None, spreads: dict[Order, float]) -> Result:
    """The Hill number of a part: an Estimate, a Description under 20 threads, Undefined with too few occurrences."""
    if not kinds.enough or level is None:
        return Undefined(f"{counted(kinds.n, 'occurrence')} of a variant among the {kinds.unit} of {kinds.period}; "
                         f"variety needs {MINIMUM}")  # fmt: skip
    value, threads = kinds.at(order, level), len(kinds.by_thread)
    if threads < MINIMUM_THREADS:
        return Description(value, kinds.n, f"{_frame(kinds, level)}{_too_few(threads)}", "variants")
    reach = QUANTILE * spreads[order]
    return Estimate(value, max(1.0, value - reach), value + reach, LEVEL, kinds.n, threads, "coding",
                    _frame(kinds, level), HOW)  # fmt: skip


def difference(
    first: Kinds, last: Kinds, order: Order, level: float, spreads: tuple[dict[Order, float], dict[Order, float]]
) -> Result:
    """The Hill number of the last part minus that of the first, as if of threads apart."""
    value = last.at(order, level) - first.at(order, level)
    threads = [len(one.by_thread) for one in (first, last)]
    frame = f"{_frame(first, level)}, and those of {last.period}"
    if min(threads) < MINIMUM_THREADS:
        return Description(value, first.n + last.n, f"{frame}{_too_few(min(threads))}", "variants")
    reach = QUANTILE * float(np.hypot(spreads[0][order], spreads[1][order]))
    return Estimate(value, value - reach, value + reach, LEVEL, first.n + last.n, sum(threads), "coding", frame, HOW)


def _frame(kinds: Kinds, level: float) -> str:
    occurrences = counted(kinds.n, "occurrence")
    return f"the {occurrences} coded among the {kinds.unit} of {kinds.period}, at a coverage of {share(level)}"


def _too_few(threads: int) -> str:
    return f" (no interval: {counted(threads, 'thread')}, and an interval needs {MINIMUM_THREADS})"
