"""The unitizing alphas against the published formulas read character by character, and what must always hold."""

from __future__ import annotations

import doctest
import re
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resilens.agreement.coefficients.unitizing import (
    FORMULAS,
    assess_unitizing,
    binary_u_alpha,
    cu_alpha,
    k_cu_alpha,
    recipe,
    u_alpha,
)
from resilens.agreement.spans import coincidences
from resilens.errors import InputError
from resilens.results.types import Description, Estimate, Result, Undefined

Row = tuple[str, str, int | None, int | None, str | None]
Value = frozenset[str]
NOTHING: Value = frozenset()


def value(result: Result) -> float | None:
    return None if isinstance(result, Undefined) else result.value


def plain(rows: list[Row], lengths: dict[str, int], coefficient: str, code: str = "") -> float | None:
    result = assess_unitizing(coincidences(rows, lengths), coefficient, code, interval=False).result
    return value(result)


# --- the published formulas, character by character -------------------------------------------------------------------


def reading(spans: list[tuple[int, int, str]], length: int) -> tuple[list[Value], list[tuple[int, int, Value]]]:
    """What one coder makes of a text: a value a character, and the units and gaps."""
    united: list[tuple[int, int, str]] = []
    for code in {code for _, _, code in spans}:
        own: list[tuple[int, int, str]] = []
        for start, end, _ in sorted(span for span in spans if span[2] == code):
            if own and start < own[-1][1]:
                own[-1] = (own[-1][0], max(own[-1][1], end), code)
            else:
                own.append((start, end, code))
        united += own
    values = [frozenset(code for start, end, code in united if start <= x < end) for x in range(length)]
    bounds = sorted({0, length} | {bound for start, end, _ in united for bound in (start, end)})
    return values, [(low, high, values[low]) for low, high in zip(bounds, bounds[1:], strict=False)]


def tables(rows: list[Row], lengths: dict[str, int], gaps: bool) -> tuple[dict[Any, float], dict[Value, float]]:
    """Observed coincidences and sums of squares; without gaps, of parts of units where another coder has one too."""
    cells: dict[Any, float] = {}
    squares: dict[Value, float] = {}
    for item, length in lengths.items():
        coders = sorted({coder for of, coder, *_ in rows if of == item})
        if len(coders) < 2:
            continue
        made = {}
        for coder in coders:
            own = [(s, e, c) for of, by, s, e, c in rows if (of, by) == (item, coder) and None not in (s, e, c)]
            made[coder] = reading(own, length)  # type: ignore[arg-type]
        for x in range(length):
            there = coders if gaps else [coder for coder in coders if made[coder][0][x]]
            for one, other in permutations(there, 2):
                pair = made[one][0][x], made[other][0][x]
                cells[pair] = cells.get(pair, 0) + 1 / (len(there) - 1)
        for coder in coders:
            others = [made[other][0] for other in coders if other != coder]
            for low, high, what in made[coder][1]:
                size = high - low if gaps else sum(any(other[x] for other in others) for x in range(low, high))
                square = size if not what and gaps else size**2 if what else 0
                squares[what] = squares.get(what, 0) + square
    return cells, squares


def expected(cells: dict[Any, float], squares: dict[Value, float]) -> dict[Any, float]:
    total, used = sum(cells.values()), {pair[0] for pair in cells}
    margin = {c: sum(n for pair, n in cells.items() if pair[0] == c) for c in used}
    free = total**2 - sum(squares.values())
    return {(c, k): total * (margin[c] * margin[k] - (c == k) * squares.get(c, 0)) / free for c in used for k in used}


def by_hand(rows: list[Row], lengths: dict[str, int], coefficient: str, code: str = "") -> float | None:
    cells, squares = tables(rows, lengths, gaps=coefficient in ("u", "|u"))
    if not cells:
        return None
    chance = expected(cells, squares)
    if coefficient == "(k)cu":
        k = frozenset([code])
        seen = sum(n for pair, n in cells.items() if pair[1] == k)
        apart = sum(n for pair, n in chance.items() if pair[1] == k)
        if not seen or apart - chance[k, k] < 1e-9:
            return None
        return 1 - apart / seen * (seen - cells.get((k, k), 0)) / (apart - chance[k, k])
    differ = (lambda c, k: bool(c) != bool(k)) if coefficient == "|u" else (lambda c, k: c != k)
    observed, by_chance = (sum(n for pair, n in table.items() if differ(*pair)) for table in (cells, chance))
    return 1 - observed / by_chance if by_chance > 1e-9 else None


