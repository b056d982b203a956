"""How fast is agreement, beside the field's packages and beside the limit? Figures are ratios within one run.

    python benchmarks/agreement.py [--full]

The limit for a coefficient is the bare `GROUP BY` of the engine over the same columns: nothing can be counted faster
here without counting less. `--full` adds ten million units. Every value is compared with that of each package.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from typing import Any

import duckdb
import krippendorff
import numpy as np
import pandas as pd
import pyarrow as pa
from agreement_unitizing import unitizing
from nltk.metrics.agreement import AnnotationTask
from numpy.typing import NDArray
from statsmodels.stats.inter_rater import aggregate_raters
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_fleiss

from resilens.agreement import fleiss_kappa, krippendorff_alpha, read_patterns
from resilens.results.resampling import drawn_at_once, resampled
from resilens.results.types import Description, Estimate, Result

Codes = NDArray[np.int8]
VALUES = 8


def timed(work: Callable[[], Any], repeat: int = 1) -> tuple[float, Any]:
    """The shortest wall time of some runs, and the result."""
    times, result = [], None
    for _ in range(repeat):
        drawn_at_once.cache_clear()  # each run draws its own threads
        started = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - started)
    return min(times), result


def coded(units: int, coders: int, seed: int = 1) -> Codes:
    """Judgements with eight values of unequal frequency; each coder errs on a fifth of the units."""
    generator = np.random.default_rng(seed)
    shares = np.array([0.4, 0.2, 0.15, 0.1, 0.06, 0.04, 0.03, 0.02])
    true = generator.choice(VALUES, size=units, p=shares).astype(np.int8)
    wrong = generator.random((units, coders)) < 0.2
    return np.where(wrong, generator.integers(VALUES, size=(units, coders), dtype=np.int8), true[:, None])


def value(result: Result) -> float:
    """The number of a result that has one."""
    assert isinstance(result, Estimate | Description), result
    return result.value


def line(name: str, took: float, limit: float, note: str = "") -> None:
    print(f"  {name:<44} {took:9.4f} s  {took / limit:9.1f} x the limit  {note}".rstrip(), flush=True)


def group_by(table: pa.Table) -> float:
    """The bare GROUP BY, the engine open already."""
    with duckdb.connect() as engine:
        engine.register("judgements", table)
        return timed(lambda: engine.sql("SELECT *, count(*) FROM judgements GROUP BY ALL").to_arrow_table(), 3)[0]


def alpha_of_units(full: bool) -> None:
    """Nominal alpha and Fleiss's kappa, eight values, units x coders."""
    for units in (10**4, 10**6, *([10**7] if full else [])):
        for coders in (2, 3, 5) if units == 10**6 else (2, 5):
            codes = coded(units, coders)
            print(f"\n{units:,} units x {coders} coders")
            limit = group_by(pa.table({f"c{place}": codes[:, place] for place in range(coders)}))
            line("the bare GROUP BY (limit)", limit, limit)
            took, ours = timed(lambda codes=codes: value(krippendorff_alpha(codes, interval=False)), 3)
            line("resilens, alpha", took, limit, f"alpha {ours:.4f}")
            patterns = read_patterns(codes)
            took, interval = timed(lambda patterns=patterns: krippendorff_alpha(patterns))
            assert isinstance(interval, Estimate)
            line("resilens, 2,000 draws from the counts", took, limit, f"[{interval.low:.4f}, {interval.high:.4f}]")
            packages(codes, ours, limit)


def packages(codes: Codes, ours: float, limit: float) -> None:
    """The field's packages on the same codes, where time and memory allow."""
    units, coders = codes.shape
    if units > 10**6:
        print("  krippendorff, statsmodels, nltk: not run (krippendorff needs 16 GB and over a minute at 10^7 x 2)")
        return
    took, theirs = timed(lambda: krippendorff.alpha(codes.T.astype(float), level_of_measurement="nominal"))
    line("krippendorff", took, limit, check(ours, theirs))
    took, theirs = timed(lambda: statsmodels_fleiss(aggregate_raters(codes)[0]))
    line("statsmodels, Fleiss", took, limit, check(value(fleiss_kappa(codes, interval=False)), theirs))
    if units > 10**4:
        print("  nltk: not run (2 million Python tuples and more)")
        return
    triples = [(str(coder), unit, int(codes[unit, coder])) for unit in range(units) for coder in range(coders)]
    took, theirs = timed(lambda: AnnotationTask(triples).alpha())
    line("nltk", took, limit, check(ours, theirs))


