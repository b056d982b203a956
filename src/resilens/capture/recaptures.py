"""What became of comments when their threads were captured again?

Files that are added together as complete are one recapture: of every thread of which they hold a comment, or whose
post they show with no comments, they hold all comments that the platform showed. A comment captured before and not in
such a recapture is *absent* there. Absence is not removal: a platform also hides, folds and loads in part. Of all other
threads nothing is known, their comments were *not looked for*.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from resilens.capture.counts import parse_count
from resilens.corpus.schema import COUNTS

if TYPE_CHECKING:
    from resilens.corpus.engine import Corpus

OPTION = "recapture"
"""Under which name the record keeps the recapture that a file belongs to."""

_LOOKED_FOR = """
CREATE TEMP TABLE looked_for AS SELECT recapture, post_id, min(no) AS no, max(collected_at) AS collected_at FROM (
    SELECT recapture, post_id, no, collected_at FROM seen_comments JOIN settings USING (no) WHERE recapture <> ''
    UNION ALL
    SELECT recapture, item_id, no, collected_at FROM seen_posts JOIN settings USING (no)
    WHERE recapture <> '' AND comments = 0 AND comments_bound = 'exact'
) GROUP BY recapture, post_id
"""
"""The threads of each recapture, with its first capture that holds any of it."""

_ABSENT = """
SELECT looked_for.no, NULL AS seq, comments.item_id, looked_for.collected_at, {raw}, settings.capture_id, 0 AS line,
    'absent' AS state
FROM comments JOIN looked_for USING (post_id) JOIN settings ON settings.no = looked_for.no
WHERE NOT EXISTS (
    FROM seen_comments AS seen JOIN settings AS there ON there.no = seen.no
    WHERE seen.item_id = comments.item_id AND there.recapture = looked_for.recapture
) AND EXISTS (
    FROM seen_comments AS seen WHERE seen.item_id = comments.item_id
    AND coalesce(seen.collected_at < looked_for.collected_at, seen.no < looked_for.no)
)
"""
"""Comments seen before a recapture of their thread, and not in it; `raw` are the columns of counts, empty."""


def find_absent(connection: Any, recaptured: bool) -> None:
    """Make the table `absent` while a corpus is built; empty, without looking, where there are no recaptures."""
    raw = ", ".join(f"NULL AS {name}_raw" for name in COUNTS)
    connection.execute(_LOOKED_FOR + ("" if recaptured else "LIMIT 0"))
    connection.execute(f"CREATE TEMP TABLE absent AS {_ABSENT.format(raw=raw)}" + ("" if recaptured else "LIMIT 0"))


def name_of(capture_ids: Iterable[str]) -> str:
    """The name of the recapture that files make together: the same files have the same name."""
    return hashlib.sha256("\n".join(sorted(capture_ids)).encode()).hexdigest()[:12]


def declared(captures: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The recapture of each capture that belongs to one, from the record's view of captures."""
    return {
        row["capture_id"]: (row["options"] or {}).get(OPTION) or row["capture_id"][:12]
        for row in captures if row["complete"]
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recapture:
    """What one recapture found.

    Parameters
    ----------
    name
        Of the recapture, as in the table `captures`.
    collected_at
        When its last record was captured; None where no record says.
    threads
        Threads that were looked for, as far as comments of theirs were ever captured.
    again, absent, new
        Their comments captured before and seen again, captured before and absent, and seen for the first time.
    not_looked_for
        Comments captured before whose threads were not looked for.
    """

    name: str
    collected_at: datetime | None
    threads: int
    again: int
    absent: int
    new: int
    not_looked_for: int

    @property
    def line(self) -> str:
        """The same in words."""
        return (
            f"recapture {self.name}: {self.threads:,} threads looked for; {self.again:,} comments seen again, "
            f"{self.absent:,} absent (which is not removal), {self.new:,} new; {self.not_looked_for:,} not looked for"
        )

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"collected_at": self.collected_at.isoformat() if self.collected_at else None}


def recaptures(corpus: Corpus) -> list[Recapture]:
    """Every recapture, in the order in which their first files were added."""
    captures = corpus.frame(corpus.table("captures").select("capture_id", "recapture")).to_pylist()
    names = {row["capture_id"]: row["recapture"] for row in captures if row["recapture"]}
    if not names:
        return []
    comments = corpus.table("comments").select("post_id", item_id="comment_id")
    seen = corpus.table("observations").select("item_id", "capture_id", "collected_at", "state")
    rows = corpus.frame(seen.inner_join(comments, "item_id")).to_pylist()
    places = {row["capture_id"]: place for place, row in enumerate(captures)}
    return [_recapture(name, rows, names, places) for name in dict.fromkeys(names.values())]


