"""A packet takes one coder's part away and brings it home: once, whole, in any order, and nothing of anybody else."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from tests.web.making import JON, MEI, comment, post, round_of_two, study

from resilens.coding import noting, rounds
from resilens.coding.assignments import may_read
from resilens.coding.codings import codings
from resilens.coding.material import Material, read_material
from resilens.coding.packet_merging import merge_packet
from resilens.coding.packets import ENDING, about_packet, make_packet, unpacked
from resilens.coding.undoing import undo
from resilens.coding.working import Work, nothing_applies, remove_code, set_code
from resilens.errors import InputError
from resilens.pipeline import OpenStudy
from resilens.record.store import Draft, Record
from resilens.study import reading

CODES = ("practice.cat_tax", "practice.welcome")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenStudy]:
    with study(tmp_path) as made:
        round_of_two(made)
        yield made


def material_of(made: OpenStudy, items: list[str] | None = None) -> Material:
    with made.corpus() as corpus:
        return read_material(corpus, items or made.sampled_items())


def at_work(made: OpenStudy, coder: str) -> Work:
    asked = rounds.round_of(made.record, "round-1")
    material = material_of(made, list(asked.items) or None)
    book = made.codebook()

    def find(ids: object) -> dict[str, object]:
        return {name: item for name in ids if (item := material.threads.item(name))}  # type: ignore[attr-defined]

    return Work(made.record, asked, coder, book, 1, may_read(asked, coder, material), find)  # type: ignore[arg-type]


def codes(made: OpenStudy) -> list[str]:
    return [code.id for code in made.codebook().codes if code.active and not code.second_item]


def packet_for_jon(made: OpenStudy, name: str = "jon") -> Path:
    path = made.folder.root.parent / f"{name}{ENDING}"
    with made.corpus() as corpus:
        make_packet(made.folder, made.study.study.title, made.record, corpus, material_of(made), "round-1", JON, path)
    return path


@contextmanager
def away(path: Path) -> Iterator[OpenStudy]:
    with unpacked(path) as folder, OpenStudy(folder, reading.read(folder.study_file)) as made:
        yield made


def standing(made: OpenStudy, coder: str = JON) -> set[tuple[str, str, bool, str]]:
    rows = codings(made.record, "round-1", coder).to_pylist()
    return {(row["item_id"], row["code_id"], row["nothing_applies"], row["memo"]) for row in rows}


def test_it_goes_out_with_nothing_of_others_and_comes_home_whole(opened: OpenStudy) -> None:
    first, second = codes(opened)[:2]
    mei = at_work(opened, MEI)
    set_code(mei, {"item_id": post(1), "code_id": second}, "a memo of the other coder")
    noting.note(mei, "m-1", [post(1)], "an observation of the other coder")
    set_code(at_work(opened, JON), {"item_id": post(2), "code_id": first}, "begun at home")
    path = packet_for_jon(opened)
    assert b"of the other coder" not in path.read_bytes()
    about = about_packet(path)
    assert (about.coder, about.round_id, about.items) == (JON, "round-1", 12)
    with away(path) as packet:
        assert standing(packet) == {(post(2), first, False, "begun at home")}
        assert packet.record.distinct("codings", "coder") == [JON]
        jon = at_work(packet, JON)
        text = jon.find([post(1)])[post(1)].text
        set_code(jon, {"item_id": post(1), "code_id": first, "field": "text", "start": 0, "end": len(text)}, "span")
        nothing_applies(jon, comment(1))
        noting.finish(jon)
        whole = path.read_bytes()
        assert not path.with_name(path.name + "-wal").exists() or not path.with_name(path.name + "-wal").stat().st_size
    assert b"span" in whole  # what is saved stands in the file at once
    before = opened.record.head
    merged = merge_packet(opened.record, path, MEI)
    assert (merged.new, merged.known, merged.restated) == (3, 1, 0)
    assert opened.record.head != before
    assert standing(opened) == {(post(2), first, False, "begun at home"), (post(1), first, False, "span"),
                                (comment(1), "", True, "")}  # fmt: skip
    assert opened.record.distinct("finished", "coder") == [JON]
    head = opened.record.head
    again = merge_packet(opened.record, path, MEI)
    assert (again.new, again.known) == (0, 4)
    assert opened.record.head == head
    assert opened.record.verify(views=True).sound


def test_an_act_keeps_the_time_at_which_it_was_done(opened: OpenStudy) -> None:
    path = packet_for_jon(opened)
    with away(path) as packet:
        (event,) = set_code(at_work(packet, JON), {"item_id": post(1), "code_id": codes(packet)[0]})
    merge_packet(opened.record, path, MEI)
    home = opened.record.event(event.event_id)
    assert home is not None
    assert home.at == event.at


@pytest.mark.parametrize("seed", range(6))
def test_copies_that_went_different_ways_come_home_in_any_order(tmp_path: Path, seed: int) -> None:
    """Three copies of a packet are worked on in turns; every order of merging them leaves the same standing."""
    drawn = random.Random(seed)
    with study(tmp_path / "made") as made:
        round_of_two(made)
        path = packet_for_jon(made)
        copies = [path.with_name(f"copy{number}{ENDING}") for number in range(3)]
        for copy in copies:
            shutil.copyfile(path, copy)
        for _ in range(6):
            with away(drawn.choice(copies)) as packet:
                jon = at_work(packet, JON)
                for _ in range(4):
                    item = drawn.choice([post(1), comment(1)])
                    mark = {"item_id": item, "code_id": drawn.choice(codes(packet)[:2])}
                    step = drawn.choice([lambda jon=jon, mark=mark: set_code(jon, mark, str(drawn.random())),
                                         lambda jon=jon, mark=mark: remove_code(jon, mark),
                                         lambda jon=jon: undo(jon),
                                         lambda jon=jon, item=item: nothing_applies(jon, item)])  # fmt: skip
                    with suppress(InputError):  # nothing applies beside codes: refused
                        step()
    before = made.folder.record
    ends = []
    for order in (copies, copies[::-1], [copies[1], copies[0], copies[2], copies[1]]):
        fresh = tmp_path / f"home-{len(ends)}.sqlite"
        shutil.copyfile(before, fresh)
        with Record.open(fresh) as record:
            for copy in order:
                merge_packet(record, copy, MEI)
            rows = codings(record, "round-1", JON).to_pylist()
            ends.append({(row["item_id"], row["code_id"], row["nothing_applies"], row["memo"]) for row in rows})
            assert record.verify(views=True).sound
            nothing = {item for item, _, nothing, _ in ends[-1] if nothing}
            assert not nothing & {item for item, _, nothing, _ in ends[-1] if not nothing}
    assert ends[0] == ends[1] == ends[2]


def test_what_is_not_this_study_s_packet_is_refused_in_words(opened: OpenStudy, tmp_path: Path) -> None:
    path = packet_for_jon(opened)
    with pytest.raises(InputError, match="is there already"):
        packet_for_jon(opened)
    with study(tmp_path / "other") as other:
        round_of_two(other)
        with pytest.raises(InputError, match="another study"):
            merge_packet(other.record, path, MEI)
    with pytest.raises(InputError, match="is no packet"):
        merge_packet(opened.record, opened.folder.record, MEI)
    (tmp_path / "text.packet").write_text("hello")
    with pytest.raises(InputError, match="is no packet"), unpacked(tmp_path / "text.packet"):
        pass
    with away(path) as packet:
        set_code(at_work(packet, JON), {"item_id": post(1), "code_id": codes(packet)[0]})
    altered = tmp_path / f"altered{ENDING}"
    shutil.copyfile(path, altered)
    with sqlite3.connect(altered) as connection:
        connection.execute("DROP TRIGGER events_are_only_erased")
        connection.execute("UPDATE events SET body = replace(body, 'practice', 'affect') WHERE kind = 'coding.set'")
    connection.close()
    with pytest.raises(InputError, match="altered or damaged"):
        merge_packet(opened.record, altered, MEI)
    rounds.freeze(opened.record, "round-1", MEI)
    head = opened.record.head
    with pytest.raises(InputError, match="frozen, so nothing was taken"):
        merge_packet(opened.record, path, MEI)
    assert opened.record.head == head


def test_a_packet_holds_only_what_its_coder_reads(opened: OpenStudy) -> None:
    asked = rounds.round_of(opened.record, "round-1")
    assert asked.open
    rounds.open_round(opened.record, "round-1", "independent", [MEI, JON], MEI,
                      assignments={JON: [post(2), comment(4)]})  # fmt: skip
    path = packet_for_jon(opened)
    with away(path) as packet, packet.corpus() as corpus:
        posts = corpus.frame(corpus.table("posts").select("post_id"))["post_id"].to_pylist()
        comments = corpus.frame(corpus.table("comments").select("comment_id"))["comment_id"].to_pylist()
    assert posts == [post(2)]
    assert set(comments) == {comment(4), comment(5), comment(6)}


def test_a_withheld_picture_stays_behind(opened: OpenStudy) -> None:
    (media_id,) = read_material_media(opened)
    record = opened.record
    (picture,) = opened.folder.media.glob(f"{media_id}.*")
    kept = packet_for_jon(opened, "before").read_bytes()
    record.append(Draft("redaction.set", media_id, {"media_id": media_id, "withheld": True, "reason": "a child"}, MEI))
    left = packet_for_jon(opened, "after").read_bytes()
    pixels = picture.read_bytes()[64:128]
    assert pixels in kept
    assert pixels not in left


def read_material_media(made: OpenStudy) -> list[str]:
    return [name for item in material_of(made).in_order() for name in item.media]
