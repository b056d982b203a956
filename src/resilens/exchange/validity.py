"""Is a project right in what no schema can say: references, GUIDs, files, positions, and the words under every span?

Every export is asked before its file is written. Words are measured as a reader of the dialect measures them, on the
bytes of the text files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from resilens.errors import Fault, InputError
from resilens.exchange.positions import NOWHERE, Dialect, Ruler
from resilens.exchange.project_tree import CodeUse, ProjectTree, Source

MOST = 10
"""Faults that are said one by one."""

_FILE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[a-z0-9]{1,8}")


def check(tree: ProjectTree, texts: Mapping[str, bytes], media: Collection[str], dialect: Dialect,
          words: Mapping[str, str]) -> None:  # fmt: skip
    """Refuse a project that a schema would let pass and no program could read rightly.

    Parameters
    ----------
    tree
        The project, positions in the dialect.
    texts, media
        The files of its sources.
    dialect
        What positions count.
    words
        What stands under each selection of a text, by its GUID, newlines as `\\n`.

    Raises
    ------
    InputError
        With what is wrong.
    """
    faults = [*_identities(tree), *_references(tree), *_files(tree, {*texts, *media}),
              *_positions(tree, texts, dialect, words)]  # fmt: skip
    if faults:
        more = [Fault(f"and {len(faults) - MOST:,} more")] if len(faults) > MOST else []
        first = Fault("the project would not be what the study is, so it was not written; please report this")
        raise InputError([first, *map(Fault, faults[:MOST]), *more])


def _uses(tree: ProjectTree) -> Iterator[CodeUse]:
    for source in tree.sources:
        yield from source.uses
        for one in source.selections:
            yield from one.uses


def _guids(tree: ProjectTree) -> Iterator[str]:
    for part in (tree.users, tree.variables, tree.cases, tree.sources, tree.notes, tree.links, tree.sets):
        yield from (one.guid for one in part)
    yield from (code.guid for code, _ in tree.codes.walk())
    yield from (one.guid for source in tree.sources for one in source.selections)
    yield from (use.guid for use in _uses(tree))


def _identities(tree: ProjectTree) -> Iterator[str]:
    for guid, times in Counter(_guids(tree)).items():
        if times > 1:
            yield f"{times} parts have the GUID {guid}"


def _references(tree: ProjectTree) -> Iterator[str]:
    users, notes = {one.guid for one in tree.users}, {one.guid for one in tree.notes}
    codes = {code.guid: code.codable for code, _ in tree.codes.walk()}
    things = {*_guids(tree)}
    for use in _uses(tree):
        if use.user not in users:
            yield f"coding {use.guid} names no user of the project"
        if not codes.get(use.code):
            yield f"coding {use.guid} has a code that is not there, or is a folder"
    for guid in _named_notes(tree):
        if guid not in notes:
            yield f"the note {guid} is not there"
    makers = {source.user for source in tree.sources} | {note.user for note in tree.notes}
    makers |= {one.user for source in tree.sources for one in source.selections}
    yield from (f"the user {guid} is not there" for guid in sorted({*makers, tree.user} - users - {""}))
    members = {guid for one in tree.sets for guid in (*one.codes, *one.sources, *one.notes)}
    yield from (f"a set has {guid}, which is not there" for guid in sorted(members - things))
    for link in tree.links:
        for guid in (link.origin, link.target):
            if guid not in things:
                yield f"link {link.guid} leads to {guid}, which is not there"


def _named_notes(tree: ProjectTree) -> Iterator[str]:
    yield from tree.about
    for guids in tree.code_notes.values():
        yield from guids
    for source in tree.sources:
        yield from source.notes
        for one in source.selections:
            yield from one.notes
    for use in _uses(tree):
        yield from use.notes


def _files(tree: ProjectTree, there: Collection[str]) -> Iterator[str]:
    named = Counter(source.file for source in tree.sources)
    for source in tree.sources:
        if not _FILE.fullmatch(source.file):
            yield f"the file {source.file!r} of {source.name!r} is not named by a GUID"
        if source.file not in there:
            yield f"the file {source.file!r} of {source.name!r} is not there"
    yield from (f"{times} sources have the file {name!r}" for name, times in named.items() if times > 1)
    yield from (f"no source has the file {name!r}" for name in sorted(set(there) - set(named)))


def _positions(
    tree: ProjectTree, texts: Mapping[str, bytes], dialect: Dialect, words: Mapping[str, str]
) -> Iterator[str]:
    for source in tree.sources:
        if source.kind == "text" and source.selections:
            yield from _spans(source, texts.get(source.file, b"").decode(), dialect, words)
            continue
        for one in source.selections:
            place = one.place
            corners = None not in (place.x1, place.y1, place.x2, place.y2)
            region = corners and 0 <= (place.x1 or 0) < (place.x2 or 0) and 0 <= (place.y1 or 0) < (place.y2 or 0)
            if not region and not 0 <= (-1 if place.begin is None else place.begin) < (place.finish or 0):
                yield f"selection {one.guid} of {source.name!r} is empty"


def _spans(source: Source, text: str, dialect: Dialect, words: Mapping[str, str]) -> Iterator[str]:
    ruler = Ruler(text)
    starts = [NOWHERE if one.place.start is None else one.place.start for one in source.selections]
    ends = [NOWHERE if one.place.end is None else one.place.end for one in source.selections]
    spans = zip(*(side.tolist() for side in ruler.spans(dialect, starts, ends)), strict=True)
    for one, (start, end) in zip(source.selections, spans, strict=True):
        if start in (NOWHERE, end):
            yield f"selection {one.guid} of {source.name!r} lies outside the text or is empty"
        elif ruler.text[start:end].replace("\r\n", "\n") != words.get(one.guid):
            yield f"selection {one.guid} of {source.name!r} has other words than it should"
