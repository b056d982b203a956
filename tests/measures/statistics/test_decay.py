"""Decay fitted to curves whose law is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from resilens.measures.statistics.decay import contenders, decays, remainder

DAYS = np.arange(90)


def test_an_exponential_is_recovered_with_its_half_life() -> None:
    best = decays(5000 * np.exp(-0.1 * DAYS))[0]
    assert best.model == "exponential"
    assert best.parameters["r"] == pytest.approx(0.1, rel=1e-4)
    assert best.half_life == pytest.approx(math.log(2) / 0.1, rel=1e-4)


def test_a_power_law_is_recovered_with_its_half_life() -> None:
    best = decays(5000 * (DAYS + 1.0) ** -1.3)[0]
    assert best.model == "power law"
    assert best.parameters["r"] == pytest.approx(1.3, rel=1e-4)
    assert best.half_life == pytest.approx(2 ** (1 / 1.3) - 1, rel=1e-4)


def test_two_rates_are_recovered() -> None:
    best = decays(4000 * np.exp(-0.5 * DAYS) + 200 * np.exp(-0.02 * DAYS))[0]
    assert best.model == "biexponential"
    assert [round(best.parameters[name], 3) for name in "arbs"] == pytest.approx([4000, 0.5, 200, 0.02], rel=1e-3)
    early = 4000 * np.exp(-0.5 * best.half_life) + 200 * np.exp(-0.02 * best.half_life)
    assert early == pytest.approx(2100, rel=1e-3)


@pytest.mark.parametrize(
    ("model", "curve"),
    [("exponential", 300 * np.exp(-0.08 * DAYS)), ("power law", 800 * (DAYS + 1.0) ** -1.0),
     ("biexponential", 900 * np.exp(-0.6 * DAYS) + 60 * np.exp(-0.01 * DAYS))],
)  # fmt: skip
def test_the_law_behind_poisson_counts_is_among_the_contenders(model: str, curve: np.ndarray) -> None:
    generator = np.random.default_rng(5)
    named = [{fit.model for fit in contenders(decays(generator.poisson(curve)))} for _ in range(10)]
    assert sum(model in one for one in named) >= 9


def test_few_noisy_days_are_undecided() -> None:
    assert len(contenders(decays([9, 4, 6, 3, 5, 2, 4, 1, 3, 2, 1, 2, 0, 1]))) > 1


def test_the_remainder_is_the_mean_of_the_last_28_days_over_the_peak() -> None:
    assert remainder([1, 10, *[0] * 20, *[2] * 28]) == pytest.approx(0.2)
    for short in ([5] * 28, []):
        with pytest.raises(ValueError, match="follow the peak|needs a peak"):
            remainder(short)


@pytest.mark.parametrize(
    ("counts", "words"), [([1] * 13, "14 days"), ([0] * 20, "not all 0"), ([-1] * 20, "0 or more")]
)
def test_what_cannot_be_fitted_is_refused(counts: list[int], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        decays(counts)
