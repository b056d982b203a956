"""Two coders err as declared, and the public path takes what they coded."""

from __future__ import annotations

import csv
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy import stats
from tests.simulate.worlds import changed

import resilens
from resilens.coding.codings import read_items
from resilens.simulate import coders, pictures
from resilens.simulate.simulation import Simulation
from resilens.simulate.writing import write

SMALL = changed("tiktok-refugees", users=6000, items=3500, rates={"psi": 0.1},
                coders={"sensitivity": [0.9, 0.7], "false_share": [0.01, 0.03]})  # fmt: skip


@cache
def coded() -> tuple[Simulation, pa.Table, list[coders.Coding]]:
    """A simulation, the truth of its items as it is written, and what the coders make of it."""
    simulation = Simulation(SMALL, 2)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "draw", lambda *_: None)
        write(simulation, Path(folder))
        truth = pq.read_table(Path(folder) / "truth" / "items.parquet")
    given = list(coders.codings(SMALL, simulation.streams, simulation.vocabulary.codes, truth))
    return simulation, truth, given


@cache
def matrices() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """(items, codes) what is true, and what each coder gave."""
    simulation, truth, given = coded()
    codes, items = simulation.vocabulary.codes, truth.column("item_id").to_pylist()
    place, row = ({name: number for number, name in enumerate(names)} for names in (codes, items))
    true = np.zeros((len(items), len(codes)), bool)
    for column in coders.CODED:
        for number, code in enumerate(truth.column(column).to_pylist()):
            if code is not None:
                true[number, place[code]] = True
    said = {name: np.zeros_like(true) for name in SMALL.coders.names}
    for one in given:
        if one.code != coders.NOTHING_APPLIES:
            said[one.coder][row[one.item], place[one.code]] = True
    return true, said


@pytest.mark.parametrize("coder", [0, 1])
def test_the_confusion_of_every_code_is_as_declared(coder: int) -> None:
    """Of what is true and of what is not, binomial shares; and over all codes together."""
    true, said = matrices()
    given = said[SMALL.coders.names[coder]]
    sensitivity, false_share = SMALL.coders.sensitivity[coder], SMALL.coders.false_share[coder]
    codes = coded()[0].vocabulary.codes
    for place, code in enumerate(codes):
        hits, positives = given[true[:, place], place].sum(), true[:, place].sum()
        false, negatives = given[~true[:, place], place].sum(), (~true[:, place]).sum()
        mistaken = 0.0 if code in coders.RELATES else false_share
        for found, many, share in ((hits, positives, sensitivity), (false, negatives, mistaken)):
            assert stats.binom.cdf(found, many, share) > 1e-6, code
            assert stats.binom.sf(found - 1, many, share) > 1e-6, code
    assert given[true].mean() == pytest.approx(sensitivity, abs=0.02)
    free = np.array([code not in coders.RELATES for code in codes])
    assert given[:, free][~true[:, free]].mean() == pytest.approx(false_share, rel=0.05)


def test_the_coders_err_independently_of_each_other() -> None:
    true, said = matrices()
    first, second = (said[name] for name in SMALL.coders.names)
    both = (first & second)[true].mean()
    expected = SMALL.coders.sensitivity[0] * SMALL.coders.sensitivity[1]
    assert both == pytest.approx(expected, abs=4.5 * np.sqrt(expected * (1 - expected) / true.sum()))


def test_nothing_applies_where_nothing_is_given_and_only_there() -> None:
    _, truth, given = coded()
    by_item: dict[tuple[str, str], list[str]] = {}
    for one in given:
        by_item.setdefault((one.coder, one.item), []).append(one.code)
    assert set(by_item) == {(name, item) for name in SMALL.coders.names for item in truth.column("item_id").to_pylist()}
    for codes in by_item.values():
        assert len(codes) == len(set(codes))
        assert coders.NOTHING_APPLIES not in codes or len(codes) == 1
    assert any(codes == [coders.NOTHING_APPLIES] for codes in by_item.values())


def test_codes_that_relate_two_items_name_the_one_answered() -> None:
    _, truth, given = coded()
    answered = dict(zip(truth.column("item_id").to_pylist(), truth.column("second_item").to_pylist(), strict=True))
    relating = [one for one in given if one.code in coders.RELATES]
    assert relating
    assert {one.code for one in relating} == set(coders.RELATES)
    for one in relating:
        assert one.second_item == answered[one.item]
        assert one.second_item in answered
        assert one.second_item != one.item
    assert not [one for one in given if one.code not in coders.RELATES and one.second_item]


def test_a_perfect_coder_gives_the_truth() -> None:
    simulation, truth, _ = coded()
    perfect = changed(SMALL, coders={"sensitivity": [1, 1], "false_share": [0, 0]})
    some = truth.slice(0, 400)
    given = list(coders.codings(perfect, simulation.streams, simulation.vocabulary.codes, some))
    for coder in perfect.coders.names:
        said = {(one.item, one.code) for one in given if one.coder == coder and one.code != coders.NOTHING_APPLIES}
        assert said == {(row["item_id"], row[column]) for row in some.to_pylist() for column in coders.CODED
                        if row[column] is not None}  # fmt: skip


def test_what_a_coder_gives_depends_on_the_item_alone() -> None:
    simulation, truth, given = coded()
    some = truth.take(pa.array([40, 3, 900]))
    again = list(coders.codings(SMALL, simulation.streams, simulation.vocabulary.codes, some))
    items = set(some.column("item_id").to_pylist())
    assert sorted(map(repr, again)) == sorted(repr(one) for one in given if one.item in items)


def test_lines_are_a_table() -> None:
    words = coders.header() + coders.lines([coders.Coding("a", "x,y", "B"), coders.Coding("b", "z", "C", "a")])
    assert list(csv.reader(words.splitlines())) == [list(coders.COLUMNS), ["a", "x,y", "B", ""], ["b", "z", "C", "a"]]


def test_the_public_path_takes_the_codings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """simulate, add, import codings: no refusal, and what is imported is what was written."""
    monkeypatch.setattr(pictures, "draw", lambda *_: None)
    folder = tmp_path / "world"
    written = write(Simulation(changed("tiktok-refugees", users=3000, items=700), 3), folder)
    with (folder / "codings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == written.codings > 500
    with resilens.open(folder) as study:
        added = study.add([folder / "simulated"])
        assert added.refused == ()
        proposal = study.propose_codings(folder / "codings.csv")
        assert proposal.refused == ()
        assert study.import_codings(proposal) > 0
        items = {row["item"] for row in rows}
        for name in SMALL.coders.names:
            assert set(read_items(study.record, "round-1", name)) == items
