"""What does a person see of one post at the screening desk: itself, what is like it, who speaks of it, its comments?"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from resilens.coding.lead_posts import Match, speaking_of
from resilens.coding.leads import leads_of
from resilens.coding.rounds import Round, rounds
from resilens.coding.threads import Item, conversation, overruled, read_items, read_threads
from resilens.corpus.engine import Corpus
from resilens.errors import Fault, InputError
from resilens.record.store import Record
from resilens.sampling.choosing import Comments, comments_of
from resilens.sampling.likeness import Alike
from resilens.sampling.shelf import Shelf


@dataclass(frozen=True, slots=True)
class ScreenedPost:
    """A post at the desk.

    Parameters
    ----------
    post
        The post.
    alike
        Its likely duplicates, the likest first, each with the post that is meant.
    matches
        The leads that speak of it.
    comments
        What the rule proposes and what people changed.
    shown
        The comments proposed or chosen, in the order of their conversation.
    """

    post: Item
    alike: tuple[tuple[Alike, Item], ...]
    matches: tuple[Match, ...]
    comments: Comments
    shown: tuple[Item, ...]


def screened_post(corpus: Corpus, record: Record, shelf: Shelf, post_id: str) -> ScreenedPost:
    """A post as it lies on the desk.

    Raises
    ------
    InputError
        If it is not captured.
    """
    study = shelf.material.study
    alike = shelf.likeness.alike(post_id)
    comments = comments_of(corpus, study, record, post_id)
    chosen = {*comments.proposed, *comments.chosen}
    found = read_items(corpus, {post_id, *chosen, *(one.post_id for one in alike)})
    items = {item.item_id: item for item in overruled(found.values(), record)}
    post = items.get(post_id)
    if post is None or not post.is_post:
        raise InputError(Fault("is no captured post", post_id))
    shown = conversation(items[name] for name in chosen)
    spoken = [Item(name, "comment", post_id) for name in comments.captured]
    return ScreenedPost(
        post, tuple((one, items[one.post_id]) for one in alike if one.post_id in items),
        tuple(speaking_of(leads_of(record), post, spoken)), comments, tuple(shown),
    )  # fmt: skip


def thread_of(corpus: Corpus, record: Record, post_id: str) -> list[Item]:
    """A post and all its captured comments, in the order of the conversation.

    Raises
    ------
    InputError
        If the post is not captured.
    """
    items = overruled(read_threads(corpus, [post_id]).thread(post_id), record)
    if not items or not items[0].is_post:
        raise InputError(Fault("is no captured post", post_id))
    return items


def rounds_reading(record: Record, post_id: str, items_of: Callable[[Round], Collection[str]]) -> list[Round]:
    """The rounds in which a post is read: by what they were opened on, never by what anybody coded.

    Parameters
    ----------
    items_of
        What a round is about.
    """
    return [opened for opened in rounds(record) if post_id in items_of(opened)]


def follows_the_draw(opened: Round) -> bool:
    """Whether a round reads whatever the latest draw has, so that drawing again changes what its coders read."""
    return opened.open and not opened.items and not opened.draw
