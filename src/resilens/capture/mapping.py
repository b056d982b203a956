"""Which column of a table holds what?

Guessed from names and values, each guess with its confidence and its reason, or declared (`--map text=content,id=…`).
A mapping is kept with the capture, so that reading it again gives the same.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Callable, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from typing import Any

from resilens.capture.fields import (
    COMMENT_IDS,
    COMMENT_TEXTS,
    COMMENT_WORDS,
    COMMENTS,
    COUNT_FIELDS,
    FIELDS,
    MADE,
    MIXED,
    POST_WORDS,
    POSTS,
    names_of,
    normal,
)
from resilens.capture.profiles import Profile, platform_of, profile
from resilens.corpus import schema
from resilens.errors import Fault, InputError

REQUIRED = ("id", "text", "time")


@dataclass(frozen=True, slots=True)
class Guess:
    """Why a field was given a column: confidence (0 to 1) and reason, in words."""

    column: str
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """The columns of a table.

    Parameters
    ----------
    kind
        `posts` or `comments`; a column `item` may say otherwise row by row. Empty in a partial mapping.
    platform
        The platform of every row, unless a column says it. Empty in a partial mapping.
    columns
        Column by field (`fields.FIELDS`); `id` may be `made` where the table has no ids.
    guessed
        Whether any of id, text and time was guessed.
    partial
        Whether the other fields are still to be guessed, as after `--map`.
    guesses
        What was guessed, why; not kept in the record.
    problems
        What stands in the way of reading the table unasked.
    """

    kind: str = ""
    platform: str = ""
    columns: AnyMapping[str, str] = field(default_factory=dict)
    guessed: bool = False
    partial: bool = False
    guesses: AnyMapping[str, Guess] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """What is kept: enough to read the table in the same way again."""
        return {"kind": self.kind, "platform": self.platform, "columns": dict(sorted(self.columns.items())),
                "guessed": self.guessed}  # fmt: skip

    @classmethod
    def from_dict(cls, kept: AnyMapping[str, Any]) -> Mapping:
        """The mapping that `to_dict` kept."""
        return cls(kept["kind"], kept["platform"], dict(kept["columns"]), bool(kept["guessed"]))

    def describe(self) -> str:
        """The mapping for people, a line a field: `text = content (0.95, its name)`."""
        lines = [f"kind = {self.kind}", f"platform = {self.platform}"]
        for name in FIELDS:
            if name in self.columns:
                guess = self.guesses.get(name)
                why = f" ({guess.confidence:.2f}, {guess.reason})" if guess else " (declared)"
                lines.append(f"{name} = {self.columns[name]}{why}")
        return "\n".join(lines)


def parse_map(text: str) -> Mapping:
    """Read what follows `--map`: `text=content,id=post_id,kind=comments`; a column with a comma stands in quotes.

    An empty column (`likes=`) leaves the field out. Fields not named are still guessed.

    Raises
    ------
    InputError
        If a part is no `field=column`, or a field, kind or platform is unknown; all of them at once.
    """
    columns: dict[str, str] = {}
    settings = {"kind": "", "platform": ""}
    faults: list[Fault] = []
    for part in next(csv.reader([text], skipinitialspace=True), []):
        name, equals, column = (piece.strip() for piece in part.partition("="))
        if not equals:
            faults.append(Fault(f"{part!r} is not field=column", "--map"))
        elif name == "kind" and column not in (POSTS, COMMENTS):
            faults.append(Fault(f"kind is {POSTS} or {COMMENTS}, not {column!r}", "--map"))
        elif name in settings and (name == "kind" or _is_platform(column)):
            settings[name] = schema.platform(column) if name == "platform" else column
        elif name in FIELDS:
            columns[name] = column
        else:
            near = difflib.get_close_matches(name, (*FIELDS, "kind"), n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f" (there are kind, {', '.join(FIELDS)})"
            faults.append(Fault(f"unknown field {name!r}{hint}", "--map"))
    if faults:
        raise InputError(faults)
    return Mapping(settings["kind"], settings["platform"], columns, partial=True)


def _is_platform(name: str) -> bool:
    return name.strip().lower() in schema.PLATFORMS or name.strip().lower() in schema.ALIASES


def guess(columns: Sequence[str], samples: Sequence[AnyMapping[str, Any]], declared: Mapping | None = None) -> Mapping:
    """Guess what the columns hold, from their names and from the values of sample rows.

    Parameters
    ----------
    columns
        Names of the columns, in order.
    samples
        Rows from the beginning of the table, values by column name.
    declared
        What is declared already; it stands, and its columns are not guessed for anything else.

    Returns
    -------
    Mapping
        With `problems` where id, text or time is missing or could be more than one column.
    """
    declared = declared or Mapping()
    profiles = {column: profile(sample.get(column) for sample in samples) for column in columns}
    kind = declared.kind or _kind(columns, samples, declared)
    found = platform_of(samples)
    mixed = not declared.kind and _mixed(columns, samples)
    kind = POSTS if mixed else kind
    chosen: dict[str, str] = dict(declared.columns)
    guesses: dict[str, Guess] = {}
    doubts: dict[str, list[str]] = {}
    candidates = _candidates(MIXED if mixed else kind, profiles, samples)
    for name, options in candidates:
        free = [one for one in options if one.column not in chosen.values()]
        if name in chosen or not free:
            continue
        best = free[0]
        rivals = [one for one in free if one.confidence == best.confidence]
        rivals = [one for one in rivals if not _alike(best.column, one.column, samples) or one is best]
        if len(rivals) > 1 and name in REQUIRED:
            doubts[name] = [one.column for one in rivals]
            continue
        chosen[name], guesses[name] = best.column, best
    _from_values(chosen, guesses, doubts, profiles, MIXED if mixed else kind)
    _made_ids(chosen, guesses, doubts)
    chosen = {name: column for name, column in chosen.items() if column}
    transcribed = "transcriber" in chosen or "screenshot" in chosen
    platform = declared.platform or (found[0] if found else "rednote" if transcribed else "other")
    guessed = any(name in guesses for name in REQUIRED)
    problems = _problems(chosen, doubts, kind)
    return Mapping(kind, platform, chosen, guessed, False, guesses, tuple(problems))


def _kind(columns: Sequence[str], samples: Sequence[AnyMapping[str, Any]], declared: Mapping) -> str:
    """Comments where a column is named for a comment's id or text, or a `post` was declared; else posts."""
    names = {normal(column) for column in columns}
    if "post" in declared.columns or names & COMMENT_IDS or names & COMMENT_TEXTS:
        return COMMENTS
    for column in columns:
        if normal(column) in ("评论", "comment"):
            looks = profile(sample.get(column) for sample in samples)
            if looks.filled and looks.count < 0.5:
                return COMMENTS
    if "parentid" in names and names & {"postid", "noteid"} and "id" in names:
        return COMMENTS
    return COMMENTS if _in_threads(columns, samples) else POSTS


