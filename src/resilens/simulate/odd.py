"""What is this model, by the ODD protocol? A description written from the model's own parameters and their values."""

from __future__ import annotations

from resilens.simulate.simulation import Simulation


def describe(simulation: Simulation) -> str:
    """The description of a simulation's model, as Markdown."""
    world = simulation.world
    return f"# SYNTHETIC: {world.title}\n\nWorld {world.name}, seed {simulation.seed}.\n\n{world.description}\n"
