"""What the simulator puts in comes out at the other end: from a simulated capture, through the record, to alpha."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

import resilens
from resilens.results import Estimate
from resilens.simulate import simulate

ENOUGH = 40
"""True items of a code below which its alpha says little."""


def expected_alpha(prevalence: float, sensitivity: tuple[float, float], false_share: tuple[float, float]) -> float:
    """Krippendorff's alpha of two coders with independent errors, for a code of a given prevalence, in many items.

    With p_c = pi s_c + (1 - pi) f_c and their mean p: D_e = 2 p (1 - p), and D_o is the chance that just one of the
    two gives the code.
    """
    def one_gives(first: float, second: float) -> float:
        return first * (1 - second) + second * (1 - first)

    observed = prevalence * one_gives(*sensitivity) + (1 - prevalence) * one_gives(*false_share)
    given = [prevalence * s + (1 - prevalence) * f for s, f in zip(sensitivity, false_share, strict=True)]
    mean = sum(given) / 2
    return 1 - observed / (2 * mean * (1 - mean))


@pytest.mark.slow
def test_alpha_of_the_simulated_coders_is_what_their_errors_imply(tmp_path: Path) -> None:
    simulated = simulate(tmp_path / "world", seed=11, items=12_000, users=20_000)
    with resilens.open(tmp_path / "world") as study:
        study.add([tmp_path / "world" / "simulated"])
        study.import_codings(study.propose_codings(tmp_path / "world" / "codings.csv"))
        found = study.agreement()
        read = {row["item_id"] for row in study.record.view("codings")}
    truth = [row for row in pq.read_table(tmp_path / "world" / "truth" / "items.parquet").to_pylist()
             if row["item_id"] in read]  # fmt: skip
    coders = simulated.simulation.world.coders
    inside, judged = 0, 0
    for line in found.codes:
        true = sum(line.of in row.values() for row in truth)
        alpha = line.cells["alpha"].result
        if true < ENOUGH or line.of.startswith("relation.") or not isinstance(alpha, Estimate):
            continue
        implied = expected_alpha(true / len(truth), coders.sensitivity, coders.false_share)
        assert alpha.value == pytest.approx(implied, abs=0.15), line.of
        judged += 1
        inside += alpha.low <= implied <= alpha.high
    assert judged >= 12
    assert inside / judged >= 0.85, "intervals at the 95 % level"
