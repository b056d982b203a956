"""The ODD description names every parameter with its value, and changes with the world."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel
from tests.simulate.worlds import changed

from resilens.simulate.identifiability import taught
from resilens.simulate.odd import describe, said, value_at
from resilens.simulate.patterns import WHAT
from resilens.simulate.simulation import Simulation
from resilens.simulate.world import World, presets, world

ELEMENTS = ("1. Purpose and patterns", "2. Entities, state variables, and scales", "3. Process overview and scheduling",
            "4. Design concepts", "5. Initialization", "6. Input data", "7. Submodels")  # fmt: skip
CONCEPTS = ("Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing",
            "Interaction", "Stochasticity", "Collectives", "Observation")  # fmt: skip


def described(one: World) -> str:
    return describe(Simulation(one, seed=9))


def parameters(section: BaseModel) -> Iterator[tuple[str, Any]]:
    """Every key of a world with its value, those of sections inside it as well."""
    for key, field in type(section).model_fields.items():
        value = getattr(section, key)
        if isinstance(value, BaseModel):
            yield from parameters(value)
        elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
            yield from (pair for one in value for pair in parameters(one))
        elif not (value == () and key in ("milestones", "practices", "marks", "hashtags")):
            yield field.alias or key, value


@pytest.mark.parametrize("name", presets())
def test_every_parameter_stands_in_it_with_its_value(name: str) -> None:
    text = described(world(name))
    for key, value in parameters(world(name)):
        assert f"`{key}`" in text
        assert " ".join(said(value).split()).replace("|", "\\|").replace("<", "&lt;") in text


@pytest.mark.parametrize("name", presets())
def test_all_elements_and_concepts_stand_in_their_order(name: str) -> None:
    text = described(world(name))
    assert text.startswith("# SYNTHETIC: ")
    places = [text.index(f"\n## {element}\n") for element in ELEMENTS]
    places.insert(4, text.index("**Basic principles.**"))
    assert places == sorted(places)
    assert [text.index(f"\n**{concept}.** ") for concept in CONCEPTS] == sorted(
        text.index(f"\n**{concept}.** ") for concept in CONCEPTS)  # fmt: skip
    assert all(f"| {pattern} | {what} |" in text for pattern, what in WHAT.items())
    assert not re.search(r"\$[a-z]", text)
    assert max(map(len, re.findall(r"^\|.*\|$", text, re.MULTILINE))) < 600


def test_a_changed_world_changes_the_text() -> None:
    plain = described(world("tiktok-refugees"))
    other = described(changed("tiktok-refugees", rates={"gamma": 0.0123}, moderation={"on": False}))
    assert "0.0123 m (" in other
    assert "0.0123" not in plain
    assert "There is no moderation: nothing is removed." in other
    assert "vH                0.035: nothing is removed" in other
    late = described(changed("tiktok-refugees", event={"postponed": None, "translation": None}))
    assert "as it is not postponed" in late
    assert "T(t)              0: translation never arrives" in late
    points = ("2025-01-20T00:00:00", "2025-02-20T00:00:00")
    sharp = changed("tiktok-refugees", stages={"mode": "prescribed", "change_points": points})
    assert "begin on 2025-01-20 00:00 and 2025-02-20 00:00" in described(sharp)
    searched = described(changed("tiktok-refugees", observation={"capture": "search", "depth": 77}))
    assert "return 77 posts at most" in searched


def test_a_quiet_world_has_no_shock() -> None:
    text = described(world("quiet"))
    assert "S(t)              0 throughout: this world is quiet" in text
    assert "No public figures are on record for this world." in text


def test_words_neither_break_a_table_nor_begin_a_tag() -> None:
    text = described(changed("tiktok-refugees", title="a | b <script>"))
    assert "a \\| b &lt;script>" in text
    assert "<script" not in text


def test_every_parameter_that_data_might_teach_is_one_of_the_world() -> None:
    keys = [one.key for one in taught()]
    assert len(keys) == len(set(keys))
    assert all(isinstance(value_at(world("tiktok-refugees"), key), float) for key in keys)
