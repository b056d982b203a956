"""What is the coding screen told: of a round, of a thread, of what became of its acts?

The shapes are those of the island's `types.ts`. Of others' work only what `coding.sight` lets the visitor see.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC
from typing import Any

from resilens.claims.leaning import claims_on, sides
from resilens.coding.acts import Group, Outcome
from resilens.coding.assignments import Progress, may_read, next_unread, progress, read_of, reading
from resilens.coding.code_looks import completed
from resilens.coding.codings import TARGET
from resilens.coding.material import Material
from resilens.coding.noting import is_finished, overrule
from resilens.coding.rounds import Round, rounds
from resilens.coding.sight import seen
from resilens.coding.threads import Item, overruled, read_items
from resilens.coding.translations import translations
from resilens.coding.undoing import Undone, next_act
from resilens.coding.working import Work
from resilens.corpus.schema import ACTOR_TYPES
from resilens.errors import InputError
from resilens.record.events import Event
from resilens.study.zones import zone
from resilens.web.catalogue import say
from resilens.web.visit import Visit

Answer = dict[str, Any]

_CODE = ("id", "facet", "name", "name_zh", "parent", "key", "colour", "definition", "use_when", "not_when", "example",
         "anchors", "second_item", "active")  # fmt: skip
_CODING = ("item_id", "code_id", "nothing_applies", *TARGET, "second_item", "memo", "coder")
_TRANSLATION = ("field", "text", "language", "engine", "version", "made_on", "accepted")


def work_of(visit: Visit, asked: Round) -> Work:
    """The visitor at work in a round. What it calls while it holds the writer's turn must not wait for the desk, where
    somebody may be waiting for that turn; so all is taken from the desk here."""
    material, in_force = visit.desk.material(asked), visit.desk.in_force()

    def find(ids: Collection[str]) -> Mapping[str, Item]:
        found = {name: item for name in ids if (item := material.threads.item(name))}
        if found.keys() >= set(ids):
            return found
        with visit.study.corpus() as corpus:
            return found | read_items(corpus, set(ids) - found.keys())

    return Work(visit.study.record, asked, visit.coder, in_force.codebook, in_force.number,
                may_read(asked, visit.coder, material), find, material.size,
                lambda number: in_force.changed.get(number, ()))  # fmt: skip


# --- rounds -----------------------------------------------------------------------------------------------------------


def own_rounds(visit: Visit) -> list[Answer]:
    """The rounds in which the visitor codes, the newest first, with the visitor's own progress."""
    found = []
    for asked in reversed(rounds(visit.study.record)):
        if visit.coder in asked.coders:
            far: Progress = progress(visit.study.record, asked, visit.coder, visit.desk.material(asked))
            found.append({"id": asked.id, "title": asked.title, "mode": asked.mode, "state": asked.state,
                          "note": asked.note, "read": far.read, "total": far.of, "finished": far.finished})  # fmt: skip
    return found


def overview(visit: Visit, asked: Round) -> Answer:
    """A round: its codebook, and what the visitor reads in it."""
    record, material = visit.study.record, visit.desk.material(asked)
    book, read = completed(visit.desk.codebook()), read_of(record, asked, visit.coder)
    items = reading(asked, visit.coder, material)
    groups = [{"id": group.name, "name": group.label or group.name} for group in visit.study.study.groups]
    return {
        "round": {"id": asked.id, "title": asked.title, "mode": asked.mode, "state": asked.state},
        "coder": visit.coder, "language": visit.language,
        "codebook": {"version": visit.desk.codebook_version(), "facets": [asdict(facet) for facet in book.facets],
                     "codes": [{name: getattr(code, name) for name in _CODE} for code in book.codes]},
        "items": [{"id": item.item_id, "kind": item.kind, "post": item.post_id, "read": item.item_id in read}
                  for item in items],
        "read": sum(item.item_id in read for item in items),
        "finished": is_finished(record, asked.id, visit.coder),
        "next": next_unread([item.item_id for item in items], read),
        "groups": groups, "actor_types": ACTOR_TYPES, "can_undo": _can_undo(visit, asked),
    }  # fmt: skip


def _can_undo(visit: Visit, asked: Round) -> bool:
    return asked.open and next_act(visit.study.record, visit.coder, asked.id) is not None


# --- a thread ---------------------------------------------------------------------------------------------------------


def thread(visit: Visit, asked: Round, post_id: str) -> Answer:
    """A thread of the round, with the codings, notes, translations, pictures, claims and leads that are shown on it.

    Raises
    ------
    InputError
        If the round has no such thread.
    """
    material = visit.desk.material(asked)
    items = overruled(material.threads.thread(post_id), visit.study.record)
    if not items:
        raise InputError(f"there is no thread {post_id!r} in {asked.id}")
    names = [item.item_id for item in items]
    mine = may_read(asked, visit.coder, material)
    shown = [_item(visit, item, mine(item.item_id)) for item in items]
    post = items[0] if items[0].is_post else None
    return {
        "post": shown[0] if post else None, "comments": shown[1:] if post else shown,
        "declared_comments": post.counts.get("comments", (None, ""))[0] if post else None,
        "codings": _codings(visit, asked, names), "notes": _notes(visit, names),
        "translations": _translations(visit, items), "media": _media(material, items),
        "claims": {item: [{"id": claim.id, "statement": claim.text, "side": side} for claim in claims
                          for side, _ in sides(claim, item)]
                   for item, claims in claims_on(visit.study.record, names).items()},
        "leads": _leads(visit, names),
    }  # fmt: skip


