"""How does the codebook of a study leave as REFI-QDA, and what of it could not be carried?

A facet becomes a folder at the top, a code a code below it. GUIDs follow from the study's title and the ids, so that
they are the same from export to export; a code that came from another program keeps the GUID it had there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from resilens import __version__
from resilens.coding.codes import Code, Codebook, Facet
from resilens.exchange.code_tree import CodeNode, CodeSet, CodeTree, guid_from, set_name
from resilens.exchange.descriptions import LABELS, description_of
from resilens.exchange.qdc_writing import to_qdc
from resilens.exchange.safe_xml import writable
from resilens.files import write_bytes
from resilens.results.tables import counted

ORIGIN = "Resilens"
_CAME_AS = re.compile(r"guid ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b")


def export_qdc(path: Path, codebook: Codebook, study: str, dry_run: bool = False) -> tuple[str, ...]:
    """Write a codebook as .qdc; what could not be carried, a sentence each.

    Parameters
    ----------
    path
        Where to; an existing file is replaced at once.
    codebook, study
        The codebook, and the title of its study, from which the GUIDs follow.
    dry_run
        Only say what could not be carried.

    Raises
    ------
    InputError
        If there is neither facet nor code, or codes are nested too deep.
    """
    content = to_qdc(tree_of(codebook, study))
    if not dry_run:
        write_bytes(path, content)
    return losses_of(codebook)


def tree_of(codebook: Codebook, study: str) -> CodeTree:
    """The codebook as other programs see it; facets without a code too."""
    guids = code_guids(codebook, study)
    nested: dict[tuple[str, str], list[Code]] = {}
    for code in codebook.codes:
        nested.setdefault((code.facet, code.parent), []).append(code)

    def nodes(facet: str, parent: str) -> tuple[CodeNode, ...]:
        return tuple(
            CodeNode(guids[code.id], code.name, description_of(_fields(code)), code.active, code.colour,
                     nodes(facet, code.id))
            for code in nested.get((facet, parent), [])
        )  # fmt: skip

    folders = tuple(
        CodeNode(facet_guid(facet.id, study), facet.name, _of_facet(facet), False, children=nodes(facet.id, ""))
        for facet in codebook.facets
    )
    return CodeTree(f"{ORIGIN} {__version__}", folders, _sets(codebook, study, guids))


def _sets(codebook: Codebook, study: str, guids: Mapping[str, str]) -> tuple[CodeSet, ...]:
    """The sets that codes are in, in the order in which codes name them."""
    members: dict[str, dict[str, None]] = {}
    for code in codebook.codes:
        for name in code.sets:
            members.setdefault(set_name(name), {})[guids[code.id]] = None
    return tuple(CodeSet(guid_from("set", study, name), name, "", tuple(codes)) for name, codes in members.items())


def facet_guid(facet_id: str, study: str) -> str:
    """The GUID of a facet's folder."""
    return guid_from("facet", study, facet_id)


def code_guids(codebook: Codebook, study: str) -> dict[str, str]:
    """The GUID of every code by its id: the one it came with, where it came from another program and no other code has
    it; else one that follows from the study's title and the id."""
    guids: dict[str, str] = {}
    taken: set[str] = set()
    for code in codebook.codes:
        came = came_as(code)
        guids[code.id] = came if came and came not in taken else guid_from("code", study, code.id)
        taken.add(guids[code.id])
    return guids


def came_as(code: Code) -> str:
    """The GUID under which a code was imported, which its `source` says; empty where it was not."""
    match = _CAME_AS.search(code.source)
    return match[1] if match else ""


def _fields(code: Code) -> Mapping[str, str]:
    told = {name: str(getattr(code, name)) for name in ("definition", *LABELS)}
    told["second_item"] = "needed" if code.second_item else ""
    told["status"] = "" if code.active else code.status
    return told


def _of_facet(facet: Facet) -> str:
    return description_of({"definition": facet.definition, "name_zh": facet.name_zh, "id": facet.id})


def losses_of(codebook: Codebook) -> tuple[str, ...]:
    """What a .qdc file of this codebook does not carry, or carries only as words in a description."""
    codes = codebook.codes
    said = []
    in_words = [label for name, label in LABELS.items() if name != "id" and any(_fields(code)[name] for code in codes)]
    if in_words:
        said.append(f"{', '.join(in_words)}: they stand as paragraphs in the Description")
    retired = [code.id for code in codes if not code.active]
    if retired:
        verb = "is" if len(retired) == 1 else "are"
        said.append(f"that {_listed(retired)} {verb} retired: written as folders, which nothing is coded with")
    anchored = [code.id for code in codes if code.anchors]
    if anchored:
        said.append(f"anchors of {_listed(anchored)}: left out, for they are ids of the platform")
    if codebook.framework:
        said.append(f"that the codebook was begun from {codebook.framework}: left out")
    texts = [text for code in codes for text in (code.name, *_fields(code).values())]
    spoilt = sum(writable(text) != text for text in texts + [text for one in codebook.facets for text in _texts(one)])
    if spoilt:
        said.append(f"characters that XML cannot hold: U+FFFD in their place, in {counted(spoilt, 'text')}")
    return tuple(said)


def _texts(facet: Facet) -> Iterable[str]:
    return facet.name, facet.name_zh, facet.definition


def _listed(ids: list[str], most: int = 8) -> str:
    more = f" and {len(ids) - most:,} more" if len(ids) > most else ""
    return ", ".join(ids[:most]) + more
