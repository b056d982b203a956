"""How is a random number drawn so that nothing else depends on it? By its key: (seed, stream, id).

Every draw of the simulator is a function of the seed, the name of what is drawn ("join", "post.time") and the id of the
user, post or comment it is drawn for. So the size of chunks, the order of work and switches of other parts never change
an unrelated draw, and scenarios share their random numbers.

The generator is SplitMix64 (Steele, Lea & Flood 2014, OOPSLA, p. 453) read at any position: the n-th output of a stream
whose state starts at `key` is mix(key + n * GAMMA). It is the generator that Java and numpy's own seeding use; numpy's
bit generators can be advanced to one position but not read at a million scattered ones.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Ids: TypeAlias = npt.NDArray[np.uint64]
Floats: TypeAlias = npt.NDArray[np.float64]

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_BLOCK = 1 << 15  # words that stay in the processor's cache while they are mixed


def mixed(words: Ids) -> Ids:
    """SplitMix64's finaliser of every word: a bijection of 64 bits whose output bits all depend on all input bits."""
    out = np.array(words, np.uint64)
    flat = out.reshape(-1)
    scratch = np.empty(min(_BLOCK, flat.size), np.uint64)
    for start in range(0, flat.size, _BLOCK):
        part = flat[start : start + _BLOCK]
        shifted = scratch[: part.size]
        for shift, factor in ((30, _FIRST), (27, _SECOND)):
            np.right_shift(part, np.uint64(shift), out=shifted)
            np.bitwise_xor(part, shifted, out=part)
            np.multiply(part, factor, out=part)
        np.right_shift(part, np.uint64(31), out=shifted)
        np.bitwise_xor(part, shifted, out=part)
    return out


def combined(ids: Ids, number: npt.ArrayLike) -> Ids:
    """The id of the `number`-th thing that belongs to each id: a user's third post, a comment's second reply."""
    step = (np.asarray(number).astype(np.uint64) + np.uint64(1)) * _GAMMA
    return mixed(ids + step)


class Streams:
    """All random numbers of one simulation.

    Parameters
    ----------
    seed
        Any integer.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def _key(self, stream: str) -> np.uint64:
        digest = hashlib.sha256(f"{self.seed}\x1f{stream}".encode()).digest()
        return np.uint64(int.from_bytes(digest[:8], "little"))

    def words(self, stream: str, ids: Ids) -> Ids:
        """64 random bits for each id."""
        return mixed(ids * _GAMMA + self._key(stream))

    def uniform(self, stream: str, ids: Ids) -> Floats:
        """A number in the open interval (0, 1) for each id: (53 random bits + 1/2) / 2^53."""
        high = (self.words(stream, ids) >> np.uint64(11)).astype(np.float64)
        high += 0.5
        high *= 2.0**-53
        return high

    def exponential(self, stream: str, ids: Ids) -> Floats:
        """A number from the exponential distribution of mean 1 for each id: -log U."""
        drawn = self.uniform(stream, ids)
        np.log(drawn, out=drawn)
        return np.negative(drawn, out=drawn)

    def normal(self, stream: str, ids: Ids) -> Floats:
        """A standard normal number for each id, by the inverse of its distribution function."""
        from scipy.special import ndtri

        return np.asarray(ndtri(self.uniform(stream, ids)), np.float64)

    def below(self, stream: str, ids: Ids, size: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """An integer in 0, ..., size - 1 for each id; `size` may differ from id to id and stays below 2^53."""
        return np.asarray(self.uniform(stream, ids) * np.asarray(size), np.int64)

    def chosen(self, stream: str, ids: Ids, cumulative: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """The place in a table of weights for each id.

        Parameters
        ----------
        cumulative
            Cumulated weights along the last axis: one table (K,) for all ids, or a table a row (N, K).
        """
        drawn = self.uniform(stream, ids)
        if cumulative.ndim == 1:
            found = np.searchsorted(cumulative, drawn * cumulative[-1], side="right")
            return np.asarray(np.minimum(found, cumulative.size - 1), np.int64)
        return np.asarray((drawn[:, None] * cumulative[:, -1:] >= cumulative[:, :-1]).sum(axis=1), np.int64)

    def poisson(self, stream: str, ids: Ids, mean: Floats) -> npt.NDArray[np.int64]:
        """A Poisson number for each id, by inversion; meant for means below a few hundred.

        Raises
        ------
        ValueError
            If a mean is negative or above 700, where exp(-mean) vanishes.
        """
        if mean.size and not (mean.min() >= 0 and mean.max() <= 700):
            raise ValueError(f"a mean outside 0 ... 700: {mean.min()} ... {mean.max()}")
        drawn, count = self.uniform(stream, ids), np.zeros(ids.size, np.int64)
        term = np.exp(-mean)
        total = term.copy()
        open_ = np.flatnonzero(drawn > total)
        step = 0
        while open_.size:
            step += 1
            term[open_] *= mean[open_] / step
            total[open_] += term[open_]
            count[open_] = step
            open_ = open_[(drawn[open_] > total[open_]) & (term[open_] > 0)]
        return count

    def gamma(self, stream: str, ids: Ids, shape: float) -> Floats:
        """A gamma number of mean 1 for each id, by the inverse of its distribution function (interpolated)."""
        logit, tabulated = _gamma_quantiles(shape)
        drawn = self.uniform(stream, ids)
        return np.asarray(np.interp(np.log(drawn) - np.log1p(-drawn), logit, tabulated), np.float64)

    def negative_binomial(self, stream: str, ids: Ids, mean: Floats, size: float) -> npt.NDArray[np.int64]:
        """A negative binomial number for each id: Poisson with a gamma mean; variance mean + mean^2 / size."""
        rate = self.gamma(f"{stream}.rate", ids, size) * mean
        return self.poisson(f"{stream}.count", ids, np.minimum(rate, 700.0))


@lru_cache
def _gamma_quantiles(shape: float) -> tuple[Floats, Floats]:
    """Quantiles of the gamma distribution of mean 1 on a grid of logits of the probability, which keeps both tails."""
    from scipy.special import gammainccinv, gammaincinv

    logit = np.linspace(-36.0, 36.0, 4096)
    below, above = 1.0 / (1.0 + np.exp(-logit)), 1.0 / (1.0 + np.exp(logit))
    lower, upper = gammaincinv(shape, below), gammainccinv(shape, above)
    return logit, np.where(logit < 0, lower, upper) / shape
