"""What in a captured value betrays a person or an item to be forgotten, and what stands in its place?

An item becomes a tombstone, which readers give out as one broken record, so that the sums of a capture still add up.
What refers to it keeps its shape under an alias that leads nowhere. A mention becomes a pseudonym of nobody, as long
as any pseudonym is, so that positions in other people's texts stay where they were.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import repeat
from typing import Any
from urllib.parse import quote

from resilens.capture import values
from resilens.capture.retrieval import query_of
from resilens.corpus.pseudonyms import Pseudonyms

ERASED = "erased on request"
"""The reason with which a tombstone is quarantined."""

MARK = "[erased]"
NOBODY = "u-erasedaaaaaaaaaa"
"""The pseudonym of nobody, in place of a mention."""

TOMBSTONE_CELLS = 2
"""A row that is a tombstone has the mark, and the search it came from where that is known; nothing else."""

OWN_KEYS = ("uri", "item_id", "comment_id", "cid", "id", "note_id", "noteId", "aweme_id", "post_id")
ACCOUNT_KEYS = ("user_id", "userId", "userid", "uid", "creator_hash", "author_id", "authorId", "did", "actor",
                "attributedTo", "url")  # fmt: skip
ACCOUNT_OBJECTS = ("user", "user_info", "userInfo", "author", "account")
NESTED = ("sub_comments", "subComments")
TARGETS = ("target_comment", "targetComment", "mentions")
POINTERS = frozenset({"uri", "cid"})
"""All that an object holds which only points to an item, as on Bluesky where a reply says what it answers."""
PASSED_ON, COPIED = "reblog", ("content", "spoiler_text", "media_attachments")
"""Where Mastodon puts the status that another passes on, and what it says of it a second time."""
CARDS = ("note_card", "note", "noteCard", "data")
ENVELOPE = ("nav_index", "timestamp_collected", "source_platform")
DISTINCTIVE = 8
"""Characters from which on an id that holds a digit is looked for inside texts and addresses; a shorter one only where
it is the whole value of an id."""

CERTAIN = 16
"""Characters from which on an id is nothing else, whatever stands beside it."""

FEW = 2000
"""Ids up to which looking for each is faster than looking up every part of a text."""

_RUN = re.compile(f"[0-9A-Za-z]{{{CERTAIN},}}")
_STATUS = re.compile(r"^https?://.*/(\d{15,20})(?:/activity)?/?$")
_TOKEN = re.compile(r"((?:msToken|device_id|verifyFp|xsec_token|a_bogus|X-Bogus|token|sign)=)[^&\"'\s]+")
_PERSONAL = re.compile(r"(?i)nick|image|avatar|unique_?id|signature|sec_?uid|red_?id|^name$|^link$|^desc$")
_NAMED = re.compile(r"(?i)nick|name|author|user|昵称|作者|博主|评论者")
_REFERENCE = re.compile(r"(?i)id$|^cid$|parent|root|reply|target|编号")


@dataclass(frozen=True)
class Traces:
    """What to look for.

    Parameters
    ----------
    pseudonyms
        The study's: aliases are made under its key.
    posts, comments
        Native ids of the items.
    accounts
        Native ids of the account, `creator_hash` included; empty where only an item is to be forgotten.
    names
        The account's names that no other account in the study bears.
    others
        Names of other accounts that begin like one of `names`, and must not be taken for it.
    by_line
        Whether own records are known by where they stand alone, as in a table of its own columns, whose ids may be as
        short as `12`.
    renamed
        Ids of the items as the study has them (`platform:c:native`), each with the id that stands in its place
        afterwards; a canonical capture holds these.
    pseudonyms_of_author
        The author's pseudonyms, which a canonical capture holds as well.
    """

    pseudonyms: Pseudonyms = field(repr=False)
    posts: frozenset[str] = frozenset()
    comments: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    by_line: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)
    pseudonyms_of_author: frozenset[str] = frozenset()

    @property
    def items(self) -> frozenset[str]:
        """Native ids of all items."""
        return self.posts | self.comments

    @cached_property
    def ids(self) -> frozenset[str]:
        """Ids of items and of the account; an account's `creator_hash` goes with its id, and so do addresses of
        `name@server`."""
        known = self.items | self.accounts | {_creator_hash(account) for account in self.accounts}
        return known.union(*map(_addresses, self.accounts))

    def alias(self, native: str) -> str:
        """What stands in place of an id: eight zeros and digits, as long as the id and at least 16 long.

        The same id has the same alias in every file of a study; without the study's key nothing leads back.
        """
        address = self.pseudonyms.of_address("other", f"erased\x1f{native}")
        digits = str(int(hashlib.sha256(address.encode()).hexdigest(), 16)).zfill(78)
        return "0" * 8 + digits[-(max(len(native), 16) - 8) :]

    @cached_property
    def _long(self) -> frozenset[str]:
        """Ids so long that they are found inside anything (`%2F6785…`), and by a set, however many they are."""
        return frozenset(one for one in self.ids if len(one) >= CERTAIN and one.isascii() and one.isalnum())

    @cached_property
    def _lengths(self) -> tuple[int, ...]:
        return tuple(sorted({len(one) for one in self._long}, reverse=True))

    def _without_long_ids(self, text: str) -> str:
        """The text with aliases in place of long ids; the same object where there are none."""
        if len(self._long) <= FEW and not any(one in text for one in self._long):
            return text

        def renewed(run: re.Match[str]) -> str:
            written, place = run[0], 0
            while place < len(written):
                for length in self._lengths:
                    if (one := written[place : place + length]) in self._long:
                        written = written[:place] + self.alias(one) + written[place + length :]
                        place += length - 1
                        break
                place += 1
            return written

        found = _RUN.sub(renewed, text)
        return text if found == text else found

    @cached_property
    def _words(self) -> re.Pattern[str] | None:
        long = sorted((one for one in self.ids - self._long if _distinctive(one)), key=lambda one: (-len(one), one))
        return re.compile(f"(?<![0-9A-Za-z])(?:{_either(long)})(?![0-9A-Za-z])") if long else None

    @cached_property
    def _mentions(self) -> re.Pattern[str] | None:
        names = sorted(self.names, key=lambda name: (-len(name), name))
        if not names:
            return None
        either = _either(names)
        before, after = r"[@＠](?:<span>)?|回复[ \t\u3000]*[@＠]?", r"[^\s@＠:：,，。!！?？;；#＃()（）\[\]<]*"
        return re.compile(rf"({before})({either})(?=({after}))")

    @cached_property
    def _paths(self) -> re.Pattern[str] | None:
        """Mentions on Reddit, where case means nothing: `u/NAME`."""
        either = _either(sorted(self.names, key=lambda name: (-len(name), name)))
        return re.compile(rf"(?i)(?:(?<![A-Za-z0-9_])u|/user)/(?:{either})(?![A-Za-z0-9_-])") if either else None

    @cached_property
    def _encoded(self) -> re.Pattern[str] | None:
        encoded = self._names_in_addresses - self.names
        return re.compile(_either(sorted(encoded)), re.I) if encoded else None

    @property
    def _names_in_addresses(self) -> set[str]:
        once = {quote(name, safe="") for name in self.names}
        return once | {quote(name, safe="") for name in once}

    @cached_property
    def needle(self) -> re.Pattern[str] | None:
        """Finds a short id or a name, also in undecoded JSON or in a line of a table; see `touch`."""
        escaped = {json.dumps(name)[1:-1] for name in self.names}
        plain = {json.dumps(name, ensure_ascii=False)[1:-1] for name in self.names}
        doubled = {name.replace('"', '""') for name in self.names}
        every = sorted((self.ids - self._long) | self.names | escaped | plain | doubled | self._names_in_addresses)
        return re.compile(_either(every), re.I) if every else None

    def touch(self, text: str) -> bool:
        """Whether the text may hold a trace."""
        if self._without_long_ids(text) is not text:
            return True
        return self.needle is not None and self.needle.search(text) is not None

    def redacted(self, text: str, key: str = "") -> str:
        """The text without traces.

        Parameters
        ----------
        text
            A value of a record.
        key
            The key or column it stands under: a whole value that is a name goes where the key speaks of a person, and
            a short id where the key speaks of ids.
        """
        if text.strip() in self.ids and self._certain(text.strip(), key):
            return self.alias(text.strip())
        if text.strip() in self.names and _NAMED.search(key):
            return MARK
        if text[:1] in "{[" and self.touch(text):
            nested = _nested(text)
            if nested is not None:
                return json.dumps(self.walked(nested), ensure_ascii=text.isascii())
        renewed = self._without_long_ids(text)
        if self._words is not None:
            renewed = self._words.sub(lambda id_: self.alias(id_[0]), renewed)
        if renewed != text:
            text = _TOKEN.sub(r"\1", renewed)
        if self._encoded is not None:
            text = self._encoded.sub("erased", text)
        if self._paths is not None:
            text = self._paths.sub(lambda found: found[0][: found[0].rindex("/") + 1] + NOBODY, text)
        return self._mentions.sub(self._nobody, text) if self._mentions is not None else text

    def _nobody(self, found: re.Match[str]) -> str:
        """A mention, unless it is one of another account whose name goes on where this one ends."""
        longer = found[2] + found[3]
        if found[3][:1].isalnum() and len(found[2]) < 3:
            return found[0]
        if any(longer.startswith(other) and len(other) > len(found[2]) for other in self.others):
            return found[0]
        return found[1] + NOBODY

    def walked(self, value: Any, key: str = "") -> Any:
        """A JSON value with tombstones in place of own items, and without traces elsewhere."""
        if isinstance(value, dict):
            if self.own(value):
                return self._answered(value) if key in TARGETS or value.keys() <= POINTERS else self.tombstone(value)
            named = self._names_account(value)
            passed_on = isinstance(value.get(PASSED_ON), dict) and self.own(value[PASSED_ON])
            kept = {}
            for name, inner in value.items():  # a comprehension would take one of Python's thousand levels more
                if not (named and _PERSONAL.search(name) or passed_on and name in COPIED):
                    kept[name] = self.walked(inner, name)
            return kept
        if isinstance(value, list):
            return list(map(self.walked, value, repeat(key)))
        if isinstance(value, str):
            return self.redacted(value, key)
        if isinstance(value, int) and not isinstance(value, bool) and str(value) in self.ids:
            return self.alias(str(value)) if self._certain(str(value), key) else value
        return value

    def _certain(self, native: str, key: str) -> bool:
        """Whether a whole value is that id, and not a number that looks like it."""
        return _distinctive(native) or (not self.by_line and _REFERENCE.search(key) is not None)

    def own(self, item: dict[str, Any]) -> bool:
        """Whether an object is one of the items, or by the account."""
        first = item.get(_own_key(item))
        native = values.identifier(first)
        if native and not self.by_line and self.items & {native, native.partition("_")[0], _number_in(native)}:
            return True  # Instagram's ids end in that of the account, `3141_7`
        if not self.accounts:
            return False
        if first is not None and self._names_account(item):
            return True
        cards = [item, *(item[key] for key in CARDS if isinstance(item.get(key), dict))]
        authors = [card[key] for card in cards for key in ACCOUNT_OBJECTS if isinstance(card.get(key), dict)]
        return any(self._names_account(author) or values.identifier(author.get("id")) in self.ids for author in authors)

    def _names_account(self, item: dict[str, Any]) -> bool:
        return any(values.identifier(item.get(key)) in self.ids - self.items for key in ACCOUNT_KEYS)

    def tombstone(self, item: dict[str, Any]) -> dict[str, Any]:
        """What stands in place of an own object: an envelope keeps its place in the order of capture and the search it
        came from; a comment keeps the replies of others, and the alias that they answer."""
        data = item.get("data")
        if "source_platform" in item and isinstance(data, dict):
            kept = {key: item[key] for key in ENVELOPE if key in item}
            if query_of(item.get("source_platform_url")):
                kept["source_platform_url"] = self.redacted(_TOKEN.sub(r"\1", item["source_platform_url"]))
            own = item if item.get("item_id") is not None else data
            return kept | self._own_alias(own, "item_id") | {"data": self._bare(data)}
        return self._bare(item)

    def _bare(self, item: dict[str, Any]) -> dict[str, Any]:
        key = _own_key(item)
        kept: dict[str, Any] = {"resilens": "erased"} | (self._own_alias(item, key) if key else {})
        if "source_keyword" in item:
            kept["source_keyword"] = self.walked(item["source_keyword"], "source_keyword")
        for name in NESTED:
            if item.get(name):
                kept |= {post: self.walked(item[post], post) for post in ("note_id", "noteId") if post in item}
                kept[name] = self.walked(item[name], name)
        return kept

    def _answered(self, item: dict[str, Any]) -> dict[str, str]:
        """What stands where another comment names the erased one as the one it answers."""
        return self._own_alias(item, _own_key(item) or "id")

    def _own_alias(self, item: dict[str, Any], called: str) -> dict[str, str]:
        native = values.identifier(item.get(_own_key(item)))
        return {called: self.alias(native)} if native else {}


def _own_key(item: Mapping[str, Any]) -> str:
    """The key of an object's own id. Mastodon's statuses have an address as well: that is not their id."""
    first = next((key for key in OWN_KEYS if item.get(key) is not None), "")
    if first == "uri" and item.get("id") is not None and str(item["uri"]).startswith("http"):
        return "id"
    return first


def _number_in(address: str) -> str:
    """Mastodon's number at the end of an address, by which such an item goes; the address where there is none."""
    found = _STATUS.search(address)
    return found[1] if found else address


