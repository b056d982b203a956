"""What was captured, as the report says it."""

from __future__ import annotations

import json
from dataclasses import replace
from html import unescape
from pathlib import Path

from tests.capture.reading import card, envelope, thread

from resilens.capture.recaptures import Grown, Recapture
from resilens.pipeline import open_study
from resilens.report.build import report_of
from resilens.report.captured import captured_section
from resilens.report.html import render
from resilens.report.method_facts import Capture, MethodFacts
from resilens.report.model import ListBlock, Note, Paragraph, Section, TableBlock, plain, walk
from resilens.study.beginning import begin


def prose(section: Section | None) -> str:
    assert section is not None
    said = []
    for part in walk((section,)):
        for block in part.blocks:
            if isinstance(block, (Paragraph, Note)):
                said.append(plain(block.words))
            elif isinstance(block, ListBlock):
                said += [plain(entry) for entry in block.entries]
    return "\n".join(said)


def test_captures_gaps_times_and_bounds_are_said(full_facts: MethodFacts) -> None:
    facts = replace(full_facts, noticed=(("orphan", 3), ("zone_unknown", 1)), media=(("picture", 2), ("film", 1)),
                    again=(Recapture("0123456789ab", None, 2, 1, 3, 1, 2), Grown("likes", 3, 2, -4, 1)))  # fmt: skip
    section = captured_section(facts)
    said = prose(section)
    for words in ("One captured file holds 729 records: 724 new, 0 seen before, 5 that could not be read",
                  "Beside them lie two pictures and one film.", "was guessed and not confirmed in posts.csv",
                  "the id was destroyed by a spreadsheet (4) and a repeated header (1)",
                  "Three items: the comment it answers was not captured", "Times: ",
                  "2 threads looked for; 1 comments seen again, 3 absent (which is not removal)",
                  "Growth of likes: 3 items were captured at two times or more; together -4 over 2, 1 of them less "
                  "than before, 1 not told exactly.",
                      "Counts: not all exact are "):  # fmt: skip
        assert words in said, words
    assert section is not None
    tables = [block for part in walk((section,)) for block in part.blocks if isinstance(block, TableBlock)]
    assert [one.name for one in tables] == ["captures", "noticed"]
    assert len(tables[1].table.rows) == 2
    page = render(report_of(facts))["index.html"].decode()  # every reference leads somewhere
    assert page.count('id="table-captures"') == 1


def test_nothing_is_said_of_nothing(full_facts: MethodFacts) -> None:
    assert captured_section(replace(full_facts, captures=())) is None
    whole = replace(full_facts, quarantine=(), coverage=None, noticed=(), bounds=(), time_bases=(),
                    extent=replace(full_facts.extent, orphans=0, undated=0),
                    captures=(Capture("a.csv", "table", "0f" * 32, 1, 1, 0, 0),))  # fmt: skip
    said = prose(captured_section(whole))
    assert "One captured file holds one record: 1 new" in said
    assert "Nothing that the captures themselves could tell of." in said


def test_the_page_of_a_study_has_it(tmp_path: Path) -> None:
    begin(tmp_path / "study")
    items = [envelope("xiaohongshu.com", card()), envelope("xiaohongshu-comments", thread())]
    (tmp_path / "a.ndjson").write_text("".join(json.dumps(one) + "\n" for one in items) + "{\n", "utf-8")
    with open_study(tmp_path / "study") as study:
        study.add([tmp_path / "a.ndjson"])
        page = unescape(Path(study.report()).read_text("utf-8"))
    assert "What was captured" in page
    assert "the capture names no author" in page
