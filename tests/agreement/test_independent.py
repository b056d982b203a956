"""Coefficients against independent implementations on random data, gaps and all."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from nltk.metrics import jaccard_distance, masi_distance
from nltk.metrics.agreement import AnnotationTask
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_fleiss

from resilens.agreement import cohen_kappa, fleiss_kappa, krippendorff_alpha, scott_pi
from resilens.results.types import Description

Cells = st.sampled_from([None, 0, 1, 2, 3])


def tables(cells: st.SearchStrategy[Any], coders: tuple[int, int] = (2, 5)) -> st.SearchStrategy[list[list[Any]]]:
    """Units x coders."""
    return st.integers(*coders).flatmap(
        lambda m: st.lists(st.lists(cells, min_size=m, max_size=m), min_size=2, max_size=25)
    )


@given(tables(Cells), st.sampled_from(["nominal", "ordinal", "interval", "ratio"]))
@settings(deadline=None)
def test_alpha_is_that_of_the_package_krippendorff(rows: list[list[int | None]], level: str) -> None:
    result = krippendorff_alpha(rows, level, interval=False)
    assume(isinstance(result, Description))
    assert isinstance(result, Description)
    theirs = krippendorff.alpha(np.array(rows, dtype=float).T, level_of_measurement=level)
    assert result.value == pytest.approx(theirs, abs=1e-9)


@given(tables(st.sampled_from([0, 1, 2]), (2, 2)))
@settings(deadline=None)
def test_cohen_is_that_of_statsmodels(rows: list[list[int]]) -> None:
    table = np.zeros((3, 3))
    for first, second in rows:
        table[first, second] += 1
    for ours, theirs in (("identity", None), ("linear", "linear"), ("quadratic", "quadratic")):
        result = cohen_kappa(rows, ours, interval=False, values=[0, 1, 2])
        assume(isinstance(result, Description))
        assert isinstance(result, Description)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its standard error divides by zero
            assert result.value == pytest.approx(cohens_kappa(table, wt=theirs).kappa, abs=1e-9)


@given(tables(st.sampled_from([0, 1, 2])))
@settings(deadline=None)
def test_fleiss_is_that_of_statsmodels(rows: list[list[int]]) -> None:
    result = fleiss_kappa(rows, interval=False)
    assume(isinstance(result, Description))
    assert isinstance(result, Description)
    counts = np.array([[row.count(value) for value in range(3)] for row in rows])
    assert result.value == pytest.approx(statsmodels_fleiss(counts), abs=1e-9)


@given(tables(st.sampled_from([0, 1, 2]), (2, 2)))
@settings(deadline=None)
def test_scott_is_that_of_nltk(rows: list[list[int]]) -> None:
    result = scott_pi(rows, interval=False)
    assume(isinstance(result, Description))
    assert isinstance(result, Description)
    task = AnnotationTask([(coder, unit, value) for unit, row in enumerate(rows) for coder, value in enumerate(row)])
    assert result.value == pytest.approx(task.pi(), abs=1e-9)


@pytest.mark.parametrize(("level", "distance"), [("masi", masi_distance), ("jaccard", jaccard_distance)])
@given(rows=tables(st.frozensets(st.sampled_from("abc"), min_size=1), (2, 3)))
@settings(deadline=None)
def test_alpha_of_sets_is_that_of_nltk(
    level: str, distance: Callable[..., float], rows: list[list[frozenset[str]]]
) -> None:
    result = krippendorff_alpha(rows, level, interval=False)
    assume(isinstance(result, Description))
    assert isinstance(result, Description)
    judgements = [(coder, unit, value) for unit, row in enumerate(rows) for coder, value in enumerate(row)]
    assert result.value == pytest.approx(AnnotationTask(judgements, distance=distance).alpha(), abs=1e-9)
