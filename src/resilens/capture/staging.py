"""How does a captured file become staged tables, whole or not at all, in bounded memory?

Records come one by one from a reader, are normalised, and written in batches. Everything is written into a folder of
its own that gets its final name last: a killed import leaves nothing half, and the same import simply starts again.
Staged tables keep naive times as they are, beside what the whole capture says about their zone (`capture.json`);
`capture.building` makes the corpus from them. A reader whose file holds canonical rows already stages itself in
whole batches (`capture.reader.Adopting`); the folder, its name and its numbers are the same.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from resilens.capture import plain
from resilens.capture.normalise import Columns, Normaliser, Numbered, Refused, redacted
from resilens.capture.plain import Block
from resilens.capture.reader import Adopting
from resilens.capture.records import Broken, Captured, CapturedComment, CapturedPost
from resilens.capture.times import Evidence, Settled, settle
from resilens.corpus.schema import COUNTS
from resilens.corpus.scripts import with_scripts
from resilens.corpus.vault import IDENTITIES, Vault
from resilens.errors import Fault, InputError
from resilens.study.zones import zone as study_zone

if TYPE_CHECKING:
    from resilens.capture.registry import Opened

BATCH = 20_000
VERSION = 3
"""Of the staged form: a folder of another version is staged again."""

_TEXTS = pa.list_(pa.string())
TIMES = (("exact_at", pa.int64()), ("month_first_at", pa.int64()), ("day_first_at", pa.int64()),
         ("precision", pa.string()), ("damaged", pa.bool_()), ("id_at", pa.int64()), ("id_basis", pa.string()),
         ("stated_basis", pa.string()), ("stated_flags", _TEXTS))  # fmt: skip
"""Times as captured. Where a capture says itself what its times rest on, `stated_basis` and `stated_flags` (those that
belong to the time) say it, and `precision` holds for whichever time is there; `capture.merging` decides otherwise."""
_HEAD = (("seq", pa.int64()), ("line", pa.int64()), ("item_id", pa.string()), ("platform", pa.string()),
         ("author", pa.string()), *TIMES)  # fmt: skip
_COLLECTED = (("collected_exact_at", pa.int64()), ("collected_month_first_at", pa.int64()),
              ("collected_day_first_at", pa.int64()))  # fmt: skip
_FLAGS = (("text_flags", _TEXTS), ("flags", _TEXTS))


def _counted(name: str) -> tuple[tuple[str, pa.DataType], ...]:
    return (name, pa.int64()), (f"{name}_bound", pa.string()), (f"{name}_raw", pa.string())


POSTS = pa.schema([
    *_HEAD, ("kind", pa.string()), ("title", pa.string()), ("text", pa.string()), ("hashtags", _TEXTS),
    ("script", pa.string()), ("language", pa.string()), *(column for name in COUNTS for column in _counted(name)),
    ("location", pa.string()), ("url", pa.string()), ("media", _TEXTS), *_FLAGS, *_COLLECTED,
    ("query", pa.string()), ("ranking", pa.string()), ("rank", pa.int64()), ("account", pa.string()),
    ("locale", pa.string()),
])  # fmt: skip
COMMENTS = pa.schema([
    *_HEAD, ("post_id", pa.string()), ("parent_id", pa.string()), ("text", pa.string()), ("script", pa.string()),
    ("language", pa.string()), *_counted("likes"), *_counted("replies"), ("location", pa.string()), ("media", _TEXTS),
    *_FLAGS, *_COLLECTED,
])  # fmt: skip
QUARANTINE = pa.schema([("seq", pa.int64()), ("line", pa.int64()), ("reason", pa.string()), ("raw", pa.string())])

Progress: TypeAlias = Callable[[int], None]
"""Told how many records were read so far."""


@dataclass(frozen=True, slots=True)
class CaptureInfo:
    """What is known of a capture before it is read.

    Parameters
    ----------
    capture_id
        sha256 of the file.
    name, reader, encoding
        Its name, the reader's, and how its text is decoded, in words.
    guessed
        Whether a column mapping was guessed.
    zone
        The zone declared for times that state none, as `UTC+08:00`.
    """

    capture_id: str
    name: str
    reader: str
    guessed: bool = False
    zone: str | None = None
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Staged:
    """What became of a capture: its records (posts, comments, quarantined) and how its times are read.

    `offset`, `time_basis` and `day_first` are as in `capture.times.Settled`; `time_zone` is empty where not needed.
    """

    capture_id: str
    name: str
    reader: str
    guessed: bool
    encoding: str
    posts: int
    comments: int
    quarantined: int
    offset: int | None
    time_basis: str
    day_first: bool | None
    time_zone: str
    time_zone_basis: str
    version: int = VERSION

    @property
    def read(self) -> int:
        """Every record, nested replies unfolded."""
        return self.posts + self.comments + self.quarantined


class Counts(NamedTuple):
    """How many records of each kind a capture turned out to hold."""

    posts: int
    comments: int
    quarantined: int


def is_staged(folder: Path, capture_id: str) -> bool:
    """Whether this capture was staged whole, in today's form."""
    try:
        return bool(json.loads((folder / capture_id / "capture.json").read_bytes())["version"] == VERSION)
    except FileNotFoundError:
        return False


