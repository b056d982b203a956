"""Corpora with known truth: whole worlds of posts and comments, made up, in the tables of a real import."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resilens.simulate.running import Simulated

__all__ = ["simulate"]


def simulate(
    directory: str | Path, world: str = "tiktok-refugees", *, seed: int = 1, users: int | None = None,
    items: int | None = None, layout: str = "canonical", patterns: bool = False,
    progress: Callable[[str, int, int | None], None] | None = None,
) -> Simulated:  # fmt: skip
    """Simulate a world and write its capture, its truth, its codings and a study file into a folder.

    Parameters
    ----------
    directory
        The folder; what a simulation wrote there before is replaced.
    world
        A preset (`simulate.world.presets()`) or a TOML file.
    seed
        The same world and seed give the same bytes.
    users, items
        Accounts in the pools, and posts and comments to expect, in place of the world's own numbers.
    layout
        `canonical` for Parquet that `add` adopts, `zeeschuimer` for an export that exercises the readers as well.
    patterns
        Whether to judge the patterns P1 to P12 as well.
    progress
        Told how far it is.

    Raises
    ------
    InputError
        If there is no such world, it has faults, or the folder holds something else.
    """
    from resilens.simulate.running import run

    return run(Path(directory), world, seed, users, items, layout, patterns, progress)
