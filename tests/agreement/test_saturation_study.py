"""Saturation of a study: emergent codes only, merges mapped, rounds in their order, and nothing claimed beyond them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from resilens.agreement.saturation.figure import growth_data, growth_figure
from resilens.agreement.saturation.growth import Growth, Settings
from resilens.agreement.saturation.meaning import state_meaning_saturation
from resilens.agreement.saturation.study import StudySaturation, saturation_of
from resilens.coding.codebook import change
from resilens.coding.codes import Code, Codebook, Facet
from resilens.coding.rounds import freeze, open_round
from resilens.corpus.engine import Corpus
from resilens.corpus.schema import TABLES
from resilens.errors import InputError
from resilens.record.clock import Ticking
from resilens.record.events import ActorKind, Draft
from resilens.record.store import Record
from resilens.results.figures import svg
from resilens.results.types import Description, Estimate, Undefined
from resilens.sampling.drawfile import Draw, DrawnItem

THREADS = 30
FACETS = (Facet("practice", "Practice"), Facet("stage", "Stage"))
SHIPPED = ("practice.tribute", "stage.adapt")
BOOK = Codebook("a-framework", FACETS, (
    Code("practice.tribute", "practice", "Tribute"), Code("stage.adapt", "stage", "Adaptation"),
    *(Code(f"practice.own{number}", "practice", f"Own {number}") for number in range(6)),
    Code("practice.old", "practice", "Old", status="retired", merged_into="practice.own1"),
))  # fmt: skip


def post(number: int) -> str:
    return f"rednote:p:{number:02d}"


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    """Thirty threads, a post and a comment each; the odd posts are Chinese, and one author wrote them all."""
    rows = {
        "posts": [{"post_id": post(n), "title": "", "text": "x", "language": "zh" if n % 2 else "en", "author": "a"}
                  for n in range(THREADS)],
        "comments": [{"comment_id": f"rednote:c:{n:02d}", "post_id": post(n), "text": "y", "language": "en",
                      "author": "b"} for n in range(THREADS)],
        "authors": [{"author": "a", "group": "natives"}],
    }  # fmt: skip
    for name, content in rows.items():
        (tmp_path / "corpus" / name).mkdir(parents=True)
        table = pa.Table.from_pylist(content, schema=TABLES[name].schema)
        parquet.write_table(table, tmp_path / "corpus" / name / "part-0.parquet")
    with Corpus(tmp_path / "corpus") as opened:
        yield opened


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    with Record.open(tmp_path / "work.sqlite", Ticking(datetime(2025, 6, 1, tzinfo=UTC))) as opened:
        change(tmp_path, opened, BOOK, "A")
        yield opened


def give(record: Record, item: str, *codes: str, coder: str = "A", round_id: str = "round-1", version: int = 1,
         kind: ActorKind = "import") -> None:  # fmt: skip
    bodies: Sequence[dict[str, object]] = [{"item_id": item, "code_id": code} for code in codes] or [
        {"item_id": item, "nothing_applies": True}]  # fmt: skip
    record.append_all([Draft("coding.set", item, dict(body), coder, kind, round_id, version) for body in bodies])


def code_all(record: Record, emergent: bool = True) -> None:
    """Every thread is read; a new code of the study's own in each of the first six, own0 in every second thread."""
    open_round(record, "round-1", "independent", ["A", "B"], "A")
    for n in range(THREADS):
        own = [f"practice.own{n}"] if n < 6 else []
        own += ["practice.own0"] if n % 2 == 0 and n else []
        give(record, post(n), "practice.tribute", "stage.adapt", *(own if emergent else []))
        give(record, f"rednote:c:{n:02d}")


def draw(design: str = "mixed") -> Draw:
    items = tuple(DrawnItem(post(n), "f", "tag" if n < 20 else "other", "s", post(n), 0.5, n, "", 1)
                  for n in range(THREADS))  # fmt: skip
    return Draw(items, (), design, 1, "random", 5, "f", "all posts found", {})


