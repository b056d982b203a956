"""Threads are drawn with replacement, in one sequence however large the blocks, and the same for every function."""

from __future__ import annotations

import numpy as np
import pytest

from resilens.results.resampling import drawn_at_once, resampled


def test_blocks_of_draws_are_one_sequence(monkeypatch: pytest.MonkeyPatch) -> None:
    sums = np.arange(40.0).reshape(20, 2)
    whole = resampled(sums, lambda totals: totals[:, 0], 50, 4)
    monkeypatch.setattr("resilens.results.resampling.BLOCK", 200)
    assert resampled(sums, lambda totals: totals[:, 0], 50, 4).tolist() == whole.tolist()


def test_the_same_threads_are_drawn_for_every_coefficient() -> None:
    assert drawn_at_once(30, 50, 3) is drawn_at_once(30, 50, 3)
    assert not drawn_at_once(30, 50, 3).flags.writeable
    assert (drawn_at_once(30, 50, 3).sum(axis=1) == 30).all()
