"""Which judgements count: independent rounds that may be shown, people, and what they read."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import pytest

from resilens.agreement.characters import character_patterns, continua
from resilens.agreement.coefficients.krippendorff import krippendorff_alpha
from resilens.agreement.item_facts import Facts, facts_of
from resilens.agreement.judgements import NOTHING, Judgements, judgements, machine_judgements
from resilens.agreement.patterns import Patterns
from resilens.coding.rounds import freeze
from resilens.corpus.engine import Corpus
from resilens.errors import InputError
from resilens.record.events import Draft
from resilens.results.types import Description

TEXT = "my cat tax for you, my cat"


def alone(items: Collection[str]) -> dict[str, str]:
    return {item: item for item in items}


def table(patterns: Patterns) -> dict[tuple[Any, ...], int]:
    """What the coders gave, None where missing, and how many units show it."""
    given: list[list[Any]] = [[None] * len(patterns.coders) for _ in patterns.units]
    for pattern, coder, value in zip(patterns.pattern, patterns.coder, patterns.value, strict=True):
        given[pattern][coder] = patterns.values[value]
    return {tuple(row): int(number) for row, number in zip(given, patterns.units, strict=True)}


def test_a_deliberate_nothing_was_read_and_the_unread_is_missing(coding_desk: Any) -> None:
    coding_desk.code("A", "i1", "a", "b")
    coding_desk.code("B", "i1", "a")
    coding_desk.code("A", "i2")
    coding_desk.code("B", "i2", "b")
    coding_desk.code("A", "i3")
    coding_desk.code("C", "i3")
    judged = judgements(coding_desk.record, alone)
    assert judged.coders == ("A", "B", "C")
    assert judged.codes == ("a", "b")
    assert judged.pairs == [("A", "B"), ("A", "C")]
    assert table(judged.code("a")) == {(True, True, None): 1, (False, False, None): 1, (False, None, False): 1}
    assert table(judged.touched().code("a")) == {(True, True, None): 1, (False, False, None): 1}
    assert table(judged.of("AB").code("b")) == {(True, False): 1, (False, True): 1, (False, None): 1}
    assert judged.of("AB").pairable == ("i1", "i2")


def test_a_facet_is_one_choice_unless_anybody_chose_two(coding_desk: Any) -> None:
    coding_desk.code("A", "i1", "a", "x")
    coding_desk.code("B", "i1", "b")
    judged = judgements(coding_desk.record, alone)
    chosen = judged.choices(["a", "b"])
    assert chosen is not None
    assert (chosen.values, table(chosen)) == ((NOTHING, "a", "b"), {("a", "b"): 1})
    assert judged.choices(["a", "x"]) is None
    assert table(judged.sets(["a", "x"])) == {(frozenset("ax"), frozenset()): 1}


def test_threads_are_the_clusters(coding_desk: Any) -> None:
    for item in ("i1", "i2", "i3"):
        for coder in "AB":
            coding_desk.code(coder, item, "a")
    patterns = judgements(coding_desk.record, lambda items: dict.fromkeys(items, "p1") | {"i3": "p2"}).code("a")
    assert patterns.clusters == ("p1", "p2")
    assert patterns.membership is not None
    assert patterns.membership.toarray().tolist() == [[2], [1]]


def test_what_is_blind_or_joint_is_left_out_and_named(coding_desk: Any) -> None:
    coding_desk.open("round-2")
    coding_desk.open("round-3", "joint")
    for coder in "AB":
        coding_desk.code(coder, "i1", "a")
        coding_desk.code(coder, "i2", "a", round_id="round-2", kind="human")
        coding_desk.code(coder, "i3", "a", round_id="round-3", kind="human")
    judged = judgements(coding_desk.record, alone)
    assert (tuple(judged.given), judged.blind, judged.joint) == (("i1",), ("round-2",), ("round-3",))
    with pytest.raises(InputError, match="round-2 is independent and still open"):
        judgements(coding_desk.record, alone, "round-2")
    with pytest.raises(InputError, match="round-3 is joint: its coders read together"):
        judgements(coding_desk.record, alone, "round-3")
    with pytest.raises(InputError, match="no round 'round-9'"):
        judgements(coding_desk.record, alone, "round-9")
    freeze(coding_desk.record, "round-2", "A")
    assert tuple(judgements(coding_desk.record, alone, "round-2").given) == ("i2",)


def test_an_item_counts_as_it_was_last_read_by_two(coding_desk: Any) -> None:
    coding_desk.open("round-2")
    for coder in "AB":
        coding_desk.code(coder, "i1", "a")
        coding_desk.code(coder, "i2", "a")
        coding_desk.code(coder, "i1", "b", round_id="round-2", version=2)
    coding_desk.code("A", "i2", "b", round_id="round-2")
    judged = judgements(coding_desk.record, alone)
    assert judged.given["i1"] == {"A": frozenset("b"), "B": frozenset("b")}
    assert judged.given["i2"] == {"A": frozenset("a"), "B": frozenset("a")}
    assert judged.round_of == {"i1": "round-2", "i2": "round-1"}
    assert judged.version_of == {"i1": "2", "i2": "1"}
    assert judged.rounds == ("round-1", "round-2")


def test_consensus_never_changes_agreement(coding_desk: Any) -> None:
    coding_desk.code("A", "i1", "a")
    coding_desk.code("B", "i1")
    before = judgements(coding_desk.record, alone)
    body = {"item_id": "i1", "code_id": "a", "nothing_applies": False, "applies": True, "reason": "talked"}
    coding_desk.record.append(Draft("consensus.decided", "i1", body, "A", "human", "round-1", 1))
    assert judgements(coding_desk.record, alone).given == before.given


def test_machines_are_never_among_the_coders(coding_desk: Any) -> None:
    for item in ("i1", "i2"):
        coding_desk.code("A", item, "a")
        coding_desk.code("B", item, "a")
    coding_desk.code("gpt", "i1", "b", kind="machine")
    judged = judgements(coding_desk.record, alone)
    assert judged.coders == ("A", "B")
    apart = machine_judgements(coding_desk.record, judged)
    assert apart["gpt"].given == {"i1": {"A": frozenset("a"), "B": frozenset("a"), "gpt": frozenset("b")}}


# --- characters -------------------------------------------------------------------------------------------------------


def spans_of(desk: Any, codes: Collection[str], texts: Any = None) -> tuple[Judgements, Any]:
    judged = judgements(desk.record, alone)
    return judged, continua(judged, texts or {item: {"title": "", "text": TEXT} for item in judged.given}, codes)


def test_characters_marked_and_unmarked(coding_desk: Any) -> None:
    coding_desk.span("A", "i1", "a", 3, 10)
    coding_desk.span("B", "i1", "a", 3, 6)
    coding_desk.span("B", "i1", "b", 0, 26)
    _, found = spans_of(coding_desk, ["a"])
    patterns = character_patterns(found, "a")
    assert table(patterns) == {(True, True): 3, (True, False): 4, (False, False): 19}
    by_character = [[3 <= place < 10, 3 <= place < 6] for place in range(len(TEXT))]
    mine, plain = (krippendorff_alpha(given, interval=False) for given in (patterns, by_character))
    assert isinstance(mine, Description)
    assert isinstance(plain, Description)
    assert mine.value == pytest.approx(plain.value)


def test_what_marks_no_characters_of_the_text_is_counted_and_its_coder_missing(coding_desk: Any) -> None:
    coding_desk.span("A", "i1", "a", 3, 10)
    coding_desk.code("B", "i1", "a")
    coding_desk.code("C", "i1", "c")
    coding_desk.span("A", "i2", "a", 0, 2, text="an earlier text")
    coding_desk.code("B", "i2")
    coding_desk.span("A", "i3", "a", 0, 2, name="translation:1")
    coding_desk.code("B", "i3")
    _, found = spans_of(coding_desk, ["a"])
    assert (found.without_place, found.changed, found.translated, found.n_spans) == (1, 1, 1, 1)
    readers = {item: sorted({row[1] for row in found.rows if row[0] == item}) for item in found.lengths}
    assert readers == {"i1 text": ["A", "C"], "i2 text": ["B"], "i3 text": ["A", "B"]}


def test_titles_and_texts_are_texts_of_their_own(coding_desk: Any) -> None:
    coding_desk.span("A", "i1", "a", 0, 2, text="hello", name="title")
    coding_desk.code("B", "i1")
    _, found = spans_of(coding_desk, ["a"], {"i1": {"title": "hello", "text": TEXT}})
    assert found.lengths == {"i1 title": 5, "i1 text": len(TEXT)}
    assert table(character_patterns(found, "a")) == {(True, False): 2, (False, False): 3 + len(TEXT)}


# --- what the corpus says ---------------------------------------------------------------------------------------------


def test_facts_come_from_the_corpus_and_from_people(coding_desk: Any, corpus_of: Callable[[int], Corpus]) -> None:
    corpus = corpus_of(2)
    body = {"author": "b", "group": "refugees", "reason": "says so"}
    coding_desk.record.append(Draft("group.assigned", "b", body, "A", "human"))
    facts = facts_of(corpus, coding_desk.record, ["rednote:p:01", "rednote:c:00", "rednote:p:99"])
    assert facts["rednote:p:01"] == Facts("rednote:p:01", "zh", "refugees", "post", len(TEXT))
    assert facts["rednote:c:00"] == Facts("rednote:p:00", "unknown", "refugees", "comment", 2)
    assert facts["rednote:p:99"] == Facts("rednote:p:99", "unknown", "unknown", "post", None)
    classes = [facts[item].length_class for item in ("rednote:p:01", "rednote:c:00", "rednote:p:99")]
    assert classes == ["21 to 100 characters", "up to 20 characters", "unknown"]
    assert Facts("x", length=501).length_class == "over 500 characters"
