"""How does a coded study leave as a project of another program (.qdpx), and what of it cannot leave?

Everything is made, and checked against what no schema can say, before a byte is written; the report says what the file
holds and what it does not. The same study is always the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from resilens.capture.synthetic import WORD
from resilens.coding.codes import Codebook
from resilens.coding.quotable import standings
from resilens.coding.redaction import redactions
from resilens.coding.rounds import CONSENSUS
from resilens.corpus.engine import Corpus
from resilens.corpus.pseudonyms import Pseudonyms
from resilens.errors import Fault, InputError
from resilens.exchange.archive_writing import Content, write_archive
from resilens.exchange.code_tree import CodeNode, CodeTree, guid_from
from resilens.exchange.codebook_out import code_guids, losses_of, tree_of
from resilens.exchange.dialects import TARGETS, Target, rendered, target_named
from resilens.exchange.links import shown
from resilens.exchange.project_media_out import MediaRules, media_of
from resilens.exchange.project_selections_out import Spots
from resilens.exchange.project_sources_out import (
    Arrangement,
    Item,
    Rules,
    Text,
    documents,
    items_of,
    local_names,
    texts_of,
)
from resilens.exchange.project_tree import ProjectNote, ProjectSet, ProjectTree, User
from resilens.exchange.project_work_out import ITEM, Leaving, leaving
from resilens.exchange.qde_writing import to_qde
from resilens.exchange.quotes import QUOTING
from resilens.exchange.source_layout import memo_guid
from resilens.exchange.validity import check
from resilens.record.store import Record
from resilens.results.tables import counted, listing


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which project.

    Parameters
    ----------
    program
        A key of `dialects.TARGETS`.
    layout
        `thread`: a post with its comments is a source; `item`: every item is one.
    round_id
        Only this round; empty: of each coder and item the last.
    restricted
        With words that may only be paraphrased or not be quoted, with links and recordings. Pictures leave redacted or
        not at all.
    """

    program: str = "standard"
    layout: Arrangement = "thread"
    round_id: str = ""
    restricted: bool = False


@dataclass(frozen=True)
class Study:
    """What of a study leaves.

    Parameters
    ----------
    record, corpus, codebook
        The study's.
    sampled
        The items of its draw.
    pseudonyms, captures
        The study's key, and its folder of captures.
    title, zone, quoting, synthetic
        As study.toml says them.
    """

    record: Record
    corpus: Corpus
    codebook: Codebook
    sampled: Iterable[str]
    pseudonyms: Pseudonyms
    captures: Path
    title: str
    zone: str
    quoting: str
    synthetic: bool = False


