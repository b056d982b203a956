"""How long does a coded project take out and in, and what do others do with the same file? Figures of one run.

    python benchmarks/exchange.py [--peers]

A study of 200 posts, each with 80 coded spans (emoji, Chinese, Latin), leaves for every program and enters an empty
study again; every span's words are compared. `--peers` installs pyrefiqda and Taguette into a temporary environment and
gives them the same project and a codebook of as many codes; whoever cannot be installed is named with the reason.
Beside the seconds that went by stand those of the processor, which other work on the machine hardly changes.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from resilens.coding import codebook
from resilens.coding.codes import Code, Codebook, Facet
from resilens.coding.codings import codings
from resilens.coding.rounds import opening
from resilens.coding.spans import digest
from resilens.exchange.archive_reading import open_archive
from resilens.exchange.codebook_out import tree_of
from resilens.exchange.dialects import TARGETS
from resilens.exchange.qdc_writing import to_qdc
from resilens.exchange.qde_reading import read_project
from resilens.pipeline import OpenStudy, open_study
from resilens.record.events import Draft
from resilens.study.beginning import begin

POSTS, SPANS, CODES = 200, 80, 1_000
LINES = [f"wörd{n} said the {n}th refugee 😀 小红书欢迎你." for n in range(SPANS)]
TEXT = "\n".join(LINES)
BOOK = Codebook("", (Facet("f", "Facet"),), tuple(Code(f"f.c{n}", "f", f"Code {n}") for n in range(CODES)))

T = TypeVar("T")

PYREFIQDA = """
import json, sys, tempfile, time
from importlib.metadata import version
from pyrefiqda.refiproject import RefiProject
started = time.perf_counter(), time.process_time()
with tempfile.TemporaryDirectory() as folder:
    project = RefiProject.load(sys.argv[1], folder)
took = time.perf_counter() - started[0], time.process_time() - started[1]
print(json.dumps([*took, sum(len(one.plain_text_selection) for one in project.sources.text_source),
                  version("pyrefiqda")]))
"""
TAGUETTE = """
import io, json, sys, time
from importlib.metadata import version
from types import SimpleNamespace
from taguette.export import codebook_xml
tags = [SimpleNamespace(path=f"Code {n}") for n in range(int(sys.argv[1]))]
started = time.perf_counter(), time.process_time()
codebook_xml(tags, out := io.BytesIO())
print(json.dumps([time.perf_counter() - started[0], time.process_time() - started[1], out.getvalue().count(b"<Code "),
                  version("taguette")]))