LENGTH = 24
SPANS = st.tuples(st.integers(0, LENGTH - 1), st.integers(1, LENGTH), st.sampled_from("xyz")).map(
    lambda span: (min(span[0], span[1] - 1), span[1], span[2])
)
READINGS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("ABCD"), st.lists(SPANS, max_size=4)), min_size=1,
                    max_size=8)  # fmt: skip
LENGTHS = {"a": LENGTH, "b": LENGTH}


def rows_of(readings: list[tuple[str, str, list[tuple[int, int, str]]]]) -> list[Row]:
    rows: list[Row] = []
    for item, coder, spans in readings:
        rows.append((item, coder, None, None, None))
        rows += [(item, coder, *span) for span in spans]
    return rows


@settings(max_examples=150, deadline=None)
@given(READINGS)
def test_every_coefficient_is_the_published_formula(
    readings: list[tuple[str, str, list[tuple[int, int, str]]]]
) -> None:
    """Texts, coders, missing readings, overlapping spans: by the sweep as character by character."""
    rows = rows_of(readings)
    for coefficient in FORMULAS:
        mine, theirs = plain(rows, LENGTHS, coefficient, "x"), by_hand(rows, LENGTHS, coefficient, "x")
        assert (mine is None) == (theirs is None)
        if mine is not None:
            assert mine == pytest.approx(theirs, abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(READINGS, st.randoms(use_true_random=False))
def test_order_names_and_scale_change_nothing_that_they_should_not(
    readings: list[tuple[str, str, list[tuple[int, int, str]]]], random: Any
) -> None:
    rows = rows_of(readings)
    other = [(item, {"A": "D", "D": "A"}.get(coder, coder), s, e, {"x": "z", "z": "x"}.get(c, c) if c else None)
             for item, coder, s, e, c in rows]  # fmt: skip
    random.shuffle(other)
    for coefficient in FORMULAS:
        mine, theirs = plain(rows, LENGTHS, coefficient, "x"), plain(other, LENGTHS, coefficient, "z")
        assert mine == (theirs if theirs is None else pytest.approx(theirs, abs=1e-9))


@settings(max_examples=50, deadline=None)
@given(st.lists(SPANS, min_size=1, max_size=4), st.integers(2, 4))
def test_coders_who_do_the_same_agree_perfectly(spans: list[tuple[int, int, str]], coders: int) -> None:
    rows = rows_of([("a", name, spans) for name in "ABCD"[:coders]])
    for coefficient in FORMULAS:
        assert plain(rows, LENGTHS, coefficient, spans[0][2]) in (None, pytest.approx(1))


def test_without_units_of_its_own_length_the_scale_does_not_matter() -> None:
    """cu-alpha squares lengths above and below, so ten times longer texts give the same value."""
    rows: list[Row] = [("a", "A", 0, 8, "x"), ("a", "A", 10, 20, "y"), ("a", "B", 2, 12, "x"), ("a", "B", 14, 20, "y")]
    longer: list[Row] = [(i, c, s * 10, e * 10, code) for i, c, s, e, code in rows if s is not None and e is not None]
    assert plain(rows, {"a": 24}, "cu") == pytest.approx(plain(longer, {"a": 240}, "cu"))


# --- values of others -------------------------------------------------------------------------------------------------

FROZEN: list[tuple[int, dict[str, list[tuple[int, int, str]]], float]] = [
    (100, {"A": [(6, 9, "z"), (19, 41, "x"), (50, 83, "y")],
           "B": [(4, 7, "y"), (11, 27, "y"), (64, 74, "x")]}, -0.09811866859623719),
    (200, {"A": [(20, 46, "z"), (62, 76, "y"), (87, 126, "y"), (134, 147, "z"), (178, 199, "x")],
           "B": [(10, 30, "x"), (38, 42, "z"), (87, 107, "z"), (125, 131, "y"), (171, 193, "y")],
           "C": [(17, 23, "z"), (69, 89, "z"), (116, 121, "x"), (127, 148, "x"), (152, 177, "z")]},
     -0.1063937576112941),
    (60, {"A": [(10, 33, "x"), (44, 53, "x")], "B": [(9, 23, "z"), (33, 60, "z")], "C": [(1, 33, "y"), (48, 58, "z")],
          "D": [(5, 44, "y"), (54, 55, "z")], "E": [(10, 22, "x"), (23, 58, "z")]}, 0.07343032143761075),
]  # fmt: skip


@pytest.mark.parametrize(("length", "coders", "expected_value"), FROZEN)
def test_u_alpha_is_that_of_krippendorff_unitized_alpha(
    length: int, coders: dict[str, list[tuple[int, int, str]]], expected_value: float
) -> None:
    """Values of the package krippendorff-unitized-alpha 0.1.0, which cannot be installed beside today's numpy."""
    rows: list[Row] = [("t", coder, *span) for coder, spans in coders.items() for span in spans]
    assert plain(rows, {"t": length}, "u") == pytest.approx(expected_value, abs=1e-12)


# --- what goes in -----------------------------------------------------------------------------------------------------

ROWS: list[Row] = [("a", "A", 0, 4, "x"), ("a", "A", 6, 9, "y"), ("a", "B", 0, 4, "x"), ("a", "B", 5, 9, "x")]


def test_any_table_comes_out_alike() -> None:
    frame = pd.DataFrame(ROWS, columns=["item", "coder", "start", "end", "code"])
    dicts = frame.to_dict("records")
    found = [u_alpha(table, {"a": 10}, interval=False) for table in (ROWS, frame, pa.Table.from_pandas(frame), dicts)]
    assert len(set(found)) == 1
    assert isinstance(found[0], Description)
    assert (found[0].n, found[0].frame) == (1, "one text, two coders")
    assert value(binary_u_alpha(ROWS, {"a": 10}, interval=False)) == pytest.approx(by_hand(ROWS, {"a": 10}, "|u"))
    assert value(cu_alpha(ROWS, {"a": 10}, interval=False)) == pytest.approx(by_hand(ROWS, {"a": 10}, "cu"))
    k_cu = value(k_cu_alpha(ROWS, {"a": 10}, "y", interval=False))
    assert k_cu == pytest.approx(by_hand(ROWS, {"a": 10}, "(k)cu", "y"))


def test_who_has_not_read_a_text_did_not_leave_it_unmarked() -> None:
    read_by_two = [*ROWS, ("b", "A", 0, 5, "x")]
    assert plain(read_by_two, {"a": 10, "b": 10}, "u") == plain(ROWS, {"a": 10}, "u")
    marked_nothing: list[Row] = [*read_by_two, ("b", "B", None, None, None)]
    assert plain(marked_nothing, {"a": 10, "b": 10}, "u") != plain(ROWS, {"a": 10}, "u")


def test_spans_of_one_coder_that_overlap() -> None:
    """With one code they are one unit; with two, the stretch they share is a unit of both; what touches stays apart."""
    counts = coincidences([("a", "A", 0, 6, "x"), ("a", "A", 4, 9, "x"), ("a", "B", 0, 9, "x")], {"a": 10})
    assert (counts.values, counts.n_units) == (("", "x"), 2)
    counts = coincidences([("a", "A", 0, 6, "x"), ("a", "A", 4, 9, "y"), ("a", "B", None, None, None)], {"a": 10})
    assert counts.values == ("", "x", "y", "x + y")
    assert counts.length.tolist() == [[11, 4, 3, 2]]
    counts = coincidences([("a", "A", 0, 4, "x"), ("a", "A", 4, 9, "x"), ("a", "B", 0, 9, "x")], {"a": 10})
    assert (counts.n_units, counts.squared.tolist()) == (3, [[2, 16 + 25 + 81]])


def test_many_codes_at_once() -> None:
    """More codes than a machine word has bits."""
    codes = [f"c{number:03}" for number in range(150)]
    rows: list[Row] = [("a", "A", at, at + 2, code) for at, code in enumerate(codes)]
    rows += [("a", "B", at, at + 1, code) for at, code in enumerate(codes)]
    assert plain(rows, {"a": 200}, "u") == pytest.approx(by_hand(rows, {"a": 200}, "u"))


@pytest.mark.parametrize(("row", "words"), [
    (("a", "A", 4, 4, "x"), "greater than the start"), (("a", "A", 4, 14, "x"), "outside its item"),
    (("a", "A", -1, 4, "x"), "outside its item"), (("a", "A", 4, None, "x"), "go together"),
    (("a", "A", 1, 4, None), "needs a code"), (("a", "A", None, None, "x"), "needs a code"),
    (("a", "A", 1.5, 4, "x"), "code points"), (("a", "A", "one", 4, "x"), "numbers"),
    (("b", "A", 1, 4, "x"), "no length"),
])  # fmt: skip
def test_what_is_no_span_is_said(row: Row, words: str) -> None:
    with pytest.raises(InputError, match=words):
        coincidences([row, ("a", "B", 1, 2, "x")], {"a": 10})
    with pytest.raises(InputError, match="missing: code"):
        coincidences(pd.DataFrame({"item": [], "coder": [], "start": [], "end": []}), {})


# --- what comes out ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rows", "coefficient", "reason"), [
    ([], "u", "no text was read by two coders"),
    ([("a", "A", 0, 4, "x")], "u", "no text was read by two coders"),
    ([("a", "A", None, None, None), ("a", "B", None, None, None)], "u", "nobody marked anything"),
    ([("a", "A", 0, 10, "x"), ("a", "B", 0, 10, "x")], "u", "no variation"),
    ([("a", "A", 0, 10, "x"), ("a", "B", 0, 10, "y")], "|u", "every coder marked every character"),
    ([("a", "A", 0, 4, "x"), ("a", "B", 5, 9, "x")], "cu", "no two coders marked the same passage"),
    ([("a", "A", 0, 4, "x"), ("a", "B", 3, 9, "x")], "cu", "one code only, 'x'"),
    ([("a", "A", 0, 4, "x"), ("a", "B", 3, 9, "x")], "(k)cu", "nobody marked a passage with 'k'"),
])  # fmt: skip
def test_what_has_no_value_says_why(rows: list[Row], coefficient: str, reason: str) -> None:
    result = assess_unitizing(coincidences(rows, {"a": 10}), coefficient, "k").result
    assert isinstance(result, Undefined)
    assert reason in result.reason


