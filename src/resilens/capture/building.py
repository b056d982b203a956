"""How do staged captures become the corpus: all canonical tables, made anew, put in place whole?

DuckDB reads the staged tables of all captures, merges the appearances of each item (`capture.merging`), resolves
threads over the whole corpus, and the tables are written in a fixed order of rows, so the same captures give the same
bytes. What was staged is not copied into the engine: to read the columns that a step needs once more takes a fraction
of the time, and no memory; only of small captures it takes longer to open them again. The corpus is built beside the
old one and takes its place by renaming; `recover` mends a killed renaming.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from resilens.capture import media
from resilens.capture.groups import GroupRule, make_groups
from resilens.capture.merging import KEPT, SEEN, items, merged, repeated
from resilens.capture.recaptures import find_absent
from resilens.capture.staging import COMMENTS, POSTS, Staged, staged
from resilens.corpus.engine import SETTINGS, UTC
from resilens.corpus.schema import COUNTS, TABLES

MEMORY_LIMIT = "1GB"
"""What the engine may hold before it writes the rest to disk; what it hands over and what is written comes on top."""

MERGED_AT_ONCE = 100_000
"""Items whose appearances are merged at once. What the engine holds for each, a kilobyte, it cannot put on disk."""

READ_AGAIN = 5_000
"""How many rows a capture holds, on average, for it to be read anew at each step."""

ROW_GROUP = 100_000
SELDOM_TWICE = {"comment_id", "item_id", "line", "author", "published_at", "first_seen"}
"""Columns whose values seldom come twice among so many rows: a dictionary of them costs time and room."""

KINDS = ("posts", "comments")


class HashtagVolume(NamedTuple):
    """A hashtag's views and discussions at a date."""

    hashtag: str
    as_of: date
    views: int | None
    discussions: int | None


