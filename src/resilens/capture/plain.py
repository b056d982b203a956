"""Which comments need no looking at one by one, and what becomes of them, all at once?

Most comments of a large capture are plain: their ids are as RedNote makes them, their times are numbers, nothing is
attached. A reader that can hands them on as columns, in blocks, beside the few that are not; those go the way of all
other records, so that `capture.normalise` alone decides what an odd value means. What is plain is narrow on purpose:
here is nothing to decide. A test holds the two ways together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from resilens.capture import values
from resilens.capture.clocks import rednote_milliseconds
from resilens.capture.people import is_gone
from resilens.capture.records import Captured, Person
from resilens.capture.times import FIRST, LAST
from resilens.corpus.pseudonyms import HASHED, Pseudonyms
from resilens.corpus.schema import item_id
from resilens.corpus.text import ENGINE_SPECIAL

if TYPE_CHECKING:
    from resilens.capture.normalise import Columns, Normaliser

PLATFORM = "rednote"
ID = "^[0-9a-f]{24}$"
_ACCOUNT = f"{ID}|^{HASHED}[0-9a-f]{{16}}$"
_BETWEEN = "\x1f"
_NUMBER = r"^(?:\d{10}|\d{13})$"

MENTIONS = pa.list_(pa.struct([("user_id", pa.string()), ("nickname", pa.string())]))
COMMENTS = pa.schema([
    ("place", pa.int64()), ("line", pa.int64()), ("native_id", pa.string()), ("post", pa.string()),
    ("parent", pa.string()), ("author", pa.string()), ("name", pa.string()), ("answered", pa.string()),
    ("answered_name", pa.string()), ("mentions", MENTIONS), ("published", pa.int64()), ("text", pa.string()),
    ("likes", pa.string()), ("replies", pa.string()), ("location", pa.string()), ("collected_at", pa.int64()),
    ("by_post_author", pa.bool_()),
])  # fmt: skip
"""Plain comments as a reader hands them on: values raw, times in milliseconds, `place` in the block from 0; `answered`
is the account that is answered, `mentions` are those that the text names."""


@dataclass(frozen=True, slots=True)
class Block:
    """Many records in the order of the file.

    Parameters
    ----------
    size
        How many records, comments and others together.
    comments
        Plain comments, schema `COMMENTS`.
    others
        Every other record with its place in the block.
    """

    size: int
    comments: pa.Table
    others: list[tuple[int, Captured]]


def block(comments: pa.Table, where: Any, others: Mapping[int, Sequence[Captured]], units: int) -> Block:
    """A block of lines or rows.

    Parameters
    ----------
    comments
        The plain comments, `place` still empty.
    where
        The line or row of each.
    others
        What each of the other lines holds; those that hold nothing may be left out.
    units
        How many lines or rows there are.
    """
    held = np.zeros(units, dtype=np.int64)
    held[where] = 1
    for unit, records in others.items():
        held[unit] = len(records)
    first = np.cumsum(held) - held
    places = pa.array(first[where])
    comments = comments.set_column(comments.column_names.index("place"), "place", places)
    singles = [(int(first[unit]) + number, record) for unit, records in others.items()
               for number, record in enumerate(records)]  # fmt: skip
    return Block(int(held.sum()), comments, singles)


def chosen(raw: Mapping[str, Any], usual: pa.Array) -> tuple[pa.Table, Any]:
    """The plain ones among many comments, and which they are.

    Parameters
    ----------
    raw
        Columns by the names of `COMMENTS`, those that are nowhere filled left out; times may be text.
    usual
        Whether the reader itself found nothing odd with each.
    """
    ids = [pc.match_substring_regex(raw[name], ID) for name in ("native_id", "post")]
    parent = pc.if_else(pc.is_in(raw["parent"], pa.array(["", "0"])), None, raw["parent"])
    optional = [parent, *([raw["answered"]] if "answered" in raw else [])]
    known = [_all_known(raw["mentions"])] if "mentions" in raw else []
    times = {name: plain_milliseconds(raw[name]) for name in ("published", "collected_at")}
    conditions = [
        *ids, pc.match_substring_regex(raw["author"], _ACCOUNT),
        *(pc.fill_null(pc.match_substring_regex(one, ID), True) for one in optional),
        *map(pc.is_valid, times.values()), *known, usual,
    ]  # fmt: skip
    plain = reduce(pc.and_, (pc.fill_null(condition, False) for condition in conditions))
    columns = {**raw, "parent": parent, **times}
    length = len(plain)
    table = pa.table(
        [columns.get(field.name, pa.nulls(length, field.type)) for field in COMMENTS], schema=COMMENTS
    ).filter(plain)
    return table, plain.to_numpy(zero_copy_only=False)


def plain_milliseconds(numbers: Any) -> Any:
    """Milliseconds of plausible numbers of seconds or milliseconds, empty for any other value (`times.parse_times`)."""
    if pa.types.is_string(numbers.type):
        numbers = pc.if_else(pc.match_substring_regex(numbers, _NUMBER), numbers, None).cast(pa.int64())
    milliseconds = pc.if_else(pc.less(numbers, 10**11), pc.multiply(numbers, 1000), numbers)
    plausible = pc.and_(pc.greater_equal(milliseconds, FIRST), pc.less(milliseconds, LAST))
    return pc.if_else(plausible, milliseconds, None)


def _all_known(mentions: pa.ListArray) -> pa.Array:
    """Whether each account mentioned has an id and a name."""
    each = pc.list_flatten(mentions)
    known = pc.and_(pc.match_substring_regex(pc.struct_field(each, "user_id"), ID),
                    pc.is_valid(pc.struct_field(each, "nickname")))  # fmt: skip
    odd = np.zeros(len(mentions), dtype=bool)
    odd[pc.list_parent_indices(mentions).filter(pc.invert(pc.fill_null(known, False)))] = True
    return pa.array(~odd)


def normalised(comments: pa.Table, normaliser: Normaliser) -> Columns:
    """Plain comments, which have numbers (`seq`) instead of places, as the columns of `capture.staging`.

    The same as `Normaliser.comments` gives of them one by one.
    """
    raw = {name: comments.column(name).combine_chunks() for name in comments.column_names}
    length = comments.num_rows
    authors, closed = normaliser.accounts.of(raw["author"], raw["name"])
    normaliser.accounts.know(raw["answered"], raw["answered_name"])
    texts, text_flags = _texts(raw, normaliser)
    parent = raw["parent"]
    parent = pc.if_else(pc.or_(pc.equal(parent, raw["native_id"]), pc.equal(parent, raw["post"])), None, parent)
    by_id = rednote_milliseconds(raw["native_id"])
    nothing = pa.ListArray.from_arrays(pa.array(np.zeros(length + 1, dtype=np.int32)), pa.array([], pa.string()))
    return {
        "seq": raw["seq"], "line": raw["line"], "item_id": _items("c", raw["native_id"]),
        "platform": pa.repeat(PLATFORM, length), "author": authors,
        "flags": _flags(closed, pc.fill_null(raw["by_post_author"], False)),
        "location": _locations(raw["location"], normaliser), "media": nothing,
        "exact_at": raw["published"], "precision": _precision(raw["published"]),
        "damaged": pa.repeat(False, length), "id_at": by_id,
        "id_basis": pc.if_else(pc.is_valid(by_id), "id_exact", None), "collected_exact_at": raw["collected_at"],
        "post_id": _items("p", raw["post"]), "parent_id": _items("c", parent),
        "text": texts, "text_flags": text_flags,
        **_counts("likes", raw["likes"], normaliser), **_counts("replies", raw["replies"], normaliser),
    }  # fmt: skip


def _items(kind: str, natives: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(item_id(PLATFORM, kind, ""), natives, "")


def _precision(milliseconds: pa.Array) -> pa.Array:
    whole = pc.equal(pc.multiply(pc.divide(milliseconds, 1000), 1000), milliseconds)
    return pc.if_else(whole, "second", "millisecond")


class Accounts:
    """The pseudonyms of the accounts of plain comments, remembered; whoever is new is put among the identities.

    Parameters
    ----------
    pseudonyms
        The study's.
    identities
        What the vault is to know (`Normaliser`).
    most
        How many are remembered at most.
    """

    def __init__(self, pseudonyms: Pseudonyms, identities: set[tuple[str, str, str, str, str]], most: int) -> None:
        self._pseudonyms, self._identities, self._most = pseudonyms, identities, most
        self._known: dict[str, str] = {}
        self._gone: set[str] = set()

    def of(self, ids: pa.Array, names: pa.Array) -> tuple[pa.Array, pa.Array]:
        """The pseudonym of each account, and whether the account is gone."""
        accounts = _together(ids, names).dictionary_encode()
        different = accounts.dictionary.to_pylist()
        self._see(different)
        pseudonyms = pa.array(list(map(self._known.__getitem__, different)), pa.string())
        gone = pa.array(list(map(self._gone.__contains__, different)), pa.bool_())
        return pseudonyms.take(accounts.indices), gone.take(accounts.indices)

    def know(self, ids: pa.Array, names: pa.Array) -> None:
        """Let the vault know those that are shown with a name."""
        named = pc.and_(pc.is_valid(ids), pc.fill_null(pc.not_equal(names, ""), False))
        shown = pc.unique(_together(ids.filter(named), names.filter(named))).to_pylist()
        self._see([one for one in shown if values.known_text(one.partition(_BETWEEN)[2])])

    def _see(self, accounts: list[str]) -> None:
        if len(self._known) > self._most:
            self._known.clear()
        known, of, see = self._known, self._pseudonyms.of, self._identities.add
        for one in accounts:
            if one not in known:
                native, _, called = one.partition(_BETWEEN)
                name = (values.known_text(called) or "").strip()
                if is_gone(name):
                    self._gone.add(one)
                pseudonym = known[one] = of(PLATFORM, native)
                see((pseudonym, PLATFORM, "account", native, name))


def _together(ids: pa.Array, names: pa.Array) -> pa.Array:
    """An account's id and name as one text, to be looked up at once."""
    return pc.binary_join_element_wise(ids, pc.fill_null(names, ""), _BETWEEN)


