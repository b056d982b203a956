"""How long do the measures take as a corpus grows, and how much memory, beside the bare scan of its files?

    python benchmarks/measures.py            10^5 and 10^6 simulated items: two minutes
    python benchmarks/measures.py --full     10^7 as well: some minutes, 10 GB of disk

Every size is simulated, captured and sampled (200 posts, up to 50 comments each, all coded), and then all measures are
computed in a process of its own. The limit is DuckDB reading every column of posts and comments once.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import resilens
from resilens.measures.material import assemble
from resilens.measures.registry import measures_of
from resilens.sampling.drawfile import read_draw
from resilens.simulate.simulation import Simulation
from resilens.simulate.world import world
from resilens.simulate.writing import write

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.measures_recovery import PHASES, final_of

SIZES = (100_000, 1_000_000)
LARGEST = 10_000_000


def prepare(root: Path, items: int) -> None:
    """Simulate a study of that many items, capture and sample it."""
    write(Simulation(world("tiktok-refugees").expect(items=items, users=items), 1), root)
    with (root / "study.toml").open("a", encoding="utf-8") as design:
        for phase, start, end in PHASES:
            design.write(f'\n[[phase]]\nname = "{phase}"\nstart = {start}\nend = {end}\n')
    with resilens.open(root) as study:
        study.add([root / "simulated"])
        study.draw()


def measured(root: Path) -> dict[str, float]:
    """Seconds of each measure, of making the material and of the bare scan; the peak of this process in MB."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    seconds: dict[str, float] = {}
    draw = read_draw(sorted((root / "sample").glob("*.parquet"))[-1])
    sampled = pa.array(sorted(item.item_id for item in draw.items))
    truth = pq.read_table(root / "truth" / "items.parquet", filters=pc.is_in(pc.field("item_id"), sampled))
    with resilens.open(root) as study, study.corpus() as corpus:
        started = time.perf_counter()
        material = assemble(study.study, corpus, study.record, study.codebook(), final_of(truth), draw)
        seconds["material"] = time.perf_counter() - started
        for name, measure in measures_of(study.study, root).items():
            started = time.perf_counter()
            measure.compute(material)
            seconds[name] = time.perf_counter() - started
        started = time.perf_counter()
        for table in ("posts", "comments"):
            columns = ", ".join(f"bit_xor(hash({name}))" for name in corpus.table(table).columns)
            corpus.connection.con.execute(f"SELECT {columns} FROM {table}").fetchall()
        seconds["bare scan"] = time.perf_counter() - started
    return seconds | {"peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--full", action="store_true")
    arguments.add_argument("--measured", type=Path, help=argparse.SUPPRESS)
    wanted = arguments.parse_args()
    if wanted.measured:
        print(json.dumps(measured(wanted.measured)))
        return
    found = {}
    for items in (*SIZES, LARGEST) if wanted.full else SIZES:
        with tempfile.TemporaryDirectory() as folder:
            prepare(Path(folder) / "study", items)
            run = [sys.executable, __file__, "--measured", str(Path(folder) / "study")]
            done = subprocess.run(run, capture_output=True, text=True, check=True)
            found[items] = json.loads(done.stdout)
    print(f"{'seconds':<14}" + "".join(f"{items:>14,}" for items in found))
    for name in next(iter(found.values())):
        print(f"{name:<14}" + "".join(f"{one[name]:>14.2f}" for one in found.values()))
    print(f"{'all measures':<14}" + "".join(
        f"{sum(value for name, value in one.items() if name not in ('bare scan', 'peak MB')):>14.2f}"
        for one in found.values()))  # fmt: skip


if __name__ == "__main__":
    main()