def _in_threads(columns: Sequence[str], samples: Sequence[AnyMapping[str, Any]]) -> bool:
    """Whether rows belong to threads that others began, as in tables with `id` and `thread_id`."""
    called = {normal(column): column for column in columns}
    if not {"id", "threadid"} <= set(called):
        return False
    apart = sum(bool(sample.get(called["id"]) != sample.get(called["threadid"])) for sample in samples)
    return 2 * apart > len(samples)


def _mixed(columns: Sequence[str], samples: Sequence[AnyMapping[str, Any]]) -> bool:
    """Whether a column says of each row whether it is a post or a comment, and some are comments."""
    names = {name for tier in names_of("item", MIXED) for name in tier}
    for column in columns:
        words = {str(sample.get(column)).strip().lower() for sample in samples if sample.get(column)}
        if normal(column) in names and words & COMMENT_WORDS and words <= POST_WORDS | COMMENT_WORDS:
            return True
    return False


def _candidates(kind: str, profiles: AnyMapping[str, Profile],
                samples: Sequence[AnyMapping[str, Any]]) -> list[tuple[str, list[Guess]]]:  # fmt: skip
    """Every field with the columns that its names point to, best first; fields of the surest names first."""
    found: list[tuple[str, list[Guess]]] = []
    for name in FIELDS:
        options = [
            Guess(column, confidence, reason)
            for column, looks in profiles.items()
            for confidence, reason in _by_name(name, kind, column)
            if _fits(name, looks, column, samples)
        ]
        if name == "id":
            options = [replace(one, confidence=0.3) if profiles[one.column].row_numbers else one for one in options]
        if options:
            found.append((name, sorted(options, key=lambda one: -one.confidence)))
    return sorted(found, key=lambda entry: -entry[1][0].confidence)


def _by_name(name: str, kind: str, column: str) -> list[tuple[float, str]]:
    called = normal(column)
    last = normal(column.rsplit(".", 1)[-1])
    for tier, names in enumerate(names_of(name, kind)):
        if called in names:
            return [(0.95 - 0.05 * tier, "its name")]
        if last in names and "." in column and name not in ("id", "title"):
            return [(0.7 - 0.05 * tier, "the last part of its name")]
    if name in ("text", "time", "location", "hashtags") and any(
        len(one) > 3 and one in called for names in names_of(name, kind) for one in names
    ):
        return [(0.6, "a part of its name")]
    return []


