"""Which code of a study is a code of another program's file, and what becomes of it when the file is taken in?"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from resilens.coding.codes import CODE_ID, STATUSES, Code, Codebook, Facet, fold
from resilens.exchange.code_tree import CodeNode, CodeTree, set_name
from resilens.exchange.codebook_out import came_as, code_guids, facet_guid
from resilens.exchange.descriptions import fields_of, one_newline
from resilens.exchange.safe_xml import writable
from resilens.study.frameworks import ROLES

IMPORTED = Facet("imported", "Imported", "", "Codes that came from another program, under no facet of this study.")

_TEXTS = ("definition", "use_when", "not_when", "example", "source", "name_zh", "variant")
_LONGEST = 48
"""Characters of a name that go into an id."""


class Merging:
    """A tree on its way into a codebook.

    Parameters
    ----------
    tree, file
        What was read, and from which file.
    codebook, study
        The codebook it is to go into, and the study's title.
    """

    def __init__(self, tree: CodeTree, codebook: Codebook, study: str, file: str) -> None:
        self.notes: list[str] = []
        self.folders: list[str] = []
        self.by_name: list[str] = []
        self.met: set[str] = set()
        self._came_from = f"{file} ({tree.origin})" if tree.origin else file
        self._framework = codebook.framework
        self._facets = {facet.id: facet for facet in codebook.facets}
        self._codes = {code.id: code for code in codebook.codes}
        self._numbers: Counter[tuple[str, str]] = Counter()
        self._ids = {fold(code.id) for code in codebook.codes}
        self._facet_of = {facet_guid(facet.id, study): facet.id for facet in codebook.facets}
        self._own = {node.guid: fields_of(node.description) for node, _ in tree.walk()}
        self._known = self._recognised(tree, code_guids(codebook, study))
        self._spoken_for = set(self._known.values())
        self._sets: dict[str, set[str]] = {}
        for one in tree.sets:
            self._sets.setdefault(set_name(one.name), set()).update(one.members)
        self._by_place = {(code.facet, code.parent, code.name): code.id for code in reversed(codebook.codes)}
        self._places: dict[str, tuple[str, str]] = {}
        for node, above in tree.walk():
            self._places[node.guid] = self._place(node, self._places[above[-1].guid] if above else None)

    def result(self) -> Codebook:
        """The codebook with the file taken in: what was there in its order, then what is new in the file's."""
        for code in list(self._codes.values()):
            self._settle(code)
        return Codebook(self._framework, tuple(self._facets.values()), tuple(self._codes.values()))

    @property
    def ids(self) -> dict[str, str]:
        """The code that each node of the tree became, by the node's GUID; folders that are facets are not in it."""
        return {guid: code_id for guid, (_, code_id) in self._places.items() if code_id}

    def _recognised(self, tree: CodeTree, guids: Mapping[str, str]) -> dict[str, str]:
        """The codes of the study by the GUID they have in the file: those with that GUID, then those named by id."""
        by_guid = {guid: code_id for code_id, guid in guids.items()}
        found = {node.guid: by_guid[node.guid] for node, _ in tree.walk() if node.guid in by_guid}
        taken = set(found.values())
        for node, above in tree.walk():
            named = self._own[node.guid].get("id", "")
            if above and node.guid not in found and named in self._codes and named not in taken:
                found[node.guid] = named
                taken.add(named)
        return found

    def _place(self, node: CodeNode, above: tuple[str, str] | None) -> tuple[str, str]:
        """Take a node in; the facet and the code that hold what is nested in it."""
        if above is None and self._is_facet(node):
            return self._take_facet(node), ""
        known = self._known.get(node.guid)
        if above is None:
            before = self._codes[known] if known else None
            above = (before.facet, "" if came_as(before) else before.parent) if before else (IMPORTED.id, "")
        if known is None:
            same = self._by_place.get((*above, node.name))
            if same and same not in self.met and same not in self._spoken_for:
                known = same
                self.by_name.append(same)
        if above[0] not in self._facets:
            self._facets[IMPORTED.id] = IMPORTED
        code = self._changed(self._codes[known], node) if known else self._new(node, *above)
        self._codes[code.id] = replace(code, facet=above[0], parent=above[1], sets=self._in_sets(code, node))
        self.met.add(code.id)
        return above[0], code.id

    def _in_sets(self, code: Code, node: CodeNode) -> tuple[str, ...]:
        """The sets of a code: those that the file does not have, which are left alone, and those in which it has it."""
        mine = [name for name, members in self._sets.items() if node.guid in members]
        kept = [name for name in code.sets if set_name(name) in mine or set_name(name) not in self._sets]
        known = {set_name(name) for name in kept}
        return (*kept, *(name for name in mine if name not in known))

    def _is_facet(self, node: CodeNode) -> bool:
        return node.guid in self._facet_of or (not node.codable and "id" in self._own[node.guid])

    def _take_facet(self, node: CodeNode) -> str:
        told = self._own[node.guid]
        facet_id = self._facet_of.get(node.guid) or told["id"].strip() or "imported"
        before = self._facets.get(facet_id, Facet(facet_id, node.name))
        texts = {"name": node.name} | {name: told.get(name, "") for name in ("definition", "name_zh")}
        if "id" not in told:
            texts = {"name": node.name} | ({"definition": told["definition"]} if told["definition"].strip() else {})
        self._facets[facet_id] = replace(before, **_differing(before, texts))
        return facet_id

    def _changed(self, code: Code, node: CodeNode) -> Code:
        """A code of the study as the file has it; what the file does not say stays as it is."""
        told = self._own[node.guid]
        texts = {"name": node.name}
        if "id" in told:
            texts |= {name: told.get(name, "") for name in _TEXTS}
        elif told["definition"].strip():
            texts["definition"] = told["definition"]
        fields: dict[str, Any] = _differing(code, texts)
        if node.colour:
            fields["colour"] = node.colour
        return replace(code, **fields, **(self._closed(told, code.id) if "id" in told else {}))

    def _new(self, node: CodeNode, facet: str, parent: str) -> Code:
        told = self._own[node.guid]
        named = told.get("id", "")
        ours = bool(CODE_ID.fullmatch(named)) and fold(named) not in self._ids
        code_id = named if ours else self._id_from(node.name, facet, parent)
        self._ids.add(fold(code_id))
        if not node.codable and "id" not in told:
            self.folders.append(node.name)
        texts: dict[str, Any] = {name: told.get(name, "") for name in _TEXTS}
        if not ours:
            texts["source"] = f"{self._came_from}, guid {node.guid}"
        closed = self._closed(told, code_id) if "id" in told else {}
        return Code(code_id, facet, one_newline(node.name), parent=parent, colour=node.colour, **texts, **closed)

    def _id_from(self, name: str, facet: str, parent: str) -> str:
        """An id that says the name, unique in the codebook: with the parent's where the name alone is taken."""
        start, own = _slug(facet) or "facet", _slug(name) or "code"
        above = parent.removeprefix(f"{start}.")
        for candidate in (f"{start}.{own}", *([f"{start}.{above}.{own}"] if parent and len(above) < _LONGEST else [])):
            if fold(candidate) not in self._ids:
                return candidate
        while True:
            number = self._numbers[start, own] = self._numbers[start, own] + 1
            if fold(f"{start}.{own}-{number + 1}") not in self._ids:
                return f"{start}.{own}-{number + 1}"

    def _closed(self, told: Mapping[str, str], code_id: str) -> dict[str, Any]:
        """The fields of one of our descriptions that are not free text; a value that cannot be is left out."""
        role, key = told.get("role", ""), told.get("key", "")
        status = told.get("status", "") or STATUSES[0]
        if role and role not in ROLES:
            self.notes.append(f"{code_id}: {role[:30]!r} is no role; left out")
            role = ""
        if status not in STATUSES:
            self.notes.append(f"{code_id}: {status[:30]!r} is no status; read as active")
            status = STATUSES[0]
        if len(key) > 1 or key.isspace():
            self.notes.append(f"{code_id}: {key[:30]!r} is not one key; left out")
            key = ""
        return {"role": role, "key": key, "status": status, "second_item": bool(told.get("second_item")),
                "merged_into": told.get("merged_into", "")}  # fmt: skip

    def _settle(self, code: Code) -> None:
        """Leave out what cannot stand beside the other codes: a key that toggles another, a merge into nothing."""
        if code.id not in self.met:
            return
        if code.merged_into and (code.merged_into not in self._codes or code.active):
            self.notes.append(f"{code.id}: it cannot have been merged into {code.merged_into[:30]!r}; left out")
            code = replace(code, merged_into="")
        if code.active and code.key and any(
            other.key == code.key and other.active and other.id != code.id for other in self._codes.values()
        ):
            self.notes.append(f"{code.id}: the key {code.key!r} toggles another code; left out")
            code = replace(code, key="")
        self._codes[code.id] = code


def _differing(before: Code | Facet, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts that say something else than before; how newlines are written is no difference, nor is U+FFFD for a
    character that XML cannot hold."""
    new = {name: one_newline(text) for name, text in texts.items()}
    return {name: text for name, text in new.items() if text != writable(one_newline(getattr(before, name)))}


def _slug(name: str) -> str:
    """What of a name can stand in an id, in any script."""
    text = re.sub(r"[^\w.]+|_+", "-", unicodedata.normalize("NFKC", name).casefold())
    return text.strip("-.")[:_LONGEST].strip("-.")
