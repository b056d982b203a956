"""Whether what is read in blocks is what is read one by one, however odd or damaged the file is."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.capture import reading
from tests.capture.damaging import ODD, damaged

from resilens.capture import blocks, plain, registry, values
from resilens.capture.delimited import Record, Rows
from resilens.capture.records import Broken
from resilens.capture.staging import CaptureInfo, stage_records
from resilens.capture.times import parse_times
from resilens.corpus.vault import Vault
from resilens.errors import InputError

REAL = ("zeeschuimer", "rednote-mediacrawler", "rednote-tiktok-refugees")

cells = st.text(st.sampled_from('ab1 ",;\n\r\t\'猫\ufeff\u2028'), max_size=5)
lines_of_cells = st.lists(st.lists(cells, min_size=3, max_size=3), max_size=30)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces so small that hand-made files have several."""
    for name, size in (("FIRST", 200), ("PIECE", 3000), ("FEW_BYTES", 200), ("FEW_LINES", 2)):
        monkeypatch.setattr(blocks, name, size)


def in_pieces(content: bytes, draw: Random) -> Iterator[bytes]:
    """The content cut behind some of its newlines."""
    lines = content.splitlines(keepends=True) if b"\r" not in content else io.BytesIO(content).readlines()
    while lines:
        taken, lines = lines[: (many := draw.randint(1, 12))], lines[many:]
        yield b"".join(taken)


def one_by_one(found: Iterator[Record | Broken | blocks.Cells]) -> list[Any]:
    kept: list[Any] = []
    for one in found:
        if isinstance(one, blocks.Cells):
            kept += zip(one.lines.tolist(), one.table.to_pylist(), strict=True)
        else:
            kept.append((one.line, one.values if isinstance(one, Record) else one))
    return kept


@given(lines_of_cells, st.randoms(use_true_random=False), st.sampled_from(",;\t"), st.booleans())
def test_rows_at_once_are_those_one_by_one(rows: list[list[str]], draw: Random, separator: str, bare: bool) -> None:
    """Cells as a table holds them, quoted by rule or not at all; some rows are broken by that."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=draw.choice(("\n", "\r\n")))
    for row in [["id", "text", "time"], *rows]:
        if bare and draw.random() < 0.3:
            out.write(separator.join(row) + "\n")
        else:
            writer.writerow(row)
    content = out.getvalue().encode()
    expected = one_by_one(iter(Rows(io.StringIO(content.decode(), newline=""), separator)))
    assert one_by_one(blocks.rows(in_pieces(content, draw), separator)) == expected


def test_rows_are_indeed_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One damaged row costs its neighbours nothing."""
    monkeypatch.setattr(blocks, "PIECE", 1 << 20)
    rows = [f"{number},words of {number},2025\n" for number in range(1000)]
    rows[500] = "broken\n"
    found = list(blocks.rows(iter([b"id,text,time\n0,a,2025\n", "".join(rows).encode()]), ","))
    assert [one.table.num_rows for one in found if isinstance(one, blocks.Cells)] == [500, 499]
    assert [one.line if isinstance(one, Record | Broken) else one.lines[0] for one in found] == [2, 3, 503, 504]


def test_a_quotation_mark_across_pieces_is_read_on() -> None:
    pieces = (b'id,text\n1,a\n', b'2,b\n3,"begun\n', b'and closed"\n4,c\n', b"5,d\n")
    expected = one_by_one(iter(Rows(io.StringIO(b"".join(pieces).decode(), newline=""), ",")))
    assert one_by_one(blocks.rows(iter(pieces), ",")) == expected
    assert [row["id"] for _, row in expected] == ["1", "2", "3", "4", "5"]


def test_cells_of_several_lines_are_read_at_once() -> None:
    content = "".join(f'{number},"two\nlines",2025\n' for number in range(50)).encode()
    first, cells = blocks.rows(iter([b"id,text,time\n0,a,2025\n", content]), ",")
    assert isinstance(first, Record)
    assert isinstance(cells, blocks.Cells)
    assert cells.lines.tolist() == list(range(3, 103, 2))
    assert set(cells.table.column("text").to_pylist()) == {"two\nlines"}


def test_an_endless_line_is_cut_and_the_next_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "LONGEST_LINE", 5000)
    path = tmp_path / "capture"
    path.write_bytes(b"first\n" + b"x" * 40_000 + b"\nlast\n")
    found = list(blocks.pieces(path, 0))
    assert b"".join(found).startswith(b"first\nxxx")
    assert sum(map(len, found)) < 9000
    assert found[-1] == b"last\n"


