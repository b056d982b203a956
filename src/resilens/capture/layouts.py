"""How is a record read by a layout: a table that says, as data, where each value stands?

A layout names, for each field, the path at which a source keeps it: `legacy.full_text` inside objects, `0` a position,
`*` every member of a list, `a|b` the first of several that holds anything, `a + b` all of them together. What a value
means is no business of a layout: that is decided in `capture.normalise`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from resilens.capture import values
from resilens.capture.files import Head, Record, Source
from resilens.capture.people import hashed_person, person
from resilens.capture.reader import Options, Recognition
from resilens.capture.records import Broken, Captured, CapturedComment, CapturedPost, Person, Retrieval
from resilens.capture.rednote import broken_id
from resilens.capture.retrieval import Ranks, query_of
from resilens.capture.table import KINDS, tags
from resilens.capture.traces import ERASED
from resilens.corpus.schema import COUNTS

FIELDS = frozenset((
    "id", "post", "parent", "author", "author_hash", "author_name", "handle", "title", "text", "time", "collected_at",
    "hashtags", *COUNTS, "replies", "location", "url", "slug", "media", "type", "query", "page", "rank", "mentions",
    "missing",
))  # fmt: skip
"""What a layout may place. `handle` is a name that only one account bears, `author_name` one that many may bear; `slug`
fills the address; `page` is the address of a search, whose words are the query where no `query` is; `missing` names the
keys or columns that were not captured, whatever stands there; `mentions` are objects of which `Layout.mentioned` says
where id and name stand."""

_OF_POSTS = frozenset({"title", "hashtags", "bookmarks", "shares", "views", "url", "slug", "type", "query", "page",
                       "rank"})  # fmt: skip
"""Fields that comments have not."""

_NOTHING = frozenset({"", "$undefined"})
_YES = frozenset({"true", "yes", "1", "1.0"})


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the values of one kind of record stand.

    Parameters
    ----------
    name
        What these records are called, for people: `TikTok comments`.
    platform
        The platform of every record.
    fields
        Path by field (`FIELDS`).
    needs
        Columns or keys that a file must have to be read by this layout.
    lacks
        Columns that it must not have, where another layout has all that this one needs.
    comments
        Whether every record is a comment. Otherwise it is one where `post` is another id than `id`, as on platforms
        where a reply is a post that names the beginning of its conversation; a repost answers nothing.
    kinds
        Kind by what stands under `type`, in lower case.
    without
        Kind where `type` is empty.
    flags
        Flag by path: it is set where `true`, `yes` or a number but 0 stands there; `path=word` where that word does,
        `path=*` where anything does.
    separator
        The characters that join lists of media; empty where lists are lists.
    address
        The address of a post, with `{}` for its `slug` or id; empty where `url` holds it.
    native
        What becomes of ids (such as a number out of a short code); None where one cannot be read.
    mentioned
        Paths of id and name in the members of `mentions`.
    unescape
        Whether texts are escaped like HTML (`&amp;`), though they hold no tags.
    """

    name: str
    platform: str
    fields: Mapping[str, str]
    needs: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    comments: bool = False
    kinds: Mapping[str, str] = field(default_factory=lambda: KINDS)
    without: str = "unknown"
    flags: Mapping[str, str] = field(default_factory=dict)
    separator: str = ""
    address: str = ""
    native: Callable[[str], str | None] = str
    mentioned: tuple[str, str] = ("", "")
    unescape: bool = False

    def fits(self, columns: frozenset[str]) -> bool:
        """Whether a record with these columns or keys is one of this layout."""
        return self.needs <= columns and not self.lacks & columns


def layout(name: str, platform: str, needs: str = "", lacks: str = "", **more: Any) -> Layout:
    """A layout with the columns it needs and lacks as words: `layout("X posts", "x", "id body", fields={...})`.

    Fields that comments have not, and those with an empty path, are left out.
    """
    made = Layout(name, platform, needs=frozenset(needs.split()), lacks=frozenset(lacks.split()), **more)
    unknown = set(made.fields) - FIELDS
    assert not unknown, f"{name}: there are no fields {sorted(unknown)}"
    placed = {field: path for field, path in made.fields.items() if path and not (made.comments and field in _OF_POSTS)}
    return replace(made, fields=placed)


@cache
def _ways(path: str) -> tuple[tuple[str | int, ...], ...]:
    return tuple(
        tuple(int(step) if step.isdigit() else step for step in way.strip().split("."))
        for way in path.split("|")
    )  # fmt: skip


