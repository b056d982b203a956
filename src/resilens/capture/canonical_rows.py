"""Which row of a canonical capture holds, and what is it in the staged tables? One query says so for a whole batch."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from resilens.capture.normalise import ACCOUNTS_IN_IDS
from resilens.capture.times import FIRST, LAST
from resilens.capture.traces import ERASED, MARK
from resilens.capture.values import SPREADSHEET
from resilens.corpus.schema import BOUNDS, COUNTS, PLATFORMS, SCRIPTS, TABLES, TIME, TIME_BASES, TIME_PRECISIONS
from resilens.corpus.text import (
    ENGINE_NAMED,
    ENGINE_NAMED_BY_PATH,
    ENGINE_PATH_PSEUDONYM,
    ENGINE_PSEUDONYMS,
    NAMING_BY_PATH,
)

RESOLVED = ("root_id", "depth")
"""Columns of the tables that are not read: building the corpus resolves threads anew."""

APPEARANCE = {
    "posts": (("collected_at", TIME), ("query", pa.string()), ("ranking", pa.string()), ("rank", pa.int64()),
              ("account", pa.string()), ("locale", pa.string())),
    "comments": (("collected_at", TIME),),
}  # fmt: skip
"""What a row may say of the appearance that it is, by table."""

COLUMNS = {
    kind: pa.schema([field for field in TABLES[kind].schema if field.name not in RESOLVED] + list(APPEARANCE[kind]))
    for kind in APPEARANCE
}
"""Every column that is read, with its type, by table."""

KEYS = {"posts": "post_id", "comments": "comment_id"}
KINDS = ("text", "image", "video", "unknown")
TEXT_FLAGS = ("bom_in_text", "broken_character", "lossy_encoding", "mention_by_name", "nul_in_text")
TIME_FLAGS = ("time_rebuilt", "time_unreadable", "zone_unknown")
THREAD_FLAGS = ("broken_chain", "orphan", "parent_cycle")
AUTHOR_FLAGS = ("account_closed", "author_by_name_only", "author_id_damaged", "author_missing")

_PSEUDONYM = "[un]-[a-z2-7]{16}"
_NATIVE = r"[^\x00-\x20](?:[^\x00-\x1f]*[^\x00-\x20])?"
_NEWLINES = r"\r\n|[\r\x{85}\x{2028}\x{2029}]"


def said(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def one_of(values: tuple[str, ...]) -> str:
    """Values as a list of SQL, for IN."""
    return "(" + ", ".join(map(said, values)) + ")"


def matches(column: str, pattern: str) -> str:
    """Whether the whole of a column matches."""
    return f"regexp_full_match({column}, {said(pattern)})"


def id_faults(column: str, letter: str, what: str) -> Iterator[tuple[str, str]]:
    """Conditions on an id, each with what is wrong where it holds; an empty id is none of these."""
    hashed = f"platform IN {one_of(tuple(sorted(ACCOUNTS_IN_IDS)))}"
    address = " OR ".join(f"contains({column}, {said(mark)})" for mark in ("://", "@", f":{letter}:did:"))
    yield (f"NOT (starts_with({column}, platform || ':{letter}:') AND {matches(column, f'[a-z]+:{letter}:{_NATIVE}')})",
           f"{what} is not of the form platform:{letter}:native with the platform of its row")  # fmt: skip
    yield (f"{address} OR ({hashed} AND NOT {matches(column, f'[a-z]+:{letter}:a-[a-z2-7]{{16}}')})",
           f"{what} names an account; a keyed hash (a- and 16 letters) must stand in its place")  # fmt: skip
    yield (f"length({column}) < 40 AND {matches(column, f'[a-z]+:{letter}:(?:{SPREADSHEET})')}",
           f"{what} was destroyed by a spreadsheet and cannot be rebuilt")  # fmt: skip


def key_faults(kind: str) -> Iterator[tuple[str, str]]:
    """What may be wrong with a row's own id."""
    key, letter = KEYS[kind], kind[0]
    what = f"the {kind[:-1]}'s id"
    yield f"{key} = {said(MARK)}", ERASED
    yield f"{key} IS NULL OR {key} = ''", f"{what} is missing"
    yield (f"platform IS NULL OR platform NOT IN {one_of(PLATFORMS)}",
           "its platform is missing or none of the closed list (tables.md)")  # fmt: skip
    yield from id_faults(key, letter, what)