@given(st.lists(st.sampled_from((
    b'{"a": "x", "n": 1}\n', b'{"a": "x", "a": "y"}\n', b'{"n": "1"}\n', b'{"n": 1.5}\n', b'{"a": 1} {"a": "b"}\n',
    b"\n", b'{"a": {"b": 1}}\n', b'{"a": "cut', b'{"a": "\\ud83d"}\n', b"[]\n", b'{"a": "x"}\r\n', b' {"a": "x"}\n',
    b'{"z": ' + b"[" * 500 + b"]" * 500 + b"}\n", b'{"a": "x"\n', b'"n": 2}\n', b'{"n": NaN}\n', b"{}\n",
))))  # fmt: skip
def test_objects_at_once_are_those_of_their_lines(lines: list[bytes]) -> None:
    """Each line that was parsed is one object whose values are those that it has alone; nesting too deep is not."""
    schema = pa.schema([("a", pa.string()), ("n", pa.int64())])
    content = b"".join(line if line.endswith(b"\n") else line + b"\n" for line in lines)
    (found,) = blocks.objects(iter([content]), schema) if lines else (None,)
    if found is None:
        return
    assert [found.line(place).encode() for place in range(len(found))] == content.splitlines(keepends=True)
    for place, row in zip(found.where, found.table.to_pylist(), strict=True):
        alone = json.loads(found.line(place))
        assert row == {"a": alone.get("a"), "n": alone.get("n")}
        assert content.splitlines()[place].count(b"[") < 400


def test_times_at_once_are_those_one_by_one() -> None:
    raws = ["1736835000", "1736835000123", "1736835000000", "", "0", "17368350001", "9999999999999", "2025-01-14",
            "１７３６８３５０００", "-1736835000", "631151999", "4102444800000", "1.7e12"]  # fmt: skip
    assert plain.plain_milliseconds(pa.array(raws)).to_pylist() == [
        moment if raw.isascii() and len(raw) in (10, 13) and raw.isdigit() else None
        for raw, moment in zip(raws, parse_times(raws).exact, strict=True)
    ]  # fmt: skip


TEXTS = ("猫税", "", "welcome [doge]", "@momo hi", "回复 momo: 好", "a\r\nb", "??", "的\x85")
SPELLINGS = ("user_id", "nickname", "resilens", "ipLocation", "pictures", "subComments", "noteId", "showTags")


def account(draw: Random, names: tuple[str, ...]) -> dict[str, Any]:
    return {"user_id": f"{draw.randrange(20):024x}", "nickname": draw.choice(names)}


def comments(draw: Random, number: int) -> Iterator[dict[str, Any]]:
    """Comments as RedNote answers them; some odd in one or two places."""
    for place in range(number):
        native = f"{1736700000 + place:08x}{place:016x}"
        item: dict[str, Any] = {
            "id": native, "note_id": reading.POST_ID, "status": 0, "create_time": 1736835000000 + place,
            "content": draw.choice(TEXTS),
            "user_info": account(draw, ("momo", "[deleted]", "null")),
            "like_count": draw.choice(("0", "1.2万", "", "10+")), "sub_comment_count": "0", "show_tags": [],
            "at_users": [], "sub_comments": [], "ip_location": draw.choice(("来自上海", "", "null", "美国")),
        }  # fmt: skip
        if draw.random() < 0.4:
            answered = draw.choice((native, reading.POST_ID, f"{place:024x}"))
            item["target_comment"] = {"id": answered, "user_info": account(draw, ("momo", "nan", ""))}
        if draw.random() < 0.2:
            item["at_users"] = [account(draw, ("momo", "阿猫"))] * draw.randint(1, 2)
        if draw.random() < 0.1:
            item["show_tags"] = draw.choice((["is_author"], ["user_top"], ["user_top", "is_author"], None))
        if draw.random() < 0.1:
            item["sub_comments"] = list(comments(draw, 2))
        for _ in range(draw.choice((0, 0, 0, 1, 2))):
            inside = draw.choice([item, *(one for one in item.values() if isinstance(one, dict))])
            key = draw.choice([*item, *SPELLINGS])
            inside[key] = deepcopy(draw.choice([*ODD, "erased"]))
            if draw.random() < 0.2:
                inside.pop(key)
        yield item