def _texts(raw: dict[str, pa.Array], normaliser: Normaliser) -> tuple[pa.Array, pa.Array]:
    """The texts as they are stored and their flags; only those that name somebody or hold odd characters change."""
    texts = pc.if_else(pc.equal(raw["text"], ""), None, raw["text"])
    naming = pc.greater(pc.list_value_length(raw["mentions"]), 0)
    special = pc.fill_null(pc.or_kleene(pc.match_substring_regex(texts, ENGINE_SPECIAL), naming), False)
    rows = pa.table({name: raw[name] for name in ("mentions", "answered", "answered_name")}).filter(special).to_pylist()
    known = [normaliser.mentioned(PLATFORM, (*map(_mentioned, row["mentions"] or ()),
                                             Person(row["answered"], values.known_text(row["answered_name"]))))
             for row in rows]  # fmt: skip
    stored, flags = normaliser.texts(PLATFORM, texts.filter(special).to_pylist(), known)
    sets: dict[tuple[str, ...], int] = {(): 0}
    which = np.zeros(len(texts), dtype=np.int32)
    which[np.flatnonzero(special)] = [sets.setdefault(one, len(sets)) for one in flags]
    return (pc.replace_with_mask(texts, special, pa.array(stored, pa.string())),
            pa.array(list(sets), pa.list_(pa.string())).take(pa.array(which)))  # fmt: skip


