"""How far do coders agree on passages, in a table of spans from anywhere: which are marked, and with which code?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from resilens.agreement.assessing import Agreement
from resilens.agreement.coefficients.unitizing import assess_unitizing
from resilens.agreement.interval import DRAWS, SEED
from resilens.agreement.spans import COMBINED, coincidences
from resilens.agreement.table_agreement import MOST_PAIRED, MOST_VALUES, SPANS, AgreementTable, Part, naming
from resilens.agreement.table_files import read_table
from resilens.errors import Fault, InputError
from resilens.study.words import did_you_mean

WHOLE = ("u", "|u", "cu")
"""The alphas of all codes together; `(k)cu` is that of one."""

NUMBERS = ("start", "end", "length")


def agree_spans(
    table: Path | str | pd.DataFrame | pa.Table, *, unit: str = "unit", coder: str = "coder", value: str = "value",
    cluster: str | None = None, missing: Collection[str] = (), draws: int = DRAWS, seed: int = SEED,
    confidence: float = 0.95,
) -> AgreementTable:  # fmt: skip
    """Krippendorff's unitizing alphas of a table of spans: overall, of each code, and for each pair of coders.

    Parameters
    ----------
    table
        A CSV, Excel or Parquet file, or a table in memory: a row a marked passage, with the columns `start` and `end`
        (code points, the end not included) and `length` (that of the whole text). A row without start, end and code
        says that the coder read the text and marked nothing; who has no row in a text has not read it.
    unit, coder, value, cluster
        The columns of the text, of who read it, of the code, and of the text's thread.
    missing
        Texts of a CSV or Excel file that stand for an empty cell.
    draws, seed, confidence
        See `How`.

    Raises
    ------
    InputError
        If the file, a column or a span is at fault, or there are not two coders.
    """
    name = Path(table).name if isinstance(table, Path | str) else ""
    if isinstance(table, Path | str):
        table, _ = read_table(Path(table), missing)
    frame = table.to_pandas() if isinstance(table, pa.Table) else table
    with naming(name):
        spans, lengths, threads = _parted(frame, unit, coder, value, cluster)
        how = {"draws": draws, "seed": seed, "confidence": confidence}
        coders = tuple(sorted(spans["coder"].unique()))
        if len(coders) < 2:
            raise InputError(f"only {', '.join(coders) or 'nobody'} read anything here, and agreement needs two coders")
        parts = tuple(_parts(spans, lengths, threads, coders, how))
    found = parts[0].results["u"]
    codes = tuple(sorted(spans["code"].dropna().unique()))
    return AgreementTable(
        name, SPANS, coders, codes, len(lengths), found.n_pairable, int(spans["start"].notna().sum()), 0,
        found.n_threads, threads is not None, draws, seed, confidence, parts,
    )  # fmt: skip


def _parted(
    frame: pd.DataFrame, unit: str, coder: str, value: str, cluster: str | None
) -> tuple[pd.DataFrame, dict[str, int], dict[str, str] | None]:
    """The spans as `spans.coincidences` wants them, the length of each text, and its thread."""
    wanted = {"item": unit, "coder": coder, "code": value, **{name: name for name in NUMBERS}}
    for called in [*wanted.values(), *([cluster] if cluster else [])]:
        if called not in frame.columns:
            near = did_you_mean(called, frame.columns) or f"; the columns are {', '.join(map(str, frame.columns))}"
            raise InputError(f"there is no column {called!r}{near}; spans need {', '.join(NUMBERS)} too")
    spans = pd.DataFrame({name: frame[called] for name, called in wanted.items()}).reset_index(drop=True)
    for name in NUMBERS:
        numbers = pd.to_numeric(spans[name], errors="coerce")
        strange = spans[name].notna() & numbers.isna()
        if name == "length":
            strange |= numbers.isna()
        if strange.any():
            row = int(strange.to_numpy().argmax())
            raise InputError(Fault(f"{name} is {spans[name][row]!r} and must be a number", f"row {row + 1}"))
        spans[name] = numbers
    for name in ("item", "coder", "code"):
        spans[name] = [None if pd.isna(one) else str(one) for one in spans[name]]
    lengths = _one_each(spans["item"], spans["length"], "length")
    threads = _one_each(spans["item"], frame[cluster].reset_index(drop=True).astype(str), "thread") if cluster else None
    return spans, {item: int(length) for item, length in lengths.items()}, threads


def _one_each(items: pd.Series[Any], told: pd.Series[Any], what: str) -> dict[str, Any]:
    """What is told of each text, refused where it is told in two ways."""
    known: dict[str, Any] = {}
    for item, one in zip(items, told, strict=True):
        if known.setdefault(item, one) != one:
            raise InputError(Fault(f"this text has more than one {what}, {known[item]} and {one}", f"text {item}"))
    return known


def _parts(
    spans: pd.DataFrame, lengths: Mapping[str, int], threads: Mapping[str, str] | None, coders: Sequence[str],
    how: Mapping[str, Any],
) -> Iterator[Part]:  # fmt: skip
    """Overall, then code by code, then pair by pair."""
    whole = coincidences(spans, lengths, threads)
    yield Part("overall", "", _assessed(whole, WHOLE, how))
    for code in [value for value in whole.values[1:] if COMBINED not in value][:MOST_VALUES]:
        yield Part("value", code, {"(k)cu": assess_unitizing(whole, "(k)cu", code, **how)})
    if 2 < len(coders) <= MOST_PAIRED:
        for first, second in combinations(coders, 2):
            both = coincidences(spans[spans["coder"].isin((first, second))], lengths, threads)
            yield Part("pair", f"{first} and {second}", _assessed(both, WHOLE, how))


def _assessed(counts: Any, names: Sequence[str], how: Mapping[str, Any]) -> dict[str, Agreement]:
    return {name: assess_unitizing(counts, name, **how) for name in names}
