"""One engine serves every corpus of a process: none sees another's tables, nor what a file held before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from resilens.corpus.engine import Corpus
from resilens.corpus.schema import TABLES


def written(folder: Path, media_id: str) -> Path:
    """A corpus whose table of media has this one row."""
    (folder / "media").mkdir(parents=True, exist_ok=True)
    schema = TABLES["media"].schema
    row = dict.fromkeys(schema.names) | {"media_id": media_id}
    pq.write_table(schema.empty_table().from_pylist([row], schema), folder / "media" / "part-0.parquet")
    return folder


def media(corpus: Corpus) -> list[str]:
    return list(corpus.frame(corpus.table("media").media_id).column(0).to_pylist())


def tables(corpus: Corpus) -> set[str]:
    return {name for (name,) in corpus.connection.con.execute("SHOW TABLES").fetchall()}


def test_two_corpora_at_once_do_not_see_each_other(tmp_path: Path) -> None:
    with Corpus(written(tmp_path / "a", "of a")) as first, Corpus(written(tmp_path / "b", "of b")) as second:
        assert (media(first), media(second)) == (["of a"], ["of b"])
        first.table("posts")
        assert (tables(first), tables(second)) == ({"media", "posts"}, {"media"})
        second.close()
        assert media(first) == ["of a"], "closing one leaves the other"


def test_a_file_that_was_replaced_is_read_anew(tmp_path: Path) -> None:
    for media_id in ("before", "after!"):  # of one length
        with Corpus(written(tmp_path, media_id)) as corpus:
            assert media(corpus) == [media_id]


def test_threads_may_read_at_the_same_time(tmp_path: Path) -> None:
    def read(number: int) -> list[str]:
        with Corpus(tmp_path / str(number % 3)) as corpus:
            return media(corpus)

    for number in range(3):
        written(tmp_path / str(number), f"of {number}")
    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(read, range(24))) == [[f"of {number % 3}"] for number in range(24)]


def test_days_are_utc_in_every_connection(tmp_path: Path) -> None:
    with Corpus(tmp_path) as corpus:
        assert corpus.connection.con.execute("SELECT current_setting('TimeZone')").fetchone() == ("UTC",)


def test_a_table_that_is_none_of_ours_is_refused(tmp_path: Path) -> None:
    with Corpus(tmp_path) as corpus, pytest.raises(KeyError):
        corpus.table("secrets")
