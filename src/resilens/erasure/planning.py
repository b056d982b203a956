"""Where in a study is what is to be forgotten, counted place by place?"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from resilens.capture import mapping as column_mapping
from resilens.capture.adding import raw_file
from resilens.capture.erasing import Erasing, erase_from
from resilens.capture.media import media_file
from resilens.capture.transcribing import pictures_of
from resilens.erasure.wanted import Wanted, string_set
from resilens.erasure.wanted import wanted as find
from resilens.errors import InputError
from resilens.record.forgetting import Mentions, mentions
from resilens.sampling.drawfile import Draw, read_draw

if TYPE_CHECKING:
    import pyarrow as pa

    from resilens.corpus.engine import Corpus
    from resilens.pipeline import OpenStudy

WORD = "erased"
_OURS = ("captures", "corpus", "sample", "vault", "results", "report", ".staging")
_OUR_FILES = ("work.sqlite", "work.sqlite-wal", "work.sqlite-shm", "codebook.toml", "claims.toml")


@dataclass(frozen=True)
class Plan:
    """What forgetting would change, place by place. Made by `plan`, carried out by `carry_out`."""

    target: str
    wanted: Wanted
    captures: Mapping[str, Erasing]
    rows: Mapping[str, int]
    drawn: Mapping[str, int]
    events: Mentions = field(repr=False)
    identities: int
    media: tuple[Path, ...]
    projections: tuple[str, ...]
    leftovers: tuple[str, ...]

    def lines(self) -> list[str]:
        """What would go, in words."""
        records = sum(one.records for one in self.captures.values())
        others = sum(one.redacted for one in self.captures.values())
        corpus = ", ".join(f"{count:,} in {name}" for name, count in self.rows.items() if count) or "nothing"
        sample = ", ".join(f"{count:,} in {name}" for name, count in self.drawn.items() if count) or "nothing"
        about, naming = len(self.events.about), len(self.events.others)
        said = [
            f"To be forgotten: {self.target} ({counted(len(self.wanted.items), 'item')})",
            f"captures: {counted(records, 'record')} become tombstones, {counted(others, 'other record')} lose what "
            f"leads there, in {counted(sum(one.touched for one in self.captures.values()), 'file')}",
            f"corpus: {corpus}; made anew without",
            f"sample: {sample}; the rows stay under an alias, so that the flow still adds up",
            f"record: {counted(about, 'event')} erased, {counted(naming, 'event')} that name it said again without",
            f"vault: {counted(self.identities, 'identity', 'identities')}",
            f"media: {counted(len(self.media), 'file')}",
            "results and report: deleted; `resilens run` makes them anew",
        ]
        said += [f"{name}: the name becomes {WORD!r}" for name in self.projections]
        return said + [f"not touched, see to it yourself: {name}" for name in self.leftovers]


def counted(number: int, one: str, many: str = "") -> str:
    """`1 record`, `2 records`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def plan(study: OpenStudy, target: str) -> Plan:
    """What must go for `target` to be forgotten; changes nothing.

    Parameters
    ----------
    study
        The open study.
    target
        An item id (`rednote:c:…`), a pseudonym (`u-…`, `n-…`), or an id on the platform, with or without
        `platform:` before it. An author takes all items along.

    Raises
    ------
    InputError
        If nothing in the study goes by that name, or the vault is locked.
    """
    target = target.strip()
    wanted = find(study, target)
    if wanted is None:
        raise _unknown(study, target)
    captures = {
        row["capture_id"]: erase_capture(study, row, wanted, change=False)
        for row in study.record.view("captures") if not row["erased_whole"]
    }  # fmt: skip
    drawn = {path.name: drawn_rows(read_draw(path), wanted) for path in draws(study)}
    with study.corpus() as corpus:
        rows = _corpus_rows(corpus, wanted)
        media = _media_files(study, corpus, wanted)
    found = mentions(study.record, wanted.names, wanted.touches, wanted.traces.items)
    identities = sum(len(rows_) - len(kept) for _, rows_, kept in identities_of(study, wanted))
    made = Plan(target, wanted, captures, rows, drawn, found, identities, media, projections(study, wanted),
                (*leftovers(study, wanted), *_pictured(study, wanted, media)))  # fmt: skip
    if not (found or identities or any(rows.values()) or any(drawn.values())
            or any(one.touched for one in captures.values())):  # fmt: skip
        raise _unknown(study, target)
    return made


def _unknown(study: OpenStudy, target: str) -> InputError:
    with study.corpus() as corpus:
        known = [
            name for table, key in (("posts", "post_id"), ("comments", "comment_id"), ("authors", "author"))
            for name in corpus.frame(corpus.table(table).select(key).limit(100_000))[key].to_pylist()
        ]  # fmt: skip
    near = difflib.get_close_matches(target, known, 1, 0.8) if len(known) < 100_000 else []
    hint = f"; did you mean {near[0]}?" if near else ""
    return InputError(
        f"nothing in this study goes by {target!r}{hint}; looked for an item (platform:p:id, platform:c:id), a "
        "pseudonym (u-… or n-…) and an id on the platform, in corpus, vault, draws, record and captures"
    )


