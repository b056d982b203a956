"""After how many threads do new codes become so few that coding may be called saturated? Guest, Namey & Chen's rule.

Guest, G., Namey, E. & Chen, M. (2020). A simple method to assess and report thematic saturation in qualitative
research. *PLOS ONE* 15(5), e0232076. The rule has three numbers, and a result without them says nothing: the base size
(how many units the later ones are measured against), the run length (how many units are looked at together), and the
threshold (which share of the base's codes is few enough).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resilens.errors import InputError
from resilens.results.types import Description, Result, Undefined

BASE, RUN, THRESHOLD = 4, 2, 0.05
"""The base size and run length its authors use throughout, and the laxer of their two thresholds; the other is 0."""


@dataclass(frozen=True, slots=True)
class Guest:
    """What the rule says of one order of units.

    Parameters
    ----------
    base, run, threshold
        Its three numbers.
    base_codes
        New codes in the base.
    ratios
        The share of new codes in each window over those in the base, the window sliding by one unit; the first window
        begins right after the base.
    reached
        After how many units the rule is met, as a Description; Undefined with the reason where it is not.
    """

    base: int
    run: int
    threshold: float
    base_codes: int
    ratios: tuple[float, ...]
    reached: Result

    @property
    def label(self) -> str:
        """As its authors write it, `6+2`: after 6 units, the 2 that followed brought too little; empty if not met."""
        return f"{int(self.reached.value) - self.run}+{self.run}" if isinstance(self.reached, Description) else ""

    @property
    def rule(self) -> str:
        """Its three numbers in words."""
        return f"base {self.base}, run {self.run}, threshold {self.threshold:.0%}"


def guest_saturation(
    new_codes: Sequence[int] | NDArray[np.int64], *, base: int = BASE, run: int = RUN, threshold: float = THRESHOLD,
    unit: str = "threads", frame: str = "the units given, in their order",
) -> Guest:  # fmt: skip
    r"""Guest, Namey & Chen's saturation ratio, and where it first falls to the threshold.

    With n_i the codes first seen in unit i and B = n_1 + ... + n_b those of the base, the window that begins at unit
    j = b + 1, b + 2, ... has the ratio (n_j + ... + n_{j+r-1}) / B. The rule is met by the first window whose ratio is
    at most the threshold; (j - 1) + r units have been read then.

    Parameters
    ----------
    new_codes
        Shape (units,): how many codes were first seen in each unit, in the order of coding.
    base, run, threshold
        b, r, and the share at or below which coding counts as saturated.
    unit, frame
        What the units are called, and what they are, for the result.

    Returns
    -------
    Guest
        `reached` is a Description in units; it describes this order of these units and generalises to nothing.

    Raises
    ------
    InputError
        If base or run is below 1, the threshold is outside [0, 1), or a number of new codes is negative.
    """
    _checked(base, run, threshold)
    new = np.asarray(new_codes, dtype=np.int64)
    if (new < 0).any():
        raise InputError("a unit cannot have fewer than no new codes; give how many codes were first seen in each")
    base_codes = int(new[:base].sum())
    ratios, point = _ratios(new[None, :], base, run), int(reached_at(new[None, :], base, run, threshold)[0])
    reached: Result
    if len(new) < base + run:
        reached = Undefined(f"{len(new)} {unit} are fewer than the base of {base} and one run of {run}")
    elif not base_codes:
        reached = Undefined(f"the first {base} {unit} showed no code, so later ones have nothing to be a share of")
    elif not point:
        lowest = float(ratios.min())
        reached = Undefined(
            f"not reached in {len(new)} {unit}: no {run} in a row brought {threshold:.0%} or less of the base's "
            f"{base_codes} codes (the lowest share is {lowest:.1%})"
        )
    else:
        reached = Description(point, len(new), frame, unit)
    shares = tuple(float(ratio) for ratio in ratios[0]) if base_codes else ()
    return Guest(base, run, threshold, base_codes, shares, reached)


def reached_at(new: NDArray[np.int64], base: int, run: int, threshold: float) -> NDArray[np.int64]:
    """For each order, after how many units the rule is met; 0 where it is not.

    Parameters
    ----------
    new
        Shape (orders, units): codes first seen in each unit.
    """
    ratios = _ratios(new, base, run)
    if not ratios.shape[1]:
        return np.zeros(len(new), dtype=np.int64)
    met = ratios <= threshold
    return np.where(met.any(axis=1), base + np.argmax(met, axis=1) + run, 0)


def _ratios(new: NDArray[np.int64], base: int, run: int) -> NDArray[np.float64]:
    """Shape (orders, windows); infinite where the base has no codes, for then nothing is a share of it."""
    seen = np.concatenate([np.zeros((len(new), 1), dtype=np.int64), np.cumsum(new, axis=1)], axis=1)
    windows = seen[:, base + run :] - seen[:, base : max(base, seen.shape[1] - run)]
    in_base = seen[:, min(base, seen.shape[1] - 1)].astype(float)
    return np.where(in_base[:, None] > 0, windows / np.maximum(in_base, 1)[:, None], np.inf)


def _checked(base: int, run: int, threshold: float) -> None:
    if base < 1 or run < 1:
        raise InputError(f"the base and the run need at least one unit each, not {base} and {run}")
    if not 0 <= threshold < 1:
        raise InputError(f"the threshold is a share from 0 to below 1, such as 0.05, not {threshold:g}")
