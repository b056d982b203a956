"""On simulated worlds whose truth is known the measures find what was put in; see benchmarks/measures_recovery.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from benchmarks.measures_recovery import FAULTLESS, Coder, Recovered, coverage, false_findings, inside, one_world

from resilens.results.types import Undefined

WORLDS = range(500, 503)
OVERLOOKING: Coder = (0.5, 0.0)


@pytest.fixture(scope="module")
def many() -> list[Recovered]:
    """Every estimate of a few worlds, beside its truth; their items coded without error."""
    return [one for seed in WORLDS for one in one_world(seed, items=6_000)[FAULTLESS]]


def rows(found: list[Recovered], *words: str) -> Iterator[Recovered]:
    for kind, own in coverage(found).items():
        if any(word in kind for word in words):
            yield from own


@pytest.mark.slow
def test_shares_cover_their_truth(many: list[Recovered]) -> None:
    found = list(rows(many, "share of", "part of its"))
    assert len(found) > 300
    covered = sum(map(inside, found)) / len(found)
    bias = sum(one.result.value - one.truth for one in found) / len(found)  # type: ignore[operator, union-attr]
    print(f"{covered:.3f} of {len(found)} shares, bias {bias:+.4f}")
    assert covered > 0.91
    assert abs(bias) < 0.01


@pytest.mark.slow
def test_times_and_orders_cover_theirs(many: list[Recovered]) -> None:
    """Those of all that was captured, its weeks taken together as in the sample; beside them its own, finer weeks."""
    found = list(rows(many, "onset", "centre", "spread", "before"))
    assert len(found) > 100
    covered = sum(map(inside, found)) / len(found)
    print(f"{covered:.3f} of {len(found)} times and orders")
    assert covered > 0.93
    centres = list(rows(many, "centre"))
    covered = sum(map(inside, centres)) / len(centres)
    print(f"{covered:.3f} of {len(centres)} centres")
    assert len(centres) > 40
    assert covered > 0.9
    assert all(one.finer is not None for one in centres)
    assert sum(one.finer != one.truth for one in centres) > len(centres) / 2


@pytest.mark.slow
def test_worse_coders_are_seen_in_what_is_found() -> None:
    """Half of the tributes overlooked: the share is about half, and its interval leaves the truth."""
    found = one_world(WORLDS[0], items=6_000, coders=(FAULTLESS, OVERLOOKING), wanted=("practices",))
    best, worse = (next(one for one in found[coder] if one.name == "practice.tribute: share of posts, all")
                   for coder in (FAULTLESS, OVERLOOKING))  # fmt: skip
    assert worse.truth == best.truth
    assert worse.result.value < 0.75 * best.result.value  # type: ignore[union-attr]


@pytest.mark.slow
def test_a_quiet_world_gives_few_false_findings() -> None:
    said = false_findings(one_world(600, name="quiet", items=6_000)[FAULTLESS])
    flags = [flag for own in said.values() for flag in own]
    print(f"{sum(flags)} of {len(flags)} false")
    assert len(flags) > 50
    assert sum(flags) / len(flags) < 0.08


@pytest.mark.slow
def test_what_a_world_makes_impossible_is_undefined(many: list[Recovered]) -> None:
    reasons = {one.result.reason for one in many if isinstance(one.result, Undefined)}
    assert reasons
    assert all(reason.strip() and "nan" not in reason.lower().split() for reason in reasons)
