"""Which sentences stand ready? Every phrase with its slots filled in several ways, in one table that items index.

Rows of one language, country, code and kind lie together; each block stands twice, the second time with a slip of the
keyboard in every row. So a million texts are a few look-ups. The bank is the same for every seed.
"""

from __future__ import annotations

import hashlib
import random
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from resilens.corpus.text import script_of
from resilens.simulate import money
from resilens.simulate.inventory import LANGUAGES, NONE, SLOT, Inventory, inventories, lexicon, table

KINDS = ("cue", "held_out", "confuser", "titles_cue", "titles_held_out")
CUE, HELD_OUT, CONFUSER, TITLES_CUE, TITLES_HELD_OUT = range(len(KINDS))
FILLED, PRICED = 4, 12
"""How many ways a phrase with slots, and one with an amount of money, are filled."""

OF_A_COUNTRY = frozenset({"thing", "money", "place", "far"})
"""Slots that are filled differently in each country."""

TRIES = 12
"""How many places are tried for a slip."""

HAN, LATIN, EMOJI = 1, 2, 4
_BITS = {"han": HAN, "latin": LATIN, "mixed": HAN | LATIN, "emoji": EMOJI, "none": 0, "other": 0}


@dataclass(frozen=True)
class Bank:
    """All sentences.

    Parameters
    ----------
    codes
        The codes that have phrases, sorted, `none` among them.
    text
        The sentences.
    scripts
        What scripts each shows: the bits HAN, LATIN, EMOJI.
    thing, low, high, currency
        What an amount of money in it is for (place in the table of things, -1 for none), its bounds, its currency.
    start, count
        (languages, countries, codes, kinds) where each block begins and how many rows it has; the rows with slips
        follow at `start + count`.
    """

    codes: tuple[str, ...]
    text: pa.Array
    scripts: npt.NDArray[np.uint8]
    thing: npt.NDArray[np.int16]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    currency: npt.NDArray[np.int8]
    start: npt.NDArray[np.int64]
    count: npt.NDArray[np.int64]


@dataclass
class _Rows:
    text: list[str] = field(default_factory=list)
    thing: list[int] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    currency: list[int] = field(default_factory=list)

    def add(self, text: str, thing: int, amount: money.Amount | None) -> None:
        self.text.append(text)
        self.thing.append(thing)
        self.low.append(amount.low if amount else np.nan)
        self.high.append(amount.high if amount else np.nan)
        self.currency.append(money.CURRENCIES.index(amount.currency) if amount else -1)


@cache
def bank() -> Bank:
    """The bank of all inventories, built once."""
    codes = tuple(sorted({code for language in LANGUAGES for code in inventories(language)}))
    rows = _Rows()
    shape = (len(LANGUAGES), len(money.COUNTRIES), len(codes), len(KINDS))
    start, count = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for language_place, language in enumerate(LANGUAGES):
        for code, inventory in inventories(language).items():
            for kind in range(len(KINDS)):
                where = (language_place, slice(None), codes.index(code), kind)
                blocks = _blocks(inventory, kind)
                chance = _chance("slip", language, code, KINDS[kind])
                for country, block in enumerate(blocks):
                    start[language_place, country, codes.index(code), kind] = len(rows.text)
                    for filled in (*block, *(_slipped(one, inventory, chance) for one in block)):
                        rows.add(*filled)
                    count[language_place, country, codes.index(code), kind] = len(block)
                if len(blocks) == 1:  # nothing in it depends on the country
                    start[where] = start[language_place, 0, codes.index(code), kind]
                    count[where] = count[language_place, 0, codes.index(code), kind]
    shows = {text: _BITS[script_of(text)] for text in set(rows.text)}
    bits = np.array([shows[text] for text in rows.text], np.uint8)
    return Bank(codes, pa.array(rows.text, pa.string()), bits, np.array(rows.thing, np.int16), np.array(rows.low),
                np.array(rows.high), np.array(rows.currency, np.int8), start, count)  # fmt: skip


Filled = tuple[str, int, money.Amount | None]


