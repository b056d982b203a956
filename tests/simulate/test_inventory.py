"""The phrases are many, apart, and mean what their file says."""

from __future__ import annotations

from collections import Counter

import pytest

from resilens.simulate.bank import slots
from resilens.simulate.inventory import LANGUAGES, NONE, SLOT, filled, inventories, lexicon, table
from resilens.simulate.money import COUNTRIES
from resilens.study.frameworks import framework

ALL = [(language, code) for language in LANGUAGES for code in inventories(language)]
CODED = [(language, code) for language, code in ALL if code != NONE]


def test_both_languages_have_the_same_codes() -> None:
    assert set(inventories("en")) == set(inventories("zh"))


def test_every_code_is_a_code_of_the_framework() -> None:
    known = {code.id for code in framework("jing-zhang-2026").codes}
    assert {code for _, code in CODED} <= known


@pytest.mark.parametrize(("language", "code"), ALL)
def test_there_are_enough_phrases_and_none_twice(language: str, code: str) -> None:
    own = inventories(language)[code]
    assert own.patterns >= (100 if code.startswith("practice.") or code == NONE else 50)
    every = [*own.cue, *own.held_out, *own.confuser]
    assert not [phrase for phrase, times in Counter(every).items() if times > 1]


@pytest.mark.parametrize(("language", "code"), CODED)
def test_cues_hold_a_term_and_held_out_phrases_none(language: str, code: str) -> None:
    own, looked_for = inventories(language)[code], lexicon(code)
    assert len(own.cue) >= 20
    assert len(own.held_out) >= 20
    assert len(own.confuser) >= 8
    assert [one for one in (*own.cue, *own.confuser, *own.titles_cue) if not looked_for.search(filled(one))] == []
    assert [one for one in (*own.held_out, *own.titles_held_out) if looked_for.search(filled(one))] == []


@pytest.mark.parametrize(("language", "code"), CODED)
def test_no_phrase_of_another_code_holds_a_term(language: str, code: str) -> None:
    """A term belongs to one code: what a lexicon finds besides is confusers, and their rate is known."""
    looked_for = lexicon(code)
    stray = [
        (other, phrase)
        for other, own in inventories(language).items() if other != code
        for phrase in (*own.cue, *own.held_out, *own.confuser, *own.titles_cue, *own.titles_held_out)
        if looked_for.search(filled(phrase))
    ]  # fmt: skip
    assert stray == []


@pytest.mark.parametrize(("language", "code"), ALL)
def test_every_slot_is_known(language: str, code: str) -> None:
    own = inventories(language)[code]
    known = {*table("slots", language), "far", "thing", "money", "per"}
    every = (*own.cue, *own.held_out, *own.confuser, *own.titles_cue, *own.titles_held_out)
    assert {slot for phrase in every for slot in SLOT.findall(phrase)} <= known


def test_no_slot_value_holds_a_term() -> None:
    for language in LANGUAGES:
        values = [value for country in COUNTRIES for several in slots(language, country).values() for value in several]
        for _, code in CODED:
            assert [value for value in values if lexicon(code).search(value)] == []


@pytest.mark.parametrize(("language", "code"), ALL)
def test_titles_name_nobody_and_no_place(language: str, code: str) -> None:
    """The text below fills its own slots: a title that is called Cole would stand above a Dana."""
    own = inventories(language)[code]
    named = {"name", "pet", "place", "far"}
    assert [one for one in (*own.titles_cue, *own.titles_held_out) if named & set(SLOT.findall(one))] == []
