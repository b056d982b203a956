"""The bank holds every phrase, filled, in blocks that its tables find."""

from __future__ import annotations

import itertools

import numpy as np

from resilens.corpus.text import script_of
from resilens.simulate.bank import (
    CONFUSER,
    CUE,
    EMOJI,
    FILLED,
    HAN,
    HELD_OUT,
    KINDS,
    LATIN,
    PRICED,
    TITLES_CUE,
    TITLES_HELD_OUT,
    bank,
    things,
)
from resilens.simulate.inventory import LANGUAGES, NONE, SLOT, inventories, table
from resilens.simulate.money import COUNTRIES, CURRENCIES


def blocks() -> list[tuple[int, int, int, int]]:
    """Every place of the tables."""
    return list(itertools.product(range(len(LANGUAGES)), range(len(COUNTRIES)), range(len(bank().codes)),
                                  range(len(KINDS))))  # fmt: skip


def written(language: str, country: str, code: str) -> list[str]:
    """Every sentence that stands ready for a code."""
    ready = bank()
    words, at = ready.text.to_pylist(), (LANGUAGES.index(language), COUNTRIES.index(country), ready.codes.index(code))
    return [words[row] for kind in range(len(KINDS))
            for row in range(ready.start[*at, kind], ready.start[*at, kind] + ready.count[*at, kind])]  # fmt: skip


def test_blocks_lie_one_after_the_other_and_cover_the_bank() -> None:
    ready = bank()
    spans = sorted({(int(ready.start[at]), int(ready.count[at])) for at in blocks() if ready.count[at]})
    assert spans[0][0] == 0
    for (start, count), (following, _) in itertools.pairwise(spans):
        assert start + 2 * count == following
    assert spans[-1][0] + 2 * spans[-1][1] == len(ready.text)
    for column in (ready.scripts, ready.thing, ready.low, ready.high, ready.currency):
        assert column.size == len(ready.text)


def test_a_block_holds_every_phrase_of_its_inventory() -> None:
    ready, words = bank(), bank().text.to_pylist()
    for language, country, code, kind in blocks():
        own = inventories(LANGUAGES[language]).get(ready.codes[code])
        every = getattr(own, KINDS[kind]) if own else ()
        phrases = [phrase for phrase in every if own and own.said_in(COUNTRIES[country], phrase)]
        start, count = ready.start[language, country, code, kind], ready.count[language, country, code, kind]
        if kind in (TITLES_CUE, TITLES_HELD_OUT):
            phrases = [phrase for phrase in phrases if "{money}" not in phrase]
        block = set(words[start : start + count])
        assert {phrase for phrase in phrases if not SLOT.search(phrase)} <= block
        slots = sum(bool(SLOT.search(phrase)) for phrase in phrases)
        assert len(phrases) <= count <= len(phrases) - slots + slots * max(FILLED, PRICED)


def test_every_code_has_what_it_needs() -> None:
    """A code with phrases in a language has some with a cue, some held out, and confusers; small talk is held out."""
    ready = bank()
    for language, code in itertools.product(LANGUAGES, ready.codes):
        if code in inventories(language):
            own = ready.count[LANGUAGES.index(language), :, ready.codes.index(code)]
            kinds = (HELD_OUT, TITLES_HELD_OUT) if code == NONE else (CUE, HELD_OUT, CONFUSER)
            assert (own[:, list(kinds)] > 0).all(), (language, code)


def test_every_slot_is_filled_and_no_blank_is_left_over() -> None:
    words = bank().text.to_pylist()
    assert [text for text in words if "{" in text or "}" in text or "  " in text or text != text.strip()] == []
    assert [text for text in words if text.endswith((" .", " ,", " ?", " !"))] == []
    assert "" not in words


def test_people_are_at_home_in_their_own_country() -> None:
    """No newcomer arrives from Chengdu or calls themselves Chinese, and no host from Ohio, or American."""
    for language, home in itertools.product(LANGUAGES, COUNTRIES):
        (abroad,) = {*COUNTRIES} - {home}
        arrived = written(language, home, "practice.introduction")
        own, foreign = (table("slots", language)["place"][country] for country in (home, abroad))  # type: ignore[index]
        assert any(place in text for place in own for text in arrived)
        assert [text for text in arrived if any(place in text for place in foreign)] == []
    assert "我们中国人苹果也要削皮" in written("zh", "cn", "identity.self.nation")
    assert "我们中国人苹果也要削皮" not in written("zh", "us", "identity.self.nation")
    assert "Yank in the comments, don't mind me" not in written("en", "cn", "identity.self.nation")


def test_every_phrase_is_written_in_some_country() -> None:
    for language in LANGUAGES:
        for own in inventories(language).values():
            every = (*own.cue, *own.held_out, *own.confuser, *own.titles_cue, *own.titles_held_out)
            assert [phrase for phrase in every if not any(own.said_in(one, phrase) for one in COUNTRIES)] == []


def test_priced_sentences_say_what_they_cost() -> None:
    """Thing, bounds and currency of the country come together, and bounds lie about the range of the table."""
    ready, words = bank(), bank().text.to_pylist()
    priced = ~np.isnan(ready.low)
    assert priced.sum() > 500
    assert (np.isnan(ready.high) == ~priced).all()
    assert ((ready.currency >= 0) == priced).all()
    assert (ready.thing[priced] >= 0).all()
    assert (ready.low[priced] <= ready.high[priced]).all()
    assert (ready.low[priced] > 0).all()
    table = things("en")
    for row in np.flatnonzero(priced):
        low, high = table[ready.thing[row]][COUNTRIES[ready.currency[row]]]
        assert 0.8 * low <= ready.low[row] <= 1.2 * high
        assert ready.high[row] <= 2 * high
        assert any(sign.isdigit() or sign in "一二三四五六七八九十两百千万" for sign in words[row])


def test_prices_stand_under_the_code_of_their_thing_and_the_country_of_its_money() -> None:
    ready, table = bank(), things("en")
    assert [thing["code"] for thing in things("zh")] == [thing["code"] for thing in table]
    for language, country, code, kind in blocks():
        start, count = ready.start[language, country, code, kind], ready.count[language, country, code, kind]
        rows = np.arange(start, start + 2 * count)
        named = ready.thing[rows]
        assert {table[one]["code"] for one in named[named >= 0]} <= {ready.codes[code]}
        currencies = {CURRENCIES[one] for one in ready.currency[rows] if one >= 0}
        assert currencies <= {CURRENCIES[country]}
        if kind in (TITLES_CUE, TITLES_HELD_OUT):
            assert not currencies
    money = ready.currency >= 0
    assert set(ready.currency[money]) == {0, 1}


def test_scripts_are_those_of_the_sentences() -> None:
    bits = {"han": HAN, "latin": LATIN, "mixed": HAN | LATIN, "emoji": EMOJI}
    assert [text for text, own in zip(bank().text.to_pylist(), bank().scripts, strict=True)
            if bits.get(script_of(text), 0) != own] == []  # fmt: skip


def test_the_bank_is_the_same_whenever_it_is_built() -> None:
    again = bank.__wrapped__()
    assert again is not bank()
    assert again.text.equals(bank().text)
    assert np.array_equal(again.low, bank().low, equal_nan=True)
    assert np.array_equal(again.start, bank().start)
