"""The command line as a scholar meets it: what it prints, what it refuses, and with which exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import resilens
from resilens.cli import main

POSTS = """post_id,user_id,title,content,create_time,likes,tags
67859a50000000001e5e0001,5f0000000000000000000001,Cat tax,Here is my cat,2025-01-14 07:00,1.2万,cattax
6786ebd0000000001e5e0002,5f0000000000000000000002,Second,Another cat,2025-01-15 07:00,10+,cattax
"""
DESIGN = """
[[hashtag]]
name = "cattax"
volumes = [{ as_of = 2025-05-01, discussions = "46.225M" }]
"""


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run the command line; its exit code, what it printed, and what it complained of."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return int(ended.value.code or 0), said.out, said.err


@pytest.fixture
def root(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A study with one hashtag."""
    root = tmp_path / "my-study"
    assert run(capsys, "init", str(root))[0] == 0
    design = root / "study.toml"
    design.write_text(design.read_text(encoding="utf-8").replace("posts = 200", "posts = 2") + DESIGN, encoding="utf-8")
    return root


def test_the_studys_quotas(capsys: pytest.CaptureFixture[str]) -> None:
    volumes = ["#猫税=1.454M", "#tiktokrefugees=3.284M", "#cattax=46.225M", "#tiktokrefugee=1.719M"]
    code, out, _ = run(capsys, "quotas", "200", *volumes, "--json")
    rows = json.loads(out)["quotas"]
    assert code == 0
    assert [row["quota"] for row in rows] == [6, 12, 175, 7]
    assert rows[0]["hashtag"] == "#猫税"
    assert rows[2]["volume"] == 46_225_000
    assert {"hashtag", "volume", "share", "quota"} <= rows[0].keys()
    code, out, _ = run(capsys, "quotas", "200", *volumes)
    assert "If a volume were wrong" in out


def test_contradicting_volumes_are_pointed_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "init", str(tmp_path / "s"), "--example", "tiktok-refugees")
    code, out, _ = run(capsys, "--study", str(tmp_path / "s"), "quotas")
    assert code == 0
    assert "1,180,000,000" in out
    assert "20,170,000" in out
    code, out, _ = run(capsys, "--study", str(tmp_path / "s"), "check")
    assert code == 0
    assert "note: " in out


