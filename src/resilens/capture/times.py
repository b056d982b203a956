"""What time does a raw value mean, how finely, and in which zone is it where it does not say?

A value alone is parsed here (`parse_time`) as far as it goes. Two things only the whole capture can tell: which of
`1/2/2025`'s numbers is the month, and in which zone times without one were written. `Evidence` gathers both while a
capture is read, and `settle` decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, NamedTuple

DAY, HOUR, MINUTE = 86_400_000, 3_600_000, 60_000
QUARTER = 15 * MINUTE
EARLIEST, LATEST = -14 * HOUR, 14 * HOUR
"""Zones lie within -12 and +14 hours; two hours of grace."""

FEWEST, SHARE = 5, 0.6
"""A zone is inferred from at least so many items, of which at least this share agree. Drafts and scheduled posts
disagree (11 % of RedNote posts in one real set), chance agreement does not reach half."""

FIRST, LAST = 631_152_000_000, 4_102_444_800_000
"""1990 to 2100, in milliseconds since 1970: outside, a number is not a time."""

_EPOCH = datetime(1970, 1, 1)
_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}  # fmt: skip

_CLOCK = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?"
_ZONE = r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})日?(?:[T_ ,]\s*{_CLOCK}{_ZONE})?", re.ASCII)
_YEAR_LAST = re.compile(rf"(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}})(?:[T ,]\s*{_CLOCK}\s*([AaPp][Mm])?)?", re.ASCII)
_WEEKDAY_FIRST = re.compile(rf"[A-Za-z]{{3}} ([A-Za-z]{{3}}) (\d{{1,2}}) {_CLOCK} ([+-]\d{{4}}) (\d{{4}})", re.ASCII)
_NO_YEAR = re.compile(rf"(\d{{1,2}})[-/月](\d{{1,2}})日?(?:[T_ ]\s*{_CLOCK})?(?:\s+\S.*)?", re.ASCII)
_DAY_WORD = re.compile(rf"(今天|昨天|前天|[Tt]oday|[Yy]esterday)\s*(?:{_CLOCK})?(?:\s+\S.*)?", re.ASCII)
_AGO = re.compile(
    r"(?:(刚刚|[Jj]ust now)|(\d+)\s*(秒钟?前|分钟前|小时前|天前|周前|个?月前|年前|[smhdw](?: ago)?|"
    r"(?:second|minute|hour|day|week)s? ago))(?:\s+\S.*)?",
    re.ASCII,
)
_PREFIX = re.compile(r"(?:编辑于|发布于|更新于|[Ee]dited(?: on)?|[Pp]osted(?: on)?)[ :：]*")
_DAMAGED = re.compile(r"-?\d+(?:[.,]\d+)?[eE]\+?\d+|#{3,}", re.ASCII)
_AGO_UNITS = (("秒", 1_000, "second"), ("分", MINUTE, "minute"), ("小时", HOUR, "hour"), ("天", DAY, "day"),
              ("周", 7 * DAY, "day"), ("月", 30 * DAY, "unknown"), ("年", 365 * DAY, "unknown"),
              ("s", 1_000, "second"), ("mi", MINUTE, "minute"), ("m", MINUTE, "minute"), ("h", HOUR, "hour"),
              ("d", DAY, "day"), ("w", 7 * DAY, "day"))  # fmt: skip
_DAYS_BACK = {"今天": 0, "昨天": 1, "前天": 2, "today": 0, "yesterday": 1}


class Moment(NamedTuple):
    """One raw value as far as it goes alone; times are milliseconds since 1970.

    Parameters
    ----------
    exact
        UTC, where the value states its zone.
    month_first, day_first
        Local time where it does not, read both ways; equal where the order of day and month is plain, None where
        that reading is no date.
    precision
        millisecond, second, minute, hour, day or unknown.
    damaged
        The value was a time once, and cannot be read any more (`1.75E+12`).
    """

    exact: int | None
    month_first: int | None
    day_first: int | None
    precision: str
    damaged: bool = False

    @property
    def naive(self) -> bool:
        """Whether the zone is still to be established."""
        return self.exact is None and (self.month_first is not None or self.day_first is not None)


NOTHING = Moment(None, None, None, "unknown")
DAMAGED = Moment(None, None, None, "unknown", True)


def parse_time(raw: Any, collected_at: int | None = None, zone_offset: int = 0) -> Moment:
    """What a raw time says.

    Parameters
    ----------
    raw
        Number or text as captured: seconds or milliseconds since 1970, ISO 8601, `Mon Jan 13 12:08:00 +0800 2025`,
        `1/13/2025 12:08`, `13/01/2025 12:08`, `2025-01-13_12:08:00`, `01-13`, `昨天 12:08`, `3天前`,
        `编辑于 01-14 美国`, a `datetime` or `date`.
    collected_at
        When it was captured, in milliseconds since 1970 UTC: relative times count from there and are empty without.
    zone_offset
        The declared zone's offset in milliseconds, for the day that `昨天` counts from.

    Returns
    -------
    Moment
        `NOTHING` where there is no value, `DAMAGED` where it cannot be read.
    """
    if raw is None or raw is True or raw is False:
        return NOTHING
    if type(raw) is int:
        return _number(raw)
    if type(raw) is str:
        if raw.isascii() and raw.isdigit() and len(raw) != 8:
            return _number(int(raw)) if len(raw) < 20 else DAMAGED
        return _text(raw.strip(), collected_at, zone_offset)
    if isinstance(raw, datetime):
        return _from_datetime(raw)
    if isinstance(raw, date):
        return _local(raw.year, raw.month, raw.day)
    if isinstance(raw, float):
        return _number(int(raw)) if raw == raw and abs(raw) < 1e18 else NOTHING
    return _text(str(raw).strip(), collected_at, zone_offset)


class Moments(NamedTuple):
    """Many raw values as far as each goes alone: the fields of `Moment` as columns.

    Parameters
    ----------
    exact, month_first, day_first, precision, damaged
        As in `Moment`, one for each value.
    single
        Those that had to be looked at one by one, by place; no other is naive.
    """

    exact: list[int | None]
    month_first: list[int | None]
    day_first: list[int | None]
    precision: list[str]
    damaged: list[bool]
    single: dict[int, Moment]


def parse_times(raws: Sequence[Any], collected: Moments | None = None, zone_offset: int = 0) -> Moments:
    """`parse_time` of many values: numbers of seconds or milliseconds all at once, the others one by one.

    Parameters
    ----------
    raws
        Numbers or texts as captured.
    collected
        When each was captured, for relative times.
    zone_offset
        As for `parse_time`.
    """
    exact = [_plain_number(raw) for raw in raws]
    precision = ["second" if one is None or one % 1000 == 0 else "millisecond" for one in exact]
    found = Moments(exact, [None] * len(raws), [None] * len(raws), precision, [False] * len(raws), {})
    for place, one in enumerate(exact):
        if one is None:
            seen = collected.exact[place] if collected is not None else None
            moment = found.single[place] = parse_time(raws[place], seen, zone_offset)
            exact[place], found.month_first[place], found.day_first[place] = moment[:3]
            precision[place], found.damaged[place] = moment[3:]
    return found


def _plain_number(raw: Any) -> int | None:
    """Milliseconds of a plausible number of seconds or milliseconds, None for any other value."""
    if type(raw) is str:
        if len(raw) not in (10, 13) or not (raw.isascii() and raw.isdigit()):
            return None
        raw = int(raw)
    elif type(raw) is not int:
        return None
    milliseconds = raw * 1000 if raw < 10**11 else raw
    return milliseconds if FIRST <= milliseconds < LAST else None


def _number(value: int) -> Moment:
    if value <= 0:
        return NOTHING
    # Seconds have ten digits from 2001 to 2286, milliseconds thirteen, microseconds sixteen.
    milliseconds = value * 1000 if value < 10**11 else value if value < 10**14 else value // 1000
    if not FIRST <= milliseconds < LAST:
        return DAMAGED
    return Moment(milliseconds, None, None, "millisecond" if milliseconds % 1000 else "second")


def _from_datetime(value: datetime) -> Moment:
    if value.tzinfo is None:
        naive = _milliseconds(value)
        return Moment(None, naive, naive, "second")
    return Moment(_milliseconds(value.astimezone(UTC).replace(tzinfo=None)), None, None, "second")


def _milliseconds(value: datetime) -> int:
    return (value - _EPOCH) // timedelta(milliseconds=1)


def _text(raw: str, collected_at: int | None, zone_offset: int) -> Moment:
    if not raw or raw.lower() in {"none", "null", "nan", "nat", "undefined"}:
        return NOTHING
    if _DAMAGED.fullmatch(raw):
        return DAMAGED
    raw = _PREFIX.sub("", raw, count=1)
    for pattern, read in ((_YEAR_FIRST, _year_first), (_YEAR_LAST, _year_last), (_WEEKDAY_FIRST, _weekday_first)):
        if found := pattern.fullmatch(raw):
            return read(found)
    if collected_at is not None:
        moment = _relative(raw, collected_at, zone_offset)
        if moment is not None:
            return moment
    if re.fullmatch(r"-?\d+\.\d+", raw, re.ASCII):
        return _number(int(float(raw)))
    if re.fullmatch(r"\d{8}", raw, re.ASCII):
        return _local(int(raw[:4]), int(raw[4:6]), int(raw[6:]))
    try:
        return _from_datetime(datetime.fromisoformat(raw))
    except ValueError:
        return NOTHING if raw == "-1" else DAMAGED


def _local(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, millisecond: int = 0,
           precision: str = "day") -> Moment:  # fmt: skip
    try:
        value = _milliseconds(datetime(year, month, day, hour, minute, second)) + millisecond
    except ValueError:
        return DAMAGED
    return Moment(None, value, value, precision)


def _clock(hour: str | None, minute: str | None, second: str | None, fraction: str | None
           ) -> tuple[int, int, int, int, str]:  # fmt: skip
    """Hour, minute, second, millisecond and the precision that they have."""
    if hour is None or minute is None:
        return 0, 0, 0, 0, "day"
    thousandths = int((fraction or "0")[:3].ljust(3, "0"))
    precision = "minute" if second is None else "millisecond" if fraction and int(fraction) else "second"
    return int(hour), int(minute), int(second or 0), thousandths, precision


def _year_first(found: re.Match[str]) -> Moment:
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    moment = _local(int(year), int(month), int(day), *_clock(hour, minute, second, fraction))
    return moment if zone is None or moment.damaged else _zoned(moment, zone)


def _zoned(moment: Moment, zone: str) -> Moment:
    """The local time of `moment` in a stated zone."""
    assert moment.month_first is not None
    offset = 0
    if zone not in {"Z", "UTC", "GMT"}:
        digits = zone[1:].replace(":", "")
        offset = (int(digits[:2]) * HOUR + int(digits[2:]) * MINUTE) * (-1 if zone[0] == "-" else 1)
    return Moment(moment.month_first - offset, None, None, moment.precision)


def _year_last(found: re.Match[str]) -> Moment:
    first, second_number, year, hour, minute, second, fraction, half = found.groups()
    clock = _clock(hour, minute, second, fraction)
    if half:
        clock = (clock[0] % 12 + (12 if half.lower() == "pm" else 0), *clock[1:])
    month_first = _local(int(year), int(first), int(second_number), *clock)
    day_first = _local(int(year), int(second_number), int(first), *clock)
    if month_first.damaged and day_first.damaged:
        return DAMAGED
    return Moment(None, month_first.month_first, day_first.day_first, clock[4])


def _weekday_first(found: re.Match[str]) -> Moment:
    month, day, hour, minute, second, fraction, zone, year = found.groups()
    if month.lower() not in _MONTHS:
        return DAMAGED
    moment = _local(int(year), _MONTHS[month.lower()], int(day), *_clock(hour, minute, second, fraction))
    return moment if moment.damaged else _zoned(moment, zone)


def _relative(raw: str, collected_at: int, zone_offset: int) -> Moment | None:
    """A time that counts from when it was captured; None where `raw` is none."""
    if found := _AGO.fullmatch(raw):
        if found[1]:
            return Moment(collected_at, None, None, "minute")
        unit = next((length, precision) for start, length, precision in _AGO_UNITS
                    if found[3].removeprefix("个").startswith(start))  # fmt: skip
        return Moment(collected_at - int(found[2]) * unit[0], None, None, unit[1])
    today = _EPOCH + timedelta(milliseconds=collected_at + zone_offset)
    if found := _DAY_WORD.fullmatch(raw):
        day = today - timedelta(days=_DAYS_BACK[found[1].lower()])
        # Without the zone the day it counts from may be off by one: known to the day, whatever the clock says.
        return _local(day.year, day.month, day.day, *_clock(*found.groups()[1:])[:4])
    if found := _NO_YEAR.fullmatch(raw):
        month, day_number = int(found[1]), int(found[2])
        clock = _clock(*found.groups()[2:])
        this_year = _local(today.year, month, day_number, *clock)
        if not this_year.damaged and this_year.day_first is not None and (
            this_year.day_first <= collected_at + zone_offset + DAY
        ):
            return this_year
        return _local(today.year - 1, month, day_number, *clock)
    return None


@dataclass(slots=True)
class Evidence:
    """What a capture's times say together about the order of day and month and about their zone.

    Feed it every naive moment with `see`; times of the id clock are milliseconds since 1970, or None.
    """

    naive: int = 0
    only_month_first: int = 0
    only_day_first: int = 0
    ambiguous: int = 0
    compared: int = 0
    month_first: Counter[int] = field(default_factory=Counter)
    day_first: Counter[int] = field(default_factory=Counter)

    def see(self, moment: Moment, by_id: int | None) -> None:
        """Take in one naive moment and the time its id tells."""
        self.naive += 1
        if moment.day_first is None:
            self.only_month_first += 1
        elif moment.month_first is None:
            self.only_day_first += 1
        elif moment.month_first != moment.day_first:
            self.ambiguous += 1
        if by_id is None or moment.precision in {"day", "unknown"}:
            return
        self.compared += 1
        # Ids are made before the item shows, and naive times are cut to the minute: the nearest quarter of an hour.
        for counter, value in ((self.month_first, moment.month_first), (self.day_first, moment.day_first)):
            if value is not None:
                quarters = (value - by_id + QUARTER // 2) // QUARTER
                if EARLIEST <= quarters * QUARTER <= LATEST:
                    counter[quarters] += 1


class Settled(NamedTuple):
    """What holds for the naive times of one capture.

    Parameters
    ----------
    offset
        Local time minus UTC in milliseconds; None where it could not be established.
    time_basis
        `field_zone_declared`, `field_zone_inferred`, or `field` where no time was naive.
    day_first
        How `1/2/2025` is read; None where nothing tells.
    zone, words
        The zone as `UTC+08:00` (empty where unknown or not needed), and how all this was established.
    """

    offset: int | None
    time_basis: str
    day_first: bool | None
    zone: str
    words: str


def settle(evidence: Evidence, declared: timezone | None = None, items: str = "items") -> Settled:
    """Decide the zone and the order of day and month of a capture.

    The zone is the most frequent difference between local time and id clock, to the nearest 15 minutes and within
    -14 to +14 hours, where at least `FEWEST` items could be compared and at least `SHARE` of them agree. Among all
    compared items those outside these hours count as disagreeing. A declared zone always decides; what the id clock
    says is then reported beside it.

    Parameters
    ----------
    evidence
        What was gathered.
    declared
        The zone the user declared.
    items
        What the items are called in the words.
    """
    if evidence.naive == 0:
        return Settled(None, "field", None, "", "every time states its zone")
    day_first, order = _order(evidence)
    votes = evidence.day_first if day_first else evidence.month_first
    quarters, agree = min(votes.items(), key=lambda vote: (-vote[1], abs(vote[0]), vote[0])) if votes else (0, 0)
    sure = evidence.compared >= FEWEST and agree >= SHARE * evidence.compared
    found = f"{agree:,} of {evidence.compared:,} {items} agree on {zone_name(quarters * QUARTER)}"
    if declared is not None:
        offset = declared.utcoffset(None) // timedelta(milliseconds=1)
        words = "declared"
        if sure and offset != quarters * QUARTER:
            words += f"; but by the id clock {found}"
        elif sure:
            words += f"; the id clock agrees: {found}"
        return Settled(offset, "field_zone_declared", day_first, zone_name(offset), words + order)
    if sure:
        offset = quarters * QUARTER
        return Settled(offset, "field_zone_inferred", day_first, zone_name(offset),
                       f"inferred from the id clock: {found}{order}")  # fmt: skip
    why = (
        f"by the id clock only {found}" if evidence.compared >= FEWEST
        else f"only {evidence.compared} {items} have an id clock to compare with" if evidence.compared
        else "no id clock to compare with"
    )  # fmt: skip
    words = f"not established for {evidence.naive:,} times without a zone ({why}); declare it{order}"
    return Settled(None, "unknown", day_first, "", words)


def _order(evidence: Evidence) -> tuple[bool | None, str]:
    """Whether the day comes first, and how that was found, in words that follow a sentence."""
    if not evidence.ambiguous:
        return evidence.only_day_first > evidence.only_month_first, ""
    if bool(evidence.only_month_first) != bool(evidence.only_day_first):
        day_first = bool(evidence.only_day_first)
        number = evidence.only_day_first or evidence.only_month_first
        return day_first, f"; {'day' if day_first else 'month'} first, as {number:,} dates can only be read so"
    by_month, by_day = (max(votes.values(), default=0) for votes in (evidence.month_first, evidence.day_first))
    if by_month == by_day:
        return None, f"; nothing tells whether day or month comes first in {evidence.ambiguous:,} dates"
    return by_day > by_month, f"; {'day' if by_day > by_month else 'month'} first, as the id clock agrees with that"


def zone_name(offset: int) -> str:
    """`UTC+08:00` for an offset in milliseconds."""
    minutes = abs(offset) // MINUTE
    return f"UTC{'-' if offset < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
