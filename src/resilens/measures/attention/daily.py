"""How much was there each day? Items captured of each day, and what a hashtag's volume grew by.

Captured items a day are what searches returned and what was still there: a description of the capture. Volumes are the
platform's own counters, read on several dates and differenced. The engine counts; only one number a day comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np

from resilens.measures.happenings import known_from
from resilens.measures.items import Numbers, day_number, day_of_number
from resilens.results.tables import count, counted, day, span
from resilens.study.zones import day_of, offset_minutes

if TYPE_CHECKING:
    from resilens.corpus.engine import Corpus
    from resilens.measures.material import Material
    from resilens.study.model import Hashtag

BEFORE = 28
"""So many days before the first one the study speaks of are shown, where the sample's own first day is not given."""


@dataclass(frozen=True, eq=False)
class Series:
    """Something counted over days without gaps.

    Parameters
    ----------
    name
        Posts, comments, or a hashtag as `#cattax`.
    unit
        What is counted, in the plural: posts, comments, views, discussions.
    first
        The day of the first value.
    values
        Shape (days,).
    frame
        What these are counts of, in words.
    irregular
        Why single days are not known; empty where each was counted by itself.
    note
        What was left out or does not fit; empty where nothing.
    """

    name: str
    unit: str
    first: date
    values: Numbers
    frame: str
    irregular: str = ""
    note: str = ""

    @property
    def label(self) -> str:
        """What its values are: `posts a day`, `#cattax discussions a day`."""
        return f"{self.name} a day" if self.name == self.unit else f"{self.name} {self.unit} a day"

    @property
    def last(self) -> date:
        return self.day(len(self.values) - 1)

    def day(self, place: int) -> date:
        """The day of a value."""
        return self.first + timedelta(days=int(place))

    def place(self, when: date) -> int:
        """The place of a day, which may lie outside."""
        return (when - self.first).days


def captured(material: Material) -> tuple[Series, ...]:
    """Captured posts and comments a day, in the study's zone, where any has a time.

    Days run from the sample's first day, or else from 28 days before the first day the study speaks of, to the sample's
    last day or that of the latest capture; items outside and items without a time are counted in the note.
    """
    sample, known = material.study.sample, known_from(material.study)
    since = sample.start or (known - timedelta(days=BEFORE) if known else None)
    latest = last_capture(material.corpus, material.zone)
    until = min((one for one in (sample.end, latest) if one), default=None)
    found = []
    for name in ("posts", "comments"):
        by_day, undated = _by_day(material.corpus, name, material.zone)
        inside = {one: n for one, n in by_day.items() if (not since or one >= since) and (not until or one <= until)}
        if not inside:
            continue
        first, last = min(inside), until if until and latest else max(inside)
        one, values = name.removesuffix("s"), _filled(inside, first, last)
        note = _left_out(one, undated, sum(by_day.values()) - sum(inside.values()), since, until)
        frame = f"the {counted(int(values.sum()), one)} captured of {span(first, last)}"
        found.append(Series(name, name, first, values, frame, note=note))
    return tuple(found)


def declared(material: Material) -> tuple[Series, ...]:
    """What each hashtag's volume grew by a day, for those read on at least three dates (two rates).

    The volume is the one quotas go by, `sample.quota_by`. Between two dates the growth is spread evenly. A counter that
    fell gives no rate: the series starts after the last fall.
    """
    unit = material.study.sample.quota_by
    return tuple(series for hashtag in material.study.hashtags if (series := _differenced(hashtag, unit)))


def last_capture(corpus: Corpus, zone: str) -> date | None:
    """The study's day of the latest capture; None where no capture says when it was made."""
    (row,) = _rows(corpus, corpus.table("observations").aggregate(last=ibis._.collected_at.max()))
    return day_of(row["last"], zone) if row["last"] else None


def _rows(corpus: Corpus, expression: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = corpus.frame(expression).to_pylist()
    return rows


def _by_day(corpus: Corpus, table: str, zone: str) -> tuple[dict[date, int], int]:
    """How many items each of the study's days has, and how many have no time."""
    items = corpus.table(table)
    local = items.published_at.cast("timestamp") + ibis.interval(minutes=offset_minutes(zone))
    rows = _rows(corpus, items.group_by(day=local.date()).agg(number=ibis._.count()))
    by_day = {row["day"]: int(row["number"]) for row in rows if row["day"]}
    return by_day, sum(int(row["number"]) for row in rows if not row["day"])


def _filled(by_day: dict[date, int], first: date, last: date) -> Numbers:
    start, end = day_number(first), day_number(last)
    return np.array([by_day.get(day_of_number(number), 0) for number in range(start, end + 1)], dtype=np.float64)


def _left_out(one: str, undated: int, outside: int, since: date | None, until: date | None) -> str:
    said = []
    if undated:
        said.append(f"{counted(undated, one)} without a time {'is' if undated == 1 else 'are'} left out")
    if outside:
        ends = [f"before {day(since)}" if since else "", f"after {day(until)}" if until else ""]
        said.append(f"{counted(outside, one)} {' or '.join(end for end in ends if end)} not counted")
    return "; ".join(said)


def _differenced(hashtag: Hashtag, unit: str) -> Series | None:
    read = sorted((one.as_of, int(value)) for one in hashtag.volumes if (value := getattr(one, unit)) is not None)
    fell = [place for place in range(1, len(read)) if read[place][1] < read[place - 1][1]]
    kept = read[fell[-1] :] if fell else read
    if len(kept) < 3:
        return None
    gaps = np.diff([day_number(when) for when, _ in kept])
    rates = np.diff([value for _, value in kept]) / gaps
    note = f"the counter fell, for the last time by {day(kept[0][0])}; only what follows is used" if fell else ""
    return Series(
        f"#{hashtag.name}", unit, kept[0][0] + timedelta(days=1), np.repeat(rates, gaps),
        f"the platform's counter of #{hashtag.name}, read on {len(kept)} dates", _spread(gaps), note,
    )  # fmt: skip


def _spread(gaps: Sequence[int] | np.ndarray) -> str:
    widest = int(max(gaps))
    return "" if widest == 1 else f"the counter was read up to {count(widest)} days apart, so single days are not known"