def many(threads: int, seed: int = 3) -> tuple[list[Row], dict[str, int], dict[str, str]]:
    """Three texts a thread, two coders, one of whom now and then sees less."""
    chance = np.random.default_rng(seed)
    rows: list[Row] = []
    for text in range(3 * threads):
        start = int(chance.integers(0, 40))
        code = str(chance.choice(["x", "y"]))
        rows.append((f"t{text}", "A", start, start + 20, code))
        if chance.random() < 0.8:
            rows.append((f"t{text}", "B", start + int(chance.integers(0, 10)), start + 20, code))
        else:
            rows.append((f"t{text}", "B", None, None, None))
    texts = [f"t{text}" for text in range(3 * threads)]
    return rows, dict.fromkeys(texts, 100), {text: f"p{place // 3}" for place, text in enumerate(texts)}


def test_intervals_draw_threads() -> None:
    rows, lengths, thread = many(40)
    found = u_alpha(rows, lengths, thread, draws=500, seed=7)
    assert isinstance(found, Estimate)
    assert (found.n_items, found.n_threads, found.basis, found.seed) == (120, 40, "coding", 7)
    assert found.design == "bootstrap of threads, percentile, 500 draws"
    assert found.low < found.value < found.high
    assert found == u_alpha(rows, lengths, thread, draws=500, seed=7)
    alone = u_alpha(rows, lengths, draws=500)
    assert isinstance(alone, Estimate)
    assert "each taken as a thread of its own" in alone.design
    assessed = assess_unitizing(coincidences(rows, lengths, thread), "u", draws=500)
    assert 0 <= assessed.below[0.667] <= assessed.below[0.8] <= 1