def test_init_never_overwrites(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (root / "study.toml").read_bytes()
    code, _, err = run(capsys, "init", str(root))
    assert code == 1
    assert "study" in err
    assert (root / "study.toml").read_bytes() == before


def test_every_fault_at_once_with_its_line(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    design = root / "study.toml"
    text = design.read_text(encoding="utf-8").replace("posts = 2", "postz = 2").replace('zone = "UTC"', 'zone = "Mars"')
    design.write_text(text, encoding="utf-8")
    code, _, err = run(capsys, "--study", str(root), "check")
    line = text[: text.index("postz")].count("\n") + 1
    assert code == 1
    assert f"study.toml:{line}: sample.postz: unknown key; did you mean 'posts'?" in err
    assert "Mars" in err


def test_wrong_use_is_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "sampel")[0] == 2
    assert run(capsys, "add")[0] == 2


def test_outside_a_study_it_says_how_to_begin(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "--study", str(tmp_path), "status")
    assert code == 1
    assert "resilens init" in err


def test_the_programmes_own_failure_is_three(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("resilens.demo.make", broken)
    with pytest.raises(SystemExit) as ended:
        main(["demo", "nowhere", "--no-open"])
    assert ended.value.code == 3
    assert "resilens itself failed" in capsys.readouterr().err


def test_what_a_file_does_not_say_is_declared(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "weibo.csv"
    table.write_text("标题,txt,from1,链接\n猫税,欢迎大家来这里玩,昨天 12:08,https://weibo.com/1/OA1B2C3D4\n", "utf-8")
    declared = ["--zone", "UTC+08:00", "--query", "#猫税", "--account", "zorblatt", "--locale", "zh-CN"]
    code, _, said = run(capsys, "--study", str(root), "add", str(table), *declared, "--collected", "2025-01-15")
    assert (code, said.strip()) == (1, "collected: needs an hour, too, as in 2025-01-14 20:00")
    code, _, _ = run(capsys, "--study", str(root), "add", str(table), *declared, "--collected", "2025-01-15 09:00")
    assert code == 0
    with resilens.open(root) as study, study.corpus() as corpus:
        (post,) = corpus.frame(corpus.table("posts")).to_pylist()
        (seen,) = corpus.frame(corpus.table("retrievals")).to_pylist()
    assert post["published_at"].isoformat() == "2025-01-14T04:08:00+00:00"
    assert seen["collected_at"].isoformat() == "2025-01-15T01:00:00+00:00"
    assert (seen["locale"], seen["account"][:2]) == ("zh-CN", "n-")


def test_add_status_and_adding_twice(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "posts.csv"
    table.write_text(POSTS, encoding="utf-8")
    code, out, _ = run(capsys, "--study", str(root), "add", str(table))
    assert code == 0
    assert "guessed" in out
    assert "read 2 = 2 new + 0 repeated + 0 quarantined" in out
    code, out, _ = run(capsys, "--study", str(root), "status", "--json")
    state = json.loads(out)
    assert (state["posts"], state["comments"], state["authors"]) == (2, 0, 2)
    (capture,) = state["captures"]
    assert capture["read"] == capture["new"] == 2
    assert capture["guessed"] is True
    code, out, _ = run(capsys, "--study", str(root), "add", str(table))
    assert code == 0
    assert "nothing changes" in out
    assert json.loads(run(capsys, "--study", str(root), "status", "--json")[1]) == state


def test_one_bad_file_does_not_stop_the_others(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "found"
    folder.mkdir()
    (folder / "a.csv").write_text("colour,shape\nred,round\n", encoding="utf-8")
    (folder / "b.csv").write_text(POSTS, encoding="utf-8")
    (folder / "c.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    code, out, err = run(capsys, "--study", str(root), "add", str(folder))
    assert code == 1
    assert "b.csv: read by table" in out
    assert "a.csv" in err
    assert "--map" in err
    assert "c.png" in err
    assert json.loads(run(capsys, "--study", str(root), "status", "--json")[1])["posts"] == 2


def test_a_mapping_decides_and_is_kept(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "odd.csv"
    table.write_text("a,b,c\n67859a50000000001e5e0001,2025-01-14 07:00,words\n", encoding="utf-8")
    assert run(capsys, "--study", str(root), "add", str(table))[0] == 1
    mapping = "id=a,time=b,text=c,kind=posts,platform=rednote"
    code, out, _ = run(capsys, "--study", str(root), "add", str(table), "--map", mapping)
    assert code == 0
    assert "guessed" not in out
    with resilens.open(root) as study:
        (row,) = study.record.view("captures")
        assert row["guessed"] is False
        assert json.dumps(row["mapping"]).count("c") >= 1
        with study.corpus() as corpus:
            assert corpus.frame(corpus.table("posts"))["text"].to_pylist() == ["words"]


def test_a_mapping_once_declared_reads_the_next_table_alike(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, words in (("one.csv", "first"), ("two.csv", "second")):
        native = "67859a50000000001e5e0001" if words == "first" else "67859a50000000001e5e0002"
        (tmp_path / name).write_text(f"a,b,c\n{native},2025-01-14 07:00,{words}\n", encoding="utf-8")
    mapping = "id=a,time=b,text=c,kind=posts,platform=rednote"
    assert run(capsys, "--study", str(root), "add", str(tmp_path / "one.csv"), "--map", mapping)[0] == 0
    code, out, _ = run(capsys, "--study", str(root), "add", str(tmp_path / "two.csv"))
    assert code == 0
    assert "guessed" not in out
    assert json.loads(run(capsys, "--study", str(root), "status", "--json")[1])["posts"] == 2


def test_a_changed_frame_is_said_and_drawn_only_when_told(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "posts.csv"
    table.write_text(POSTS, encoding="utf-8")
    run(capsys, "--study", str(root), "add", str(table))
    first = json.loads(run(capsys, "--study", str(root), "sample", "--json")[1])
    again = json.loads(run(capsys, "--study", str(root), "sample", "--json")[1])
    assert (first["status"], again["status"]) == ("drawn", "unchanged")
    assert first["sha256"] == again["sha256"]
    more = tmp_path / "more.csv"
    more.write_text(POSTS.replace("5e000", "5e00a").replace("5f", "5e"), encoding="utf-8")
    run(capsys, "--study", str(root), "add", str(more))
    changed = json.loads(run(capsys, "--study", str(root), "sample", "--json")[1])
    assert changed["status"] == "changed"
    assert changed["sha256"] == first["sha256"]
    assert changed["entering"]
    redrawn = json.loads(run(capsys, "--study", str(root), "sample", "--redraw", "--json")[1])
    assert redrawn["draw"] == "draw-002"
    assert (root / "sample" / "draw-001.parquet").exists()


def test_codings_in_and_out(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "posts.csv").write_text(POSTS, encoding="utf-8")
    run(capsys, "--study", str(root), "add", str(tmp_path / "posts.csv"))
    codings = tmp_path / "codings.csv"
    codings.write_text("item,code\n67859a50000000001e5e0001,Cat tax\n"
                       "6786ebd0000000001e5e0002,nothing applies\n", "utf-8")  # fmt: skip
    code, out, _ = run(capsys, "--study", str(root), "import", "codings", str(codings), "--coder", "Mei", "--dry-run")
    assert code == 0
    assert "2 new" in out
    with resilens.open(root) as study:
        assert study.record.view("codings") == []
    assert run(capsys, "--study", str(root), "import", "codings", str(codings), "--coder", "Mei")[0] == 0
    taken = tmp_path / "out.xlsx"
    assert run(capsys, "--study", str(root), "export", "codings", str(taken), "--coder", "Mei")[0] == 0
    code, out, _ = run(capsys, "--study", str(root), "import", "codings", str(taken))
    assert code == 0
    assert "nothing would change" in out
    codings.write_text("item,code\nnobody,Cat tax\n67859a50000000001e5e0001,cattax\n", "utf-8")
    code, out, err = run(capsys, "--study", str(root), "import", "codings", str(codings), "--coder", "Mei")
    assert code == 1
    assert "line 2" in out
    assert "line 3" in out
    assert "Nothing was written" in err


def test_screening_in_a_table(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "posts.csv").write_text(POSTS, encoding="utf-8")
    run(capsys, "--study", str(root), "add", str(tmp_path / "posts.csv"))
    table = tmp_path / "screening.csv"
    table.write_text("item,decision,reason\n67859a50000000001e5e0001,exclude,off topic\n"
                     "6786ebd0000000001e5e0002,exclud,\n", "utf-8")  # fmt: skip
    code, out, _ = run(capsys, "--study", str(root), "import", "screening", str(table), "--coder", "Mei")
    assert code == 1
    assert "did you mean 'exclude'?" in out
    table.write_text("item,decision,reason\n67859a50000000001e5e0001,exclude,off topic\n", "utf-8")
    assert run(capsys, "--study", str(root), "import", "screening", str(table), "--coder", "Mei")[0] == 0
    drawn = json.loads(run(capsys, "--study", str(root), "sample", "--json")[1])
    total = drawn["flow"][-1]
    assert (total["ineligible"], total["drawn"], total["shortfall"]) == (1, 1, 1)
    assert total["ineligible_because"] == "off topic 1"
    code, out, _ = run(capsys, "--study", str(root), "import", "screening", str(table), "--coder", "Mei")
    assert "no new decisions" in out


def test_run_then_run_again(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "posts.csv").write_text(POSTS, encoding="utf-8")
    run(capsys, "--study", str(root), "add", str(tmp_path / "posts.csv"))
    code, out, _ = run(capsys, "--study", str(root), "run", "--json")
    steps = {row["step"]: row for row in json.loads(out)}
    assert code == 0
    assert steps["sample"]["done"]
    assert steps["report"]["done"]
    assert (root / "report" / "index.html").is_file()
    steps = {row["step"]: row for row in json.loads(run(capsys, "--study", str(root), "run", "--json")[1])}
    assert not any(row["done"] for row in steps.values())


def test_a_locked_vault_asks_for_its_passphrase(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "posts.csv").write_text(POSTS, encoding="utf-8")
    more = tmp_path / "more.csv"
    more.write_text(POSTS.replace("5e000", "5e00a"), encoding="utf-8")
    run(capsys, "--study", str(root), "add", str(tmp_path / "posts.csv"))
    assert run(capsys, "--study", str(root), "vault", "lock", "--passphrase", "four plain words here")[0] == 0
    assert not list((root / "vault").rglob("*.parquet"))
    code, _, err = run(capsys, "--study", str(root), "add", str(more))
    assert code == 1
    assert "locked" in err
    monkeypatch.setenv("RESILENS_VAULT_PASSPHRASE", "four plain words here")
    assert run(capsys, "--study", str(root), "add", str(more))[0] == 0
    assert json.loads(run(capsys, "--study", str(root), "status", "--json")[1])["authors"] == 2
    assert run(capsys, "--study", str(root), "vault", "unlock")[0] == 0


def test_a_study_shows_itself_in_a_notebook(root: Path, tmp_path: Path) -> None:
    (tmp_path / "posts.csv").write_text(POSTS, encoding="utf-8")
    with resilens.open(root / "captures") as study:
        study.add([tmp_path / "posts.csv"])
        assert "2 posts" in study._repr_html_()
        assert "cattax" in study.quotas()._repr_html_()
