"""Reddit's dumps: ids without types, scores, what was taken back, what is not public."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.capture.reading import broken, comments, opened, posts, read
from tests.capture.samples_networks import remark, submission

from resilens.capture.records import Person
from resilens.capture.staging import stage
from resilens.corpus.vault import Vault


def test_a_submission(tmp_path: Path) -> None:
    (found,) = posts(read(tmp_path, [submission()]))
    assert (found.native_id, found.title, found.text, found.kind) == ("1i10abc", "Cat & tax", "forgettable", "text")
    assert found.author == Person(None, "zorblatt", name_is_identity=True)
    assert (found.counts["likes"], found.counts["comments"], found.counts["views"]) == (12, 3, None)
    assert (found.url, found.media) == ("https://www.reddit.com/comments/1i10abc/", ())
    assert found.collected_at == 1736827728 + 9999
    assert found.flags == ()


def test_a_linked_picture_and_an_unsuitable_one(tmp_path: Path) -> None:
    link = submission(is_self=False, post_hint="image", url="https://i.redd.it/a.jpg", over_18=True, selftext="")
    (found,) = posts(read(tmp_path, [link]))
    assert (found.kind, found.media, found.text, found.flags) == (
        "image", ("https://i.redd.it/a.jpg",), None, ("sensitive",)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("parent", "found"), [("t3_1i10abc", None), ("t1_m7aaaaa", "m7aaaaa"), ("", None), (None, None)]
)
def test_parents_are_comments_or_none(tmp_path: Path, parent: Any, found: str | None) -> None:
    (comment,) = comments(read(tmp_path, [remark("m7bbbbb", parent)]))
    assert (comment.post, comment.parent, comment.text) == ("1i10abc", found, "> welcome")
    assert (comment.published, comment.likes) == ("1736827788", 4)


def test_what_was_taken_back(tmp_path: Path) -> None:
    (post,) = posts(read(tmp_path, [submission(selftext="[removed]", crosspost_parent="t3_1")]))
    assert post.flags == ("quotes_another", "text_removed")
    (comment,) = comments(read(tmp_path, [remark("m7bbbbb", author="[deleted]", body="[deleted]", is_submitter=True)]))
    assert comment.flags == ("by_post_author", "text_removed")


def test_who_is_mentioned_has_the_pseudonym_that_authors_have(tmp_path: Path) -> None:
    rows = [remark("m7aaaaa", author="Some_One"), remark("m7bbbbb", body="as /u/some_one said, u/nobody_else")]
    stage(opened(tmp_path, rows), "c0", tmp_path / "staging", Vault.create(tmp_path / "vault", seed=1))
    first, second = pq.read_table(tmp_path / "staging" / "c0" / "comments.parquet").to_pylist()
    assert second["text"].startswith(f"as /u/{first['author']} said, u/n-")
    assert "else" not in second["text"]


def test_hidden_scores_are_no_scores(tmp_path: Path) -> None:
    (comment,) = comments(read(tmp_path, [remark("m7bbbbb", score=1, score_hidden=True)]))
    assert (comment.likes, comment.flags) == (None, ("likes_hidden",))


def test_private_communities_are_quarantined_without_content(tmp_path: Path) -> None:
    found = read(tmp_path, [submission(subreddit_type="private"), submission()])
    assert [(one.reason, one.raw) for one in broken(found)] == [
        ("not public: its community is private; its content is not kept", "")
    ]
    assert len(posts(found)) == 1
