"""What coders decide settles what they differ in, changes no coding, and can be taken back."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resilens.coding import codebook as books
from resilens.coding.codebook import Code, Codebook, Facet
from resilens.coding.codings import final
from resilens.coding.consensus import REASONS, Words, decide, take, undo
from resilens.coding.consequence import Filter, around, bar, by_consequence
from resilens.coding.differences import state, units
from resilens.coding.rounds import freeze, opening, reveal
from resilens.coding.threads import Item
from resilens.errors import InputError
from resilens.record.events import Draft
from resilens.record.store import Record

BOOK = Codebook("", (Facet("practice", "Practice"), Facet("stage", "Stage")), (
    Code("tribute", "practice", "Tribute", role="tribute"), Code("receipt", "practice", "Receipt", role="receipt"),
    Code("rare", "practice", "Rare"), Code("adapt", "stage", "Adaptation"),
    Code("old", "practice", "Old", status="retired"), Code("compares", "practice", "Compares", second_item=True),
))  # fmt: skip
WHY = Words("misread")
SPAN = {"field": "text", "text_sha256": "0" * 64}


class Round:
    """A round that is coded, then revealed."""

    def __init__(self, record: Record, coders: tuple[str, ...] = ("mei", "jon"), mode: str = "independent") -> None:
        self.record, self.mode = record, mode
        record.append(opening("round-1", mode, coders, "mei"))  # type: ignore[arg-type]

    def code(self, coder: str, item: str, code: str, **more: Any) -> str:
        body = {"item_id": item, "code_id": code, "nothing_applies": not code, **more}
        return str(self.record.append(Draft("coding.set", item, body, coder, "human", "round-1", 1)).event_id)

    def reveal(self) -> Record:
        freeze(self.record, "round-1", "mei")
        reveal(self.record, "round-1", "mei")
        return self.record


@pytest.fixture
def round_1(record: Record, tmp_path: Path) -> Round:
    books.change(tmp_path, record, BOOK, "mei")
    return Round(record)


def one(record: Record, item: str, code: str) -> Any:
    return next(found for found in units(record, "round-1", BOOK, item) if found.code_id == code)


def applied(record: Record) -> list[tuple[Any, ...]]:
    rows = final(record, round_id="round-1").table.to_pylist()
    return [(row["item_id"], row["code_id"], row["start"], row["settled"]) for row in rows]


def test_a_round_that_is_blind_tells_no_difference(round_1: Round) -> None:
    round_1.code("mei", "i1", "tribute")
    for words in ("freeze and reveal", "reveal it first"):
        with pytest.raises(InputError, match=words):
            units(round_1.record, "round-1", BOOK)
        with pytest.raises(InputError, match=words):
            decide(round_1.record, "round-1", "i1", "tribute", "both", WHY, "mei")
        if words.startswith("freeze"):
            freeze(round_1.record, "round-1", "mei")


def test_units_say_who_gave_what_where_and_what_instead(round_1: Round) -> None:
    round_1.code("mei", "i1", "tribute", memo="a cat!")
    round_1.code("jon", "i1", "receipt")
    for coder, start in (("mei", 0), ("jon", 2)):
        round_1.code(coder, "i2", "adapt", start=start, end=5, **SPAN)
    round_1.code("mei", "i3", "rare")
    round_1.code("jon", "i3", "rare")
    round_1.code("mei", "i4", "rare")
    record = round_1.reveal()
    found = {(each.item_id, each.code_id): each for each in units(record, "round-1", BOOK)}
    kinds = {unit: each.kind for unit, each in found.items()}
    assert kinds == {("i1", "tribute"): "presence", ("i1", "receipt"): "presence", ("i2", "adapt"): "place",
                     ("i3", "rare"): "none", ("i4", "rare"): "none"}  # fmt: skip
    tribute = found["i1", "tribute"]
    assert [(reading.coder, len(reading.marks), reading.instead) for reading in tribute.readings] == [
        ("mei", 1, ()), ("jon", 0, ("receipt",)),
    ]  # fmt: skip
    assert tribute.readings[0].marks[0].memo == "a cat!"
    assert tribute.open
    assert not found["i2", "adapt"].open
    assert bar(found.values()).total == 2
    assert bar(found.values()).places_waiting == 1


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [("of:mei", [("i1", "tribute", 0, "decided")]), ("of:jon", [("i1", "tribute", 3, "decided")]),
     ("both", [("i1", "tribute", 0, "decided"), ("i1", "tribute", 3, "decided")]), ("neither", []), ("open", [])],
)  # fmt: skip
def test_a_difference_of_place_is_decided_for_one_both_or_neither(
    round_1: Round, verdict: str, expected: list[tuple[Any, ...]]
) -> None:
    round_1.code("mei", "i1", "tribute", start=0, end=2, **SPAN)
    round_1.code("jon", "i1", "tribute", start=3, end=5, **SPAN)
    record = round_1.reveal()
    assert applied(record) == [("i1", "tribute", None, "agreed")]
    decide(record, "round-1", "i1", "tribute", verdict, WHY, "jon")
    assert applied(record) == expected
    assert final(record).unresolved.num_rows == (verdict == "open")


def test_a_decision_names_what_it_settles_why_and_whose_mind_changed(round_1: Round) -> None:
    event = round_1.code("mei", "i1", "tribute")
    round_1.code("jon", "i1", "")
    record = round_1.reveal()
    why = Words("context_missed", " the picture ", {"jon": "I had not seen the cat"})
    found = decide(record, "round-1", "i1", "tribute", "of:mei", why, "jon")
    assert found.decided is not None
    assert (found.decided.applies, found.decided.note, found.decided.actor) == (True, "the picture", "jon")
    (row,) = record.view("consensus")
    assert row["codings"] == [event]
    assert row["changed_minds"] == {"jon": "I had not seen the cat"}
    assert row["codebook_version"] == 1
    assert state(found) == "decided"
    assert not found.open


def test_a_code_that_is_missing_is_left_open_until_it_is_named(round_1: Round) -> None:
    round_1.code("mei", "i1", "tribute", start=1, end=4, **SPAN)
    round_1.code("jon", "i1", "")
    record = round_1.reveal()
    found = decide(record, "round-1", "i1", "tribute", "new_code", Words("new_code"), "mei")
    assert state(found) == "open"
    assert final(record).unresolved.num_rows == 1
    found = decide(record, "round-1", "i1", "tribute", "new_code", Words("new_code"), "mei", instead="rare")
    assert found.decided is not None
    assert found.decided.codes == ("rare",)
    assert applied(record) == [("i1", "rare", 1, "decided")]
    assert final(record).unresolved.num_rows == 0
    assert [each.code_id for each in undo(record, "round-1", "i1", "tribute", "mei")] == ["tribute"]
    assert record.view("consensus") == []


def test_the_codes_of_one_coder_are_taken_for_an_item_as_a_whole(round_1: Round) -> None:
    round_1.code("mei", "i1", "tribute")
    round_1.code("mei", "i1", "adapt")
    round_1.code("jon", "i1", "receipt")
    round_1.code("jon", "i1", "adapt")
    record = round_1.reveal()
    event = uuid4()
    for _ in range(2):
        found = take(record, "round-1", "i1", "mei", WHY, "jon", event_id=event)
        assert [state(each) for each in found] == ["waiting", "decided", "decided"]
    assert len(list(record.events("consensus.decided"))) == 2
    assert applied(record) == [("i1", "adapt", None, "agreed"), ("i1", "tribute", None, "decided")]
    take(record, "round-1", "i1", "jon", WHY, "jon")
    assert applied(record) == [("i1", "adapt", None, "agreed"), ("i1", "receipt", None, "decided")]
    with pytest.raises(InputError, match="nothing to settle"):
        take(record, "round-1", "i9", "mei", WHY, "jon")


def test_asked_again_with_the_same_identifier_it_is_done_once(round_1: Round) -> None:
    round_1.code("mei", "i1", "tribute")
    round_1.code("jon", "i1", "")
    record = round_1.reveal()
    first, second, third = uuid4(), uuid4(), uuid4()
    for _ in range(2):
        decide(record, "round-1", "i1", "tribute", "both", WHY, "mei", event_id=first)
    decide(record, "round-1", "i1", "tribute", "new_code", WHY, "mei", instead="rare", event_id=second)
    for _ in range(2):
        undo(record, "round-1", "i1", "tribute", "mei", event_id=third)
    assert [event.kind for event in record.events()][-5:] == [
        "consensus.decided", "consensus.decided", "consensus.decided", "consensus.removed", "consensus.removed",
    ]  # fmt: skip
    with pytest.raises(InputError, match="different event"):
        decide(record, "round-1", "i1", "tribute", "neither", WHY, "mei", event_id=first)
    with pytest.raises(InputError, match="nothing was decided"):
        undo(record, "round-1", "i1", "tribute", "mei", event_id=uuid4())


@pytest.mark.parametrize(
    ("change", "words"),
    [({"actor": "eve"}, "eve did not code"), ({"verdict": "maybe"}, "is no decision"),
     ({"verdict": "of:eve"}, "did not read"), ({"why": Words("")}, "say why"), ({"why": Words("misred")}, "'misread'"),
     ({"why": Words("other", " ")}, "needs a note"), ({"why": Words("misread", "", {"eve": "x"})}, "eve did not read"),
     ({"code_id": "tribut"}, "did you mean 'tribute'"), ({"item_id": "i7"}, "nobody gave i7 a code"),
     ({"verdict": "both", "instead": "rare"}, "only with it"), ({"instead": "nwe"}, "no code 'nwe'"),
     ({"instead": "tribute"}, "in question"), ({"instead": "old"}, "no code 'old' in use"),
     ({"instead": "compares"}, "needs second item"), ({"round_id": "round-2"}, "no round 'round-2'")],
)  # fmt: skip
def test_faults_say_what_to_do(round_1: Round, change: dict[str, Any], words: str) -> None:
    round_1.code("mei", "i1", "tribute")
    round_1.code("jon", "i1", "")
    record = round_1.reveal()
    asked: dict[str, Any] = {"round_id": "round-1", "item_id": "i1", "code_id": "tribute", "verdict": "new_code",
                             "why": WHY, "actor": "mei"} | change  # fmt: skip
    with pytest.raises(InputError, match=words):
        decide(record, **asked)
    assert record.view("consensus") == []


def test_the_lead_decides_too(round_1: Round) -> None:
    round_1.code("mei", "i1", "tribute")
    round_1.code("jon", "i1", "")
    decide(round_1.reveal(), "round-1", "i1", "tribute", "both", WHY, "ada", leads=("ada",))


def test_the_most_consequential_difference_comes_first(round_1: Round) -> None:
    for item in ("p2", "c1", "p1"):
        round_1.code("mei", item, "tribute")
        round_1.code("jon", item, "")
    round_1.code("mei", "c1", "rare")
    round_1.code("mei", "c1", "adapt")
    round_1.code("mei", "p1", "adapt")
    round_1.code("mei", "p9", "receipt", start=0, end=2, **SPAN)
    round_1.code("jon", "p9", "receipt")
    items = {item: Item(item, "post" if item[0] == "p" else "comment", "p1", counts={"likes": (likes, "exact")},
                        language="zh", group="natives")
             for item, likes in (("p1", 5), ("p2", 90), ("c1", 1000))}  # fmt: skip
    record = round_1.reveal()
    found = by_consequence(units(record, "round-1", BOOK), BOOK, items, cited={"adapt"})
    assert [(each.item_id, each.code_id) for each in found] == [
        ("p1", "adapt"), ("c1", "adapt"),  # a claim leans on the code; posts first
        ("p2", "tribute"), ("p1", "tribute"), ("c1", "tribute"),  # a measure counts it; more likes first
        ("c1", "rare"), ("p9", "receipt"),  # no role; a place only
    ]  # fmt: skip
    shown = Filter(facet="practice", language="zh", pair=("mei", "jon"), group="natives", state="waiting")
    assert [each.item_id for each in shown.of(found, BOOK, items)] == ["p2", "p1", "c1", "c1"]
    assert [each.item_id for each in Filter(code="receipt").of(found, BOOK, items)] == ["p9"]
    assert Filter(pair=("mei", "eve")).of(found, BOOK, items) == []
    assert Filter(language="unknown").of(found, BOOK, {}) == found
    first, second, last = found[0], found[1], found[-1]
    assert around(found, found, second.unit) == (first, found[2])
    assert around(found, found[1:], first.unit) == (last, second)  # the first was decided: behind it comes the next
    assert around(found, found, last.unit) == (found[-2], first)
    assert around(found, [], first.unit) == around(found, [first], first.unit) == (None, None)
    assert around(found, found, ("", "", ""))[1] == first


def test_a_decision_on_an_item_from_a_project_counts_for_each_code(round_1: Round) -> None:
    round_1.code("mei", "i1", "tribute")
    round_1.code("jon", "i1", "")
    record = round_1.reveal()
    body = {"item_id": "i1", "nothing_applies": True, "applies": True, "reason": "as it was"}
    record.append(Draft("consensus.decided", "i1", body, "import", "import", "round-1", 1))
    found = one(record, "i1", "tribute")
    assert found.decided is not None
    assert found.decided.applies is False
    assert not found.open
    assert applied(record) == []
    decide(record, "round-1", "i1", "tribute", "both", WHY, "mei")
    assert applied(record) == [("i1", "tribute", None, "decided")]


TARGETS: tuple[dict[str, Any], ...] = (
    {}, {"start": 0, "end": 3, **SPAN}, {"start": 2, "end": 6, **SPAN}, {"start": 0, "end": 6, **SPAN},
)  # fmt: skip
CODINGS = st.lists(
    st.tuples(st.sampled_from(("ann", "bea", "cho")), st.sampled_from(("i1", "i2")),
              st.sampled_from(("", "tribute", "rare")), st.sampled_from(TARGETS)),
    max_size=12,
)  # fmt: skip
VERDICTS = st.lists(st.sampled_from(("first", "last", "both", "neither", "open", "rename")), min_size=12, max_size=12)


@settings(max_examples=40, deadline=None)
@given(CODINGS, VERDICTS)
def test_whatever_is_decided_final_gives_it_and_codings_stay(coded: list[Any], verdicts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, Record.open(Path(folder) / "work.sqlite") as record:
        books.change(Path(folder), record, BOOK, "ann")
        desk = Round(record, ("ann", "bea", "cho"))
        for coder, item, code, target in coded:
            desk.code(coder, item, code, **(target if code else {}))
        desk.reveal()
        before, untouched = applied(record), record.view("codings")
        expected: dict[Any, set[Any]] = {}
        opened = set()
        differing = [each for each in units(record, "round-1", BOOK) if each.kind != "none"]
        for found, drawn in zip(differing, verdicts, strict=False):
            readers = [reading.coder for reading in found.readings]
            coder = readers[0 if drawn == "first" else -1]
            verdict = f"of:{coder}" if drawn in ("first", "last") else "new_code" if drawn == "rename" else drawn
            instead = "receipt" if drawn == "rename" else ""
            now = decide(record, "round-1", *found.unit[:2], verdict, WHY, coder, instead=instead)
            assert now.readings == found.readings
            taken = [one for reading in found.readings if reading.coder == coder or not verdict.startswith("of:")
                     for one in reading.marks] if verdict not in ("neither", "open") else []  # fmt: skip
            starts = {one.target["start"] for one in taken if not one.whole} or {None for _ in taken}
            expected[found.unit] = set() if instead else starts
            opened |= {found.unit} if drawn == "open" else set()
            assert now.open == (drawn == "open")
        answer = final(record, round_id="round-1")
        assert {(row["item_id"], row["code_id"], "") for row in answer.unresolved.to_pylist()} == opened
        for unit, starts in expected.items():
            rows = [row for row in answer.table.to_pylist() if (row["item_id"], row["code_id"]) == unit[:2]]
            found_starts = {row["start"] for row in rows}
            whole_too = {None} if starts else set()  # the item as a whole stays beside parts where all marked it
            assert found_starts in (starts, starts | whole_too)
            assert all(row["settled"] == "decided" for row in rows)
        assert record.view("codings") == untouched
        for found in differing:
            undo(record, "round-1", *found.unit[:2], "ann")
        assert (applied(record), record.view("consensus")) == (before, [])


DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "consensus.md").read_text(encoding="utf-8")


def test_the_page_has_every_reason_and_its_code_runs(round_1: Round) -> None:
    assert dict(re.findall(r"\| `\w` \| `(\w+)` \| (.+) \|", DOCUMENT)) == REASONS
    round_1.code("mei", "i1", "tribute")
    round_1.code("jon", "i1", "")
    record = round_1.reveal()
    (code,) = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    study = SimpleNamespace(record=record, codebook=lambda: BOOK)
    exec(code, {"study": study, "item": "i1", "code": "tribute"})
    assert applied(record) == []


def test_every_reason_has_a_meaning() -> None:
    assert all(REASONS.values())
    assert list(REASONS)[-1] == "other"
