"""Krippendorff's alpha: the values its papers print, and where it is undefined."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from tests.agreement import published
from tests.agreement.published import N, Rows, from_table

from resilens.agreement import krippendorff_alpha
from resilens.errors import InputError
from resilens.results.types import Description, Result, Undefined


def alpha(table: object, level: str = "nominal", **how: object) -> float:
    result = krippendorff_alpha(table, level, interval=False, **how)  # type: ignore[arg-type]
    assert isinstance(result, Description), result
    return result.value


def reason(result: Result) -> str:
    assert isinstance(result, Undefined), result
    return result.reason


def test_krippendorff_2011_example_a_binary() -> None:
    """Computing Krippendorff's Alpha-Reliability, section A: two coders, nominal, no gaps."""
    assert alpha(published.KRIPPENDORFF_2011_A) == pytest.approx(0.0952, abs=5e-5)


def test_krippendorff_2011_example_b_nominal() -> None:
    """The same, section B: five values."""
    assert alpha(published.KRIPPENDORFF_2011_B) == pytest.approx(0.6920, abs=5e-4)


@pytest.mark.parametrize(
    ("level", "value"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_krippendorff_2011_example_c_and_d_gaps(level: str, value: float) -> None:
    """The same, sections C and D: four coders with gaps, four levels; a unit coded once is left out."""
    assert alpha(published.KRIPPENDORFF_2011_C, level) == pytest.approx(value, abs=5e-4)


@pytest.mark.parametrize(("level", "value"), [("ordinal", 0.7598), ("nominal", 0.4765), ("interval", 0.7574)])
def test_hayes_krippendorff_2007(level: str, value: float) -> None:
    """Communication Methods and Measures 1(1), p. 84: 40 units, five coders."""
    assert alpha(published.HAYES_KRIPPENDORFF_2007, level) == pytest.approx(value, abs=5e-5)


@pytest.mark.parametrize(("level", "value"), [("nominal", 0.642), ("interval", 0.547), ("ratio", 0.483)])
def test_krippendorff_1980(level: str, value: float) -> None:
    """Content Analysis, p. 139: nine units, three coders."""
    assert alpha(published.KRIPPENDORFF_1980_P139, level) == pytest.approx(value, abs=5e-4)


def test_krippendorff_2004_p227() -> None:
    """Content Analysis, 2nd ed., p. 227."""
    assert alpha(published.KRIPPENDORFF_2004_P227) == pytest.approx(0.734, abs=5e-4)


def test_gwet_2014_raw_4_raters() -> None:
    """irrCAC's krippen.alpha.raw on raw4raters prints 0.74342."""
    assert alpha(published.RAW_4_RATERS) == pytest.approx(0.74342, abs=5e-6)


def test_passonneau_2006_masi_is_the_jaccard_similarity_times_its_monotonicity() -> None:
    """1 - J M, M 2/3 where one set holds the other: {a} and {a, b} are 2/3 apart (DKPro would make it 1/6)."""
    a, b, c = frozenset("a"), frozenset("ab"), frozenset("bc")
    assert alpha([[a, b], [a, a], [c, c]], "masi") == pytest.approx(_by_hand(2 / 3 * 1 / 2, 2 / 3 / 2, 1 / 3 / 3, 0))


def _by_hand(*similarities: float) -> float:
    """Alpha of (a, ab), (a, a), (bc, bc) from the similarities a-ab (observed), a-ab, ab-bc and a-bc."""
    observed = 2 * (1 - similarities[0]) / 6
    apart = {"a-ab": 1 - similarities[1], "ab-bc": 1 - similarities[2], "a-bc": 1 - similarities[3]}
    expected = 2 * (3 * 1 * apart["a-ab"] + 1 * 2 * apart["ab-bc"] + 3 * 2 * apart["a-bc"]) / (6 * 5)
    return 1 - observed / expected


def test_two_empty_sets_agree() -> None:
    """The commonest row of multi-label coding, nothing applies, on which nltk's MASI divides by zero."""
    nothing: frozenset[str] = frozenset()
    units = [[nothing, nothing]] * 3 + [[frozenset("a"), frozenset("a")]]
    assert alpha(units, "masi") == pytest.approx(1.0)
    assert alpha(units, "jaccard") == pytest.approx(1.0)


def test_sets_may_be_written_with_a_separator() -> None:
    table = pd.DataFrame({"unit": [1, 1, 2, 2, 3, 3], "coder": ["a", "b"] * 3,
                          "value": ["x;y", "y; x", "", ";", "x", "y"]})  # fmt: skip
    sets = [[frozenset("xy"), frozenset("xy")], [frozenset(), frozenset()], [frozenset("x"), frozenset("y")]]
    assert alpha(table, "jaccard", separator=";") == pytest.approx(alpha(sets, "jaccard"))


def test_words_have_an_order_where_it_is_given() -> None:
    words = {0: "none", 1: "some", 2: "much", 3: "all", None: None}
    table = [[words[value] for value in unit] for unit in published.HAYES_KRIPPENDORFF_2007]
    assert alpha(table, "ordinal", values=["none", "some", "much", "all"]) == pytest.approx(0.7598, abs=5e-5)
    with pytest.raises(InputError, match="no order.*lowest first"):
        krippendorff_alpha(table, "ordinal")


def test_an_unused_value_in_between_does_not_change_ordinal_alpha() -> None:
    """Its own rank counts nothing: the distance sums totals, and its total is 0 (2004, p. 236)."""
    rows = published.HAYES_KRIPPENDORFF_2007
    assert alpha(rows, "ordinal", values=[0, 1, 1.5, 2, 3]) == pytest.approx(alpha(rows, "ordinal"))


@pytest.mark.parametrize(("level", "value"), [("interval", "words"), ("ratio", -1), ("nominl", 1)])
def test_values_and_levels_at_fault_are_named(level: str, value: object) -> None:
    with pytest.raises(InputError, match=r"interval data are numbers|nothing below it|did you mean 'nominal'"):
        krippendorff_alpha([[value, 1], [2, 2]], level)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([["no", "no"], ["no", "no"]], "no variation: every judgement is no"),
        ([["a"], ["b"]], "agreement needs two coders, and there is one"),
        ([[None, None], [None, None]], "there is none with a judgement"),
        ([["a", N], [N, "b"]], "no unit was coded by two coders"),
        ([["a", "a"], ["b", N]], "every judgement of a unit coded twice is a"),
    ],
)
def test_undefined_has_a_reason(rows: Rows, why: str) -> None:
    assert why in reason(krippendorff_alpha(rows))


def test_perfect_agreement_is_one_and_chance_is_nought() -> None:
    assert alpha(from_table([[5, 0], [0, 5]])) == 1.0
    even = from_table([[2500, 2500], [2500, 2500]])
    assert alpha(even) == pytest.approx(0, abs=2e-4)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("column", "level", "value"),
    [("n_pictures", "nominal", 0.8797), ("n_pictures", "ratio", 0.9078), ("pop_elite", "nominal", 0.3391),
     ("pop_people", "nominal", 0.2870), ("pop_othering", "nominal", 0.5657), ("type", "nominal", 1.0)],
)  # fmt: skip
def test_tidycomm_fbposts(shared: Path, column: str, level: str, value: float) -> None:
    table = pd.read_csv(shared / "agreement" / "fbposts.csv")
    assert alpha(table, level, unit="post_id", coder="coder_id", value=column) == pytest.approx(value, abs=5e-5)


@pytest.mark.shared
def test_hs_brexit(shared: Path) -> None:
    table = pd.read_csv(shared / "agreement" / "hs-brexit-dev.csv")
    assert alpha(table, value="hate") == pytest.approx(0.3521, abs=5e-5)