def erase_capture(study: OpenStudy, row: Mapping[str, Any], wanted: Wanted, change: bool) -> Erasing:
    """Erase from one raw file, or only count."""
    kept = row["mapping"]
    return erase_from(
        raw_file(study.folder.captures, row["capture_id"]), wanted.traces, reader=row["reader"],
        mapping=column_mapping.Mapping.from_dict(kept) if kept else None,
        lines=wanted.lines.get(row["capture_id"], frozenset()), change=change,
    )  # fmt: skip


def _corpus_rows(corpus: Corpus, wanted: Wanted) -> dict[str, int]:
    """Rows by table that are about it."""
    keys = {"posts": "post_id", "comments": "comment_id", "retrievals": "post_id", "observations": "item_id"}
    ids, pseudonyms = sorted(wanted.items), sorted(wanted.pseudonyms)
    counts = {}
    for name, key in keys.items():
        rows = corpus.table(name)
        counts[name] = corpus.frame(rows.filter(rows[key].isin(ids)).count().name("n").as_table())["n"][0].as_py()
    authors = corpus.table("authors")
    counts["authors"] = corpus.frame(
        authors.filter(authors.author.isin(pseudonyms)).count().name("n").as_table()
    )["n"][0].as_py()
    return counts


def draws(study: OpenStudy) -> list[Path]:
    """The files of the draws."""
    return sorted(study.folder.sample.glob("draw-*.parquet"))


def drawn_rows(draw: Draw, wanted: Wanted) -> int:
    """How many rows of a draw are about it."""
    return sum(item.item_id in wanted.items or item.cluster_id in wanted.items for item in draw.items)


def _media_files(study: OpenStudy, corpus: Corpus, wanted: Wanted) -> tuple[Path, ...]:
    """Files of the items beside the captures to which no other item refers."""
    if not wanted.media:
        return ()
    kept: set[str] = set()
    for table, key in (("posts", "post_id"), ("comments", "comment_id")):
        rows = corpus.table(table)
        others = rows.filter(~rows[key].isin(sorted(wanted.items))).select(reference=rows.media.unnest())
        shared = others.filter(others.reference.isin(sorted(wanted.media)))
        kept |= set(corpus.frame(shared)["reference"].to_pylist())
    folder = study.folder.captures
    raw = {row["capture_id"] for row in study.record.view("captures")}
    found = set()
    for reference in wanted.media - kept:
        name = reference.rsplit("/", 1)[-1]
        if name and "://" not in reference:
            found |= {path for path in folder.rglob("*") if path.is_file() and name in (path.name, path.stem)}
    return tuple(sorted(path for path in found if path.stem not in raw))


def _pictured(study: OpenStudy, wanted: Wanted, going: tuple[Path, ...]) -> Iterator[str]:
    """Screenshots from which it was typed and which stay, as they show others too; they have to be looked at."""
    for media_id in sorted(pictures_of(study, wanted.traces.items)):
        path = media_file(study.folder.media, media_id)
        if path is not None and path not in going:
            yield str(path.relative_to(study.folder.root))


def identities_of(study: OpenStudy, wanted: Wanted) -> Iterator[tuple[str, pa.Table, pa.Table]]:
    """Every capture whose identities name it, with all of them and with those that stay."""
    vault = study.vault()
    hidden = {item.split(":", 2)[2] for item in wanted.items if ":a-" in item}
    for capture_id in vault.captures():
        rows = vault.identities(capture_id)
        named = pc.is_in(rows["pseudonym"], string_set(*wanted.names, *hidden))
        kept = rows.filter(pc.invert(pc.or_(named, pc.is_in(rows["native"], string_set(*wanted.traces.ids)))))
        if len(kept) < len(rows):
            yield capture_id, rows, kept


def projections(study: OpenStudy, wanted: Wanted) -> tuple[str, ...]:
    """Which of codebook.toml and claims.toml name it."""
    paths = (study.folder.codebook_file, study.folder.claims_file)
    return tuple(path.name for path in paths if path.exists() and wanted.touches(path.read_text("utf-8", "replace")))


def leftovers(study: OpenStudy, wanted: Wanted) -> Iterator[str]:
    """Files in the study's folder that Resilens did not make and that hold a trace."""
    names = (wanted.names | wanted.traces.names | wanted.traces.ids | wanted.texts)
    needles = [name.encode(codec, "replace") for name in names if len(name) >= 6
               for codec in ("utf-8", "utf-16-le", "gb18030")]  # fmt: skip
    pattern = re.compile(b"|".join(map(re.escape, sorted(set(needles)))) or rb"(?!)")
    for path in sorted(study.folder.root.rglob("*")):
        inside = path.relative_to(study.folder.root)
        ours = inside.parts[0] in _OURS or (len(inside.parts) == 1 and inside.name in _OUR_FILES)
        if not ours and path.is_file() and pattern.search(path.read_bytes()):
            yield str(inside)
