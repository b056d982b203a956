"""Do the measures find what was put in? Coverage and bias over simulated worlds whose truth is known.

    python benchmarks/measures_recovery.py                      100 worlds; a world takes some 17 seconds of a core
    python benchmarks/measures_recovery.py --worlds 20 --items 6000

For every world: a corpus is simulated and captured, a sample drawn by the design `mixed`, and its items coded. The
truth of a value is the same measure on everything that was captured, coded as it was made; of a time or an order, with
weeks taken together as in the sample. Three tables:

1. Coders without error: for every kind of estimate its coverage (nominal 95 %) with its margin, its mean bias and the
   mean width of its interval; of times and orders beside it how often the interval held what they are by the finer
   weeks into which all that was captured would be cut.
2. The world `quiet`, where nothing happens: how often an interval or a null says that something does (nominal 5 %).
3. Worse coders: the loss of the shares, as sensitivity falls and false codes rise.
"""

from __future__ import annotations

import argparse
import math
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import resilens
from resilens.coding.codings import Final
from resilens.measures.material import Material, assemble
from resilens.measures.registry import Measure, measures_of
from resilens.measures.weeks import joined
from resilens.pipeline import OpenStudy
from resilens.results.types import Description, Estimate, Result, Undefined
from resilens.sampling.drawfile import read_draw
from resilens.simulate.coders import CODED, RELATES
from resilens.simulate.simulation import Simulation
from resilens.simulate.world import world
from resilens.simulate.writing import write

PHASES = (("first", "2025-01-08", "2025-01-31"), ("second", "2025-02-01", "2025-05-01"))
TRUTH_DRAWS = 50
"""Draws of threads for the truth, whose interval nobody reads."""

Coder = tuple[float, float]
"""How many of the codes that apply a coder gives, and of those that do not, how many all the same."""

FAULTLESS: Coder = (1.0, 0.0)
WORSE: tuple[Coder, ...] = (FAULTLESS, (0.9, 0.005), (0.75, 0.02), (0.5, 0.05))

TIMES = (": onset ", ": centre ", ": spread ", " before ")
"""In the names of what depends on how weeks are taken together."""

DATED = ("practices", "resilience")
"""The measures that hold such."""

CODED_SET = ("practices", "ritual", "variety", "exchange", "affect", "politics", "resilience")


@dataclass(frozen=True, slots=True)
class Recovered:
    """One estimate of one world: what it was, and what it should have been (None: the truth has no value).

    `finer` is the truth of a time or an order by the corpus's own weeks, None of all else.
    """

    measure: str
    name: str
    result: Result
    truth: float | None
    finer: float | None = None

    @property
    def kind(self) -> str:
        """What kind of estimate: codes, periods and groups taken out, so that alike ones are counted together."""
        name = re.sub(r"[a-z]+(\.[a-z-]+)+", "CODE", self.name)
        return f"{self.measure}: {re.sub(r'(first|second|all)', 'PERIOD', name)}"


