"""How is a draw kept? As one immutable Parquet file, the same bytes for the same draw, complete in itself."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet

from resilens.errors import Fault, InputError
from resilens.files import write_bytes
from resilens.sampling.designs import Stratum

SCHEMA = pa.schema(
    [
        ("item_id", pa.string()),
        ("frame_id", pa.string()),
        ("hashtag", pa.string()),
        ("stratum", pa.string()),
        ("cluster_id", pa.string()),
        ("inclusion_probability", pa.float64()),
        ("rank", pa.int64()),
        ("reason", pa.string()),
        ("seed", pa.int64()),
    ]
)
"""The columns of `sample/draw-NNN.parquet`: one row an item drawn, posts first, then their comments. `cluster_id` is
the thread: the post's id, for the post itself too. `inclusion_probability` is empty where it is not known."""

_METADATA = b"resilens.draw"


@dataclass(frozen=True, slots=True)
class DrawnItem:
    """A row of the sample; the columns of `SCHEMA`."""

    item_id: str
    frame_id: str
    hashtag: str
    stratum: str
    cluster_id: str
    inclusion_probability: float | None
    rank: int
    reason: str
    seed: int

    @property
    def is_post(self) -> bool:
        return self.item_id == self.cluster_id


@dataclass(frozen=True)
class Draw:
    """A sample, with what an estimator must know of how it came about.

    Parameters
    ----------
    items
        Posts by stratum and rank, then comments by post and rank.
    strata
        What happened in each stratum.
    design, seed
        The design of the posts and the seed.
    comment_rule, comments
        The rule for comments and the limit a post.
    frame_id, frame
        The frame, by its hash and in words.
    inputs
        SHA-256 of each thing that decided the draw, by name.
    by_hand
        Whether a person added or took out items other than by screening; then no chance is known.
    """

    items: tuple[DrawnItem, ...]
    strata: tuple[Stratum, ...]
    design: str
    seed: int
    comment_rule: str
    comments: int
    frame_id: str
    frame: str
    inputs: Mapping[str, str]
    by_hand: bool = False

    @cached_property
    def posts(self) -> tuple[DrawnItem, ...]:
        return tuple(item for item in self.items if item.is_post)

    @property
    def inputs_sha256(self) -> str:
        """One digest of all that decided the draw."""
        return digest(dict(sorted(self.inputs.items())))


def digest(content: object) -> str:
    """SHA-256 of plain values as canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def to_bytes(draw: Draw) -> bytes:
    """The draw as a Parquet file; equal draws give equal bytes."""
    about = {name: value for name, value in asdict(draw).items() if name != "items"}
    text = json.dumps(about, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    table = pa.Table.from_pylist([asdict(item) for item in draw.items], schema=SCHEMA)
    buffer = io.BytesIO()
    parquet.write_table(table.replace_schema_metadata({_METADATA: text.encode()}), buffer, compression="zstd")
    return buffer.getvalue()


def read_draw(path: Path) -> Draw:
    """The draw kept in a file.

    Raises
    ------
    InputError
        If the file is not there, or is not a draw.
    """
    try:
        table = parquet.read_table(path)
        about = json.loads((table.schema.metadata or {})[_METADATA])
    except FileNotFoundError as error:
        raise InputError(Fault("there is no such draw; draw one with `resilens sample`", path.name)) from error
    except (pa.ArrowInvalid, KeyError, ValueError) as error:
        raise InputError(Fault("this is not a draw, or it is damaged; draw again with --redraw", path.name)) from error
    strata = tuple(
        Stratum(**{**row, "ineligible": tuple((reason, chance) for reason, chance in row["ineligible"])})
        for row in about.pop("strata")
    )
    return Draw(items=tuple(DrawnItem(**row) for row in table.to_pylist()), strata=strata, **about)


@dataclass(frozen=True, slots=True)
class KeptDraw:
    """A draw in its file: its name (`draw-001`), the file, and the SHA-256 of its bytes."""

    name: str
    path: Path
    sha256: str
    draw: Draw


def write_draw(folder: Path, draw: Draw, taken: Sequence[str] = ()) -> KeptDraw:
    """Write a draw under the next free number; a number that is recorded is never used again.

    Parameters
    ----------
    folder
        The study's `sample` folder.
    draw
        The draw.
    taken
        The names of all recorded draws. A file that no record names is the leaving of a crash and may be replaced.
    """
    number = max((int(name.rpartition("-")[2]) for name in taken), default=0) + 1
    return rewrite(folder, f"draw-{number:03d}", draw)


def rewrite(folder: Path, name: str, draw: Draw) -> KeptDraw:
    """Write a draw under this name, for a recorded draw whose file was lost."""
    content = to_bytes(draw)
    path = folder / f"{name}.parquet"
    if not path.is_file() or path.read_bytes() != content:
        write_bytes(path, content)
    return KeptDraw(name, path, hashlib.sha256(content).hexdigest(), draw)
