"""A claim from a form and back, cited evidence, what leans on what, and how a claim came about."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.claims.conftest import FINDINGS, SHARE, claim

from resilens.claims.checking import World, problems
from resilens.claims.evidence import Sources, evidence, references
from resilens.claims.findings import completed
from resilens.claims.history import versions
from resilens.claims.keeping import change, claims_of, remove
from resilens.claims.leaning import cited, claims_on, sides
from resilens.claims.ledger import Claim, Seen
from resilens.claims.writing import cite, claim_of, form_of, free_id, since, still_holds, uncite
from resilens.coding.memos import Memo
from resilens.coding.threads import Item
from resilens.errors import InputError
from resilens.record.store import Record

REFERENCES = ("rednote:p:aa1", "rednote:c:bb1 [2:5]", "rednote:p:aa1 [title 0:2]", SHARE, "lead:weibo-3", "erased")
LINES = st.text(st.characters(blacklist_categories=("C", "Z")), min_size=1, max_size=20)


@given(LINES, st.lists(LINES, max_size=3), st.lists(st.sampled_from(REFERENCES), max_size=4))
def test_a_form_holds_a_claim_and_gives_it_back(text: str, rivals: list[str], cited_here: list[str]) -> None:
    made = claim(text=text, rivals=rivals, evidence_for=cited_here, led_to=["claim:c2"], status="contested")
    assert claim_of(form_of(made)) == made
    crossed = {key: value.replace("\n", "\r\n") for key, value in form_of(made).items()}
    assert claim_of(crossed) == made


def test_a_form_keeps_what_findings_were(record: Record) -> None:
    before = completed(claim(evidence_for=[SHARE]), FINDINGS)
    assert claim_of(form_of(before) | {"text": "Another."}, before).findings == before.findings
    assert free_id(record) == "c1"


def test_citing_moves_a_reference_from_one_side_to_the_other_and_back_out(record: Record, tmp_path: Path) -> None:
    change(tmp_path, record, claim(evidence_for=["rednote:p:aa1"]), "mei")
    event = uuid4()
    for _ in range(2):
        found = cite(tmp_path, record, "tribute", "xhs:p:aa1", "against", "jon", event_id=event)
        assert (found.evidence_for, [str(one) for one in found.evidence_against]) == ((), ["rednote:p:aa1"])
    assert uncite(tmp_path, record, "tribute", "rednote:p:aa1", "jon").evidence == ()
    assert [event.actor for event in record.events("claim.changed")] == ["mei", "jon", "jon"]
    with pytest.raises(InputError, match="did you mean 'tribute'"):
        cite(tmp_path, record, "tribut", "rednote:p:aa1", "for", "jon")


def test_a_claim_that_another_changed_meanwhile_is_not_overwritten(record: Record, tmp_path: Path) -> None:
    first = change(tmp_path, record, claim(), "mei", since="")
    change(tmp_path, record, claim(text="Now otherwise."), "jon", since=since(first))
    with pytest.raises(InputError, match="jon changed this claim meanwhile"):
        change(tmp_path, record, claim(text="Late."), "mei", since=since(first))
    with pytest.raises(InputError, match="already"):
        change(tmp_path, record, claim(), "mei", since="")
    event = uuid4()
    for _ in range(2):
        remove(tmp_path, record, "tribute", "mei", "no more", event_id=event)
    with pytest.raises(InputError, match="taken back meanwhile"):
        change(tmp_path, record, claim(text="Late."), "mei", since=since(first))
    assert claims_of(record) == ()
    told = versions(record, "tribute")
    assert [(one.actor, one.removed) for one in told] == [("mei", True), ("jon", False), ("mei", False)]
    assert told[0].reason == "no more"
    assert [piece.kind for piece in told[1].changes[0].pieces if piece.kind != "same"] == ["out", "in"]


def test_history_names_what_came_and_what_went(record: Record, tmp_path: Path) -> None:
    change(tmp_path, record, claim(rivals=["a", "b"]), "mei")
    change(tmp_path, record, claim(rivals=["b", "c"], status="supported"), "mei")
    change(tmp_path, record, claim(rivals=["c", "b"], status="supported"), "mei")  # only the order: nothing to read
    (latest, _) = versions(record, "tribute")
    assert [(one.key, list(one.came), list(one.went)) for one in latest.changes[1:]] == [("rivals", ["c"], ["a"])]


def test_that_a_claim_holds_keeps_the_new_value(record: Record, tmp_path: Path) -> None:
    was = Seen.model_validate({"of": SHARE, "value": 0.1})
    change(tmp_path, record, claim(evidence_for=[SHARE]).with_findings([was]), "mei", findings=FINDINGS)
    found = still_holds(tmp_path, record, "tribute", SHARE, "mei", FINDINGS)
    assert [seen.value for seen in found.findings] == [0.31]


def test_evidence_is_shown_as_a_reader_sees_it(world: World) -> None:
    item = Item("rednote:p:aa1", "post", "rednote:p:aa1", title="Hi all", text="my cat tax for you all")
    moved = Seen.model_validate({"of": SHARE, "value": 0.1})
    made = claim(evidence_for=["rednote:p:aa1 [3:10]", SHARE, "memo:m1", "lead:weibo-3", "rednote:c:gone"])
    made = made.with_findings([moved])
    memo = Memo("m1", "memo", "", "why", (), "", "mei", "2025-05-01T00:00:00.000Z")
    sources = Sources({item.item_id: item}, FINDINGS, {"weibo-3": {"text": "seen"}}, {"m1": memo}, {})
    found = evidence(made, "for", sources, problems([made], world))
    assert [piece.text for piece in found[0].passages["text"] if piece.labels] == ["cat tax"]
    assert found[0].passages["title"][0].labels == ()
    assert found[1].moved.startswith("was 0.1, is now 0.31")
    assert (found[2].memo, found[3].lead, found[4].item) == (memo, {"text": "seen"}, None)
    assert "is not in the corpus" in found[4].problem
    assert evidence(made, "against", sources) == []
    assert references(sources, ["practice.tribute"])[:2] == ["measure:practices", SHARE]
    assert {"lead:weibo-3", "memo:m1", "code:practice.tribute"} <= set(references(sources, ["practice.tribute"]))


def test_what_leans_on_what(record: Record, tmp_path: Path) -> None:
    change(tmp_path, record, claim("a", evidence_for=["rednote:p:aa1"], evidence_against=["code:x"]), "mei")
    change(tmp_path, record, claim("b", evidence_against=["rednote:p:aa1 [0:2]"], led_to=["code:y"]), "mei")
    change(tmp_path, record, claim("c", evidence_for=["rednote:p:zz"], status="withdrawn"), "mei")
    leaning = claims_on(record, ["rednote:p:aa1", "rednote:p:none"])
    assert {item: [one.id for one in found] for item, found in leaning.items()} == {"rednote:p:aa1": ["a", "b"]}
    b: Claim = leaning["rednote:p:aa1"][1]
    assert [(side, str(one)) for side, one in sides(b, "rednote:p:aa1")] == [("against", "rednote:p:aa1 [0:2]")]
    assert cited(record) == {"rednote:p:aa1", "x", "y"}