def _along(value: Any, steps: tuple[str | int, ...]) -> Any:
    for place, step in enumerate(steps):
        if type(value) is dict and step in value:
            value = value[step]
            if value is None:
                return None
            continue
        if step == "*":
            found: list[Any] = []
            for member in value if isinstance(value, list) else ():
                inner = _along(member, steps[place + 1 :])
                found += inner if isinstance(inner, list) else [inner]
            return [one for one in found if one is not None] or None
        value = value[step] if isinstance(step, int) and isinstance(value, list) and len(value) > step else None
        if value is None:
            return None
    return value


def at(item: Mapping[str, Any], path: str) -> Any:
    """What stands at a path (`a.b|c`): the first way that leads to anything but nothing and an empty text or list."""
    for steps in _ways(path):
        found = _along(item, steps) if len(steps) > 1 else item.get(str(steps[0]))
        if found is None or (type(found) is str and found in _NOTHING) or (type(found) is list and not found):
            continue
        return found
    return None


@cache
def _condition(condition: str) -> tuple[str, str]:
    path, _, word = condition.partition("=")
    return path, word


def _is_set(item: Mapping[str, Any], path: str, word: str) -> bool:
    found = at(item, path)
    if found is None:
        return False
    if not word:
        number = isinstance(found, int | float) and found != 0  # True is 1
        return number or str(found).strip().lower() in _YES
    if word == "*":
        return found is not False
    return word in (found if isinstance(found, list) else values.listed(str(found)))


def read(where: Layout, line: int, item: dict[str, Any]) -> CapturedPost | CapturedComment | Broken:
    """A record by its layout; `Broken` without a sound id."""
    if item.get("resilens") == "erased":
        return Broken(line, ERASED)
    missing = values.listed(_field(where, item, "missing"))
    if missing:
        item = {**item, **dict.fromkeys(missing)}
    native_id, post_id = _id(where, item, "id"), _id(where, item, "post")
    comment = where.comments or (post_id is not None and post_id != native_id and "repost" not in _flags(where, item))
    broken = broken_id(line, "id of the comment" if comment else "id of the post", native_id)
    broken = broken or (broken_id(line, "id of the post", post_id, native_id or "") if comment else None)
    if broken or native_id is None:
        return broken or Broken(line, "no id")
    if comment and post_id is not None:
        return _comment(where, line, item, native_id, post_id)
    return _post(where, line, item, native_id)


def _id(where: Layout, item: dict[str, Any], name: str) -> str | None:
    found = values.no_zero(_field(where, item, name))
    return found if found is None or values.damaged(found) else where.native(found)


def _field(where: Layout, item: dict[str, Any], name: str) -> Any:
    path = where.fields.get(name)
    return at(item, path) if path else None


def _text(where: Layout, item: dict[str, Any], name: str = "text") -> str | None:
    found = values.text(_field(where, item, name))
    return html.unescape(found) if found and where.unescape else found


def _media(where: Layout, item: dict[str, Any]) -> tuple[str, ...]:
    found: list[str] = []
    for path in where.fields["media"].split(" + ") if "media" in where.fields else ():
        media = at(item, path)
        whole = isinstance(media, str) and not where.separator
        found += values.listed([media] if whole else media, where.separator)
    return tuple(dict.fromkeys(found))


def _author(where: Layout, item: dict[str, Any]) -> tuple[Person | None, tuple[str, ...]]:
    native_id, hashed = _field(where, item, "author"), _field(where, item, "author_hash")
    handle = _field(where, item, "handle")
    name = handle if handle is not None else _field(where, item, "author_name")
    if values.no_zero(native_id) is None and hashed is not None:
        return hashed_person(hashed, name)
    author, flags = person(native_id, name)
    if author and author.native_id is None and handle is not None and not flags:
        author.name_is_identity = True
    return author, flags


def _mentions(where: Layout, item: dict[str, Any]) -> tuple[Person, ...]:
    own, called = where.mentioned
    found = [
        Person(values.no_zero(at(one, own)), values.known_text(at(one, called)))
        for one in values.objects(_field(where, item, "mentions"))
    ]
    return tuple(one for one in found if one.native_id and one.name)


def _flags(where: Layout, item: dict[str, Any]) -> tuple[str, ...]:
    return tuple(flag for flag, condition in where.flags.items() if _is_set(item, *_condition(condition)))


def _counts(where: Layout, item: dict[str, Any], flags: tuple[str, ...]) -> dict[str, Any]:
    """What is shown; with a repost it counts for the post that it passes on, and hidden likes are no number of them."""
    if "repost" in flags:
        return {}
    hidden = ("likes", "views") if "likes_hidden" in flags else ()
    return {name: None if name in hidden else values.shown(_field(where, item, name)) for name in COUNTS}


