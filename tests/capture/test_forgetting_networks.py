"""An account of Bluesky, Mastodon or Reddit is forgotten in raw files: nothing of it stays, and the sums do."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.capture.samples import BLUESKY_DID, NAME, bluesky_uri, lines
from tests.capture.samples_networks import (
    OUTBOX,
    SERVER,
    bluesky_post,
    iso,
    mastodon_account,
    remark,
    status,
    submission,
)

from resilens.capture import registry
from resilens.capture.erasing import erase_from
from resilens.capture.reader import Options
from resilens.capture.records import Broken
from resilens.capture.traces import ERASED, Traces
from resilens.corpus.pseudonyms import Pseudonyms

FRIEND = {"did": "did:plc:friend7", "handle": "friend.bsky.social"}
HANDLE = f"{NAME}.bsky.social"


def bluesky_feed() -> dict[str, Any]:
    """A friend answers the account, mentions it and passes it on; the account passes the friend on."""
    mine = bluesky_post(text="forgettable")
    mention = [{"index": {"byteStart": 0, "byteEnd": 21}, "features": [{"did": BLUESKY_DID}]}]
    answer = bluesky_post(60, f"@{HANDLE} yes", (0, 0), record={"facets": mention}, author=FRIEND,
                          uri=bluesky_uri(60, FRIEND["did"]))  # fmt: skip
    passing: dict[str, Any] = {"$type": "app.bsky.feed.defs#reasonRepost", "indexedAt": iso()}
    return {"feed": [
        {"post": answer, "reply": {"root": mine, "parent": mine}},
        {"post": mine, "reason": {**passing, "by": FRIEND, "uri": bluesky_uri(70, FRIEND["did"])}},
        {"post": answer, "reason": {**passing, "by": mine["author"], "uri": bluesky_uri(80)}},
    ]}  # fmt: skip


def mastodon_lines() -> bytes:
    """A friend answers the account, mentions it and passes it on."""
    mine, friend = status(content="<p>forgettable</p>"), mastodon_account("friend")
    said = f'<p><a href="{SERVER}/@{NAME}" class="u-url mention">@<span>{NAME}</span></a> yes</p>'
    mention = [{"id": "109", "username": NAME, "acct": NAME, "url": f"{SERVER}/@{NAME}"}]
    own = {"account": friend, "uri": f"{SERVER}/users/friend/statuses/1", "url": f"{SERVER}/@friend/1"}
    answer = status(60, 0, content=said, mentions=mention, **own)
    boost = status(90, reblog=mine, content="<p>forgettable</p>", mentions=[], **own)
    return lines(mine, answer, boost, {"ancestors": [mine], "descendants": [answer]})


CASES = {
    "bluesky": (json.dumps(bluesky_feed()).encode(), BLUESKY_DID, HANDLE),
    "mastodon": (mastodon_lines(), f"{NAME}@server.example", NAME),
    "activitypub": (json.dumps(OUTBOX).encode(), f"{NAME}@server.example", NAME),
    "reddit": (lines(submission(), remark("m7aaaaa", author="friend", body=f"yes, u/{NAME.upper()}")), "", NAME),
}


@pytest.mark.parametrize("name", CASES)
def test_nothing_of_an_account_stays_but_the_sums(tmp_path: Path, name: str) -> None:
    content, account, called = CASES[name]
    path = tmp_path / "raw"
    path.write_bytes(content)
    options = Options(reader=name)
    before = list(registry.opened(path, options).read())
    own = [one for one in before if not isinstance(one, Broken) and one.author and one.author.name == called]
    traces = Traces(
        Pseudonyms(b"0" * 32), frozenset(one.native_id for one in own), accounts=frozenset(filter(None, [account])),
        names=frozenset({called}),
    )  # fmt: skip
    erase_from(path, traces, reader=name, lines=frozenset(one.line for one in own))
    left = path.read_text("utf-8")
    assert "forgettable" not in left
    assert BLUESKY_DID not in left
    assert not re.search(rf'(?i)[/@">]{NAME}\b', left), left
    after = list(registry.opened(path, options).read())
    assert len(after) == len(before)
    assert sum(isinstance(one, Broken) and one.reason.endswith(ERASED) for one in after) >= len(own)
