"""Damaged files: no reader crashes, and no record is lost, whatever was done to the file.

Mutations are drawn from fixed seeds, so a failure comes again. What a file turns into is read, refused in words, or
quarantined; for every capture, over the whole corpus, read = new + repeated + quarantined.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.capture import (
    reading,
    samples,
    samples_mediacrawler,
    samples_networks,
    test_recognition,
    test_transcription,
)
from tests.capture.damaging import damaged

from resilens.capture import registry, transcription
from resilens.capture.building import build
from resilens.capture.staging import Staged, stage
from resilens.corpus.schema import TABLES
from resilens.corpus.vault import Vault
from resilens.errors import InputError

EACH = 7
"""Of one file: itself, and mutations; some thousands, of other seeds, found nothing more."""

REAL = ("zeeschuimer", "rednote-api", "rednote-mediacrawler", "rednote-tiktok-refugees")


def handmade() -> dict[str, bytes]:
    """A small file for every reader and every kind of file."""
    rows = [{"id": f"67860000000000001200bbb{n}", "text": "猫税 @momo", "time": "2025-01-14 12:08", "likes": "1.2万"}
            for n in range(5)]  # fmt: skip
    book, out, table, canonical = openpyxl.Workbook(), io.BytesIO(), io.BytesIO(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in ([*rows[0]], *([*row.values()] for row in rows)):
        sheet.append(row)
    book.save(out)
    pq.write_table(pa.Table.from_pylist(rows), table, compression="none")
    items = [{"comment_id": f"rednote:c:{row['id']}", "post_id": "rednote:p:1", "platform": "rednote", "text": "a",
              "author": "u-abcdefghijklmnop"} for row in rows]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(items, TABLES["comments"].schema), canonical, compression="none")
    comments = [reading.envelope("xiaohongshu-comments", reading.thread()) for _ in range(3)]
    found = {name: test_recognition.content_of(name) for name in test_recognition.SMALL} | {
        "transcription": transcription.content(test_transcription.WHOLE),
        "workbook": out.getvalue(),
        "parquet": table.getvalue(),
        "canonical": canonical.getvalue(),
        "array": json.dumps([reading.thread(), reading.card()]).encode(),
        "lines": "\n".join(json.dumps(one, ensure_ascii=False) for one in comments).encode(),
        "tiktok": json.dumps(reading.envelope("tiktok.com", reading.tiktok_post())).encode(),
        "gb18030": f"comment_id,note_id,content,user_id,create_time,parent_comment_id,like_count\n{reading.COMMENT_ID},"
                   f"{reading.POST_ID},猫税,{reading.USER_ID},1736835000000,0,1.2万\n1,2,欢迎\n".encode("gb18030"),
        "utf-16": "id\ttext\ttime\n67860000000000001200bbb1\t欢迎\t2025-01-14\n".encode("utf-16"),
    }
    every = samples.SAMPLES | samples_mediacrawler.SAMPLES | samples_networks.SAMPLES
    return found | {name: one.content for name, one in every.items()}


def real(folder: Path) -> dict[str, bytes]:
    """The real files; of long ones the first line and a few of the others."""
    found = {}
    for path in sorted(path for name in REAL for path in (folder / name).iterdir()):
        content = path.read_bytes()
        if len(content) > 40_000 and path.suffix != ".json":
            lines = content.splitlines(keepends=True)
            content = b"".join([lines[0], *lines[1 :: len(lines) // 8]])
        found[path.name] = content
    return found


def stage_damaged(contents: dict[str, bytes], folder: Path) -> Iterator[Staged]:
    """Every file and every mutation of it that is not to be refused, staged."""
    vault = Vault.create(folder / "vault", seed=1)
    path = folder / "capture"
    for name, content in contents.items():
        for number in range(EACH):
            broken = damaged(content, Random(f"{name} {number}")) if number else content
            path.write_bytes(broken)
            try:
                capture_id = hashlib.sha256(broken).hexdigest()
                yield stage(registry.opened(path), capture_id, folder / "staging", vault)
            except InputError:
                continue


def assert_equations(captures: list[Staged], folder: Path) -> None:
    """Every record is one row of one table, and the equation of every capture holds."""
    for one in captures:
        rows = [pq.read_table(folder / "staging" / one.capture_id / f"{kind}.parquet").column("seq").to_pylist()
                for kind in ("posts", "comments", "quarantine")]  # fmt: skip
        assert sorted(sum(rows, [])) == list(range(1, one.read + 1)), one.name
    kept = list({one.capture_id: one for one in captures})
    build(folder / "corpus", folder / "staging", kept)
    observed = pq.read_table(folder / "corpus" / "observations").column("capture_id").to_pylist()
    broken = pq.read_table(folder / "corpus" / "quarantine").column("capture_id").to_pylist()
    for row in pq.read_table(folder / "corpus" / "captures").to_pylist():
        assert row["read"] == row["new"] + row["repeated"] + row["quarantined"]
        assert row["new"] + row["repeated"] == observed.count(row["capture_id"])
        assert row["quarantined"] == broken.count(row["capture_id"])


def test_damaged_handmade_files(tmp_path: Path) -> None:
    captures = list(stage_damaged(handmade(), tmp_path))
    assert {one.reader for one in captures} == set(registry.READERS)
    assert_equations(captures, tmp_path)


@pytest.mark.shared
def test_damaged_real_files(tmp_path: Path, shared: Path) -> None:
    captures = list(stage_damaged(real(shared), tmp_path))
    assert sum(one.quarantined for one in captures) > 10
    assert_equations(captures, tmp_path)
