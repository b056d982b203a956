"""What do raw captured values mean? The one place that decides it, for all readers.

Captured records become columns, a block of them at a time: ids checked, accounts replaced by pseudonyms, text stored,
counts and times parsed. What only the whole capture can tell (the zone of its times) is gathered on the way and
decided by `capture.times`. This runs over every comment captured, so what repeats from row to row (counts, places,
accounts) is worked out once and remembered. Script and language are found by `corpus.scripts`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import pyarrow as pa

from resilens.capture.addresses import clean, names_account
from resilens.capture.clocks import ids_milliseconds
from resilens.capture.counts import parse_count
from resilens.capture.people import is_gone
from resilens.capture.plain import Accounts
from resilens.capture.records import Broken, CapturedComment, CapturedPost, Person
from resilens.capture.times import Evidence, parse_times
from resilens.capture.values import damaged
from resilens.corpus.pseudonyms import Pseudonyms
from resilens.corpus.schema import COUNTS, item_id, platform
from resilens.corpus.text import distinct_hashtags, hashtags_in, stored_text

RAW_LIMIT = 2000
REMEMBERED = 100_000
"""How many authors, counts and places of a capture are remembered, so that memory stays flat."""

REMEMBERED_ACCOUNTS = 400_000
"""The same of accounts of plain comments: 100 MB."""

ACCOUNTS_IN_IDS = frozenset({"bluesky", "mastodon", "lemmy"})
"""Platforms whose item ids name the account; such ids are replaced by a keyed hash."""

Numbered: TypeAlias = tuple[int, Any]
"""A captured record (all of one block are posts, or all comments) behind its number in the capture."""
Columns: TypeAlias = dict[str, Any]
"""Columns of `capture.staging`'s schemas by name, lists or Arrow arrays of one length; those left out are empty."""

