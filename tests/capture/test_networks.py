"""Threads, times and ids of Bluesky, Mastodon and Reddit as they stand in the canonical tables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.capture.samples import lines
from tests.capture.samples_networks import CONTEXT, SAMPLES, status
from tests.capture.test_sources import imported

THREADS = {
    "bluesky thread": [1, 2, 3],
    "bluesky feed": [1, 2],
    "mastodon context": [0, 0, 0],  # the status that it is about is not in it, so how deep the answers are is not known
    "activitypub": [1],
    "reddit": [1, 2],
}


@pytest.mark.parametrize("name", THREADS)
def test_threads_hang_together_and_times_are_stated(tmp_path: Path, name: str) -> None:
    tables = imported(tmp_path, SAMPLES[name].content)
    posts, comments = tables["posts"], tables["comments"]
    platform = SAMPLES[name].platform
    shape = r"[0-9a-z]+" if platform == "reddit" else r"a-[a-z2-7]{16}"
    ids = [*(post["post_id"] for post in posts), *(comment["comment_id"] for comment in comments)]
    assert all(re.fullmatch(rf"{platform}:[pc]:{shape}", one) for one in ids)
    assert {(one["time_basis"], one["time_precision"] in ("second", "millisecond")) for one in posts + comments} == {
        ("field", True)
    }  # fmt: skip
    assert [one["url"] for one in posts if platform != "reddit"] == [None] * (len(posts) if platform != "reddit" else 0)
    roots = {comment["root_id"] for comment in comments if comment["depth"] == 1}
    assert {comment["root_id"] for comment in comments if comment["depth"] is not None} == roots
    assert sorted(comment["depth"] or 0 for comment in comments) == THREADS[name]


def test_a_context_with_its_status_hangs_together(tmp_path: Path) -> None:
    tables = imported(tmp_path, lines(CONTEXT, status(60, 0)))
    assert sorted(comment["depth"] for comment in tables["comments"]) == [1, 2, 2, 3]
    assert len({comment["root_id"] for comment in tables["comments"]}) == 1