def check(ours: float, theirs: float) -> str:
    assert abs(ours - theirs) < 1e-9, (ours, theirs)
    return "the same value"


def many_coders(full: bool) -> None:
    """900 coders, 10,000 units, few judgements a unit: a crowd."""
    for each in (5, 90):
        generator = np.random.default_rng(2)
        unit = np.repeat(np.arange(10_000), each)
        coder = np.concatenate([generator.choice(900, size=each, replace=False) for _ in range(10_000)])
        true = generator.integers(VALUES, size=10_000)[unit]
        given = np.where(generator.random(len(unit)) < 0.2, generator.integers(VALUES, size=len(unit)), true)
        table = pd.DataFrame({"unit": unit, "coder": coder, "value": given})
        print(f"\n900 coders x 10,000 units, {each} judgements a unit ({len(table):,} rows)")
        with duckdb.connect() as engine:
            engine.register("judgements", pa.Table.from_pandas(table))
            sql = "SELECT unit, value, count(*) FROM judgements GROUP BY ALL"
            limit = timed(lambda engine=engine, sql=sql: engine.sql(sql).to_arrow_table(), 3)[0]
        line("the bare GROUP BY unit, value (limit)", limit, limit)
        took, ours = timed(lambda table=table: value(krippendorff_alpha(table, interval=False)), 3)
        line("resilens, alpha", took, limit, f"alpha {ours:.4f}")
        took, _ = timed(lambda table=table: krippendorff_alpha(table))
        line("resilens, alpha with 2,000 draws", took, limit)
        dense = np.full((900, 10_000), np.nan)
        dense[coder, unit] = given
        took, theirs = timed(lambda dense=dense: krippendorff.alpha(dense, level_of_measurement="nominal"))
        line("krippendorff, from its dense array", took, limit, check(ours, theirs))


def bootstrap(full: bool) -> None:
    """1,000 replicates over 10,200 items in 200 threads; the limit is the product of matrices alone."""
    codes, draws = coded(10_200, 2), 1000
    thread = np.random.default_rng(3).integers(200, size=10_200).tolist()
    print("\n1,000 bootstrap replicates over 10,200 items in 200 threads")
    sums = np.random.default_rng(4).random((200, 1 + VALUES))
    limit, _ = timed(lambda: resampled(sums, lambda totals: totals[:, 0], draws, 1), 3)
    line("weights and matrix product alone (limit)", limit, limit)
    for level in ("nominal", "ordinal"):
        took, _ = timed(lambda level=level: krippendorff_alpha(codes, level, cluster=thread, draws=draws), 3)
        line(f"resilens, {level} alpha, from the table", took, limit)
    rows = [np.flatnonzero(np.array(thread) == number) for number in range(200)]
    generator = np.random.default_rng(5)

    def ten() -> None:
        for _ in range(10):
            drawn = codes[np.concatenate([rows[number] for number in generator.integers(200, size=200)])]
            krippendorff.alpha(drawn.T.astype(float), level_of_measurement="nominal")

    took, _ = timed(ten)
    line("krippendorff on each drawn table", took * draws / 10, limit, "from 10 draws, times 100")


def spans(full: bool) -> None:
    """Unitizing alphas; `benchmarks/agreement_unitizing.py` sets other packages beside them."""
    unitizing()


SECTIONS: list[Callable[[bool], None]] = [alpha_of_units, many_coders, bootstrap, spans]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="ten million units as well")
    full = parser.parse_args().full
    started = time.perf_counter()
    warnings.simplefilter("ignore")
    for section in SECTIONS:
        section(full)
    print(f"\n{time.perf_counter() - started:.0f} s in all")


if __name__ == "__main__":
    main()
