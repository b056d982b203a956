"""What is agreement where tools go wrong? Nine small cases with their right answers, and a published wrong one.

    python benchmarks/agreement_cases.py

Each case is a text of 1,000 characters (the rare code: 200 texts of 100) and the spans of its coders. The columns:

    u, cu     Krippendorff's unitizing alphas over all codes (`resilens.agreement.coefficients.unitizing`)
    alpha     Krippendorff's alpha for the code x, every character of the texts a unit, marked or not
    percent   the share of characters on which two coders agree about x
    QualCoder the kappa of QualCoder's comparisons of two coders for the code x, its formula restated here. Published in
              ccbogel/QualCoder, src/qualcoder/report_compare_coder_file.py (read at commit 0b45f0fa),
              `DialogCompareCoderByFile.agreement_text_file`; `DialogReportCoderComparisons` sums over all files

That kappa looks only at characters that anybody marked, so that agreement on leaving text alone does not exist; takes
for chance agreement the product of "both yes" and "both no" where it is their sum, so that chance is almost nothing;
counts a character twice that one coder marked twice, as if both had; and takes an unread file for an unmarked one. Its
source says that the approach is yet to be confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from resilens.agreement import krippendorff_alpha, percent_agreement
from resilens.agreement.characters import Continua, character_patterns
from resilens.agreement.coefficients.unitizing import assess_unitizing
from resilens.agreement.spans import coincidences
from resilens.results.types import Description, Result

Row = tuple[str, str, int | None, int | None, str | None]
LENGTH = 1000


@dataclass(frozen=True)
class Case:
    """Spans of coders, and what is to be learnt from them."""

    name: str
    rows: tuple[Row, ...]
    lengths: Mapping[str, int]
    lesson: str


def marked(*coders: tuple[str, list[tuple[int, int, str]]], item: str = "t") -> tuple[Row, ...]:
    """A row for each coder's reading and for each span."""
    rows: list[Row] = []
    for coder, spans in coders:
        rows.append((item, coder, None, None, None))
        rows += [(item, coder, start, end, code) for start, end, code in spans]
    return tuple(rows)


def at_chance(seed: int = 1) -> tuple[Row, ...]:
    """Two coders mark about half of the characters, ten at a time, each by the toss of a coin."""
    chance = np.random.default_rng(seed)
    heads = {coder: np.flatnonzero(chance.random(100) < 0.5).tolist() for coder in ("A", "B")}
    return marked(*((coder, [(10 * place, 10 * place + 10, "x") for place in places])
                    for coder, places in heads.items()))  # fmt: skip


def rare(texts: int = 200) -> tuple[Row, ...]:
    """x in 4 of 200 texts to A and in 4 to B, in two of them to both."""
    rows: tuple[Row, ...] = ()
    for number in range(texts):
        first, second = ([(0, 100, "x")] if number in those else [] for those in (range(4), range(2, 6)))
        rows += marked(("A", first), ("B", second), item=f"t{number}")
    return rows


ONE = {"t": LENGTH}
CASES = (
    Case("identical spans",
         marked(("A", [(100, 200, "x"), (500, 600, "y")]), ("B", [(100, 200, "x"), (500, 600, "y")])),
         ONE, "perfect agreement is 1"),
    Case("half overlap", marked(("A", [(100, 200, "x")]), ("B", [(150, 250, "x")])), ONE,
         "half of what each marked is shared, and text left alone by both is agreement too"),
    Case("one codes everything", marked(("A", [(0, LENGTH, "x")]), ("B", [(0, 990, "x")])), ONE,
         "who marks everything tells nothing apart: by characters 0; u has two units alone to judge by, and they meet"),
    Case("chance", at_chance(), ONE, "the toss of a coin is 0, whatever share of characters is alike"),
    Case("two spans of one against none", marked(("A", [(100, 300, "x"), (200, 400, "x")]), ("B", [])), ONE,
         "one coder's overlapping spans are one unit; two marks of one coder are not two coders"),
    Case("nobody coded", marked(("A", []), ("B", [])), ONE, "no variation: there is a reason in place of a number"),
    Case("one rare code", rare(), {f"t{number}": 100 for number in range(200)},
         "98% of the characters alike, yet only half of what one coder calls x is x to the other"),
    Case("missing coder", (*marked(("A", [(100, 200, "x")]), ("B", [(100, 200, "x")])),
                           *marked(("A", [(0, 500, "x")]), item="unread by B")), {**ONE, "unread by B": LENGTH},
         "who has not read a text did not leave it unmarked: perfect on what both read"),
    Case("three coders", marked(("A", [(100, 200, "x"), (300, 400, "y")]), ("B", [(100, 200, "x"), (300, 400, "y")]),
                                ("C", [(100, 200, "y"), (300, 400, "x")])), ONE,
         "where to mark is agreed on, what it is is not; two coders at a time would hide it"),
)  # fmt: skip


def answers(case: Case) -> dict[str, Result]:
    """What Resilens says: u, cu, alpha, percent."""
    counts = coincidences(case.rows, case.lengths)
    found = Continua(case.rows, case.lengths, {item: item for item in case.lengths})
    patterns = character_patterns(found, "x")
    return {
        "u": assess_unitizing(counts, "u", interval=False).result,
        "cu": assess_unitizing(counts, "cu", interval=False).result,
        "alpha": krippendorff_alpha(patterns, interval=False),
        "percent": percent_agreement(patterns, interval=False),
    }


def qualcoder(case: Case, code: str = "x") -> float | None:
    """QualCoder's kappa of two coders and one code, as published; None where it divides by zero.

    Its report on several files adds up their characters, an unread file's as uncoded ones.
    """
    coders = sorted({row[1] for row in case.rows})
    if len(coders) != 2:
        return None
    base = dict(zip(case.lengths, np.cumsum([0, *case.lengths.values()]), strict=False))
    times = np.zeros(sum(case.lengths.values()))
    total = dict.fromkeys(coders, 0)
    for item, coder, start, end, of in case.rows:
        if start is not None and end is not None and of == code:
            times[base[item] + start : base[item] + end] += 1
            total[coder] += end - start
    both = int((times == 2).sum())
    seen = sum(total.values()) - both
    if not seen:
        return None
    first, second = (amount / seen for amount in total.values())
    expected = (first * second) * ((1 - first) * (1 - second))
    return (both / seen - expected) / (1 - expected)


def lines() -> list[str]:
    """The table."""
    said = [f"{'case':31}{'u':>8}{'cu':>8}{'alpha':>8}{'percent':>9}{'QualCoder':>11}   what it teaches"]
    reasons: dict[str, None] = {}
    for case in CASES:
        cells = []
        for result in answers(case).values():
            if isinstance(result, Description):
                cells.append(f"{result.value:.3f}")
            else:
                cells.append("-")
                reasons.setdefault(f"  {case.name}: {str(result).removeprefix('undefined: ')}")
        theirs = qualcoder(case)
        refused = "2 only" if len({row[1] for row in case.rows}) > 2 else "zerodiv"
        shown = refused if theirs is None else f"{theirs:.3f}"
        said.append(f"{case.name:31}{cells[0]:>8}{cells[1]:>8}{cells[2]:>8}{cells[3]:>9}{shown:>11}   {case.lesson}")
    return [*said, "", "Where there is no value, the reason (`-`):", *reasons]


if __name__ == "__main__":
    print("\n".join(lines()))