_REDNOTE_ID = re.compile(r"[0-9a-f]{24}")
_LOCATION_PREFIX = re.compile(r"^(?:来自|发布于|IP\s*属地|属地|IP location)[ :：]*", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_NO_PARENT = frozenset({"", "0", "-1", "none", "null", "nan"})
_ADDRESS = re.compile(r"(?:https?://|at://|did:)[^\s\"'<>,\\]+")
_MENTION = re.compile(r"(?:[@＠]|(?<![A-Za-z0-9_])[uU]/)[^\s@＠:：,，\"'\\]+")
_PERSONAL_KEY = re.compile(
    r"(?i)user|nick|author|creator|avatar|account|profile|signature|screen_?name|display_?name|handle|sec_?uid|^uid$|"
    r"token|device|agent|^name$|昵称|用户|作者|头像"
)


class Refused(NamedTuple):
    """A record that cannot be a row: its number, and where and why."""

    seq: int
    broken: Broken


class Normaliser:
    """Turns captured records of one capture into columns.

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
        remembered = lru_cache(REMEMBERED, typed=True)
        self._author = remembered(self._author_of)
        self.accounts = Accounts(pseudonyms, self.identities, REMEMBERED_ACCOUNTS)
        self.count = remembered(_count)
        self.location = remembered(_location)

    def take_identities(self) -> list[tuple[str, str, str, str, str]]:
        """The identities seen since the last call, sorted."""
        taken = sorted(self.identities)
        self.identities.clear()
        return taken

    def posts(self, block: Iterable[Numbered]) -> tuple[list[Columns], list[Refused]]:
        """The columns of posts, for each platform among them, and those that cannot be rows."""
        parts, refused = _parted(block, _post_problem)
        return [self._posts(where, *part) for where, part in parts.items()], refused

    def comments(self, block: Iterable[Numbered]) -> tuple[list[Columns], list[Refused]]:
        """The columns of comments, for each platform among them, and those that cannot be rows."""
        parts, refused = _parted(block, _comment_problem)
        return [self._comments(where, *part) for where, part in parts.items()], refused

    def _posts(self, where: str, seqs: list[int], posts: list[CapturedPost]) -> Columns:
        natives = [post.native_id.strip() for post in posts]
        own = self._items(where, "p", natives)
        mentioned = [self.mentioned(where, post.mentions) for post in posts]
        titles, title_flags = self.texts(where, [post.title for post in posts], mentioned)
        texts, text_flags = self.texts(where, [post.text for post in posts], mentioned)
        hashtags = [distinct_hashtags((*hashtags_in(post.title or "", where), *hashtags_in(post.text or "", where),
                                       *post.hashtags)) for post in posts]  # fmt: skip
        found = [_retrieval(post, self._pseudonyms, where) for post in posts]
        columns = self._head(where, seqs, posts, "p", natives, own)
        for name in COUNTS:
            columns |= self._counts(name, [post.counts.get(name) for post in posts])
        return columns | {
            "kind": [post.kind for post in posts], "title": titles, "text": texts, "hashtags": hashtags,
            "url": [self._address(where, item, post.url) for item, post in zip(own, posts, strict=True)],
            "text_flags": [_flags(one + other) for one, other in zip(title_flags, text_flags, strict=True)],
            **_unzipped(("query", "ranking", "rank", "account", "locale"), found),
        }  # fmt: skip

    def _comments(self, where: str, seqs: list[int], comments: list[CapturedComment]) -> Columns:
        natives = [comment.native_id.strip() for comment in comments]
        answered = [comment.post.strip() for comment in comments]
        parents = [_parent(*known) for known in zip(comments, natives, answered, strict=True)]
        own = self._items(where, "c", natives)
        mentioned = [self.mentioned(where, comment.mentions) for comment in comments]
        texts, text_flags = self.texts(where, [comment.text for comment in comments], mentioned)
        columns = self._head(where, seqs, comments, "c", natives, own)
        for place, parent in enumerate(parents):
            if parent and damaged(parent):
                columns["flags"][place] = _flags((*columns["flags"][place], "parent_id_damaged"))
        return columns | {
            "post_id": self._items(where, "p", answered), "parent_id": self._items(where, "c", parents),
            "text": texts, "text_flags": [_flags(flags) for flags in text_flags],
            **self._counts("likes", [comment.likes for comment in comments]),
            **self._counts("replies", [comment.replies for comment in comments]),
        }  # fmt: skip

    def _head(
        self, where: str, seqs: list[int], records: Sequence[CapturedPost | CapturedComment], kind: str,
        natives: list[str], own: list[str],
    ) -> Columns:  # fmt: skip
        """What posts and comments have in common."""
        authors = [
            self._author(where, None, None, False) if person is None
            else self._author(where, person.native_id, person.name, person.name_is_identity)
            for person in [record.author for record in records]
        ]  # fmt: skip
        unusual = _REDNOTE_ID.fullmatch if where == "rednote" else bool
        flags = [
            record.flags + noted if unusual(native) else (*record.flags, *noted, "unusual_id")
            for record, native, (_, noted) in zip(records, natives, authors, strict=True)
        ]
        return {
            "seq": seqs, "line": [record.line for record in records], "item_id": own,
            "platform": pa.repeat(where, len(own)), "author": [pseudonym for pseudonym, _ in authors],
            "flags": [_flags(one) for one in flags],
            "location": [self.location(record.location) for record in records],
            "media": [self._media(where, *known) for known in zip(own, [one.media for one in records], strict=True)],
            **self._times(where, kind, natives, records),
        }  # fmt: skip

    def _items(self, where: str, kind: str, natives: Iterable[str]) -> list[Any]:
        """Ids of items by the platform's own; None where that is empty."""
        prefix = item_id(where, kind, "")
        if where in ACCOUNTS_IN_IDS:
            return [prefix + self._native(where, native) if native else None for native in natives]
        return [prefix + (native if native.isalnum() else self._native(where, native)) if native else None
                for native in natives]  # fmt: skip

    def _native(self, where: str, native: str) -> str:
        """The id, or its keyed hash where it names an account."""
        if where in ACCOUNTS_IN_IDS or "://" in native or "@" in native or native.startswith("did:"):
            pseudonym = self._pseudonyms.of_address(where, native)
            self.identities.add((pseudonym, where, "address", native, ""))
            return pseudonym
        return native

    def texts(
        self, where: str, captured: list[str | None], mentioned: list[dict[str, str]]
    ) -> tuple[list[str | None], list[tuple[str, ...]]]:
        """The texts as they are stored, and their flags."""
        def by_name(name: str) -> str:
            return self._by_name(where, name)

        stored = [
            (None, ()) if text is None else stored_text(text, by_name, known, self._from_gbk, where)
            for text, known in zip(captured, mentioned, strict=True)
        ]
        return [text for text, _ in stored], [flags for _, flags in stored]

    def _by_name(self, where: str, name: str) -> str:
        pseudonym = self._pseudonyms.of_name(where, name)
        self.identities.add((pseudonym, where, "name", name, name))
        return pseudonym

    def _author_of(
        self, where: str, native_id: str | None, called: str | None, name_is_identity: bool
    ) -> tuple[str | None, tuple[str, ...]]:
        """The author's pseudonym, or None, and flags: why there is none, whether the account is gone."""
        name = called.strip() if called else ""
        closed = ("account_closed",) if is_gone(name) else ()
        if closed and not native_id:
            return None, closed
        if native_id and damaged(native_id):
            return None, (*closed, "author_id_damaged")
        pseudonym = self._person(where, native_id, name, name_is_identity)
        if pseudonym is None:
            return None, (*closed, "author_by_name_only" if name else "author_missing")
        return pseudonym, closed

    def _person(self, where: str, native_id: str | None, name: str, name_is_identity: bool) -> str | None:
        if native_id:
            native = native_id.strip()
            pseudonym = self._pseudonyms.of(where, native)
            self.identities.add((pseudonym, where, "account", native, name))
            return pseudonym
        return self._by_name(where, name) if name_is_identity and name else None

    def mentioned(self, where: str, mentions: tuple[Person, ...]) -> dict[str, str]:
        """Pseudonyms of mentioned accounts by name."""
        found: dict[str, str] = {}
        for person in mentions:
            name = person.name.strip() if person.name else ""
            pseudonym = self._person(where, person.native_id, name, person.name_is_identity) if name else None
            if pseudonym:
                found[name.lstrip("@")] = pseudonym
        return found

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

    def _counts(self, name: str, raws: list[Any]) -> Columns:
        return _unzipped((name, f"{name}_bound", f"{name}_raw"), list(map(self.count, raws)))

    def _times(
        self, where: str, kind: str, natives: list[str], records: Sequence[CapturedPost | CapturedComment]
    ) -> Columns:
        """When they were captured (three readings), and the columns `TIMES` of `capture.staging`."""
        seen = parse_times([record.collected_at for record in records])
        told = parse_times([record.published for record in records], seen, self._zone_offset)
        by_id, basis = ids_milliseconds(where, kind, natives)
        for place, moment in told.single.items():
            if moment.naive:
                self.evidence.see(moment, by_id[place])
        return {
            "exact_at": told.exact, "month_first_at": told.month_first, "day_first_at": told.day_first,
            "precision": told.precision, "damaged": told.damaged,
            "id_at": by_id, "id_basis": [None if one is None else basis for one in by_id],
            "collected_exact_at": seen.exact, "collected_month_first_at": seen.month_first,
            "collected_day_first_at": seen.day_first,
        }  # fmt: skip


def _parted(
    block: Iterable[Numbered], problem_of: Callable[[Any], str]
) -> tuple[dict[str, tuple[list[int], list[Any]]], list[Refused]]:
    """Numbers and records by platform, and those that cannot be rows."""
    parts: dict[str, tuple[list[int], list[Any]]] = {}
    refused: list[Refused] = []
    for seq, record in block:
        where = _platform(record.platform)
        problem = problem_of(record) or ("" if where else f"unknown platform {record.platform!r}")
        if problem or where is None:
            refused.append(Refused(seq, Broken(record.line, problem, (record.native_id or "").strip())))
            continue
        if where not in parts:
            parts[where] = [], []
        seqs, records = parts[where]
        seqs.append(seq)
        records.append(record)
    return parts, refused


@lru_cache(1_000)
def _platform(name: str) -> str | None:
    try:
        return platform(name)
    except ValueError:
        return None


def _post_problem(post: CapturedPost) -> str:
    return _id_problem(post.native_id, "the post's id")


def _comment_problem(comment: CapturedComment) -> str:
    return _id_problem(comment.native_id, "the comment's id") or _id_problem(comment.post, "the id of its post")


def _parent(comment: CapturedComment, native: str, post: str) -> str:
    """The id of the comment answered; the post's, or its own (Weibo's roots), in its place means none, as 0 does."""
    parent = comment.parent.strip() if comment.parent else ""
    return "" if parent in (native, post) or parent.lower() in _NO_PARENT else parent


@lru_cache(10_000)
def _flags(flags: tuple[str, ...]) -> tuple[str, ...]:
    """Each once, sorted."""
    return tuple(sorted(set(flags)))


def _count(raw: Any) -> tuple[int | None, str, str | None]:
    """Number, bound and the raw value as text."""
    return (None, "unknown", None) if raw is None else (*parse_count(raw), str(raw))


def _location(captured: str | None) -> str | None:
    return (_LOCATION_PREFIX.sub("", captured.strip()).strip() or None) if captured else None


def _unzipped(names: Sequence[str], rows: list[tuple[Any, ...]]) -> Columns:
    return dict(zip(names, zip(*rows, strict=True), strict=True))


def _id_problem(captured: str | None, what: str) -> str:
    """Why this cannot be an id; empty where it can."""
    if captured and len(captured) > 20 and captured.isalnum() and captured.isascii():
        return ""  # most ids, RedNote's among them
    native = captured.strip() if captured else ""
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
