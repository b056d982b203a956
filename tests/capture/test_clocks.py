"""Ids tell when an item was made."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.capture.clocks import CLOCKS, id_milliseconds, id_time


@pytest.mark.parametrize(
    ("platform", "kind", "native", "expected", "basis"),
    [
        ("rednote", "c", "6785e35000000000200254ab", datetime(2025, 1, 14, 4, 8, 48, tzinfo=UTC), "id_exact"),
        ("rednote", "p", "6785e35000000000200254ab", datetime(2025, 1, 14, 4, 8, 48, tzinfo=UTC), "id_lower_bound"),
        ("tiktok", "p", str(1736827728 << 32 | 7), datetime(2025, 1, 14, 4, 8, 48, tzinfo=UTC), "id_exact"),
        ("x", "p", str((1736827728000 - 1288834974657) << 22), datetime(2025, 1, 14, 4, 8, 48, tzinfo=UTC), "id_exact"),
        ("instagram", "p", f"{(1736827728000 - 1314220021721) << 23}_55", datetime(2025, 1, 14, 4, 8, 48, tzinfo=UTC),
         "id_lower_bound"),
        ("mastodon", "p", f"https://example.org/users/a/statuses/{1736827728000 << 16}",
         datetime(2025, 1, 14, 4, 8, 48, tzinfo=UTC), "id_lower_bound"),
    ],
)  # fmt: skip
def test_quirk_9_id_clocks(platform: str, kind: str, native: str, expected: datetime, basis: str) -> None:
    assert id_time(platform, kind, native) == (expected, basis)


@pytest.mark.parametrize(
    ("platform", "native", "stated", "within"),
    [
        # Published ids with the times stated beside them; accounts are invented. Wikipedia on snowflake IDs.
        ("x", "1541815603606036480", 1656432460105, 1),
        # A media object as the private API answered it, published in full in 2017.
        ("instagram", "1465766914780715073_55", 1488953054000, 1000),
        ("instagram", "1014185579136663000", 1435120364000, 1000),
        # A thread and a reply in the README of the threads-net package.
        ("threads", "3141307328358556088_55", 1688693036000, 1000),
        ("threads", "3141314003249945904", 1688693832000, 1000),
        # Bluesky's documentation on creating posts: address and `createdAt`.
        ("bluesky", "at://did:plc:abc/app.bsky.feed.post/3k4duaz5vfs2b", 1691386272156, 1000),
        # The Status entity in Mastodon's documentation: id and `created_at`.
        ("mastodon", "103270115826048975", 1575776913901, 100),
    ],
)  # fmt: skip
def test_published_examples(platform: str, native: str, stated: int, within: int) -> None:
    by_id, _ = id_milliseconds(platform, "p", native) or (0, "")
    assert abs(by_id - stated) <= within


def test_ids_of_instagram_comments_are_no_clock() -> None:
    # Published with `created_at_utc` 1754223046, August 2025; read as a post's id it would be of September 2011.
    assert id_time("instagram", "c", "17850017691525490") is None


@pytest.mark.parametrize(("platform", "native"), [("x", "20"), ("x", "29700859247"), ("instagram", "4936351")])
def test_ids_from_before_the_clock_are_none(platform: str, native: str) -> None:
    assert id_time(platform, "p", native) is None


@given(st.integers(1_300_000_000_000_000, 2_500_000_000_000_000), st.integers(0, 1023))
def test_quirk_9_bluesky_identifiers(microseconds: int, clock: int) -> None:
    number, letters = microseconds << 10 | clock, ""
    for _ in range(13):
        letters = "234567abcdefghijklmnopqrstuvwxyz"[number & 31] + letters
        number >>= 5
    address = f"at://did:plc:abc/app.bsky.feed.post/{letters}"
    assert id_milliseconds("bluesky", "p", address) == (microseconds // 1000, "id_exact")


@given(st.sampled_from([*sorted(CLOCKS), "weibo"]), st.sampled_from("pcu"), st.text(max_size=30))
def test_any_text_is_an_id_or_none(platform: str, kind: str, native: str) -> None:
    found = id_time(platform, kind, native)
    assert found is None or 2000 <= found[0].year < 2100


def test_an_id_that_is_no_clock() -> None:
    assert id_time("rednote", "c", "6.85E+278") is None
    assert id_time("rednote", "c", "0" * 24) is None
    assert id_time("weibo", "p", "123") is None