def test_a_draw_is_what_its_texts_alone_would_give() -> None:
    """Weights over threads on the same counts, against counting anew with the threads that were drawn."""
    rows, lengths, thread = many(5)
    counts = coincidences(rows, lengths, thread)
    weights = np.array([[2.0, 0, 1, 0, 2]])
    for coefficient in FORMULAS:
        cooked = recipe(counts, coefficient, "x")
        assert not isinstance(cooked, Undefined)
        drawn: list[Row] = []
        longer = {}
        for place, times in enumerate(weights[0]):
            for copy in range(int(times)):
                for item, coder, start, end, code in rows:
                    if thread[item] == counts.clusters[place]:
                        drawn.append((f"{item} {copy}", coder, start, end, code))
                        longer[f"{item} {copy}"] = lengths[item]
        anew = plain(drawn, longer, coefficient, "x")
        assert cooked.value(np.asarray(weights @ cooked.sums))[0] == pytest.approx(anew)


def test_few_threads_have_no_interval() -> None:
    rows, lengths, thread = many(19)
    assessed = assess_unitizing(coincidences(rows, lengths, thread), "u")
    assert assessed.no_interval == "19 threads, and an interval needs 20"
    assert isinstance(assessed.result, Description)


def test_the_page_says_what_comes_out() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "agreement" / "unitizing.md").read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL))
    page = doctest.DocTestParser().get_doctest(code, {}, "unitizing.md", "unitizing.md", 0)
    assert len(page.examples) == 8
    assert doctest.DocTestRunner(verbose=False).run(page).failed == 0
    assert all(f"{name}-alpha" in text.replace("\\|", "|") for name in FORMULAS)