def build(
    corpus: Path, staging: Path, captures: Sequence[str], *, rules: Sequence[GroupRule] = (),
    volumes: Iterable[HashtagVolume] = (), registered: Mapping[str, date] | None = None, erased: Collection[str] = (),
    media_folder: Path | None = None, media_links: Iterable[tuple[str, str]] = (),
    recaptured: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Build the corpus from staged captures and put it in place.

    Parameters
    ----------
    corpus
        The study's `corpus/`; `corpus.building` and `corpus.old` beside it are used on the way.
    staging
        The study's `.staging/`.
    captures
        The captures in the order in which they were added.
    rules
        The rules of the groups, in order; with rules on registration also `registered`
        (`groups.registered_on`, after `groups.check_rules`).
    volumes
        The declared volumes of hashtags.
    erased
        Item ids and author pseudonyms that were erased: their records are left out and not counted.
    media_folder, media_links
        Where captured pictures and recordings lie, if there are any, and to which items they belong (`capture.media`).
    recaptured
        The recapture of each capture that was declared complete (`capture.recaptures`).

    Raises
    ------
    InputError
        If a capture is not staged.
    """
    settled = [staged(staging, capture_id) for capture_id in captures]
    with _alone(corpus, wait=True):
        _mend(corpus)
        _build_beside(corpus, staging, settled, rules, volumes, registered or {}, erased, media_folder,
                      media_links, recaptured or {})  # fmt: skip
        swap(corpus)


def _build_beside(
    corpus: Path, staging: Path, settled: Sequence[Staged], rules: Sequence[GroupRule],
    volumes: Iterable[HashtagVolume], registered: Mapping[str, date], erased: Collection[str],
    media_folder: Path | None, media_links: Iterable[tuple[str, str]], recaptured: Mapping[str, str],
) -> None:  # fmt: skip
    """Make the whole of `corpus.building`."""
    building = _beside(corpus, "building")
    building.mkdir(parents=True)
    spill = building / ".spill"
    config = {"memory_limit": MEMORY_LIMIT, "temp_directory": str(spill), "preserve_insertion_order": False, **SETTINGS}
    with duckdb.connect(":memory:", config=config) as connection:
        connection.execute(UTC)
        _load(connection, staging, settled, erased, recaptured)
        for kind in KINDS:
            _merge(connection, kind)
        _resolve_threads(connection)
        _find_authors(connection, rules, registered)
        find_absent(connection, bool(recaptured))
        _load_media(connection, media_folder or corpus / "none", media_links, staging)
        _write_all(connection, building, settled, volumes)
    shutil.rmtree(spill, ignore_errors=True)


def recover(corpus: Path) -> None:
    """Mend what a killed build left: the previous corpus is back in its place, half-built ones are gone.

    Does nothing while another process is building.
    """
    if any(_beside(corpus, what).exists() for what in ("old", "building")):
        with _alone(corpus, wait=False) as alone:
            if alone:
                _mend(corpus)


@contextmanager
def _alone(corpus: Path, wait: bool) -> Iterator[bool]:
    """Hold the lock of the corpus; yields whether it was got. The system lets go of it when a process is killed."""
    corpus.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(_beside(corpus, "lock"))
    try:
        lock.acquire(timeout=-1 if wait else 0)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def _mend(corpus: Path) -> None:
    old = _beside(corpus, "old")
    if old.exists() and not corpus.exists():
        old.rename(corpus)
    for left in (old, _beside(corpus, "building")):
        shutil.rmtree(left, ignore_errors=True)


def swap(corpus: Path) -> None:
    """Put `corpus.building` in the place of `corpus`."""
    building, old = _beside(corpus, "building"), _beside(corpus, "old")
    for path in sorted(building.rglob("*.parquet")):
        with path.open("rb") as written:
            os.fsync(written.fileno())
    if corpus.exists():
        corpus.rename(old)
    building.rename(corpus)
    shutil.rmtree(old, ignore_errors=True)


def _beside(corpus: Path, what: str) -> Path:
    return corpus.with_name(f"{corpus.name}.{what}" if what != "lock" else f".{corpus.name}.lock")


def _load(
    connection: Any, staging: Path, settled: Sequence[Staged], erased: Collection[str], recaptured: Mapping[str, str]
) -> None:
    """Make `seen_posts`, `seen_comments` (every appearance) and `again_*` (items with several)."""
    folders = [staging / one.capture_id for one in settled]
    settings = pa.table({
        "no": pa.array(range(len(settled)), pa.int64()),
        "capture_id": pa.array([one.capture_id for one in settled], pa.string()),
        "recapture": pa.array([recaptured.get(one.capture_id, "") for one in settled], pa.string()),
        "offset_ms": pa.array([one.offset for one in settled], pa.int64()),
        "zone_basis": pa.array([one.time_basis for one in settled], pa.string()),
        "day_first": pa.array([one.day_first for one in settled], pa.bool_()),
        **{f"{kind}_file": pa.array([str(folder / f"{kind}.parquet") for folder in folders], pa.string())
           for kind in (*KINDS, "quarantine")},
    })  # fmt: skip
    _table_from(connection, "settings", settings)
    _table_from(connection, "erased", pa.table({"id": pa.array(sorted(erased), pa.string())}))
    for kind, schema in zip(KINDS, (POSTS, COMMENTS), strict=True):
        files = [str(folder / f"{kind}.parquet") for folder in folders]
        source = f"read_parquet({_listed(files)}, filename = true)" if files else f"no_{kind}"
        if not files:
            _table_from(connection, source, schema.append(pa.field("filename", pa.string())).empty_table())
        sql = SEEN.format(kind=kind).replace("$source", source).replace("$kept", KEPT if erased else "")
        large = sum(getattr(one, kind) for one in settled) > READ_AGAIN * len(settled)
        connection.execute(f"CREATE TEMP {'VIEW' if large else 'TABLE'} seen_{kind} AS {sql}")
        connection.execute(
            f"CREATE TEMP TABLE again_{kind} AS SELECT item_id FROM seen_{kind} GROUP BY item_id HAVING count(*) > 1"
        )


def _merge(connection: Any, kind: str) -> None:
    """Make `posts` or `comments`: one row an item, `MERGED_AT_ONCE` of those seen more than once at a time."""
    connection.execute(f"CREATE TEMP TABLE repeated_{kind} AS {repeated(kind)}")
    (again,) = connection.execute(f"SELECT count(*) FROM again_{kind}").fetchone()
    parts = 1 + again // MERGED_AT_ONCE
    for part in range(parts):
        into = f"INSERT INTO merged_{kind}" if part else f"CREATE TEMP TABLE merged_{kind} AS"
        connection.execute(f"{into} {merged(kind, part, parts)}")
    connection.execute(f"CREATE TEMP VIEW {kind} AS {items(kind)}")
    connection.execute(
        f"CREATE TEMP TABLE returned_{kind} AS SELECT no, count(*) AS returned FROM "
        f"(FROM repeated_{kind} QUALIFY row_number() OVER (PARTITION BY item_id ORDER BY no, seq) > 1) GROUP BY no"
    )
    connection.execute(f"DROP TABLE repeated_{kind}")


def _table_from(connection: Any, name: str, rows: pa.Table) -> None:
    connection.register("arrow_rows", rows)
    connection.execute(f"CREATE TEMP TABLE {name} AS FROM arrow_rows")
    connection.unregister("arrow_rows")


def _listed(files: Iterable[str]) -> str:
    return "[" + ", ".join("'" + file.replace("'", "''") + "'" for file in files) + "]"


def _resolve_threads(connection: Any) -> None:
    """Make `threads`: of replies that do not answer a top level, root and depth, or the flag that says why none.

    Most comments are at the top level or answer one, which `QUERIES` sees from themselves; the others alone are
    followed up.
    """
    run = connection.execute
    run("CREATE TEMP TABLE deep AS SELECT item_id, parent_id FROM comments ANTI JOIN "
        "(SELECT item_id FROM comments WHERE parent_id IS NULL) AS top ON parent_id = top.item_id "
        "WHERE parent_id IS NOT NULL")  # fmt: skip
    run("CREATE TEMP TABLE chain AS SELECT deep.item_id, parent.parent_id AS root_id, 3 AS depth FROM deep "
        "JOIN (SELECT item_id, parent_id FROM comments ANTI JOIN deep USING (item_id)) AS parent "
        "ON deep.parent_id = parent.item_id")  # fmt: skip
    _follow(connection, "chain", "chain.root_id")
    run("CREATE TEMP TABLE loose AS FROM deep ANTI JOIN chain USING (item_id)")
    run("CREATE TEMP TABLE broken AS SELECT item_id, 'orphan' AS flag, 1 AS depth FROM loose "
        "ANTI JOIN loose AS parent ON loose.parent_id = parent.item_id")  # fmt: skip
    _follow(connection, "broken", "'broken_chain'")
    # What leads up neither to a top level nor to a missing comment goes in a circle.
    run("INSERT INTO broken SELECT item_id, 'parent_cycle', 1 FROM loose ANTI JOIN broken USING (item_id)")
    run("CREATE TEMP VIEW threads AS SELECT item_id, root_id, depth, NULL AS flag FROM chain "
        "UNION ALL SELECT item_id, NULL, NULL, flag FROM broken")  # fmt: skip


def _follow(connection: Any, found: str, told: str) -> None:
    """Add to those `found` their replies, and the replies to these, until there are none."""
    (depth,) = connection.execute(f"SELECT max(depth) FROM {found}").fetchone()
    while connection.execute(
        f"INSERT INTO {found} SELECT deep.item_id, {told}, depth + 1 FROM deep JOIN {found} "
        f"ON deep.parent_id = {found}.item_id WHERE depth = {depth or 0}"
    ).fetchone()[0]:
        depth += 1


def _find_authors(connection: Any, rules: Sequence[GroupRule], registered: Mapping[str, date]) -> None:
    connection.execute(
        "CREATE TEMP TABLE author_names AS "
        "SELECT author, any_value(platform) AS platform, min(published_at) AS first_seen "
        "FROM (SELECT author, platform, published_at FROM posts UNION ALL "
        "SELECT author, platform, published_at FROM comments) WHERE author IS NOT NULL GROUP BY author"
    )
    make_groups(connection, rules, registered)


def _load_media(connection: Any, folder: Path, links: Iterable[tuple[str, str]], staging: Path) -> None:
    """Make `captured_media`, and `linked`: the files of each item, told by its whole id or by the platform's own."""
    _table_from(connection, "captured_media", media.media_table(folder, staging))
    _table_from(connection, "media_links", media.linked_items(folder, links))
    items = " UNION ALL ".join(f"SELECT item_id, substr(item_id, strpos(item_id, ':') + 3) AS native FROM {kind}"
                               for kind in KINDS)  # fmt: skip
    connection.execute(
        "CREATE TEMP TABLE linked AS SELECT item_id, list(DISTINCT media_id ORDER BY media_id) AS files FROM ("
        "SELECT item_id, media_id FROM media_links WHERE item_id IS NOT NULL UNION ALL "
        f"SELECT items.item_id, media_id FROM media_links JOIN ({items}) AS items USING (native)) GROUP BY item_id"
    )


_MEDIA = ("CASE WHEN files IS NULL THEN coalesce(media, []) ELSE list_concat(media, list_filter(files, lambda one: "
          "NOT coalesce(list_contains(media, one), false))) END")  # fmt: skip
_RAW = {
    "posts": ", ".join(f"{name}_raw" for name in COUNTS),
    "comments": "likes_raw, replies_raw AS comments_raw, NULL AS bookmarks_raw, NULL AS shares_raw, NULL AS views_raw",
}


def _flags(more: str = "[]") -> str:
    """All flags of an item, sorted. Hardly any has two, and only then is there anything to sort."""
    own = ("CASE WHEN len(flags) > 0 THEN list_filter(flags, lambda flag: author IS NULL OR NOT list_contains("
           "['author_missing', 'author_by_name_only', 'author_id_damaged'], flag)) ELSE flags END")  # fmt: skip
    found = f"list_concat({own}, text_flags, time_flags, {more})"
    return f"CASE WHEN len({found}) > 1 THEN list_sort(list_distinct({found})) ELSE {found} END"


def _items(kind: str, **made: str) -> str:
    """The columns of an item's table and no others, since all are sorted with the row; some are `made`."""
    return ", ".join(f"{made.get(name, f'items.{name}')} AS {name}" for name in TABLES[kind].schema.names)


_ROOT = "CASE WHEN parent_id IS NULL THEN item_id WHEN flag IS NULL THEN coalesce(threads.root_id, parent_id) END"
_DEPTH = "CASE WHEN parent_id IS NULL THEN 1 WHEN flag IS NULL THEN coalesce(threads.depth, 2) END"

QUERIES = {
    "posts": f"SELECT {_items('posts', post_id='item_id', media=_MEDIA, flags=_flags())} FROM posts AS items "
             "LEFT JOIN linked USING (item_id) ORDER BY post_id",
    "comments": "SELECT "
                + _items("comments", comment_id="item_id", root_id=_ROOT, depth=_DEPTH, media=_MEDIA,
                         flags=_flags("CASE WHEN flag IS NULL THEN [] ELSE [flag] END"))
                + " FROM comments AS items LEFT JOIN threads USING (item_id) LEFT JOIN linked USING (item_id) "
                "ORDER BY post_id, comment_id",
    "authors": 'SELECT author, platform, coalesce("group", \'unknown\') AS "group", '
               "coalesce(basis, 'unknown') AS group_basis, 'unknown' AS actor_type, first_seen "
               "FROM author_names LEFT JOIN grouped USING (author) ORDER BY author",
    "retrievals": "SELECT item_id AS post_id, query, ranking, rank, greatest(max(rank) OVER search, "
                  "count(DISTINCT item_id) OVER search) AS depth, collected_at, account, locale, capture_id FROM "
                  "(FROM seen_posts WHERE query IS NOT NULL QUALIFY row_number() OVER (PARTITION BY no, item_id, "
                  "query, ranking, rank, account, locale ORDER BY seq) = 1) "
                  "WINDOW search AS (PARTITION BY no, query, ranking, account, locale) ORDER BY no, seq",
    "observations": " UNION ALL ".join(
                        f"SELECT no, seq, item_id, collected_at, {_RAW[kind]}, capture_id, line, 'seen' AS state "
                        f"FROM seen_{kind}" for kind in KINDS)
                    + " UNION ALL FROM absent ORDER BY no, seq, item_id",
    "media": "FROM captured_media ORDER BY media_id",
    "volumes": "FROM declared_volumes ORDER BY hashtag, as_of",
    "captures": "SELECT * REPLACE (coalesce(new, 0) AS new), total AS read, total - coalesce(new, 0) - quarantined AS "
                "repeated FROM (SELECT *, coalesce(items, 0) + quarantined AS total FROM capture_facts "
                "JOIN (SELECT no, recapture FROM settings) USING (no) "
                "LEFT JOIN (SELECT no, sum(items)::BIGINT AS items, sum(new)::BIGINT AS new FROM ("
                + " UNION ALL ".join(
                    f"SELECT no, items, items - coalesce(returned, 0) AS new FROM (SELECT no, count(*) AS items FROM "
                    f"seen_{kind} GROUP BY no) LEFT JOIN returned_{kind} USING (no)" for kind in KINDS)
                + ") GROUP BY no) USING (no)) ORDER BY no",
    "quarantine": "SELECT settings.capture_id, line, reason, raw FROM {quarantine} AS broken JOIN settings "
                  "ON broken.filename = settings.quarantine_file ORDER BY no, seq",
}  # fmt: skip
"""What each canonical table holds; columns beyond the schema are left out, missing ones are empty."""


def _write_all(connection: Any, building: Path, settled: Sequence[Staged], volumes: Iterable[HashtagVolume]) -> None:
    schema = TABLES["volumes"].schema
    rows = [dict(zip(HashtagVolume._fields, volume, strict=True)) for volume in volumes]
    _table_from(connection, "declared_volumes", pa.Table.from_pylist(rows, schema))
    facts = ("name", "reader", "guessed", "encoding", "quarantined", "time_zone", "time_zone_basis")
    _table_from(connection, "capture_facts", pa.table({
        "no": pa.array(range(len(settled)), pa.int64()),
        "capture_id": pa.array([one.capture_id for one in settled], pa.string()),
        **{name: pa.array([getattr(one, name) for one in settled], TABLES["captures"].schema.field(name).type)
           for name in facts},
    }))  # fmt: skip
    files = [row[0] for row in connection.execute("SELECT quarantine_file FROM settings ORDER BY no").fetchall()]
    for name, query in QUERIES.items():
        if name == "quarantine":
            if not files:
                query = "SELECT NULL AS line WHERE false"
            query = query.replace("{quarantine}", f"read_parquet({_listed(files)}, filename = true)")
        _write(connection, query, TABLES[name].schema, building / name / "part-0.parquet")


def _write(connection: Any, query: str, schema: pa.Schema, path: Path) -> None:
    """Write the rows of a query, in its order, in row groups of one size."""
    path.parent.mkdir()
    reader = connection.execute(query).to_arrow_reader(ROW_GROUP)
    repeating = [f"{field.name}.list.element" if pa.types.is_list(field.type) else field.name
                 for field in schema if field.name not in SELDOM_TWICE]  # fmt: skip
    with pq.ParquetWriter(path, schema, compression="zstd", use_dictionary=repeating) as writer:
        waiting = schema.empty_table()
        for batch in reader:
            waiting = pa.concat_tables([waiting, _conformed(pa.Table.from_batches([batch]), schema)])
            while waiting.num_rows >= ROW_GROUP:
                writer.write_table(waiting.slice(0, ROW_GROUP).combine_chunks())
                waiting = waiting.slice(ROW_GROUP)
        if waiting.num_rows:
            writer.write_table(waiting.combine_chunks())


def _conformed(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    names = set(rows.column_names)
    columns = []
    for field in schema:
        there = field.name in names
        columns.append(rows.column(field.name).cast(field.type) if there else pa.nulls(rows.num_rows, field.type))
    return pa.table(columns, schema=schema)
