"""How does one series rise and fall? Peak, decay, what remains, and the days on which its level changes.

Everything here describes the series; see `statistics.decay` and `statistics.changepoints` for the formulas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from resilens.measures.attention.daily import Series
from resilens.measures.items import Numbers
from resilens.measures.statistics import changepoints
from resilens.measures.statistics.changepoints import BLOCK_DAYS, NEAR_DAYS, SHORTEST, Step
from resilens.measures.statistics.decay import LAST_DAYS, MINIMUM_DAYS, Decay, contenders, decays, remainder
from resilens.results.tables import Column, Table, Value, count, counted, day, listing
from resilens.results.types import Description, Result, Undefined

LONGEST = 1000
"""Changes of level are sought in at most so many days."""


@dataclass(frozen=True, eq=False)
class Changes:
    """The days on which a level changed.

    Parameters
    ----------
    places
        Of the first value of each new level.
    found_again
        Shape (changes,): in which share of the draws each is found.
    path
        Which number of changes is best for which penalties.
    """

    places: tuple[int, ...]
    found_again: Numbers
    path: tuple[Step, ...]


@dataclass(frozen=True, eq=False)
class Course:
    """A series, the laws of its decay with the lowest AIC first, and its changes of level."""

    series: Series
    fits: tuple[Decay, ...] | Undefined
    changes: Changes | Undefined

    @property
    def peak(self) -> date:
        """The first day with the largest value."""
        return self.series.day(int(self.series.values.argmax()))

    @property
    def contending(self) -> tuple[Decay, ...]:
        """The laws that fit best; more than one: undecided; none where nothing could be fitted."""
        return () if isinstance(self.fits, Undefined) else contenders(self.fits)

    def results(self, event: date | None) -> dict[str, Result]:
        """Peak, days to it from the event's day, half-life, remainder and the number of changes, by name."""
        series = self.series
        n, top = int(series.values.sum()), int(series.values.argmax())
        try:
            left: Result = Description(remainder(series.values), n, series.frame, "of the peak")
        except ValueError:
            after = counted(len(series.values) - 1 - top, "day")
            left = Undefined(f"{after} after the peak; the mean of the last {LAST_DAYS} would hold the peak itself")
        return {
            "peak": Description(float(series.values[top]), n, series.frame, f"{series.unit} a day"),
            "days to peak": self._days_to_peak(event, n),
            "half-life": self.fits if isinstance(self.fits, Undefined) else self._half_life(self.fits, n),
            "remainder": left,
            "changes of level": self.changes if isinstance(self.changes, Undefined)
            else Description(len(self.changes.places), n, series.frame, "changes"),
        }  # fmt: skip

    def _days_to_peak(self, event: date | None, n: int) -> Result:
        if event is None:
            return Undefined("the study declares no day of the event to count from")
        frame = f"{self.series.frame}; from {day(event)}, the day of the event"
        return Description(float((self.peak - event).days), n, frame, "days")

    def _half_life(self, fits: tuple[Decay, ...], n: int) -> Result:
        best, days = fits[0], len(fits[0].curve) - 1
        if best.half_life is None or best.half_life > days:
            return Undefined(f"the fitted {best.model} does not fall to half within the {days} days after the peak")
        others = listing([fit.model for fit in self.contending if fit is not best])
        doubt = f", undecided against {others}" if others else ""
        return Description(best.half_life, n, f"{self.series.frame}; fitted {best.model}{doubt}", "days")


def course_of(series: Series, seed: int) -> Course:
    """The course of a series; its decay and changes are Undefined where single days are not known or too few."""
    return Course(series, _fits(series), _changes(series, seed))


def _fits(series: Series) -> tuple[Decay, ...] | Undefined:
    if series.irregular:
        return Undefined(series.irregular)
    after = series.values[int(series.values.argmax()) :]
    if len(after) < MINIMUM_DAYS:
        return Undefined(f"{counted(len(after), 'day')} from the peak on, and a law of decay needs {MINIMUM_DAYS}")
    return decays(after)


def _changes(series: Series, seed: int) -> Changes | Undefined:
    if series.irregular:
        return Undefined(series.irregular)
    if not 2 * SHORTEST <= len(series.values) <= LONGEST:
        return Undefined(f"{counted(len(series.values), 'day')}; changes of level are sought in {2 * SHORTEST} to "
                         f"{count(LONGEST)}, between the sample's first and last day")  # fmt: skip
    values = changepoints.stabilised(series.values)
    penalty = changepoints.usual_penalty(values)
    (found,) = changepoints.segmented(values, penalty)
    sure = changepoints.frequencies(values, found, penalty, seed=seed)
    return Changes(found, sure, changepoints.penalty_path(values))


def decay_table(courses: Sequence[Course]) -> Table:
    """Every law fitted to every series, with how far its AIC is above the lowest."""
    columns = (
        Column("series", "Series"), Column("model", "Law"), Column("aic_difference", "ΔAIC", "decimal"),
        Column("half_life", "Half-life, days", "decimal"), Column("parameters", "Parameters"),
        Column("verdict", "Verdict"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for one in courses:
        near = one.contending
        for fit in () if isinstance(one.fits, Undefined) else one.fits:
            verdict = None if fit not in near else "undecided" if len(near) > 1 else "best"
            parameters = ", ".join(f"{name} = {value:.4g}" for name, value in fit.parameters.items())
            rows.append((one.series.label, fit.model, fit.aic - near[0].aic, fit.half_life, parameters, verdict))
    notes = ["Exponential a exp(-rt), power law a (t + 1)^-r, biexponential a exp(-rt) + b exp(-st), t in days from "
             "the peak. A half-life may lie beyond the days observed."]  # fmt: skip
    return Table("Laws of decay from the peak on", columns, rows, notes)


def change_table(courses: Sequence[Course]) -> Table:
    """Every change of level: its day, the levels before and after, and how often it is found again."""
    columns = (
        Column("series", "Series"), Column("day", "From", "date"), Column("before", "A day before", "decimal"),
        Column("after", "A day after", "decimal"), Column("found_again", "Found again", "share"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for one in courses:
        if isinstance(one.changes, Undefined):
            continue
        levels = [float(part.mean()) for part in np.split(one.series.values, list(one.changes.places))]
        again = one.changes.found_again.tolist()
        rows += [(one.series.label, one.series.day(place), levels[number], levels[number + 1], again[number])
                 for number, place in enumerate(one.changes.places)]  # fmt: skip
    notes = [f"Found again: the share of block-bootstrap draws (blocks of {BLOCK_DAYS} days) with a change within "
             f"{NEAR_DAYS} days.",
             "A steady decline is cut into levels too; read this beside the laws of decay."]  # fmt: skip
    return Table("Days on which the level changed", columns, rows, notes)


def penalty_table(courses: Sequence[Course]) -> Table:
    """Which number of changes is best for which penalties."""
    columns = (Column("series", "Series"), Column("changes", "Changes", "count"),
               Column("low", "Best for penalties from", "decimal"), Column("high", "to", "decimal"))  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (one.series.label, len(step.changes), step.low, step.high if np.isfinite(step.high) else None)
        for one in courses if not isinstance(one.changes, Undefined) for step in one.changes.path
    ]  # fmt: skip
    return Table("How many changes of level are best, by what each is made to cost", columns, rows)