def result(record: Record, corpus: Corpus, drawn: Draw | None = None, **settings: int) -> StudySaturation:
    return saturation_of(record, corpus, SHIPPED, drawn, settings=Settings(orders=50, **settings))


def test_only_codes_of_the_study_own_count(record: Record, corpus: Corpus) -> None:
    code_all(record)
    found = result(record, corpus, draw())
    assert isinstance(found.codes, Growth)
    assert set(found.codes.incidence.codes) == {f"practice.own{n}" for n in range(6)}
    assert found.codes.guest[0].label == "6+2"
    assert found.codes.last_new_at == 6
    assert len(found.first_use.incidence.codes) == 8
    assert isinstance(found.pairs, Growth)
    assert "practice.own0 x stage.adapt" in found.pairs.incidence.codes
    assert [row["new_codes"] for row in found.batches()] == [6, 0, 0]
    assert json.loads(json.dumps(found.to_dict()))["emergent_codes"]["last_new_at"] == 6


def test_codes_of_the_framework_cannot_saturate(record: Record, corpus: Corpus) -> None:
    code_all(record, emergent=False)
    found = result(record, corpus, draw())
    assert isinstance(found.codes, Undefined)
    assert "every code in use came with the framework a-framework" in found.codes.reason
    assert found.shown[0] is found.first_use
    assert found.first_use.incidence.codes == SHIPPED
    assert [one.emergent for one in found.categories] == [False, False]


def test_a_merged_code_counts_as_the_one_it_went_into(record: Record, corpus: Corpus) -> None:
    code_all(record)
    give(record, post(0), "practice.old")
    found = result(record, corpus)
    assert isinstance(found.codes, Growth)
    assert "practice.old" not in found.codes.incidence.codes
    assert found.codes.incidence.new.tolist()[:3] == [2, 0, 1]
    assert found.merged == {"practice.old": "practice.own1"}


def test_a_code_that_came_with_a_second_reading_is_not_backdated(record: Record, corpus: Corpus) -> None:
    code_all(record)
    freeze(record, "round-1", "A")
    open_round(record, "round-2", "joint", ["A", "B"], "A")
    late = Code("practice.late", "practice", "Late")
    give(record, post(0), late.id, round_id="round-2")
    found = result(record, corpus)
    assert isinstance(found.codes, Growth)
    assert found.codes.last_new_at == THREADS
    only = saturation_of(record, corpus, SHIPPED, round_id="round-2", settings=Settings(orders=5))
    assert isinstance(only.codes, Growth)
    assert only.codes.last_new_at == 1


def test_machines_do_not_count_and_blind_rounds_stay_blind(record: Record, corpus: Corpus) -> None:
    code_all(record)
    give(record, post(20), "practice.own5", coder="model", kind="machine")
    open_round(record, "round-2", "independent", ["A", "B"], "A")
    give(record, post(25), "practice.secret", round_id="round-2", kind="human")
    found = result(record, corpus)
    assert found.reading.blind == ("round-2",)
    assert found.reading.coders == ("A",)
    assert "secret" not in json.dumps(found.to_dict())
    assert isinstance(found.codes, Growth)
    assert found.codes.incidence.counts.tolist() == [15, 1, 1, 1, 1, 1]
    with pytest.raises(InputError, match="freeze it first"):
        saturation_of(record, corpus, SHIPPED, round_id="round-2")
    with pytest.raises(InputError, match="nobody called 'C'"):
        saturation_of(record, corpus, SHIPPED, coder="C")