def as_zeeschuimer(draw: Random) -> bytes:
    lines = []
    for item in comments(draw, 150):
        one = reading.envelope("xiaohongshu-comments" if draw.random() < 0.9 else "xiaohongshu", item)
        if draw.random() < 0.05:
            one[draw.choice(list(one))] = draw.choice(ODD)
        lines.append(json.dumps(one, ensure_ascii=draw.random() < 0.5))
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def as_mediacrawler(draw: Random) -> bytes:
    out = io.StringIO()
    hashed = draw.random() < 0.5
    columns = ["comment_id", "note_id", "content", "create_time", "last_modify_ts", "ip_location", "like_count",
               "creator_hash" if hashed else "user_id", "nickname", "parent_comment_id", "pictures"]  # fmt: skip
    draw.shuffle(columns)
    writer = csv.writer(out)
    writer.writerow(columns)
    for item in comments(draw, 150):
        user = values.inner(item, "user_info", "user_id")
        parent = draw.choice(("0", "", item.get("id"), f"{draw.randrange(10):024x}", "1.7E+25"))
        row = {"comment_id": item.get("id"), "note_id": item.get("note_id"), "content": item.get("content"),
               "create_time": item.get("create_time"), "last_modify_ts": 1737000000000, "nickname": "momo",
               "user_id": user, "creator_hash": str(user)[-16:].upper(), "like_count": item.get("like_count"),
               "parent_comment_id": parent}  # fmt: skip
        if draw.random() < 0.1:
            row[draw.choice(columns)] = draw.choice(ODD)
        writer.writerow([row.get(name, "") for name in columns][: draw.choice((11, 11, 11, 11, 5))])
    return out.getvalue().encode("utf-8", "replace")


def staged(path: Path, folder: Path, in_blocks: bool) -> dict[str, Any]:
    """All that staging makes of a file."""
    capture = registry.opened(path)
    vault = Vault.create(folder / f"vault {in_blocks}", seed=1)
    captured = capture.read_in_blocks() if in_blocks else capture.read()
    stage_records(captured, CaptureInfo("one", "a file", capture.reader.name), folder / str(in_blocks), vault)
    made = {name: pq.read_table(folder / str(in_blocks) / "one" / f"{name}.parquet").sort_by("seq").to_pylist()
            for name in ("posts", "comments", "quarantine")}  # fmt: skip
    named = {tuple(row.values()) for row in vault.identities("one").to_pylist()}
    return made | {"known": named, "facts": (folder / str(in_blocks) / "one" / "capture.json").read_text("utf-8")}


def plain_share(path: Path) -> float:
    """The share of the comments that were read in blocks."""
    given = [one for one in registry.opened(path).read_in_blocks() if isinstance(one, plain.Block)]
    return sum(one.comments.num_rows for one in given) / max(1, sum(one.size for one in given))


@pytest.mark.parametrize("made", [as_zeeschuimer, as_mediacrawler])
@pytest.mark.parametrize("seed", range(6))
def test_odd_comments_become_the_same_rows(tmp_path: Path, made: Any, seed: int) -> None:
    path = tmp_path / "capture"
    path.write_bytes(made(Random(f"{made.__name__} {seed}")))
    sound = b"\0" not in path.read_bytes()
    assert (0.1 if sound else 0) <= plain_share(path) < 0.9
    assert staged(path, tmp_path, True) == staged(path, tmp_path, False)


@pytest.mark.parametrize("made", [as_zeeschuimer, as_mediacrawler])
@pytest.mark.parametrize("seed", range(10))
def test_damaged_comments_become_the_same_rows(tmp_path: Path, made: Any, seed: int) -> None:
    draw = Random(f"damaged {made.__name__} {seed}")
    path = tmp_path / "capture"
    path.write_bytes(damaged(made(draw), draw))
    try:
        registry.opened(path)
    except InputError:
        return
    assert staged(path, tmp_path, True) == staged(path, tmp_path, False)


@pytest.mark.shared
def test_real_files_become_the_same_rows(tmp_path: Path, shared: Path) -> None:
    at_once = 0.0
    files = sorted(path for name in REAL for path in (shared / name).iterdir() if path.is_file())
    for number, path in enumerate(files):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert staged(path, folder, True) == staged(path, folder, False), path.name
        at_once += plain_share(path)
    assert at_once > 0


def test_an_id_of_rednote_tells_the_same_time_at_once() -> None:
    from resilens.capture.clocks import ids_milliseconds, rednote_milliseconds

    ids = [reading.POST_ID, "00000000000000000000aaaa", "ffffffff000000000200aaaa", reading.COMMENT_ID]
    expected, _ = ids_milliseconds("rednote", "c", ids)
    assert rednote_milliseconds(pa.array(["f" * 24, *ids]).slice(1)).to_pylist() == expected