"""


class Took(NamedTuple):
    """Seconds that went by, and those in which the processor worked."""

    elapsed: float
    processor: float


def timed(work: Callable[[], T]) -> tuple[Took, T]:
    """How long it took, and what it gave."""
    elapsed, processor = time.perf_counter(), time.process_time()
    result = work()
    return Took(time.perf_counter() - elapsed, time.process_time() - processor), result


def coded_study(root: Path) -> None:
    """A study of `POSTS` posts with `SPANS` coded spans each."""
    begin(root)
    names = [f"other:p:post-{one}" for one in range(POSTS)]
    texts = [f"{one}\n{TEXT}" for one in range(POSTS)]
    table = pa.table({"post_id": names, "platform": ["other"] * POSTS, "text": texts, "kind": ["text"] * POSTS,
                      "author": pa.nulls(POSTS, pa.string()), "hashtags": pa.array([[]] * POSTS, pa.list_(pa.string())),
                      "published_at": pa.nulls(POSTS, pa.timestamp("ms", tz="UTC"))})  # fmt: skip
    pq.write_table(table, root / "posts.parquet")
    with open_study(root) as study:
        study.add([root / "posts.parquet"])
        codebook.change(root, study.record, BOOK, "bench")
        drafts = [opening("round-1", "independent", ["Ann"], "import", "import")]
        for name, text in zip(names, texts, strict=True):
            drafts += [Draft("coding.set", name, body, "Ann", "import", "round-1", 1) for body in bodies(name, text)]
        study.record.append_all(drafts)


def bodies(name: str, text: str) -> list[dict[str, Any]]:
    """A coding of the first words of every line."""
    sha256, at, found = digest(text), text.index("\n") + 1, []
    for number, line in enumerate(LINES):
        found.append({"item_id": name, "code_id": f"f.c{number}", "field": "text", "start": at,
                      "end": at + line.index("😀") + 1, "text_sha256": sha256})  # fmt: skip
        at += len(line) + 1
    return found


def words_of(study: OpenStudy) -> Counter[str]:
    """The words under every coding."""
    with study.corpus() as corpus:
        rows = corpus.frame(corpus.table("posts").select("post_id", "text")).to_pylist()
    texts = {row["post_id"]: row["text"] for row in rows}
    return Counter(texts[row["item_id"]][row["start"] : row["end"]] for row in codings(study.record).to_pylist())


def line(what: str, took: Took, more: str = "") -> None:
    """A line of the table."""
    print(f"  {what:<46}{took.elapsed:>8.2f} s {took.processor:>8.2f} s  {more}", flush=True)


def both_ways(folder: Path) -> Path:
    """Out and in for every program; the project as the standard has it."""
    with open_study(folder / "s") as study:
        wanted = words_of(study)
        print(f"{POSTS} sources, {wanted.total():,} codings of spans: seconds that went by, and of the processor")
        for program in TARGETS:
            path = folder / f"{program}.qdpx"
            out, _ = timed(lambda p=program, at=path: study.project(program=p, restricted=True).write(at))
            line(f"export for {program}", out, f"{path.stat().st_size / 2**20:.1f} MB")
            begin(folder / program)
            with open_study(folder / program) as other:
                looked, proposal = timed(lambda at=path, into=other: into.propose_project(at))
                written, _ = timed(lambda into=other, one=proposal: into.import_project(one))
                same = sum((words_of(other) & wanted).values())
                line(f"import from {program}: looking", looked, str(proposal.evidence.chosen))
                line(f"import from {program}: writing", written, f"{same:,} spans with the same words")
    return folder / "standard.qdpx"


def beside(folder: Path, project: Path) -> None:
    """What others take for the same, each in its own process, start-up left out."""
    def reading() -> int:
        with open_archive(project) as archive:
            return sum(len(one.selections) for one in read_project(archive).tree.sources)

    print("\nthe same project parsed; a codebook of 1,000 codes as .qdc")
    took, spans = timed(reading)
    line("resilens, parsing the project", took, f"{spans:,} selections")
    took, raw = timed(lambda: to_qdc(tree_of(BOOK, "bench")))
    line("resilens, writing the codebook", took, f"{raw.count(b'<Code '):,} codes (with a folder)")
    peer("pyrefiqda", folder, PYREFIQDA, str(project), "parsing the project", "selections")
    peer("taguette", folder, TAGUETTE, str(CODES), "writing the codebook", "codes, names alone, schema-invalid <Sets/>")


def peer(name: str, folder: Path, code: str, given: str, what: str, unit: str) -> None:
    """Install a peer into an environment of its own and let it work; say why not where it cannot."""
    root = folder / f"venv-{name}"
    venv.create(root, with_pip=True)
    python = root / "bin" / "python"
    for command in ([str(python), "-m", "pip", "install", "-q", name], [str(python), "-c", code, given]):
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
        if done.returncode:
            print(f"  {name}: skipped: {done.stderr.strip().splitlines()[-1][:100]}")
            return
    elapsed, processor, many, version = json.loads(done.stdout)
    line(f"{name} {version}, {what}", Took(elapsed, processor), f"{many:,} {unit}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", action="store_true", help="install and time pyrefiqda and Taguette")
    wanted = parser.parse_args(sys.argv[1:])
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        coded_study(folder / "s")
        project = both_ways(folder)
        if wanted.peers:
            beside(folder, project)
        else:
            print("\npeers: skipped (--peers installs them)")


if __name__ == "__main__":
    main()
