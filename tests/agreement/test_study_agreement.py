"""Agreement of a whole study: lines, cells that are results, what is left out, and how it reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from resilens.agreement.coefficients.krippendorff import krippendorff_alpha
from resilens.agreement.study_agreement import agreement_of
from resilens.agreement.study_results import BY, StudyAgreement
from resilens.agreement.study_tables import by_table, code_table, facet_table, machine_table, pair_table, span_table
from resilens.coding.codes import Codebook
from resilens.corpus.engine import Corpus
from resilens.errors import InputError
from resilens.record.events import Draft
from resilens.results.types import Description, Estimate, Undefined

THREADS = 30
Make = Callable[[int], Corpus]


def post(number: int) -> str:
    return f"rednote:p:{number:02d}"


def comment(number: int) -> str:
    return f"rednote:c:{number:02d}"


def coded(desk: Any, threads: int = THREADS, coders: str = "AB") -> None:
    """Every third post a tribute, the second coder misses every ninth; comments adapt, every fifth absorbs to B."""
    for number in range(threads):
        for coder in coders:
            tribute = number % 3 == 0 and (coder != "B" or number % 9)
            desk.code(coder, post(number), *(["practice.tribute"] if tribute else []))
            stage = "stage.absorb" if coder == "B" and number % 5 == 0 else "stage.adapt"
            desk.code(coder, comment(number), stage)


def test_codes_facets_and_everything(coding_desk: Any, corpus_of: Make, small_book: Codebook) -> None:
    coded(coding_desk)
    found = agreement_of(coding_desk.record, corpus_of(THREADS), small_book, draws=200, seed=5)
    assert [line.of for line in found.codes] == ["practice.tribute", "stage.adapt", "stage.absorb"]
    assert [(line.of, line.level) for line in found.facets] == [("practice", "nominal"), ("stage", "nominal")]
    assert (found.n_items, found.n_threads, found.n_single) == (2 * THREADS, THREADS, 0)
    assert found.unused == ("practice.welcome", "tone.warm")
    assert found.pairs == ()
    line = found.codes[0]
    assert tuple(line.cells) == ("alpha", "percent", "ac1", "prevalence", "positive", "negative")
    alpha = line.cells["alpha"].result
    assert isinstance(alpha, Estimate)
    by_hand = [[n % 3 == 0, n % 3 == 0 and n % 9 != 0] for n in range(THREADS)] + [[False, False]] * THREADS
    plain = krippendorff_alpha(by_hand, interval=False)
    assert isinstance(plain, Description)
    assert alpha.value == pytest.approx(plain.value)
    assert (alpha.n_items, alpha.n_threads, alpha.seed, alpha.basis) == (60, 30, 5, "coding")
    assert set(line.cells["alpha"].below) == {0.667, 0.8}
    assert found.overall is not None
    assert (found.overall.level, tuple(found.overall.cells)) == ("masi", ("alpha", "percent", "jaccard"))
    json.dumps(found.to_dict(), allow_nan=False)


def test_the_same_seed_gives_the_same_agreement(coding_desk: Any, corpus_of: Make, small_book: Codebook) -> None:
    coded(coding_desk)
    corpus = corpus_of(THREADS)
    first, again, other = (
        agreement_of(coding_desk.record, corpus, small_book, draws=200, seed=seed).to_dict() for seed in (5, 5, 6)
    )
    assert first == again
    assert first["codes"] != other["codes"]


def test_universes(coding_desk: Any, corpus_of: Make, small_book: Codebook) -> None:
    coded(coding_desk)
    corpus = corpus_of(THREADS)
    read, touched = (
        agreement_of(coding_desk.record, corpus, small_book, universe=universe, interval=False)
        for universe in ("read", "touched")
    )
    assert touched.n_items == THREADS + THREADS // 3
    alphas = [found.codes[0].cells["alpha"].result for found in (read, touched)]
    assert all(isinstance(alpha, Description) for alpha in alphas)
    assert alphas[0].value != alphas[1].value  # type: ignore[union-attr]
    assert alphas[1].frame == "40 items, two coders; items to which any of the coders gave any code"  # type: ignore[union-attr]


def test_over_characters(coding_desk: Any, corpus_of: Make, small_book: Codebook) -> None:
    for number in range(THREADS):
        coding_desk.span("A", post(number), "practice.tribute", 3, 10)
        coding_desk.span("B", post(number), "practice.tribute", 3, 10 - number % 3)
        if number % 2:
            coding_desk.span("B", post(number), "practice.welcome", 20, 26)
    found = agreement_of(coding_desk.record, corpus_of(THREADS), small_book, universe="characters", draws=200,
                         coefficients=("alpha", "percent", "u", "|u", "cu", "(k)cu"))  # fmt: skip
    assert found.facets == ()
    alpha, percent = (found.codes[0].cells[name].result for name in ("alpha", "percent"))
    assert isinstance(alpha, Estimate)
    assert isinstance(percent, Estimate)
    assert (alpha.n_items, alpha.n_threads) == (THREADS, THREADS)
    assert percent.value == pytest.approx(1 - 1 / 26)
    assert [(line.of, tuple(line.cells)) for line in found.spans] == [
        ("practice", ("u", "|u", "cu")), ("practice.tribute", ("(k)cu",)), ("practice.welcome", ("(k)cu",)),
    ]  # fmt: skip
    u = found.spans[0].cells["u"].result
    assert isinstance(u, Estimate)
    assert (u.n_items, u.n_threads) == (THREADS, THREADS)
    assert isinstance(found.spans[0].cells["cu"].result, Undefined)
    assert [row[0] for row in span_table(found).rows] == ["Practice", "Cat tax", "Welcome"]


def test_pairs_of_three_coders(coding_desk: Any, corpus_of: Make, small_book: Codebook) -> None:
    coded(coding_desk, 6, "ABC")
    coding_desk.code("A", post(7), "practice.welcome")
    found = agreement_of(coding_desk.record, corpus_of(8), small_book, interval=False)
    assert found.n_single == 1
    assert [line.coders for line in found.pairs if line.kind == "overall"] == [("A", "B"), ("A", "C"), ("B", "C")]
    whole = {line.coders: line.cells["percent"].result for line in found.pairs if line.kind == "overall"}
    agreed = whole["A", "C"]
    assert isinstance(agreed, Description)
    assert agreed.value == 1
    rows = pair_table(found).rows
    assert rows[0][:3] == ("All codes", "A", "B")
    assert len(rows) == 3 * 5


def test_of_two_coders_only_what_they_touched_counts(
    coding_desk: Any, corpus_of: Make, small_book: Codebook
) -> None:  # fmt: skip
    for coder, code in (("A", "practice.tribute"), ("B", "practice.welcome"), ("C", "")):
        coding_desk.code(coder, post(0), code)
    for coder, code in (("A", ""), ("B", ""), ("C", "practice.tribute")):
        coding_desk.code(coder, post(1), code)
    found = agreement_of(coding_desk.record, corpus_of(2), small_book, universe="touched", interval=False)
    assert found.n_items == 2
    assert {line.coders: line.n_items for line in found.pairs} == {("A", "B"): 1, ("A", "C"): 2, ("B", "C"): 2}


def test_machines_stand_apart(coding_desk: Any, corpus_of: Make, small_book: Codebook) -> None:
    coded(coding_desk, 6)
    corpus = corpus_of(6)
    before = agreement_of(coding_desk.record, corpus, small_book, interval=False)
    for number in range(6):
        coding_desk.code("model", post(number), "practice.welcome", kind="machine")
    found = agreement_of(coding_desk.record, corpus, small_book, interval=False)
    assert found.codes == before.codes
    assert {line.coders for line in found.machines} == {("model", "A"), ("model", "B")}
    assert "practice.welcome" in {line.of for line in found.machines}
    assert any("no part" in line or "not part" in line for line in found.lines())
    assert len(machine_table(found).rows) == len(found.machines)
    assert before.machines == ()


@pytest.mark.parametrize(("name", "labels"), [
    ("language", ["en", "unknown", "zh"]), ("group", ["natives", "refugees"]), ("kind", ["comment", "post"]),
    ("round", ["round-1"]), ("codebook_version", ["1"]), ("length", ["up to 20 characters", "21 to 100 characters"]),
])  # fmt: skip
def test_agreement_apart(name: str, labels: list[str], coding_desk: Any, corpus_of: Make, small_book: Codebook) -> None:
    coded(coding_desk, 6)
    found = agreement_of(coding_desk.record, corpus_of(6), small_book, by=[name], interval=False)
    assert list(dict.fromkeys(line.label for line in found.by[name])) == labels
    assert by_table(found, name).rows
    whole = sum(line.n_items for line in found.by[name] if line.of == "practice")
    assert whole == found.n_items
    assert set(found.labels) == set(BY)
    for table in found.disagreements():
        if table.columns[0].title == BY[name]:
            assert [row[0] for row in table.rows] == labels
            assert sum(row[1] for row in table.rows) == found.n_items  # type: ignore[misc]


def test_the_most_confused_codes_come_with_their_items(
    coding_desk: Any, corpus_of: Make, small_book: Codebook
) -> None:  # fmt: skip
    coded(coding_desk, 11)
    found = agreement_of(coding_desk.record, corpus_of(11), small_book, interval=False)
    worst = found.most_confused
    assert worst is not None
    assert (worst.first, worst.second) == ("stage.absorb", "stage.adapt")
    assert worst.items == (comment(0), comment(5), comment(10))
    assert found.lines()[-2:] == [
        "Most often taken for each other: Absorption and Adaptation, in three items: rednote:c:00, rednote:c:05, "
        "rednote:c:10.",
        "Most often given by one coder only: Cat tax, in two items: rednote:p:00, rednote:p:09.",
    ]


def test_where_coders_disagree_is_told_code_by_code_and_coder_by_coder(
    coding_desk: Any, corpus_of: Make, small_book: Codebook
) -> None:  # fmt: skip
    coded(coding_desk, 11)
    found = agreement_of(coding_desk.record, corpus_of(11), small_book, interval=False)
    codes, coders, *parts = found.disagreements()
    assert codes.rows[0][:4] == ("Stage", "Absorption", "Adaptation", 3)
    assert [tuple(row[:4]) for row in coders.rows] == [("A", "B", 22, 5)]
    assert [part.columns[0].name for part in parts] == ["label"] * 4, "one round and one version tell nothing apart"
    told = found.to_dict()["differences"]
    assert {"item": post(9), "facet": "practice", "coders": ["A", "B"], "only_first": ["practice.tribute"],
            "only_second": []} in told  # fmt: skip


def test_what_was_settled_by_consensus_does_not_change_agreement(
    coding_desk: Any, corpus_of: Make, small_book: Codebook
) -> None:  # fmt: skip
    coded(coding_desk, 6)
    corpus = corpus_of(6)
    before = agreement_of(coding_desk.record, corpus, small_book, interval=False).to_dict()
    for applies in (True, False):
        body = {"item_id": post(0), "code_id": "practice.tribute", "applies": applies}
        coding_desk.record.append(Draft("consensus.decided", post(0), body, "A", round_id="round-1"))
        assert agreement_of(coding_desk.record, corpus, small_book, interval=False).to_dict() == before


def test_what_was_read_and_left_without_a_code_counts_and_what_was_not_read_does_not(
    coding_desk: Any, corpus_of: Make, small_book: Codebook
) -> None:  # fmt: skip
    for coder in "AB":
        coding_desk.code(coder, post(0), "practice.tribute")
        coding_desk.code(coder, post(1), "")
    coding_desk.code("A", post(2), "practice.tribute")
    found = agreement_of(coding_desk.record, corpus_of(3), small_book, interval=False)
    assert (found.n_items, found.n_single) == (2, 1)
    alpha, prevalence = (found.codes[0].cells[name].result for name in ("alpha", "prevalence"))
    assert isinstance(alpha, Description)
    assert isinstance(prevalence, Description)
    assert (alpha.value, alpha.n, prevalence.value) == (1, 2, 0.5)


def test_blind_and_joint_rounds_are_said_and_never_shown(
    coding_desk: Any, corpus_of: Make, small_book: Codebook
) -> None:  # fmt: skip
    coding_desk.open("round-2")
    coding_desk.open("round-3", "joint")
    for coder in "AB":
        coding_desk.code(coder, post(0), "practice.tribute", round_id="round-2", kind="human")
        coding_desk.code(coder, post(1), "practice.tribute", round_id="round-3", kind="human")
    found = agreement_of(coding_desk.record, corpus_of(2), small_book)
    assert found.lines() == [
        "Left out, still blind: round-1 and round-2; freeze a round to see its agreement.",
        "Left out, read jointly: round-3; there is no independent agreement in a joint round.",
        "No item was coded in an independent round that may be shown.",
    ]
    assert (found.codes, found.overall, found.confusions) == ((), None, ())
    assert post(0) not in json.dumps(found.to_dict())


def test_the_paradox_is_explained_where_it_strikes(coding_desk: Any, corpus_of: Make, small_book: Codebook) -> None:
    for number in range(THREADS):
        coding_desk.code("A", post(number), *(["practice.welcome"] if number in (1, 2) else []))
        coding_desk.code("B", post(number), *(["practice.welcome"] if number in (2, 3) else []))
    found = agreement_of(coding_desk.record, corpus_of(THREADS), small_book, draws=200)
    assert "Welcome is in only 6.7% of the judgements" in found.codes[0].paradox
    assert found.paradoxes == [found.codes[0].paradox]
    assert found.codes[0].paradox in found.lines()
    assert found.codes[0].paradox not in code_table(found).notes


def test_reasons_stand_beneath_the_table(coding_desk: Any, corpus_of: Make, small_book: Codebook) -> None:
    coded(coding_desk, 4)
    found = agreement_of(coding_desk.record, corpus_of(4), small_book)
    table = code_table(found)
    assert "Cat tax, Adaptation, and Absorption: no interval: four threads, and an interval needs 20." in table.notes
    assert [column.name for column in table.columns][:3] == ["code", "alpha", "percent"]
    assert [row[0] for row in facet_table(found).rows] == ["Practice", "Stage", "All codes"]


def test_relations_and_codes_outside_the_codebook_are_codes_too(coding_desk: Any, corpus_of: Make) -> None:
    coding_desk.code("A", post(0), "old")
    coding_desk.code("B", post(0))
    found = agreement_of(coding_desk.record, corpus_of(1), Codebook(), interval=False)
    assert [line.of for line in found.codes] == ["old"]
    assert [line.of for line in found.facets] == [""]
    assert isinstance(found, StudyAgreement)


@pytest.mark.parametrize(("asked", "words"), [
    ({"universe": "reed"}, "no universe 'reed'; did you mean 'read'"),
    ({"by": ["languages"]}, "did you mean 'language'"),
    ({"coefficients": ["alfa"]}, "no coefficient 'alfa'; did you mean 'alpha'"),
])  # fmt: skip
def test_unknown_names_are_refused_with_the_nearest(
    asked: dict[str, Any], words: str, coding_desk: Any, corpus_of: Make, small_book: Codebook
) -> None:  # fmt: skip
    with pytest.raises(InputError, match=words):
        agreement_of(coding_desk.record, corpus_of(1), small_book, **asked)
