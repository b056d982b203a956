"""Random numbers have the distribution they are asked for, and depend on nothing but seed, stream and id."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from resilens.simulate.streams import Streams, combined, mixed

MILLION = np.arange(1_000_000, dtype=np.uint64)
STREAMS = Streams(7)


def correlation(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(one, other)[0, 1])


def test_a_million_numbers_are_uniform() -> None:
    chances = []
    for stream in ("join", "post.time", *map(str, range(10))):
        drawn = STREAMS.uniform(stream, MILLION)
        assert drawn.min() > 0
        assert drawn.max() < 1
        chances.append(stats.kstest(drawn, "uniform").pvalue)
    assert min(chances) > 1e-3 / len(chances)
    assert stats.kstest(chances, "uniform").pvalue > 1e-3  # of good numbers the p-values are uniform themselves


def test_neighbours_are_independent() -> None:
    drawn = STREAMS.uniform("join", MILLION)
    for apart in (1, 2, 64):
        assert abs(correlation(drawn[:-apart], drawn[apart:])) < 4e-3
    cells = np.histogram2d(drawn[:-1], drawn[1:], bins=16)[0]
    assert stats.chisquare(cells.ravel()).pvalue > 1e-3


def test_streams_and_seeds_are_independent() -> None:
    drawn = STREAMS.uniform("join", MILLION)
    others = (STREAMS.uniform("leave", MILLION), Streams(8).uniform("join", MILLION))
    for other in others:
        assert abs(correlation(drawn, other)) < 4e-3
        assert stats.chisquare(np.histogram2d(drawn, other, bins=16)[0].ravel()).pvalue > 1e-3


def test_ids_of_things_that_belong_to_ids_do_not_meet() -> None:
    owners = np.repeat(np.arange(100_000, dtype=np.uint64), 5)
    ids = combined(owners, np.tile(np.arange(5), 100_000))
    assert np.unique(ids).size == ids.size
    assert stats.kstest(STREAMS.uniform("x", ids), "uniform").pvalue > 1e-3


def test_mixing_is_splitmix64s() -> None:
    # The first outputs of the reference implementation (Vigna, prng.di.unimi.it/splitmix64.c) from state 0.
    gamma = np.uint64(0x9E3779B97F4A7C15)
    state = np.arange(1, 4, dtype=np.uint64) * gamma
    assert [hex(word) for word in mixed(state).tolist()] == [
        "0xe220a8397b1dcdaf", "0x6e789e6aa1b965f4", "0x6c45d188009454f",
    ]  # fmt: skip


@given(st.integers(), st.lists(st.integers(0, 2**64 - 1), min_size=2, max_size=40), st.data())
def test_chunks_and_order_change_nothing(seed: int, written: list[int], data: st.DataObject) -> None:
    ids, streams = np.array(written, np.uint64), Streams(seed)
    cut = data.draw(st.integers(1, len(written) - 1))
    order = np.array(data.draw(st.permutations(range(len(written)))))
    mean = np.full(ids.size, 3.0)
    for name in ("uniform", "exponential", "normal"):
        draw = getattr(streams, name)
        whole = draw("x", ids)
        assert np.array_equal(whole, np.concatenate([draw("x", ids[:cut]), draw("x", ids[cut:])]))
        assert np.array_equal(whole[order], draw("x", ids[order]))
    counts = streams.poisson("x", ids, mean)
    assert np.array_equal(counts[order], streams.poisson("x", ids[order], mean[order]))


def test_blocks_change_nothing() -> None:
    whole = STREAMS.uniform("join", MILLION[:100_003])
    parts = [STREAMS.uniform("join", part) for part in np.array_split(MILLION[:100_003], 7)]
    assert np.array_equal(whole, np.concatenate(parts))


def test_exponential_and_normal_numbers() -> None:
    assert stats.kstest(STREAMS.exponential("x", MILLION), "expon").pvalue > 1e-3
    assert stats.kstest(STREAMS.normal("x", MILLION), "norm").pvalue > 1e-3


@pytest.mark.parametrize("mean", [0.0, 0.2, 3.0, 80.0, 600.0])
def test_poisson_numbers(mean: float) -> None:
    ids = MILLION[:: 1 if mean < 10 else 50]
    drawn = STREAMS.poisson("x", ids, np.full(ids.size, mean))
    within(drawn, mean, mean, fourth_central=mean * (1 + 3 * mean))


def test_poisson_numbers_follow_their_own_means() -> None:
    mean = np.where(MILLION % 2 == 0, 1.0, 5.0)
    drawn = STREAMS.poisson("x", MILLION, mean)
    within(drawn[::2], 1.0, 1.0, fourth_central=4.0)
    within(drawn[1::2], 5.0, 5.0, fourth_central=5.0 * 16)


@pytest.mark.parametrize("mean", [-1.0, 701.0])
def test_a_mean_that_inversion_cannot_take_is_refused(mean: float) -> None:
    with pytest.raises(ValueError, match="a mean outside"):
        STREAMS.poisson("x", MILLION[:3], np.array([1.0, mean, 1.0]))


@pytest.mark.parametrize("shape", [0.22, 0.5, 2.0])
def test_gamma_numbers(shape: float) -> None:
    drawn = STREAMS.gamma("x", MILLION, shape)
    within(drawn, 1.0, 1 / shape, fourth_central=(3 + 6 / shape) / shape**2)
    assert stats.kstest(drawn, stats.gamma(shape, scale=1 / shape).cdf).pvalue > 1e-3


@pytest.mark.parametrize(("mean", "size"), [(0.35, 0.4), (3.6, 0.25), (3.0, 2.0)])
def test_negative_binomial_numbers(mean: float, size: float) -> None:
    drawn = STREAMS.negative_binomial("x", MILLION, np.full(MILLION.size, mean), size)
    law = stats.nbinom(size, size / (size + mean))
    variance = mean + mean**2 / size
    within(drawn, mean, variance, fourth_central=(3 + float(law.stats("k"))) * variance**2)
    nothing = float(law.pmf(0))
    assert abs((drawn == 0).mean() - nothing) < 4 * np.sqrt(nothing * (1 - nothing) / MILLION.size)


def test_choices_follow_their_weights() -> None:
    weights = np.array([1.0, 0.0, 3.0, 6.0])
    drawn = STREAMS.chosen("x", MILLION, np.cumsum(weights))
    many = np.bincount(drawn, minlength=4)
    assert many[1] == 0
    assert stats.chisquare(many[[0, 2, 3]], MILLION.size * weights[[0, 2, 3]] / 10).pvalue > 1e-3
    rows = np.broadcast_to(np.cumsum(weights), (MILLION.size, 4))
    assert np.array_equal(STREAMS.chosen("x", MILLION, rows), drawn)


def test_whole_numbers_below_a_size() -> None:
    drawn = STREAMS.below("x", MILLION, 7)
    assert stats.chisquare(np.bincount(drawn, minlength=7)).pvalue > 1e-3
    assert np.array_equal(STREAMS.below("x", MILLION[:9], np.ones(9)), np.zeros(9))


def within(drawn: np.ndarray, mean: float, variance: float, fourth_central: float) -> None:
    """Mean and variance are those of the law, within four standard errors."""
    error = np.sqrt(variance / drawn.size)
    assert abs(drawn.mean() - mean) <= 4 * error
    assert abs(drawn.var() - variance) <= 4 * np.sqrt(max(fourth_central - variance**2, 0.0) / drawn.size)
