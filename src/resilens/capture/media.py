"""Which pictures and recordings were captured, and to which items do they belong?

They lie in `captures/media/`, named by their hash and read-only; a transcript lies beside its recording under the same
hash. Who added which file when, and to which items it belongs (by the platform's id of the item, or its whole id), is
on the record. A name that a file had is not kept, since it may name a person. The table `media` is made from the
folder, and an item's `media` names the hashes of its own files; both are found anew whenever the corpus is built, so
items may come later.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pyarrow as pa

from resilens import files
from resilens.capture import values
from resilens.capture.files import Record as Row
from resilens.capture.files import Source
from resilens.capture.pictures import Measured, kind_of, measure
from resilens.capture.transcripts import ENDINGS, is_transcript, transcript
from resilens.corpus.schema import TABLES
from resilens.errors import Fault, InputError
from resilens.record.events import ActorKind, Draft
from resilens.record.store import Record

SYNTHETIC = b"SYNTHETIC"
_NATIVE = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-f]{24}|\d{15,20}|BV[0-9A-Za-z]{10})(?![0-9A-Za-z])")
_HASH = re.compile(r"[0-9a-f]{64}")
_ITEM = re.compile(r"[a-z]+:[pc]:\S+")


@dataclass(frozen=True, slots=True)
class Found:
    """Media among files that are to be added.

    Parameters
    ----------
    media
        Pictures and recordings, each with the ids of its items: from a table, or from its own name.
    transcripts
        The transcript of a recording, by the recording.
    tables
        Two-column tables that say which file belongs to which item.
    rest
        All other files.
    """

    media: Mapping[Path, frozenset[str]] = field(default_factory=dict)
    transcripts: Mapping[Path, Path] = field(default_factory=dict)
    tables: tuple[Path, ...] = ()
    rest: tuple[Path, ...] = ()


def parted(paths: Iterable[Path]) -> Found:
    """Tell pictures and recordings, with what belongs to them, from captures."""
    given = list(paths)
    media = [path for path in given if kind_of(path)]
    if not media:
        return Found(rest=tuple(given))
    by_name = {(path.parent, path.stem): path for path in media}
    transcripts, tables, linked, rest = {}, [], dict.fromkeys(media, frozenset[str]()), []
    for path in (path for path in given if path not in linked):
        recording = _recording(path, by_name)
        table = _linked_by(path, media) if recording is None else {}
        if recording is not None and recording not in transcripts:
            transcripts[recording] = path
        elif table:
            tables.append(path)
            for file, items in table.items():
                linked[file] |= items
        else:
            rest.append(path)
    named = {path: items or frozenset(_NATIVE.findall(path.stem)) for path, items in linked.items()}
    return Found(named, transcripts, tuple(tables), tuple(rest))


def _recording(path: Path, by_name: Mapping[tuple[Path, str], Path]) -> Path | None:
    """The recording of which a file is the transcript: `clip.srt` or `clip.en.srt` beside `clip.mp4`."""
    if path.suffix.lower() not in ENDINGS or not is_transcript(path):
        return None
    return by_name.get((path.parent, path.stem)) or by_name.get((path.parent, path.stem.rpartition(".")[0]))


def _linked_by(path: Path, media: Collection[Path]) -> dict[Path, frozenset[str]]:
    """What a two-column table (file, item) says of the media; empty where it is no such table."""
    if kind_of(path) or path.stat().st_size > 1 << 26:
        return {}
    source = Source(path)
    try:
        if source.format not in ("csv", "xlsx") or len(source.head.columns) != 2:
            return {}
        rows = [list(one.values.values()) for one in source.records() if isinstance(one, Row)]
    except InputError:
        return {}
    names = {name: file for file in media for name in (file.name, file.stem)}
    linked: dict[Path, frozenset[str]] = {}
    header = [list(source.head.columns)]
    for name, item in (row for row in header + rows if len(row) == 2):
        file, native = names.get(str(name).strip().rpartition("/")[2]), values.identifier(item)
        if file is not None and native:
            linked[file] = linked.get(file, frozenset()) | {native}
    return linked if len(linked) * 2 > len(rows) else {}


def add_media(
    found: Found, folder: Path, record: Record, *, synthetic: bool = False, actor: str = "researcher",
    actor_kind: ActorKind = "human",
) -> tuple[list[str], list[Fault]]:  # fmt: skip
    """Keep media with their transcripts and put them on the record; what was kept in words, and what was refused.

    The files come first: where the record was not reached, the same again finds them there and puts them on it.

    Parameters
    ----------
    found
        From `parted`.
    folder
        The study's `captures/media/`.
    record
        The study's.
    synthetic
        Whether the study is declared synthetic; a made-up picture says so in the file and is refused elsewhere.
    actor, actor_kind
        Who adds them.
    """
    refused: list[Fault] = []
    kept: dict[str, frozenset[str]] = {}
    known = new = said = 0
    for path, items in found.media.items():
        try:
            measure(path)
            if not synthetic and _made_up(path):
                raise InputError(Fault("this picture is SYNTHETIC, and this study is not", path.name))
        except InputError as error:
            refused += error.faults
            continue
        media_id = files.sha256_of(path)
        new += not any(folder.glob(f"{media_id}.*"))
        known += 1
        _keep(path, folder / f"{media_id}{path.suffix.lower()}")
        if path in found.transcripts:
            said += 1
            words = found.transcripts[path]
            _keep(words, folder / f"{media_id}{words.suffix.lower()}")
        kept[media_id] = kept.get(media_id, frozenset()) | items
    if not known:
        return [], refused
    put_on_record(kept, folder, record, actor, actor_kind)
    alone = sum(not items for items in kept.values())
    lines = [f"{known:,} pictures and recordings ({new:,} new), {said:,} with a transcript; "
             f"{len(kept) - alone:,} name an item, {alone:,} do not"]  # fmt: skip
    return lines, refused


def put_on_record(
    kept: Mapping[str, Collection[str]], folder: Path, record: Record, actor: str, actor_kind: ActorKind
) -> None:
    """Say on the record which files are kept and to which items they belong, as far as it does not say so already.

    Parameters
    ----------
    kept
        Items by the hash of the file.
    folder, record
        The study's `captures/media/`, where the files lie by now, and its record.
    actor, actor_kind
        Who adds them.
    """
    there, known = media_ids(folder), {row["media_id"]: row for row in record.view("media")}
    linked, drafts = links(record), []
    for media_id, items in kept.items():
        body = {"media_id": media_id, "kind": kind_of(there[media_id]) or "other",
                "size": there[media_id].stat().st_size, "transcript": _transcript_hash(there[media_id])}  # fmt: skip
        if body.items() - known.get(media_id, {}).items():
            drafts.append(Draft("media.added", media_id, body, actor, actor_kind))
        drafts += [Draft("media.linked", media_id, {"media_id": media_id, "item": item}, actor, actor_kind)
                   for item in sorted(items) if (media_id, item) not in linked]  # fmt: skip
    record.append_all(drafts)


def damage(folder: Path, record: Record) -> Iterator[tuple[str, str]]:
    """Files, by their hash, that are not what the record says was added, with what is wrong."""
    there = media_ids(folder)
    for row in record.view("media"):
        path = there.get(row["media_id"])
        if path is None:
            yield row["media_id"], "the file is missing; bring it back under this name"
        elif files.sha256_of(path) != row["media_id"]:
            yield row["media_id"], "the file was changed after it was added; bring back the original"
        elif _transcript_hash(path) != row["transcript"]:
            yield row["media_id"], "its transcript was changed after it was added; bring back the original"


def _words_of(path: Path) -> Path | None:
    """The transcript beside a recording."""
    return next((path.with_suffix(one) for one in ENDINGS if path.with_suffix(one).exists()), None)


def _transcript_hash(path: Path) -> str:
    words = _words_of(path)
    return files.sha256_of(words) if words else ""


def _made_up(path: Path) -> bool:
    with path.open("rb") as opened:
        return SYNTHETIC in opened.read(4096)


def _keep(path: Path, kept: Path) -> None:
    if not kept.exists():
        with files.replacing(kept, mode=0o444) as temporary:
            shutil.copyfile(path, temporary)


def links(record: Record) -> set[tuple[str, str]]:
    """What belongs to what: hash of the file, and the id of an item."""
    return {(row["media_id"], row["item"]) for row in record.view("media_links")}


def media_ids(folder: Path) -> dict[str, Path]:
    """Every file of the folder by its hash, in their order; transcripts are none."""
    found = (path for path in sorted(folder.glob("[0-9a-f]*")) if path.suffix not in ENDINGS)
    return {path.stem: path for path in found}


def hash_in(reference: str) -> str:
    """The hash in a reference of an item to a file (`HASH`, `HASH.ending`); empty where it names no kept file."""
    name = reference.rpartition("/")[2].partition(".")[0]
    return name if _HASH.fullmatch(name) else ""


def media_file(folder: Path, wanted: str) -> Path | None:
    """The kept file of that hash, or None; no other file is ever found, whatever is asked for."""
    if not _HASH.fullmatch(wanted):
        return None
    found = (path for path in sorted(folder.glob(f"{wanted}.*")) if path.suffix not in ENDINGS)
    plain = folder / wanted
    return next(found, plain if plain.is_file() else None)


def media_table(folder: Path, staging: Path) -> pa.Table:
    """The canonical table `media`: measured once, and remembered in the staging folder."""
    return pa.Table.from_pylist(list(_rows(folder, staging)), TABLES["media"].schema)


def _rows(folder: Path, staging: Path) -> Iterator[dict[str, object]]:
    for media_id, path in media_ids(folder).items():
        remembered = staging / "media" / f"{media_id}.json"
        try:
            measured = Measured(**json.loads(remembered.read_bytes()))
        except (FileNotFoundError, ValueError, TypeError):
            measured = _measured(path)
            files.write_text(remembered, json.dumps(asdict(measured)))
        words = _words_of(path)
        yield asdict(measured) | {"media_id": media_id, "transcript": transcript(words) if words else None}


def _measured(path: Path) -> Measured:
    """What is known of a file that is kept; of one that is damaged (it came with a project) only that it is there."""
    try:
        return measure(path)
    except InputError:
        return Measured("other")


def linked_items(folder: Path, pairs: Iterable[tuple[str, str]]) -> pa.Table:
    """The links for the engine: media_id, native (a platform's own id) and item_id (a whole one), one of them empty."""
    there = media_ids(folder)
    pairs = sorted((media_id, item) for media_id, item in pairs if media_id in there)
    whole = [item if _ITEM.fullmatch(item) else None for _, item in pairs]
    return pa.table({
        "media_id": pa.array([media_id for media_id, _ in pairs], pa.string()),
        "native": pa.array([None if one else item for (_, item), one in zip(pairs, whole, strict=True)], pa.string()),
        "item_id": pa.array(whole, pa.string()),
    })  # fmt: skip
