"""Leads: noted, changed, taken back; what is wrong is said at once; they find the items they speak of."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from tests.web.making import comment, post
from tests.web.making import study as make_study

from resilens.capture.media import media_ids
from resilens.coding.leads import Seen, change_lead, lead_of, leads_of, matching, note_lead, remove_lead, told_apart
from resilens.coding.threads import Item
from resilens.errors import InputError
from resilens.pipeline import OpenStudy, open_study
from resilens.study.beginning import begin


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenStudy]:
    with make_study(tmp_path_factory.mktemp("leads"), drawn=False) as opened:
        yield opened


def test_a_lead_with_all_it_may_hold(made: OpenStudy) -> None:
    (picture,) = media_ids(made.folder.media)
    code = made.codebook().codes[0].id
    lead = note_lead(made, Seen(
        " Everybody pays\r\ncat tax ", "Weibo", "2025-01-14 20:00", "https://weibo.com/status/1?token=SECRET", "@Zorb",
        picture, ["#cats", "tax", "cats", ""], [post(1), comment(1).split(":")[2], ""], [code],
    ), actor="mei")  # fmt: skip
    assert lead.text == "Everybody pays\ncat tax"
    assert lead.seen_at == "2025-01-14T20:00+08:00"
    assert lead.link == "https://weibo.com/status/1"
    assert lead.tags == ("cats", "tax")
    assert lead.items == (post(1), comment(1))
    assert (lead.file, lead.codes, lead.noted_by) == (picture, (code,), "mei")
    assert lead_of(made.record, lead.lead_id) == lead


def test_ids_are_short_never_used_again_and_a_retry_notes_nothing_new(made: OpenStudy) -> None:
    event = uuid4()
    first = note_lead(made, Seen("one"), actor="mei", event_id=event)
    assert note_lead(made, Seen("one"), actor="mei", event_id=event) == first
    head = made.record.head
    remove_lead(made.record, first.lead_id, actor="jon", reason="twice", event_id=(gone := uuid4()))
    remove_lead(made.record, first.lead_id, actor="jon", reason="twice", event_id=gone)
    assert made.record.head != head
    second = note_lead(made, Seen("two"), actor="jon")
    number = int(first.lead_id.removeprefix("lead-"))
    assert second.lead_id == f"lead-{number + 1}"
    with pytest.raises(InputError, match="a different event"):
        note_lead(made, Seen("three"), actor="mei", event_id=event)
    with pytest.raises(InputError, match="there is no lead"):
        remove_lead(made.record, first.lead_id, actor="jon")


def test_leads_noted_at_once_have_numbers_of_their_own(made: OpenStudy) -> None:
    with ThreadPoolExecutor(8) as pool:
        noted = list(pool.map(lambda n: note_lead(made, Seen(f"at once {n}"), actor="mei").lead_id, range(24)))
    assert len(set(noted)) == 24


def test_a_change_keeps_who_noted_it_first(made: OpenStudy) -> None:
    lead = note_lead(made, Seen("a rumour", "WeChat", "2025-01-13", tags=["rumour"]), actor="mei")
    changed = change_lead(made, lead.lead_id, Seen("a rumour, denied", "Douyin", "2025-01-12"), actor="jon")
    assert (changed.noted_by, changed.changed_by, changed.tags) == ("mei", "jon", ())
    assert lead.lead_id in [one.lead_id for one in leads_of(made.record, where="Douyin", by="mei")]
    assert not leads_of(made.record, tag="rumour")
    with pytest.raises(InputError, match="there is no lead 'lead-999'"):
        change_lead(made, "lead-999", Seen("x"), actor="jon")


def test_everything_wrong_is_said_at_once(made: OpenStudy) -> None:
    with pytest.raises(InputError) as refused:
        note_lead(made, Seen(seen_at="soon", link="javascript:alert(1)", file="0" * 64, items=["rednote:p:none"],
                             codes=["practice.triubte"]), actor="mei")  # fmt: skip
    assert {fault.where for fault in refused.value.faults} == {"seen_at", "link", "file", "items", "codes"}
    with pytest.raises(InputError, match="nothing was given"):
        note_lead(made, Seen("  \n"), actor="mei")


def test_leads_come_before_any_capture(tmp_path: Path) -> None:
    begin(tmp_path / "study")
    with open_study(tmp_path / "study") as empty:
        assert note_lead(empty, Seen("first of all"), actor="mei").lead_id == "lead-1"
        with pytest.raises(InputError, match="no captured item"):
            note_lead(empty, Seen("x", items=["rednote:p:1"]), actor="mei")


def test_hostile_text_is_kept_as_text(made: OpenStudy) -> None:
    hostile = "<script>alert(1)</script>\u202e\0\ud800" + "x" * 100_000
    lead = note_lead(made, Seen(hostile, hostile, pasted=hostile, tags=[hostile]), actor="mei")
    assert lead.text.startswith("<script>alert(1)</script>\u202e\ufffd\ufffdx")
    assert len(lead.text) > 100_000


def test_a_box_holds_an_address_a_text_or_both() -> None:
    assert told_apart(" https://x.com/i/status/1 ") == ("https://x.com/i/status/1", "")
    assert told_apart("看看 https://xhslink.com/a，真的") == (
        "https://xhslink.com/a",
        "看看 https://xhslink.com/a，真的",
    )
    assert told_apart("just words") == ("", "just words")
    assert told_apart("javascript:alert(1)") == ("", "javascript:alert(1)")


def test_leads_find_the_items_they_speak_of(made: OpenStudy) -> None:
    address = f"https://www.xiaohongshu.com/explore/{post(2).split(':')[2]}"
    by_hand = note_lead(made, Seen("linked", items=[post(1)]), actor="mei")
    by_address = note_lead(made, Seen("seen", link=f"{address}/?xsec_token=SECRET"), actor="mei")
    by_id = note_lead(made, Seen("quoted", pasted=f"({comment(3).split(':')[2]})"), actor="mei")
    noted = [by_hand, by_address, by_id]
    wanted = [Item(post(1), "post", post(1)), Item(post(2), "post", post(2), url=address),
              Item(comment(3), "comment", post(1)), Item(post(3), "post", post(3)), Item("x:p:12", "post", "x:p:12"),
              Item("bluesky:p:a-abc", "post", "bluesky:p:a-abc", url="https://x.org/1")]  # fmt: skip
    found = matching([*noted, note_lead(made, Seen("12 in 12", pasted="12 https://x.org/1/"), actor="mei")], wanted)
    assert {item: [lead.text for lead in leads] for item, leads in found.items()} == {
        post(1): ["linked"], post(2): ["seen"], comment(3): ["quoted"], "bluesky:p:a-abc": ["12 in 12"],
    }  # fmt: skip
