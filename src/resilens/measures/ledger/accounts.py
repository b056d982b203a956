"""Which amounts of money do the items claim, what for, and what are they at the declared rates?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import pyarrow as pa

from resilens.measures import periods
from resilens.measures.items import Flags, Items, items_of
from resilens.measures.material import Material
from resilens.measures.money import Amount, amounts
from resilens.measures.money.purposes import country, purpose
from resilens.results.types import Undefined

if TYPE_CHECKING:
    from resilens.study.conduct import Rate

ROLE = "ledger"


@dataclass(frozen=True, slots=True)
class Account:
    """One amount that an item claims.

    Parameters
    ----------
    item_id, unit, place
        The item; posts or comments; its place among the items looked at.
    amount
        The amount as read.
    purpose, country
        What for, and where it is paid where that is said; see `money.purposes`.
    """

    item_id: str
    unit: str
    place: int
    amount: Amount
    purpose: str
    country: str

    @property
    def value(self) -> float:
        """The middle of its bounds."""
        return float(self.amount.low + self.amount.high) / 2

    @property
    def kind(self) -> tuple[str, str, str]:
        """What may be compared: purpose, currency and unit."""
        return self.purpose, self.amount.currency, self.amount.per

    @property
    def countable(self) -> bool:
        """Whether it stands for a value: its currency is known, and it is not one end of an open range."""
        return bool(self.amount.currency) and not self.amount.bound


@dataclass(frozen=True)
class Ledger:
    """The items looked at and what they claim.

    Parameters
    ----------
    items
        The items looked at; `which` says in words why these.
    accounts
        Every amount, in the items' order.
    coded
        Whether the items are those coded as accounts; else it is not known that an amount is part of one.
    read
        Whether people read the items; else nothing can be said of a frame, and there is no interval.
    """

    items: Items
    accounts: tuple[Account, ...]
    which: str
    coded: bool
    read: bool

    def of_unit(self, unit: str) -> Flags:
        """Which of the items are posts, or comments."""
        return self.items.is_post if unit == "posts" else ~self.items.is_post


def ledger_of(material: Material) -> Ledger | Undefined:
    """The amounts claimed by the items coded as accounts; where none is, by all items read; where nothing was read, by
    all captured items of the threads drawn."""
    items = material.items
    marks = material.marks(items, material.codes_of_role(ROLE))
    if marks.there.any():
        chosen, which, coded = items.select(marks.there), "coded as accounts", True
    elif len(items):
        chosen, which, coded = items, "read (none of them is coded as an account)", False
    elif material.draw is None:
        return Undefined("nothing has been coded and no sample was drawn, so there is nothing to look at")
    else:
        chosen, which, coded = _of_threads(material), "captured in the threads drawn (nothing has been coded)", False
    if not len(chosen):
        return Undefined("none of the items to look at is in the corpus")
    return Ledger(chosen, tuple(accounts_of(material, chosen)), which, coded, bool(len(items)))


def _of_threads(material: Material) -> Items:
    """Every captured item of the threads drawn."""
    assert material.draw is not None
    threads = ibis.memtable(pa.table({"post_id": pa.array(sorted({one.cluster_id for one in material.draw.items}))}))
    comments = material.corpus.table("comments").semi_join(threads, "post_id").select(item="comment_id")
    posts = material.corpus.table("posts").semi_join(threads, "post_id").select(item="post_id")
    wanted = material.corpus.frame(ibis.union(posts, comments))["item"].to_pylist()
    names = tuple(group.name for group in material.study.groups)
    return items_of(material.corpus, wanted, material.zone, material.decided, names,
                    lambda days: periods.places(material.periods, days))  # fmt: skip


def accounts_of(material: Material, items: Items) -> Iterable[Account]:
    """Every amount that the titles and texts of these items claim, in their order."""
    texts = _texts(material, items.item_id.tolist())
    for place, item in enumerate(items.item_id):
        for text in texts.get(item, ()):
            for amount in amounts(text):
                unit = "posts" if items.is_post[place] else "comments"
                where = text, amount.start, amount.end
                yield Account(item, unit, place, amount, purpose(*where), country(*where))


def _texts(material: Material, wanted: Collection[str]) -> dict[str, list[str]]:
    """The title, where there is one, and the text of each item."""
    ids = ibis.memtable(pa.table({"item": pa.array(sorted(wanted), pa.string())}))
    posts, comments = material.corpus.table("posts"), material.corpus.table("comments")
    rows: list[dict[str, Any]] = []
    for own in (posts.select("title", "text", item=posts.post_id),
                comments.select("text", title=ibis.null("string"), item=comments.comment_id)):  # fmt: skip
        rows += material.corpus.frame(ids.join(own, "item").select("item", "title", "text")).to_pylist()
    return {row["item"]: [text for text in (row["title"], row["text"]) if text] for row in rows}


def converted(account: Account, rates: Collection[Rate], parity: bool) -> float | None:
    """The account's value in the currency of the rates, by the exchange rate or by purchasing power; None where no
    such rate is declared."""
    factor = factor_of(account.amount.currency, rates, parity)
    return None if factor is None else account.value * factor


def factor_of(currency: str, rates: Collection[Rate], parity: bool) -> float | None:
    """What one unit of a currency is in that of the rates; 1 for that currency itself."""
    for rate in rates:
        if currency == rate.to:
            return 1.0
        if currency == rate.currency:
            return rate.ppp if parity else rate.rate
    return None


def places(found: Iterable[Account], size: int) -> Flags:
    """Which of the items have one of these accounts."""
    which = np.zeros(size, dtype=bool)
    which[[one.place for one in found]] = True
    return which
