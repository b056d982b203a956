"""Which comments were there at one look and absent at the next, where the next was declared complete?

A comment is at risk from its first capture. It is looked for in a recapture that was declared complete as it was added
(`resilens add --complete`), and in an archive that says of every comment captured before whether it was absent; where
an archive's rows are all *seen*, a comment without a row may not have been looked for. What was absent and is seen
again later had not been removed; it is counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import pyarrow as pa

from resilens.measures.items import MILLISECONDS_A_DAY, Flags, Items, Numbers, Places
from resilens.results.types import Undefined

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from resilens.corpus.engine import Corpus

SEEN, ABSENT = "seen", "absent"
MOST_GAPS = 48
"""So many lengths between two looks are told apart at most; more are put together at their quantiles."""


@dataclass(frozen=True, eq=False)
class Looks:
    """Pairs of looks at the same comment, one after the other; arrays of shape (k,).

    Parameters
    ----------
    place
        The comment's place among the items asked for.
    days
        Between the two.
    gone
        Whether it was absent at the second; nothing is looked at after that.
    returned
        How many comments that had been absent were seen again.
    recaptures
        How many recaptures of threads are complete.
    """

    place: Places
    days: Numbers
    gone: Flags
    returned: int
    recaptures: int

    def totals(self, which: Flags, gaps: Numbers) -> tuple[Numbers, Numbers]:
        """How often each item was there at the first look, and how often then absent at the second, by gap.

        Parameters
        ----------
        which
            Shape (items,): the items that count.
        gaps
            Shape (g,): the lengths of `gaps`.

        Returns
        -------
        at_risk, gone
            Shape (items, g).
        """
        column = np.abs(self.days[:, None] - gaps).argmin(axis=1) if self.days.size else np.zeros(0, dtype=np.int64)
        at_risk, gone = np.zeros((which.size, gaps.size)), np.zeros((which.size, gaps.size))
        own = which[self.place]
        np.add.at(at_risk, (self.place[own], column[own]), 1)
        np.add.at(gone, (self.place[own], column[own]), self.gone[own])
        return at_risk, gone

    @property
    def gaps(self) -> Numbers:
        """The lengths between two looks, in days, rising."""
        distinct = np.unique(self.days)
        if distinct.size <= MOST_GAPS:
            return distinct
        return np.unique(np.quantile(self.days, np.linspace(0, 1, MOST_GAPS), method="nearest"))


def looks_at(corpus: Corpus, comments: Items) -> Looks | Undefined:
    """The looks at these comments.

    Returns
    -------
    Looks or Undefined
        Undefined where no thread was captured twice, where no recapture is declared complete, or where none of these
        comments was there at one look and looked for at the next.
    """
    observed = _observed(corpus, comments)
    if not _captured_twice(corpus, observed):
        return Undefined("no thread was captured at two dated times, so nothing can be seen to have gone")
    complete = _declared(observed).union(_told(observed), distinct=True)
    if not _any(corpus, observed.filter(observed.recaptured | ~observed.seen)):
        return Undefined("no recapture is declared complete, so a comment not seen again may not have been looked for")
    found = _rows(corpus, observed, complete, comments)
    recaptures = int(corpus.frame(complete.count()).column(0)[0].as_py())
    if not recaptures:
        return Undefined("in no thread were all comments looked for again")
    looks = _in_turn(comments, found, recaptures)
    return looks if looks.place.size else Undefined("none of the comments read was looked for again")


def _observed(corpus: Corpus, comments: Items) -> ir.Table:
    """One row a comment of these threads and capture: when, whether it was seen, whether it was looked for.

    Captures that are one recapture, declared complete, count as one and have its name.
    """
    threads = ibis.memtable(pa.table({"post_id": pa.array(sorted({comments.threads[one] for one in comments.thread}),
                                                          pa.string())}))  # fmt: skip
    own = corpus.table("comments").semi_join(threads, "post_id").select("post_id", item_id="comment_id")
    rows = corpus.table("observations").filter(ibis._.collected_at.notnull()).join(own, "item_id")
    declared = corpus.table("captures").filter(ibis._.recapture != "").select("capture_id", "recapture")
    rows = rows.left_join(declared, "capture_id").drop("capture_id_right")
    rows = rows.mutate(
        at=rows.collected_at.epoch_seconds() * 1000 + rows.collected_at.millisecond().cast("int64"),
        capture_id=ibis.coalesce(rows.recapture, rows.capture_id), recaptured=rows.recapture.notnull(),
    )  # fmt: skip
    grouped = rows.group_by("post_id", "item_id", "capture_id").agg(
        at=rows.at.max(), seen=(rows.state == SEEN).any(), looked=rows.state.isin([SEEN, ABSENT]).any(),
        recaptured=rows.recaptured.any(),
    )  # fmt: skip
    first = grouped.filter(grouped.seen).group_by("item_id").agg(first=ibis._.at.min())
    return grouped.join(first, "item_id").select(
        "post_id", "item_id", "capture_id", "at", "seen", "looked", "recaptured", "first"
    )


def _any(corpus: Corpus, rows: ir.Table) -> bool:
    return bool(corpus.frame(rows.limit(1)).num_rows)


def _captured_twice(corpus: Corpus, observed: ir.Table) -> bool:
    times = observed.group_by("post_id").agg(times=ibis._.at.nunique(), captures=ibis._.capture_id.nunique())
    return bool(corpus.frame(times.filter((times.times > 1) & (times.captures > 1)).count()).column(0)[0].as_py())


def _declared(observed: ir.Table) -> ir.Table:
    """The recaptures, declared complete, of each thread."""
    return observed.filter(observed.recaptured & observed.looked).select("post_id", "capture_id").distinct()


def _told(observed: ir.Table) -> ir.Table:
    """The captures of threads in which every comment captured before was looked for, as archives tell that say of
    each comment whether it was absent."""
    those = observed.filter(~observed.seen).select("capture_id").distinct()
    telling = observed.semi_join(those, "capture_id")
    begun = telling.group_by("post_id", "capture_id").agg(begins=ibis._.at.min())
    known = observed.select("post_id", "item_id", "first").distinct()
    before = begun.join(known, "post_id").filter(ibis._.first < ibis._.begins)
    wanted = before.group_by("post_id", "capture_id").agg(wanted=ibis._.count())
    looked = telling.filter(telling.looked).join(begun, ["post_id", "capture_id"]).filter(ibis._.first < ibis._.begins)
    reached = looked.group_by("post_id", "capture_id").agg(reached=ibis._.count())
    both = wanted.join(reached, ["post_id", "capture_id"])
    return both.filter(both.wanted == both.reached).select("post_id", "capture_id")


def _rows(corpus: Corpus, observed: ir.Table, complete: ir.Table, comments: Items) -> list[dict[str, Any]]:
    ids = ibis.memtable(pa.table({"item_id": pa.array(sorted(comments.item_id), pa.string())}))
    marked = observed.semi_join(ids, "item_id").left_join(complete.mutate(whole=True), ["post_id", "capture_id"])
    chosen = marked.select("item_id", "at", "seen", "looked", "first", whole=marked.whole.fill_null(False))
    rows: list[dict[str, Any]] = corpus.frame(chosen.order_by("item_id", "at")).to_pylist()
    return rows


def _in_turn(comments: Items, rows: Sequence[Mapping[str, Any]], recaptures: int) -> Looks:
    """Each comment's complete looks in turn, from its first capture to the first at which it was absent."""
    place, days, gone, absent, returned = [], [], [], set(), set()
    since: dict[str, int] = {}
    for row in rows:
        item, at = row["item_id"], row["at"]
        if item in absent:
            returned |= {item} if row["seen"] else set()
        elif row["whole"] and row["looked"] and at > row["first"]:
            place.append(comments.place[item])
            days.append((at - since.get(item, row["first"])) / MILLISECONDS_A_DAY)
            gone.append(not row["seen"])
            since[item] = at
            absent |= set() if row["seen"] else {item}
    return Looks(np.array(place, dtype=np.int64), np.array(days, dtype=np.float64), np.array(gone, dtype=np.bool_),
                 len(returned), recaptures)  # fmt: skip