def row_faults(kind: str) -> Iterator[tuple[str, str]]:
    """What else may be wrong with a row."""
    if kind == "comments":
        yield "post_id IS NULL OR post_id = ''", "the id of its post is missing"
        yield from id_faults("post_id", "p", "the id of its post")
        yield from id_faults("nullif(parent_id, '')", "c", "the id of the comment it answers")
    for column in ("author", "account")[: 2 if kind == "posts" else 1]:
        yield (f"NOT {matches(f'''nullif({column}, '')''', _PSEUDONYM)}",
               f"its {column} is no pseudonym (u- or n- and 16 letters); what stands there is not kept")  # fmt: skip
    strings = [field.name if field.type == pa.string() else f"array_to_string({field.name}, '')"
               for field in COLUMNS[kind] if field.type == pa.string() or pa.types.is_list(field.type)]  # fmt: skip
    yield " OR ".join(f"contains({column}, chr(0))" for column in strings), "a NUL character in one of its texts"
    written = ("title", "text") if kind == "posts" else ("text",)
    yield (" OR ".join(test(column) for test in (named, named_by_path) for column in written),
           "its text mentions somebody by name; a pseudonym (u- or n- and 16 letters) must stand there")  # fmt: skip
    for column in ("published_at", "collected_at"):
        yield f"{column} < {FIRST} OR {column} >= {LAST}", f"its {column} is not between 1990 and 2100"
    yield from time_faults()
    for name in (*(COUNTS if kind == "posts" else ("likes", "replies")),):
        yield from count_faults(name, f"{name}_bound" in COLUMNS[kind].names)
    closed = {"script": SCRIPTS} | ({"kind": KINDS} if kind == "posts" else {})
    for column, values in closed.items():
        yield f"{column} NOT IN {one_of(values)}", f"its {column} is none of {', '.join(values)}"
    yield f"NOT {matches('language', '(?:[a-z]{2})?')}", "its language is no code of two letters (ISO 639-1)"
    yield (f"len(flags) > 0 AND NOT {matches('''array_to_string(flags, ',')''', '(?:[a-z][a-z0-9_-]*,?)*')}",
           "a flag that is no lower-case word")  # fmt: skip
    if kind == "posts":
        yield "rank < 1", "its rank is below 1"


def time_faults() -> Iterator[tuple[str, str]]:
    """What may be wrong between a time, its basis and its precision."""
    for column, values in (("time_basis", TIME_BASES), ("time_precision", TIME_PRECISIONS)):
        yield f"{column} NOT IN {one_of(values)}", f"its {column} is none of {', '.join(values)}"
    yield "published_at IS NOT NULL AND time_basis = 'unknown'", "it has a time, but its time_basis is unknown"
    yield "published_at IS NULL AND time_basis <> 'unknown'", "it has a time_basis, but no time"
    yield "published_at IS NULL AND time_precision <> 'unknown'", "it has a time_precision, but no time"


def count_faults(name: str, bounded: bool) -> Iterator[tuple[str, str]]:
    """What may be wrong with a count and its bound."""
    yield f"{name} < 0", f"its {name} are below zero"
    if bounded:
        yield f"{name}_bound NOT IN {one_of(BOUNDS)}", f"its {name}_bound is none of {', '.join(BOUNDS)}"
        yield f"{name} IS NULL AND {name}_bound <> 'unknown'", f"it has a {name}_bound, but no {name}"
        yield f"{name} IS NOT NULL AND {name}_bound = 'unknown'", f"it has {name}, but their bound is unknown"


def cases(faults: Iterator[tuple[str, str]]) -> str:
    """The words of the first condition that holds, or NULL."""
    return "CASE " + " ".join(f"WHEN {condition} THEN {said(words)}" for condition, words in faults) + " END"


def staged(kind: str) -> dict[str, str]:
    """Each column of the staged table, as an expression over a captured row."""
    columns = {
        "seq": "line", "line": "line", "item_id": KEYS[kind], "platform": "platform", "author": "nullif(author, '')",
        "exact_at": "CASE WHEN basis[:5] = 'field' THEN published_at END", "month_first_at": "NULL",
        "day_first_at": "NULL", "damaged": "false",
        "precision": "coalesce(time_precision, CASE WHEN published_at IS NULL THEN 'unknown' "
                     "WHEN published_at % 1000 = 0 THEN 'second' ELSE 'millisecond' END)",
        "id_at": "CASE WHEN basis[:3] = 'id_' THEN published_at END",
        "id_basis": "CASE WHEN basis[:3] = 'id_' THEN basis END", "stated_basis": "basis",
        "stated_flags": flags_in(TIME_FLAGS), "text": plain("text"), "script": "script", "language": "language",
        "location": "nullif(location, '')", "media": members("media"), "text_flags": flags_in(TEXT_FLAGS),
        "flags": other_flags(), "collected_exact_at": "collected_at", "collected_month_first_at": "NULL",
        "collected_day_first_at": "NULL",
    }  # fmt: skip
    if kind == "comments":
        columns |= {"post_id": "post_id", "parent_id": "nullif(parent_id, '')"}
        return columns | count("likes") | count("replies", False)
    columns |= {"title": plain("title"), "kind": "coalesce(kind, 'unknown')", "hashtags": hashtags(),
                "url": "nullif(url, '')", "rank": "rank"}  # fmt: skip
    columns |= {name: f"nullif({name}, '')" for name in ("query", "ranking", "account", "locale")}
    return columns | {name: said_ for one in COUNTS for name, said_ in count(one).items()}


