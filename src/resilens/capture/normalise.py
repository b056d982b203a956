"""What do raw captured values mean? The one place that decides it, for all readers.

A captured record becomes a row: ids checked, accounts replaced by pseudonyms, text stored, counts and times parsed.
What only the whole capture can tell (the zone of its times) is gathered on the way and decided by `capture.times`.
Rows are plain tuples in the order of the schemas in `capture.staging`: this runs once for every comment captured, so
what repeats from row to row (counts, places, accounts) is worked out once. Script and language stay empty here: they
are found for whole batches, by `corpus.scripts`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from resilens.capture.addresses import clean, names_account
from resilens.capture.clocks import id_milliseconds
from resilens.capture.counts import parse_count
from resilens.capture.people import CLOSED
from resilens.capture.records import Broken, CapturedComment, CapturedPost, Person
from resilens.capture.times import NOTHING, Evidence, parse_time
from resilens.capture.values import damaged
from resilens.corpus.pseudonyms import Pseudonyms
from resilens.corpus.schema import COUNTS, item_id, platform
from resilens.corpus.text import distinct_hashtags, hashtags_in, stored_text

RAW_LIMIT = 2000
REMEMBERED = 100_000
"""How many accounts a capture remembers the pseudonyms of, so that memory stays flat."""

ACCOUNTS_IN_IDS = frozenset({"bluesky", "mastodon", "lemmy"})
"""Platforms whose item ids name the account; such ids are replaced by a keyed hash."""

_REDNOTE_ID = re.compile(r"[0-9a-f]{24}")
_LOCATION_PREFIX = re.compile(r"^(?:来自|发布于|IP\s*属地|属地|IP location)[ :：]*", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_NO_PARENT = frozenset({"", "0", "-1", "none", "null", "nan"})
_ADDRESS = re.compile(r"(?:https?://|at://|did:)[^\s\"'<>,\\]+")
_MENTION = re.compile(r"[@＠][^\s@＠:：,，\"'\\]+")
_PERSONAL_KEY = re.compile(
    r"(?i)user|nick|author|creator|avatar|account|profile|signature|screen_?name|display_?name|handle|sec_?uid|^uid$|"
    r"token|device|agent|^name$|昵称|用户|作者|头像"
)


class Normaliser:
    """Turns captured records of one capture into rows.

    Parameters
    ----------
    pseudonyms
        The study's pseudonyms.
    zone_offset
        The declared zone's offset in milliseconds, 0 where none is declared (used for words such as `昨天`).
    from_gbk
        Whether the capture was saved in a GB encoding.

    Attributes
    ----------
    evidence
        What the naive times say together.
    identities
        New rows for the vault since `take_identities`: (pseudonym, platform, kind, native, name).
    """

    def __init__(self, pseudonyms: Pseudonyms, zone_offset: int = 0, from_gbk: bool = False) -> None:
        self.evidence = Evidence()
        self.identities: set[tuple[str, str, str, str, str]] = set()
        self._pseudonyms = pseudonyms
        self._zone_offset = zone_offset
        self._from_gbk = from_gbk
        self._platforms: dict[str, str] = {}
        self._accounts: dict[tuple[str, str, str], str] = {}
        self._counts: dict[str, tuple[int | None, str, str | None]] = {}
        self._locations: dict[str, str | None] = {}

    def take_identities(self) -> list[tuple[str, str, str, str, str]]:
        """The identities seen since the last call, sorted."""
        taken = sorted(self.identities)
        self.identities.clear()
        return taken

    def post(self, seq: int, post: CapturedPost) -> tuple[Any, ...] | Broken:
        """The row of a post, or why it cannot be one."""
        where = self._platform(post.platform)
        native = post.native_id.strip() if post.native_id else ""
        problem = _id_problem(native, "the post's id")
        if where is None or problem:
            return Broken(post.line, problem or f"unknown platform {post.platform!r}", native)
        flags = set(post.flags)
        author = self._author(where, post.author, flags)
        mentioned = self._mentioned(where, post.mentions)
        title, title_flags = self._stored(where, post.title, mentioned)
        text, text_flags = self._stored(where, post.text, mentioned)
        hashtags = distinct_hashtags(
            (*hashtags_in(post.title or "", where), *hashtags_in(post.text or "", where), *post.hashtags)
        )
        if where == "rednote" and not _REDNOTE_ID.fullmatch(native):
            flags.add("unusual_id")
        identity = self._native(where, native)
        counts = [part for name in COUNTS for part in self._count(post.counts.get(name))]
        collected, *times = self._times(where, "p", native, post.published, post.collected_at)
        own = item_id(where, "p", identity)
        return (
            seq, post.line, own, where, author, *times, post.kind, title, text, list(hashtags), None,
            None, *counts, self._location(post.location), self._address(where, own, post.url),
            self._media(where, own, post.media), sorted({*title_flags, *text_flags}), sorted(flags), *collected,
            *_retrieval(post, self._pseudonyms, where),
        )  # fmt: skip

    def comment(self, seq: int, comment: CapturedComment) -> tuple[Any, ...] | Broken:
        """The row of a comment, or why it cannot be one."""
        where = self._platform(comment.platform)
        native = comment.native_id.strip() if comment.native_id else ""
        post = comment.post.strip() if comment.post else ""
        problem = _id_problem(native, "the comment's id") or _id_problem(post, "the id of its post")
        if where is None or problem:
            return Broken(comment.line, problem or f"unknown platform {comment.platform!r}", native)
        flags = set(comment.flags)
        author = self._author(where, comment.author, flags)
        text, text_flags = self._stored(where, comment.text, self._mentioned(where, comment.mentions))
        if where == "rednote" and not _REDNOTE_ID.fullmatch(native):
            flags.add("unusual_id")
        parent = comment.parent.strip() if comment.parent else ""
        # The id of the post, or its own (Weibo's roots), in place of a parent means none; so do 0 and empty.
        if parent.lower() in _NO_PARENT or parent in (native, post):
            parent = ""
        elif damaged(parent):
            flags.add("parent_id_damaged")
        collected, *times = self._times(where, "c", native, comment.published, comment.collected_at)
        own = item_id(where, "c", self._native(where, native))
        return (
            seq, comment.line, own, where, author, *times, item_id(where, "p", self._native(where, post)),
            item_id(where, "c", self._native(where, parent)) if parent else None, text, None, None,
            *self._count(comment.likes), *self._count(comment.replies), self._location(comment.location),
            self._media(where, own, comment.media), list(text_flags), sorted(flags), *collected,
        )  # fmt: skip

    def _platform(self, name: str) -> str | None:
        found = self._platforms.get(name)
        if found is None:
            try:
                found = self._platforms[name] = platform(name)
            except ValueError:
                return None
        return found

    def _stored(self, where: str, captured: str | None, mentioned: dict[str, str]) -> tuple[str | None, Iterable[str]]:
        if captured is None:
            return None, ()

        def by_name(name: str) -> str:
            pseudonym = self._pseudonyms.of_name(where, name)
            self.identities.add((pseudonym, where, "name", name, name))
            return pseudonym

        return stored_text(captured, by_name, mentioned, self._from_gbk)

    def _author(self, where: str, person: Person | None, flags: set[str]) -> str | None:
        """The author's pseudonym, or None; adds to `flags` why there is none."""
        if person is None:
            flags.add("author_missing")
            return None
        name = person.name.strip() if person.name else ""
        if name in CLOSED or name == "[removed]":
            flags.add("account_closed")
            if not person.native_id:
                return None
        if person.native_id and damaged(person.native_id):
            flags.add("author_id_damaged")
            return None
        pseudonym = self._person(where, person)
        if pseudonym is None:
            flags.add("author_by_name_only" if name else "author_missing")
        return pseudonym

    def _person(self, where: str, person: Person) -> str | None:
        name = person.name.strip() if person.name else ""
        if person.native_id:
            known = self._accounts.get((where, person.native_id, name))
            if known is not None:
                return known
            native = person.native_id.strip()
            pseudonym = self._pseudonyms.of(where, native)
            self.identities.add((pseudonym, where, "account", native, name))
            if len(self._accounts) >= REMEMBERED:
                self._accounts.clear()
            self._accounts[where, person.native_id, name] = pseudonym
            return pseudonym
        if person.name_is_identity and name:
            pseudonym = self._pseudonyms.of_name(where, name)
            self.identities.add((pseudonym, where, "name", name, name))
            return pseudonym
        return None

    def _mentioned(self, where: str, mentions: tuple[Person, ...]) -> dict[str, str]:
        """Pseudonyms of mentioned accounts by name."""
        if not mentions:
            return {}
        known = ((person.name.strip().lstrip("@"), self._person(where, person)) for person in mentions if person.name)
        return {name: pseudonym for name, pseudonym in known if pseudonym}

    def _native(self, where: str, native: str) -> str:
        """The id, or its keyed hash where it names an account."""
        if where in ACCOUNTS_IN_IDS or "://" in native or "@" in native or native.startswith("did:"):
            pseudonym = self._pseudonyms.of_address(where, native)
            self.identities.add((pseudonym, where, "address", native, ""))
            return pseudonym
        return native

    def _address(self, where: str, own: str, address: str | None) -> str | None:
        """The address to store, None where it names an account (the vault keeps it then)."""
        if not address or not address.strip():
            return None
        address = clean(address.strip())
        if names_account(address):
            self.identities.add((own, where, "address", address, ""))
            return None
        return address

    def _media(self, where: str, own: str, media: tuple[str, ...]) -> list[str]:
        if not media:
            return []
        kept = (self._address(where, own, reference) for reference in media)
        return list(dict.fromkeys(reference for reference in kept if reference))

    def _count(self, raw: Any) -> tuple[int | None, str, str | None]:
        """Number, bound and the raw value as text."""
        if raw is None:
            return None, "unknown", None
        if type(raw) is not str:
            return (*parse_count(raw), str(raw))
        found = self._counts.get(raw)
        if found is None:
            found = (*parse_count(raw), raw)
            if len(self._counts) < REMEMBERED:
                self._counts[raw] = found
        return found

    def _location(self, captured: str | None) -> str | None:
        if not captured:
            return None
        found = self._locations.get(captured)
        if found is None:
            found = _LOCATION_PREFIX.sub("", captured.strip()).strip() or None
            if len(self._locations) < REMEMBERED:
                self._locations[captured] = found
        return found

    def _times(self, where: str, kind: str, native: str, published: Any, collected: Any) -> tuple[Any, ...]:
        """When it was captured (three readings), then the columns `TIMES` of `capture.staging`."""
        seen = parse_time(collected) if collected is not None else NOTHING
        moment = parse_time(published, seen.exact, self._zone_offset)
        by_id, basis = id_milliseconds(where, kind, native) or (None, None)
        if moment.exact is None and moment.naive:
            self.evidence.see(moment, by_id)
        return (seen[:3], *moment, by_id, basis, None, None)


