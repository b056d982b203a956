"""How does a coder work in another place, without the study? A packet goes out with one coder's part of a round.

A packet is one file: a record (SQLite) of its own, with the coder's items, the codebook and the coder's own codings;
beside it lies, in a table, what the workbench needs to show them. Of the other coders it holds nothing. Whatever is
done in it stands in that file as soon as it is saved, so a copy can be sent back at any time. Pictures that are
withheld stay behind; the others go along as they were captured, for they are what is coded.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from resilens import __version__, files
from resilens.coding.assignments import reading
from resilens.coding.codebook import Version, latest
from resilens.coding.codebook_file import to_toml
from resilens.coding.material import Material
from resilens.coding.rounds import opening, round_of
from resilens.corpus.engine import Corpus
from resilens.errors import Fault, InputError
from resilens.record.events import Draft, Event
from resilens.record.sqlite import APPLICATION
from resilens.record.store import Record
from resilens.study.folder import Folder

ENDING = ".packet"
ABOUT = "packet.json"
FORMAT = 1
OWN = ("coding.set", "coding.removed", "memo.written", "memo.removed", "coder.finished", "coder.resumed")
"""What a coder does in a round, and so in a packet of it."""

SHARED = ("translation.added", "translation.removed", "translation.accepted", "translation.unaccepted")


@dataclass(frozen=True)
class PacketFolder(Folder):
    """Where a packet's files lie while it is open; its record is the packet itself."""

    packet: Path = Path()
    packed = True

    @property
    def record(self) -> Path:
        return self.packet


@dataclass(frozen=True, slots=True)
class About:
    """What a packet is.

    Parameters
    ----------
    study, round_id, coder
        The title of the study, the round, and whose packet it is.
    opened
        The event that opened the round: what a packet is recognised by when it comes home.
    codebook_version, codebook_sha256
        The codebook it was made with.
    items
        How many items are to be coded.
    made_with
        The version of Resilens.
    """

    study: str
    round_id: str
    coder: str
    opened: str
    codebook_version: int
    codebook_sha256: str
    items: int
    made_with: str = __version__
    format: int = FORMAT


def make_packet(
    folder: Folder, title: str, record: Record, corpus: Corpus, material: Material, round_id: str, coder: str,
    path: Path,
) -> About:  # fmt: skip
    """Write a coder's packet of a round to a new file.

    Parameters
    ----------
    folder, title, record, corpus
        The study.
    material
        What the round is about.
    round_id, coder
        The round, which is open and independent, and one of its coders.
    path
        The file to make.

    Raises
    ------
    InputError
        If the round is not open or is read together, the coder is none of its coders, or there is such a file.
    """
    asked = round_of(record, round_id)
    if coder not in asked.coders:
        raise InputError(f"{coder} does not code in {round_id}; {', '.join(asked.coders)} do")
    if asked.mode == "joint":
        raise InputError(f"{round_id} is read together, which one cannot do alone; open an independent round")
    if not asked.open:
        raise InputError(f"{round_id} is {asked.state}; what was coded in it changes no more")
    if path.exists():
        raise InputError(Fault("is there already, and may hold work; choose another name", path.name))
    mine = [item.item_id for item in reading(asked, coder, material)]
    version = latest(record)
    if version is None or not mine:
        raise InputError(f"there is nothing for {coder} to code in {round_id}")
    opened = [event for event in record.events("round.opened") if event.round_id == round_id][-1]
    about = About(title, round_id, coder, str(opened.event_id), version.number, version.codebook.sha256, len(mine))
    shown = [item.item_id for post in {material.threads.item(name).post_id: None for name in mine}  # type: ignore[union-attr]
             for item in material.threads.thread(post)]  # fmt: skip
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as made:
        _write_record(Path(made) / "record", record, about, version, mine)
        withheld = record.distinct("redactions", "media_id", withheld=True)
        _write_files(Path(made) / "record", folder, corpus, about, version, shown, withheld)
        (Path(made) / "record").replace(path)
    return about


def _write_record(path: Path, record: Record, about: About, version: Version, mine: list[str]) -> None:
    """A record with the codebook, the round as this coder has it, shared translations, and the coder's own work."""
    body = {"codebook": version.codebook.content, "sha256": version.codebook.sha256, "reason": f"of {about.study}"}
    begun = [
        Draft("codebook.changed", "codebook", body, about.coder, "import", codebook_version=version.number),
        opening(about.round_id, "independent", [about.coder], about.coder, "import", items=mine,
                codebook_version=version.number),
    ]  # fmt: skip
    known = set(mine)
    shared = [draft_of(event) for kind in SHARED for event in record.events(kind)
              if event.body and event.body.get("item_id") in known]  # fmt: skip
    own = [draft_of(event) for event in own_events(record, about.round_id, about.coder)]
    with Record.open(path, always_whole=True) as packet:
        packet.append_all([*begun, *shared, *own])