@contextmanager
def captured_world(seed: int, name: str = "tiktok-refugees", items: int = 12_000) -> Iterator[tuple[OpenStudy, Path]]:
    """A study of a simulated world, captured and open, and its folder."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "study"
        write(Simulation(world(name).expect(items=items, users=2 * items), seed), root)
        with (root / "study.toml").open("a", encoding="utf-8") as design:
            for phase, start, end in PHASES:
                design.write(f'\n[[phase]]\nname = "{phase}"\nstart = {start}\nend = {end}\n')
        with resilens.open(root) as study:
            study.add([root / "simulated"])
            yield study, root


def one_world(seed: int, name: str = "tiktok-refugees", items: int = 12_000, coders: Sequence[Coder] = (FAULTLESS,),
              wanted: Sequence[str] = CODED_SET) -> dict[Coder, list[Recovered]]:  # fmt: skip
    """Sample one world; by coder who codes the sample, every estimate beside its truth."""
    with captured_world(seed, name, items) as (study, root):
        study.draw()
        return _recovered(study, root, seed, coders, wanted)


def _recovered(
    study: OpenStudy, root: Path, seed: int, coders: Sequence[Coder], wanted: Sequence[str]
) -> dict[Coder, list[Recovered]]:
    truth = pq.read_table(root / "truth" / "items.parquet")
    draw = read_draw(sorted((root / "sample").glob("*.parquet"))[-1])
    book, every = study.codebook(), measures_of(study.study, root)
    measures = [every[name] for name in wanted if name in every]
    codes = sorted({code.id for code in book.codes})
    with study.corpus() as corpus:
        captured = set(corpus.frame(corpus.table("posts").select(item="post_id")).column(0).to_pylist())
        captured |= set(corpus.frame(corpus.table("comments").select(item="comment_id")).column(0).to_pylist())
        sampled = {item.item_id for item in draw.items}
        whole, part = (truth.filter(pc.is_in(truth.column("item_id"), pa.array(sorted(chosen))))
                       for chosen in (captured, sampled & captured))  # fmt: skip
        true = assemble(study.study, corpus, study.record, book, final_of(whole), None)
        true = replace(true, estimating=replace(true.estimating, draws=TRUTH_DRAWS))
        made = {coder: assemble(study.study, corpus, study.record, book,
                                final_of(part, np.random.default_rng(seed), *coder, codes), draw)
                for coder in coders}  # fmt: skip
        # Which items were read, and with them the weeks, is the same for every coder.
        truths = _values(measures, replace(true, mondays=joined(made[coders[0]])))
        finer = _values([measure for measure in measures if measure.name in DATED], true)
        return {coder: list(_beside(measures, made[coder], truths, finer)) for coder in coders}


Values = dict[tuple[str, str], float]
"""Values by the names of their measure and their own."""


def _values(measures: Sequence[Measure], material: Material) -> Values:
    found = {measure.name: measure.compute(material).estimates for measure in measures}
    return {(measure, name): result.value for measure, estimates in found.items()
            for name, result in estimates.items() if not isinstance(result, Undefined)}  # fmt: skip


def _beside(measures: Sequence[Measure], made: Material, truths: Values, finer: Values) -> Iterator[Recovered]:
    for measure in measures:
        for name, result in measure.compute(made).estimates.items():
            key = (measure.name, name)
            by_finer = finer.get(key) if any(word in name for word in TIMES) else None
            yield Recovered(*key, result, truths.get(key), by_finer)


def final_of(truth: pa.Table, generator: np.random.Generator | None = None, sensitivity: float = 1.0,
             false_share: float = 0.0, codes: Iterable[str] = ()) -> Final:  # fmt: skip
    """The codes of some items as they were made, or as one coder with stated errors gives them."""
    read = truth.column("item_id").to_pylist()
    applied: dict[str, set[str]] = defaultdict(set)
    for column in CODED:
        for item, code in zip(read, truth.column(column).to_pylist(), strict=True):
            if code and (generator is None or generator.random() < sensitivity):
                applied[code].add(item)
    if generator is not None and false_share:
        for code in codes:
            for place in np.flatnonzero(generator.random(len(read)) < false_share):
                applied[code].add(read[place])
    second = dict(zip(read, truth.column("second_item").to_pylist(), strict=True))
    rows = [{"item_id": item, "code_id": code, "second_item": second[item] or "" if code in RELATES else ""}
            for code, items in sorted(applied.items()) for item in sorted(items)]  # fmt: skip
    table = pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.string()) for name in
                                                         ("item_id", "code_id", "second_item")]))  # fmt: skip
    given = {code: frozenset(items) for code, items in applied.items()}
    return Final(table, table.slice(0, 0), tuple(sorted(read)), 0, 0, len(rows), ("truth",), (), given, {})


def coverage(found: Iterable[Recovered]) -> dict[str, list[Recovered]]:
    """Estimates by kind, those with an interval that speaks of more than what was read, and a truth to compare with."""
    kinds: dict[str, list[Recovered]] = defaultdict(list)
    for one in found:
        if isinstance(one.result, Estimate) and one.result.basis in ("design", "model") and one.truth is not None:
            kinds[one.kind].append(one)
    return dict(sorted(kinds.items()))


def inside(one: Recovered) -> bool:
    assert one.truth is not None
    return _holds(one.result, one.truth)


def _holds(result: Result, truth: float) -> bool:
    assert isinstance(result, Estimate)
    return result.low - 1e-12 <= truth <= result.high + 1e-12


def print_coverage(kinds: Mapping[str, list[Recovered]]) -> None:
    print(f"{'kind of estimate':<78} {'n':>6} {'covered':>8} {'+-':>5} {'bias':>9} {'width':>8} {'finer weeks':>12}")
    for kind, rows in kinds.items():
        share = np.mean([inside(one) for one in rows])
        bias = np.mean([one.result.value - one.truth for one in rows])  # type: ignore[union-attr, operator]
        width = np.mean([one.result.high - one.result.low for one in rows])  # type: ignore[union-attr]
        margin = 2 * math.sqrt(0.95 * 0.05 / len(rows))
        finer = [_holds(one.result, one.finer) for one in rows if one.finer is not None]
        beside = f"{np.mean(finer):>12.1%}" if finer else ""
        print(f"{kind:<78} {len(rows):>6} {share:>8.1%} {margin:>5.1%} {bias:>+9.4f} {width:>8.4f} {beside}".rstrip())


def false_findings(found: Iterable[Recovered]) -> dict[str, list[bool]]:
    """By kind: whether an estimate says that something happens, though nothing does.

    A permutation says so where its p is under 0.05; the others where the interval leaves out what nothing would be: 0,
    or ½ for an order.
    """
    said: dict[str, list[bool]] = defaultdict(list)
    for one in found:
        if isinstance(one.result, Description) and one.name.endswith(": p"):
            said[f"{one.kind} (permutation)"].append(one.result.value < 0.05)
        if not isinstance(one.result, Estimate) or one.result.basis == "permutation":
            continue
        low, high = one.result.low, one.result.high
        if " before " in one.name:
            said[one.kind].append(not low <= 0.5 <= high)
        elif any(word in one.name for word in ("change", "asymmetry", "lift", "response")):
            said[one.kind].append(not low <= 0 <= high)
    return dict(sorted(said.items()))


def print_false(said: Mapping[str, list[bool]]) -> None:
    print(f"{'kind of estimate':<78} {'n':>6} {'false':>8} {'+-':>5}")
    for kind, rows in said.items():
        print(f"{kind:<78} {len(rows):>6} {np.mean(rows):>8.1%} {2 * math.sqrt(0.05 * 0.95 / len(rows)):>5.1%}")


def print_loss(by_coder: Mapping[tuple[float, float], list[Recovered]]) -> None:
    """How far the share of tributes is from the truth, and how often its interval still holds it."""
    print(f"{'sensitivity':>12} {'false codes':>12} {'n':>6} {'bias, relative':>15} {'covered':>8}")
    for (sensitivity, false_share), found in by_coder.items():
        rows = [one for one in found if one.name == "practice.tribute: share of posts, all"
                and isinstance(one.result, Estimate) and one.truth]  # fmt: skip
        bias = np.mean([one.result.value / one.truth - 1 for one in rows])  # type: ignore[union-attr, operator]
        covered = np.mean([inside(one) for one in rows])
        print(f"{sensitivity:>12.0%} {false_share:>12.1%} {len(rows):>6} {bias:>+15.1%} {covered:>8.1%}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--worlds", type=int, default=100)
    arguments.add_argument("--items", type=int, default=12_000)
    wanted = arguments.parse_args()
    seeds, fewer = range(wanted.worlds), range(max(2, wanted.worlds // 5))
    with ProcessPoolExecutor(2) as pool:
        print(f"1. {wanted.worlds} worlds of {wanted.items:,} items, coders without error")
        many = list(pool.map(partial(one_world, items=wanted.items), seeds))
        print_coverage(coverage(one for found in many for one in found[FAULTLESS]))
        print(f"\n2. {wanted.worlds} worlds in which nothing happens")
        quiet = list(pool.map(partial(one_world, name="quiet", items=wanted.items), seeds))
        print_false(false_findings(one for found in quiet for one in found[FAULTLESS]))
        print(f"\n3. worse coders, {len(fewer)} worlds each: the share of posts that pay tribute")
        worse = list(pool.map(partial(one_world, items=wanted.items, coders=WORSE, wanted=("practices",)), fewer))
        print_loss({coder: [one for found in worse for one in found[coder]] for coder in WORSE})


if __name__ == "__main__":
    main()
