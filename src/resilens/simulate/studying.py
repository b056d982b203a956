"""Which study would one make of this world? A study file, declared synthetic, that reads its capture as it stands."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from resilens.simulate.world import World

TARGETS = {"newcomers": "newcomer", "hosts": "host"}


def study_file(world: World, seed: int) -> str:
    """The text of `study.toml`: the world's title, zone, event, hashtags, groups, and a design with known chances."""
    event = world.event
    parts = [
        "# A study of a SYNTHETIC world, written by `resilens simulate`. Nobody in it exists.",
        _line("framework", world.framework),
        "[study]", _line("title", f"{world.title} (SYNTHETIC)"), _line("name", world.name),
        _line("description", world.description), _line("zone", world.zone), "synthetic = true", f"seed = {seed}",
        "[[question]]", _line("id", "practices"),
        _line("text", "By which communicative practices do the two communities build digital resilience?"),
        "[event]", _line("name", event.name), f"date = {_date(world, event.deadline)}",
    ]  # fmt: skip
    for one in event.milestones:
        parts += ["[[event.milestone]]", f"date = {_date(world, one.at)}", _line("name", one.name),
                  _line("source", "the simulated world")]  # fmt: skip
    for name, community in zip(TARGETS, world.groups, strict=True):
        locations = json.dumps(list(community.locations), ensure_ascii=False)
        rules = f"rules = [{{ location = {locations}, order = 1 }}]" if community.locations else "rules = []"
        parts += ["[[group]]", _line("name", name), _line("label", name), _line("role", TARGETS[name]), rules]
    for tag in world.hashtags:
        volume = round(tag.weight * 10_000)
        collected = _date(world, world.observation.collected)
        shown = f'as_of = {collected}, discussions = {volume}, source = "the simulated world"'
        parts += ["[[hashtag]]", _line("name", tag.name), f"volumes = [{{ {shown} }}]"]
    parts += ["[sample]", "posts = 200", 'design = "mixed"', 'comment_rule = "random"', "comments = 50",
              f"seed = {seed}"]  # fmt: skip
    for place, name in enumerate(world.coders.names):
        parts += ["[[coder]]", _line("name", name), *(["lead = true"] if place == 0 else [])]
    return "\n".join(parts) + "\n"


def _line(key: str, value: Any) -> str:
    return f"{key} = {json.dumps(value, ensure_ascii=False)}"


def _date(world: World, moment: dt.datetime) -> str:
    """The day of a moment in the world's zone, whatever offset it was written with."""
    placed = moment.astimezone(world.opens.tzinfo) if moment.tzinfo else moment
    return placed.date().isoformat()
