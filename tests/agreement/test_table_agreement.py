"""Agreement in a table from anywhere: files of every kind, what it says, and what is wrong with a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.agreement import published

from resilens.agreement.table_agreement import AgreementTable, agree_table
from resilens.errors import InputError
from resilens.results.types import Description, Estimate, Undefined, from_dict

HATE = [(unit, coder, int((unit + shift) % 10 == 0 or unit % 9 == 0), f"post {unit // 4}")
        for unit in range(100) for shift, coder in enumerate(("Ann", "Ben"))]  # fmt: skip
LONG = pd.DataFrame(HATE, columns=["unit", "coder", "hate", "post"])
WIDE = LONG.pivot(index=["unit", "post"], columns="coder", values="hate").reset_index()


def written(folder: Path, table: pd.DataFrame, kind: str) -> Path:
    path = folder / f"labels.{kind.removeprefix('semicolon-')}"
    if kind == "csv":
        table.to_csv(path, index=False)
    elif kind == "semicolon-csv":
        table.to_csv(path, index=False, sep=";", encoding="utf-16")
    elif kind == "xlsx":
        table.to_excel(path, index=False)
    else:
        pq.write_table(pa.Table.from_pandas(table), path)
    return path


def value(table: AgreementTable, name: str = "alpha") -> float:
    result = table.overall.results[name].result
    assert isinstance(result, Estimate | Description)
    return result.value


@pytest.mark.parametrize("kind", ["csv", "semicolon-csv", "xlsx", "parquet"])
def test_every_kind_of_file_gives_the_same(tmp_path: Path, kind: str) -> None:
    expected = agree_table(LONG, value="hate", cluster="post")
    for table, wide in ((LONG, False), (WIDE, True)):
        path = written(tmp_path, table, kind)
        found = agree_table(path, value="hate", cluster="post", wide=wide)
        assert found.name == path.name
        assert found.coders == ("Ann", "Ben")
        assert value(found) == pytest.approx(value(expected))
        assert found.n_threads == 25
        interval = found.overall.results["alpha"].result
        assert isinstance(interval, Estimate)
        assert interval.n_threads == 25


def test_a_code_that_is_there_or_not_needs_no_part_for_each_value() -> None:
    table = agree_table(LONG, value="hate")
    assert [part.scope for part in table.parts] == ["overall"]
    assert list(table.overall.results) == ["alpha", "percent", "ac1", "prevalence", "positive", "negative"]
    assert value(table, "prevalence") == pytest.approx(LONG["hate"].mean())


def test_more_values_and_coders_are_taken_one_by_one_and_two_by_two() -> None:
    table = agree_table(pd.DataFrame(published.HAYES_KRIPPENDORFF_2007), wide=True, level="ordinal")
    assert [part.label for part in table.of("value")] == ["0", "1", "2", "3"]
    assert len(table.of("pair")) == 10
    assert list(table.overall.results) == ["alpha", "percent", "ac2"]
    assert value(table) == pytest.approx(0.7598, abs=5e-5)
    lacking = next(part for part in table.of("pair") if part.label == "3 and 4").results["alpha"].result
    assert isinstance(lacking, Undefined | Description)


def test_sets_are_looked_at_code_by_code() -> None:
    rows = [(unit, coder, text) for unit in range(30) for coder, text in
            (("a", "joke; thanks" if unit % 3 else ";"), ("b", "thanks" if unit % 2 else ";"))]  # fmt: skip
    table = agree_table(pd.DataFrame(rows, columns=["unit", "coder", "value"]), level="masi", separator=";")
    assert table.values[0] == "the empty set"
    assert [part.label for part in table.of("value")] == ["joke", "thanks"]
    assert "positive" in table.of("value")[0].results


def test_missing_judgements_are_counted_and_may_be_named(tmp_path: Path) -> None:
    table = WIDE.astype(object)
    table.loc[:9, "Ann"] = "not sure"
    table.loc[5:19, "Ben"] = None
    found = agree_table(written(tmp_path, table, "csv"), wide=True, cluster="post", missing=("not sure",))
    assert (found.n_units, found.n_judgements, found.n_missing, found.n_pairable) == (100, 175, 25, 80)
    heading = found.heading()
    assert heading.startswith("labels.csv: 100 units, two coders, 25 of 200 judgements missing; 80 coded twice or more")


def test_what_the_terminal_shows_and_what_json_holds() -> None:
    table = agree_table(LONG, value="hate", cluster="post", seed=3)
    lines = list(table.lines())
    assert lines[1] == "Level nominal; 95% intervals: bootstrap of threads, 2,000 draws, seed 3."
    assert any(line.startswith("Krippendorff's alpha") and "Pr(<.667)" in line for line in lines)
    plain = json.loads(json.dumps(table.to_dict()))
    alpha = plain["parts"][0]["results"]["alpha"]
    fields = {key: alpha[key] for key in alpha if key in ("result", *Estimate.__dataclass_fields__)}
    assert from_dict(fields) == table.overall.results["alpha"].result
    assert alpha["below"].keys() == {"0.667", "0.800"}


def test_the_paradox_is_told_once_for_the_values_it_strikes() -> None:
    rare = [(unit, coder, int(unit in (7, 30 + shift))) for unit in range(100) for shift, coder in enumerate("ab")]
    table = agree_table(pd.DataFrame(rare, columns=["unit", "coder", "value"]))
    assert "value 1 is in only 2.0% of the judgements" in "\n".join(table.lines())


def faults(*arguments: Any, **options: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        agree_table(*arguments, **options)
    return [str(fault) for fault in caught.value.faults]


def test_a_second_judgement_names_both_lines(tmp_path: Path) -> None:
    path = written(tmp_path, pd.concat([LONG, LONG.iloc[2:4]]), "csv")
    assert faults(path, value="hate") == [
        "labels.csv, line 202: coder Ann judged unit 1 in line 4 already; keep one of the two",
        "labels.csv, line 203: coder Ben judged unit 1 in line 5 already; keep one of the two",
    ]


def test_an_unknown_column_names_the_file_and_the_nearest(tmp_path: Path) -> None:
    path = written(tmp_path, LONG, "csv")
    assert faults(path, value="hat") == ["labels.csv: there is no column 'hat' for the value; did you mean 'hate'?"]
    assert "did you mean 'post'" in faults(path, value="hate", cluster="posts")[0]


def test_one_coder_is_not_enough(tmp_path: Path) -> None:
    path = written(tmp_path, LONG[LONG["coder"] == "Ann"], "csv")
    assert faults(path, value="hate") == [
        "labels.csv: only Ann judged anything in this table, and agreement needs two coders"
    ]


def test_ids_are_no_coder() -> None:
    ids = WIDE.drop(columns="post").rename(columns={"unit": "row"}).assign(row=lambda t: t["row"] + 1000)
    assert "column 'row' has a value of its own in every row" in faults(ids, wide=True)[0]
    assert value(agree_table(ids, wide=True, unit="row")) == pytest.approx(value(agree_table(LONG, value="hate")))


def test_a_cell_a_spreadsheet_damaged_is_named(tmp_path: Path) -> None:
    table = LONG.astype(object)
    table.loc[3, "hate"] = pd.Timestamp("2025-01-02")
    assert "labels.xlsx, row 5, hate: the spreadsheet made a date" in faults(written(tmp_path, table, "xlsx"))[0]


def test_levels_and_coefficients_at_fault_are_named() -> None:
    assert "did you mean 'ordinal'" in faults(LONG, value="hate", level="ordnal")[0]
    assert "did you mean 'cohen'" in faults(LONG, value="hate", coefficients=["cohens"])[0]


@pytest.mark.shared
def test_hs_brexit(shared: Path) -> None:
    table = agree_table(shared / "agreement" / "hs-brexit-dev.csv", value="hate")
    assert (table.n_units, len(table.coders)) == (168, 6)
    assert value(table) == pytest.approx(0.3521, abs=5e-5)
