"""By which names does what is to be forgotten go, and what stands in place of each?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from resilens.capture.normalise import ACCOUNTS_IN_IDS
from resilens.capture.traces import MARK, NOBODY, Traces
from resilens.corpus.schema import ALIASES, PLATFORMS

if TYPE_CHECKING:
    from resilens.corpus.engine import Corpus
    from resilens.pipeline import OpenStudy

SHORTEST_TEXT = 12
"""Code points from which on a text of an item is looked for word by word in memos, claims and the like."""

_ITEM = re.compile(r"[a-z]+:[pc]:.+", re.DOTALL)
_PSEUDONYM = re.compile(r"[un]-[a-z2-7]{16}")


@dataclass(frozen=True)
class Wanted:
    """What is to be forgotten, by all the names it goes by.

    Parameters
    ----------
    what
        `item` or `author`.
    items
        Ids of items, each with the id that stands in its place afterwards.
    pseudonyms
        Of the author; none for an item.
    traces
        What to look for in raw files.
    texts
        The items' titles and texts, as far as they are long enough to be looked for.
    lines
        Where the items stand, by capture.
    media
        References of the items to files.
    """

    what: str
    items: Mapping[str, str]
    pseudonyms: frozenset[str]
    traces: Traces
    texts: frozenset[str] = frozenset()
    lines: Mapping[str, frozenset[int]] = field(default_factory=dict)
    media: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """Ids of items and pseudonyms: what events are about."""
        return self.pseudonyms | self.items.keys()

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = {
            "id": (self.names, r"(?<![\w:-])", r"(?![\w-])"),
            "native": ({one for one in self.traces.ids if len(one) >= 8}, r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"),
            "text": (self.texts, "", ""),
            "name": ({name for name in self.traces.names if len(name) >= 3}, "", ""),
        }
        groups = [
            f"(?P<{name}>{before}(?:{longest_first(words)}){after})"
            for name, (words, before, after) in parts.items()
            if words
        ]
        return re.compile("|".join(groups) or r"(?!)")

    def touches(self, text: str) -> bool:
        """Whether a text of the study holds a trace."""
        return self._pattern.search(text) is not None

    def redacted(self, value: Any, word: str | None = None, drop: bool = True) -> Any:
        """A value of the study without traces.

        Parameters
        ----------
        value
            Text, or what JSON holds.
        word
            What stands in place of an item's id; None puts its alias there.
        drop
            Whether ids in a list go altogether.
        """
        if isinstance(value, str):
            return self._pattern.sub(lambda found: self._instead(found, word), value)
        if isinstance(value, Mapping):
            return {self.redacted(key, word): self.redacted(inner, word, drop) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            kept = (inner for inner in value if not (drop and isinstance(inner, str) and inner in self.names))
            return [self.redacted(inner, word, drop) for inner in kept]
        return value

    def _instead(self, found: re.Match[str], word: str | None) -> str:
        if found.lastgroup == "id":
            return word or self.items.get(found[0], NOBODY)
        if found.lastgroup == "native":
            return word or self.traces.alias(found[0])
        return MARK


def longest_first(words: Iterable[str]) -> str:
    """The words as alternatives of a pattern."""
    return "|".join(map(re.escape, sorted(words, key=lambda one: (-len(one), one))))


def wanted(study: OpenStudy, target: str) -> Wanted | None:
    """The target by all its names; None where neither corpus nor vault knows an id without a platform.

    Raises
    ------
    InputError
        If the vault is locked.
    """
    if _ITEM.fullmatch(target):
        return _complete(study, "item", {target}, frozenset())
    if _PSEUDONYM.fullmatch(target):
        return _complete(study, "author", set(), frozenset({target}))
    before, _, after = target.partition(":")
    native = after if before in (*PLATFORMS, *ALIASES) and after else target  # `did:plc:…` is an id
    with study.corpus() as corpus:
        items = {
            item for table, key in (("posts", "post_id"), ("comments", "comment_id"))
            for item in _column(corpus, table, key, lambda rows, key: rows[key].endswith(f":{native}"))
        }  # fmt: skip
    if items:
        return _complete(study, "item", items, frozenset())
    pseudonyms = _pseudonyms_of(study, native)
    return _complete(study, "author", set(), frozenset(pseudonyms), native) if pseudonyms else None


def _pseudonyms_of(study: OpenStudy, native: str) -> set[str]:
    """The pseudonyms of an account's id (or name, where that is its identity), by the vault and by the key."""
    found = set()
    for table in vault_tables(study):
        people = pc.is_in(table["kind"], string_set("account", "name"))
        rows = table.filter(pc.and_(pc.equal(table["native"], native), people))
        found |= set(rows["pseudonym"].to_pylist())
    # After a kill the vault may have been cleaned already, and the corpus not yet.
    keyed = study.vault().pseudonyms
    with study.corpus() as corpus:
        authors = corpus.table("authors")
        platforms = corpus.frame(authors.select("platform").distinct())["platform"].to_pylist()
        made = {keyed.of(platform, native) for platform in platforms}
        return found | set(_column(corpus, "authors", "author", lambda rows, key: rows[key].isin(sorted(made))))


