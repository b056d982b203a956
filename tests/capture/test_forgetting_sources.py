"""Whoever wrote can be forgotten, whatever the source: end to end, until nothing in the raw file names them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from tests.capture.samples import ACCOUNT, BLUESKY_DID, NAME
from tests.capture.samples import SAMPLES as FIRST
from tests.capture.samples_mediacrawler import HASH
from tests.capture.samples_mediacrawler import SAMPLES as CRAWLED

from resilens.erasure import carry_out, plan
from resilens.pipeline import open_study
from resilens.study.beginning import begin

SAMPLES = FIRST | {name: one for name, one in CRAWLED.items() if one.posts and (one.comments or "sqlite" in name)}
NAMELESS = {"4cat rednote", "4cat rednote ;", "4cat rednote comments", "tiktok research csv"}
"""There are no ids of accounts here: nobody can be told from others of the name, so nobody is an author."""


def content(path: Path) -> bytes:
    """All that a file says, a workbook's parts unpacked."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as book:
        return b"".join(map(book.read, book.namelist()))


@pytest.mark.parametrize("name", [name for name in SAMPLES if name not in NAMELESS])
def test_an_author_is_forgotten_end_to_end(tmp_path: Path, name: str) -> None:
    begin(tmp_path / "study")
    study = open_study(tmp_path / "study")
    (tmp_path / "capture").write_bytes(SAMPLES[name].content)
    study.add([tmp_path / "capture"])
    with study.corpus() as corpus:
        authors = corpus.frame(corpus.table("authors")).column("author").to_pylist()
        before = corpus.frame(corpus.table("captures")).to_pylist()[0]["read"]
    assert authors
    for author in authors:
        carry_out(study, plan(study, author), "asked for it")
    study = open_study(tmp_path / "study")
    with study.corpus() as corpus:
        assert corpus.frame(corpus.table("authors")).num_rows == 0
        assert corpus.frame(corpus.table("captures")).to_pylist()[0]["read"] == before, "the sums stay"
    raw = content(next(path for path in study.folder.captures.iterdir() if path.is_file()))
    for trace in (NAME, ACCOUNT, BLUESKY_DID, HASH, "forgettable"):
        assert trace.encode() not in raw, trace
