"""What does a simulation leave on disk? A capture that `add` adopts, the truth beside it, codings, a study file.

    DIR/study.toml                    a study of this world, declared synthetic, ready for `resilens add`
    DIR/simulated/posts.parquet       the capture: posts and comments in canonical columns, as seen on the day of
    DIR/simulated/comments.parquet    collection (and posts-earlier, comments-earlier of an earlier capture)
    DIR/truth/                        items, users, macro, events: what no analysis reads
    DIR/media/                        the placeholder pictures that posts name, for worlds that are not large
    DIR/codings.csv                   what two coders with stated errors made of some threads
    DIR/world.json, DIR/meta.json     every parameter; seed, version, counts, what a lexicon should find

Everything is written a chunk at a time into row groups of one size, so memory is bounded and the bytes depend on the
world and the seed alone.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from resilens import files
from resilens.errors import Fault, InputError
from resilens.simulate import coders, naming, observation
from resilens.simulate.pictures import write_pictures
from resilens.simulate.simulation import Batch, Simulation
from resilens.simulate.studying import study_file
from resilens.simulate.tables import COMMENTS, ITEMS, POSTS, SEARCHED, USERS, Rows, moments
from resilens.simulate.text import Expected, expected
from resilens.simulate.threads import POSTS_A_CHUNK
from resilens.simulate.world import ACTIVE, CLASSES, GROUPS, STATES, World
from resilens.simulate.zeeschuimer import RANKINGS_ASIDE, CommentsExport, PostsExport

ROW_GROUP = 1 << 17
USERS_AT_ONCE = 1 << 19
SYNTHETIC = b"resilens.synthetic"
UNIQUE = {"post_id", "comment_id", "item_id", "parent_id", "second_item", "author", "url", "text"}
"""Columns of words that hardly ever repeat a value: a dictionary of them, as of numbers, would only cost time, and so
would their smallest and largest."""
EARLIER = "-earlier"
"""What the names of the files of an earlier capture end in."""

Progress = Callable[[str, int, int | None], None]


@dataclass
class Written:
    """What came out: how many items there are and were captured, and what a lexicon should find among them."""

    folder: Path
    posts: int = 0
    comments: int = 0
    captured_posts: int = 0
    captured_comments: int = 0
    users: int = 0
    codings: int = 0
    carrying: Counter[str] = field(default_factory=Counter)
    lexica: list[Expected] = field(default_factory=list)


def write(
    simulation: Simulation, folder: Path, *, layout: str = "canonical", posts_a_chunk: int = POSTS_A_CHUNK,
    progress: Progress | None = None,
) -> Written:  # fmt: skip
    """Run a simulation and write everything it gives into a folder.

    Parameters
    ----------
    folder
        Made where it is missing. What a simulation wrote there before is replaced; anything else is not touched.
    layout
        How the capture is written: `canonical` or `zeeschuimer`.
    posts_a_chunk
        About how many posts are in memory at once, times a few; it changes no byte.
    progress
        Told how many items were written.

    Raises
    ------
    InputError
        If the folder holds something that no simulation wrote, or it cannot be written.
    """
    result = Written(folder)
    rows = Rows(simulation)
    try:
        _clear(folder)
        folder.mkdir(parents=True, exist_ok=True)
        said = simulation.world.model_dump(mode="json", by_alias=True, exclude_none=True)
        files.write_text(folder / "world.json", json.dumps(said, ensure_ascii=False, indent=1) + "\n")
        for made in ("simulated", "truth"):
            (folder / made).mkdir(exist_ok=True)
        simulation.get_ready()
        found = _found_by_search(simulation, posts_a_chunk)
        with _outputs(simulation, folder, layout) as out, ThreadPoolExecutor(1) as aside:
            users = aside.submit(_write_users, simulation, rows, folder)
            for batch in simulation.mapped(partial(_rendered, simulation, rows, found), posts_a_chunk):
                _write_batch(batch, out, result)
                if progress:
                    progress("simulating", result.posts + result.comments, simulation.world.items or None)
        result.users = users.result()
        _write_macro(simulation, folder)
        _write_events(simulation, folder)
        _write_words(simulation, folder, result)
        write_pictures(simulation, folder)
    except OSError as error:
        raise InputError(Fault(f"cannot be written: {error.strerror}", str(folder))) from error
    return result


def _clear(folder: Path) -> None:
    """Take away what a simulation wrote before; refuse a folder with anything else in its place."""
    if folder.exists() and not folder.is_dir():
        raise InputError(Fault("is a file; name a folder for the simulation", str(folder)))
    ours = (folder / "world.json").is_file() or not folder.exists() or not any(folder.iterdir())
    if ours:
        _clear_study(folder)
        unfinished = (*folder.glob(".*.tmp"), *folder.glob("truth/.*.tmp"), *folder.glob("simulated/.*.tmp"))
        written = [*unfinished, folder / "meta.json", folder / "codings.csv", *folder.glob("truth/*.parquet"),
                   *folder.glob("simulated/*.parquet"), *folder.glob("simulated/*.ndjson"),
                   *folder.glob(f"simulated/{RANKINGS_ASIDE}*/*.ndjson")]  # fmt: skip
        for path in written:
            path.unlink(missing_ok=True)
        return
    raise InputError(Fault("there is something here that no simulation wrote; name another folder", str(folder)))


def _clear_study(folder: Path) -> None:
    """Take away the study file, unless somebody changed it: meta.json knows it as it was written."""
    study, meta = folder / "study.toml", folder / "meta.json"
    if study.is_file() and meta.is_file():
        known = json.loads(meta.read_text("utf-8")).get("study_sha256")
        if known == hashlib.sha256(study.read_bytes()).hexdigest():
            study.unlink()


def _collections(world: World) -> list[float]:
    """The days of the capture, and of an earlier one where there is one."""
    days = (world.day(world.observation.collected), world.day(world.observation.earlier))
    return [day for day in days if day is not None]


class _Part:
    """A Parquet file written in row groups of one size, whatever the size of what comes."""

    def __init__(self, path: Path, schema: pa.Schema, mark: bytes) -> None:
        self._temporary, self._path = path.with_name(f".{path.name}.tmp"), path
        self._schema = schema.with_metadata({SYNTHETIC: mark})
        plain = [column.name for column in schema if column.name not in UNIQUE]
        short = [name for name in plain if _worded(schema.field(name).type)]
        self._writer = pq.ParquetWriter(self._temporary, self._schema, compression="zstd", compression_level=1,
                                        use_dictionary=short, write_statistics=plain)  # fmt: skip
        self._waiting: list[pa.Table] = []
        self._size = 0

    def add(self, rows: pa.Table, _authors: object = None) -> None:
        self._waiting.append(rows.replace_schema_metadata(self._schema.metadata))
        self._size += rows.num_rows
        while self._size >= ROW_GROUP:
            every = pa.concat_tables(self._waiting)
            self._writer.write_table(every.slice(0, ROW_GROUP).combine_chunks(), row_group_size=ROW_GROUP)
            self._waiting = [every.slice(ROW_GROUP)]
            self._size -= ROW_GROUP

    def close(self, complete: bool) -> None:
        if self._size and complete:
            self._writer.write_table(pa.concat_tables(self._waiting).combine_chunks(), row_group_size=ROW_GROUP)
        self._writer.close()
        if complete:
            self._temporary.replace(self._path)
        else:
            self._temporary.unlink(missing_ok=True)


def _worded(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_dictionary(kind) or pa.types.is_list(kind))


@dataclass
class _Outputs:
    captures: list[tuple[float, Any, Any]]  # day, posts, comments
    items: _Part
    codings: Any


@contextmanager
def _outputs(simulation: Simulation, folder: Path, layout: str) -> Iterator[_Outputs]:
    """Every file that is written batch by batch; none gets its name before all are complete."""
    captures = [(day, *_capture(simulation, folder / "simulated", suffix, layout))
                for day, suffix in zip(_collections(simulation.world), ("", EARLIER), strict=False)]  # fmt: skip
    items = _Part(folder / "truth" / "items.parquet", ITEMS, mark(simulation))
    parts = [items, *(part for _, *both in captures for part in both)]
    complete = False
    with ExitStack() as stack:
        temporary = stack.enter_context(files.replacing(folder / "codings.csv"))
        coded = stack.enter_context(temporary.open("w", encoding="utf-8", newline=""))
        coded.write(coders.header())
        try:
            yield _Outputs(captures, items, coded)
            complete = True
        finally:
            for one in parts:
                one.close(complete)


def _capture(simulation: Simulation, folder: Path, suffix: str, layout: str) -> tuple[Any, Any]:
    """Where the posts and the comments of one collection go."""
    said = mark(simulation)
    if layout == "zeeschuimer":
        accounts = partial(naming.account_ids, simulation.streams)
        return (PostsExport(folder / f"posts{suffix}.ndjson", said.decode(), accounts),
                CommentsExport(folder / f"comments{suffix}.ndjson", said.decode(), accounts))  # fmt: skip
    searched = simulation.world.observation.capture == "search"
    posts = POSTS if searched else pa.schema([one for one in POSTS if one.name not in dict(SEARCHED)])
    return (_Part(folder / f"posts{suffix}.parquet", posts, said),
            _Part(folder / f"comments{suffix}.parquet", COMMENTS, said))  # fmt: skip


def mark(simulation: Simulation) -> bytes:
    """What marks a file as synthetic."""
    return f"world {simulation.world.name}, seed {simulation.seed}".encode()


@dataclass(frozen=True)
class _Rendered:
    """The rows that a batch gives: of each collection, posts, comments and their authors; truth; codings."""

    captures: list[tuple[tuple[pa.Table, Any], tuple[pa.Table, Any]]]
    posts: int
    seen_posts: int
    truth: pa.Table
    codings: list[coders.Coding]
    carrying: Counter[str]


def _rendered(simulation: Simulation, rows: Rows, found: dict[int, _Found] | None, batch: Batch) -> _Rendered:
    names = rows.names(batch)
    truth = rows.truth(batch, names)
    captures, seen = [], []
    for number, day in enumerate(_collections(simulation.world)):
        visible_posts, visible = observation.seen(batch.chunk, simulation.users, day)
        if found is not None:
            visible_posts &= np.isin(batch.chunk.posts.id, found[number].ids)
            visible &= visible_posts[batch.chunk.comments.post]
        shown = observation.shown(batch.chunk, visible, simulation.streams)
        likes = observation.comment_likes(batch.chunk.comments, simulation.streams)
        kept = observation.top(batch.chunk, visible, likes, simulation.world.observation.top_comments)
        own, answers = np.flatnonzero(visible_posts), np.flatnonzero(kept)
        posts = rows.posts(batch, shown, own, day, names)
        if found is not None:
            posts, repeated = found[number].appearances(posts, batch.chunk.posts.id[own])
            own = own[repeated]
        else:
            posts = posts.drop_columns([name for name, _ in SEARCHED])
        comments = rows.comments(batch, visible, answers, day, names)
        captures.append(((posts, batch.chunk.posts.author[own]), (comments, batch.chunk.comments.author[answers])))
        seen.append((visible_posts, kept))
    return _Rendered(captures, batch.chunk.posts.size, int(seen[0][0].sum()), truth,
                     _codings(simulation, batch, truth, *seen[0]), _carrying(simulation, batch))  # fmt: skip


def _carrying(simulation: Simulation, batch: Batch) -> Counter[str]:
    """How many items carry each code."""
    found: Counter[str] = Counter()
    for items in (batch.chunk.posts, batch.chunk.comments):
        for column in (items.practice, items.stage, *items.marks.T):
            places, many = np.unique(column[column >= 0], return_counts=True)
            found.update({simulation.vocabulary.codes[place]: int(count)
                          for place, count in zip(places, many, strict=True)})  # fmt: skip
    return found


def _codings(
    simulation: Simulation, batch: Batch, truth: pa.Table, seen_posts: observation.Chosen, kept: observation.Chosen
) -> list[coders.Coding]:
    """The codings of a random set of captured threads: each thread with the same chance, `coders.threads` expected."""
    world, posts = simulation.world, batch.chunk.posts
    share = world.coders.threads / max(1.0, simulation.conversations.expected_posts)
    chosen = (simulation.streams.uniform("post.coded", posts.id) < share) & seen_posts
    of_comments = chosen[batch.chunk.comments.post] & kept
    picked = np.flatnonzero(np.concatenate([chosen, of_comments])[batch.chunk.thread_order])
    codes = simulation.vocabulary.codes
    return list(coders.codings(world, simulation.streams, codes, truth.take(pa.array(picked)))) if picked.size else []


def _write_batch(batch: _Rendered, out: _Outputs, result: Written) -> None:
    for (_, *parts), rows in zip(out.captures, batch.captures, strict=True):
        for part, (table, authors) in zip(parts, rows, strict=True):
            part.add(table, authors)
    out.items.add(batch.truth)
    out.codings.write(coders.lines(batch.codings))
    result.posts += batch.posts
    result.comments += batch.truth.num_rows - batch.posts
    result.captured_posts += batch.seen_posts
    result.captured_comments += batch.captures[0][1][0].num_rows
    result.codings += len(batch.codings)
    result.carrying.update(batch.carrying)


def _write_users(simulation: Simulation, rows: Rows, folder: Path) -> int:
    """Write the truth of every account that joins; how many there are."""
    part, joined = _Part(folder / "truth" / "users.parquet", USERS, mark(simulation)), 0
    for first in range(0, simulation.users.size, USERS_AT_ONCE):
        table = rows.users(first, min(first + USERS_AT_ONCE, simulation.users.size))
        part.add(table)
        joined += table.num_rows
    part.close(True)
    return joined


def _write_macro(simulation: Simulation, folder: Path) -> None:
    """One row a step: people by group, class and state, and the rates of the step that begins there."""
    path = simulation.path
    columns: dict[str, Any] = {"at": moments(simulation, path.times), "day": path.times}
    for group, name in enumerate(GROUPS):
        for kind, kind_name in enumerate(CLASSES):
            for state, state_name in enumerate(STATES):
                columns[f"{name}_{kind_name}_{state_name}"] = path.counts[:, group, kind, state]
    for name, rate in (("welcome", path.welcome), ("balance", path.balance)):
        columns[name] = np.append(rate, rate[-1])
    for group, name in enumerate(GROUPS):
        for state, state_name in enumerate(("P", *ACTIVE)):
            columns[f"{name}_onward_{state_name}"] = np.append(path.hazards[:, group, 0, state],
                                                              path.hazards[-1, group, 0, state])  # fmt: skip
            columns[f"{name}_leaving_{state_name}"] = np.append(path.leaving[:, group, 0, state],
                                                               path.leaving[-1, group, 0, state])  # fmt: skip
    columns |= {"views": path.views, "discussions": path.discussions}
    _write_whole(pa.table(columns), folder / "truth" / "macro.parquet", simulation)


def _write_events(simulation: Simulation, folder: Path) -> None:
    """What happens when: the event and its milestones, translation, births of practices, collections."""
    world = simulation.world
    event, later = world.event, world.stages.codes[1:]
    happened = [("deadline", event.name, event.deadline), ("postponed", event.name, event.postponed),
                ("translation", "translation arrives", event.translation),
                *(("milestone", one.name, one.at) for one in event.milestones),
                *(("birth", one.code, one.birth) for one in world.practices),
                *(("stage", name, at) for name, at in zip(later, world.stages.change_points, strict=False)),
                ("collected", "capture", world.observation.collected),
                ("collected", "earlier capture", world.observation.earlier)]  # fmt: skip
    dated = sorted({(world.day(at) or 0.0, kind, name) for kind, name, at in happened if at})
    table = pa.table({
        "at": moments(simulation, np.array([day for day, _, _ in dated])),
        "kind": pa.array([kind for _, kind, _ in dated], pa.string()),
        "name": pa.array([name for _, _, name in dated], pa.string()),
    })  # fmt: skip
    _write_whole(table, folder / "truth" / "events.parquet", simulation)


def _write_whole(table: pa.Table, path: Path, simulation: Simulation) -> None:
    part = _Part(path, table.schema, mark(simulation))
    part.add(table)
    part.close(True)


def _write_words(simulation: Simulation, folder: Path, result: Written) -> None:
    """The study file, and what was written."""
    from resilens import __version__

    world, study = simulation.world, study_file(simulation.world, simulation.seed)
    if not (folder / "study.toml").exists():
        files.write_text(folder / "study.toml", study)
    result.lexica = expected(world, dict(result.carrying), result.posts + result.comments)
    counts = {name: getattr(result, name) for name in ("posts", "comments", "captured_posts", "captured_comments",
                                                       "users", "codings")}  # fmt: skip
    meta = {
        "synthetic": True, "seed": simulation.seed, "version": __version__, "world": world.name,
        "scenario": "baseline", "counts": counts, "share_of_threads": simulation.conversations.scale,
        "study_sha256": hashlib.sha256(study.encode()).hexdigest(),
        "carrying": dict(sorted(result.carrying.items())), "lexica": [asdict(one) for one in result.lexica],
    }  # fmt: skip
    files.write_text(folder / "meta.json", json.dumps(meta, ensure_ascii=False, indent=1) + "\n")


@dataclass(frozen=True)
class _Found:
    """What the searches of one collection returned."""

    ids: Any
    by_post: dict[int, list[tuple[str, str, int]]]

    def appearances(self, posts: pa.Table, ids: Any) -> tuple[pa.Table, list[int]]:
        """A row for every search that returned a post, and which post each row is."""
        place, query, ranking, rank = [], [], [], []
        for row, native in enumerate(ids.tolist()):
            for one in self.by_post[native]:
                place.append(row)
                query.append(one[0])
                ranking.append(one[1])
                rank.append(one[2])
        repeated = posts.take(pa.array(place, pa.int64()))
        for name, values in (("query", query), ("ranking", ranking), ("rank", rank)):
            column = POSTS.field(name)
            repeated = repeated.set_column(repeated.schema.get_field_index(name), column, pa.array(values, column.type))
        return repeated, place


def _found_by_search(simulation: Simulation, posts_a_chunk: int) -> dict[int, _Found] | None:
    """What the searches return, from a first pass over all posts; None where everything is captured."""
    world = simulation.world
    if world.observation.capture != "search":
        return None
    found = {}
    days = _collections(world)
    passes: list[list[Any]] = [[] for _ in days]
    for batch in simulation.batches(posts_a_chunk):
        for number, day in enumerate(days):
            posts, comments = observation.seen(batch.chunk, simulation.users, day)
            shown = observation.shown(batch.chunk, comments, simulation.streams)
            passes[number].append((batch.chunk.posts.id[posts], batch.masks[posts],
                                   *(getattr(shown, name)[posts] for name in world.observation.rankings)))  # fmt: skip
    for number, parts in enumerate(passes):
        ids, masks, *counts = (np.concatenate(column) for column in zip(*parts, strict=True))
        by_post: dict[int, list[tuple[str, str, int]]] = {}
        ranked = observation.searches(world, ids, masks, dict(zip(world.observation.rankings, counts, strict=True)),
                                      simulation.streams)  # fmt: skip
        for one in ranked:
            for post, rank in zip(one.posts.tolist(), one.ranks.tolist(), strict=True):
                by_post.setdefault(int(ids[post]), []).append((one.query, one.ranking, rank))
        found[number] = _Found(np.array(sorted(by_post), np.uint64), by_post)
    return found
