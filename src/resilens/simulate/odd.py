"""What is this model, by the ODD protocol? A description written from the model's own parameters and their values."""

from __future__ import annotations

import datetime as dt
from functools import reduce
from typing import Any

from resilens.simulate.simulation import Simulation
from resilens.simulate.world import World


def describe(simulation: Simulation) -> str:
    """The description of a simulation's model, as Markdown."""
    world = simulation.world
    return f"# SYNTHETIC: {world.title}\n\nWorld {world.name}, seed {simulation.seed}.\n\n{world.description}\n"


def value_at(world: World, key: str) -> Any:
    """The value of a parameter by its place in the world file: `rates.mu`."""
    return reduce(getattr, key.split("."), world)


def said(value: Any) -> str:
    """A value as it is written for a reader."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float() | int():
            return f"{value:,.10g}"
        case dt.datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case dict():
            return ", ".join(f"{name} {said(inner)}" for name, inner in value.items())
        case tuple():
            return ", ".join(map(said, value))
        case None:
            return "none"
        case _:
            return str(value)
