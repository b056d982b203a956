"""The document model: numbers, anchors and prose with parts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from resilens.report.model import (
    EvidencePlate,
    Link,
    Paragraph,
    Reference,
    Report,
    Section,
    TableBlock,
    join,
    listed,
    on_paper,
    plain,
    say,
    walk,
)
from resilens.results.tables import Column, Table

TABLE = Table("t", (Column("a", "A"),), [(1,)])


def test_tables_are_numbered_in_reading_order() -> None:
    inner = Section("inner", "Inner", (TableBlock("second", TABLE),))
    report = Report("t", "", False, (Section("outer", "Outer", (TableBlock("first", TABLE),), (inner,)),))
    assert report.number("table-first") == "Table 1"
    assert report.number("table-second") == "Table 2"
    assert [section.id for section in walk(report.sections)] == ["outer", "inner"]


def test_a_link_to_what_is_not_there_is_refused() -> None:
    section = Section("s", "S", (Paragraph((Link("6", "table-gone"),)), Paragraph((Reference("figure-gone"),))))
    with pytest.raises(ValueError, match="figure-gone, table-gone"):
        Report("t", "", False, (section,))


def test_an_id_is_used_once() -> None:
    with pytest.raises(ValueError, match="two parts of the report have the id 's'"):
        Report("t", "", False, (Section("s", "S"), Section("s", "S again")))


def test_prose_keeps_its_parts() -> None:
    words = say("{n} of {total}: {all}.", n=Link("6", "x"), total="200", all=("a", Link("b", "y")))
    assert words == (Link("6", "x"), " of ", "200", ": ", "a", Link("b", "y"), ".")
    with pytest.raises(KeyError):
        say("{n}")


def test_passages_are_joined_and_listed() -> None:
    assert plain(join(("A.",), (), ("B.",))) == "A. B."
    assert plain(listed([("a",), ("b",), ("c",)])) == "a, b, and c"
    assert plain(listed([("a",), ("b",)])) == "a and b"


def test_an_item_can_be_pointed_at_by_its_label() -> None:
    plate = EvidencePlate("e3", "E3", "post", "not quoted", "natives", date(2025, 1, 14))
    report = Report("t", "", False, (Section("s", "S", (Paragraph((Reference("item-e3"),)), plate)),))
    assert report.number("item-e3") == "E3"
    assert plate.facts == "post, natives, 14 January 2025"


@pytest.mark.parametrize(
    "given", [{"quoting": "not quoted", "words": "said"}, {"quoting": "not quoted", "picture": b"\xff\xd8\xff"},
              {"quoting": "paraphrase", "translation": "said"}, {"quoting": "quote", "picture": b"\xff\xd8\xff"},
              {"quoting": "quote", "picture": b"GIF89a", "picture_description": "a cat"}],
)  # fmt: skip
def test_what_may_not_be_shown_cannot_be(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="E3"):
        EvidencePlate("e3", "E3", "post", **given)


def test_a_long_table_is_short_on_paper_and_says_where_it_is_whole() -> None:
    long = Table("t", (Column("a", "A", "count"),), [(number,) for number in range(1_234)], ("Counted.",))
    report = Report("R", "", False, (Section("s", "S", (TableBlock("long", long), TableBlock("short", TABLE))),))
    first, second = on_paper(report).sections[0].blocks
    assert isinstance(first, TableBlock)
    assert len(first.table.rows) == 80
    assert first.table.notes == ("Counted.", "The first 80 of 1,234 rows; all of them are on the page, index.html, and "
                                 "in tables/long.csv.")  # fmt: skip
    assert second == report.sections[0].blocks[1]