@dataclass(frozen=True)
class ProjectExport:
    """A project that is ready to be written.

    Parameters
    ----------
    tree, target
        The project as the program wants it.
    texts, media
        The files of its sources.
    notes, losses
        What must be known of it, and what could not be carried.
    """

    tree: ProjectTree = field(repr=False)
    target: Target
    texts: Mapping[str, bytes] = field(repr=False)
    media: Mapping[str, Content] = field(repr=False)
    notes: tuple[str, ...]
    losses: tuple[str, ...]

    def write(self, path: Path) -> None:
        """Write it; an existing file is replaced at once.

        Raises
        ------
        InputError
            If the name does not end with .qdpx.
        """
        if path.suffix.lower() != ".qdpx":
            raise InputError(Fault("a project is written as .qdpx; end the name with it", path.name))
        write_archive(path, to_qde(self.tree), self.texts, self.media)

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each part."""
        uses = [use for source in self.tree.sources
                for use in (*source.uses, *(use for one in source.selections for use in one.uses))]  # fmt: skip
        return {
            "sources": len(self.tree.sources), "codes": sum(1 for _ in self.tree.codes.walk()),
            "users": len(self.tree.users), "selections": sum(len(source.selections) for source in self.tree.sources),
            "codings": len(uses), "notes": len(self.tree.notes), "links": len(self.tree.links),
        }  # fmt: skip

    def __str__(self) -> str:
        there = listing([counted(many, name.removesuffix("s")) for name, many in self.counts.items()])
        lines = [f"for {self.target.name}: {there}",
                 f"  positions count {self.target.positions}; known by: {self.target.basis}"]  # fmt: skip
        lines += [f"  note: {line}" for line in self.notes]
        return "\n".join([*lines, *(f"  not carried: {line}" for line in self.losses)])

    def to_dict(self) -> dict[str, Any]:
        """The same for machines."""
        return {"for": next(name for name, one in TARGETS.items() if one is self.target), **self.counts,
                "positions": self.target.positions.id, "notes": list(self.notes),
                "losses": list(self.losses)}  # fmt: skip


def project_of(study: Study, wanted: Wanted = Wanted()) -> ProjectExport:  # noqa: B008 - it is frozen
    """A study as a project of another program.

    Raises
    ------
    InputError
        If the program is unknown, the round is unknown or still blind, or there is no item to code.
    """
    target = target_named(wanted.program)
    work = leaving(study.record, wanted.round_id)
    found = items_of(study.corpus, _wanted_items(study, work, wanted.round_id))
    if not found:
        raise InputError("there is neither an item that was coded nor a sample to be coded, so no project to write")
    rules = Rules(local_names(found.values(), study.pseudonyms.of_address), study.zone,
                  standings(study.record, study.corpus, found, study.quoting), wanted.restricted)  # fmt: skip
    texts = texts_of(found, wanted.layout, rules)
    coded = {(row["item_id"], row["media_id"]) for row in work.codings if row["media_id"] and row["item_id"] in found}
    kept_back = {item for item in found if rules.withheld(item) == QUOTING["do_not_quote"]}
    media = media_of(found.values(), coded, MediaRules(study.captures, redactions(study.record), kept_back,
                                                       wanted.restricted))  # fmt: skip
    users = {name: guid_from("user", study.title, name) for name in [*work.coders(), *_authors(work)]}
    guids = code_guids(study.codebook, study.title)
    names = {**rules.local} | {one.media_id: study.pseudonyms.of_address("media", one.media_id)
                           for one in media.kept.values()}  # fmt: skip
    spots = Spots(texts, media.kept, names, guids, users, study.title, wanted.layout == "item")
    for row in work.codings:
        spots.give(row)
    memos = _Memos(work, spots, guids, users)
    codes = _codes(study, {row["code_id"] for row in work.codings}, guids)
    sources = spots.sources([text.layout(rules) for text in texts])
    tree = ProjectTree(
        f"{WORD} {study.title}" if study.synthetic else study.title, codes,
        tuple(User(guid, name, _initials(name)) for name, guid in users.items()), sources=sources,
        notes=_outward((*memos.notes, *spots.notes), wanted.restricted), links=tuple(spots.links.values()),
        about=tuple(memos.about_nothing),
        code_notes={guid: tuple(notes) for guid, notes in memos.of_code.items()},
        sets=tuple(ProjectSet(one.guid, one.name, codes=one.members) for one in codes.sets),
    )  # fmt: skip
    losses = {**work.losses, **memos.losses, **spots.losses, **media.losses}
    said = tuple(f"{words} ({many:,})" for words, many in losses.items() if many)
    pictured = zip(media.kept.values(), sources[len(texts) :], strict=True)
    files = {source.file: kept.content for kept, source in pictured}
    return _finished(tree, target, files, spots.words(), (*_notes(work, texts, found, wanted), *_spelt(tree, study)),
                     (*said, *_of_corpus(study.corpus, found), *losses_of(study.codebook)))  # fmt: skip


def _finished(
    tree: ProjectTree, target: Target, media: Mapping[str, Content], words: Mapping[str, str], notes: tuple[str, ...],
    losses: tuple[str, ...],
) -> ProjectExport:
    """The project as the program wants it, checked."""
    written = rendered(tree, target)
    texts = {source.file: source.text.encode() for source in written.sources if source.text is not None}
    check(written, texts, media, target.positions, words)
    return ProjectExport(written, target, texts, media, notes, losses)


def _wanted_items(study: Study, work: Leaving, round_id: str) -> set[str]:
    """What was read, what is to be read, documents that came with a project, and what memos are about."""
    wanted = set(work.items)
    rows = study.record.view("rounds", round_id=round_id) if round_id else []
    asked = set(rows[0]["items"] or ()) if rows else set()
    wanted |= asked or {*study.sampled, *documents(study.corpus)}
    related = {row["second_item"] for row in work.codings if row["second_item"]}
    noted = {about for row in work.memos for about in row["about"] or () if any(mark in about for mark in ITEM)}
    return wanted | related | noted


def _authors(work: Leaving) -> list[str]:
    """Who wrote memos and coded nothing."""
    return sorted({row["actor"] for row in work.memos} - set(work.coders()))


def _initials(name: str) -> str:
    return "".join(part[0] for part in name.split()).upper()[:4]


def _codes(study: Study, used: set[str], guids: Mapping[str, str]) -> CodeTree:
    """The codebook; a retired code that something is coded with is no folder, for then it could not be."""
    tree = tree_of(study.codebook, study.title)
    coded = {guids[code] for code in used if code in guids}

    def opened(node: CodeNode) -> CodeNode:
        children = tuple(opened(child) for child in node.children)
        return replace(node, codable=node.codable or node.guid in coded, children=children)

    origin = f"{tree.origin} {WORD}" if study.synthetic else tree.origin
    return CodeTree(origin, tuple(opened(node) for node in tree.codes), tree.sets)


class _Memos:
    """Memos as notes, each hung on what it is about."""

    def __init__(self, work: Leaving, spots: Spots, guids: Mapping[str, str], users: Mapping[str, str]) -> None:
        self.notes: list[ProjectNote] = []
        self.about_nothing: list[str] = []
        self.of_code: dict[str, list[str]] = {}
        self.losses = {"that a memo is about something that is neither an item nor a code of the file": 0}
        (lost,) = self.losses
        for row in work.memos:
            note = memo_guid(row["memo_id"])
            self.notes.append(ProjectNote(note, row["title"] or "", row["text"], users[row["actor"]],
                                          f"{row['at'][:19]}Z"))  # fmt: skip
            for about in row["about"] or ():
                spot = spots.on(about)
                if about in guids:
                    self.of_code.setdefault(guids[about], []).append(note)
                elif spot is not None:
                    spot.notes.append(note)
                else:
                    self.losses[lost] += 1
            if not row["about"]:
                self.about_nothing.append(note)


def _outward(notes: Iterable[ProjectNote], restricted: bool) -> tuple[ProjectNote, ...]:
    """Notes as they may leave: a link or an item's id in one would find what the texts do not tell."""
    if restricted:
        return tuple(notes)
    return tuple(replace(one, name=shown(one.name), text=shown(one.text)) for one in notes)