def staged(folder: Path, capture_id: str) -> Staged:
    """What became of a staged capture.

    Raises
    ------
    InputError
        If it is not staged.
    """
    if not is_staged(folder, capture_id):
        raise InputError(Fault("this capture is not staged; run `resilens run`", capture_id))
    return Staged(**json.loads((folder / capture_id / "capture.json").read_bytes()))


def stage(capture: Opened, capture_id: str, folder: Path, vault: Vault, progress: Progress | None = None) -> Staged:
    """Stage a recognised file: `stage_records` of what its reader yields, or by a reader that stages itself.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    info = CaptureInfo(capture_id, capture.source.title, capture.reader.name, capture.guessed, capture.options.zone,
                       capture.source.encoding)  # fmt: skip
    if not isinstance(capture.reader, Adopting):
        return stage_records(capture.read_in_blocks(), info, folder, vault, progress)
    reader = capture.reader

    def adopted(building: Path) -> Staged:
        counts = reader.stage(capture.source, capture.options, building, progress)
        return _result(info, counts, settle(Evidence()))

    return _whole(folder, capture_id, adopted)


def stage_records(
    captured: Iterable[Captured | Block], capture: CaptureInfo, folder: Path, vault: Vault,
    progress: Progress | None = None,
) -> Staged:
    """Turn captured records into staged tables and put the identities into the vault.

    Parameters
    ----------
    captured
        Posts, comments and broken records, in the order of the file, plain comments also in blocks; consumed once, in
        batches of `BATCH`.
    capture
        What is known of the capture.
    folder
        The study's `.staging/`; the tables go to `folder/<capture_id>`, replacing earlier ones.
    vault
        The study's vault: pseudonyms come from it, identities go into it.
    progress
        Told the number of records after each batch.

    Raises
    ------
    InputError
        Whatever the reader raises; nothing is left behind then.
    """
    def normalised(building: Path) -> Staged:
        with _without_cycles():
            return _staged_into(building, captured, capture, vault, progress)

    return _whole(folder, capture.capture_id, normalised)


def _whole(folder: Path, capture_id: str, into: Callable[[Path], Staged]) -> Staged:
    """Stage into a folder that gets its final name last; nothing is left behind where that fails."""
    building, final = folder / f"{capture_id}.building", folder / capture_id
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        result = into(building)
        (building / "capture.json").write_text(json.dumps(asdict(result), ensure_ascii=False, indent=1) + "\n", "utf-8")
        for path in building.iterdir():
            with path.open("rb") as written:
                os.fsync(written.fileno())
        shutil.rmtree(final, ignore_errors=True)
        building.rename(final)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return result


@contextmanager
def _without_cycles() -> Iterator[None]:
    """No search for cycles among the millions of rows, which hold none: a quarter of the time otherwise."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _staged_into(
    building: Path, captured: Iterable[Captured | Block], capture: CaptureInfo, vault: Vault, progress: Progress | None
) -> Staged:
    declared = study_zone(capture.zone) if capture.zone else None
    offset = declared.utcoffset(None) // timedelta(milliseconds=1) if declared else 0
    normaliser = Normaliser(vault.pseudonyms, offset, "gb" in capture.encoding.lower())
    with ExitStack() as open_files:
        identities = open_files.enter_context(vault.identities_writer(capture.capture_id))
        posts, comments, quarantine = (
            open_files.enter_context(_Part(building / f"{name}.parquet", schema))
            for name, schema in (("posts", POSTS), ("comments", COMMENTS), ("quarantine", QUARANTINE))
        )
        read = 0
        for batch in _batches(captured):
            read += batch.size
            table, refused = _normalised(normaliser.posts, batch.records, CapturedPost, POSTS)
            posts.add(table)
            if batch.plain:
                comments.add(_as_table(plain.normalised(pa.concat_tables(batch.plain), normaliser), COMMENTS))
            table, others = _normalised(normaliser.comments, batch.records, CapturedComment, COMMENTS)
            comments.add(table)
            broken = [(seq, record) for seq, record in batch.records if isinstance(record, Broken)]
            quarantine.add(_quarantined(sorted([*broken, *refused, *others], key=lambda one: one[0])))
            _write_identities(identities, normaliser)
            if progress is not None:
                progress(read)
        items = "items" if posts.total and comments.total else "posts" if posts.total else "comments"
    settled = settle(normaliser.evidence, declared, items)
    return _result(capture, Counts(posts.total, comments.total, quarantine.total), settled)


