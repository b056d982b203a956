"""How does an item, or a post with its comments, become a text that people read and positions count in?

Each item has a heading (its id in this study, the pseudonym of its author, the day), then its title and text. A source
says in its description what it is made of (`source_layout`), so that it comes back as the items it was. Where words
must not leave somebody's paraphrase or a placeholder stands in their place; links are covered without moving anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

import ibis
import pyarrow as pa

from resilens.coding.quotable import Standing
from resilens.corpus.engine import Corpus
from resilens.corpus.schema import item_id
from resilens.exchange.links import covered
from resilens.exchange.project_sources import DOCUMENT, PLATFORM
from resilens.exchange.quotes import QUOTING
from resilens.exchange.source_layout import WHOLE, Layout, Part
from resilens.study.zones import day_of

Arrangement: TypeAlias = Literal["thread", "item"]

_EMPTY = "[no words]"
_PARAPHRASED = "[paraphrased, not the author's words] "
_NAME = 40
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Item:
    """What is known of an item; `post` and `parent` are empty where there is none."""

    id: str
    title: str = ""
    text: str = ""
    author: str = ""
    at: datetime | None = None
    post: str = ""
    parent: str = ""
    media: tuple[str, ...] = ()

    @property
    def texts(self) -> dict[str, str]:
        """Its texts by field, those that are empty left out."""
        return {name: text for name, text in (("title", self.title), ("text", self.text)) if text}


def items_of(corpus: Corpus, wanted: Collection[str]) -> dict[str, Item]:
    """These items, the posts they comment on, and the comments they answer: what makes them readable."""
    found: dict[str, Item] = {}
    missing = set(wanted)
    while missing:
        new = {item.id: item for item in _looked_up(corpus, missing)}
        found |= new
        missing = {name for item in new.values() for name in (item.post, item.parent) if name} - found.keys()
    return found


def documents(corpus: Corpus) -> set[str]:
    """The documents that came with projects of other programs: no sample has them, and they leave as they came."""
    posts = corpus.table("posts")
    there = corpus.frame(posts.filter(posts.platform == PLATFORM).select("post_id"))["post_id"].to_pylist()
    return {name for name in there if name.startswith(item_id(PLATFORM, "p", DOCUMENT))}


def _looked_up(corpus: Corpus, wanted: Collection[str]) -> Iterator[Item]:
    names = ibis.memtable(pa.table({"item": pa.array(sorted(wanted), pa.string())}))
    posts, comments = corpus.table("posts"), corpus.table("comments")
    sources = (posts.select("title", "text", "author", "published_at", "media", item=posts.post_id),
               comments.select("text", "author", "published_at", "media", "post_id", "parent_id",
                               item=comments.comment_id))  # fmt: skip
    for source in sources:
        for row in corpus.frame(names.join(source, "item")).to_pylist():
            yield Item(row["item"], row.get("title") or "", row["text"] or "", row["author"] or "",
                       row["published_at"], row.get("post_id") or "", row.get("parent_id") or "",
                       tuple(row["media"] or ()))  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """What may leave, and how it is called.

    Parameters
    ----------
    local
        The id of every item in this study.
    zone
        The study's zone, for days.
    standings
        What may be done with the words of every item.
    restricted
        Whether everything leaves.
    """

    local: Mapping[str, str]
    zone: str
    standings: Mapping[str, Standing]
    restricted: bool

    def withheld(self, item: str) -> str:
        """Why the words of an item do not leave; empty where they do."""
        status = self.standings[item].status
        return "" if self.restricted or status == "free" else QUOTING[status]

    def paraphrase(self, item: str) -> str:
        """What leaves in place of the words of an item; empty where nothing may, or nobody wrote it."""
        standing = self.standings[item]
        return covered(standing.paraphrase)[0] if standing.status == "paraphrase" else ""


@dataclass
class Text:
    """The text of a source, and where in it everything stands, in code points.

    Parameters
    ----------
    items
        The items in it, the one the source is named after first.
    text, name
        The text, and what the source is called.
    spans
        Of each item: its words, or what stands in their place.
    fields
        Of each item and field whose words are there: where they begin.
    parts
        The same as a source says it.
    withheld
        How many items have no words here, by the reason.
    paraphrased, links
        How many items somebody's paraphrase stands for, and how many links are covered.
    """

    items: tuple[Item, ...]
    text: str = ""
    name: str = ""
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    fields: dict[tuple[str, str], int] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    withheld: Counter[str] = field(default_factory=Counter)
    paraphrased: int = 0
    links: int = 0

    def layout(self, rules: Rules) -> Layout:
        """What the source says of itself."""
        return Layout(rules.local[self.items[0].id], tuple(self.parts))


def texts_of(found: Mapping[str, Item], arrangement: Arrangement, rules: Rules) -> list[Text]:
    """The texts of all sources, in the order in which the items were published."""
    groups: dict[str, list[Item]] = {}
    for item in found.values():
        key = (item.post or item.id) if arrangement == "thread" else item.id
        groups.setdefault(key, []).append(item)
    ordered = sorted((_in_order(group) for group in groups.values()), key=lambda group: _age(group[0]))
    return [_laid(group, rules) for group in ordered]


def _age(item: Item) -> tuple[datetime, str]:
    return item.at or _NEVER, item.id


def _in_order(group: Sequence[Item]) -> list[Item]:
    """A post, then its comments, each followed by its answers, older ones first."""
    there = {item.id for item in group}
    below: dict[str, list[Item]] = {}
    for item in sorted(group, key=lambda one: (bool(one.post), *_age(one))):
        above = item.parent if item.parent in there else item.post if item.post in there else ""
        below.setdefault(above, []).append(item)
    ordered: dict[str, Item] = {}
    waiting = list(reversed(below.get("", [])))
    while waiting:
        item = waiting.pop()
        ordered.setdefault(item.id, item)
        waiting += [one for one in reversed(below.get(item.id, [])) if one.id not in ordered]
    return [*ordered.values(), *(item for item in group if item.id not in ordered)]  # circles of answers, if any


def _laid(group: Sequence[Item], rules: Rules) -> Text:
    laid = Text(tuple(group))
    for item in group:
        laid.text += ("\n\n\n" if laid.text else "") + _heading(item, rules) + "\n\n"
        _put(laid, item, rules)
    first = group[0]
    words = "" if rules.withheld(first.id) else " ".join((first.title or first.text).split())
    short = words if len(words) <= _NAME else f"{words[: _NAME - 1]}…"
    laid.name = f"{rules.local[first.id]} {covered(short)[0] if not rules.restricted else short}".strip()
    return laid


def _heading(item: Item, rules: Rules) -> str:
    said = f"{'Comment' if item.post else 'Post'} {rules.local[item.id]}"
    said += f" by {item.author}" if item.author else ""
    said += f" on {day_of(item.at, rules.zone)}" if item.at else ""
    return said + (f" to {rules.local[item.parent]}" if item.parent in rules.local else "")


def _put(laid: Text, item: Item, rules: Rules) -> None:
    """Title and text of an item at the end of what is there, or what stands in their place."""
    begin, local = len(laid.text), rules.local[item.id]
    reason = rules.withheld(item.id) if item.texts else ""
    for number, (name, text) in enumerate({} if reason else item.texts.items()):
        laid.text += "\n\n" * bool(number)
        words, links = (text, 0) if rules.restricted else covered(text)
        laid.links += links
        laid.fields[item.id, name] = len(laid.text)
        laid.parts.append(Part(local, name, len(laid.text), len(words)))
        laid.text += words
    if len(laid.text) == begin:
        retold = rules.paraphrase(item.id) if reason else ""
        laid.text += f"{_PARAPHRASED}{retold}" if retold else f"[words left out: {reason}]" if reason else _EMPTY
        laid.paraphrased += bool(retold)
        laid.withheld[reason] += bool(reason and not retold)
        laid.parts.append(Part(local, WHOLE, begin, len(laid.text) - begin))
    laid.spans[item.id] = (begin, len(laid.text))


def local_names(items: Collection[Item], address: Any) -> dict[str, str]:
    """The id of every item, and of what it answers, in this study."""
    names = {name for item in items for name in (item.id, item.parent) if name}
    return {name: address("item", name) for name in names}