def _mentioned(user: dict[str, str]) -> Person:
    return Person(user["user_id"], values.known_text(user["nickname"]))


def _flags(closed: pa.Array, by_post_author: pa.Array) -> pa.Array:
    sets = pa.array([[], ["by_post_author"], ["account_closed"], ["account_closed", "by_post_author"]])
    return sets.take(pc.add(pc.multiply(closed.cast(pa.int32()), 2), by_post_author.cast(pa.int32())))


def _locations(raws: pa.Array, normaliser: Normaliser) -> pa.Array:
    found = raws.dictionary_encode()
    known = [normaliser.location(values.known_text(one)) for one in found.dictionary.to_pylist()]
    return pa.array(known, pa.string()).take(found.indices)


def _counts(name: str, raws: pa.Array, normaliser: Normaliser) -> Columns:
    """Number, bound and the value as captured (`Normaliser`'s rule)."""
    found = raws.dictionary_encode()
    known = [normaliser.count(one) for one in found.dictionary.to_pylist()]
    number, bound = (pa.array([one[place] for one in known], kind).take(found.indices)
                     for place, kind in ((0, pa.int64()), (1, pa.string())))  # fmt: skip
    return {name: number, f"{name}_bound": pc.fill_null(bound, "unknown"), f"{name}_raw": raws}
