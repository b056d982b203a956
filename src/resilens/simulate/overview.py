"""What does a simulated world look like? One page that opens offline, and the description of its model beside it."""

from __future__ import annotations

from html import escape
from pathlib import Path

from resilens import files
from resilens.simulate import odd
from resilens.simulate.simulation import Simulation

PAGE = "overview.html"
DESCRIPTION = "ODD.md"


def write_overview(simulation: Simulation, folder: Path) -> Path:
    """Write `overview.html` and `ODD.md` into the folder of a simulation; returns the page.

    The same world and seed give the same bytes.
    """
    files.write_text(folder / DESCRIPTION, odd.describe(simulation))
    world = simulation.world
    files.write_text(
        folder / PAGE,
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>SYNTHETIC: {escape(world.title)}</title>\n</head>\n<body>\n<p><strong>SYNTHETIC</strong></p>\n"
        f"<h1>{escape(world.title)}</h1>\n<p>{escape(world.description)}</p>\n</body>\n</html>\n",
    )
    return folder / PAGE
