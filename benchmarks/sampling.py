"""Do the sample's intervals keep their promise? Drawn thousands of times from frames whose truth is known.

    python benchmarks/sampling.py [draws a frame] [frames a world]

Each world makes several frames with four strata (quotas 6, 12, 175, 7), comment counts more or less skewed, a code that
is commoner where there are more comments, posts that screening finds ineligible, and at most 50 comments read a post.
The draws are vectorised; chances, weights, variances and intervals are the package's own functions.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resilens.sampling.chance import inclusion_probabilities, mixed_sizes
from resilens.sampling.estimates import HEAVIEST_THREAD, Threads, share_of, stopping_correction, total_of

Array = NDArray[np.float64]
QUOTAS = (6, 12, 175, 7)
LIMIT = 50


@dataclass(frozen=True)
class World:
    """How a frame is made: posts a stratum, comment counts, prevalence on the logit scale, its rise with the counts."""

    posts: tuple[int, ...]
    comments: Callable[[np.random.Generator, int], NDArray[np.int64]]
    base: float = -0.8
    slope: float = 0.8
    ineligible: float = 0.12


def lognormal(spread: float) -> Callable[[np.random.Generator, int], NDArray[np.int64]]:
    return lambda rng, posts: np.floor(rng.lognormal(2.5, spread, posts)).astype(np.int64)


def zipf(exponent: float) -> Callable[[np.random.Generator, int], NDArray[np.int64]]:
    return lambda rng, posts: np.minimum(rng.zipf(exponent, posts) - 1, 5000).astype(np.int64)


USUAL = (60, 150, 1200, 80)
WORLDS = {
    "even": World(USUAL, lambda rng, posts: rng.poisson(20, posts).astype(np.int64)),
    "skewed": World(USUAL, lognormal(1.3)),
    "very skewed": World(USUAL, lognormal(1.7)),
    "zipf": World(USUAL, zipf(1.8)),
    "all eligible": World(USUAL, lognormal(1.3), ineligible=0.0),
    "many ineligible": World(USUAL, lognormal(1.3), ineligible=0.35),
    "rare code": World(USUAL, lognormal(1.3), base=-2.6),
    "popular code": World(USUAL, lognormal(1.3), base=-1.0, slope=1.5),
    "nearly all drawn": World((20, 40, 350, 22), lognormal(1.3)),
    "few, zipf": World((20, 50, 400, 26), zipf(1.7)),
}


@dataclass
class Stratum:
    """One stratum of a frame with its truth: comments captured, post coded, comments coded, post eligible."""

    quota: int
    comments: NDArray[np.int64]
    coded: Array
    coded_comments: NDArray[np.int64]
    eligible: NDArray[np.bool_]


@dataclass
class Draws:
    """Many draws from one stratum: each draw's examined posts in order, how many, and the coded among comments read."""

    stratum: Stratum
    order: NDArray[np.int64]
    examined: NDArray[np.int64]
    coded_read: NDArray[np.int64]
    chances: dict[int, Array]


@dataclass
class Figures:
    """What came of one frame: per quantity the interval's hits and the estimates less the truth."""

    truth: float
    hits: list[bool]
    errors: list[float]


def make_frame(world: World, rng: np.random.Generator) -> list[Stratum]:
    strata = []
    for posts, quota in zip(world.posts, QUOTAS, strict=True):
        comments = world.comments(rng, posts)
        size = np.log1p(comments)
        standing = (size - size.mean()) / max(float(size.std()), 0.1)
        coded = rng.random(posts) < 1 / (1 + np.exp(-(world.base + world.slope * standing)))
        within = 1 / (1 + np.exp(-(world.base + world.slope * standing + rng.normal(0, 1, posts))))
        strata.append(Stratum(quota, comments, coded.astype(float), rng.binomial(comments, within),
                              rng.random(posts) >= world.ineligible))  # fmt: skip
    return strata


def draw_many(stratum: Stratum, design: str, draws: int, rng: np.random.Generator) -> Draws:
    """Order sampling with refills, `draws` times at once."""
    posts = stratum.comments.size
    sizes = np.ones(posts) if design == "random" else mixed_sizes(stratum.comments)
    order = np.argsort(rng.random((draws, posts)) / sizes, axis=1)
    found = stratum.eligible[order].cumsum(axis=1)
    enough = found[:, -1] >= stratum.quota
    examined = np.where(enough, (found >= stratum.quota).argmax(axis=1) + 1, posts)
    read = np.minimum(stratum.comments, LIMIT)
    coded_read = rng.hypergeometric(stratum.coded_comments, stratum.comments - stratum.coded_comments, read,
                                    size=(draws, posts))  # fmt: skip
    chances = {int(number): inclusion_probabilities(sizes, int(number)) for number in np.unique(examined)}
    return Draws(stratum, order, examined, coded_read, chances)


