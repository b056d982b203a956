"""What must not be seen of a picture: decided as a whole, taken back step by step, burned in before anything leaves."""

from __future__ import annotations

import io
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image
from tests.capture.test_pictures import film, picture

from resilens.coding.redaction import (
    Box,
    Redaction,
    boxes_of,
    leaving,
    pictures_of,
    redaction_of,
    redactions,
    set_redaction,
    stays,
    undo_redaction,
)
from resilens.coding.threads import Item
from resilens.errors import InputError
from resilens.files import sha256_of
from resilens.record.store import Record


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "media"
    made.mkdir()
    return made


@pytest.fixture
def kept(folder: Path) -> str:
    """A picture of 200 by 100 pixels."""
    return keep(folder, 1)


def keep(folder: Path, seed: int) -> str:
    picture(seed, (200, 100)).save(folder / "new", "PNG")
    media_id = sha256_of(folder / "new")
    (folder / "new").rename(folder / f"{media_id}.png")
    return media_id


FACE = Box(x=10, y=10, w=40, h=30, covers="face")
NAME = Box(x=100, y=0, w=60, h=10, covers="name")


def test_a_picture_leaves_only_once_all_of_it_was_looked_at(record: Record, folder: Path, kept: str) -> None:
    path = folder / f"{kept}.png"

    def now(**decided: bool) -> bytes | None:
        set_redaction(record, folder, kept, [FACE], complete=decided.get("complete", False),
                      withheld=decided.get("withheld", False), reason="a minor is in it", actor="mei")  # fmt: skip
        return leaving(redaction_of(record, kept), path)

    assert leaving(redaction_of(record, kept), path) is None
    assert stays(record, kept) == "nobody has looked at it for what must be covered"
    assert now() is None
    assert stays(record, kept) == "nobody has said that all of it was looked at"
    out = now(complete=True)
    assert out
    assert not stays(record, kept)
    assert out != path.read_bytes()
    with Image.open(io.BytesIO(out)) as shown:
        assert shown.size == (200, 100)
        assert shown.getpixel((20, 20)) == (0, 0, 0)
    assert now(complete=True, withheld=True) is None
    assert stays(record, kept) == "withheld: a minor is in it"


def test_what_was_decided_is_on_the_record_and_comes_back_as_it_was(record: Record, folder: Path, kept: str) -> None:
    set_redaction(record, folder, kept, [FACE, NAME], complete=True, actor="mei")
    (found,) = redactions(record).values()
    assert (found.boxes, found.complete, found.withheld, found.actor) == ((FACE, NAME), True, False, "mei")
    assert found.sentence == "one face and one name covered"
    assert Redaction(complete=True).sentence == "nothing in it had to be covered"
    assert record.verify(views=True).sound


def test_a_decision_is_taken_back_and_the_one_before_it_too(record: Record, folder: Path, kept: str) -> None:
    for boxes, complete in (([FACE], False), ([FACE, NAME], False), ([FACE, NAME], True)):
        set_redaction(record, folder, kept, boxes, complete=complete, actor="mei")
    seen = []
    for _ in range(3):
        undo_redaction(record, kept, actor="jon")
        seen.append((len(redaction_of(record, kept).boxes), redaction_of(record, kept).complete))
    assert seen == [(2, False), (1, False), (0, False)]
    assert not redactions(record)
    with pytest.raises(InputError, match="nothing to take back"):
        undo_redaction(record, kept, actor="jon")
    set_redaction(record, folder, kept, [NAME], complete=True, actor="mei")
    undo_redaction(record, kept, actor="jon")
    assert redaction_of(record, kept) == Redaction()


def test_withholding_and_lifting_it_say_why(record: Record, folder: Path, kept: str) -> None:
    with pytest.raises(InputError, match="say why this picture is withheld"):
        set_redaction(record, folder, kept, [], complete=False, withheld=True, actor="mei")
    set_redaction(record, folder, kept, [], complete=True, actor="mei")
    set_redaction(record, folder, kept, [], complete=True, withheld=True, reason="a minor", actor="mei")
    with pytest.raises(InputError, match="is withheld .a minor.; say why"):
        set_redaction(record, folder, kept, [], complete=True, actor="jon")
    with pytest.raises(InputError, match="say why"):
        undo_redaction(record, kept, actor="jon")
    undo_redaction(record, kept, actor="jon", reason="the wrong picture")
    assert not stays(record, kept)
    undo_redaction(record, kept, actor="jon")
    assert stays(record, kept)


def test_the_same_form_sent_twice_does_it_once(record: Record, folder: Path, kept: str) -> None:
    first, second = uuid4(), uuid4()
    for _ in range(2):
        set_redaction(record, folder, kept, [FACE], complete=True, withheld=True, reason="a minor", actor="mei",
                      event_id=first)  # fmt: skip
    for _ in range(2):
        undo_redaction(record, kept, actor="mei", reason="mistaken", event_id=second)
    assert [event.kind for event in record.events()] == ["redaction.set", "redaction.removed"]
    set_redaction(record, folder, kept, [FACE], complete=True, withheld=True, reason="a minor", actor="mei",
                  event_id=first)  # fmt: skip
    assert redaction_of(record, kept) == Redaction()


def test_boxes_are_cut_at_the_edges_and_checked(record: Record, folder: Path, kept: str) -> None:
    boxes = boxes_of([(-10, -5, 30, 20, "face"), (190, 95, 50, 50, "other")])
    set_redaction(record, folder, kept, boxes, complete=True, actor="mei")
    assert [(box.x, box.y, box.w, box.h) for box in redaction_of(record, kept).boxes] == [
        (0, 0, 20, 15), (190, 95, 10, 5)]  # fmt: skip
    for rows, said in (([(0, 0, 0, 5, "face")], "no width"), ([(-9, 0, 9, 5, "face")], "no width"),
                       ([(0, 0, 5, 5, "nose")], "not 'nose'")):  # fmt: skip
        with pytest.raises(InputError, match=said):
            boxes_of(rows)
    with pytest.raises(InputError, match="outside of the picture, which has 200 by 100"):
        set_redaction(record, folder, kept, [Box(x=200, y=0, w=1, h=1)], complete=True, actor="mei")


def test_only_pictures_that_are_here_are_redacted(record: Record, folder: Path) -> None:
    (folder / f"{'c' * 64}.mp4").write_bytes(film(2000, 1000))
    for name, said in (("c" * 64, "no picture"), ("d" * 64, "no such picture"), ("../x", "no such picture")):
        with pytest.raises(InputError, match=said):
            set_redaction(record, folder, name, [], complete=True, actor="mei")
    assert not list(record.events())


def test_the_pictures_of_items_each_once_with_what_was_decided(record: Record, folder: Path, kept: str) -> None:
    (folder / f"{'c' * 64}.mp4").write_bytes(film(2000, 1000))
    second = keep(folder, 2)
    set_redaction(record, folder, second, [], complete=True, actor="mei")
    items = [Item("rednote:p:a", "post", "rednote:p:a", media=("c" * 64, kept, "d" * 64)),
             Item("rednote:c:b", "comment", "rednote:p:a", media=(f"{second}.png", kept))]  # fmt: skip
    found = pictures_of(record, folder, items)
    assert [(one.media_id, one.items, one.redaction.state) for one in found] == [
        (kept, ("rednote:p:a", "rednote:c:b"), "unseen"), (second, ("rednote:c:b",), "complete")]  # fmt: skip
