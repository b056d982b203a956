"""Which items set one account against another, and is there money on both sides?

A pair is a coded relation of an item to a second one. Both items' amounts are read wherever they are in the corpus,
coded as accounts or not. A comparison without money (waiting times, days of leave) is one all the same, and is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from resilens.measures.items import items_of
from resilens.measures.ledger.accounts import Account, Ledger, accounts_of, converted
from resilens.measures.material import Material
from resilens.results.tables import Column, Table, Value, without_empty
from resilens.results.types import Description, Result, Undefined

ROLE = "compares_with"


@dataclass(frozen=True, slots=True)
class Pair:
    """An item that compares, the item it is compared with (empty where none was named), and the money of each."""

    item: str
    other: str
    money: tuple[Account, ...]
    other_money: tuple[Account, ...]

    @property
    def matched(self) -> tuple[Account, Account] | None:
        """The first two amounts, one of each side, for the same purpose and unit; None where there are none."""
        for one in self.money:
            for other in self.other_money:
                if one.purpose == other.purpose and one.amount.per == other.amount.per and one.purpose:
                    return one, other
        return None


def pairs_of(material: Material) -> tuple[Pair, ...] | Undefined:
    """The coded comparisons, sorted by their items; Undefined where no code means one."""
    codes = set(material.codes_of_role(ROLE))
    if not codes:
        return Undefined(f"no code of the codebook has the role `{ROLE}`; give it to the code that means it")
    rows = material.final.table.to_pylist() if material.final.table.num_columns else []
    named = sorted({(row["item_id"], row["second_item"] or "") for row in rows if row["code_id"] in codes})
    wanted = {item for pair in named for item in pair if item}
    names = tuple(group.name for group in material.study.groups)
    items = items_of(material.corpus, wanted, material.zone, material.decided, names, lambda days: 0 * days - 1)
    money: dict[str, list[Account]] = {}
    for account in accounts_of(material, items):
        money.setdefault(account.item_id, []).append(account)
    return tuple(Pair(item, other, tuple(money.get(item, ())), tuple(money.get(other, ()))) for item, other in named)


def counts(pairs: Sequence[Pair] | Undefined) -> dict[str, Result]:
    """How many comparisons there are, and of them with money on both sides, on one, on none."""
    names = ("comparisons", "comparisons with money on both sides", "comparisons with money on one side",
             "comparisons without money")  # fmt: skip
    if isinstance(pairs, Undefined):
        return dict.fromkeys(names, pairs)
    sides = [bool(pair.money) + bool(pair.other_money) for pair in pairs]
    values = (len(pairs), sides.count(2), sides.count(1), sides.count(0))
    frame = "the comparisons coded"
    return {name: Description(value, len(pairs), frame, "comparisons")
            for name, value in zip(names, values, strict=True)}  # fmt: skip


def pair_table(material: Material, pairs: Sequence[Pair], ledger: Ledger) -> Table:
    """The comparisons, a row each, with the matched amounts and, where rates are declared, their ratio."""
    group = dict(zip(ledger.items.item_id, ledger.items.group, strict=True))
    columns = (Column("item", "Item", "item"), Column("group", "Its group"), Column("other", "Compared with", "item"),
               Column("money", "Its money", "quoted"), Column("other_money", "The other's", "quoted"),
               Column("what", "What for"), Column("ratio", "Ratio at the rate", "decimal"),
               Column("ratio_ppp", "Ratio in purchasing power", "decimal"))  # fmt: skip
    rows = []
    for pair in pairs:
        place = group.get(pair.item)
        name = None if place is None else ledger.items.groups[place]
        rows.append([pair.item, name, pair.other or None, _words(pair.money), _words(pair.other_money),
                     *_ratios(material, pair)])  # fmt: skip
    return Table("Accounts compared", *without_empty(columns, rows))


def _ratios(material: Material, pair: Pair) -> list[Value]:
    matched = pair.matched
    if matched is None:
        return [None, None, None]
    found: list[Value] = [matched[0].purpose]
    for parity in (False, True):
        one, other = (converted(side, material.study.rates, parity) for side in matched)
        same = matched[0].amount.currency == matched[1].amount.currency != ""
        if same and not parity:
            one, other = matched[0].value, matched[1].value
        found.append(one / other if one is not None and other else None)
    return found


def _words(accounts: Sequence[Account]) -> str | None:
    return "; ".join(one.amount.words.strip() for one in accounts) or None