@pytest.mark.parametrize("drawn", [None, draw("ranked"), draw()])
def test_an_interval_needs_a_sample_whose_chances_are_known(
    record: Record, corpus: Corpus, drawn: Draw | None
) -> None:
    code_all(record)
    found = result(record, corpus, drawn)
    assert isinstance(found.codes, Growth)
    chances_known = drawn is not None and drawn.design != "ranked"
    assert isinstance(found.codes.richness, Estimate if chances_known else Description)
    assert isinstance(found.codes.coverage, Description)
    assert bool(found.caution) != chances_known
    words = found.paragraph()
    assert ("describe the threads coded and nothing beyond them" in words) != chances_known


def test_growth_is_told_by_stage_hashtag_language_and_group(record: Record, corpus: Corpus) -> None:
    code_all(record)
    found = result(record, corpus, draw())
    told = {(one.by, one.value): (len(one.growth.incidence.threads), len(one.growth.incidence.codes))
            for one in found.splits}  # fmt: skip
    assert told == {
        ("stage", "stage.adapt"): (30, 6), ("hashtag", "tag"): (20, 6), ("hashtag", "other"): (10, 1),
        ("language", "en"): (30, 3), ("language", "zh"): (15, 3), ("group", "natives"): (30, 6),
        ("group", "unknown"): (30, 0),
    }  # fmt: skip


def test_saturation_of_meaning_is_stated_by_people_and_supported_by_the_codebook(
    record: Record, corpus: Corpus, tmp_path: Path
) -> None:
    code_all(record)
    state_meaning_saturation(record, "practice", "nothing new since thread 12", "A")
    own = {one.code: one for one in result(record, corpus).categories}
    assert [one.text for one in own["practice.own3"].statements] == ["nothing new since thread 12"]
    assert own["stage.adapt"].statements == ()
    assert (own["practice.own3"].since, own["practice.own3"].overtaken) == (THREADS, False)
    edited = tuple(Code(code.id, code.facet, code.name, definition="sharper") if code.id == "practice.own3" else code
                   for code in BOOK.codes)  # fmt: skip
    change(tmp_path, record, Codebook("a-framework", FACETS, edited), "A")
    own = {one.code: one for one in result(record, corpus).categories}
    assert own["practice.own3"].overtaken
    assert (own["practice.own3"].created, own["practice.own3"].edited, own["practice.own3"].since) == (1, 2, 0)
    assert "edited since" in result(record, corpus).paragraph()


def test_a_statement_names_a_code_or_facet_and_its_grounds(record: Record) -> None:
    with pytest.raises(InputError, match="did you mean 'practice'"):
        state_meaning_saturation(record, "practise", "because", "A")
    with pytest.raises(InputError, match="needs its grounds"):
        state_meaning_saturation(record, "practice", " ", "A")
    state_meaning_saturation(record, "practice", "first", "A")
    assert state_meaning_saturation(record, "practice", "second", "A").text == "second"
    assert len(record.view("memos")) == 1


def test_nothing_coded_is_undefined_and_breaks_nothing(record: Record, corpus: Corpus) -> None:
    found = result(record, corpus)
    assert found.codes == Undefined("no code was given")
    assert found.batches() == []
    assert found.tables() == {}
    with pytest.raises(InputError, match="nothing was coded"):
        found.figure()
    assert found.lines()


def test_the_figure_is_the_same_bytes_every_time_and_says_synthetic(record: Record, corpus: Corpus) -> None:
    code_all(record)
    first, second = (svg(growth_figure(result(record, corpus).shown, synthetic=True)) for _ in range(2))
    assert first == second
    assert "SYNTHETIC" in first
    assert "emergent codes" in first
    assert len(growth_data(result(record, corpus).shown).rows) == 2 * THREADS


def test_tables_and_figures_are_at_hand(record: Record, corpus: Corpus) -> None:
    code_all(record)
    found = result(record, corpus, draw())
    assert list(found.tables()) == ["lists", "rules", "batches", "parts", "codes"]
    assert "hashtag: tag" in svg(found.figure("hashtag"))
    assert "emergent codes" in svg(found.figure())
    with pytest.raises(InputError, match="did you mean 'hashtag'"):
        found.figure("hashtags")
