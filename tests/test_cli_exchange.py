"""Codebooks and quotes on the command line: what is said, what is refused, and that looking changes nothing."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from resilens.cli import main
from resilens.cli_exchange import PROGRAMS
from resilens.exchange.dialects import TARGETS

QDC = """<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="NVivo 15"><Codes>
<Code guid="1FF58B12-6F6F-4B0C-8BE5-BBDC91F55294" name="Joy" isCodable="true" color="#46AA00">
<Description>glad</Description></Code></Codes><Sets/></CodeBook>"""


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return int(ended.value.code or 0), said.out, said.err


@pytest.fixture
def root(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A study nobody has coded in."""
    assert run(capsys, "init", str(tmp_path / "s"))[0] == 0
    (tmp_path / "joy.qdc").write_text(QDC, encoding="utf-8")
    return tmp_path / "s"


def test_a_codebook_in_and_out_and_in_again(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = ("--study", str(root))
    code, out, err = run(capsys, *study, "import", "codebook", str(tmp_path / "joy.qdc"), "--dry-run")
    assert code == 0
    assert "one new code: imported.joy" in out
    assert "note: an empty <Sets/>" in out
    assert "Nothing was written" in err
    assert "imported.joy" not in (root / "codebook.toml").read_text(encoding="utf-8")
    assert run(capsys, *study, "import", "codebook", str(tmp_path / "joy.qdc"), "--yes")[0] == 0
    assert 'definition = "glad"' in (root / "codebook.toml").read_text(encoding="utf-8")
    for name in ("out.qdc", "out.md", "out.csv", "out.xlsx"):
        code, looked, err = run(capsys, *study, "export", "codebook", str(tmp_path / name), "--dry-run")
        assert "Nothing was written" in err
        assert not (tmp_path / name).exists()
        code, out, _ = run(capsys, *study, "export", "codebook", str(tmp_path / name))
        assert code == 0
        assert out.splitlines()[1:] == looked.splitlines()[1:]
        assert "that the codebook was begun from" in out
        assert f"written to {tmp_path / name}" in out
    first = (tmp_path / "out.qdc").read_bytes()
    assert b'guid="1ff58b12-6f6f-4b0c-8be5-bbdc91f55294" name="Joy"' in first
    code, out, err = run(capsys, *study, "import", "codebook", str(tmp_path / "out.qdc"), "--yes", "--json")
    assert json.loads(out)["changes"] == []
    assert "Nothing was written: the record has it already" in err
    run(capsys, *study, "export", "codebook", str(tmp_path / "out.qdc"))
    assert (tmp_path / "out.qdc").read_bytes() == first


def test_what_is_no_codebook_is_said(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.qdc").write_text("<!DOCTYPE a><a/>", encoding="utf-8")
    code, _, err = run(capsys, "--study", str(root), "import", "codebook", str(tmp_path / "bad.qdc"))
    assert code == 1
    assert err.startswith("bad.qdc: the file has a DOCTYPE")


def test_quotes_of_a_study_nobody_coded_in(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "--study", str(root), "export", "quotes", str(tmp_path / "q.csv"))
    assert code == 1
    assert "there is no coding to quote" in err


def project(path: Path, text: str, *spans: tuple[int, int]) -> Path:
    """A project of one text with one code."""
    guid = "1ff58b12-6f6f-4b0c-8be5-bbdc91f5"
    inner = "".join(
        f'<PlainTextSelection guid="{guid}2{number:03}" startPosition="{start}" endPosition="{end}"><Coding '
        f'guid="{guid}3{number:03}" creatingUser="{guid}9000"><CodeRef targetGUID="{guid}0000"/></Coding>'
        f"</PlainTextSelection>" for number, (start, end) in enumerate(spans)
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", f"""<Project xmlns="urn:QDA-XML:project:1.0" name="Pets" origin="MAXQDA 24">
            <Users><User guid="{guid}9000" name="Ann"/><User guid="{guid}9001" name="Bo"/></Users><CodeBook><Codes>
            <Code guid="{guid}0000" name="Joy" isCodable="true"/></Codes></CodeBook><Sources><TextSource
            guid="{guid}1000" name="talk"><PlainTextContent>{text}</PlainTextContent>{inner}</TextSource></Sources>
            </Project>""")
    return path


def test_a_project_in(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = project(tmp_path / "pets.qdpx", "Cats came first.\nThen the dogs.", (0, 4), (18, 22))
    command = ("--study", str(root), "import", "project", str(path))
    code, out, err = run(capsys, *command, "--dry-run")
    assert code == 0
    for words in ("pets.qdpx: the project 'Pets', written by MAXQDA 24", "would be one new document",
                  "positions count code points, a newline counts 2 (codepoint-2)", "Ann: two codings on one item",
                  "coded nothing: Bo"):  # fmt: skip
        assert words in out
    assert "Nothing was written" in err
    assert not list((root / "captures").glob("*"))
    code, _, err = run(capsys, *command, "--yes")
    assert (code, "It is on the record" in err) == (0, True)
    code, out, _ = run(capsys, *command, "--yes", "--json")
    assert (code, json.loads(out)["changes"]) == (0, False)
    quotes = tmp_path / "q.csv"
    code, out, _ = run(capsys, "--study", str(root), "export", "quotes", str(quotes), "--dry-run")
    assert "2 rows would be written" in out
    assert "two rows without words: they may only be paraphrased" in out
    assert not quotes.exists()
    code, out, _ = run(capsys, "--study", str(root), "export", "codings", str(tmp_path / "c.csv"))
    assert "Then" in (tmp_path / "c.csv").read_text(encoding="utf-8")


def test_a_project_out(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = ("--study", str(root))
    path = project(tmp_path / "pets.qdpx", "Cats came first.\nThen the dogs.", (0, 4), (18, 22))
    out = tmp_path / "out.qdpx"
    code, _, err = run(capsys, *study, "export", "project", str(out))
    assert code == 1
    assert "neither an item that was coded nor a sample" in err
    run(capsys, *study, "import", "project", str(path), "--yes")
    code, said, err = run(capsys, *study, "export", "project", str(out), "--for", "nvivo", "--dry-run")
    assert code == 0
    for words in ("for NVivo for Windows: one source", "two codings", "1 of 1 items without words (paraphrase only)",
                  "not carried: groups, languages"):  # fmt: skip
        assert words in said
    assert "Nothing was written" in err
    assert not out.exists()
    code, said, _ = run(capsys, *study, "export", "project", str(out), "--restricted", "--json")
    assert (code, json.loads(said)["codings"]) == (0, 2)
    code, said, _ = run(capsys, *study, "import", "project", str(out), "--yes")
    assert "nothing would change" in said
    assert run(capsys, *study, "export", "project", str(tmp_path / "out.zip"))[0] == 1
    assert tuple(TARGETS) == PROGRAMS


def test_without_a_terminal_unclear_positions_stop_the_import(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = project(tmp_path / "pets.qdpx", "😀小红书欢迎你们来到这里大家都很高兴看到你们的猫和狗", (4, 6))
    command = ("--study", str(root), "import", "project", str(path))
    code, out, err = run(capsys, *command)
    assert (code, out) == (1, "")
    assert "MAXQDA 24 usually writes codepoint-2" in err
    assert "say which it is with --dialect" in err
    assert "dialect   " in err
    code, out, _ = run(capsys, *command, "--dialect", "utf16-2", "--yes")
    assert code == 0
    assert "as declared" in out


class Typed(io.StringIO):
    """Somebody at a terminal."""

    def isatty(self) -> bool:
        return True


def test_who_sits_at_a_terminal_is_asked_until_a_dialect_is_named(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = project(tmp_path / "pets.qdpx", "😀小红书欢迎你们来到这里大家都很高兴看到你们的猫和狗", (4, 6))
    monkeypatch.setattr("sys.stdin", Typed("klingon\nnvivo\ny\n"))
    code, out, err = run(capsys, "--study", str(root), "import", "project", str(path))
    assert code == 0
    assert "'欢迎'" in err
    assert "there is no dialect 'klingon'" in err
    assert err.count("Which dialect is it?") == 2
    assert "utf16-2, as declared" in out
    assert "It is on the record" in err


def test_translations_come_in_from_a_table(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = ("--study", str(root))
    post = {"post_id": ["rednote:p:6785e350000000000200aaaa"], "platform": ["rednote"], "title": ["猫税"],
            "text": ["欢迎"], "author": pa.nulls(1, pa.string()), "hashtags": pa.array([[]], pa.list_(pa.string())),
            "published_at": pa.nulls(1, pa.timestamp("ms", tz="UTC"))}  # fmt: skip
    pq.write_table(pa.table(post), tmp_path / "posts.parquet")
    assert run(capsys, *study, "add", str(tmp_path / "posts.parquet"))[0] == 0
    table = tmp_path / "t.csv"
    table.write_text("item,text,engine\n6785e350000000000200aaaa,Welcome,DeepL\n", encoding="utf-8")
    code, _, err = run(capsys, *study, "import", "translations", str(table))
    assert (code, "does not say who decided" in err) == (1, True)
    code, out, err = run(capsys, *study, "import", "translations", str(table), "--coder", "mei", "--dry-run")
    assert "t.csv: 1 by DeepL; 0 there before" in out
    assert "Nothing was written" in err
    assert run(capsys, *study, "import", "translations", str(table), "--coder", "mei", "--yes")[0] == 0
    code, out, _ = run(capsys, *study, "import", "translations", str(table), "--coder", "mei", "--json")
    assert json.loads(out) == {"name": "t.csv", "new": 0, "unchanged": 1, "refused": []}