def _recapture(
    name: str, rows: list[dict[str, Any]], names: Mapping[str, str], places: Mapping[str, int]
) -> Recapture:  # fmt: skip
    inside = [row for row in rows if names.get(row["capture_id"]) == name]
    states = {row["item_id"]: row["state"] for row in inside}
    when = max((row["collected_at"] for row in inside if row["collected_at"]), default=None)
    first = min(places[capture] for capture, recapture in names.items() if recapture == name)

    def before(row: dict[str, Any]) -> bool:
        if when is not None and row["collected_at"] is not None:
            return bool(row["collected_at"] < when)
        return places[row["capture_id"]] < first

    known = {
        row["item_id"] for row in rows
        if row["state"] == "seen" and names.get(row["capture_id"]) != name and before(row)
    }  # fmt: skip
    found = {item for item, state in states.items() if state == "seen"}
    return Recapture(
        name, when, len({row["post_id"] for row in inside}), len(found & known), len(states) - len(found),
        len(found - known), len(known - states.keys()),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Growth:
    """How a count of an item grew between its first and last appearance that show it.

    Parameters
    ----------
    item_id, count
        The item, and which of `corpus.schema.COUNTS`.
    first, last
        The numbers.
    first_at, last_at
        When they were shown.
    change
        Last minus first; None where one of them is rounded or a lower bound, so that the difference is none.
    """

    item_id: str
    count: str
    first: int
    last: int
    first_at: datetime
    last_at: datetime
    change: int | None

    @property
    def days(self) -> float:
        """Days between them."""
        return (self.last_at - self.first_at).total_seconds() / 86_400


def growth(corpus: Corpus, count: str = "likes") -> list[Growth]:
    """How a count grew, of every item that shows it at two times at least; sorted by item.

    Parameters
    ----------
    count
        One of `corpus.schema.COUNTS`; of comments `likes`, and `comments` for their replies.

    Raises
    ------
    ValueError
        If there is no such count.
    """
    if count not in COUNTS:
        raise ValueError(f"there is no count {count!r}; there are {', '.join(COUNTS)}")
    seen = corpus.table("observations")
    seen = seen.filter(seen.state == "seen", seen.collected_at.notnull(), seen[f"{count}_raw"].notnull())
    twice = seen.group_by("item_id").agg(times=seen.collected_at.nunique())
    seen = seen.semi_join(twice.filter(twice.times > 1), "item_id")
    rows = corpus.frame(seen.select("item_id", "collected_at", raw=f"{count}_raw").order_by("item_id", "collected_at"))
    shown: dict[str, list[tuple[datetime, int, str]]] = {}
    for row in rows.to_pylist():
        number, bound = parse_count(row["raw"])
        if number is not None:
            shown.setdefault(row["item_id"], []).append((row["collected_at"], number, bound))
    return [_grown(item, count, found) for item, found in shown.items() if found[0][0] < found[-1][0]]


def _grown(item: str, count: str, found: list[tuple[datetime, int, str]]) -> Growth:
    (first_at, first, first_bound), (last_at, last, last_bound) = found[0], found[-1]
    change = last - first if first_bound == last_bound == "exact" else None
    return Growth(item, count, first, last, first_at, last_at, change)


@dataclass(frozen=True, slots=True)
class Grown:
    """How a count grew, of all items together that show it at two times at least.

    Parameters
    ----------
    count
        Which of `corpus.schema.COUNTS`.
    items
        Items that show it at two times.
    told
        Those of them whose first and last number are exact, so that their difference is one.
    change, fell
        The sum of these differences, and how many of them are negative.
    """

    count: str
    items: int
    told: int
    change: int
    fell: int

    @property
    def line(self) -> str:
        """The same in words."""
        untold = f", {self.items - self.told:,} not told exactly" if self.told < self.items else ""
        fell = f", {self.fell:,} of them less than before" if self.fell else ""
        return (f"growth of {self.count}: {self.items:,} items were captured at two times or more; together "
                f"{self.change:+,} over {self.told:,}{fell}{untold}")  # fmt: skip


def grown(corpus: Corpus) -> list[Grown]:
    """`growth` in sums, for each count that is shown at two times, without a row in Python."""
    seen = corpus.table("observations")
    seen = seen.filter(seen.state == "seen", seen.collected_at.notnull())
    found = []
    for count in COUNTS:
        raw = seen[f"{count}_raw"]
        # Of several at one moment one, always the same.
        shown = seen.filter(raw.notnull()).group_by("item_id", "collected_at").agg(raw=raw.max())
        ends = shown.group_by("item_id").agg(
            times=shown.count(), first=shown.raw.argmin(shown.collected_at), last=shown.raw.argmax(shown.collected_at)
        )
        ends = ends.filter(ends.times > 1)
        change = ends.last.try_cast("int64") - ends.first.try_cast("int64")
        exact = ends.first.re_search("^[0-9]{1,18}$") & ends.last.re_search("^[0-9]{1,18}$")
        (row,) = corpus.frame(ends.aggregate(
            items=ends.count(), told=exact.sum(), change=change.sum(where=exact), fell=(exact & (change < 0)).sum()
        )).to_pylist()  # fmt: skip
        if row["items"]:
            found.append(Grown(count, **{name: int(number or 0) for name, number in row.items()}))
    return found
