"""What does `resilens simulate` do, and what does it say afterwards?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from resilens.errors import Fault, InputError
from resilens.simulate.item_patterns import gather, of_items
from resilens.simulate.naming import REDNOTE
from resilens.simulate.overview import write_overview
from resilens.simulate.patterns import Pattern, check
from resilens.simulate.simulation import Simulation
from resilens.simulate.world import World
from resilens.simulate.world import world as read_world
from resilens.simulate.writing import Written, write

LAYOUTS = ("canonical", "zeeschuimer")
SHOWN = 12
"""How many lexica are listed on the terminal; all are in meta.json."""


@dataclass(frozen=True)
class Simulated:
    """What was simulated.

    Parameters
    ----------
    simulation
        The simulation, for a look from Python.
    written
        What is on disk.
    patterns
        The patterns, where they were asked for.
    """

    simulation: Simulation
    written: Written
    patterns: tuple[Pattern, ...] = ()

    def lines(self) -> list[str]:
        """What was simulated, for the terminal."""
        one, world = self.written, self.simulation.world
        said = [
            f"SYNTHETIC: {world.title} (world {world.name}, seed {self.simulation.seed})",
            f"{one.posts:,} posts and {one.comments:,} comments by {one.users:,} accounts; captured: "
            f"{one.captured_posts:,} posts and {one.captured_comments:,} comments",
        ]
        if self.patterns:
            return [*said, *map(str, self.patterns), _verdict(self.patterns)]
        said.append(f"{one.codings:,} codings by {' and '.join(world.coders.names)}, with errors as declared")
        said.append("what a lexicon should find (recall, precision) in titles and texts without their hashtags, "
                    "most frequent codes first:")  # fmt: skip
        frequent = sorted(one.lexica, key=lambda lexicon: -lexicon.items)[:SHOWN]
        said += [f"  {lexicon.code:<32} {lexicon.recall:5.0%}  "
                 + ("    -" if lexicon.precision is None else f"{lexicon.precision:5.0%}") + f"  of {lexicon.items:,}"
                 for lexicon in frequent]  # fmt: skip
        return [*said, f"look at {one.folder / 'overview.html'}; next:",
                f"  resilens --study {one.folder} add {one.folder / 'simulated'}"]  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """The same as plain values."""
        one = self.written
        counts = {name: getattr(one, name) for name in ("posts", "comments", "captured_posts", "captured_comments",
                                                        "users", "codings")}  # fmt: skip
        return {"world": self.simulation.world.name, "seed": self.simulation.seed, "folder": str(one.folder), **counts,
                "lexica": [asdict(lexicon) for lexicon in one.lexica],
                "patterns": [asdict(pattern) for pattern in self.patterns]}  # fmt: skip


def run(
    directory: Path, world: str, seed: int, users: int | None, items: int | None, layout: str, patterns: bool,
    progress: Callable[[str, int, int | None], None] | None,
) -> Simulated:  # fmt: skip
    """As `simulate.simulate`."""
    if seed < 0:
        raise InputError(Fault(f"{seed} is out of range: a study's seed is 0 or more", "--seed"))
    simulation = Simulation(changed(read_world(world), users, items), seed)
    if layout == "zeeschuimer" and simulation.world.platform != REDNOTE:
        here = simulation.world.platform
        raise InputError(f"only worlds on {REDNOTE} can be written as {layout}; this one is on {here}")
    written = write(simulation, directory, layout=layout, progress=progress)
    write_overview(simulation, directory)
    judged: tuple[Pattern, ...] = ()
    if patterns:
        seen = gather(simulation.batches(), simulation.vocabulary)
        judged = tuple(check(simulation.path, of_items(simulation, seen)))
    return Simulated(simulation, written, judged)


def changed(world: World, users: int | None, items: int | None) -> World:
    """The world with other numbers of accounts and items.

    Raises
    ------
    InputError
        If a number is out of range.
    """
    wanted = {name: value for name, value in (("users", users), ("items", items)) if value is not None}
    try:
        return world.expect(**wanted) if wanted else world
    except ValidationError as error:
        faults = [Fault(f"{one['input']} is out of range: {one['msg'].lower()}", f"--{one['loc'][0]}")
                  for one in error.errors()]  # fmt: skip
        raise InputError(faults) from error


def _verdict(patterns: tuple[Pattern, ...]) -> str:
    passed, failed = (sum(one.passed is verdict for one in patterns) for verdict in (True, False))
    return f"{passed} passed, {failed} failed, {len(patterns) - passed - failed} not judged"