def own_events(record: Record, round_id: str, coder: str) -> list[Event]:
    """What a coder did in a round, in the order in which it stands on the record."""
    found: list[Event] = []
    event = record.latest(coder, round_id)
    while event is not None:
        if event.kind in OWN and event.body is not None:
            found.append(event)
        event = record.latest(coder, round_id, event.seq)
    return found[::-1]


def draft_of(event: Event) -> Draft:
    """The event as it is said again on another record, under its own identifier and time."""
    assert event.body is not None
    return Draft(event.kind, event.subject, event.body, event.actor, event.actor_kind, event.round_id,
                 event.codebook_version, event.event_id, event.at)  # fmt: skip


def _write_files(
    path: Path, folder: Folder, corpus: Corpus, about: About, version: Version, shown: Collection[str],
    withheld: Collection[str],
) -> None:  # fmt: skip
    content = {
        ABOUT: json.dumps({name: getattr(about, name) for name in About.__slots__}, ensure_ascii=False).encode(),
        "study.toml": folder.study_file.read_bytes(),
        "codebook.toml": to_toml(version.codebook, version.number).encode(),
    }
    media: set[str] = set()
    for name, table in _part(corpus, shown).items():
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink)
        content[f"corpus/{name}/part-0.parquet"] = sink.getvalue().to_pybytes()
        media |= set(table["media_id"].to_pylist()) if name == "media" else set()
    for media_id in sorted(media.difference(withheld)):  # what must never leave stays here
        for file in sorted(folder.media.glob(f"{media_id}.*")):
            content[f"captures/media/{file.name}"] = file.read_bytes()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE packed (name TEXT PRIMARY KEY, content BLOB NOT NULL)")
        connection.executemany("INSERT INTO packed VALUES (?, ?)", sorted(content.items()))
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _part(corpus: Corpus, items: Collection[str]) -> dict[str, pa.Table]:
    """The rows of the corpus that speak of these items."""
    wanted = ibis.memtable(pa.table({"wanted": pa.array(sorted(items), pa.string())}))
    part: dict[str, pa.Table] = {}
    for name, key in (("posts", "post_id"), ("comments", "comment_id")):
        part[name] = corpus.frame(corpus.table(name).semi_join(wanted, [(key, "wanted")]).order_by(key))
    people = _column(part.values(), "author")
    pictures = {name for names in _column(part.values(), "media") for name in names or ()}
    for name, key, those in (("authors", "author", people), ("media", "media_id", pictures)):
        named = ibis.memtable(pa.table({"wanted": pa.array(sorted(filter(None, those)), pa.string())}))
        part[name] = corpus.frame(corpus.table(name).semi_join(named, [(key, "wanted")]).order_by(key))
    return part


def _column(tables: Collection[pa.Table], name: str) -> set[Any]:
    values = (value for table in tables for value in table[name].to_pylist())
    return {tuple(value) if isinstance(value, list) else value for value in values}


def is_packet(path: Path) -> bool:
    """Whether a file is a packet."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (packed,) = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'packed'").fetchone()
    except sqlite3.Error:
        return False
    return bool(application == APPLICATION and packed)


def about_packet(path: Path) -> About:
    """What a packet says of itself.

    Raises
    ------
    InputError
        If it is no packet, or one of a newer version.
    """
    return _about(_packed(path)[ABOUT], path.name)


def _about(content: bytes, name: str) -> About:
    said: Mapping[str, Any] = json.loads(content)
    if said.get("format", 0) > FORMAT:
        raise InputError(Fault("was made by a newer Resilens; install that version", name))
    return About(**said)


def _packed(path: Path) -> dict[str, bytes]:
    if not path.is_file() or not is_packet(path):
        raise InputError(Fault("is no packet; `resilens packet make --coder NAME` makes one", path.name))
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return dict(connection.execute("SELECT name, content FROM packed"))


@contextmanager
def unpacked(path: Path) -> Iterator[PacketFolder]:
    """A packet's files in a folder beside it for as long as it is open, its record being the packet itself.

    Raises
    ------
    InputError
        If it is no packet, or the folder cannot be made there.
    """
    content = _packed(path)
    try:
        kept = tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        words = f"nothing can be written beside it ({error.strerror}); copy it to a folder of your own"
        raise InputError(Fault(words, path.name)) from error
    with kept as opened:
        root = Path(opened)
        for name, data in content.items():
            target = (root / name).resolve()
            if not target.is_relative_to(root.resolve()):
                raise InputError(Fault("holds a file that would lie outside of it; it is not opened", path.name))
            files.write_bytes(target, data)
        yield PacketFolder(root, path.resolve())
