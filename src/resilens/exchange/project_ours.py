"""Which sources of a project came from this study, and are its items again?

A source is ours where its description says so (`source_layout`) and its words are still those of the items; links may
be covered. One whose words were changed in the other program is a document of its own, for its positions count in
other words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from resilens.coding.items import Items
from resilens.corpus.engine import Corpus
from resilens.corpus.pseudonyms import Pseudonyms
from resilens.exchange.links import covered
from resilens.exchange.positions import BOM
from resilens.exchange.project_tree import ProjectTree, Source
from resilens.exchange.source_layout import PICTURE, WHOLE, Layout, layout_in
from resilens.exchange.stored_positions import Piece, levelled


@dataclass(frozen=True)
class Ours:
    """The sources of a project that are items of the study.

    Parameters
    ----------
    tree
        The project, what sources say of their layout taken out of their descriptions.
    sources
        By GUID: the item, and the texts that the source's text is made of.
    notes
        What must be said.
    media
        By GUID of a redacted picture: the file of the study of which it is a copy.
    """

    tree: ProjectTree
    sources: Mapping[str, tuple[str, tuple[Piece, ...]]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    media: Mapping[str, str] = field(default_factory=dict)


def ours_in(tree: ProjectTree, items: Items, local_ids: Callable[[], Mapping[str, str]]) -> Ours:
    """The sources of a project that are items of the study.

    Parameters
    ----------
    tree
        The project.
    items
        The items of the study.
    local_ids
        Gives the item of every local id; only asked where a source says that it is one of ours.
    """
    told = {source.guid: layout_in(source.description) for source in tree.sources}
    layouts = {guid: layout for guid, (layout, _) in told.items() if layout is not None}
    if not layouts:
        return Ours(tree)
    known = local_ids()
    named = {part.item for layout in layouts.values() for part in layout.parts} | {one.item for one in layouts.values()}
    texts = items.texts(sorted(known[name] for name in named if name in known))
    found, media, changed, strangers = {}, dict[str, str](), 0, 0
    for source in tree.sources:
        layout = layouts.get(source.guid)
        if layout is None:
            continue
        if known.get(layout.item) not in texts:
            strangers += 1
            continue
        pieces = _pieces(source, layout, known, texts)
        changed += pieces is None
        if pieces is not None:
            found[source.guid] = (known[layout.item], pieces)
            copied = [known[part.item] for part in layout.parts if part.field == PICTURE and part.item in known]
            if copied and source.kind == "picture":
                media[source.guid] = copied[0]
    notes = {
        "sources are items of another study, or no longer in the corpus: here they are documents": strangers,
        "sources came from this study and their words were changed since: here they are documents": changed,
    }
    sources = tuple(replace(source, description=told[source.guid][1]) for source in tree.sources)
    return Ours(replace(tree, sources=sources), found,
                tuple(f"{words} ({many:,})" for words, many in notes.items() if many), media)  # fmt: skip


def _pieces(
    source: Source, layout: Layout, known: Mapping[str, str], texts: Mapping[str, Mapping[str, str]]
) -> tuple[Piece, ...] | None:
    """The texts in a source's text; None where they are not, or no longer, those of the items."""
    text = levelled((source.text or "").removeprefix(BOM))
    pieces = []
    for part in (part for part in layout.parts if part.field != PICTURE):
        item, words = known.get(part.item, ""), text[part.at : part.at + part.length]
        stored = texts.get(item, {}).get(part.field)
        if item in texts and part.field == WHOLE:
            pieces.append(Piece(item, "", part.at, words, texts[item]))
        elif stored is not None and (words == stored or words == covered(stored)[0]):
            pieces.append(Piece(item, part.field, part.at, stored))
        else:
            return None
    return tuple(pieces)


def local_ids(corpus: Corpus, pseudonyms: Pseudonyms) -> dict[str, str]:
    """The item, or the file, of every local id of a corpus: one pass over its ids."""
    found = {}
    for table, key in (("posts", "post_id"), ("comments", "comment_id")):
        for item in corpus.frame(corpus.table(table).select(key))[key].to_pylist():
            found[pseudonyms.of_address("item", item)] = item
    for media_id in corpus.frame(corpus.table("media").select("media_id"))["media_id"].to_pylist():
        found[pseudonyms.of_address("media", media_id)] = media_id
    return found
