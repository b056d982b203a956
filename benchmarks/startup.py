"""How long until the command line answers? `resilens --help` and `status` beside an empty Python (the limit), one run.

    .venv/bin/python benchmarks/startup.py [REPETITIONS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from resilens.study.beginning import begin


def seconds(arguments: list[str], repetitions: int) -> float:
    """The median wall time of a whole process, after one run that is not counted."""
    times = []
    for _ in range(repetitions + 1):
        started = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - started)
    return statistics.median(times[1:])


def main() -> None:
    """Print the medians and their ratios to the limit."""
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "study"
        begin(root)
        cases = {
            "python -c pass (limit)": ["-c", "pass"],
            "resilens --help": ["-m", "resilens", "--help"],
            "resilens status (empty study)": ["-m", "resilens", "--study", str(root), "status"],
        }
        limit = 0.0
        print(f"median of {repetitions} whole processes")
        for name, arguments in cases.items():
            took = seconds(arguments, repetitions)
            limit = limit or took
            print(f"  {name:<32} {took:6.3f} s  {took / limit:6.1f} x the limit")


if __name__ == "__main__":
    main()