def _item(visit: Visit, item: Item, mine: bool) -> Answer:
    told: Answer = {name: getattr(item, name) for name in Item.__slots__} | {"mine": mine, "shown": ""}
    if item.published_at:
        here = item.published_at.astimezone(zone(visit.study.study.study.zone))
        told["published_at"] = f"{item.published_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        told["shown"] = f"{here:%Y-%m-%d}" if item.time_precision == "day" else f"{here:%Y-%m-%d %H:%M}"
    return told


def _codings(visit: Visit, asked: Round, names: Sequence[str]) -> list[Answer]:
    equal: Answer = {"round_id": asked.id, "item_id": names}
    if asked.mode == "independent" and asked.state != "revealed":
        equal["coder"] = visit.coder
    rows = visit.study.record.view("codings", **equal)
    return told_codings(work_of(visit, asked), [row for row in rows if asked.may_see(visit.coder, row["coder"])])


def told_codings(work: Work, rows: Iterable[Mapping[str, Any]]) -> list[Answer]:
    """Codings as the screen knows them."""
    return [{name: row[name] for name in _CODING} | {"outdated": work.outdated(row)} for row in rows]


def _notes(visit: Visit, names: Collection[str]) -> list[Answer]:
    wanted = set(names)
    rows = [row for row in visit.study.record.view("memos") if wanted.intersection(row["about"] or ())]
    return [{"memo_id": row["memo_id"], "about": row["about"], "text": row["text"], "coder": row["actor"],
             "at": row["at"], "type": row["type"]}
            for row in (seen(visit.study.record, visit.coder, rows) if rows else ())]  # fmt: skip


def _translations(visit: Visit, items: Sequence[Item]) -> dict[str, list[Answer]]:
    texts = {(item.item_id, field): text for item in items for field, text in item.fields.items()}
    found: dict[str, list[Answer]] = {}
    for (item, field), several in translations(visit.study.record, [item.item_id for item in items]).items():
        found.setdefault(item, []).extend(
            {"translation_id": one.id, **{name: getattr(one, name) for name in _TRANSLATION}}
            for one in several if not one.outdated(texts.get((item, field), ""))
        )  # fmt: skip
    return found


def _media(material: Material, items: Iterable[Item]) -> dict[str, Answer]:
    names = dict.fromkeys(name for item in items for name in item.media)
    return {name: {**asdict(material.pictures[name]), "src": f"/media/{name}"}
            for name in names if name in material.pictures}  # fmt: skip


def _leads(visit: Visit, names: Collection[str]) -> dict[str, list[Answer]]:
    found: dict[str, list[Answer]] = {}
    for row in visit.study.record.view("leads"):
        for item in set(names).intersection(row["items"] or ()):
            found.setdefault(item, []).append({"id": row["lead_id"], "text": row["text"]})
    return found


# --- what became of acts ----------------------------------------------------------------------------------------------


def overrule_for(visit: Visit, asked: Round, given: Group) -> list[Event]:
    """Overrule an author's group as an act asks."""
    authors = {item.author for item in visit.desk.material(asked).threads.in_order() if item.author}
    return overrule(visit.study.record, given.author, visit.coder, group=given.group, actor_type=given.actor_type,
                    reason=given.reason, groups=[group.name for group in visit.study.study.groups], authors=authors,
                    act=given.act)  # fmt: skip


def done(visit: Visit, work: Work, outcomes: Sequence[Outcome]) -> Answer:
    """What became of acts, and how the items they touched stand."""
    results = [{"act": one.act, "saved": True} if one.saved
               else {"act": one.act, "saved": False, "faults": [asdict(fault) for fault in one.faults]}
               for one in outcomes]  # fmt: skip
    return {"results": results, **_standing(visit, work, [item for one in outcomes for item in one.items])}


def undone(visit: Visit, work: Work, found: Undone | None) -> Answer:
    """What an undo did, in the fewest words, and how the item stands."""
    told = {"item_id": found.item_id, "words": _words(work, found, visit.language)} if found else None
    return {"undone": told, **_standing(visit, work, [found.item_id] if found else [])}


def _words(work: Work, found: Undone, language: str) -> str:
    """`+` what came back, `−` what went, as the code is called."""
    words, nothing = [], say("coding.nothing", language)
    for event in found.events:
        code_id = (event.body or {}).get("code_id", "")
        code = work.book.code(code_id) if code_id in work.book else None
        name = (code.name_zh if language == "zh" else "") or code.name if code else code_id or nothing
        words.append(f"{'+' if event.kind == 'coding.set' else '−'} {name}")
    return ", ".join(words)


def _standing(visit: Visit, work: Work, items: Sequence[str]) -> Answer:
    touched = list(dict.fromkeys(items))
    rows = told_codings(work, work.own(touched)) if touched else []
    return {"codings": {item: [row for row in rows if row["item_id"] == item] for item in touched},
            "read": visit.desk.read_so_far.count(work.round, work.coder),
            "can_undo": _can_undo(visit, work.round)}  # fmt: skip
