"""docs/sources.md says what the readers do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.capture.reading import read
from tests.capture.test_recognition import SMALL, content_of

from resilens.capture import guide
from resilens.capture.reader import FLAGS
from resilens.capture.records import Broken
from resilens.capture.registry import READERS
from resilens.corpus import schema


def test_the_page_is_current() -> None:
    kept = (Path(__file__).parents[2] / "docs" / "sources.md").read_text("utf-8")
    assert kept == guide.page(), "run: python -m resilens.capture.guide"


def test_the_page_names_every_reader() -> None:
    page = guide.page()
    assert all(f"`--reader {name}`" in page for name in READERS)


@pytest.mark.parametrize("name", SMALL)
def test_every_flag_that_a_reader_sets_is_explained(tmp_path: Path, name: str) -> None:
    known = {*FLAGS, *schema.FLAGS}
    for record in read(tmp_path, content_of(name)):
        if not isinstance(record, Broken):
            assert {re.sub(r"status_-?\d+", "status_N", flag) for flag in record.flags} <= known