def threads_of(strata: list[Draws], draw: int, comments: bool) -> Threads:
    """One draw as the estimators take it: its examined posts with what was read of each."""
    parts = []
    for number, rows in enumerate(strata):
        examined = int(rows.examined[draw])
        posts = rows.order[draw, :examined]
        truth = rows.stratum
        chance, eligible = rows.chances[examined][posts], truth.eligible[posts]
        by_chance = chance < 1
        factor = 1.0
        if examined < truth.comments.size:
            factor = stopping_correction(int((by_chance & eligible).sum()), int(by_chance.sum()))
        read = np.minimum(truth.comments[posts], LIMIT) if comments else np.ones(examined)
        coded = rows.coded_read[draw, posts] if comments else truth.coded[posts]
        up = np.where(read > 0, truth.comments[posts] / np.maximum(read, 1), 1.0) if comments else np.ones(examined)
        part = coded / np.maximum(read, 1)
        spread = np.where(up > 1, part * (1 - part) * read / np.maximum(read - 1, 1), 0.0)
        parts.append([np.full(examined, number), chance, np.where(by_chance, factor, 1.0), read * eligible, up,
                      coded * eligible, spread * eligible])  # fmt: skip
    return Threads(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def simulate(world: World, design: str, draws: int, seed: int) -> dict[str, Figures]:
    """Draw from one frame of the world; shares and totals of coded posts and comments."""
    rng = np.random.default_rng(seed)
    frame = make_frame(world, rng)
    strata = [draw_many(stratum, design, draws, rng) for stratum in frame]
    results = {}
    for kind in ("posts", "comments"):
        coded = sum(float((row.coded if kind == "posts" else row.coded_comments)[row.eligible].sum()) for row in frame)
        there = sum(float((row.eligible if kind == "posts" else row.comments[row.eligible]).sum()) for row in frame)
        threads = [threads_of(strata, draw, kind == "comments") for draw in range(draws)]
        for name, estimate, truth in (("share", share_of, coded / there), ("total", total_of, coded)):
            rows = [estimate(one) for one in threads]
            results[f"{name} of {kind}"] = Figures(
                truth, [low <= truth <= high for _, low, high in rows], [value - truth for value, _, _ in rows]
            )
    return results


def chances_kept(world: World, draws: int, seed: int) -> tuple[float, float]:
    """The sum of the target chances less what is examined, and the largest gap to the true chance of any post."""
    rng = np.random.default_rng(seed)
    off, widest = 0.0, 0.0
    for stratum in make_frame(world, rng):
        sizes = mixed_sizes(stratum.comments)
        target = inclusion_probabilities(sizes, stratum.quota)
        keys = rng.random((draws, sizes.size)) / sizes
        last = np.partition(keys, stratum.quota, axis=1)[:, : stratum.quota + 1]
        here, beyond = np.sort(last, axis=1)[:, -2:].T
        # Given all others, a post is drawn if its U is under its size times the others' last key: less noise than 0/1.
        drawn = keys <= here[:, None]
        true = np.minimum(1, sizes * np.where(drawn, beyond[:, None], here[:, None])).mean(axis=0)
        off = max(off, abs(float(target.sum()) - stratum.quota))
        widest = max(widest, float(np.abs(true - target).max()))
    return off, widest


def pooled(world: World, design: str, draws: int, frames: int) -> dict[str, tuple[float, float, float, float]]:
    """Over several frames: coverage and the lowest of any frame, relative bias and its Monte Carlo error."""
    each = [simulate(world, design, draws, seed) for seed in range(1, frames + 1)]
    rows = {}
    for name in each[0]:
        coverage = [float(np.mean(one[name].hits)) for one in each]
        bias = [float(np.mean(one[name].errors)) / one[name].truth for one in each]
        error = [float(np.std(one[name].errors)) / one[name].truth / draws**0.5 for one in each]
        rows[name] = (float(np.mean(coverage)), min(coverage), float(np.mean(bias)),
                      float(np.sqrt(np.square(error).sum())) / frames)  # fmt: skip
    return rows


def refused(world: World, design: str, frames: int) -> int:
    """In how many frames intervals for comments are refused, a single long thread being able to outweigh all others."""
    if design == "mixed":
        return 0
    made = [make_frame(world, np.random.default_rng(seed)) for seed in range(1, frames + 1)]
    return sum(max(row.comments.max() / row.comments.mean() for row in frame) > HEAVIEST_THREAD for frame in made)


def main(draws: int = 400, frames: int = 6) -> None:
    started = time.perf_counter()
    print(f"{frames} frames a world, {draws} draws a frame; quotas {QUOTAS}; nominal 95 %")
    print(f"{'design':7} {'world':17} {'quantity':18} {'coverage':>8} {'lowest':>7} {'rel. bias':>9} {'MC error':>8}")
    for design in ("mixed", "random"):
        for label, world in WORLDS.items():
            for name, (coverage, lowest, bias, error) in pooled(world, design, draws, frames).items():
                line = f"{design:7} {label:17} {name:18} {coverage:8.3f} {lowest:7.3f} {bias:+9.4f} {error:8.4f}"
                without = refused(world, design, frames) if name.endswith("comments") else 0
                print(f"{line}  refused in {without} of {frames} frames" if without else line)
    print("\ntarget chances of order sampling against the true ones (largest gap of any post)")
    for label, world in WORLDS.items():
        off, widest = chances_kept(world, 20 * draws, 1)
        print(f"{label:17} sum of chances off by {off:.1e}; largest gap {widest:.4f}")
    print(f"{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