def _fits(name: str, looks: Profile, column: str, samples: Sequence[AnyMapping[str, Any]]) -> bool:
    """Whether a column's values speak against the field that its name suggests."""
    if looks.blank:
        return name not in REQUIRED
    if name in COUNT_FIELDS:
        return looks.count >= 0.5
    if name in ("time", "collected_at"):
        return looks.time >= 0.5
    if name == "text":
        return looks.address < 0.5 and looks.native < 0.5 and (looks.count < 0.8 or looks.length > 20)
    if name == "url":
        return looks.address >= 0.5 and looks.account_page < 0.5
    if name == "author_page":
        return looks.account_page >= 0.5
    if name in ("id", "post", "parent", "author"):
        return looks.length < 200 and looks.account_page < 0.5
    if name == "item":
        words = {str(sample.get(column)).strip().lower() for sample in samples if sample.get(column)}
        return words <= POST_WORDS | COMMENT_WORDS
    if name == "platform":
        said = [str(sample[column]) for sample in samples if sample.get(column)]
        return 2 * sum(map(_is_platform, said)) >= len(said)
    if name == "rank":
        return looks.row_numbers
    return True


def _alike(one: str, other: str, samples: Sequence[AnyMapping[str, Any]]) -> bool:
    """Whether two columns hold the same values, so that it does not matter which is read."""
    return all(sample.get(one) == sample.get(other) for sample in samples)


def _from_values(chosen: dict[str, str], guesses: dict[str, Guess], doubts: dict[str, list[str]],
                 profiles: AnyMapping[str, Profile], kind: str) -> None:  # fmt: skip
    """Where names say nothing about id, text, time or an address, let the values speak if only one column fits."""
    tests: dict[str, Callable[[Profile], bool]] = {
        "url": lambda looks: looks.post_address >= 0.9,
        "author_page": lambda looks: looks.account_page >= 0.9,
        "time": lambda looks: looks.time >= 0.9 and looks.native < 0.5,
        "id": lambda looks: looks.native >= 0.9 and looks.distinct == 1.0,
        "text": lambda looks: looks.length >= 15 and looks.address < 0.1 and looks.time < 0.5 and looks.native < 0.1,
    }
    for name, test in tests.items():
        if name in chosen or name in doubts:
            continue
        fitting = [column for column, looks in profiles.items()
                   if looks.filled and column not in chosen.values() and test(looks)]  # fmt: skip
        if len(fitting) == 1:
            chosen[name] = fitting[0]
            guesses[name] = Guess(fitting[0], 0.5, "its values")
        elif fitting and name in REQUIRED:
            doubts[name] = fitting
    if "url" in chosen and profiles.get(chosen["url"]) and profiles[chosen["url"]].post_address >= 0.9:
        target = "id" if kind == POSTS else "post"
        if target not in chosen and target not in doubts:
            chosen[target] = chosen["url"]
            guesses[target] = Guess(chosen["url"], 0.8, "the id in the post's address")


def _made_ids(chosen: dict[str, str], guesses: dict[str, Guess], doubts: dict[str, list[str]]) -> None:
    """Transcribed screenshots have no ids of their own: theirs are made."""
    weak = "id" in guesses and guesses["id"].confidence < 0.5
    if ("id" not in chosen or weak) and "id" not in doubts and ("transcriber" in chosen or "screenshot" in chosen):
        chosen["id"] = MADE
        guesses["id"] = Guess(MADE, 0.9, "transcribed: an id is made from transcriber, screenshot and content")


def _problems(chosen: AnyMapping[str, str], doubts: AnyMapping[str, Sequence[str]], kind: str) -> list[str]:
    needed = [*REQUIRED, "post"] if kind == COMMENTS else list(REQUIRED)
    problems = []
    for name in needed:
        if name in doubts:
            problems.append(f"{name} could be {' or '.join(doubts[name])}")
        elif name not in chosen and not (name == "text" and "title" in chosen):
            problems.append(f"no column for {name}")
    return problems


def refusal(mapping: Mapping, columns: Sequence[str], where: str) -> InputError:
    """Why a table is not read unasked, which columns were seen, and how to say what they are."""
    example = ",".join(f"{name}={mapping.columns.get(name, 'COLUMN')}" for name in REQUIRED)
    seen = ", ".join(columns[:40]) or "none"
    made = "; `id=made` makes ids from the content" if any("id" in problem for problem in mapping.problems) else ""
    if "no column for post" in mapping.problems:
        made += (". Comments need the post they stand under: where all stand under one, give the table a column `post` "
                 "with its id or address in every row")  # fmt: skip
    return InputError(
        Fault(
            f"the columns of this table are not clear: {'; '.join(mapping.problems)}. Columns seen: {seen}. "
            f"Say which is which with --map {example}{made}",
            where,
        )  # fmt: skip
    )