def is_tombstone(record: Mapping[str, Any]) -> bool:
    """Whether a record, as it was read, stands in place of an erased one (and holds no replies of others)."""
    if record.get("resilens") == "erased":
        return not any(record.get(name) for name in NESTED)
    filled, marked = 0, False
    for value in record.values():
        if value is not None and value != "":
            filled += 1
            marked = marked or (isinstance(value, str) and value.startswith(MARK))
            if filled > TOMBSTONE_CELLS:
                return False
    return marked


def search_of(tombstone: Mapping[str, Any]) -> str:
    """The search a tombstone came from, where it is kept."""
    kept = (value for key, value in tombstone.items() if key not in (*OWN_KEYS, "resilens"))
    return next((value for value in kept if isinstance(value, str) and value and not value.startswith(MARK)), "")


def _creator_hash(account: str) -> str:
    """What newer exports of MediaCrawler give in place of an account's id (`corpus.pseudonyms`)."""
    return hashlib.sha256(account.encode()).hexdigest()[:16]


def tombstones(value: Any) -> int:
    """How many tombstones a JSON value holds."""
    if isinstance(value, dict):
        return (value.get("resilens") == "erased") + sum(map(tombstones, value.values()))
    return sum(map(tombstones, value)) if isinstance(value, list) else 0


def _addresses(account: str) -> set[str]:
    """The addresses of `name@server`, as Mastodon makes them; none for any other id."""
    name, _, server = account.partition("@")
    return {f"https://{server}/@{name}", f"https://{server}/users/{name}"} if name and server else set()


def _distinctive(native: str) -> bool:
    return len(native) >= DISTINCTIVE and any(mark.isdigit() or mark in "@:" for mark in native)


def _either(words: list[str]) -> str:
    return "|".join(map(re.escape, words))


def _nested(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
