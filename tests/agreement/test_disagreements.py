"""Codes taken for each other, coders who differ, and the items in which they do."""

from __future__ import annotations

from resilens.agreement.disagreements import (
    Confusion,
    coder_table,
    confusion_table,
    confusions,
    differences,
    label_table,
)
from resilens.agreement.judgements import NOTHING, Judgements

FACETS = {"practice": ["a", "b", "c"], "stage": ["x", "y"]}


def judged(*items: dict[str, str]) -> Judgements:
    """Items as coder to codes, a letter a code."""
    given = {f"i{place}": {coder: frozenset(codes) for coder, codes in by.items()} for place, by in enumerate(items)}
    return Judgements(given, {item: item for item in given}, tuple(sorted({c for by in items for c in by})))


CODED = judged(
    {"A": "a", "B": "b"}, {"A": "b", "B": "a"}, {"A": "ac", "B": "bc"}, {"A": "a", "B": ""}, {"A": "", "B": "ax"},
    {"A": "ay", "B": "ax"}, {"A": "c", "B": "c"}, {"A": "b"},
)  # fmt: skip


def test_codes_are_confused_within_a_facet_and_without_regard_to_who() -> None:
    found = confusions(differences(CODED, FACETS))
    assert found == (
        Confusion("practice", "a", "b", ("i0", "i1", "i2")),
        Confusion("practice", "a", NOTHING, ("i3", "i4")),
        Confusion("stage", "x", NOTHING, ("i4",)),
        Confusion("stage", "x", "y", ("i5",)),
    )
    assert [str(one) for one in found[:3]] == ["a and b: 3 items", "a or nothing: 2 items", "x or nothing: 1 item"]


def test_omissions_are_not_confusions_of_two_codes() -> None:
    found = confusions(differences(judged({"A": "a", "B": ""}), FACETS))
    assert [one.omission for one in found] == [True]
    assert not confusions(differences(judged({"A": "a", "B": "a"}), FACETS))


def test_an_item_counts_once_however_many_coders_confuse_it() -> None:
    found = confusions(differences(judged({"A": "a", "B": "b", "C": "b"}), FACETS))
    assert found == (Confusion("practice", "a", "b", ("i0",)),)


def test_tables_name_codes_and_items() -> None:
    found = differences(CODED, FACETS)
    table = confusion_table(confusions(found), lambda name: name.upper())
    assert table.rows[0] == ("PRACTICE", "A", "B", 3, "i0")
    short = confusion_table(confusions(found), most=1, examples=False)
    assert short.rows == [("practice", "a", "b", 3)]
    assert "Three pairs with fewer items not shown." in short.notes
    pairs = coder_table(CODED, found)
    assert [column.name for column in pairs.columns][:4] == ["coder", "other", "items", "differ"]
    assert pairs.rows == [("A", "B", 7, 6, 6 / 7, 5, 6)]


def test_where_items_are_coded_differently() -> None:
    label_of = {item: "zh" if place < 3 else "en" for place, item in enumerate(CODED.given)}
    table = label_table(CODED, differences(CODED, FACETS), label_of, "Language", ["zh"])
    assert table.caption == "Items coded differently, by language"
    assert table.rows == [("zh", 3, 3, 1), ("en", 4, 3, 0.75)]
