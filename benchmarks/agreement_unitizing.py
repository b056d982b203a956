"""How fast are the unitizing alphas, beside other packages and beside the limit? Figures are ratios within one run.

    python benchmarks/agreement_unitizing.py [PYTHON ...]

Each PYTHON is an interpreter in whose environment `qdaPy` or `krippendorff-unitized-alpha` is installed; neither can
live beside Resilens (one wants an old numpy, the other brings plotting packages), so both are timed in a process of
their own on the same spans, start-up left out. `benchmarks/agreement.py` runs this as well, without peers.

The limit is sorting the boundaries of the spans: nothing can be swept that is not sorted.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from resilens.agreement.coefficients.unitizing import assess_unitizing
from resilens.agreement.spans import coincidences
from resilens.results.resampling import drawn_at_once
from resilens.results.types import Undefined

SIZES = (200, 1_000, 4_000)
MILLION = 500_000
"""Segments a coder, two coders."""

PEER = """
import json, sys, time
spans, length = json.load(sys.stdin)
try:
    from krippendorff_unitized_alpha.krippendorffs_unitized_alpha import EMPTY_TAG, KrippendorffUnitizedAlpha, Segment
    data = {}
    for coder, own in spans.items():
        at, data[coder] = 0, []
        for start, end, code in own:
            if start > at:
                data[coder].append(Segment(EMPTY_TAG, at, start))
            data[coder].append(Segment(code, start, end))
            at = end
        if at < length:
            data[coder].append(Segment(EMPTY_TAG, at, length))
    name, work = "krippendorff-unitized-alpha", lambda: KrippendorffUnitizedAlpha(data).result
except ImportError:
    from qdapy.unitizing import unitizing_alpha
    data = [[{"start": s, "end": e, "value": c} for s, e, c in own] for own in spans.values()]
    name, work = "qdaPy", lambda: unitizing_alpha(data)["alpha"]
started = time.perf_counter()
value = work()
print(json.dumps([name, time.perf_counter() - started, value]))
"""


def spans(segments: int, texts: int = 1, seed: int = 1) -> tuple[pd.DataFrame, dict[int, int]]:
    """Two coders' segments, spread over texts; B keeps three of four of A's codes and shifts their bounds a little."""
    generator = np.random.default_rng(seed)
    each = segments // texts
    cuts = np.sort(generator.choice(30 * each, size=(2 * each), replace=False))
    start, end = cuts[::2], cuts[1::2]
    codes = generator.choice(list("abcde"), size=segments)
    other = np.where(generator.random(segments) < 0.75, codes, generator.choice(list("abcde"), size=segments))
    item = np.repeat(np.arange(texts), each)
    shift = (end - start) // 3
    frames = [pd.DataFrame({"item": item, "coder": coder, "start": np.tile(low, texts), "end": np.tile(high, texts),
                            "code": given})
              for coder, low, high, given in (("A", start, end, codes), ("B", start + shift, end, other))]  # fmt: skip
    return pd.concat(frames, ignore_index=True), dict.fromkeys(range(texts), 30 * each)


def timed(work: Callable[[], Any], repeat: int = 3) -> tuple[float, Any]:
    """The shortest wall time of some runs, and the result."""
    times, result = [], None
    for _ in range(repeat):
        drawn_at_once.cache_clear()  # each run draws its own threads
        started = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - started)
    return min(times), result


def line(name: str, took: float, limit: float, note: str = "") -> None:
    print(f"  {name:<44} {took:9.4f} s  {took / limit:9.1f} x the limit  {note}".rstrip(), flush=True)


def value(counts: Any, coefficient: str = "u") -> float:
    result = assess_unitizing(counts, coefficient, interval=False).result
    assert not isinstance(result, Undefined), result
    return result.value


def unitizing(peers: Sequence[str] = ()) -> None:
    """u-alpha with two coders and five codes, one text; then a million segments in 200 texts."""
    for segments in SIZES:
        table, lengths = spans(segments)
        print(f"\nunitizing: {segments:,} segments a coder, two coders, one text")
        limit = sorting(table)
        line("sorting the boundaries (limit)", limit, limit)
        took, ours = timed(lambda table=table, lengths=lengths: value(coincidences(table, lengths)))
        line("resilens, u-alpha", took, limit, f"u-alpha {ours:.4f}")
        for peer in peers:
            beside(peer, table, lengths[0], ours, limit)
    table, lengths = spans(MILLION, texts=200)
    print(f"\nunitizing: {len(table):,} segments, two coders, 200 texts")
    limit = sorting(table)
    line("sorting the boundaries (limit)", limit, limit)
    took, counts = timed(lambda: coincidences(table, lengths, {text: text for text in lengths}), 1)
    line("resilens, counting how spans meet", took, limit)
    took, alpha = timed(lambda: assess_unitizing(counts, "u").result, 1)
    line("resilens, u-alpha, 2,000 draws of those counts", took, limit, str(alpha))
    took, _ = timed(lambda: [value(counts, coefficient) for coefficient in ("u", "|u", "cu")])
    line("resilens, three coefficients of those counts", took, limit)


def sorting(table: pd.DataFrame) -> float:
    bounds = np.concatenate((table["start"].to_numpy(), table["end"].to_numpy()))
    bounds = bounds + np.tile(table["item"].to_numpy(), 2) * (int(table["end"].max()) + 1)
    return timed(lambda: np.argsort(bounds, kind="stable"))[0]


def beside(python: str, table: pd.DataFrame, length: int, ours: float, limit: float) -> None:
    """A peer on the same spans, in its own process."""
    given = {coder: own[["start", "end", "code"]].values.tolist() for coder, own in table.groupby("coder")}
    content = json.dumps([given, length])
    done = subprocess.run([python, "-c", PEER], input=content, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"  {python}: not run: {done.stderr.strip().splitlines()[-1]}")
        return
    name, took, theirs = json.loads(done.stdout)
    same = "the same value" if abs(theirs - ours) < 1e-9 else f"another formula: {theirs:.4f}"
    line(name, took, limit, same)


if __name__ == "__main__":
    unitizing(sys.argv[1:])
