"""Which rows does a simulation give? The canonical posts and comments of a capture, and the truth beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from resilens.corpus.schema import COUNTS, TABLES, item_id
from resilens.simulate import naming, observation
from resilens.simulate.bank import bank, things
from resilens.simulate.content import FAMILIES
from resilens.simulate.inventory import LANGUAGES
from resilens.simulate.money import CURRENCIES
from resilens.simulate.observation import Chosen, Shown
from resilens.simulate.pictures import pictures_of
from resilens.simulate.simulation import Batch, Simulation
from resilens.simulate.text import Texts
from resilens.simulate.threads import Items
from resilens.simulate.world import ACTIVE, CLASSES, GROUPS, PARENTS

Array: TypeAlias = npt.NDArray[Any]

TIME = pa.timestamp("ms", tz="UTC")
NAMES = pa.dictionary(pa.int16(), pa.string())
"""Names from a short list: stored once, and read as text."""
STRINGS = pa.list_(pa.string())

SEARCHED = (("query", pa.string()), ("ranking", pa.string()), ("rank", pa.int64()))
POSTS = pa.schema([*TABLES["posts"].schema, ("collected_at", TIME), *SEARCHED])
COMMENTS = pa.schema([*(column for column in TABLES["comments"].schema if column.name not in ("root_id", "depth")),
                      ("collected_at", TIME)])  # fmt: skip

ITEMS = pa.schema([
    ("item_id", pa.string()), ("post_id", pa.string()), ("second_item", pa.string()), ("user", pa.int32()),
    ("author", pa.string()), ("group", NAMES), ("state", NAMES), ("published_at", TIME), ("answers", NAMES),
    ("across", pa.bool_()), ("depth", pa.int16()), ("practice", NAMES), ("stage", NAMES),
    *((family.replace(".", "_"), NAMES) for family in FAMILIES), ("removed_at", TIME), ("removed_by", NAMES),
    ("language", NAMES), ("wordless", pa.bool_()), ("has_cue", pa.bool_()),
    *((f"cue_{family.replace('.', '_')}", pa.bool_()) for family in FAMILIES), ("has_confuser", NAMES),
    ("amount_for", NAMES), ("amount_low", pa.float64()), ("amount_high", pa.float64()), ("currency", NAMES),
    ("picture", NAMES),
])  # fmt: skip
"""The truth of every item, seen or not; no analysis reads it. `second_item` is the item answered."""

USERS = pa.schema([
    ("user", pa.int32()), ("author", pa.string()), ("group", NAMES), ("class", NAMES), ("mark", pa.float32()),
    ("joined_at", TIME), ("adapted_at", TIME), ("cosmopolitan_at", TIME), ("left_at", TIME), ("location", NAMES),
    ("mislabelled", pa.bool_()), ("deleted", pa.bool_()),
])  # fmt: skip
"""The truth of every account that ever joins."""


def named(places: Array, names: Sequence[str]) -> pa.Array:
    """The names at places; null where a place is -1."""
    indices = pa.array(places.astype(np.int16), mask=places < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, pa.string()))


def moments(simulation: Simulation, day: npt.NDArray[np.float64]) -> pa.Array:
    """Times as timestamps; null for what never happens."""
    never = ~np.isfinite(day)
    return pa.array(naming.milliseconds(simulation.world, np.where(never, 0.0, day)), mask=never).cast(TIME)


def constant(value: str, size: int) -> pa.Array:
    """One value again and again."""
    return named(np.zeros(size, np.int16), (value,))


def none_listed(size: int) -> pa.Array:
    """An empty list in every row."""
    return pa.ListArray.from_arrays(pa.array(np.zeros(size + 1, np.int32)), pa.array([], pa.string()))


def _one_listed(names: pa.DictionaryArray) -> pa.Array:
    """A list of one name in every row."""
    return pa.ListArray.from_arrays(pa.array(np.arange(len(names) + 1, dtype=np.int32)), names.cast(pa.string()))


@dataclass(frozen=True)
class Names:
    """The item ids of the posts and comments of a batch, and the pseudonyms of their authors."""

    posts: pa.Array
    comments: pa.Array
    post_authors: pa.Array
    comment_authors: pa.Array


class Rows:
    """Turns batches of a simulation into rows.

    Parameters
    ----------
    simulation
        The simulation.
    """

    def __init__(self, simulation: Simulation) -> None:
        self.simulation, self.world = simulation, simulation.world
        _, self._tags = observation.tag_words(self.world)
        names: list[str] = []
        self._location_starts = []
        for community in self.world.groups:
            self._location_starts.append(len(names))
            names += list(community.locations)
        self._locations = names

    def location(self, author: npt.NDArray[np.int32]) -> pa.Array:
        """What the platform displays as the accounts' location."""
        users = self.simulation.users
        listed_of = np.where(users.mislabelled[author], 1 - users.group[author], users.group[author])
        place = users.location[author]
        return named(np.where(place < 0, -1, place + np.array(self._location_starts)[listed_of]), self._locations)

    def names(self, batch: Batch) -> Names:
        """What the items of a batch and their authors are called."""
        posts, comments = (naming.item_ids(self.world, naming.natives(self.world, items), kind)
                           for items, kind in ((batch.chunk.posts, "p"), (batch.chunk.comments, "c")))  # fmt: skip
        authors = (naming.pseudonyms(self.simulation.streams, items.author)
                   for items in (batch.chunk.posts, batch.chunk.comments))  # fmt: skip
        return Names(posts, comments, *authors)

    def posts(self, batch: Batch, shown: Shown, rows: Array, day: float, names: Names) -> pa.Table:
        """Rows of a canonical capture for some posts as they were on a day."""
        posts, texts = batch.chunk.posts.taken(rows), batch.post_texts
        size = posts.size
        chosen = pa.array(rows)
        counts = {name: getattr(shown, name)[rows] for name in COUNTS}
        columns: dict[str, pa.Array] = {
            "post_id": names.posts.take(chosen), "author": names.post_authors.take(chosen),
            **self._shared(posts, texts, rows, day),
            "kind": constant("image", size), "title": texts.title.take(chosen),
            "hashtags": pa.array(self._tags, STRINGS).take(pa.array(batch.masks[rows].astype(np.int64))),
            **{name: pa.array(count) for name, count in counts.items()},
            **{f"{name}_bound": constant("exact", size) for name in COUNTS},
            "url": self._addresses(names.posts.take(chosen)), "media": _one_listed(pictures_of(self.simulation, posts)),
        }  # fmt: skip
        return _table(columns, POSTS, size)

    def comments(self, batch: Batch, visible: Chosen, rows: Array, day: float, names: Names) -> pa.Table:
        """Rows of a canonical capture for some comments as they were on a day."""
        comments, chosen = batch.chunk.comments.taken(rows), pa.array(rows)
        likes = observation.comment_likes(comments, self.simulation.streams)
        answered = pa.array(comments.parent, mask=comments.parent < 0)
        columns: dict[str, pa.Array] = {
            "comment_id": names.comments.take(chosen), "author": names.comment_authors.take(chosen),
            "post_id": names.posts.take(pa.array(comments.post)), "parent_id": names.comments.take(answered),
            **self._shared(comments, batch.comment_texts, rows, day),
            "likes": pa.array(likes), "likes_bound": constant("exact", comments.size),
            "replies": pa.array(observation.replies(batch.chunk, visible)[rows]),
            "media": none_listed(comments.size),
        }  # fmt: skip
        return _table(columns, COMMENTS, comments.size)

    def _shared(self, items: Items, texts: Texts, rows: Array, day: float) -> dict[str, pa.Array]:
        time, as_day = observation.shown_times(self.world, items.id, items.time, self.simulation.streams)
        script = texts.script[rows]
        return {
            "platform": constant(self.world.platform, items.size),
            "published_at": moments(self.simulation, time), "time_basis": constant("field", items.size),
            "time_precision": named(as_day.astype(np.int64), ("second", "day")),
            "text": texts.text.take(pa.array(rows)), "script": pa.array(script, pa.string()),
            "language": named(np.where(script == "han", 0, -1), ("zh",)), "location": self.location(items.author),
            "flags": none_listed(items.size),
            "collected_at": moments(self.simulation, np.full(items.size, day)),
        }  # fmt: skip

    def _addresses(self, post_ids: pa.Array) -> pa.Array:
        if self.world.platform != naming.REDNOTE:
            return pa.nulls(len(post_ids), pa.string())
        native = pc.utf8_slice_codeunits(post_ids, len(item_id(self.world.platform, "p", "")))
        return pc.binary_join_element_wise("https://www.xiaohongshu.com/explore/", native, "")

    def truth(self, batch: Batch, names: Names) -> pa.Table:
        """The truth of all items of a batch, each post before its comments: an order that does not know of batches."""
        comments = batch.chunk.comments
        own_posts = names.posts.take(pa.array(comments.post))
        parents = names.comments.take(pa.array(comments.parent, mask=comments.parent < 0))
        nothing = pa.nulls(batch.chunk.posts.size, pa.string())
        posts = {"item_id": names.posts, "post_id": names.posts, "second_item": nothing, "author": names.post_authors,
                 "picture": pictures_of(self.simulation, batch.chunk.posts)}  # fmt: skip
        answers = {"item_id": names.comments, "post_id": own_posts, "second_item": pc.coalesce(parents, own_posts),
                   "author": names.comment_authors}  # fmt: skip
        both = pa.concat_tables([self._truth(batch.chunk.posts, batch.post_texts, posts),
                                 self._truth(comments, batch.comment_texts, answers)])  # fmt: skip
        return both.take(pa.array(batch.chunk.thread_order))

    def _truth(self, items: Items, texts: Texts, called: dict[str, pa.Array]) -> pa.Table:
        simulation, codes = self.simulation, simulation_codes(self.simulation)
        removed = np.where(np.isfinite(items.removed), np.where(items.reported, 1, 0), -1)
        claimed = [thing["name"] for thing in things("en")]
        columns: dict[str, pa.Array] = {
            **called, "user": pa.array(items.author), "group": named(items.group, GROUPS),
            "state": named(items.state, ACTIVE), "published_at": moments(simulation, items.time),
            "answers": named(items.answering, PARENTS), "across": pa.array(items.across),
            "depth": pa.array(items.depth), "practice": named(items.practice, codes),
            "stage": named(items.stage, codes),
            **{family.replace(".", "_"): named(items.family(family), codes) for family in FAMILIES},
            "removed_at": moments(simulation, items.removed), "removed_by": named(removed, ("platform", "report")),
            "language": named(texts.language, LANGUAGES), "wordless": pa.array(texts.wordless),
            "has_cue": pa.array(texts.cues[:, 0]),
            **{f"cue_{family.replace('.', '_')}": pa.array(texts.cues[:, place + 1])
               for place, family in enumerate(FAMILIES)},
            "has_confuser": named(texts.confuser, bank().codes), "amount_for": named(texts.thing, claimed),
            "amount_low": pa.array(texts.low, mask=np.isnan(texts.low)),
            "amount_high": pa.array(texts.high, mask=np.isnan(texts.high)),
            "currency": named(texts.currency, CURRENCIES),
        }  # fmt: skip
        return _table(columns, ITEMS, items.size)

    def users(self, first: int, last: int) -> pa.Table:
        """The truth of the accounts `first` to `last` - 1 that ever join."""
        users, simulation = self.simulation.users, self.simulation
        own = np.flatnonzero(np.isfinite(users.joined[first:last])) + first
        accounts = own.astype(np.int32)
        columns: dict[str, pa.Array] = {
            "user": pa.array(accounts), "author": naming.pseudonyms(simulation.streams, accounts),
            "group": named(users.group[own], GROUPS), "class": named(users.kind[own], CLASSES),
            "mark": pa.array(users.mark[own]), "joined_at": moments(simulation, users.joined[own]),
            "adapted_at": moments(simulation, users.adapted[own]),
            "cosmopolitan_at": moments(simulation, users.cosmopolitan[own]),
            "left_at": moments(simulation, users.left[own]), "location": self.location(accounts),
            "mislabelled": pa.array(users.mislabelled[own]), "deleted": pa.array(users.deleted[own]),
        }  # fmt: skip
        return _table(columns, USERS, own.size)


def simulation_codes(simulation: Simulation) -> tuple[str, ...]:
    """The codes that items can carry, in the order of their places."""
    return simulation.vocabulary.codes


def _table(columns: dict[str, pa.Array], schema: pa.Schema, size: int) -> pa.Table:
    """The columns in the order of the schema; those not given are empty."""
    arrays = [columns[field.name].cast(field.type) if field.name in columns else pa.nulls(size, field.type)
              for field in schema]  # fmt: skip
    return pa.table(arrays, schema=schema)