def _notes(work: Leaving, texts: list[Text], found: Mapping[str, Item], wanted: Wanted) -> list[str]:
    """What whoever gets the file must know."""
    doubt = "what positions count there is not certain: after the import, look at codes far down in a text"
    notes = [doubt] if TARGETS[wanted.program].basis == "uncertain" else []
    reasons = sorted({reason for text in texts for reason in text.withheld if reason})
    for reason in reasons:
        items = sum(text.withheld[reason] for text in texts)
        notes.append(f"{items:,} of {len(found):,} items without words ({reason}), a placeholder in their place; "
                     f"--restricted has them, for whoever works inside")  # fmt: skip
    retold = sum(text.paraphrased for text in texts)
    notes += [f"{retold:,} of {len(found):,} items paraphrased: these are not the authors' words"] if retold else []
    links = sum(text.links for text in texts)
    notes += [f"{counted(links, 'link')} covered in the texts; --restricted has them"] if links else []
    notes += [f"left out, still blind: {listing(work.blind)}"] if work.blind else []
    notes += [f"coded by machines: {listing(work.machines)}"] if work.machines else []
    if CONSENSUS in work.coders():
        notes.append(f"the user {CONSENSUS!r} has the codes that coders agree on or that were decided")
    if not work.codings:
        notes.append("nobody has coded yet: the sample leaves to be coded")
    if wanted.restricted:
        notes.append("RESTRICTED: words, links and recordings find the items on their platform; keep the file inside")
    return notes


def _spelt(tree: ProjectTree, study: Study) -> list[str]:
    return [f"the study is synthetic: the project says {WORD}"] if study.synthetic and tree.sources else []


def _of_corpus(corpus: Corpus, found: Mapping[str, Item]) -> list[str]:
    """What of the corpus does not leave: what is known of items, and the items that nobody is to read."""
    attributes = f"groups, languages, hashtags, counts and places of items ({counted(len(found), 'item')}): " \
                 f"`resilens export quotes` has most of them"  # fmt: skip
    counts = (corpus.frame(corpus.table(name).count()).column(0)[0].as_py() for name in ("posts", "comments"))
    others = sum(map(int, counts)) - len(found)
    unread = f"posts and comments that nobody read and that are not sampled ({others:,})"
    return [attributes, unread] if others else [attributes]