def _blocks(inventory: Inventory, kind: int) -> list[list[Filled]]:
    """The filled phrases of one kind: one block, or one a country where it matters in which one they are written."""
    phrases: tuple[str, ...] = getattr(inventory, KINDS[kind])
    if kind in (TITLES_CUE, TITLES_HELD_OUT):  # the truth holds one amount an item, that of its text
        phrases = tuple(phrase for phrase in phrases if "{money}" not in phrase)
    told_apart = inventory.only_us or inventory.only_cn or any(OF_A_COUNTRY & _slots_in(phrase) for phrase in phrases)
    countries = money.COUNTRIES if told_apart else money.COUNTRIES[:1]
    return [[filled for phrase in phrases if inventory.said_in(country, phrase)
             for filled in _filled(phrase, inventory, country)] for country in countries]  # fmt: skip


def _filled(phrase: str, inventory: Inventory, country: str) -> list[Filled]:
    wanted = _slots_in(phrase)
    if not wanted:
        return [(phrase, -1, None)]
    chance = _chance(phrase, country)
    ways = [_fill(phrase, inventory, country, chance) for _ in range(PRICED if "thing" in wanted else FILLED)]
    return list(dict.fromkeys(ways))


def _fill(phrase: str, inventory: Inventory, country: str, chance: random.Random) -> Filled:
    wanted, options_of = _slots_in(phrase), slots(inventory.language, country)
    values = {name: chance.choice(options) for name, options in options_of.items() if name in wanted}
    thing, amount = -1, None
    if "{thing}" in phrase:
        thing, amount = _priced(inventory, country, chance)
        named = things(inventory.language)[thing]
        values |= {"thing": named["name"], "per": named["per"], "money": amount.text}
        amount = amount if "{money}" in phrase else None
    text = SLOT.sub(lambda slot: values[slot[1]], phrase)
    return re.sub(r" +([,.!?，。！？]|$)", r"\1", re.sub(r"  +", " ", text)), thing, amount


def _priced(inventory: Inventory, country: str, chance: random.Random) -> tuple[int, money.Amount]:
    """One of the code's things, and what somebody says it costs."""
    choices = [place for place, thing in enumerate(things("en")) if thing["code"] == inventory.code]
    place = chance.choice(choices)
    low, high = things("en")[place][country]
    value = money.rounded(low * (high / low) ** chance.random())
    upper = money.rounded(value * chance.uniform(1.15, 1.6))
    return place, money.written(value, upper, chance.choice(money.STYLES), country, inventory.language)


@cache
def things(language: str) -> list[dict[str, Any]]:
    """What is paid for or earned: code, name, unit (`per`), and in the English table the range by country."""
    listed: Any = table("things", language)["thing"]
    return list(listed)


@cache
def slots(language: str, country: str) -> dict[str, list[str]]:
    """What may stand in each slot: `place` is in the country of whoever writes, `far` in the other one."""
    listed: dict[str, Any] = dict(table("slots", language))
    places = listed.pop("place")
    (other,) = {*money.COUNTRIES} - {country}
    return {**listed, "place": places[country], "far": places[other]}


def _slots_in(phrase: str) -> set[str]:
    return set(SLOT.findall(phrase))


def _chance(*key: str) -> random.Random:
    return random.Random(int.from_bytes(hashlib.sha256("\x1f".join(key).encode()).digest()[:8], "big"))


def _slipped(filled: Filled, inventory: Inventory, chance: random.Random) -> Filled:
    """The sentence with two neighbouring letters exchanged, outside every term of the lexicon and every
    amount; as it is where there is no such place."""
    text, thing, amount = filled
    looked_for = None if inventory.code == NONE else lexicon(inventory.code)
    taken = [match.span() for match in looked_for.finditer(text)] if looked_for else []
    if amount:
        taken.append((text.index(amount.text), text.index(amount.text) + len(amount.text)))
    for _ in range(TRIES if len(text) > 1 else 0):
        at = int(chance.random() * (len(text) - 1))
        first, second = text[at], text[at + 1]
        if first == second or not (first.isalpha() and second.isalpha()):
            continue
        if any(begin - 1 <= at <= end for begin, end in taken):
            continue
        slipped = text[:at] + second + first + text[at + 2 :]
        if not looked_for or bool(looked_for.search(slipped)) == bool(looked_for.search(text)):
            return slipped, thing, amount
    return filled
