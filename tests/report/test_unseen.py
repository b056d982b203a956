"""What could not be seen: what applies is said and counted, what does not is left out, and nothing is made up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from tests.report.conftest import full

from resilens.corpus.engine import Corpus
from resilens.corpus.schema import TABLES
from resilens.record.clock import Ticking, seeded_identifiers
from resilens.record.events import Draft
from resilens.record.store import Record
from resilens.report.facts import gather
from resilens.report.method import method_section
from resilens.report.method_facts import Basis, Bounds, Coverage, Extent, MethodFacts, Pictures
from resilens.report.model import Link, ListBlock, Report, Section, TableBlock, Words, plain
from resilens.report.unseen import ENTRIES, unseen_section
from resilens.study.folder import Folder
from resilens.study.reading import read


def section(facts: MethodFacts) -> Section:
    found = unseen_section(facts)
    assert found is not None
    return found


def entries(facts: MethodFacts) -> dict[str, Words]:
    """The entries by their names."""
    block = section(facts).blocks[0]
    assert isinstance(block, ListBlock)
    return {plain(words[:1]).rstrip("."): words[2:] for words in block.entries}


def said(facts: MethodFacts) -> dict[str, str]:
    return {name: plain(words).strip() for name, words in entries(facts).items()}


def counted(facts: MethodFacts) -> dict[object, tuple[object, ...]]:
    tables = [block.table for block in section(facts).blocks if isinstance(block, TableBlock)]
    return {row[0]: tuple(row[1:]) for table in tables for row in table.rows}


def bare() -> MethodFacts:
    """One post of which nothing else is known."""
    return replace(full(), extent=Extent(1, 0, 1), design=None, frame=None, flow=(), flow_all=None, coverage=None,
                   time_bases=(), bounds=(), quarantine=(), captures=(), groups=(), ungrouped=0)  # fmt: skip


def test_nothing_is_said_before_anything_is_captured(empty_facts: MethodFacts) -> None:
    assert unseen_section(empty_facts) is None


def test_what_leaves_no_trace_is_always_said() -> None:
    assert list(said(bare())) == ["Readers", "Removed before capture", "Self-censorship", "Who was first",
                                  "Beyond the frame"]  # fmt: skip
    assert not counted(bare())
    assert "no capture says which search it came from" in said(bare())["Beyond the frame"]


def test_everything_that_applies_is_said_once(full_facts: MethodFacts) -> None:
    facts = replace(full_facts, pictures=Pictures(600, 1), extent=replace(full_facts.extent, orphans=3))
    told = said(facts)
    assert list(told) == [name for name, _ in ENTRIES]
    assert told["Threads"] == (
        "Of 724 threads, 379 were captured in part, 40 have none of their comments here, and four state no number "
        "of comments; whatever depends on a reply being absent there is a bound."
    )
    assert told["Comments without their post"].startswith("Three comments answer posts that were not captured")
    assert told["Times"] == (
        "No time is known for one post; for 700 posts and 12,403 comments the hour rests on a zone that the platform "
        "does not state."
    )
    assert told["Counts"] == (
        "Of the counts that posts and comments carry, 20 are lower bounds, 100 are rounded for display, and 4 are not "
        "shown."
    )
    assert told["Records not read"].startswith("Five captured records could not be read and were set aside")
    assert told["Groups"].endswith("No rule placed 40 authors, who are kept as unknown.")
    assert told["Languages"].startswith("The language of 14 posts is not inferred")
    assert told["Pictures"].startswith("Pictures and recordings go with 600 posts and one comment")
    assert "The frame holds 323 posts" in told["Beyond the frame"]
    assert counted(facts) == {
        "threads, all": (724, None),
        "threads captured whole, or declaring no comments": (301, None),
        "threads captured in part": (379, None),
        "threads without any of their comments": (40, None),
        "threads that state no number of comments": (4, None),
        "comments whose post was not captured": (None, 3),
        "language not known": (14, 0),
        "pictures or recordings named, not held": (600, 1),
    }


def test_every_number_leads_to_a_table_that_is_there(full_facts: MethodFacts) -> None:
    facts = replace(full_facts, pictures=Pictures(600, 1))
    Report("A study", "", True, (method_section(facts), section(facts)))  # refuses links that lead nowhere
    number = re.compile(r"\d|\b(?:one|three|five|nine) (?:post|comment|captured)")
    linked = 0
    for name, words in entries(facts).items():
        for word in words:
            if isinstance(word, str):
                assert not number.search(word), (name, word)
            linked += isinstance(word, Link)
    assert linked >= 14


def test_links_lead_somewhere_whatever_is_missing(full_facts: MethodFacts) -> None:
    for missing in ({"captures": ()}, {"groups": ()}, {"time_bases": ()}, {"bounds": ()}, {"flow": ()},
                    {"flow_all": None, "flow": ()}, {"coverage": None}, {"quarantine": ()}, {"retrievals": ()},
                    {"design": None}, {"frame": None}):  # fmt: skip
        facts = replace(full_facts, **missing)  # type: ignore[arg-type]
        Report("A study", "", True, (method_section(facts), section(facts)))


@pytest.mark.parametrize(("coverage", "says"), [
    (Coverage(5, 5, 90, 90, 5, 0), ""),
    (Coverage(5, 0, 0, 0, 0, 0), "No post states how many comments it has"),
    (Coverage(2, 2, 9, 4, 1, 0), "Of two threads, one was captured in part; whatever"),
    (Coverage(2, 2, 9, 4, 1, 0, True), "Some declared numbers are lower bounds"),
    (Coverage(9, 9, 90, 9, 0, 1), "eight were captured in part and one has none of its comments here;"),
    (Coverage(0, 0, 0, 0, 0, 0), "No post states how many comments it has"),
])  # fmt: skip
def test_threads_are_as_whole_as_their_coverage(full_facts: MethodFacts, coverage: Coverage, says: str) -> None:
    told = said(replace(full_facts, coverage=coverage))
    assert says in told["Threads"] if says else "Threads" not in told


def test_a_design_at_random_has_no_survivors_of_its_own_and_an_audit_measures_them(full_facts: MethodFacts) -> None:
    design = full_facts.design
    assert design is not None
    assert "Older survivors" not in said(replace(full_facts, design=replace(design, design="random")))
    assert "Older survivors" not in said(replace(full_facts, draw=None, hashtags=(), quotas=()))
    audited = said(replace(full_facts, design=replace(design, design="ranked+audit")))
    assert audited["Older survivors"].endswith("show by how much, inside the frame alone.")


def test_later_removal_is_seen_only_where_an_item_was_captured_twice(full_facts: MethodFacts) -> None:
    assert "No item was captured twice" in said(full_facts)["Removed before capture"]
    again = replace(full_facts, captures=(replace(full_facts.captures[0], repeated=7),))
    assert "its cause stays unknown" in said(again)["Removed before capture"]


def test_few_authors_are_not_counted_out(full_facts: MethodFacts) -> None:
    told = said(replace(full_facts, ungrouped=3))["Groups"]
    assert told.endswith("No rule placed fewer than five authors, who are kept as unknown.")


def test_all_that_is_known_exactly_is_not_mentioned(full_facts: MethodFacts) -> None:
    exact = replace(full_facts, time_bases=(Basis("field", 5, 5), Basis("id_exact", 1, 0)),
                    bounds=(Bounds("likes of posts", 6, 0, 0, 0),), quarantine=(), ungrouped=0,
                    extent=replace(full_facts.extent, languages=(("zh", 724),)))  # fmt: skip
    assert not {"Times", "Counts", "Records not read", "Languages", "Pictures"} & set(said(exact))
    assert said(exact)["Groups"] == "Groups rest on rules about what accounts display, not on who people are."


@pytest.fixture
def gathered(tmp_path: Path) -> Iterator[MethodFacts]:
    """Facts of a study on disk: two posts, one with a picture, and two memos."""
    folder = Folder(tmp_path)
    folder.study_file.write_text('[study]\ntitle = "A small study"\n', encoding="utf-8")
    posts = [{"post_id": f"rednote:p:{n}", "platform": "rednote", "script": "latin", "language": "",
              "time_basis": "unknown", "media": ["a.jpg"] if n else []} for n in range(2)]  # fmt: skip
    (folder.corpus / "posts").mkdir(parents=True)
    table = pa.Table.from_pylist(posts, schema=TABLES["posts"].schema)
    parquet.write_table(table, folder.corpus / "posts" / "0.parquet")
    clock = Ticking(datetime(2025, 5, 2, 20, tzinfo=UTC))
    with Corpus(folder.corpus) as corpus, Record.open(folder.record, clock, seeded_identifiers(3)) as record:
        for name, kind, text in (("m2", "positionality", "I lived on both sides."), ("m1", "memo", "A thought."),
                                 ("m3", "positionality", "  ")):  # fmt: skip
            record.append(Draft("memo.written", name, {"memo_id": name, "text": text, "type": kind}, "mei"))
        yield gather(folder, read(folder.study_file), corpus, record)


def test_pictures_and_memos_are_gathered(gathered: MethodFacts) -> None:
    assert gathered.pictures == Pictures(1, 0)
    assert gathered.positionality == ("mei",)
    assert counted(gathered)["language not known"] == (2, 0)
