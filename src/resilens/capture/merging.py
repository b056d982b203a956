"""Which of several appearances of an item decides what the corpus says of it?

The newest value that is there wins, field by field: an overview captured later, without text or place, takes nothing
away. Newest means latest `collected_at` (unknown counts as oldest), then the capture added last, then the later record.
An account known by its id beats one known by its name alone. Three things go together and are chosen as one: a count
with its bound; a time with its basis and precision, where a stated time beats the id clock; a text with its script,
language and flags, where text beats none and text that lost characters comes last.
"""

from __future__ import annotations

from resilens.corpus.schema import COUNTS

LOCAL = """CASE WHEN {0}month_first_at = {0}day_first_at OR {0}day_first_at IS NULL THEN {0}month_first_at
    WHEN {0}month_first_at IS NULL THEN {0}day_first_at
    WHEN day_first THEN {0}day_first_at WHEN NOT day_first THEN {0}month_first_at END"""
"""The local time by the capture's order of day and month."""

_TIER = "1298074214633706907132624082305024::HUGEINT"  # 2 ** 110: above every `newness`
NEWNESS = f"""coalesce(collected_at, 0)::HUGEINT * 18446744073709551616 + no::HUGEINT * 17592186044416 + seq AS newness,
    newness + {_TIER} * time_tier AS time_newness,
    newness + {_TIER} * (CASE WHEN text <> '' THEN 4 WHEN text IS NOT NULL THEN 2 ELSE 0 END
        + CASE WHEN list_contains(text_flags, 'lossy_encoding') THEN 0 ELSE 1 END) AS text_newness"""
"""How new an appearance is; a time that is stated and a text that is whole go before the newest."""

SEEN = f"""
WITH read AS (
    SELECT staged.*, settings.no, settings.capture_id, settings.zone_basis, settings.offset_ms,
        coalesce(exact_at, {LOCAL.format("")} - offset_ms) AS field_at,
        coalesce(collected_exact_at, {LOCAL.format("collected_")} - offset_ms) AS collected_at,
        exact_at IS NULL AND coalesce(month_first_at, day_first_at) IS NOT NULL AS naive
    FROM $source AS staged JOIN settings ON staged.filename = settings.{{kind}}_file
)
SELECT * EXCLUDE (exact_at, month_first_at, day_first_at, precision, damaged, id_at, id_basis, stated_basis,
        stated_flags, collected_exact_at, collected_month_first_at, collected_day_first_at, field_at, naive,
        zone_basis, offset_ms, filename),
    coalesce(field_at, id_at) AS published_at,
    CASE WHEN stated_basis IS NOT NULL THEN stated_basis WHEN exact_at IS NOT NULL THEN 'field'
        WHEN field_at IS NOT NULL THEN zone_basis WHEN id_at IS NOT NULL THEN id_basis ELSE 'unknown' END AS time_basis,
    CASE WHEN stated_basis IS NOT NULL OR field_at IS NOT NULL THEN precision WHEN id_at IS NULL THEN 'unknown'
        WHEN id_at % 1000 = 0 THEN 'second' ELSE 'millisecond' END AS time_precision,
    CASE WHEN stated_basis IS NOT NULL THEN stated_flags WHEN damaged AND id_at IS NOT NULL THEN ['time_rebuilt']
        WHEN damaged THEN ['time_unreadable'] WHEN naive AND field_at IS NULL THEN ['zone_unknown']
        ELSE []::VARCHAR[] END AS time_flags,
    CASE WHEN field_at IS NOT NULL THEN 2 WHEN id_at IS NOT NULL THEN 1 ELSE 0 END AS time_tier
FROM read $kept
"""
"""Every appearance of an item with its times settled; `{kind}` is posts or comments."""

KEPT = "ANTI JOIN erased ON read.item_id = erased.id ANTI JOIN erased AS people ON read.author = people.id"
"""Without what was erased, of an item or of a person."""


def _newest(name: str, wanted: str = "", otherwise: str = "") -> str:
    newest = f"arg_max({name}, newness) FILTER ({wanted or f'{name} IS NOT NULL'})"
    return f"coalesce({newest}, {otherwise}) AS {name}" if otherwise else f"{newest} AS {name}"


def _first(*names: str) -> list[str]:
    return [f"any_value({name}) AS {name}" for name in names]


_TIME = [f"arg_max({name}, time_newness) AS {name}"
         for name in ("published_at", "time_basis", "time_precision", "time_flags")]  # fmt: skip
_TEXT = [f"arg_max({name}, text_newness) AS {name}" for name in ("text", "script", "language", "text_flags")]


def _counts(*names: str) -> list[str]:
    known = ((name, f"arg_max({{}}, newness) FILTER ({name}_bound <> 'unknown')") for name in names)
    return [part for name, newest in known for part in (
        f"{newest.format(name)} AS {name}",
        f"coalesce({newest.format(f'{name}_bound')}, 'unknown') AS {name}_bound",
    )]  # fmt: skip


_AUTHOR = ("arg_max(author, newness + " + _TIER + " * CASE WHEN starts_with(author, 'u-') THEN 1 ELSE 0 END) "
           "FILTER (author IS NOT NULL) AS author")  # fmt: skip
_NONE = "[]::VARCHAR[]"
_COMMON = [_AUTHOR, *_TIME, *_TEXT, _newest("location"), _newest("media", "len(media) > 0", _NONE),
           "list_sort(list_distinct(flatten(list(flags)))) AS flags"]  # fmt: skip

MERGED = {
    "posts": ["item_id", *_first("platform"), *_COMMON, _newest("kind", "kind <> 'unknown'", "'unknown'"),
              _newest("title", "title <> ''"), _newest("hashtags", "len(hashtags) > 0", _NONE), *_counts(*COUNTS),
              _newest("url")],
    "comments": ["item_id", *_first("platform"), *_COMMON, _newest("post_id"), _newest("parent_id"),
                 *_counts("likes", "replies")],
}  # fmt: skip
"""The columns of an item that was seen more than once, over its appearances."""


def columns(kind: str) -> list[str]:
    """The names of the merged columns."""
    return [expression.rpartition(" AS ")[2] for expression in MERGED[kind]]


def repeated(kind: str) -> str:
    """Every appearance of the items seen more than once, with how new it is."""
    return (f"SELECT {', '.join(columns(kind))}, no, seq, {NEWNESS} FROM seen_{kind} "
            f"SEMI JOIN again_{kind} USING (item_id)")  # fmt: skip


def merged(kind: str, part: int, parts: int) -> str:
    """The items of `repeated_{kind}`, one row each; only every `parts`-th of them by their hash."""
    return (f"SELECT {', '.join(MERGED[kind])} FROM repeated_{kind} WHERE hash(item_id) % {parts} = {part} "
            "GROUP BY item_id")  # fmt: skip


def items(kind: str) -> str:
    """One row an item: those seen once as they are, and `merged_{kind}`."""
    return (f"SELECT {', '.join(columns(kind))} FROM seen_{kind} ANTI JOIN again_{kind} USING (item_id) "
            f"UNION ALL FROM merged_{kind}")  # fmt: skip
