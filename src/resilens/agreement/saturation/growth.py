"""How did one list grow, of codes or of pairs of a code with a stage, and what do the rules say of its growth?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from resilens.agreement.interval import SEED
from resilens.agreement.saturation import guest as rule
from resilens.agreement.saturation.curves import ORDERS, Curve, curve
from resilens.agreement.saturation.guest import Guest, guest_saturation
from resilens.agreement.saturation.incidence import Incidence
from resilens.agreement.saturation.richness import chao2, coverage
from resilens.errors import InputError
from resilens.results.types import Description, Result, Undefined, to_dict

BATCH = 10


@dataclass(frozen=True, slots=True)
class Settings:
    """What a result of saturation depends on besides the codings; all of it is stated with the result.

    Parameters
    ----------
    base, run, threshold
        Guest, Namey & Chen's three numbers; see `guest`.
    batch
        How many threads make a batch in the table of new codes.
    orders, seed
        How many random orders of the threads, and the seed they are drawn with.
    """

    base: int = rule.BASE
    run: int = rule.RUN
    threshold: float = rule.THRESHOLD
    batch: int = BATCH
    orders: int = ORDERS
    seed: int = SEED

    def __post_init__(self) -> None:
        if self.batch < 1 or self.orders < 1:
            raise InputError(f"a batch and the random orders need at least one, not {self.batch} and {self.orders}")


@dataclass(frozen=True, eq=False)
class Growth:
    """How one list grew: of codes, or of pairs of a code with a stage.

    Parameters
    ----------
    of
        What is listed: `emergent codes`, `emergent code-stage pairs`, `codes in use`, ...
    incidence, curve
        What was found where, and how the list grew.
    guest
        The rule with the run and threshold asked for, then with its other customary ones.
    guest_in_random_orders
        After how many threads half of the random orders meet the rule asked for; Undefined where fewer than half do.
    coverage, richness
        Good and Turing's coverage and Chao2.
    """

    of: str
    incidence: Incidence
    curve: Curve
    guest: tuple[Guest, ...]
    guest_in_random_orders: Result
    coverage: Result
    richness: Result

    def to_dict(self) -> dict[str, Any]:
        return {
            "of": self.of, "codes": len(self.incidence.codes), "threads": len(self.incidence.threads),
            "found_once": int((self.incidence.counts == 1).sum()),
            "found_twice": int((self.incidence.counts == 2).sum()),
            "last_new_at": self.last_new_at,
            "observed": self.curve.observed.tolist(), "mean": self.curve.mean.tolist(),
            "low": self.curve.low.tolist(), "high": self.curve.high.tolist(), "level": self.curve.level,
            "guest": [{"base": one.base, "run": one.run, "threshold": one.threshold, "base_codes": one.base_codes,
                       "ratios": list(one.ratios), "label": one.label, "reached": to_dict(one.reached)}
                      for one in self.guest],
            "guest_in_random_orders": to_dict(self.guest_in_random_orders),
            "coverage": to_dict(self.coverage), "chao2": to_dict(self.richness),
        }  # fmt: skip

    @property
    def last_new_at(self) -> int:
        """As the how-manieth thread (from 1) the one was read that last brought something new; 0 for none."""
        return int(self.incidence.first.max()) + 1 if self.incidence.codes else 0


def growth_of(of: str, incidence: Incidence, settings: Settings, frame: str, *, interval: bool = False) -> Growth:
    """How one list grew, with the results that describe it; `interval` says whether Chao2 may have one."""
    grown = curve(incidence, orders=settings.orders, seed=settings.seed)
    numbers = dict.fromkeys([(settings.run, settings.threshold),
                             *((run, threshold) for threshold in (0.05, 0.0) for run in (2, 3))])  # fmt: skip
    rules = tuple(guest_saturation(incidence.new, base=settings.base, run=run, threshold=threshold,
                                   frame=f"{frame}, in coding order") for run, threshold in numbers)  # fmt: skip
    threads, counts = len(incidence.threads), incidence.counts
    return Growth(
        of, incidence, grown, rules, _in_random_orders(grown, settings, frame), coverage(counts, threads, frame=frame),
        chao2(counts, threads, interval=interval, frame=frame),
    )  # fmt: skip


def _in_random_orders(grown: Curve, settings: Settings, frame: str) -> Result:
    met = rule.reached_at(grown.new, settings.base, settings.run, settings.threshold)
    reached = sorted(int(place) for place in met if place)
    half = (grown.orders + 1) // 2
    if len(reached) < half:
        return Undefined(f"the rule is met in {len(reached)} of {grown.orders} random orders, in fewer than half")
    words = f"{frame}; met by half of {grown.orders} random orders (seed {grown.seed})"
    return Description(reached[half - 1], grown.new.shape[1], words, "threads")
