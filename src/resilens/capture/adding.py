"""What happens when a captured file is added? It is recognised, kept unchanged, staged, and put on the record.

The order makes a killed import harmless: the raw file is kept first, the staged tables appear whole or not at all, and
only then does the record say that the capture was added. The same command again goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from resilens import files
from resilens.capture import recaptures
from resilens.capture.files import Source
from resilens.capture.mapping import Mapping
from resilens.capture.reader import Options
from resilens.capture.registry import Opened, opened
from resilens.capture.staging import Progress, is_staged, stage
from resilens.capture.synthetic import refuse_synthetic
from resilens.corpus.vault import Vault
from resilens.errors import Fault, InputError
from resilens.record.events import ActorKind, Draft
from resilens.record.store import Record

Confirm = Callable[[str, str], bool]
"""Asked with a file's name and its guessed column mapping in words; says whether that is right."""

SKIPPED_NAMES = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Addition:
    """What became of one file."""

    name: str
    capture_id: str
    reader: str
    why: str
    mapping: str = ""
    already_there: bool = False


def captured_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named, and those in the folders named, in the order of their names; hidden ones are left out.

    Raises
    ------
    InputError
        If a path does not exist, or a folder holds no file.
    """
    for path in paths:
        if path.is_dir():
            found = sorted(
                one for one in path.rglob("*")
                if one.is_file() and not any(part.startswith(".") for part in one.relative_to(path).parts)
                and one.name.lower() not in SKIPPED_NAMES
            )  # fmt: skip
            if not found:
                raise InputError(Fault("this folder holds no files", str(path)))
            yield from found
        elif path.is_file():
            yield path
        else:
            raise InputError(Fault("there is no such file or folder", str(path)))


def add_files(
    paths: Iterable[Path], folder: Path, record: Record, vault: Vault, *,
    told: Callable[[str, int, int | None], None] | None = None, **more: Any,
) -> tuple[list[Addition], list[Fault]]:  # fmt: skip
    """Add captured files one by one: what became of them, and why others were refused.

    Parameters
    ----------
    paths, folder, record, vault, more
        As `add_file` takes them.
    told
        Told what is being read, how many records were, and of how many (not known).
    """
    additions: list[Addition] = []
    refused: list[Fault] = []
    paths = list(paths)
    together = recaptures.name_of(map(files.sha256_of, paths)) if (more.get("options") or Options()).complete else ""
    for path in paths:
        progress = (lambda done, name=path.name: told(f"reading {name}", done, None)) if told else None
        try:
            added = add_file(path, folder, record, vault, progress=progress, together=together, **more)
            additions.append(added)
        except InputError as error:
            refused += error.faults
    return additions, refused


def add_file(
    path: Path, folder: Path, record: Record, vault: Vault, *, options: Options | None = None, staging: Path,
    confirm: Confirm | None = None, progress: Progress | None = None, actor: str = "researcher",
    actor_kind: ActorKind = "human", synthetic: bool = False, together: str = "", event_id: UUID | None = None,
) -> Addition:  # fmt: skip
    """Add one captured file: keep it, stage it, and put it on the record. A file that is there already changes nothing.

    Parameters
    ----------
    path
        The file; only read.
    folder, staging
        The study's `captures/` and `.staging/`.
    record, vault
        The study's.
    options
        What the scholar declares for it.
    confirm
        Asked where a table's columns were guessed; None takes unambiguous guesses.
    synthetic
        Whether the study is declared synthetic.
    together
        The name of the recapture it belongs to, where the options say that it is complete.
    event_id
        Of the event that says so, where a client made one.

    Raises
    ------
    InputError
        If it cannot be read, no reader fits, it is synthetic and the study is not, or the scholar refuses the guessed
        mapping; nothing is kept then.
    """
    capture_id = files.sha256_of(path)
    known = record.view("captures", capture_id=capture_id)
    if known and is_staged(staging, capture_id):
        return Addition(path.name, capture_id, known[0]["reader"], "", already_there=True)
    capture = opened(path, _with_kept_mapping(path, options or Options(), record))
    refuse_synthetic(capture.source, synthetic)
    described = capture.mapping.describe() if capture.mapping is not None else ""
    confirmed = capture.guessed and confirm is not None
    if confirm is not None and confirmed and not confirm(path.name, described):
        raise InputError(Fault("not added; say which column is what with --map text=content,id=post_id,...", path.name))
    kept = keep(path, folder, capture_id)
    stage_capture(kept, path.name, capture_id, capture.options, staging, vault, progress=progress)
    if not known:
        drafts = [Draft("capture.added", capture_id, _declared(path, capture_id, capture, together), actor, actor_kind,
                        event_id=event_id)]  # fmt: skip
        if capture.mapping is not None and (confirmed or not capture.guessed):
            drafts += _mapping_to_keep(capture, record, actor, actor_kind)
        record.append_all(drafts)
    return Addition(path.name, capture_id, capture.reader.name, capture.why, described if capture.guessed else "")


def _with_kept_mapping(path: Path, options: Options, record: Record) -> Options:
    """The options with the mapping that was declared or confirmed for a table of just these columns before."""
    mappings = record.view("mappings")
    if options.mapping is not None or options.reader not in (None, "table") or not mappings:
        return options
    header = list(Source(path).head.columns)
    kept = next((row for row in mappings if row["header"] == header), None)
    return replace(options, mapping=Mapping.from_dict(kept["mapping"])) if kept else options


def _mapping_to_keep(capture: Opened, record: Record, actor: str, actor_kind: ActorKind) -> list[Draft]:
    """The mapping of a table, for the next one with the same columns; nothing where it is kept already."""
    assert capture.mapping is not None
    header = list(capture.source.head.columns)
    name = hashlib.sha256("\x1f".join(header).encode()).hexdigest()[:12]
    body = {"name": name, "header": header, "mapping": replace(capture.mapping, guessed=False).to_dict()}
    same = [row for row in record.view("mappings") if row["header"] == header and row["mapping"] == body["mapping"]]
    return [] if same else [Draft("mapping.declared", name, body, actor, actor_kind)]


def keep(path: Path, folder: Path, capture_id: str) -> Path:
    """Copy a file into `captures/`, named by its hash and read-only; returns where it lies."""
    kept = folder / f"{capture_id}{path.suffix.lower()}"
    if not kept.exists():
        with files.replacing(kept, mode=0o444) as temporary:
            shutil.copyfile(path, temporary)
    return kept


def raw_file(folder: Path, capture_id: str) -> Path:
    """Where a capture's raw file lies.

    Raises
    ------
    InputError
        If it is missing.
    """
    found = sorted(folder.glob(f"{capture_id}*"))
    if not found:
        words = "the raw file of this capture is missing; put it back under this name"
        raise InputError(Fault(words, f"captures/{capture_id}"))
    return found[0]


def restage(capture_id: str, folder: Path, staging: Path, record: Record, vault: Vault) -> None:
    """Stage a capture again from its raw file, as the record says it was read."""
    event = record.view("captures", capture_id=capture_id)[0]
    stage_capture(raw_file(folder, capture_id), event["name"], capture_id, recorded_options(event), staging, vault)


def stage_capture(
    raw: Path, name: str, capture_id: str, options: Options, staging: Path, vault: Vault,
    progress: Progress | None = None,
) -> None:  # fmt: skip
    """Read a raw file by its options into staged tables."""
    capture = opened(raw, options, name)
    stage(capture, capture_id, staging, vault, progress=progress)


def _declared(path: Path, capture_id: str, capture: Opened, together: str) -> dict[str, object]:
    """What the record keeps of an import: all it takes to read the raw file again in the same way."""
    options = capture.options
    return {
        "capture_id": capture_id, "name": path.name, "reader": capture.reader.name, "size": path.stat().st_size,
        "mapping": options.mapping.to_dict() if options.mapping is not None else {}, "guessed": capture.guessed,
        "platform": options.platform or "", "time_zone": options.zone or "", "query": options.query or "",
        "ranking": options.ranking or "", "account": options.account or "", "locale": options.locale or "",
        "collected_at": options.collected_at or "", "complete": options.complete,
        "options": {**capture.own, **({recaptures.OPTION: together} if together else {})},
    }  # fmt: skip


def recorded_options(row: dict[str, Any]) -> Options:
    """The options under which a capture was added, from the record's view of it."""
    names = ("reader", "platform", "query", "ranking", "account", "locale")
    declared: dict[str, Any] = {name: row[name] or None for name in names}
    mapping = Mapping.from_dict(row["mapping"]) if row["mapping"] else None
    return Options(**declared, mapping=mapping, zone=row["time_zone"] or None, collected_at=row["collected_at"] or None)
