"""Agreement on passages in a table of spans: the same as from Python, and what is wrong with a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from resilens.agreement import agree_spans, cu_alpha, k_cu_alpha, u_alpha
from resilens.agreement.sentences import apa_table, paragraph
from resilens.errors import InputError
from resilens.results.types import Estimate

COLUMNS = ["unit", "coder", "start", "end", "value", "length", "post"]


def marked(texts: int = 24, coders: str = "AB") -> pd.DataFrame:
    """Texts of 100 characters; every other coder ends a passage later, every third text has a second passage."""
    rows: list[tuple[Any, ...]] = []
    for text in range(texts):
        for place, coder in enumerate(coders):
            rows.append((f"t{text}", coder, 10, 30 + place * (text % 5), "tribute", 100, f"p{text}"))
            if text % 3 == 0:
                rows.append((f"t{text}", coder, 50, 60, "welcome" if place or text % 2 else "tribute", 100, f"p{text}"))
    rows += [("read", coder, None, None, None, 40, "p0") for coder in coders]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_a_file_gives_what_the_functions_give(tmp_path: Path) -> None:
    table = marked()
    spans = table.rename(columns={"unit": "item", "value": "code"})
    lengths, threads = ({row[0]: row[place] for row in table.itertuples(index=False)} for place in (5, 6))
    expected = {
        "u": u_alpha(spans, lengths, threads), "cu": cu_alpha(spans, lengths, threads),
        "(k)cu": k_cu_alpha(spans, lengths, "welcome", threads),
    }  # fmt: skip
    path = tmp_path / "spans.csv"
    table.to_csv(path, index=False)
    for given in (table, path):
        found = agree_spans(given, cluster="post")
        assert (found.n_units, found.n_pairable, found.n_threads, found.n_judgements) == (25, 25, 24, 64)
        assert found.overall.results["u"].result == expected["u"]
        assert found.overall.results["cu"].result == expected["cu"]
        assert {part.label: part.results["(k)cu"].result for part in found.of("value")}["welcome"] == expected["(k)cu"]
    assert isinstance(expected["u"], Estimate)
    json.dumps(found.to_dict(), allow_nan=False)


def test_it_reads_like_any_other_table() -> None:
    found = agree_spans(marked(), cluster="post", draws=200)
    said = "\n".join(found.lines())
    assert "25 texts, two coders, 64 marked passages; 25 coded twice or more, in 24 threads." in said
    assert "Krippendorff et al. 2016" in said
    assert "Over the characters of the texts (Krippendorff et al., 2016), u-alpha is ." in paragraph(found)
    assert "(k)cu-alpha" in apa_table(found)


def test_three_coders_are_compared_two_by_two() -> None:
    found = agree_spans(marked(coders="ABC"), draws=200)
    assert [part.label for part in found.of("pair")] == ["A and B", "A and C", "B and C"]
    two = marked(coders="ABC").query("coder != 'C'")
    assert found.of("pair")[0].results["u"].result == agree_spans(two, draws=200).overall.results["u"].result


@pytest.mark.parametrize(("change", "words"), [
    ({"start": "x"}, "start is 'x' and must be a number"), ({"length": None}, "length is"),
    ({"length": 90}, "more than one length, 90"), ({"end": 400}, "the span lies outside its item"),
])  # fmt: skip
def test_what_is_wrong_is_named(change: dict[str, Any], words: str) -> None:
    table = marked().astype(object)
    for name, value in change.items():
        table.loc[0, name] = value
    with pytest.raises(InputError, match=words):
        agree_spans(table)


def test_a_missing_column_and_a_single_coder_are_named() -> None:
    with pytest.raises(InputError, match="no column 'length'.*spans need start, end, length too"):
        agree_spans(marked().drop(columns="length"))
    with pytest.raises(InputError, match="only A read anything"):
        agree_spans(marked(coders="A"))
