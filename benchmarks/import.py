"""How fast is a capture imported, beside the bare reading of the same file, and what does it need as it grows?

    python benchmarks/import.py          10^5 and 10^6 comments: some minutes
    python benchmarks/import.py --full   10^7 as well: about ten times as long, and 10 GB of disk

Comments of RedNote as Zeeschuimer's JSON lines and as MediaCrawler's CSV, made up in the shapes of real ones
(`import_captures.py`). Each figure comes from a process of its own, so that its peak memory is its own:

- Resilens: the raw file hashed and kept, recognised, every record normalised, pseudonyms, ids, threads, quarantine, and
  all canonical tables written as Parquet.
- DuckDB: the bare scan, every column parsed and folded into one number, nothing kept; all its threads. The limit.
- sorted: DuckDB again, the fields of a comment put in the order of our table and written as Parquet, nothing
  normalised, no pseudonyms, no threads, no quarantine: what a table in order costs by itself.
- pandas: read as a scholar would read it, fields of the comment in columns, and written as Parquet: no pseudonyms, no
  threads. It takes no damaged line, so those are taken out for it beforehand, unmeasured.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from import_captures import write_mediacrawler, write_zeeschuimer

FORMATS = {"Zeeschuimer NDJSON": write_zeeschuimer, "MediaCrawler CSV": write_mediacrawler}


def resilens(path: Path, beside: Path) -> dict[str, Any]:
    """End to end, as `resilens add` does it."""
    from resilens.capture.adding import add_file
    from resilens.capture.building import build
    from resilens.corpus.vault import Vault
    from resilens.record.store import Record

    vault = Vault.create(beside / "vault", seed=1)
    (beside / "captures").mkdir()
    with Record.open(beside / "work.sqlite") as record:
        added = add_file(path, beside / "captures", record, vault, staging=beside / ".staging", synthetic=True)
    staged = time.perf_counter()
    build(beside / "corpus", beside / ".staging", [added.capture_id])
    import pyarrow.parquet as pq

    capture = pq.read_table(beside / "corpus" / "captures").to_pylist()[0]
    assert capture["read"] == capture["new"] + capture["repeated"] + capture["quarantined"]
    return {name: capture[name] for name in ("read", "quarantined")} | {"building": time.perf_counter() - staged}


def _read_by_duckdb(path: Path) -> str:
    if path.suffix == ".ndjson":
        return f"read_json_auto('{path}', format = 'newline_delimited', ignore_errors = true)"
    return f"read_csv('{path}', all_varchar = true, ignore_errors = true)"


def duckdb(path: Path, beside: Path) -> dict[str, Any]:
    """Every column parsed, nothing kept."""
    import duckdb as engine

    rows = engine.connect().execute(f"SELECT count(*), bit_xor(hash(rows)) FROM {_read_by_duckdb(path)} AS rows")
    return {"read": rows.fetchall()[0][0]}


FIELDS = {
    ".ndjson": "data.id AS id, data.note_id AS note_id, data.target_comment.id AS parent, data.user_info.user_id, "
               "data.create_time, data.content, data.like_count, data.sub_comment_count, timestamp_collected",
    ".csv": "comment_id AS id, note_id, parent_comment_id, user_id, create_time, content, like_count, "
            "sub_comment_count, last_modify_ts",
}  # fmt: skip


def in_order(path: Path, beside: Path) -> dict[str, Any]:
    """The fields of a comment, in order of threads, as one table of Parquet."""
    import duckdb as engine

    fields = FIELDS[path.suffix]
    written = engine.connect().execute(
        f"COPY (SELECT {fields} FROM {_read_by_duckdb(path)} ORDER BY 2, 1) TO '{beside / 'comments.parquet'}' "
        "(FORMAT parquet, COMPRESSION zstd)"
    )
    return {"read": written.fetchall()[0][0]}


def pandas(path: Path, beside: Path) -> dict[str, Any]:
    """A data frame, its fields in columns, written as Parquet."""
    import pandas as reader

    if path.suffix == ".ndjson":
        with path.open(encoding="utf-8") as lines:
            frame = reader.json_normalize([json.loads(line)["data"] for line in lines])
    else:
        frame = reader.read_csv(path, dtype=str, on_bad_lines="skip")
    frame.to_parquet(beside / "comments.parquet")
    return {"read": len(frame)}


METHODS: dict[str, Callable[[Path, Path], dict[str, Any]]] = {
    "Resilens": resilens, "DuckDB": duckdb, "sorted": in_order, "pandas": pandas,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--sizes", nargs="*", type=int, help="other numbers of comments")
    parser.add_argument("--measured", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measured:
        print(json.dumps(measured(given.measured[0], Path(given.measured[1]))))
        return
    sizes = given.sizes or [100_000, 1_000_000, *([10_000_000] if given.full else [])]
    for name, write in FORMATS.items():
        print(f"\n{name}")
        print(f"{'comments':>11} {'MB':>6}  {'':10} {'wall s':>7} {'rows/s':>9} {'CPU s':>7} {'CPU us/row':>10} "
              f"{'x DuckDB':>9} {'peak MB':>8}")  # fmt: skip
        for size in sizes:
            _table(name, write, size)


def _table(name: str, write: Callable[[Path, int], None], size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("capture.ndjson" if "NDJSON" in name else "capture.csv")
        write(path, size)
        megabytes = path.stat().st_size / 1e6
        limit = _apart("DuckDB", path)
        for method in METHODS:
            if method == "pandas" and size > 1_000_000:
                continue  # all rows at once: more memory than most computers have
            if method == "pandas" and path.suffix == ".ndjson":
                _without_damage(path)
            found = limit if method == "DuckDB" else _apart(method, path)
            ratio = found["processor"] / limit["processor"]
            print(f"{size:>11,} {megabytes:>6,.0f}  {method:10} {found['wall']:>7.1f} {size / found['wall']:>9,.0f} "
                  f"{found['processor']:>7.1f} {found['processor'] / size * 1e6:>10.1f} {ratio:>8.1f}x "
                  f"{found['peak']:>8,.0f}", flush=True)  # fmt: skip


def _without_damage(path: Path) -> None:
    """Take the lines out that are no JSON."""
    whole = path.with_suffix(".whole")
    with path.open("rb") as lines, whole.open("wb") as kept:
        kept.writelines(line for line in lines if line.endswith(b"}}\n"))
    whole.replace(path)


def _apart(method: str, path: Path) -> dict[str, Any]:
    """What `measured` finds, in a process of its own."""
    command = [sys.executable, __file__, "--measured", method, str(path)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def measured(method: str, path: Path) -> dict[str, Any]:
    """Seconds of wall and of processor, with everything that is loaded for it, and peak memory."""
    with tempfile.TemporaryDirectory(dir=path.parent) as beside:
        begun = time.perf_counter()
        found = METHODS[method](path, Path(beside))
        used = resource.getrusage(resource.RUSAGE_SELF)
        return found | {"wall": time.perf_counter() - begun, "processor": used.ru_utime + used.ru_stime,
                        "peak": used.ru_maxrss / 1024}  # fmt: skip


if __name__ == "__main__":
    main()
