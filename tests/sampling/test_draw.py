"""The draw of a study: file, record, the same bytes again, what would change, screening, changes by hand, the flow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest
from tests.sampling.rows import a_comment, a_post, post_id

from resilens.corpus.engine import Corpus
from resilens.errors import InputError
from resilens.record.clock import Ticking
from resilens.record.store import Draft, Record
from resilens.results.types import Description, Estimate
from resilens.sampling.draw import ByHand, DrawResult, draw, study_quotas
from resilens.sampling.drawfile import SCHEMA, read_draw, to_bytes
from resilens.sampling.estimates import share
from resilens.sampling.flow import COLUMNS
from resilens.study.model import Study

MakeCorpus = Callable[..., Corpus]


def a_study(**sample: Any) -> Study:
    return Study.model_validate({
        "study": {"title": "Cats"},
        "hashtag": [
            {"name": "cattax", "volumes": [{"as_of": "2025-05-01", "discussions": "3000", "views": 10}]},
            {"name": "猫税", "volumes": [{"as_of": "2025-05-01", "discussions": "1000", "views": 10}]},
        ],
        "sample": {"posts": 40, "comments": 3, "seed": 7, **sample},
    })  # fmt: skip


def rows_of(posts: int = 100) -> dict[str, list[dict[str, Any]]]:
    tags = [["cattax"] if number % 4 else ["CatTax", "猫税"] for number in range(posts)]
    return {
        "posts": [a_post(f"{number:03}", tag, likes=number) for number, tag in enumerate(tags)],
        "comments": [a_comment(f"{number:03}-{place}", f"{number:03}") for number in range(posts)
                     for place in range(number % 7)],
    }  # fmt: skip


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    with Record.open(tmp_path / "work.sqlite", Ticking(datetime(2025, 5, 1, tzinfo=UTC))) as opened:
        yield opened


@pytest.fixture
def corpus(corpus_of: MakeCorpus) -> Corpus:
    return corpus_of(**rows_of())


def exclude(record: Record, item_id: str, reason: str = "off topic") -> None:
    record.append(Draft("screening.decided", item_id, {"item_id": item_id, "decision": "exclude", "reason": reason},
                        "mei", "human"))  # fmt: skip


def test_a_draw_is_a_file_with_the_design_s_columns_and_an_event(
    corpus: Corpus, record: Record, tmp_path: Path
) -> None:
    made = draw(corpus, a_study(), record, tmp_path / "sample")
    assert made.status == "drawn"
    assert [(row.hashtag, row.quota) for row in made.quotas] == [("cattax", 30), ("猫税", 10)]
    table = parquet.read_table(tmp_path / "sample" / "draw-001.parquet")
    assert table.schema.remove_metadata() == SCHEMA
    drawn = made.kept.draw
    posts = {item.item_id: item for item in drawn.posts}
    assert len(posts) == 40
    for item in drawn.items:
        assert item.inclusion_probability is not None
        assert item.inclusion_probability <= posts[item.cluster_id].inclusion_probability  # type: ignore[operator]
    assert len([item for item in drawn.items if not item.is_post]) == made.flow[-1]["comments_selected"]
    (event,) = record.events("sample.drawn")
    assert event.body is not None
    assert (event.subject, event.body["sha256"], event.body["n"]) == ("draw-001", made.kept.sha256, 40)
    assert event.body["quotas"] == {"cattax": 30, "猫税": 10}
    assert read_draw(made.kept.path) == drawn


def test_drawing_again_with_the_same_inputs_gives_the_same_bytes_and_no_event(
    corpus: Corpus, record: Record, tmp_path: Path
) -> None:
    first = draw(corpus, a_study(), record, tmp_path / "sample")
    content = first.kept.path.read_bytes()
    assert draw(corpus, a_study(), record, tmp_path / "sample").status == "unchanged"
    first.kept.path.unlink()
    again = draw(corpus, a_study(), record, tmp_path / "sample", redraw=True)
    assert again.status == "unchanged"
    assert again.kept.path.read_bytes() == content == to_bytes(again.kept.draw)
    assert len(list(record.events("sample.drawn"))) == 1


def test_more_captures_change_nothing_until_told(corpus_of: MakeCorpus, record: Record, tmp_path: Path) -> None:
    first = draw(corpus_of(**rows_of()), a_study(), record, tmp_path / "sample")
    larger = corpus_of(**rows_of(140))
    second = draw(larger, a_study(), record, tmp_path / "sample")
    assert second.status == "changed"
    assert second.kept.name == "draw-001"
    assert second.change is not None
    assert second.change.because == ("what was captured, or how the frame is made",)
    assert second.change.entering
    assert [path.name for path in sorted((tmp_path / "sample").iterdir())] == ["draw-001.parquet"]
    third = draw(larger, a_study(), record, tmp_path / "sample", redraw=True)
    assert (third.status, third.kept.name) == ("drawn", "draw-002")
    new, old = ({item.item_id for item in one.kept.draw.items} for one in (third, first))
    assert {item for item, _ in second.change.entering} == new - old
    assert {item for item, _ in second.change.leaving} == old - new
    event = list(record.events("sample.drawn"))[-1]
    assert event.body is not None
    assert event.body["replaces"] == "draw-001"
    assert event.body["reason"] == str(third.change)
    assert "would leave, because there is a change in what was captured" in event.body["reason"]
    assert first.kept.path.read_bytes() == to_bytes(first.kept.draw)


def test_screening_out_a_drawn_post_refills_and_one_not_reached_changes_nothing(
    corpus: Corpus, record: Record, tmp_path: Path
) -> None:
    first = draw(corpus, a_study(), record, tmp_path / "sample")
    drawn = {item.item_id for item in first.kept.draw.posts}
    outside = next(post_id(f"{number:03}") for number in range(100) if post_id(f"{number:03}") not in drawn)
    lost = first.kept.draw.posts[0]
    exclude(record, lost.item_id)
    result = draw(corpus, a_study(), record, tmp_path / "sample", redraw=True)
    assert result.change is not None
    assert result.change.because == ("decisions at the screening desk",)
    assert lost.item_id in {item for item, _ in result.change.leaving}
    (refill,) = [item for item in result.kept.draw.posts if item.item_id not in drawn]
    assert refill.reason == "refill, mixed; replaces one left out: off topic"
    assert refill.hashtag == lost.hashtag
    row = next(row for row in result.flow if row["hashtag"] == lost.hashtag)
    assert (row["ineligible"], row["refilled"], row["shortfall"]) == (1, 1, 0)
    assert row["ineligible_because"] == "off topic 1"
    if outside != refill.item_id:
        exclude(record, outside)
        assert draw(corpus, a_study(), record, tmp_path / "sample").status == "unchanged"


def test_the_flow_adds_up(corpus: Corpus, record: Record, tmp_path: Path) -> None:
    for number in range(0, 100, 10):
        exclude(record, post_id(f"{number:03}"), "advertisement")
    for row in draw(corpus, a_study(posts=90), record, tmp_path / "sample").flow:
        assert list(row) == list(COLUMNS)
        assert row["drawn"] == row["examined"] - row["ineligible"] + row["by_hand"]
        if row["hashtag"] == "all":
            assert row["posts"] == row["in_frame"] + row["outside_dates"] == 100
        else:
            assert row["posts"] == row["outside_dates"] + row["duplicate"] + row["in_frame"]
            assert row["shortfall"] == max(0, row["quota"] - row["drawn"])


def test_a_change_by_hand_empties_every_chance_and_stays_until_dropped(
    corpus: Corpus, record: Record, tmp_path: Path
) -> None:
    first = draw(corpus, a_study(), record, tmp_path / "sample")
    drawn = [item.item_id for item in first.kept.draw.posts]
    added = next(post_id(f"{number:03}") for number in range(100) if post_id(f"{number:03}") not in drawn)
    by_hand = ByHand(add={added: "seen in a lead"}, remove={drawn[0]: "known to the author"})
    changed = draw(corpus, a_study(), record, tmp_path / "sample", redraw=True, by_hand=by_hand)
    assert changed.kept.draw.by_hand
    assert {item.inclusion_probability for item in changed.kept.draw.items} == {None}
    ids = [item.item_id for item in changed.kept.draw.posts]
    assert added in ids
    assert drawn[0] not in ids
    assert isinstance(share(changed.kept.draw, dict.fromkeys(ids, 1.0)), Description)
    assert draw(corpus, a_study(), record, tmp_path / "sample").status == "unchanged"
    back = draw(corpus, a_study(), record, tmp_path / "sample", redraw=True, by_hand=ByHand())
    assert [item.item_id for item in back.kept.draw.posts] == drawn
    with pytest.raises(InputError, match="is not in the frame"):
        draw(corpus, a_study(), record, tmp_path / "sample", by_hand=ByHand(add={"rednote:p:none": "lead"}))


@pytest.mark.parametrize(
    ("design", "rule"),
    [("ranked", "random"), ("random", "random"), ("mixed", "random"), ("ranked+audit", "random"), ("mixed", "top"),
     ("mixed", "thread"), ("mixed", "judged")],
)  # fmt: skip
def test_every_design_and_every_rule(
    corpus: Corpus, record: Record, tmp_path: Path, design: str, rule: str
) -> None:
    chosen = {"comment_id": "rednote:c:096-0", "post_id": post_id("096"), "chosen": True}
    record.append(Draft("comment.chosen", "rednote:c:096-0", chosen, "mei", "human"))
    result = draw(corpus, a_study(design=design, comment_rule=rule), record, tmp_path / "sample")
    known = {item.is_post: item.inclusion_probability is not None for item in result.kept.draw.items}
    assert known[True] == (design != "ranked")
    assert known.get(False, False) == (design != "ranked" and rule == "random")
    made = share(result.kept.draw, {item.item_id: 1.0 for item in result.kept.draw.posts})
    assert isinstance(made, Description if design == "ranked" else Estimate)


def test_a_file_that_was_changed_is_noticed(corpus: Corpus, record: Record, tmp_path: Path) -> None:
    made: DrawResult = draw(corpus, a_study(), record, tmp_path / "sample")
    made.kept.path.write_bytes(to_bytes(replace(made.kept.draw, seed=8)))
    with pytest.raises(InputError, match="is not the draw that was recorded"):
        draw(corpus, a_study(), record, tmp_path / "sample")
    made.kept.path.write_bytes(b"not a table")
    with pytest.raises(InputError, match="not a draw, or it is damaged"):
        draw(corpus, a_study(), record, tmp_path / "sample")


def test_a_file_that_no_record_names_is_replaced(corpus: Corpus, record: Record, tmp_path: Path) -> None:
    (tmp_path / "sample").mkdir()
    (tmp_path / "sample" / "draw-001.parquet").write_bytes(b"left by a crash")
    assert draw(corpus, a_study(), record, tmp_path / "sample").kept.name == "draw-001"


def test_a_study_without_volumes_or_captures_is_told(corpus_of: MakeCorpus, record: Record, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no captured post is in the frame"):
        draw(corpus_of(), a_study(), record, tmp_path / "sample")
    bare = Study.model_validate({"study": {"title": "Cats"}, "hashtag": [{"name": "a"}, {"name": "b"}]})
    with pytest.raises(InputError, match="#a: has no discussions"):
        study_quotas(bare)
    one = Study.model_validate({"study": {"title": "Cats"}, "hashtag": [{"name": "a"}]})
    assert [row.quota for row in study_quotas(one)] == [200]
    assert not (tmp_path / "sample").exists()
