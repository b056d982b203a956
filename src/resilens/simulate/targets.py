"""What is publicly known about the event, and how near does a path come to it?

The figures stand in `targets.toml`, each with its source and whether it is used, so that conflicting sources stay in
sight. Whether a path meets them is pattern P12; calibration aims at the same list.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from resilens.simulate.macro import NEWCOMERS, Path
from resilens.study.reading import read_as
from resilens.study.values import Line, Section, Slug


class Target(Section):
    """One public figure."""

    metric: Literal["views", "discussions", "daily_actives", "share_of_peak_day"]
    at: dt.datetime = Field(description="The moment, or when the day begins, in the world's zone.")
    value: Annotated[float, Field(gt=0)]
    use: bool = Field(description="Whether it is aimed at.")
    source: Line
    reason: Line | None = Field(None, description="Why it is not used, or how it is read.")
    peak: dt.datetime | None = Field(None, description="share_of_peak_day: when the day begins that it is a share of.")
    bound: Literal["at_least", "at_most"] | None = Field(None, description="Left out: a value to be met.")
    tolerance: Annotated[float, Field(gt=0)] = Field(0.15, description="Relative error that passes.")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.metric == "share_of_peak_day") != (self.peak is not None):
            raise ValueError("share_of_peak_day, and only that, names the peak's day")
        if not self.use and self.reason is None:
            raise ValueError("a figure that is not used says why in reason")
        return self


class _Targets(Section):
    world: Slug = Field(description="The preset that the figures are about.")
    targets: tuple[Target, ...] = Field(alias="target")


@dataclass(frozen=True, slots=True)
class Reached:
    """What a path gives for a public figure.

    Parameters
    ----------
    target
        The figure.
    value
        The path's.
    """

    target: Target
    value: float

    @property
    def error(self) -> float:
        """value / figure - 1."""
        return self.value / self.target.value - 1.0

    @property
    def met(self) -> bool:
        """Whether the value is on the right side of a bound, or as near to the figure as is asked for."""
        if self.target.bound == "at_least":
            return self.error >= 0
        if self.target.bound == "at_most":
            return self.error <= 0
        return abs(self.error) <= self.target.tolerance

    def __str__(self) -> str:
        wanted = {"at_least": "at least ", "at_most": "at most ", None: ""}[self.target.bound]
        return (f"{self.target.metric} on {self.target.at:%b %d %H:%M}: {_shown(self.value)}, "
                f"reported {wanted}{_shown(self.target.value)}")  # fmt: skip


@lru_cache(maxsize=1)
def targets(world: str) -> tuple[Target, ...]:
    """The public figures about a preset, used or not, in the order of the file; none for other worlds."""
    with resources.as_file(resources.files("resilens.simulate") / "targets.toml") as file:
        read = read_as(_Targets, file)
    return read.targets if read.world == world else ()


def reached(path: Path, target: Target) -> Reached:
    """What one path (of a mean field) gives for a figure."""
    at = path.world.day(target.at) or 0.0
    if target.metric in ("views", "discussions"):
        per_day = path.views if target.metric == "views" else path.discussions
        return Reached(target, float(path.cumulated(per_day, at)))
    actives = path.active(NEWCOMERS)
    value = float(path.mean(actives, at, at + 1.0))
    peak = path.world.day(target.peak)
    if peak is None:
        return Reached(target, value)
    most = float(path.mean(actives, peak, peak + 1.0))
    return Reached(target, value / most if most > 0 else 0.0)


def _shown(value: float) -> str:
    """A number as press reports write it."""
    for size, unit in ((1e9, " bn"), (1e6, " M"), (1e3, " k")):
        if value >= size:
            return f"{value / size:.3g}{unit}"
    return f"{value:.3g}"
