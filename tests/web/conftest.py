"""A small study for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.web.making import study as make_study

from resilens.pipeline import OpenStudy


@pytest.fixture
def study(tmp_path: Path) -> Iterator[OpenStudy]:
    """A small study, drawn, with a codebook and no round yet."""
    with make_study(tmp_path) as opened:
        yield opened
