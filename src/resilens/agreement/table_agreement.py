"""How far do coders agree in a table from anywhere, overall, on each value, and two by two?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from resilens.agreement.assessing import Agreement, assess
from resilens.agreement.coefficients.distances import LEVELS, check_name
from resilens.agreement.coefficients.recipes import shown_label
from resilens.agreement.coefficients.registry import COEFFICIENTS, DEFAULT, at_level, coefficient, title
from resilens.agreement.interval import DRAWS, SEED
from resilens.agreement.paradox import explained_once, paradox
from resilens.agreement.patterns import Patterns
from resilens.agreement.reading import read_patterns
from resilens.agreement.table_files import check_repeats, check_wide, read_table
from resilens.errors import Fault, InputError
from resilens.results.tables import count, counted, decimal, share
from resilens.results.types import to_dict

MOST_VALUES = 50
MOST_PAIRED = 10
"""Up to so many values are looked at one by one, and up to so many coders two by two."""


SPANS = "spans"
"""The level of passages that coders marked themselves."""

FORMULAS = {
    SPANS: " (Krippendorff's unitizing alphas over characters; Krippendorff et al. 2016)",
    "masi": " (distance 1 - J M, J the Jaccard similarity, M 1, 2/3, 1/3 or 0; Passonneau 2006)",
    "jaccard": " (distance 1 - size of the intersection / size of the union)",
}
"""What is said of levels that not everybody computes alike."""


@dataclass(frozen=True, slots=True)
class Part:
    """The coefficients on one part of the judgements.

    Parameters
    ----------
    scope
        `overall`; `value`: one value, or one code of sets, against all others; `pair`: two of the coders.
    label
        The value, or the two coders; empty overall.
    results
        Each coefficient by its name in the registry.
    paradox
        The sentence on the kappa paradox where it strikes, empty elsewhere.
    """

    scope: str
    label: str
    results: Mapping[str, Agreement]
    paradox: str = ""


@dataclass(frozen=True, slots=True)
class AgreementTable:
    """Agreement in one table.

    Parameters
    ----------
    name
        The file's name, empty for a table in memory.
    level
        The level of measurement.
    coders, values
        As a reader sees them.
    n_units, n_pairable, n_judgements, n_missing, n_threads
        Units; those coded twice or more; judgements; the judgements there would be were every unit coded by everyone,
        less those there are; threads with a pairable unit.
    threaded
        Whether units were given threads; if not, intervals take each unit for a thread of its own.
    draws, seed, confidence
        Of the bootstrap.
    parts
        Overall first, then value by value, then pair by pair.
    """

    name: str
    level: str
    coders: tuple[str, ...]
    values: tuple[str, ...]
    n_units: int
    n_pairable: int
    n_judgements: int
    n_missing: int
    n_threads: int
    threaded: bool
    draws: int
    seed: int
    confidence: float
    parts: tuple[Part, ...]

    @property
    def overall(self) -> Part:
        """All judgements."""
        return self.parts[0]

    @property
    def paradoxes(self) -> list[str]:
        """The kappa paradox, explained for the first part that it strikes; of others only the names."""
        return explained_once((part.label or "all values", part.paradox) for part in self.parts)

    def of(self, scope: str) -> tuple[Part, ...]:
        """The parts of one scope."""
        return tuple(part for part in self.parts if part.scope == scope)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        plain = ("name", "level", "n_units", "n_pairable", "n_judgements", "n_missing", "n_threads", "threaded",
                 "draws", "seed", "confidence")  # fmt: skip
        return {
            **{key: getattr(self, key) for key in plain},
            "coders": list(self.coders),
            "values": list(self.values),
            "parts": [_part(part) for part in self.parts],
        }

    def lines(self) -> list[str]:
        """What a terminal shows."""
        from resilens.agreement.table_paper import lines

        return lines(self)

    @property
    def unit(self) -> str:
        """What was coded, in the singular."""
        return "text" if self.level == SPANS else "unit"

    def heading(self) -> str:
        """What was coded, in a sentence."""
        where = f"{self.name}: " if self.name else ""
        whole = count(self.n_judgements + self.n_missing)
        gaps = f", {count(self.n_missing)} of {whole} judgements missing" if self.n_missing else ""
        gaps = f", {counted(self.n_judgements, 'marked passage')}" if self.level == SPANS else gaps
        threads = f", in {counted(self.n_threads, 'thread')}" if self.threaded else ""
        units, coders = counted(self.n_units, self.unit), counted(len(self.coders), "coder")
        return f"{where}{units}, {coders}{gaps}; {count(self.n_pairable)} coded twice or more{threads}."

    def method(self) -> str:
        """The level, and how intervals came about, in a sentence."""
        what = "threads" if self.threaded else f"{self.unit}s, each taken as a thread of its own"
        drawn = f"bootstrap of {what}, {count(self.draws)} draws, seed {self.seed}"
        return f"Level {self.level}{FORMULAS.get(self.level, '')}; {share(self.confidence, 0)} intervals: {drawn}."


def _part(part: Part) -> dict[str, Any]:
    results = {
        name: {"title": title(name), **to_dict(found.result), "no_interval": found.no_interval,
               "below": {decimal(line, 3): chance for line, chance in found.below.items()},
               "n_pairable": found.n_pairable, "n_threads": found.n_threads}
        for name, found in part.results.items()
    }  # fmt: skip
    return {"scope": part.scope, "label": part.label, "results": results, "paradox": part.paradox}


def agree_table(
    table: Path | str | pd.DataFrame | pa.Table, *, unit: str = "unit", coder: str = "coder", value: str = "value",
    cluster: str | None = None, wide: bool = False, level: str = "nominal", coefficients: Sequence[str] = (),
    coders: Sequence[str] | None = None, values: Sequence[Any] | None = None, separator: str = "",
    missing: Collection[str] = ("",), draws: int = DRAWS, seed: int = SEED, confidence: float = 0.95,
) -> AgreementTable:  # fmt: skip
    """Agreement in a table of judgements: overall, on each value against the others, and for each pair of coders.

    Parameters
    ----------
    table
        A CSV, Excel or Parquet file, or a table in memory.
    unit, coder, value, cluster, wide, coders, values, separator
        See `Reading`. In a file a blank cell is missing; with `separator` the separator alone is the empty set.
    level
        nominal, ordinal, interval, ratio, masi or jaccard.
    coefficients
        Names in the registry; unless given alpha, percent agreement and AC1 (AC2 where near misses count), and for a
        code that is there or not prevalence, positive and negative agreement.
    missing
        Texts of a CSV or Excel file that stand for no judgement, beside blank cells.
    draws, seed, confidence
        See `How`.

    Raises
    ------
    InputError
        If the file, a column, a row, the level or a coefficient is at fault, or there are not two coders.
    """
    check_name(level, LEVELS, "level")
    for wanted in coefficients:
        coefficient(wanted)
    name, sheet = "", None
    if isinstance(table, Path | str):
        path = Path(table)
        name = path.name
        table, sheet = read_table(path, missing)
    if wide and coders is None:
        check_wide(table, unit)
    if not wide:
        check_repeats(table, sheet, unit, coder, value)
    with naming(name):
        patterns = read_patterns(table, unit=unit, coder=coder, value=value, cluster=cluster, wide=wide, coders=coders,
                                 values=values, separator=separator)  # fmt: skip
    there = np.unique(patterns.coder)
    if len(there) < 2:
        who = f"only {patterns.coders[int(there[0])]} judged anything" if len(there) else "nobody judged anything"
        raise InputError(Fault(f"{who} in this table, and agreement needs two coders", name))
    how = {"draws": draws, "seed": seed, "confidence": confidence}
    with naming(name):
        parts = tuple(_parts(patterns, level, coefficients, how))
    judgements = int((patterns.units * patterns.judgements).sum())
    return AgreementTable(
        name, level, tuple(map(str, patterns.coders)), tuple(map(shown_label, patterns.values)), patterns.n_units,
        patterns.n_pairable, judgements, patterns.n_units * len(patterns.coders) - judgements, patterns.n_clusters,
        patterns.membership is not None, draws, seed, confidence, parts,
    )  # fmt: skip


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Faults name the file."""
    try:
        yield
    except InputError as error:
        faults = [Fault(fault.message, ", ".join(filter(None, (name, fault.where)))) for fault in error.faults]
        raise InputError(faults) from None


