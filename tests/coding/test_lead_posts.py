"""The leads that speak of a post on the desk, and posts brought in by what a person writes of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from resilens.coding.lead_posts import bring_in_mentioned, speaking_of
from resilens.coding.leads import Lead
from resilens.coding.rounds import open_round
from resilens.coding.screened_post import rounds_reading, screened_post, thread_of
from resilens.coding.threads import Item
from resilens.corpus.engine import Corpus
from resilens.corpus.schema import TABLES
from resilens.errors import InputError
from resilens.record.events import Draft
from resilens.record.store import Record
from resilens.sampling.shelf import Shelf
from resilens.study.model import Study

ADDRESS = "https://www.xiaohongshu.com/explore/6785e350000000001"
POST = Item("rednote:p:6785e350000000001", "post", "rednote:p:6785e350000000001", url=ADDRESS,
            hashtags=("CatTax", "猫税"))  # fmt: skip


def a_lead(name: str = "lead-1", **given: Any) -> Lead:
    plain: dict[str, Any] = dict.fromkeys(("text", "where", "seen_at", "link", "pasted", "file"), "")
    lists: dict[str, Any] = dict.fromkeys(("tags", "items", "codes"), ())
    return Lead(name, **plain | lists | given, noted_by="mei", noted_at="2025-01-14T00:00:00+00:00", changed_by="mei")


@pytest.mark.parametrize(
    ("lead", "because", "hashtags"),
    [
        ({"items": (POST.item_id,)}, "item", ()),
        ({"items": ("rednote:c:1",)}, "item", ()),
        ({"link": ADDRESS + "?app_platform=ios"}, "item", ()),
        ({"text": "seen under #cattax"}, "hashtag", ("CatTax",)),
        ({"pasted": "好看 #猫税[话题]#"}, "hashtag", ("猫税",)),
        ({"tags": ("猫税", "cattax")}, "hashtag", ("猫税", "CatTax")),
        ({"text": "cattax without its sign"}, None, ()),
        ({"tags": ("dogs",)}, None, ()),
    ],
)
def test_what_makes_a_lead_speak_of_a_post(lead: dict[str, Any], because: str | None, hashtags: Any) -> None:
    found = speaking_of([a_lead(**lead)], POST, [Item("rednote:c:1", "comment", POST.item_id)])
    assert [(match.because, match.hashtags) for match in found] == ([(because, hashtags)] if because else [])


def test_what_points_to_this_very_post_comes_first() -> None:
    found = speaking_of([a_lead("of many", tags=("cattax",)), a_lead("of one", link=ADDRESS)], POST)
    assert [match.lead.lead_id for match in found] == ["of one", "of many"]


@pytest.fixture
def corpus(tmp_path: Path) -> Any:
    rows: dict[str, list[dict[str, Any]]] = {
        "posts": [{"post_id": f"rednote:p:6785e35000000000{number}", "platform": "rednote", "hashtags": ["cattax"],
                   "title": f"cat {number}" if number % 2 else "", "text": "this is what it says", "likes": number}
                  for number in range(1, 9)],
        "comments": [{"comment_id": f"rednote:c:{number}", "post_id": POST.item_id, "text": "a reply", "likes": number,
                      "root_id": f"rednote:c:{number}"} for number in range(5)],
    }  # fmt: skip
    for name, content in rows.items():
        (tmp_path / "corpus" / name).mkdir(parents=True)
        table = pa.Table.from_pylist(content, TABLES[name].schema)
        parquet.write_table(table, tmp_path / "corpus" / name / "part-0.parquet")
    with Corpus(tmp_path / "corpus") as opened:
        yield opened


@pytest.fixture
def shelf(corpus: Corpus) -> Shelf:
    study = {"study": {"title": "Cats"}, "hashtag": [{"name": "cattax"}], "sample": {"posts": 3, "comments": 2}}
    return Shelf.of(corpus, Study.model_validate(study))


@pytest.mark.parametrize("mention", [POST.item_id, "6785e350000000001", ADDRESS, f" {ADDRESS}?xsec_token=A "])
def test_a_post_is_meant_by_its_id_its_platform_s_or_its_address(
    corpus: Corpus, shelf: Shelf, record: Record, mention: str
) -> None:
    record.append(Draft("lead.noted", "lead-1", {"lead_id": "lead-1", "text": "seen"}, "mei"))
    event = bring_in_mentioned(corpus, shelf.material, record, mention, "lead-1", "cattax", "mei")
    assert event.subject == POST.item_id
    for wrong, lead in (("nothing", "lead-1"), ("", "lead-1"), ("rednote:c:1", "lead-1"), (mention, "")):
        with pytest.raises(InputError):
            bring_in_mentioned(corpus, shelf.material, record, wrong, lead, "cattax", "mei")


def test_a_post_lies_on_the_desk_with_all_that_belongs_to_it(corpus: Corpus, shelf: Shelf, record: Record) -> None:
    record.append(Draft("lead.noted", "lead-1", {"lead_id": "lead-1", "text": "#cattax", "items": ["rednote:c:4"]},
                        "mei"))  # fmt: skip
    found = screened_post(corpus, record, shelf, POST.item_id)
    assert found.post.item_id == POST.item_id
    assert [match.because for match in found.matches] == ["item"], "a lead to one of its comments speaks of it"
    assert {item.item_id for item in found.shown} == set(found.comments.chosen)
    assert len(found.comments.captured) == 5
    assert [item.item_id for item in thread_of(corpus, record, POST.item_id)][0] == POST.item_id
    assert shelf.labels[POST.item_id] == "cat 1"
    assert shelf.labels["rednote:p:6785e350000000002"] == "this is what it says"
    for unknown in ("rednote:p:none", "rednote:c:1"):
        with pytest.raises(InputError, match="no captured post"):
            screened_post(corpus, record, shelf, unknown)
        with pytest.raises(InputError, match="no captured post"):
            thread_of(corpus, record, unknown)


def test_the_rounds_that_read_a_post_are_told_by_what_they_were_opened_on(record: Record) -> None:
    open_round(record, "round-1", "independent", ["mei", "jon"], "mei", items=[POST.item_id])
    open_round(record, "round-2", "joint", ["mei"], "mei", items=["rednote:p:other"])
    assert [found.id for found in rounds_reading(record, POST.item_id, lambda found: found.items)] == ["round-1"]
