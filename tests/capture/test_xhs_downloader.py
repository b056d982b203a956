"""XHS-Downloader's table: Chinese names, local times, -1 for a count that is not shown."""

from __future__ import annotations

from pathlib import Path

from tests.capture.reading import posts, read
from tests.capture.samples import ACCOUNT, XHS_DOWNLOADER, table

from resilens.capture.records import Person


def test_a_post(tmp_path: Path) -> None:
    found, _ = posts(read(tmp_path, table(*XHS_DOWNLOADER)))
    assert (found.title, found.hashtags, found.kind) == ("猫税", ("猫税", "cattax"), "image")
    assert found.author == Person(f"5f{ACCOUNT}abc", "momo")
    assert (found.published, found.collected_at) == ("2025-01-14_12:08:48", "2025-01-20_10:00:00")
    assert found.counts == {"likes": "1.2万", "comments": "3", "bookmarks": "10+", "shares": "-1", "views": None}
    assert found.media == ("https://p/1", "https://p/2")
