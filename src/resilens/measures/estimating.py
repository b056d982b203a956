"""How does a measure become a value with an interval? Weighted totals of threads, linearised or drawn again.

Four ways, from the plainest to the most general; none pools posts with comments:

- `share`: sum w y / sum w over items read.
- `smooth`: any differentiable function of totals. The interval is symmetric: a t quantile times the standard error of
  the linearised function (Woodruff 1971, *A simple method for approximating the variance of a complicated estimate*;
  Särndal, Swensson and Wretman 1992, *Model Assisted Survey Sampling*, section 5.5).
- `drawn`: any function of totals, quantiles too. Threads are drawn again within their strata; a thread that was
  certain to be in the sample stays in every draw, one with chance π moves by sqrt(1 - π) (Rao and Wu 1988, *Resampling
  inference with complex survey data*). The interval lies between the percentiles of the draws.
- `bounded`: a value whose interval was found by inverting one of these (`weeks`).

Where every item's chance of being in the sample is known, an item weighs 1 / π and the basis is *design*: it speaks of
the frame. Otherwise every item weighs 1 and the basis is *coding*: it speaks of the items that were coded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from scipy import special

from resilens.measures.items import Flags, Items, Numbers, Places
from resilens.results.resampling import DRAWS, MINIMUM_THREADS, MOST_UNDEFINED
from resilens.results.tables import count, counted
from resilens.results.types import Basis, Description, Estimate, Result, Undefined
from resilens.sampling.drawfile import Draw, DrawnItem
from resilens.sampling.estimates import Shown, Threads, doubtful, linearised, refusal, share_limits, share_of, weights
from resilens.sampling.estimates import share as design_share

LEVEL = 0.95
STEP = 1e-6
"""Step of the numerical derivative, as a part of the total."""

TINY = 1e-9
"""A chance so small that no correction for a finite frame is left: threads of the coded set, drawn with replacement."""

Value = Callable[[Numbers], Numbers]
"""Totals of shape (draws, d) to values of shape (draws,), not finite where there is no value."""


@dataclass(frozen=True, eq=False)
class Estimating:
    """What an estimate needs to know of how the items came to be read.

    Parameters
    ----------
    draw
        The sample, None where nothing was drawn.
    seed
        Of what is drawn again.
    draws
        How often threads are drawn again.
    finite
        Whether intervals are of the frame's own value; see `beyond`.
    """

    draw: Draw | None
    seed: int
    draws: int = DRAWS
    finite: bool = True

    @cached_property
    def beyond(self) -> Estimating:
        """The same for what is compared with nothing: a difference, a change, an asymmetry.

        Two parts of a finite frame are never quite alike, so that an interval of the frame's own difference leaves out
        0 ever more often, the more of the frame was read, though nothing but chance made it (in the simulator's quiet
        world in 9 % of cases). What is asked is whether more than chance is at work: the correction for a finite frame
        is left out (Cochran 1977, *Sampling Techniques*, section 2.14).
        """
        return replace(self, finite=False)

    @cached_property
    def _drawn(self) -> dict[str, DrawnItem]:
        return {item.item_id: item for item in self.draw.items} if self.draw else {}

    @cached_property
    def _reasons(self) -> WeakKeyDictionary[Items, str]:
        return WeakKeyDictionary()

    def no_design(self, items: Items) -> str:
        """Why these items do not speak of the frame; empty where they do."""
        if items not in self._reasons:
            self._reasons[items] = self._no_design(items)
        return self._reasons[items]

    def _no_design(self, items: Items) -> str:
        if self.draw is None:
            return "no sample was drawn"
        if not all(item in self._drawn for item in items.item_id):
            return "not all of these items are in the sample"
        return refusal(self.draw, self._rows(items))

    def _rows(self, items: Items) -> list[DrawnItem]:
        return [self._drawn[item] for item in items.item_id]

    def weight(self, items: Items) -> Numbers:
        """What each item stands for: 1 / π (with the correction for the stopping rule) where known, else 1."""
        if not len(items) or self.no_design(items):
            return np.ones(len(items))
        assert self.draw is not None
        return weights(self.draw, self._rows(items))

    def share(self, items: Items, there: Flags, level: float = LEVEL) -> Result:
        """The share of the items that have something: sum w y / sum w.

        Parameters
        ----------
        items
            The items read of which it is known whether they have it: all posts, or all comments.
        there
            Which have it, shape (items,).

        Returns
        -------
        Estimate, Description or Undefined
            Estimate: symmetric on the logit scale, t with (threads - strata) degrees of freedom; where all or none
            have it Clopper and Pearson's for Kish's effective number of threads. Description: under 20 threads.
            Undefined: nothing was read.
        """
        refused = self._too_little(items, "nothing was read")
        if isinstance(refused, Undefined):
            return refused
        value = there.astype(np.float64)
        if refused:
            weight = self.weight(items)
            return self._described(items, float((weight * value).sum() / weight.sum()), "share", refused)
        if self.no_design(items):
            number, read = _threads_of(items)
            summed = np.bincount(number, weights=value, minlength=read.size).astype(np.float64)
            return self._estimate(items, *share_of(_alike(read, summed), level), level, "linearised over threads")
        assert self.draw is not None
        if doubt := doubtful(self.draw, self._rows(items)):
            return doubt
        return self._estimate(items, *self._design_share(items, value, level), level, "linearised over threads")

    def _design_share(self, items: Items, value: Numbers, level: float) -> tuple[float, float, float]:
        assert self.draw is not None
        found = design_share(self.draw, dict(zip(items.item_id, value.tolist(), strict=True)), level, self.finite)
        assert isinstance(found, Estimate)
        return found.value, found.low, found.high

    def smooth(
        self, items: Items, sums: Numbers, value: Value, *, missing: str, within: tuple[float, float] | None = None,
        there: Flags | None = None, unit: str = "", level: float = LEVEL,
    ) -> Result:  # fmt: skip
        """A differentiable function of totals.

        Parameters
        ----------
        items
            The items it rests on: all posts, or all comments. What belongs to a whole thread is given on its post.
        sums
            What each item adds to each total before it is weighted, shape (items, d).
        value
            The function.
        missing
            Why there is no value where the function has none: `no tribute was read`.
        within
            The least and greatest value that is possible; ends of the interval are cut there.
        there
            Which items have it, where the value is a share: its interval is then a share's (`share_limits`).
        unit
            Of the value, for a Description.

        Returns
        -------
        Estimate, Description or Undefined
            As `share`; Undefined also where the function has no value or no derivative.
        """
        refused = self._too_little(items, missing)
        if isinstance(refused, Undefined):
            return refused
        weight = self.weight(items)
        totals = weight @ sums
        at = _function(value, totals[None, :])[0]
        if not np.isfinite(at):
            return Undefined(missing)
        if refused:
            return self._described(items, float(at), unit, refused)
        slope = _gradient(value, totals, np.abs(sums).max(axis=0))
        if not np.isfinite(slope).all():
            return self._described(items, float(at), unit, "it jumps here, so no interval can be linearised")
        variance, freedom = self.variances(items, (sums @ slope)[:, None])
        if there is not None:
            low, high = share_limits(float(at), float(variance[0]), self._shown(items, there, freedom), level)
        else:
            half = float(special.stdtrit(freedom, 0.5 + level / 2) * np.sqrt(variance[0]))
            low, high = at - half, at + half
        if within:
            low, high = max(low, within[0]), min(high, within[1])
        return self._estimate(items, float(at), float(min(low, at)), float(max(high, at)), level,
                              "linearised over threads")  # fmt: skip

    def _shown(self, items: Items, there: Flags, freedom: int) -> Shown:
        """What the interval of a share of these items rests on."""
        number, read = _threads_of(items)
        weight = np.bincount(number, weights=self.weight(items))
        fewer = min(np.unique(number[which]).size for which in (there, ~there))
        return Shown(fewer, float(read.sum()), float(weight.sum() ** 2 / (weight**2).sum()), freedom)

    def variances(self, items: Items, influence: Numbers) -> tuple[Numbers, int]:
        """The variance over threads of each of k statistics, and its degrees of freedom.

        Parameters
        ----------
        influence
            Shape (items, k): a statistic's derivative by the item's weight.
        """
        if not self.no_design(items):
            assert self.draw is not None
            return linearised(self.draw, items.item_id.tolist(), influence, self.finite)
        number, read = _threads_of(items)
        parts = np.zeros((read.size, influence.shape[1]))
        np.add.at(parts, number, influence)
        return read.size / (read.size - 1) * ((parts - parts.mean(axis=0)) ** 2).sum(axis=0), read.size - 1

    def drawn(
        self, items: Items, sums: Numbers, value: Value, *, missing: str, unit: str = "", level: float = LEVEL
    ) -> Result:
        """Any function of totals, its interval between percentiles of what it is in threads drawn again.

        Parameters and returns are those of `smooth`. Undefined also where the function has no value in more than 5 %
        of the draws; a Description where it is the same in all of them, which cannot show how unsure it is.
        """
        refused = self._too_little(items, missing)
        if isinstance(refused, Undefined):
            return refused
        number, read = _threads_of(items)
        weighted = sums * self.weight(items)[:, None]
        summed = [np.bincount(number, weights=column, minlength=read.size) for column in weighted.T]
        by_thread = np.stack(summed, axis=1)
        at = float(_function(value, by_thread.sum(axis=0)[None, :])[0])
        if not np.isfinite(at):
            return Undefined(missing)
        if refused:
            return self._described(items, at, unit, refused)
        found = _function(value, self.replicates(items) @ by_thread)
        there = found[np.isfinite(found)]
        if there.size < (1 - MOST_UNDEFINED) * self.draws:
            lost = f"in {1 - there.size / self.draws:.0%} of {count(self.draws)} draws of threads it does not exist"
            return Undefined(f"{lost} ({missing})")
        low, high = np.quantile(there, [(1 - level) / 2, (1 + level) / 2])
        if high - low < 1e-12:
            return self._described(items, at, unit, "it is the same in all draws of threads")
        return self._estimate(items, at, float(low), float(high), level,
                              f"bootstrap of threads, percentile, {count(self.draws)} draws", self.seed)  # fmt: skip

    def bounded(self, items: Items, value: float, ends: tuple[float, float], how: str, unit: str) -> Result:
        """A value whose interval a measure has found, with what it speaks of.

        Parameters
        ----------
        items, unit
            As for `smooth`.
        how
            How the ends were found: `Woodruff's, linearised over threads`.

        Returns
        -------
        Estimate or Description
            Description: under 20 threads, or comments of which one long thread could outweigh the others.
        """
        refused = self._too_little(items, "nothing was read")
        if isinstance(refused, Undefined):
            return refused
        if not refused and self.draw is not None and not self.no_design(items):
            doubt = doubtful(self.draw, self._rows(items))
            refused = doubt.reason if doubt else ""
        if refused:
            return self._described(items, value, unit, refused)
        return self._estimate(items, value, *ends, LEVEL, how)

    def replicates(self, items: Items) -> Numbers:
        """How much each thread counts in each draw, shape (draws, threads of the items in the order of their places).

        1 on average. Threads are drawn within their strata; one with chance π counts 1 + sqrt(1 - π) (times drawn - 1),
        unless only some of its comments were read, for which they stand: then 1 + (times drawn - 1).
        """
        names, rows = np.unique(items.thread, return_index=True)
        if self.no_design(items):
            stratum, moves = np.zeros(names.size, dtype=np.int64), np.ones(names.size)
        else:
            drawn = [self._drawn[items.threads[place]] for place in names]
            strata = sorted({item.stratum for item in drawn})
            stratum = np.array([strata.index(item.stratum) for item in drawn])
            chance = np.array([item.inclusion_probability for item in drawn], dtype=np.float64)
            part = np.array([self._drawn[items.item_id[row]].inclusion_probability for row in rows], dtype=np.float64)
            moves = np.where((part < chance) | (not self.finite), 1.0, np.sqrt(1 - chance))
        generator = np.random.default_rng(self.seed)
        times = np.ones((self.draws, names.size))
        for one in np.unique(stratum):
            own = np.flatnonzero((stratum == one) & (moves > 0))
            if own.size > 1:
                again = generator.multinomial(own.size, np.full(own.size, 1 / own.size), size=self.draws)
                times[:, own] = 1 + moves[own] * np.sqrt(own.size / (own.size - 1)) * (again - 1)
        return np.asarray(np.maximum(times, 0.0))

    def _too_little(self, items: Items, missing: str) -> Undefined | str:
        """Undefined where there is nothing; words where there are too few threads for an interval; else empty."""
        if not len(items):
            return Undefined(missing)
        if items.is_post.any() and not items.is_post.all():
            raise ValueError("posts and comments are never pooled; give one or the other")
        if items.n_threads < MINIMUM_THREADS:
            return f"{counted(items.n_threads, 'thread')}, and an interval needs {MINIMUM_THREADS}"
        return ""

    def frame(self, items: Items) -> str:
        """What a result of these items speaks of, in words."""
        what = "post" if len(items) and items.is_post[0] else "comment"
        if self.draw is not None and not self.no_design(items):
            return self.draw.frame
        return f"the {counted(len(items), what)} coded in {counted(items.n_threads, 'thread')}, and no others"

    def _described(self, items: Items, value: float, unit: str, why: str) -> Description:
        return Description(value, len(items), f"{self.frame(items)} (no interval: {why})", unit)

    def _estimate(
        self, items: Items, value: float, low: float, high: float, level: float, how: str, seed: int | None = None
    ) -> Estimate:
        refused = self.no_design(items)
        basis: Basis = "coding" if refused else "design"
        if self.draw is not None and not refused:
            how += "" if self.finite else ", no correction for a finite frame"
            how = f"{self.draw.design}, seed {self.draw.seed}; {how}"
        return Estimate(value, low, high, level, len(items), items.n_threads, basis, self.frame(items), how, seed)


def _threads_of(items: Items) -> tuple[Places, Numbers]:
    """The threads of the items numbered from 0, and how many items each has."""
    _, number, read = np.unique(items.thread, return_inverse=True, return_counts=True)
    return number.ravel(), read.astype(np.float64)


def _alike(read: Numbers, summed: Numbers) -> Threads:
    """Threads of one stratum that all weigh the same, drawn with replacement."""
    ones = np.ones(read.size)
    return Threads(np.zeros(read.size, dtype=np.int64), TINY * ones, ones, read, ones, summed, 0 * ones)


def _function(value: Value, totals: Numbers) -> Numbers:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(value(totals), dtype=np.float64)


def _gradient(value: Value, totals: Numbers, largest: Numbers) -> Numbers:
    """The derivative by each total, by central differences; a total of nothing takes one item's part for its size."""
    steps = STEP * np.maximum(np.maximum(np.abs(totals), largest), 1e-12)
    moved = np.concatenate([totals + np.diag(steps), totals - np.diag(steps)])
    found = _function(value, moved)
    return np.asarray((found[: totals.size] - found[totals.size :]) / (2 * steps))


def by_item(places: Mapping[str, float], items: Items) -> Numbers:
    """A number an item, by its id; 0 where there is none."""
    return np.array([places.get(item, 0.0) for item in items.item_id])