def _post(where: Layout, line: int, item: dict[str, Any], native_id: str) -> CapturedPost:
    author, flags = _author(where, item)
    flags += _flags(where, item)
    query = values.known_text(_field(where, item, "query")) or query_of(_field(where, item, "page"))
    rank = values.identifier(_field(where, item, "rank"))
    slug = values.identifier(_field(where, item, "slug")) or native_id
    kind = str(_field(where, item, "type") or "").strip().lower()
    return CapturedPost(
        line, where.platform, native_id, author, values.shown(_field(where, item, "time")),
        where.kinds.get(kind, "unknown") if kind else where.without,
        _text(where, item, "title"), _text(where, item), tags(_field(where, item, "hashtags")),
        counts=_counts(where, item, flags),
        location=values.known_text(_field(where, item, "location")),
        url=where.address.format(slug) if where.address else values.known_text(_field(where, item, "url")),
        media=_media(where, item), flags=flags, mentions=_mentions(where, item),
        collected_at=values.shown(_field(where, item, "collected_at")),
        retrieval=Retrieval(query.strip(), None, int(rank) if rank and rank.isdecimal() else None) if query else None,
    )  # fmt: skip


def _comment(where: Layout, line: int, item: dict[str, Any], native_id: str, post_id: str) -> CapturedComment:
    author, flags = _author(where, item)
    parent = _id(where, item, "parent")
    if values.damaged(parent):
        # It answers some comment, though it is lost which: kept as it is, so that it does not pass for top level.
        flags += ("parent_id_damaged",)
    replies = _field(where, item, "replies")
    return CapturedComment(
        line, where.platform, native_id, post_id, None if parent in (native_id, post_id) else parent, author,
        published=values.shown(_field(where, item, "time")), text=_text(where, item),
        likes=values.shown(_field(where, item, "likes")),
        replies=values.shown(_field(where, item, "comments") if replies is None else replies),
        location=values.known_text(_field(where, item, "location")), media=_media(where, item),
        flags=flags + _flags(where, item), mentions=_mentions(where, item),
        collected_at=values.shown(_field(where, item, "collected_at")),
    )  # fmt: skip


def without_prefix(found: str) -> str | None:
    """Reddit's ids without their type: `t3_abc` is `abc`."""
    return re.sub(r"^t\d_", "", found) or None


class Tables:
    """A reader that knows a tool's tables, each by its layout.

    Parameters
    ----------
    name, title, recognised, reads, drops, infers
        As every reader says.
    layouts
        In the order of trying.
    """

    def __init__(
        self, name: str, title: str, layouts: tuple[Layout, ...], *, recognised: str, reads: str, drops: str,
        infers: str,
    ) -> None:  # fmt: skip
        self.name, self.title, self.layouts = name, title, layouts
        self.recognised, self.reads, self.drops, self.infers = recognised, reads, drops, infers

    def layout(self, columns: frozenset[str]) -> Layout | None:
        """The first layout that fits these columns."""
        return next((one for one in self.layouts if one.fits(columns)), None)

    def recognise(self, head: Head) -> Recognition | None:
        """A table, or objects, with all columns that a layout needs."""
        found = self.layout(frozenset(head.columns)) if head.records else None
        return Recognition(f"the columns of {self.title}: {found.name}") if found else None

    def read(self, source: Source, options: Options) -> Iterator[Captured]:
        """Every row; each by the layout that its own columns fit, or else by that of the file's beginning."""
        usual, reading = self.layout(frozenset(source.head.columns)), self.reading(source)
        chosen: dict[tuple[str, ...], Layout | None] = {}
        ranks = Ranks()
        for record in source.records(every_sheet=True):
            if not isinstance(record, Record):
                if record.reason == ERASED and record.raw:  # its rank stays taken, so that the others keep theirs
                    ranks.under(query_of(record.raw) or record.raw, f"erased {record.line}")
                    record.raw = ""
                yield record
                continue
            columns = tuple(record.values)
            if columns not in chosen:
                chosen[columns] = self.layout(frozenset(columns)) or usual
            where = chosen[columns]
            if where is None:
                yield Broken(record.line, f"these are not the columns of {self.title}")
            else:
                yield ranked(reading(where, record), ranks)

    def reading(self, source: Source) -> Callable[[Layout, Record], Captured]:
        """What reads one row by its layout; here a tool may first look through the whole file."""
        return lambda where, record: read(where, record.line, record.values)


def ranked(captured: Captured, ranks: Ranks) -> Captured:
    """The same, with the rank that its query's order in the file gives, where it has a query and no rank."""
    if isinstance(captured, CapturedPost) and captured.retrieval is not None and captured.retrieval.rank is None:
        captured.retrieval = ranks.under(captured.retrieval.query, captured.native_id)
    return captured