def _id_problem(native: str, what: str) -> str:
    if not native:
        return f"{what} is missing"
    if not native.isascii() and _SURROGATE.search(native):
        return f"{what} holds half a character"
    if damaged(native):
        return f"{what} was destroyed by a spreadsheet and cannot be rebuilt: {native}"
    return ""


def _retrieval(post: CapturedPost, pseudonyms: Pseudonyms, where: str) -> tuple[Any, ...]:
    """query, ranking, rank, account, locale; query is None where the post was not found by one."""
    found = post.retrieval
    if found is None:
        return None, None, None, None, None
    account = pseudonyms.of_name(where, found.account) if found.account else None
    return found.query, found.ranking or None, found.rank, account, found.locale or None


def redacted(raw: str) -> str:
    """What is kept of a record that could not be read: without names, accounts, addresses and tokens, cut short.

    JSON loses the values of keys that speak of people or sessions; of anything else addresses and mentions go.
    """
    try:
        if raw[:1] in "{[" and len(raw) <= 100_000:
            raw = json.dumps(_without_people(json.loads(raw)), ensure_ascii=False)
    except (ValueError, RecursionError):
        pass  # no JSON, or none that can be walked through
    raw = _MENTION.sub("@…", _ADDRESS.sub("…", raw)).replace("\x00", "\ufffd")
    return raw.encode("utf-8", "replace").decode()[:RAW_LIMIT]


def _without_people(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: "…" if _PERSONAL_KEY.search(key) else _without_people(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_people(inner) for inner in value]
    return value
