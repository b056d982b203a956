"""How much does the record cost beside bare SQLite with the same durability?

Bare SQLite inserts the same bytes into one table of the same columns, in the same journal mode and with the same
`synchronous=FULL`: what the disk and SQLite allow. The record adds validation, the hash chain and the views. Both run
in turn, in one run on one disk, and the ratio of their medians is what counts: the disk sets the absolute numbers.

    python benchmarks/record.py [FOLDER ON THE DISK TO MEASURE]
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from resilens.record.store import Draft, Record

SINGLES, BATCH, REPEATS = 300, 10_000, 5
COLUMNS = """seq INTEGER PRIMARY KEY, event_id TEXT, at TEXT, actor TEXT, actor_kind TEXT, kind TEXT, subject TEXT,
    round_id TEXT, codebook_version INTEGER, body TEXT, salt TEXT, body_digest TEXT, prev_hash TEXT, hash TEXT"""
INSERT = f"INSERT INTO events VALUES (NULL, {', '.join('?' * 13)})"


def drafts(count: int) -> list[Draft]:
    return [
        Draft(
            "coding.set",
            f"rednote:p:{n}",
            {"item_id": f"rednote:p:{n}", "code_id": "thanks"},
            "mei",
            round_id="round-1",
        )
        for n in range(count)
    ]


def rows(folder: Path, count: int) -> list[tuple[object, ...]]:
    """The rows that the record makes of those drafts, without their places."""
    path = folder / "rows.sqlite"
    with Record.open(path) as record:
        record.append_all(drafts(count))
    connection = sqlite3.connect(path)
    made = connection.execute("SELECT * FROM events ORDER BY seq").fetchall()
    connection.close()
    path.unlink()
    return [row[1:] for row in made]


def bare(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"CREATE TABLE IF NOT EXISTS events ({COLUMNS})")
    return connection


def rate(count: int, work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return count / (time.perf_counter() - started)


def bare_rates(path: Path, many: list[tuple[object, ...]]) -> tuple[float, float]:
    connection = bare(path)

    def together() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(INSERT, many)
        connection.execute("COMMIT")

    single = rate(SINGLES, lambda: [connection.execute(INSERT, row) for row in many[:SINGLES]])
    batch = rate(BATCH, together)
    connection.close()
    return single, batch


def record_rates(path: Path) -> tuple[float, float, float, float]:
    with Record.open(path) as record:
        return (
            rate(SINGLES, lambda: [record.append(draft) for draft in drafts(SINGLES)]),
            rate(BATCH, lambda: record.append_all(drafts(BATCH))),
            rate(SINGLES + BATCH, record.verify),
            rate(SINGLES + BATCH, record.rebuild_views),
        )


def measured(folder: Path) -> dict[str, float]:
    """Medians of events a second over `REPEATS` runs, the contestants in turn."""
    many = rows(folder, BATCH)
    runs = [
        (*bare_rates(folder / f"bare-{repeat}", many), *record_rates(folder / f"record-{repeat}"))
        for repeat in range(REPEATS)
    ]
    names = (
        "bare, single",
        "bare, batch",
        "record, single",
        "record, batch",
        "record, verify",
        "record, rebuild views",
    )
    return {name: statistics.median(rates) for name, rates in zip(names, zip(*runs, strict=True), strict=True)}


def main() -> None:
    disk = sys.argv[1] if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory(dir=disk) as folder:
        found = measured(Path(folder))
    print(f"SQLite {sqlite3.sqlite_version}; events a second, medians of {REPEATS}")
    for name, value in found.items():
        print(f"{name:24}{value:12,.0f}")
    for way, what in (("single", "one durable transaction an event"), ("batch", f"{BATCH:,} in one transaction")):
        ratio = found[f"record, {way}"] / found[f"bare, {way}"]
        print(f"record / bare SQLite, {what}: {ratio:.2f}")


if __name__ == "__main__":
    main()
