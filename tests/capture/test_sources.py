"""What holds for every source: it is recognised, adds up however damaged, hides who wrote, and can be forgotten."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet
from tests.capture import samples, samples_mediacrawler, samples_networks
from tests.capture.samples import ACCOUNT, NAME

from resilens.capture import registry
from resilens.capture.building import build
from resilens.capture.erasing import erase_from
from resilens.capture.reader import FLAGS, Options
from resilens.capture.records import Broken
from resilens.capture.staging import stage
from resilens.capture.traces import Traces
from resilens.corpus import schema
from resilens.corpus.pseudonyms import Pseudonyms
from resilens.corpus.vault import Vault
from resilens.errors import InputError

pytestmark = pytest.mark.slow
SAMPLES = samples.SAMPLES | samples_mediacrawler.SAMPLES | samples_networks.SAMPLES
TEXTUAL = [name for name, sample in SAMPLES.items() if sample.content[:2] not in (b"PK", b"SQ")]


Tables = dict[str, list[dict[str, Any]]]


def imported(folder: Path, *contents: bytes) -> Tables:
    """The canonical tables of these captures; those that are refused with a reason are left out."""
    vault = Vault.create(folder / "vault", seed=1)
    captures = []
    for number, content in enumerate(contents):
        path = folder / f"capture {number}"
        path.write_bytes(content)
        try:
            stage(registry.opened(path), path.name, folder / "staging", vault)
        except InputError:
            continue
        captures.append(path.name)
    build(folder / "corpus", folder / "staging", captures)
    return {name: [row for file in sorted((folder / "corpus" / name).glob("*.parquet"))
                   for row in parquet.read_table(file).to_pylist()] for name in schema.TABLES}  # fmt: skip


@pytest.fixture(scope="module")
def tables_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Tables]:
    """The canonical tables of a sample, which is imported once."""
    return cache(lambda name: imported(tmp_path_factory.mktemp("sample"), SAMPLES[name].content))


def add_up(tables: Tables) -> bool:
    """Whether every record of every capture became a new item, a repeated one, or one in quarantine."""
    captures = tables["captures"]
    told = {name: sum(capture[name] for capture in captures) for name in ("new", "repeated", "quarantined")}
    return (
        all(one["read"] == one["new"] + one["repeated"] + one["quarantined"] for one in captures)
        and told["quarantined"] == len(tables["quarantine"])
        and told["new"] == len(tables["posts"]) + len(tables["comments"])
        and told["new"] + told["repeated"] == len(tables["observations"])
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_a_source_becomes_the_canonical_tables(
    tables_of: Callable[[str], Tables], tmp_path: Path, name: str
) -> None:
    sample = SAMPLES[name]
    (tmp_path / "x").write_bytes(sample.content)
    assert registry.recognise(tmp_path / "x")[0].name == sample.reader
    tables = tables_of(name)
    posts, comments = tables["posts"], tables["comments"]
    assert (len(posts), len(comments)) == (sample.posts, sample.comments), tables["quarantine"]
    assert add_up(tables)
    items = posts + comments
    assert {item["platform"] for item in items} == {sample.platform}
    assert all(item["published_at"] is not None for item in items), "every sample states its times"
    assert all(item["time_basis"] != "unknown" for item in items)
    authors = [item["author"] for item in items if item["author"] is not None]
    assert all(re.fullmatch(r"[un]-[a-z2-7]{16}", author) for author in authors)
    flags = {re.sub(r"status_-?\d+", "status_N", flag) for item in items for flag in item["flags"]}
    assert flags <= {*FLAGS, *schema.FLAGS}
    assert {comment["post_id"] for comment in comments} <= {post["post_id"] for post in posts} or not posts


@pytest.mark.parametrize("name", SAMPLES)
def test_nobody_is_named_and_no_token_kept(tables_of: Callable[[str], Tables], name: str) -> None:
    said = repr({table: rows for table, rows in tables_of(name).items() if table != "captures"})
    for trace in (NAME, ACCOUNT, "SECRET", "did:plc", "commenter"):
        assert trace not in said, said[max(0, said.find(trace) - 200) :][:400]


def damaged(content: bytes) -> dict[str, bytes]:
    """The file cut short, with bytes and lines lost, doubled, turned around, and ids that a spreadsheet destroyed."""
    rows = content.splitlines(keepends=True)
    middle = len(rows) // 2
    numbers = re.sub(rb"(?<=[\",:; ])\d{15,20}(?=[\",;\n])", b"6.85E+278", content, count=1)
    return {
        "cut": content[: 2 * len(content) // 3],
        "without a line": b"".join(rows[:middle] + rows[middle + 1 :]),
        "a line twice": b"".join(rows[: middle + 1] + rows[middle:]),
        "nul": content[: len(content) // 2] + b"\0" + content[len(content) // 2 :],
        "not utf-8": content[: len(content) // 2] + b"\xff" + content[len(content) // 2 :],
        "spreadsheet": numbers,
        "null": content.replace(b'"', b"", 3),
    }


@pytest.mark.parametrize("name", TEXTUAL)
def test_a_damaged_file_still_adds_up(tmp_path: Path, name: str) -> None:
    variants = damaged(SAMPLES[name].content)
    tables = imported(tmp_path, *variants.values())
    assert add_up(tables)
    read = {f"capture {number}": content for number, content in enumerate(variants.values())}
    for capture in tables["captures"]:
        (tmp_path / "again").write_bytes(read[capture["name"]])
        assert len(list(registry.opened(tmp_path / "again").read())) == capture["read"]


@pytest.mark.parametrize("name", [name for name, sample in SAMPLES.items() if sample.forget])
def test_an_item_can_be_forgotten_in_the_raw_file(tmp_path: Path, name: str) -> None:
    sample = SAMPLES[name]
    path = tmp_path / "raw"
    path.write_bytes(sample.content)
    named = Options(reader=sample.reader)  # as the record keeps it
    before = list(registry.opened(path, named).read())
    own = [one for one in before if not isinstance(one, Broken) and "forgettable" in (one.text or "")]
    traces = Traces(Pseudonyms(b"0" * 32), frozenset({sample.forget}), frozenset({sample.forget}))
    erasing = erase_from(path, traces, reader=sample.reader, lines=frozenset(one.line for one in own))
    assert erasing.records == len(own) == 1
    assert b"forgettable" not in path.read_bytes()
    after = list(registry.opened(path, named).read())
    assert len(after) == len(before), "the sums of the capture stay"
    assert sum(isinstance(one, Broken) for one in after) == 1 + sum(isinstance(one, Broken) for one in before)
