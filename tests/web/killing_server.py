"""A server killed while five coders code: is every acknowledged act stored, once, in a chain that verifies?

Run as `python killing_server.py FOLDER ROUNDS SEED`, the folder being a study with an open round-1; prints what it
found as JSON. Server and coders are forked from this process, which has no thread and no open connection, so that a
round costs no import. A coder whose act was not acknowledged sends it again to the next server.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any
from uuid import UUID, uuid4

import duckdb  # noqa: F401
import ibis.backends.duckdb  # noqa: F401
import pandas as pd  # noqa: F401
import uvicorn

from resilens.coding.codebook import latest
from resilens.coding.rounds import round_of
from resilens.pipeline import open_study
from resilens.record import sqlite
from resilens.record.store import Record
from resilens.web import screens
from resilens.web.app import application
from resilens.web.build import build
from resilens.web.desk import Desk
from resilens.web.serving import HOST
from resilens.web.sessions import Sessions

LARGE_LOG_BYTES = 200_000  # so small that servers are killed while they copy the log, too


def forked(work: Callable[[], None]) -> int:
    """A process of its own that does this and ends."""
    process = os.fork()
    if process:
        return process
    ended = 1
    try:
        work()
        ended = 0
    finally:
        if ended:
            traceback.print_exc()
        os._exit(ended)


def serve(root: Path, listening: socket.socket) -> None:
    sqlite.LARGE_LOG_BYTES = LARGE_LOG_BYTES
    study = open_study(root)
    study.record._log_limit = LARGE_LOG_BYTES
    app = application(Desk(study), Sessions(root), listening.getsockname()[1])
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listening])


class Coder:
    """Codes without end; remembers what was acknowledged, and sends again what was not."""

    def __init__(self, root: Path, name: str, items: list[str], codes: list[str]) -> None:
        sessions = Sessions(root)
        self.cookie = f"{sessions.cookie}={sessions.signed(name)}"
        self.items, self.codes = items, codes

    def code(self, port: int, waiting: dict[str, Any] | None, told: int) -> None:
        """Send acts until the server is gone; each is written down before it is sent, and when it is acknowledged."""
        headers = {"Cookie": self.cookie, "Origin": f"http://{HOST}:{port}", "Content-Type": "application/json"}
        connection = http.client.HTTPConnection(HOST, port, timeout=20)
        chance = random.Random()
        while True:
            act = waiting or self._next(chance)
            waiting = None
            os.write(told, json.dumps({"sent": act}).encode() + b"\n")
            try:
                path = "undo" if act["do"] == "undo" else "acts"
                body = {"act": act["act"]} if path == "undo" else {"acts": [act]}
                connection.request("POST", f"/api/coding/round-1/{path}?v={build()}", json.dumps(body), headers)
                answer = connection.getresponse()
                content = json.loads(answer.read())
            except (OSError, http.client.HTTPException, ValueError):
                return
            assert answer.status == 200, content
            assert all(one["saved"] for one in content.get("results", ())), content
            if act["do"] != "undo" or content["undone"]:
                os.write(told, json.dumps({"saved": act["act"]}).encode() + b"\n")

    def begin(self, port: int) -> None:
        """Open the round, and wait until it is there."""
        connection = http.client.HTTPConnection(HOST, port, timeout=20)
        connection.request("GET", "/api/coding/round-1", headers={"Cookie": self.cookie})
        assert connection.getresponse().status == 200
        connection.close()

    def _next(self, chance: random.Random) -> dict[str, Any]:
        act = {"act": str(uuid4()), "do": "set"}
        if chance.random() < 0.15:
            return act | {"do": "undo"}
        return act | {"item_id": chance.choice(self.items), "code_id": chance.choice(self.codes), "memo": act["act"]}


def one_round(
    root: Path, coders: list[Coder], waiting: list[dict[str, Any] | None], pause: float
) -> tuple[set[str], int]:
    """Kill the server after `pause` seconds of coding; the acts acknowledged, and how many coders failed."""
    listening = socket.create_server((HOST, 0), backlog=64)
    port = listening.getsockname()[1]
    server = forked(lambda: serve(root, listening))
    listening.close()
    running = []
    for coder, act in zip(coders, waiting, strict=True):
        out, into = os.pipe()
        running.append((forked(lambda coder=coder, act=act, into=into: coder.code(port, act, into)), out))
        os.close(into)
    coders[0].begin(port)
    time.sleep(pause)
    os.kill(server, signal.SIGKILL)
    os.waitpid(server, 0)
    saved: set[str] = set()
    for place, (_, out) in enumerate(running):
        with os.fdopen(out, "rb") as reading:
            lines = [json.loads(line) for line in reading.read().splitlines()]
        saved |= {line["saved"] for line in lines if "saved" in line}
        waiting[place] = lines[-1].get("sent") if lines else None
    failed = sum(os.waitpid(process, 0)[1] != 0 for process, _ in running)
    return saved, failed


def main(root: Path, rounds: int, seed: int) -> dict[str, int]:
    with Record.open(root / "work.sqlite") as record:
        asked, version = round_of(record, "round-1"), latest(record)
        assert version is not None
        codes = [code.id for code in version.codebook.codes if not code.second_item][:6]
        begun = record.verify().events
    for screen in iter_modules(screens.__path__):  # imported here, so that no server takes its time with it
        import_module(f"{screens.__name__}.{screen.name}")
    coders = [Coder(root, name, list(asked.items), codes) for name in asked.coders]
    moments, acknowledged = random.Random(seed), set[str]()
    waiting: list[dict[str, Any] | None] = [None] * len(coders)
    totals = {"failed": 0, "missing": 0, "unsound": 0, "stored": 0}
    for _ in range(rounds):
        saved, failed = one_round(root, coders, waiting, moments.uniform(0.05, 0.35))
        acknowledged |= saved
        totals["failed"] += failed
        with Record.open(root / "work.sqlite") as record:
            totals["missing"] += sum(record.event(UUID(act)) is None for act in saved)
            totals["unsound"] += not record.verify(views=True).sound
    with Record.open(root / "work.sqlite") as record:
        totals["missing"] = sum(record.event(UUID(act)) is None for act in acknowledged)
        totals["stored"] = record.verify().events - begun
    return {"rounds": rounds, "coders": len(coders), "acknowledged": len(acknowledged), **totals}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
