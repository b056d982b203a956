"""Any table becomes the same patterns; what is wrong with a table is said so that its owner can mend it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.agreement import krippendorff_alpha, read_patterns
from resilens.agreement.patterns import PIVOTED, Patterns
from resilens.errors import InputError

ROWS = [["yes", "no", None], ["yes", "yes", "yes"], [None, None, "no"], ["yes", "no", None]]
WIDE = pd.DataFrame(ROWS, columns=["a", "b", "c"])
LONG = pd.DataFrame([(unit, coder, value, f"t{unit // 2}") for unit, row in enumerate(ROWS)
                     for coder, value in zip("abc", row, strict=True)],
                    columns=["unit", "coder", "value", "post"])  # fmt: skip


def units(patterns: Patterns) -> dict[tuple[tuple[Any, Any], ...], int]:
    """Each pattern as (coder, value) pairs, and how many units show it."""
    found: dict[tuple[tuple[Any, Any], ...], int] = {}
    for place, number in enumerate(patterns.units):
        mine = np.flatnonzero(patterns.pattern == place)
        key = tuple(sorted((patterns.coders[patterns.coder[n]], patterns.values[patterns.value[n]]) for n in mine))
        found[key] = found.get(key, 0) + int(number)
    return found


EXPECTED = {(("a", "yes"), ("b", "no")): 2, (("a", "yes"), ("b", "yes"), ("c", "yes")): 1, (("c", "no"),): 1}


@pytest.mark.parametrize(
    ("table", "wide"),
    [(LONG, False), (WIDE, True), (pa.Table.from_pandas(LONG), False), (pa.Table.from_pandas(WIDE), True),
     (LONG.astype("category"), False), (LONG.sample(frac=1, random_state=1), False)],
    ids=["long", "wide", "arrow long", "arrow wide", "categories", "shuffled"],
)  # fmt: skip
def test_every_shape_of_table_gives_the_same_patterns(table: Any, wide: bool) -> None:
    patterns = read_patterns(table, wide=wide)
    assert units(patterns) == EXPECTED
    assert patterns.values == ("no", "yes")
    assert (patterns.n_units, patterns.n_pairable) == (4, 3)


@pytest.mark.parametrize("table", [ROWS, np.array(ROWS, dtype=object), tuple(map(tuple, ROWS))])
def test_arrays_are_units_by_coders(table: Any) -> None:
    renamed = {tuple((str("abc".index(coder)), value) for coder, value in key): n for key, n in EXPECTED.items()}
    assert units(read_patterns(table)) == renamed


def test_numbers_and_gaps_in_arrays() -> None:
    patterns = read_patterns(np.array([[1.0, np.nan], [2.0, 1.0], [1.0, 1.0]]))
    assert patterns.values == (1, 2)
    assert patterns.ordered
    assert patterns.judgements.sum() == 5


def test_a_column_with_gaps_written_as_decimals_does_not_make_coders_disagree() -> None:
    """A spreadsheet writes a column of whole numbers with gaps as 1.0."""
    patterns = read_patterns(pd.DataFrame({"a": ["1", "0", "1"], "b": ["1.0", "", "0.0"]}), wide=True)
    assert patterns.values == (0, 1)
    assert patterns.n_pairable == 2


@pytest.mark.parametrize("values", [[0, 1, 2], ["0", "1", "2"], [0.0, "1.0", 2]])
@pytest.mark.parametrize("cells", [[["0", "1"], ["1", "1"]], [[0, 1], [1, 1.0]]])
def test_declared_values_may_be_numbers_or_text(cells: list[list[Any]], values: list[Any]) -> None:
    assert read_patterns(cells, values=values).values == (0, 1, 2)


def test_long_ids_stay_apart() -> None:
    """As floating-point numbers these two would be one value."""
    for first, second in (("90071992547409931", "90071992547409932"), (90071992547409931, 90071992547409932)):
        assert read_patterns([[first, second], [first, first]]).values == (first, second)


def test_true_and_false_are_values() -> None:
    patterns = read_patterns([[True, False], [True, None]])
    assert patterns.values == (False, True)
    assert [value is True or value is False for value in patterns.values] == [True, True]


def test_values_mixed_and_sets() -> None:
    assert read_patterns([["a", 1], [1, "a"]]).values == (1, "a")
    assert read_patterns([[{"b", "a"}, frozenset("ab")], [set(), None]]).values == (frozenset(), frozenset("ab"))


def test_threads_as_a_column_or_as_a_list() -> None:
    by_column = read_patterns(LONG, cluster="post")
    by_list = read_patterns(ROWS, cluster=["t0", "t0", "t1", "t1"])
    assert by_column.clusters == by_list.clusters == ("t0", "t1")
    assert by_column.n_clusters == 2
    assert by_column.membership is not None
    assert by_column.membership.sum(axis=1).tolist() == [2, 2]


@pytest.mark.parametrize("wide", [True, False])
def test_beyond_so_many_coders_each_unit_is_a_pattern(wide: bool) -> None:
    generator = np.random.default_rng(1)
    array = np.where(generator.random((40, PIVOTED + 4)) < 0.3, generator.integers(3, size=(40, PIVOTED + 4)), np.nan)
    posts = np.arange(40) // 2
    few = read_patterns(array[:, :PIVOTED], cluster=list(posts))
    table: Any = pd.DataFrame(array).assign(post=posts)
    if not wide:
        table = table.reset_index(names="unit").melt(["unit", "post"], var_name="coder")
    many = read_patterns(table, wide=wide, cluster="post")
    assert len(many.units) == 40
    assert krippendorff_alpha(many, interval=False) == krippendorff_alpha(array.tolist(), interval=False)
    chosen = read_patterns(table, wide=wide, cluster="post", coders=few.coders)
    assert few.n_pairable == chosen.n_pairable
    assert krippendorff_alpha(few) == krippendorff_alpha(chosen)


@given(st.lists(st.lists(st.sampled_from([None, 0, 1, 2]), min_size=3, max_size=3), min_size=1, max_size=12))
def test_pairs_and_counts_are_those_of_the_units(rows: list[list[int | None]]) -> None:
    patterns = read_patterns(rows)
    expected: dict[tuple[int, int], int] = {}
    for row in rows:
        there = [value for value in row if value is not None]
        for i, first in enumerate(there):
            for j, second in enumerate(there):
                if i != j:
                    expected[first, second] = expected.get((first, second), 0) + 1
    found: dict[tuple[Any, Any], float] = {}
    pairs = patterns.pairs
    for place, first, second, number in zip(pairs.pattern, pairs.first, pairs.second, pairs.number, strict=True):
        key = patterns.values[first], patterns.values[second]
        found[key] = found.get(key, 0) + number * patterns.units[place]
    assert found == expected
    assert (patterns.units @ patterns.counts).sum() == sum(value is not None for row in rows for value in row)


def test_confusion_counts_what_both_coded() -> None:
    assert read_patterns(ROWS).confusion(0, 1).tolist() == [[0, 0], [2, 1]]


def faults(*arguments: Any, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        read_patterns(*arguments, **options)
    return str(caught.value)


def test_an_unknown_column_is_named_with_the_nearest() -> None:
    assert "no column 'valu' for the value; did you mean 'value'?" in faults(LONG, value="valu")
    assert "no column 'unit' for the unit; the columns are a, b, c (a table" in faults(WIDE)
    assert "no coder 'd'; the coders are a, b, c" in faults(LONG, coders=["d"])


def test_a_second_judgement_is_named() -> None:
    assert "unit 1: coder a judged this unit 2 times; keep one row" in faults(pd.concat([LONG, LONG.iloc[3:4]]))
    assert "there are more such units" in faults(pd.concat([LONG, LONG]))


def test_a_unit_in_two_threads_or_none_is_named() -> None:
    assert "unit 3: this unit is in two threads, t0 and t1" in faults(
        LONG.assign(post=[*LONG["post"][:-1], "t0"]), cluster="post"
    )
    assert "11 rows have nothing in 'post'" in faults(LONG.assign(post=["t", *[None] * 11]), cluster="post")
    assert "4 units and 1 threads" in faults(ROWS, cluster=["t"])


def test_other_faults_of_a_table() -> None:
    assert "not among the values declared: 'yes'" in faults(ROWS, values=["no", "maybe"])
    assert "no unit" in faults(LONG.iloc[:0])
    assert "no unit" in faults([])
    assert "an entry for every coder" in faults([[1, 2], [1]])
    assert "two dimensions, not 1" in faults(np.array([1, 2]))
