"""Accounts in small corpora counted by hand: what is claimed, what for, in whose money, set against what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.measures.made import comment, material, post, study_of

from resilens.coding.codings import FINAL
from resilens.measures.estimating import Estimating
from resilens.measures.ledger import MEASURE
from resilens.measures.ledger.accounts import ledger_of
from resilens.measures.material import Material
from resilens.results.figures import svg
from resilens.results.types import Description, Estimate, Undefined
from resilens.sampling.drawfile import Draw, DrawnItem

PRICES, LEDGER, COMPARES = "practice.duizhang.prices", "practice.duizhang", "relation.compares-with"
RATES = [{"currency": "CNY", "to": "USD", "rate": 0.125, "ppp": 0.25, "as_of": date(2025, 1, 15), "source": "a bank"}]


def small(tmp_path: Path, **sections: Any) -> Material:
    """Two threads, five comments coded as accounts, one that is not."""
    posts = [post("a", 0, title="对账", text="房租3000块一个月"), post("b", 1, text="hello")]
    comments = [
        comment("one", "a", 1, text="my rent is $1,500 a month"),
        comment("two", "a", 1, text="rent here is $900-1,100"),
        comment("three", "a", 2, text="eggs are about $10 a dozen in the US"), comment("four", "a", 2, text="三天假"),
        comment("five", "b", 2, text="over $200 for insulin"), comment("six", "b", 3, text="my cat cost $50"),
    ]  # fmt: skip
    names = ("one", "two", "three", "four", "five")
    codes: dict[str, Sequence[str]] = {f"rednote:c:{name}": [PRICES] for name in names}
    codes |= {"rednote:c:six": [], "rednote:p:a": [PRICES], "rednote:p:b": []}
    return material(tmp_path, codes, study=study_of(**sections), posts=posts, comments=comments)


def related(found: Material, *pairs: tuple[str, str]) -> Material:
    """With comparisons coded between these items."""
    rows = [{"item_id": f"rednote:{one}", "code_id": COMPARES, "second_item": f"rednote:{other}" if other else "",
             "settled": "agreed", "round_id": "r"} for one, other in pairs]  # fmt: skip
    return replace(found, final=replace(found.final, table=pa.Table.from_pylist(rows, schema=FINAL)))


def test_amounts_of_the_items_coded_as_accounts(tmp_path: Path) -> None:
    found = MEASURE.compute(small(tmp_path))
    amounts = found.tables["amounts"]
    names = [column.name for column in amounts.columns]
    assert "assumed" not in names  # empty columns are left out
    rows = [dict(zip(names, row, strict=True)) for row in amounts.rows]
    assert [(row["item"], row["low"], row["high"], row["currency"], row["per"], row["purpose"]) for row in rows] == [
        ("rednote:p:a", 3000, 3000, "CNY", "month", "rent"), ("rednote:c:one", 1500, 1500, "USD", "month", "rent"),
        ("rednote:c:two", 900, 1100, "USD", None, "rent"), ("rednote:c:three", 9, 11, "USD", "dozen", "eggs"),
        ("rednote:c:five", 200, 200, "USD", None, "insulin"),
    ]  # fmt: skip
    assert [row["country"] for row in rows] == [None, None, None, "US", None]
    assert [row["bound"] for row in rows] == [None, None, None, None, "at least"]
    assert found.estimates["amounts"] == Description(5, 6, "the items coded as accounts", "amounts")
    share = found.estimates["money named: share of comments"]
    assert isinstance(share, Description)
    assert share.value == pytest.approx(4 / 5)
    assert found.sentence.startswith(
        "Five amounts of money stand in 5 of the six items coded as accounts, most often for rent (3), eggs (1), and "
        "insulin (1)."
    )
    assert "No exchange rates are declared" in found.method
    assert found.table is not None
    assert "own currencies" in found.table.notes[0]
    assert set(found.evidence) == {row["item"] for row in rows}
    for figure in (found.figure, found.narrow):
        assert figure is not None
        assert "insulin" in svg(figure)


def test_a_median_needs_five_amounts_of_a_kind_and_twenty_threads_for_an_interval(tmp_path: Path) -> None:
    posts = [post(f"{number:02d}", number) for number in range(30)]
    comments = [comment(f"{number:02d}", f"{number:02d}", number, text=f"rent is ${1000 + 100 * number} a month")
                for number in range(30)]  # fmt: skip
    codes = {f"rednote:c:{number:02d}": [PRICES] for number in range(30)}
    study = study_of(rate=RATES)
    found = MEASURE.compute(material(tmp_path, codes, study=study, posts=posts, comments=comments))
    median = found.estimates["rent: median in USD for each month, comments"]
    assert isinstance(median, Estimate)
    assert median.value == 2450  # between the 15th and the 16th
    assert 1000 < median.low < 2450 < median.high < 3900
    assert (median.basis, median.n_items, median.n_threads) == ("coding", 30, 30)
    (small_folder := tmp_path / "few").mkdir()
    kept = {item: code for item, code in codes.items() if item < "rednote:c:07"}
    few = MEASURE.compute(material(small_folder, kept, posts=posts, comments=comments))
    assert few.estimates["rent: median in USD for each month, comments"].value == 1300  # type: ignore[union-attr]
    assert not [name for name in MEASURE.compute(small(tmp_path / "two")).estimates if "median" in name]


def test_accounts_stand_beside_each_other_at_the_declared_rates_alone(tmp_path: Path) -> None:
    posts = [post("a", 0)]
    comments = [comment(f"{number}", "a", 0, text=f"房租{number}000块一个月") for number in range(1, 6)]
    codes = {f"rednote:c:{number}": [PRICES] for number in range(1, 6)}
    found = MEASURE.compute(material(tmp_path, codes, study=study_of(rate=RATES), posts=posts, comments=comments))
    assert found.table is not None
    row = dict(zip((column.name for column in found.table.columns), found.table.rows[0], strict=True))
    assert (row["median"], row["at_rate"], row["at_parity"]) == (3000, 375, 750)
    assert found.table.notes == ("1 CNY is 0.125 USD on 15 January 2025, 0.25 by purchasing power (a bank).",)
    assert "USD 375.00 at the declared rate" in found.sentence


def test_comparisons_pair_accounts_and_those_without_money_are_counted_beside(tmp_path: Path) -> None:
    pairs = ("c:one", "p:a"), ("c:four", "c:three"), ("c:four", "p:b"), ("c:six", "")
    found = MEASURE.compute(related(small(tmp_path, rate=RATES), *pairs))
    values = [found.estimates[name].value for name in (  # type: ignore[union-attr]
        "comparisons", "comparisons with money on both sides", "comparisons with money on one side",
        "comparisons without money")]  # fmt: skip
    assert values == [4, 1, 2, 1]
    table = found.tables["comparisons"]
    rows = [dict(zip((column.name for column in table.columns), row, strict=True)) for row in table.rows]
    first = next(row for row in rows if row["item"] == "rednote:c:one")
    assert (first["other"], first["what"]) == ("rednote:p:a", "rent")
    assert first["ratio"] == pytest.approx(1500 / 375)
    assert first["ratio_ppp"] == pytest.approx(1500 / 750)


def test_without_rates_a_comparison_across_currencies_has_no_ratio(tmp_path: Path) -> None:
    table = MEASURE.compute(related(small(tmp_path), ("c:one", "p:a"))).tables["comparisons"]
    assert "ratio" not in [column.name for column in table.columns]


def test_where_none_is_coded_as_an_account_all_items_read_are_looked_at(tmp_path: Path) -> None:
    posts = [post("a", 0, text="rent is $900")]
    codes: dict[str, Sequence[str]] = {"rednote:p:a": []}
    found = MEASURE.compute(material(tmp_path, codes, posts=posts))
    assert found.estimates["amounts"].value == 1  # type: ignore[union-attr]
    assert any("is not known" in caution for caution in found.cautions)


def drawn(name: str) -> Draw:
    """A draw of one post."""
    row = DrawnItem(f"rednote:p:{name}", "f", "cattax", "s", f"rednote:p:{name}", 0.5, 1, "", 1)
    return Draw((row,), (), "random", 1, "thread", 50, "f", "the frame", {})


def test_where_nothing_was_read_the_threads_drawn_are_described(tmp_path: Path) -> None:
    posts, comments = [post("a", 0), post("b", 0)], [comment("x", "a", text="$5"), comment("y", "b", text="$7")]
    unread = material(tmp_path, {}, posts=posts, comments=comments)
    nothing = MEASURE.compute(unread).estimates["ledger"]
    assert isinstance(nothing, Undefined)
    assert "no sample was drawn" in nothing.reason

    one_thread = replace(unread, estimating=Estimating(drawn("a"), 1))
    found = ledger_of(one_thread)
    assert not isinstance(found, Undefined)
    assert [one.item_id for one in found.accounts] == ["rednote:c:x"]
    assert not found.read
    assert isinstance(MEASURE.compute(one_thread).estimates["money named: share of comments"], Description)


def test_items_without_money_say_so(tmp_path: Path) -> None:
    codes: dict[str, Sequence[str]] = {"rednote:p:a": [LEDGER]}
    found = MEASURE.compute(material(tmp_path, codes, posts=[post("a", 0, text="三天假")]))
    assert found.sentence == "No amount of money is named in the one item coded as accounts."
    assert found.table is None
    assert found.figure is None
