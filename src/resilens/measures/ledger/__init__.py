"""What do people say things cost and work pays, and whose accounts are set against whose (*duizhang*)?

Amounts of money are read from the words of the items coded as accounts (see `money`), with bounds, currency, unit and
what for. Median of a kind (purpose, currency, unit) = weighted median of the middles of its amounts, posts and comments
apart, threads drawn again. Other currencies are shown beside it at the rates the study declares, never at others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from resilens.measures.items import Items, Numbers
from resilens.measures.ledger import words
from resilens.measures.ledger.accounts import Account, Ledger, factor_of, ledger_of, places
from resilens.measures.ledger.comparisons import counts, pair_table, pairs_of
from resilens.measures.material import Material
from resilens.measures.registry import Measure
from resilens.measures.shares import LARGEST_EVIDENCE
from resilens.results import charts, time_axis
from resilens.results.tables import Column, Table, Value, without_empty
from resilens.results.types import Description, Estimate, Finding, Result, Undefined, in_unit

MINIMUM = 5
"""Amounts that a kind needs before its median is given."""

Kind = tuple[str, str, str, str]
"""Posts or comments, purpose, currency, unit."""


def compute(material: Material) -> Finding:
    """The finding; see the module."""
    ledger = ledger_of(material)
    if isinstance(ledger, Undefined):
        return Finding("ledger", {"ledger": ledger}, sentence=f"Accounts: {ledger.reason}.")
    pairs = pairs_of(material)
    medians = _medians(material, ledger)
    found = _named(ledger) | in_unit(_shares(material, ledger), "share") | counts(pairs)
    tables = {"amounts": _amount_table(material, ledger)} if ledger.accounts else {}
    if not isinstance(pairs, Undefined) and pairs:
        tables["comparisons"] = pair_table(material, pairs, ledger)
    wide, narrow = _figure(material, ledger)
    return Finding(
        "ledger", found | _in_currency(medians),
        _kind_table(material, ledger, medians) if ledger.accounts else None, wide, _evidence(ledger),
        words.method(material, ledger), words.sentence(material, ledger, medians),
        f"How many amounts were claimed, by what for and by currency. {material.design_caption}".strip(),
        words.cautions(material, ledger), tables, narrow,
    )  # fmt: skip


def _named(ledger: Ledger) -> dict[str, Result]:
    """How many amounts there are, and of how many the currency, the purpose, the country is said."""
    frame, accounts = f"the items {ledger.which}", ledger.accounts
    found: dict[str, Result] = {"amounts": Description(len(accounts), len(ledger.items), frame, "amounts")}
    for what, said in (("currency", [bool(one.amount.currency) for one in accounts]),
                       ("purpose", [bool(one.purpose) for one in accounts]),
                       ("country", [bool(one.country) for one in accounts])):  # fmt: skip
        found[f"amounts whose {what} is said"] = Description(sum(said), len(accounts), frame, "amounts")
    return found


def _shares(material: Material, ledger: Ledger) -> dict[str, Result]:
    """The share of the items looked at that name money; the others compare without it."""
    found: dict[str, Result] = {}
    has = places(ledger.accounts, len(ledger.items))
    for unit in ("posts", "comments"):
        which = ledger.of_unit(unit)
        name = f"money named: share of {unit}"
        if not which.any():
            found[name] = Undefined(f"no {unit.removesuffix('s')} is among the items {ledger.which}")
        elif ledger.read:
            found[name] = material.estimating.share(ledger.items.select(which), has[which])
        else:
            found[name] = Description(float(has[which].mean()), int(which.sum()), f"the items {ledger.which}", "share")
    return found


def _medians(material: Material, ledger: Ledger) -> dict[Kind, Result]:
    """The median of each kind that has enough amounts, the commonest first."""
    by_kind: dict[Kind, list[Account]] = {}
    for one in ledger.accounts:
        if one.countable and one.purpose:
            by_kind.setdefault((one.unit, *one.kind), []).append(one)
    often = sorted((kind for kind, own in by_kind.items() if len(own) >= MINIMUM),
                   key=lambda kind: (-len(by_kind[kind]), kind))  # fmt: skip
    return {kind: _median(material, ledger, by_kind[kind]) for kind in often}


def _in_currency(medians: dict[Kind, Result]) -> dict[str, Result]:
    """The medians by their names, each in its currency."""
    found: dict[str, Result] = {}
    for kind, result in medians.items():
        found |= in_unit({words.median_name(*kind): result}, kind[2])
    return found


def _median(material: Material, ledger: Ledger, own: Sequence[Account]) -> Result:
    if not ledger.read:
        value = float(np.median([one.value for one in own]))
        return Description(value, len(own), f"the items {ledger.which}", own[0].amount.currency)
    values = np.array(sorted({one.value for one in own}))
    naming = places(own, len(ledger.items))
    items: Items = ledger.items.select(naming)
    row = np.cumsum(naming) - 1
    sums = np.zeros((len(items), values.size))
    for one in own:
        sums[row[one.place], int(np.searchsorted(values, one.value))] += 1

    def median(totals: Numbers) -> Numbers:
        below = np.cumsum(totals, axis=1) / totals.sum(axis=1, keepdims=True)
        low = values[np.argmax(below >= 0.5 - 1e-12, axis=1)]
        high = values[np.argmax(below > 0.5 + 1e-12, axis=1)]
        return np.asarray(np.where(np.isfinite(below[:, 0]), (low + high) / 2, np.nan))

    return material.estimating.drawn(items, sums, median, missing="nobody named such an amount",
                                     unit=own[0].amount.currency)  # fmt: skip


def _kind_table(material: Material, ledger: Ledger, medians: dict[Kind, Result]) -> Table:
    """A row a kind of amount: how many, their median and range, and the median at the declared rates."""
    rates = material.study.rates
    to = rates[0].to if rates else ""
    columns = (
        Column("unit", "Of"), Column("purpose", "What for"), Column("currency", "Currency"), Column("per", "For each"),
        Column("amounts", "Amounts", "count"), Column("threads", "Threads", "count"),
        Column("median", "Median", "decimal"), Column("low", "From", "decimal"), Column("high", "To", "decimal"),
        Column("lowest", "Lowest", "decimal"), Column("highest", "Highest", "decimal"),
        Column("at_rate", f"Median in {to} at the rate", "decimal"),
        Column("at_parity", f"Median in {to} by purchasing power", "decimal"),
    )  # fmt: skip
    rows: list[list[Value]] = []
    kinds = Counter((one.unit, *one.kind) for one in ledger.accounts)
    for kind, often in sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0])):
        own = [one for one in ledger.accounts if (one.unit, *one.kind) == kind]
        threads = len({int(ledger.items.thread[one.place]) for one in own})
        median, *interval = _ends(medians.get(kind))
        converted = [median * factor if median is not None and factor is not None else None
                     for factor in (factor_of(kind[2], rates, False), factor_of(kind[2], rates, True))]  # fmt: skip
        rows.append([kind[0], kind[1] or "not said", kind[2] or "not said", kind[3] or None, often, threads, median,
                     *interval, float(min(one.amount.low for one in own)), float(max(one.amount.high for one in own)),
                     *converted])  # fmt: skip
    return Table(
        "Amounts claimed, by what for, currency and unit", *without_empty(columns, rows),
        words.notes(material, {kind[3] for kind in kinds}),
    )  # fmt: skip


def _ends(result: Result | None) -> tuple[float | None, float | None, float | None]:
    if isinstance(result, Estimate):
        return result.value, result.low, result.high
    return (result.value, None, None) if isinstance(result, Description) else (None, None, None)


def _amount_table(material: Material, ledger: Ledger) -> Table:
    """Every amount, as read."""
    columns = (
        Column("item", "Item", "item"), Column("unit", "Of"), Column("group", "Group"),
        Column("words", "Words", "quoted"),
        Column("low", "Low", "decimal"), Column("high", "High", "decimal"), Column("currency", "Currency"),
        Column("assumed", "Assumed"), Column("bound", "Bound"), Column("approximate", "Approximate"),
        Column("per", "For each"), Column("purpose", "What for"), Column("country", "Paid in"),
    )  # fmt: skip
    rows: list[list[Value]] = [
        [one.item_id, one.unit, ledger.items.groups[ledger.items.group[one.place]], one.amount.words.strip(),
         float(one.amount.low), float(one.amount.high), one.amount.currency or None,
         "yes" if one.amount.assumed else None, one.amount.bound.replace("_", " ") or None,
         "yes" if one.amount.approximate else None, one.amount.per or None, one.purpose or None, one.country or None]
        for one in ledger.accounts
    ]  # fmt: skip
    return Table("Every amount as it was read", *without_empty(columns, rows))


def _figure(material: Material, ledger: Ledger) -> tuple[Any, Any]:
    """How many amounts each purpose has, by currency."""
    often = Counter((one.purpose or "not said", one.amount.currency or "not said") for one in ledger.accounts)
    purposes = Counter(one.purpose or "not said" for one in ledger.accounts)
    order = sorted(purposes, key=lambda one: (one == "not said", -purposes[one], one))
    series = sorted({currency for _, currency in often}, key=lambda one: (one == "not said", one))
    dots = [charts.Dot(purpose, currency, often[purpose, currency]) for purpose in order for currency in series
            if often[purpose, currency]]  # fmt: skip
    if not dots:
        return None, None
    wide, narrow = (charts.dots(dots, title="Amounts claimed", kind="count", synthetic=material.study.study.synthetic,
                                width=width) for width in (time_axis.WIDE, time_axis.NARROW))  # fmt: skip
    return wide, narrow


def _evidence(ledger: Ledger) -> tuple[str, ...]:
    """Items with amounts, of each purpose in turn."""
    queues: dict[str, list[str]] = {}
    for one in ledger.accounts:
        queues.setdefault(one.purpose, []).append(one.item_id)
    found: dict[str, None] = {}
    for place in range(LARGEST_EVIDENCE):
        for own in queues.values():
            if place < len(own) and len(found) < LARGEST_EVIDENCE:
                found[own[place]] = None
    return tuple(found)


QUESTION = "What do people say things cost and work pays, and whose accounts are set against whose?"

MEASURE = Measure(
    "ledger", "Accounts compared", QUESTION, compute, stage="stage.adaptation", uses=("codings", "groups")
)