def _parts(patterns: Patterns, level: str, names: Sequence[str], how: Mapping[str, Any]) -> Iterator[Part]:
    """Overall, then value by value, then pair by pair."""
    binary = len(patterns.values) == 2 and level == "nominal"
    label = f"value {shown_label(patterns.values[-1])}" if binary else ""
    whole = [name for name in names or _default(level) if binary or not COEFFICIENTS[name].binary]
    yield _assessed("overall", "", patterns, level, whole, how, label)
    if not binary:
        for label, indicator in _indicators(patterns, level):
            yield _assessed("value", label, indicator, "nominal", names or DEFAULT, how, f"value {label}")
    if 2 < len(patterns.coders) <= MOST_PAIRED:
        shared = [name for name in whole if not COEFFICIENTS[name].binary]
        for first, second in combinations(patterns.coders, 2):
            pair = patterns.only([first, second])
            yield _assessed("pair", f"{first} and {second}", pair, level, shared, how)


def _default(level: str) -> list[str]:
    """The coefficients that stand side by side; AC2 for AC1 where near misses count."""
    near_misses = level in COEFFICIENTS["ac2"].levels
    return ["ac2" if name == "ac1" and near_misses else name for name in DEFAULT]


def _indicators(patterns: Patterns, level: str) -> Iterator[tuple[str, Patterns]]:
    """Each value, or each code of sets, against all others, where that makes sense."""
    if level in ("masi", "jaccard"):
        sets = [label if isinstance(label, frozenset) else frozenset([label]) for label in patterns.values]
        codes = sorted({code for each in sets for code in each}, key=str)
        holding = dict(zip(patterns.values, sets, strict=True))
        for code in codes[:MOST_VALUES]:
            having = {label for label, each in holding.items() if code in each}
            yield str(code), patterns.whether(having.__contains__)
    elif level in ("nominal", "ordinal") and len(patterns.values) <= MOST_VALUES:
        for label in patterns.values:
            yield shown_label(label), patterns.indicator(label)


def _assessed(
    scope: str, label: str, patterns: Patterns, level: str, names: Sequence[str], how: Mapping[str, Any], of: str = "",
) -> Part:  # fmt: skip
    results = {name: assess(patterns, at_level(name, level), how) for name in names}
    return Part(scope, label, results, _paradox(results, of))


def _paradox(results: Mapping[str, Agreement], of: str) -> str:
    if not of or not {"alpha", "percent", "ac1", "prevalence"} <= results.keys():
        return ""
    alpha, percent, ac1, prevalence = (results[name].result for name in ("alpha", "percent", "ac1", "prevalence"))
    return paradox(alpha, percent, ac1, prevalence, of)
