"""What does a coefficient come to on this table, with its interval or the reason why it has none?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias, cast

import numpy as np

from resilens.agreement.coefficients.recipes import Cooked
from resilens.agreement.interval import DRAWS, SEED, interval
from resilens.agreement.patterns import Patterns
from resilens.agreement.reading import Reading, Table, read_patterns
from resilens.errors import InputError
from resilens.results.tables import count, counted
from resilens.results.types import Description, Estimate, Result, Undefined

LINES = (0.667, 0.800)
"""Krippendorff's customary lines: below .667 discard, above .800 rely on (*Content Analysis*, 2nd ed., pp. 241-242)."""

Cook: TypeAlias = Callable[[Patterns], Cooked]


class How(Reading, total=False):
    """How a table is read (`Reading`) and how sure the value is; each may be left out.

    Parameters
    ----------
    interval
        Whether to compute an interval; True unless said otherwise. Without one the result is a Description. With it, an
        Estimate (basis *coding*: it speaks of the coded set, threads resampled), or, under 20 threads, where the
        coefficient does not exist in over 5 % of the draws or is the same in all of them, a Description whose `frame`
        ends in the reason. Without `cluster` units are drawn as if each were a thread of its own, and `design` says so.
    draws, seed
        How many bootstrap draws (2,000), and their seed (1).
    confidence
        The nominal coverage, 0.95.
    frame
        What was coded, in words; `300 units, 2 coders` unless given.
    """

    interval: bool
    draws: int
    seed: int
    confidence: float
    frame: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """A coefficient with what a methodologist asks about it.

    Parameters
    ----------
    result
        Estimate, Description or Undefined.
    no_interval
        Why there is a value and no interval, empty otherwise.
    below
        Pr(coefficient < line) for .667 and .800, the share of bootstrap draws below; empty where there is no interval.
    n_units, n_pairable
        Units, and those that two coders or more coded.
    n_coders
        Coders with a judgement.
    n_threads
        Threads with a pairable unit, or the pairable units where they were given no thread.
    """

    result: Result
    no_interval: str = ""
    below: Mapping[float, float] = field(default_factory=dict)
    n_units: int = 0
    n_pairable: int = 0
    n_coders: int = 0
    n_threads: int = 0


def result_of(table: Table, cook: Cook, how: Mapping[str, Any]) -> Result:
    """The result alone; see `assess`."""
    return assess(table, cook, how).result


def assess(table: Table, cook: Cook, how: Mapping[str, Any]) -> Agreement:
    """A coefficient on a table.

    Parameters
    ----------
    table
        See `Table`.
    cook
        The coefficient: patterns to its recipe, or to Undefined.
    how
        See `How`.

    Raises
    ------
    InputError
        If the table, the number of draws or the confidence is at fault.
    """
    options = dict(how)
    wanted = options.pop("interval", True)
    draws, seed = options.pop("draws", DRAWS), options.pop("seed", SEED)
    confidence, frame = options.pop("confidence", 0.95), options.pop("frame", "")
    if not 0 < confidence < 1:
        raise InputError(f"the confidence is between 0 and 1, not {confidence}; 0.95 means 95 %")
    if wanted and draws < 100:
        raise InputError(f"{draws} draws are too few for an interval; take 2,000, or interval=False")
    if strange := set(options) - set(Reading.__annotations__):
        raise TypeError(f"unexpected argument {sorted(strange)[0]!r}; see resilens.agreement.How")
    patterns = read_patterns(table, **cast(Reading, options))
    recipe = cook(patterns)
    coders = patterns.n_coders
    about = partial(Agreement, n_units=patterns.n_units, n_pairable=patterns.n_pairable, n_coders=coders,
                    n_threads=patterns.n_clusters)  # fmt: skip
    if isinstance(recipe, Undefined):
        return about(recipe)
    value = float(recipe.value(np.asarray(patterns.units @ recipe.sums).reshape(1, -1))[0])
    if not np.isfinite(value):
        return about(Undefined("chance alone would agree on everything, so nothing is beyond it"))
    frame = frame or f"{counted(patterns.n_units, 'unit')}, {counted(coders, 'coder')}"
    if not wanted:
        return about(Description(value, patterns.n_pairable, frame))
    found = interval(recipe, patterns, draws=draws, seed=seed, confidence=confidence, lines=LINES)
    if found.refused:
        described = Description(value, patterns.n_pairable, f"{frame}; no interval: {found.refused}")
        return about(described, found.refused)
    estimate = Estimate(value, found.low, found.high, confidence, patterns.n_pairable, patterns.n_clusters, "coding",
                        frame, design(patterns, draws), seed)  # fmt: skip
    return about(estimate, "", dict(found.below))


def design(patterns: Patterns, draws: int) -> str:
    """The resampling scheme in words."""
    if patterns.membership is None:
        return f"bootstrap of units, each taken as a thread of its own, percentile, {count(draws)} draws"
    return f"bootstrap of threads, percentile, {count(draws)} draws"
