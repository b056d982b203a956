"""The archive of a Mastodon account: the outbox is read, everything else is said, in words, to be no capture."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from tests.capture.samples_networks import OUTBOX, SERVER
from tests.capture.test_pictures import picture

from resilens.capture.account_archives import told_apart
from resilens.pipeline import open_study
from resilens.study.beginning import begin

CONTEXT = "https://www.w3.org/ns/activitystreams"
ACTOR = {
    "@context": [CONTEXT], "id": f"{SERVER}/users/zorblatt", "type": "Person",
    "inbox": f"{SERVER}/users/zorblatt/inbox", "outbox": "outbox.json", "preferredUsername": "zorblatt",
    "summary": "<p>hi</p>", "published": "2022-11-04T00:00:00Z",
    "icon": {"type": "Image", "mediaType": "image/png", "url": "avatar.png"},
    "image": {"type": "Image", "mediaType": "image/png", "url": "header.png"},
    "likes": "likes.json", "bookmarks": "bookmarks.json",
}  # fmt: skip


def listed(name: str, *addresses: str) -> dict[str, Any]:
    return {"@context": CONTEXT, "id": name, "type": "OrderedCollection", "orderedItems": addresses}


def test_the_outbox_is_read_and_the_rest_is_left_out_in_words(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        for name, content in {
            "outbox.json": OUTBOX, "actor.json": ACTOR, "bookmarks.json": listed("bookmarks.json"),
            "likes.json": listed("likes.json", "https://a.example/users/x/statuses/113823000000000001"),
        }.items():
            archive.writestr(name, json.dumps(content))
        for number, name in enumerate(("avatar.png", "header.png", "media_attachments/files/1/original/a.png")):
            picture(number).save(tmp_path / "one.png")
            archive.write(tmp_path / "one.png", name)
    begin(tmp_path / "study")
    study = open_study(tmp_path / "study")
    outcome = study.add([tmp_path / "archive.zip"])
    assert not outcome.refused
    assert [(one.name, one.reader) for one in outcome.additions] == [("outbox.json", "activitypub")]
    assert sorted(line.partition(":")[0] for line in outcome.left_out) == [
        "actor.json", "avatar.png", "bookmarks.json", "header.png", "likes.json"]  # fmt: skip
    assert "likes.json: left out: the addresses of posts that the account liked; it holds no texts" in outcome.lines()
    assert len(study.record.view("media")) == 1, "what was posted, not what the account looks like"


def test_what_may_hold_posts_stays(tmp_path: Path) -> None:
    contents = (OUTBOX, OUTBOX["orderedItems"][0], [ACTOR], {**ACTOR, "type": "Note"}, listed("x", "") | {"first": "y"})
    paths = [tmp_path / f"{number}.json" for number in range(len(contents) + 1)]
    for path, content in zip(paths, (json.dumps(one) for one in contents), strict=False):
        path.write_text(content, "utf-8")
    paths[-1].write_text('{"@context": "https://www.w3.org/ns/activitystreams"' + '{"a":' * 5000, "utf-8")
    assert told_apart(paths) == (paths, [])
