"""How are accounts told: names of results, method, sentence, cautions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from resilens.measures.ledger.accounts import Ledger, factor_of
from resilens.measures.material import Material
from resilens.results.tables import counted, day, decimal, listing, share
from resilens.results.types import Estimate, Result, Undefined

SHOWN = 3
"""Medians that the sentence tells."""


def median_name(unit: str, purpose: str, currency: str, per: str) -> str:
    """The name of a median among the estimates."""
    return f"{purpose}: median in {currency}{f' for each {per}' if per else ''}, {unit}"


def method(material: Material, ledger: Ledger) -> str:
    """How it was computed."""
    rates = material.study.rates
    told = (f"Other currencies are shown in {rates[0].to} at the rates the study declares." if rates else
            "No exchange rates are declared, so amounts stand in their own currencies.")  # fmt: skip
    looked = counted(len(ledger.items), "item")
    return (
        f"Amounts of money were read by rule from the words of the {looked} {ledger.which}: numbers in Western and "
        "Chinese writing, ranges and bounds, currency, unit, and what for by the nearest word of a closed list. "
        "'About' was taken for 10% either way, 几 and 'a few' for two to nine. Medians are of the middles of amounts, "
        f"posts and comments apart; what names only one end is left out of them. {told}"
    )


def sentence(material: Material, ledger: Ledger, medians: Mapping[tuple[str, str, str, str], Result]) -> str:
    """What was found."""
    looked = f"{counted(len(ledger.items), 'item')} {ledger.which}"
    if not ledger.accounts:
        return f"No amount of money is named in the {looked}."
    naming = len({one.item_id for one in ledger.accounts})
    purposes = Counter(one.purpose for one in ledger.accounts if one.purpose)
    first = sorted(purposes, key=lambda one: (-purposes[one], one))[:SHOWN]
    amounts = counted(len(ledger.accounts), "amount").capitalize()
    parts = [f"{amounts} of money {'stands' if len(ledger.accounts) == 1 else 'stand'} in {naming} of the {looked}"]
    if first:
        parts.append(f"most often for {listing([f'{one} ({purposes[one]})' for one in first])}")
    told = [_told(material, kind, result) for kind, result in list(medians.items())[:SHOWN]
            if not isinstance(result, Undefined)]  # fmt: skip
    return ", ".join(parts) + "." + (f" The median claimed was {listing(told)}." if told else "")


def _told(material: Material, kind: tuple[str, str, str, str], result: Result) -> str:
    unit, purpose, currency, per = kind
    assert not isinstance(result, Undefined)
    words = f"{currency} {decimal(result.value)}{f' for each {per}' if per else ''} for {purpose} in {unit}"
    said = []
    if isinstance(result, Estimate):
        said.append(f"{result.level:.0%} interval {decimal(result.low)} to {decimal(result.high)}")
    else:
        said.append(f"in {counted(result.n, unit.removesuffix('s'))}, no interval")
    factor = factor_of(currency, material.study.rates, False)
    if factor not in (None, 1.0):
        assert factor is not None
        said.append(f"{material.study.rates[0].to} {decimal(result.value * factor)} at the declared rate")
    return words + (f" ({'; '.join(said)})" if said else "")


MEASURED = {"jin": "A jin (斤) is 500 g.", "m2": "m2 is a square metre."}
"""Units that not every reader knows."""


def notes(material: Material, units: Collection[str]) -> tuple[str, ...]:
    """What units mean, then the declared rates, or that there are none."""
    return (*(words for unit, words in MEASURED.items() if unit in units), *_rates(material))


def _rates(material: Material) -> tuple[str, ...]:
    rates = material.study.rates
    if not rates:
        return ("No exchange rates are declared (`[[rate]]` in study.toml): amounts stand in their own currencies.",)
    found = []
    for rate in rates:
        parity = f", {rate.ppp:g} by purchasing power" if rate.ppp else ""
        found.append(f"1 {rate.currency} is {rate.rate:g} {rate.to} on {day(rate.as_of)}{parity} ({rate.source}).")
    return tuple(found)


def cautions(material: Material, ledger: Ledger) -> tuple[str, ...]:
    """What the numbers do not say."""
    said = ["An amount is what somebody says, not what something costs: the dearest and the cheapest are told most."]
    said.append("Only words are read: prices in pictures are not, nor amounts without a word that makes them money.")
    dollars = sum(one.amount.currency == "USD" for one in ledger.accounts)
    if dollars:
        said.append("$ and dollars are taken for US dollars unless the words say otherwise.")
    assumed = sum(one.amount.assumed for one in ledger.accounts)
    if assumed:
        said.append(
            f"In {counted(assumed, 'amount')} of {len(ledger.accounts)} the sign is ¥, which is taken for yuan."
        )
    bounds = sum(bool(one.amount.bound) for one in ledger.accounts)
    if bounds:
        verb = "names" if bounds == 1 else "name"
        said.append(f"{counted(bounds, 'amount').capitalize()} {verb} only one end (at least, at most).")
    if not ledger.coded:
        said.append(f"The items are those {ledger.which}; whether an amount is part of an account is not known.")
    countries = sum(bool(one.country) for one in ledger.accounts)
    if ledger.accounts:
        part = share(countries / len(ledger.accounts))
        said.append(f"The payer's country is said beside {part} of the amounts; currency is not country.")
    return tuple(said)
