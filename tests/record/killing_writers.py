"""Writers killed at any moment: is every acknowledged event stored, once, in a chain that verifies?

Run as `python killing_writers.py FILE ROUNDS WRITERS SEED`; prints what it found as JSON. Writers are forked from this
process, which has no thread and no open connection, so that a round costs no import.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from resilens.record import sqlite
from resilens.record.clock import uuid7, wall
from resilens.record.store import Draft, Record

IDENTIFIER_BYTES = 16
LARGE_LOG_BYTES = 200_000  # so small that writers are killed while they copy the log, too


def write_until_killed(path: Path, acknowledgements: int, writer: int) -> None:
    """Append without end; once `append` has returned, pass the event's identifier on."""
    sqlite.LARGE_LOG_BYTES = LARGE_LOG_BYTES
    with Record.open(path) as record:
        record._log_limit = LARGE_LOG_BYTES
        for count in range(sys.maxsize):
            event_id = uuid7(wall())
            item = f"rednote:p:{writer}-{count}"
            body = {"item_id": item, "code_id": "thanks", "memo": "x" * 400}
            record.append(Draft("coding.set", item, body, f"coder {writer}", round_id="round-1", event_id=event_id))
            os.write(acknowledgements, event_id.bytes)


def started(path: Path, writer: int) -> tuple[int, int]:
    """A writer's process and the end of the pipe its acknowledgements come out of."""
    out, into = os.pipe()
    process = os.fork()
    if process:
        os.close(into)
        return process, out
    try:
        os.close(out)
        write_until_killed(path, into, writer)
    finally:
        os._exit(1)  # only an error leads here: the parent counts it


def drained(pipe: int) -> bytes:
    """All that came through a pipe whose writer is gone."""
    with os.fdopen(pipe, "rb") as reading:
        return reading.read()


def one_round(path: Path, writers: int, pause: float) -> tuple[set[str], int]:
    """Kill all writers after `pause` seconds; gives the identifiers acknowledged and how many writers had failed."""
    running = [started(path, writer) for writer in range(writers)]
    time.sleep(pause)
    for process, _ in running:
        os.kill(process, signal.SIGKILL)
    failed = sum(os.WTERMSIG(os.waitpid(process, 0)[1]) != signal.SIGKILL for process, _ in running)
    acknowledged = set()
    for _, pipe in running:
        content = drained(pipe)
        acknowledged |= {content[at : at + IDENTIFIER_BYTES].hex() for at in range(0, len(content), IDENTIFIER_BYTES)}
    return acknowledged, failed


def main(path: Path, rounds: int, writers: int, seed: int) -> dict[str, int]:
    moments = random.Random(seed)
    acknowledged: set[str] = set()
    totals = {"missing": 0, "repeated": 0, "unsound": 0, "failed": 0, "most_unacknowledged": 0}
    before = 0
    for _ in range(rounds):
        new, failed = one_round(path, writers, moments.uniform(0.02, 0.4))
        acknowledged |= new
        with Record.open(path) as record:
            stored = [event.event_id.hex for event in record.events()]
            totals["unsound"] += not record.verify(views=True).sound
        totals["failed"] += failed
        totals["missing"] = len(acknowledged - set(stored))
        totals["repeated"] = len(stored) - len(set(stored))
        totals["most_unacknowledged"] = max(totals["most_unacknowledged"], len(stored) - before - len(new))
        before = len(stored)
    return {"rounds": rounds, "writers": writers, "acknowledged": len(acknowledged), "stored": before, **totals}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), *map(int, sys.argv[2:5]))))