def _complete(
    study: OpenStudy, what: str, items: set[str], pseudonyms: frozenset[str], account: str = ""
) -> Wanted:
    """Everything that goes along: the author's items, native ids, names, texts, lines, media."""
    keyed = study.vault().pseudonyms
    accounts: set[str] = set()
    names: set[str] = set()
    others: set[str] = set()
    if pseudonyms:
        accounts, names, others, named = _account(study, pseudonyms)
        accounts |= {account} if account and account not in names else set()
        pseudonyms |= named
    texts: set[str] = set()
    media: set[str] = set()
    lines: dict[str, set[int]] = defaultdict(set)
    with study.corpus() as corpus:
        for table, key, columns in (("posts", "post_id", ("title", "text")), ("comments", "comment_id", ("text",))):
            rows = corpus.table(table)
            mine = rows.author.isin(sorted(pseudonyms)) | rows[key].isin(sorted(items)) | _made_like(rows[key], items)
            for row in corpus.frame(rows.filter(mine).select(key, *columns, "media")).to_pylist():
                items.add(row[key])
                texts |= {row[column] for column in columns if len(row[column] or "") >= SHORTEST_TEXT}
                media |= set(row["media"] or ())
        seen = corpus.table("observations")
        for row in corpus.frame(seen.filter(seen.item_id.isin(sorted(items))).select("capture_id", "line")).to_pylist():
            lines[row["capture_id"]].add(row["line"])
    natives = _natives(study, items)
    traces = Traces(
        keyed, frozenset(natives[item] for item in items if ":p:" in item),
        frozenset(natives[item] for item in items if ":p:" not in item), frozenset(accounts), frozenset(names),
        frozenset(others),
    )  # fmt: skip

    def alias(item: str) -> str:
        platform, kind, _ = item.split(":", 2)
        native = traces.alias(natives[item])
        return f"{platform}:{kind}:{keyed.of_address(platform, native) if platform in ACCOUNTS_IN_IDS else native}"

    aliases = {item: alias(item) for item in sorted(items)}
    traces = replace(traces, renamed=aliases, pseudonyms_of_author=pseudonyms)
    return Wanted(what, aliases, pseudonyms, traces, frozenset(texts),
                  {capture: frozenset(found) for capture, found in lines.items()}, frozenset(media))  # fmt: skip


def _made_like(ids: Any, items: set[str]) -> Any:
    """Rows transcribed alike bear numbered ids made from the same content: they are one."""
    made = {item.rsplit("-", 1)[0] if item.count("-") > 1 else item for item in items if ":made-" in item}
    condition = ids.isin(sorted(made))
    for item in sorted(made):
        condition = condition | ids.startswith(f"{item}-")
    return condition


def _account(study: OpenStudy, pseudonyms: frozenset[str]) -> tuple[set[str], set[str], set[str], set[str]]:
    """Native ids, names of its own, longer names of others, and the pseudonyms of its names."""
    accounts: set[str] = set()
    names: dict[str, str] = {}
    for table in vault_tables(study):
        for row in table.filter(pc.is_in(table["pseudonym"], string_set(*pseudonyms))).to_pylist():
            if row["kind"] == "account":
                accounts.add(row["native"])
            if row["name"]:
                names[row["name"]] = row["platform"]
    others: set[str] = set()
    for table in vault_tables(study):
        mine = pc.is_in(table["pseudonym"], string_set(*pseudonyms))
        rest = table.filter(pc.and_(pc.equal(table["kind"], "account"), pc.invert(mine)))
        for name in names:
            others |= set(rest.filter(pc.starts_with(rest["name"], name))["name"].to_pylist())
    keyed = study.vault().pseudonyms
    own = {name for name in names if name not in others}
    return accounts, own, others - own, {keyed.of_name(names[name], name) for name in own}


def _natives(study: OpenStudy, items: set[str]) -> dict[str, str]:
    """Native ids; those that name an account come from the vault."""
    natives = {item: item.split(":", 2)[2] for item in items}
    hidden = {native for native in natives.values() if native.startswith("a-")}
    if hidden:
        known: dict[str, str] = {}
        for table in vault_tables(study):
            rows = table.filter(pc.is_in(table["pseudonym"], string_set(*hidden)))
            known |= dict(zip(rows["pseudonym"].to_pylist(), rows["native"].to_pylist(), strict=True))
        natives = {item: known.get(native, native) for item, native in natives.items()}
    return natives


def string_set(*values: str) -> Any:
    """An Arrow array of these, to look something up in."""
    return pa.array(sorted(values), pa.string())


def vault_tables(study: OpenStudy) -> Iterator[pa.Table]:
    """The identities of every capture."""
    vault = study.vault()
    for capture_id in vault.captures():
        yield vault.identities(capture_id)


def _column(corpus: Corpus, table: str, key: str, condition: Callable[[Any, str], Any]) -> list[str]:
    rows = corpus.table(table)
    return list(corpus.frame(rows.filter(condition(rows, key)).select(key))[key].to_pylist())
