"""A result is an Estimate, a Description or Undefined: a value or a reason, never NaN and never a silent zero."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, TypeAlias, get_args

from resilens.results.tables import Table

Basis: TypeAlias = Literal["design", "coding", "permutation", "model"]
"""What an interval rests on: *design* needs inclusion probabilities and alone generalises to the frame; *coding*
speaks of the coded set, threads resampled; *permutation* of a null; *model* carries its assumption."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with an interval.

    Parameters
    ----------
    value, low, high
        The value and the ends of its interval, finite, `low <= high`. The value may lie outside its interval only
        where a bias-corrected interval is used; nothing here forbids it.
    level
        The interval's nominal coverage, in (0, 1).
    n_items, n_threads
        How many items, in how many threads, the value rests on.
    basis
        What the interval rests on; see `Basis`.
    frame
        What could have been drawn, in words a reader of the report understands.
    design
        The sampling design or the resampling scheme.
    seed
        The seed of the resampling, None where nothing was drawn.
    assumption
        What a *model* basis assumes; required there, empty elsewhere.
    unit
        The unit of the value and its interval; see `in_unit`.

    Raises
    ------
    ValueError
        If a number is not finite, the interval is reversed, the level is outside (0, 1) or the basis is unknown.
    """

    value: float
    low: float
    high: float
    level: float
    n_items: int
    n_threads: int
    basis: Basis
    frame: str
    design: str
    seed: int | None = None
    assumption: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.value, self.low, self.high))):
            raise ValueError(f"an Estimate needs finite numbers, not {self.value}, [{self.low}, {self.high}]")
        if self.low > self.high:
            raise ValueError(f"the interval [{self.low}, {self.high}] is reversed")
        if not 0 < self.level < 1:
            raise ValueError(f"the level {self.level} is not between 0 and 1")
        if self.basis not in get_args(Basis):
            raise ValueError(f"unknown basis {self.basis!r}; one of {', '.join(get_args(Basis))}")
        if (self.basis == "model") != bool(self.assumption):
            raise ValueError("a model basis, and only that, states its assumption")

    def __str__(self) -> str:
        return f"{self.value:.4g} [{self.low:.4g}, {self.high:.4g}] ({self.level:.0%}, {self.basis})"

    def _repr_html_(self) -> str:
        interval = f"[{self.low:.4g}, {self.high:.4g}]"
        return f"<b>{self.value:.4g}</b> {interval} <small>{self.level:.0%}, {self.basis}</small>"


@dataclass(frozen=True, slots=True)
class Description:
    """A value that describes what was looked at and generalises to nothing: no interval.

    Parameters
    ----------
    value
        The value, finite.
    n
        How many items it describes.
    frame
        What was looked at, in words.
    unit
        The unit of the value: share, items, days, ...

    Raises
    ------
    ValueError
        If the value is not finite.
    """

    value: float
    n: int
    frame: str
    unit: str = ""

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise ValueError(f"a Description needs a finite value, not {self.value}")

    def __str__(self) -> str:
        return f"{self.value:.4g}{' ' + self.unit if self.unit else ''} (n = {self.n}, no interval)"

    def _repr_html_(self) -> str:
        return f"<b>{self.value:.4g}</b> {self.unit} <small>n = {self.n}, no interval</small>"


@dataclass(frozen=True, slots=True)
class Undefined:
    """There is no value, for this reason.

    Parameters
    ----------
    reason
        Why, in a sentence a reader of the report understands.

    Raises
    ------
    ValueError
        If the reason is empty.
    """

    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("Undefined needs its reason")

    def __str__(self) -> str:
        return f"undefined: {self.reason}"

    def _repr_html_(self) -> str:
        return f"<i>undefined</i>: {self.reason}"


Result: TypeAlias = Estimate | Description | Undefined


@dataclass(frozen=True, slots=True)
class Finding:
    """What a measure returns.

    Parameters
    ----------
    name
        The measure's name.
    estimates
        The results by name. A name is what claims cite, so it is made of code ids and plain words that stay:
        `practice.tribute: share of posts, all`.
    table
        The data behind the figure, None where there is none.
    figure, narrow
        A Vega-Lite specification for a page and one for a telephone, or None.
    evidence
        The items behind the finding, by item_id, in the order a reader should see them.
    method
        How it was computed, a sentence or two for the paper.
    sentence
        What was found, a sentence or two for the paper.
    caption
        What the figure shows and what its design forbids to conclude.
    cautions
        What a reader must not miss: what cannot be seen, what the numbers do not say.
    tables
        Further tables by a short name, such as the confusion matrix of the groups.
    """

    name: str
    estimates: Mapping[str, Result]
    table: Table | None = None
    figure: Mapping[str, Any] | None = None
    evidence: Sequence[str] = field(default=())
    method: str = ""
    sentence: str = ""
    caption: str = ""
    cautions: Sequence[str] = field(default=())
    tables: Mapping[str, Table] = field(default_factory=dict)
    narrow: Mapping[str, Any] | None = None


def in_unit(results: Mapping[str, Result], unit: str) -> dict[str, Result]:
    """The results with their unit said, as a measure names them.

    Parameters
    ----------
    unit
        `share` of one, `points` (a difference of two shares of one), `chance` (a probability), `p`, `index`, or a word
        that a reader finds beside the number: days, hours, variants, CNY.
    """
    return {name: one if isinstance(one, Undefined) else replace(one, unit=unit) for name, one in results.items()}


_KINDS: dict[str, type[Estimate] | type[Description] | type[Undefined]] = {
    "estimate": Estimate,
    "description": Description,
    "undefined": Undefined,
}


def to_dict(result: Result) -> dict[str, Any]:
    """A result as plain JSON values, with its type under `"result"`."""
    kind = next(name for name, cls in _KINDS.items() if isinstance(result, cls))
    return {"result": kind, **asdict(result)}


def from_dict(content: Mapping[str, Any]) -> Result:
    """The result that `to_dict` wrote.

    Raises
    ------
    ValueError
        If the type is unknown or a field is missing or refused.
    """
    fields = dict(content)
    kind = fields.pop("result", None)
    if kind not in _KINDS:
        raise ValueError(f"unknown result type {kind!r}; one of {', '.join(_KINDS)}")
    try:
        return _KINDS[kind](**fields)
    except TypeError as error:
        raise ValueError(f"not a {kind}: {error}") from error