def count(name: str, bounded: bool = True) -> dict[str, str]:
    """A count, its bound, and as what it was captured."""
    bound = f"CASE WHEN {name} IS NULL THEN 'unknown' ELSE 'exact' END"
    return {name: name, f"{name}_bound": f"coalesce({name}_bound, {bound})" if bounded else bound,
            f"{name}_raw": f"{name}::VARCHAR"}  # fmt: skip


def plain(column: str) -> str:
    """A text with newlines as they are stored."""
    return (f"CASE WHEN regexp_matches({column}, {said(_NEWLINES)}) "
            f"THEN regexp_replace({column}, {said(_NEWLINES)}, chr(10), 'g') ELSE {column} END")  # fmt: skip


def members(column: str, filled: str = "one IS NOT NULL AND one <> ''") -> str:
    """A list without what is no member of it; most lists are empty and cost nothing."""
    return f"CASE WHEN len({column}) > 0 THEN list_filter({column}, lambda one: {filled}) ELSE [] END"


def hashtags() -> str:
    """Hashtags without their marks."""
    return (r"CASE WHEN len(hashtags) > 0 THEN list_filter(list_transform(hashtags, lambda one: "
            r"trim(one, '#＃ ')), lambda one: one <> '') ELSE [] END")  # fmt: skip


def flags_in(flags: tuple[str, ...]) -> str:
    """Those of a row's flags that are of one sort."""
    return members("flags", f"one IN {one_of(flags)}")


def other_flags() -> str:
    """The flags of the item itself; none about threads, which are resolved anew, and one where no author is named."""
    own = members("flags", f"one NOT IN {one_of(TEXT_FLAGS + TIME_FLAGS + THREAD_FLAGS)}")
    unsaid = f"nullif(author, '') IS NULL AND NOT coalesce(list_has_any(flags, [{one_of(AUTHOR_FLAGS)[1:-1]}]), false)"
    return f"CASE WHEN {unsaid} THEN list_append({own}, 'author_missing') ELSE {own} END"


def named(column: str) -> str:
    """Whether a text mentions somebody by name."""
    told = column
    for pattern, instead in ENGINE_PSEUDONYMS:
        told = f"regexp_replace({told}, {said(pattern)}, {said(instead)}, 'g')"
    marks = " OR ".join(f"contains({column}, {said(mark)})" for mark in ("@", "＠", "回复"))
    return f"CASE WHEN {marks} THEN regexp_matches({told}, {said(ENGINE_NAMED)}) ELSE false END"


def named_by_path(column: str) -> str:
    """Whether a text mentions somebody as `u/NAME`, on a platform where that is a mention."""
    told = f"regexp_replace({column}, {said(ENGINE_PATH_PSEUDONYM)}, '.', 'g')"
    return f"platform IN {one_of(NAMING_BY_PATH)} AND regexp_matches({told}, {said(ENGINE_NAMED_BY_PATH)})"


def query(kind: str) -> str:
    """The whole query over `captured`: the columns of the staged table, `reason` (NULL in a valid row) and `raw`."""
    basis = "coalesce(time_basis, CASE WHEN published_at IS NULL THEN 'unknown' ELSE 'field' END)"
    columns = ", ".join(f"{expression} AS {name}" for name, expression in staged(kind).items())
    return (
        f"WITH known AS (SELECT *, {basis} AS basis, {cases(key_faults(kind))} AS id_reason FROM captured) "
        f"SELECT {columns}, coalesce(id_reason, {cases(row_faults(kind))}) AS reason, "
        f"CASE WHEN id_reason IS NULL THEN {KEYS[kind]} ELSE '' END AS raw FROM known"
    )
