"""Does the interval of alpha cover what it promises? Worlds of known agreement, threads drawn and units drawn.

    python benchmarks/agreement_coverage.py [worlds]

Each world has threads of negative-binomial size (51 units in the mean), some harder to code than others: in each thread
every coder errs at a rate drawn once from Beta(.38, 2.34), mean .14, so that in most threads hardly anything and in
some a lot is miscoded. In the *clumped* worlds the code is common in some threads and absent from most, too. The truth
is alpha of the population of threads.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resilens.agreement.coefficients.krippendorff import recipe
from resilens.agreement.coefficients.recipes import Recipe
from resilens.agreement.interval import resample
from resilens.agreement.reading import read_patterns

Codes = NDArray[np.int64]

A, B = 0.38, 2.34
ERROR = A / (A + B)
ERROR_SQUARED = A * (A + 1) / ((A + B) * (A + B + 1))
"""The means of the error and of its square."""


@dataclass(frozen=True)
class World:
    """How coding is made: the share of units that truly have the code, threads, coders; whether the code clumps."""

    prevalence: float
    threads: int = 200
    coders: int = 2
    clumped: bool = False

    @property
    def alpha(self) -> float:
        """Alpha of the population: two coders differ where just one of them errs."""
        differ = 2 * (ERROR - ERROR_SQUARED)
        share = self.prevalence * (1 - ERROR) + (1 - self.prevalence) * ERROR
        return 1 - differ / (2 * share * (1 - share))


WORLDS = {"usual": World(0.25), "rare": World(0.03), "three coders": World(0.25, coders=3),
          "50 threads": World(0.25, threads=50), "20 threads": World(0.25, threads=20),
          "clumped": World(0.25, clumped=True), "rare, clumped": World(0.03, clumped=True)}  # fmt: skip


def world(made: World, generator: np.random.Generator) -> tuple[Codes, Codes]:
    """Judgements, units x coders, and each unit's thread."""
    size = 1 + generator.negative_binomial(2, 2 / 52, made.threads)
    thread = np.repeat(np.arange(made.threads), size)
    share: float | NDArray[np.float64] = made.prevalence
    if made.clumped:
        share = generator.beta(4 * made.prevalence, 4 * (1 - made.prevalence), made.threads)[thread]
    error = generator.beta(A, B, made.threads)[thread]
    true = generator.random(len(thread)) < share
    wrong = generator.random((len(thread), made.coders)) < error[:, None]
    return (true[:, None] ^ wrong).astype(np.int64), thread


def interval(rows: Codes, threads: list[int] | None, seed: int) -> tuple[float, float]:
    """The 95 % percentile interval, 2,000 draws."""
    patterns = read_patterns(rows, cluster=threads)
    cooked = recipe(patterns)
    assert isinstance(cooked, Recipe)
    low, high = np.quantile(resample(cooked, patterns, 2000, seed), [0.025, 0.975])
    return float(low), float(high)


def main() -> None:
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    started = time.perf_counter()
    print(f"{worlds} worlds each, nominal 95 %, 2,000 draws; ± two standard errors of the coverage\n")
    print(f"{'world':15} {'threads':>7} {'alpha':>6}   {'units drawn':>22}   {'threads drawn':>22}")
    for name, made in WORLDS.items():
        covered, width = np.zeros(2), np.zeros(2)
        for seed in range(worlds):
            rows, thread = world(made, np.random.default_rng(seed))
            for place, cluster in enumerate((None, thread.tolist())):
                low, high = interval(rows, cluster, seed)
                covered[place] += low <= made.alpha <= high
                width[place] += high - low
        share = covered / worlds
        error = 2 * np.sqrt(share * (1 - share) / worlds)
        cells = [f"{share[n]:.1%} ± {error[n]:.1%} ({width[n] / worlds:.3f})" for n in range(2)]
        print(f"{name:15} {made.threads:>7} {made.alpha:>6.3f}   {cells[0]:>22}   {cells[1]:>22}", flush=True)
    print(f"\nin brackets the mean width; {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
