"""What is an amount of money, as a text names it?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

Bound: TypeAlias = Literal["", "at_least", "at_most"]


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money named in a text.

    Parameters
    ----------
    start, end
        Where it stands, in code points, half-open: with its sign, "about", and the unit beside it.
    words
        The text between them.
    low, high
        What it claims, in whole units of the currency (dollars, yuan), `low <= high`; both are the same number where
        one is named.
    currency
        The ISO 4217 code; empty where none is written, or where the word names several (kroner, pesos).
    assumed
        Whether the currency is a guess: a sign of several (¥ is yuan unless the text speaks of yen), or the default.
    approximate
        Whether the bounds are what a vague word was taken for; see `bounds` and `chinese`.
    bound
        `at_least` or `at_most` where the number is named as one end; the other end is not known, and `low` and `high`
        are the end named.
    per
        What it is paid for each of, one of `units.UNITS`; empty where nothing is said.
    """

    start: int
    end: int
    words: str
    low: Decimal
    high: Decimal
    currency: str = ""
    assumed: bool = False
    approximate: bool = False
    bound: Bound = ""
    per: str = ""