def _result(capture: CaptureInfo, counts: Counts, settled: Settled) -> Staged:
    return Staged(
        capture.capture_id, capture.name, capture.reader, capture.guessed, capture.encoding, *counts, settled.offset,
        settled.time_basis, settled.day_first, settled.zone, settled.words,
    )  # fmt: skip


def _write_identities(writer: pq.ParquetWriter, normaliser: Normaliser) -> None:
    if rows := normaliser.take_identities():
        writer.write_table(_table_of_rows(rows, IDENTITIES))


class _Part:
    """A Parquet file written in row groups of `BATCH` rows or more."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._waiting: list[pa.Table] = []
        self._rows = self.total = 0

    def add(self, rows: pa.Table) -> None:
        self._waiting.append(rows)
        self._rows += rows.num_rows
        self.total += rows.num_rows
        if self._rows >= BATCH:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(with_scripts(pa.concat_tables(self._waiting).combine_chunks()))
        self._waiting, self._rows = [], 0

    def __enter__(self) -> _Part:
        return self

    def __exit__(self, *_: object) -> None:
        self._flush()
        self._writer.close()


@dataclass(slots=True)
class _Batch:
    """Records with their numbers, plain comments as tables."""

    begin: int
    size: int = 0
    records: list[tuple[int, Captured]] = field(default_factory=list)
    plain: list[pa.Table] = field(default_factory=list)

    def add(self, captured: Captured | Block) -> None:
        """Give the next number or numbers."""
        number = self.begin + self.size
        if not isinstance(captured, Block):
            self.records.append((number, captured))
            self.size += 1
            return
        self.records += [(number + place, record) for place, record in captured.others]
        if captured.comments.num_rows:
            seqs = pc.add(captured.comments.column("place"), number)
            self.plain.append(captured.comments.drop_columns("place").append_column("seq", seqs))
        self.size += captured.size


def _batches(captured: Iterable[Captured | Block]) -> Iterator[_Batch]:
    """The records with their numbers from 1, `BATCH` and some at a time."""
    batch = _Batch(1)
    for one in captured:
        batch.add(one)
        if batch.size >= BATCH:
            yield batch
            batch = _Batch(batch.begin + batch.size)
    if batch.size:
        yield batch


def _normalised(
    into_columns: Callable[[list[Numbered]], tuple[list[Columns], list[Refused]]],
    block: list[tuple[int, Captured]], kind: type, schema: pa.Schema,
) -> tuple[pa.Table, list[Refused]]:  # fmt: skip
    """The records of one kind as a table, and those of them that cannot be rows."""
    parts, refused = into_columns([one for one in block if isinstance(one[1], kind)])
    return pa.concat_tables([schema.empty_table(), *(_as_table(columns, schema) for columns in parts)]), refused


def _quarantined(records: list[tuple[int, Broken]]) -> pa.Table:
    rows = [(seq, broken.line, broken.reason, redacted(broken.raw)) for seq, broken in records]
    return _table_of_rows(rows, QUARANTINE)


def _table_of_rows(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    return _as_table(dict(zip(schema.names, zip(*rows, strict=True), strict=True)) if rows else {}, schema)


def _as_table(columns: Columns, schema: pa.Schema) -> pa.Table:
    """These columns as the schema wants them; those that are missing are empty."""
    length = len(next(iter(columns.values()), ()))
    return pa.table(
        [_column(columns[field.name], field.type) if field.name in columns else pa.nulls(length, field.type)
         for field in schema], schema=schema,
    )  # fmt: skip


def _column(values: Any, kind: pa.DataType) -> pa.Array:
    """The values as a column; half a surrogate pair, which a few JSON files hold in any field, as U+FFFD."""
    if isinstance(values, pa.Array):
        return values
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:
        return pa.array([_whole_characters(value) for value in values], kind)


def _whole_characters(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_whole_characters(one) for one in value]
    if not isinstance(value, str):
        return value
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
