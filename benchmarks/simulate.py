"""How fast does a world run, beside Mesa, and what does it need as it grows?

    python benchmarks/simulate.py          about a minute and a half
    python benchmarks/simulate.py --full   10^6 agents in Mesa and 10^7 items as well: some minutes

Three tables, all from one run:

1. End to end: the histories of 1 million accounts and 1.2 million labelled items, with text and truth, to Parquet.
2. The common contagion model: each of N agents joins with probability S(t) (p + q n / N) a step and leaves with
   probability mu a step, 100 steps. Mesa steps every agent; Resilens moves expected shares and then draws every agent's
   history from them. The peaks of both are printed: the law is the same. (Mesa: `pip install mesa`; skipped where it
   is not installed.)
3. Growth: items written, seconds of processor and of wall, peak memory of the process.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from resilens.simulate.histories import histories
from resilens.simulate.macro import NEWCOMERS, mean_field
from resilens.simulate.simulation import Simulation
from resilens.simulate.streams import Streams
from resilens.simulate.world import World, world
from resilens.simulate.writing import write

CONTAGION = {"p": 0.001, "q": 0.12, "mu": 0.02, "steps": 100}
"""Rates a step. Salience is 1 throughout, so that every run is of the same plain model."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--written", nargs=2, type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.written:
        print(json.dumps(written(*given.written)))
        return
    end_to_end()
    contagion([100_000, 1_000_000] if given.full else [100_000], [100_000, 1_000_000])
    growth([100_000, 1_000_000, 10_000_000] if given.full else [100_000, 1_000_000])


def end_to_end() -> None:
    print("1. One million accounts, 1.2 million items with text and truth, to Parquet")
    found = apart(1_000_000, 1_200_000)
    print(f"   {found['items']:,} items in {found['wall']:.1f} s of wall, {found['processor']:.1f} s of processor; "
          f"of it histories {found['histories']:.2f} s; peak {found['peak']:,} MB; {found['size']:,} MB on disk")


def growth(sizes: list[int]) -> None:
    print("\n3. Growth (one account for every item up to a million)")
    print(f"   {'items':>12} {'wall s':>8} {'processor s':>12} {'us an item':>11} {'peak MB':>8} {'disk MB':>8}")
    for size in sizes:
        found = apart(min(size, 1_000_000), size)
        each = found["processor"] / found["items"] * 1e6
        print(f"   {found['items']:>12,} {found['wall']:>8.1f} {found['processor']:>12.1f} {each:>11.1f} "
              f"{found['peak']:>8,} {found['size']:>8,}")  # fmt: skip


def apart(users: int, items: int) -> dict[str, float]:
    """What `written` finds, in a process of its own, so that its peak memory is its own."""
    command = [sys.executable, __file__, "--written", str(users), str(items)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def written(users: int, items: int) -> dict[str, float]:
    """Simulate the default world, captured once, and write it all."""
    preset = world("tiktok-refugees")
    observed = preset.observation.model_dump() | {"earlier": None}
    simulation = Simulation(preset.expect(users=users, items=items, observation=observed), 7)
    with tempfile.TemporaryDirectory() as folder:
        begun, processor = time.perf_counter(), time.process_time()
        result = write(simulation, Path(folder) / "world")
        wall, used = time.perf_counter() - begun, time.process_time() - processor
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    begun = time.process_time()
    histories(simulation.world, simulation.path, simulation.streams)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"items": result.posts + result.comments, "wall": wall, "processor": used, "peak": round(peak / 1024),
            "histories": time.process_time() - begun, "size": round(size / 1e6)}  # fmt: skip


def contagion(sizes_of_mesa: list[int], sizes: list[int]) -> None:
    print("\n2. The common contagion model, 100 steps")
    print(f"   {'agents':>10} {'Resilens s':>11} {'Mesa s':>8} {'ratio':>7}   active at the peak: Resilens, Mesa")
    for size in sizes:
        own, own_peak = ours(size)
        if size not in sizes_of_mesa or not importlib.util.find_spec("mesa"):
            why = "not asked for" if importlib.util.find_spec("mesa") else "not installed"
            print(f"   {size:>10,} {own:>11.2f} {why:>16}   {own_peak:.4f}")
            continue
        theirs, their_peak = mesas(size)
        print(f"   {size:>10,} {own:>11.2f} {theirs:>8.1f} {theirs / own:>6.0f}x   {own_peak:.4f}, {their_peak:.4f}")


def plain(users: int) -> World:
    """The contagion model as a world: one group, joining by contagion and leaving at one rate, a step of an hour."""
    preset = world("tiktok-refugees")
    hourly = 24.0
    rates = preset.rates.model_dump() | {
        "p": CONTAGION["p"] * hourly, "q": CONTAGION["q"] * hourly, "mu": CONTAGION["mu"] * hourly, "beta": 0.0,
        "alpha0": 0.0, "alpha1": 0.0, "gamma": 0.0, "eta": 0.0, "omega": 0.0, "psi": 0.0, "q_h": 0.0,
        "tau_up": 1e9, "M_n": 1e9, "M_h": 1.0,
    }  # fmt: skip
    alone = preset.newcomers.model_dump() | {"visitors": 0.0, "residents": 0.0}
    return preset.expect(users=users, days=7, fine_days=7, rates=rates, newcomers=alone)


def ours(size: int) -> tuple[float, float]:
    """Seconds for the path and the whole histories of all agents, and the largest active share."""
    chosen = plain(size)
    begun = time.perf_counter()
    path = mean_field(chosen)
    users = histories(chosen, path, Streams(7))
    took = time.perf_counter() - begun
    hours = np.arange(CONTAGION["steps"] + 1) / 24.0
    own = users.group == NEWCOMERS
    active = [np.count_nonzero(own & (users.joined <= hour) & (users.left > hour)) for hour in hours]
    return took, max(active) / np.count_nonzero(own)


def mesas(size: int) -> tuple[float, float]:
    """Seconds for the same model in Mesa, one agent an object, and the largest active share."""
    import mesa

    p, q, mu = CONTAGION["p"], CONTAGION["q"], CONTAGION["mu"]
    join_scale, leave = 1.0, 1.0 - np.exp(-mu)

    class Person(mesa.Agent):  # type: ignore[misc]
        """Potential, active or gone."""

        state = 0

        def step(self) -> None:
            if self.state == 0:
                if self.random.random() < self.model.joining:
                    self.state = 1
                    self.model.active_next += 1
            elif self.state == 1 and self.random.random() < leave:
                self.state = 2
                self.model.active_next -= 1

    class Contagion(mesa.Model):  # type: ignore[misc]
        """Joining by contagion, leaving at one rate."""

        def __init__(self) -> None:
            super().__init__(rng=7)
            self.active = self.active_next = 0
            self.joining = 0.0
            Person.create_agents(self, size)

        def step(self) -> None:
            self.joining = 1.0 - np.exp(-join_scale * (p + q * self.active / size))
            self.agents.shuffle_do("step")
            self.active = self.active_next

    begun = time.perf_counter()
    model, peak = Contagion(), 0
    for _ in range(int(CONTAGION["steps"])):
        model.step()
        peak = max(peak, model.active)
    return time.perf_counter() - begun, peak / size


if __name__ == "__main__":
    main()
