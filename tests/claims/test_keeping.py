"""The record and claims.toml stay one: hand edits, stale files, what is filled in, and history."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from resilens.claims.claims_file import NAME, state_of
from resilens.claims.keeping import begin, change, claims_of, history, remove, synchronise
from resilens.claims.references import Reference
from resilens.errors import InputError
from resilens.record.events import Draft
from resilens.record.store import Record
from resilens.results import Estimate, Finding

from .conftest import FINDINGS, SHARE, claim

BLOCK = '\n[[claim]]\nid = "tribute"\ntext = "Tribute lets newcomers in."\n'


def add(root: Path, text: str) -> None:
    with (root / NAME).open("a", encoding="utf-8") as file:
        file.write(text)


def said(record: Record) -> list[tuple[str, str, str, str]]:
    events = [event for event in record.events() if event.kind.startswith("claim.")]
    return [(event.kind, event.subject, event.actor, event.actor_kind) for event in events]


def test_nothing_is_written_before_somebody_begins(tmp_path: Path, record: Record) -> None:
    assert synchronise(tmp_path, record) == ()
    assert not (tmp_path / NAME).exists()
    begin(tmp_path, record)
    template = (tmp_path / NAME).read_bytes()
    assert synchronise(tmp_path, record) == ()
    assert (tmp_path / NAME).read_bytes() == template
    assert said(record) == []


def test_a_hand_edit_goes_on_the_record_claim_by_claim(tmp_path: Path, record: Record) -> None:
    begin(tmp_path, record)
    add(tmp_path, BLOCK + BLOCK.replace("tribute", "art"))
    assert [one.id for one in synchronise(tmp_path, record)] == ["art", "tribute"]
    file = tmp_path / NAME
    file.write_text(file.read_text("utf-8").replace("newcomers", "refugees", 1), "utf-8")
    synchronise(tmp_path, record)
    source = file.read_text("utf-8")
    file.write_text(source[: source.rindex("[[claim]]")], "utf-8")
    assert [one.text for one in synchronise(tmp_path, record)] == ["Tribute lets refugees in."]
    assert said(record) == [
        ("claim.changed", "art", "file", "file"), ("claim.changed", "tribute", "file", "file"),
        ("claim.changed", "art", "file", "file"), ("claim.removed", "tribute", "file", "file"),
    ]  # fmt: skip
    written = file.read_bytes()
    synchronise(tmp_path, record)
    assert (file.read_bytes(), len(said(record))) == (written, 4), "twice changes nothing"
    assert record.verify(views=True).sound


def test_the_same_in_other_words_is_left_as_it_is(tmp_path: Path, record: Record) -> None:
    change(tmp_path, record, claim(evidence_for=["rednote:p:1"]), "mei")
    file = tmp_path / NAME
    other = file.read_text("utf-8").replace("rednote:p:1", "xhs:p:1") + "\n# ask Mei\n"
    file.write_text(other, "utf-8")
    synchronise(tmp_path, record)
    assert file.read_text("utf-8") == other
    assert len(said(record)) == 1


def test_a_stale_or_missing_file_is_written_from_the_record(tmp_path: Path, record: Record) -> None:
    change(tmp_path, record, claim(), "mei")
    file = tmp_path / NAME
    old = file.read_bytes()
    change(tmp_path, record, claim(status="supported"), "mei")
    new = file.read_bytes()
    file.write_bytes(old)  # killed between the record and the file, or another program was faster
    assert synchronise(tmp_path, record)[0].status == "supported"
    assert file.read_bytes() == new
    file.unlink()
    synchronise(tmp_path, record)
    assert file.read_bytes() == new
    assert len(said(record)) == 2


def test_an_edit_of_a_file_that_the_record_has_left_behind_is_refused(tmp_path: Path, record: Record) -> None:
    change(tmp_path, record, claim(), "mei")
    file = tmp_path / NAME
    edited = file.read_text("utf-8").replace("let in", "welcomed")
    change(tmp_path, record, claim("art"), "mei")
    file.write_text(edited, "utf-8")
    with pytest.raises(InputError, match=r"claims\.toml: .*edited from other claims") as caught:
        synchronise(tmp_path, record)
    assert file.read_text("utf-8") == edited
    state = state_of(claims_of(record))
    assert f'state = "{state}"' in str(caught.value)
    file.write_text(edited.replace(state_of([claim()]), state), "utf-8")
    assert [one.text for one in synchronise(tmp_path, record)] == ["Tribute is how newcomers are welcomed."]
    assert said(record)[-2:] == [("claim.removed", "art", "file", "file"), ("claim.changed", "tribute", "file", "file")]


def test_a_file_that_lost_its_end_does_not_take_claims_along(tmp_path: Path, record: Record) -> None:
    change(tmp_path, record, claim(), "mei")
    file = tmp_path / NAME
    for kept in (0, 300):
        file.write_bytes(file.read_bytes()[:kept])
        with pytest.raises(InputError, match=r"claims\.toml: the file has lost its line `state`"):
            synchronise(tmp_path, record)
    assert len(said(record)) == 1


def test_a_broken_file_stops_a_change_and_loses_nothing(tmp_path: Path, record: Record) -> None:
    begin(tmp_path, record)
    add(tmp_path, "\n[[claim]]\nid = 3\n")
    broken = (tmp_path / NAME).read_bytes()
    with pytest.raises(InputError, match=r"claims\.toml:\d+: claim\[1\]"):
        change(tmp_path, record, claim(), "mei")
    assert (tmp_path / NAME).read_bytes() == broken
    assert said(record) == []


def test_a_change_takes_the_hand_edit_in_first(tmp_path: Path, record: Record) -> None:
    begin(tmp_path, record)
    add(tmp_path, BLOCK)
    change(tmp_path, record, claim("art"), "mei")
    assert [one.id for one in claims_of(record)] == ["art", "tribute"]
    change(tmp_path, record, claim("art"), "mei")
    assert len(said(record)) == 2, "an equal claim changes nothing"


def test_what_findings_were_is_filled_in_once_it_is_known(tmp_path: Path, record: Record) -> None:
    begin(tmp_path, record)
    add(tmp_path, BLOCK + f'evidence_for = ["{SHARE}"]\n')
    assert synchronise(tmp_path, record)[0].findings == ()
    (filled,) = synchronise(tmp_path, record, FINDINGS)
    assert str(filled.findings[0]) == "0.31 [0.25, 0.38]"
    assert "low = 0.25\n" in (tmp_path / NAME).read_text("utf-8")
    assert [entry[2:] for entry in said(record)] == [("file", "file"), ("resilens", "machine")]
    now = {"practices": Finding("practices", {SHARE.partition("/")[2]: Estimate(0.5, 0.4, 0.6, 0.95, 200, 200, "design",
                                                                                "the frame", "mixed")})}  # fmt: skip
    assert synchronise(tmp_path, record, now) == (filled,), "what it was stays"
    file = tmp_path / NAME
    source = file.read_text("utf-8")
    file.write_text(source[: source.rindex("[[claim.finding]]")], "utf-8")
    (again,) = synchronise(tmp_path, record, now)
    assert str(again.findings[0]) == "0.5 [0.4, 0.6]"
    assert said(record)[-1][2:] == ("file", "file")
    assert synchronise(tmp_path, record, {}) == (again,), "not known any more is not forgotten"


def test_items_are_kept_by_their_ids_and_not_by_those_of_the_study(tmp_path: Path, record: Record) -> None:
    known = {"a-c2fxk3m7q5w4z6ab": "rednote:p:1"}

    def resolve(local: object) -> Mapping[str, str]:
        assert local == {"a-c2fxk3m7q5w4z6ab", "a-" + "b" * 16}
        return known

    begin(tmp_path, record)
    add(tmp_path, BLOCK + f'evidence_for = ["a-c2fxk3m7q5w4z6ab [1:4]", "a-{"b" * 16}"]\n')
    (one,) = synchronise(tmp_path, record, resolve=resolve)
    assert one.evidence_for == (Reference("item", "rednote:p:1", "", "text", 1, 4), Reference("local", "a-" + "b" * 16))
    assert "a-c2fx" not in (tmp_path / NAME).read_text("utf-8").split("[[claim]]\n")[1]


def test_a_claim_is_taken_back_and_its_history_stays(tmp_path: Path, record: Record) -> None:
    change(tmp_path, record, claim(), "mei")
    change(tmp_path, record, claim(status="refuted"), "jo")
    with pytest.raises(InputError, match="did you mean 'tribute'"):
        remove(tmp_path, record, "tribut", "mei")
    remove(tmp_path, record, "tribute", "mei", "it was two claims")
    assert claims_of(record) == ()
    assert "[[claim]]\nid" not in (tmp_path / NAME).read_text("utf-8")
    events = history(record, "tribute")
    assert [(event.kind, event.actor) for event in events] == [
        ("claim.changed", "mei"), ("claim.changed", "jo"), ("claim.removed", "mei"),
    ]  # fmt: skip


def test_what_another_program_wrote_is_refused_in_words(tmp_path: Path, record: Record) -> None:
    body = {"claim_id": "k", "statement": "x", "evidence_for": ["nonsense"]}
    record.append(Draft("claim.changed", "k", body, "elsewhere"))
    with pytest.raises(InputError, match=r"claim k: .*evidence_for\.0: 'nonsense' is no reference"):
        claims_of(record)
