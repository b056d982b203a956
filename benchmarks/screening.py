"""How quick is the screening desk, and how quickly are likely duplicates found?

A made-up study with one hashtag: the material of the desk, its state, a decision, the page of a post as the workbench
makes it; then the comparison of 100,000 texts, half Latin, half Chinese, a hundred of them near copies.

    python benchmarks/screening.py [POSTS IN THE FRAME, default 5000] [TEXTS TO COMPARE, default 100000]
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

from resilens.coding.screened_post import screened_post
from resilens.corpus.engine import Corpus
from resilens.corpus.schema import TABLES
from resilens.record.store import Record
from resilens.sampling.deciding import exclude, include, undo
from resilens.sampling.desk import desks
from resilens.sampling.likeness import Likeness
from resilens.sampling.shelf import Shelf
from resilens.study.model import Study

STUDY = {
    "study": {"title": "Screening"},
    "hashtag": [{"name": "cattax", "volumes": [{"as_of": "2025-05-01", "discussions": "3000"}]}],
    "sample": {"posts": 175, "comments": 50},
}
WORDS = 20_000
HAN = [chr(0x4E00 + number) for number in range(3000)]


def texts(count: int) -> list[str]:
    chance = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(chance.choices(letters, k=chance.randint(2, 9))) for _ in range(WORDS)]
    made = [
        " ".join(chance.choices(words, k=chance.randint(3, 40))) if number % 2
        else "".join(chance.choices(HAN, k=chance.randint(10, 160)))
        for number in range(count)
    ]  # fmt: skip
    for number in range(100):
        made[number] = " ".join(chance.choices(words, k=20))
        made[-1 - number] = made[number] + " edited"
    return made


def corpus_of(folder: Path, said: list[str]) -> None:
    posts = [{"post_id": f"rednote:p:{number:07}", "platform": "rednote", "hashtags": ["cattax"], "likes": number,
              "text": text} for number, text in enumerate(said)]  # fmt: skip
    comments = [{"comment_id": f"rednote:c:{number:07}-{one}", "post_id": f"rednote:p:{number:07}",
                 "root_id": f"rednote:c:{number:07}-{one}", "text": "thank you"}
                for number in range(len(said)) for one in range(number % 20)]  # fmt: skip
    for name, rows in (("posts", posts), ("comments", comments)):
        (folder / name).mkdir(parents=True)
        parquet.write_table(pa.Table.from_pylist(rows, TABLES[name].schema), folder / name / "part-0.parquet")


def timed(name: str, act: Callable[[], Any], times: int = 1) -> Any:
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        found = act()
        took.append((time.perf_counter() - begun) * 1000)
    print(f"{name:<44} {statistics.median(took):9.1f} ms" + (f"   worst {max(took):.1f}" if times > 1 else ""))
    return found


def main(posts: int, compared: int) -> None:
    study = Study.model_validate(STUDY)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus_of(folder / "corpus", texts(posts))
        with Corpus(folder / "corpus") as corpus, Record.open(folder / "work.sqlite") as record:
            shelf = timed(f"what is at hand for {posts:,} posts, once", lambda: Shelf.of(corpus, study))
            material = shelf.material
            stand = timed("the state of the desk", lambda: desks(corpus, material, record), 20)
            following = iter(stand.by_hashtag["cattax"].candidates)
            timed("leave a post out", lambda: exclude(corpus, material, record, next(following).post_id, "mei",
                                                      "off topic"), 20)  # fmt: skip
            timed("include a post", lambda: include(corpus, material, record, next(following).post_id, "mei"), 20)
            timed("undo", lambda: undo(record, "mei"), 20)
            timed("a post with its likes, leads and comments",
                  lambda: screened_post(corpus, record, shelf, next(following).post_id), 20)  # fmt: skip
    said = texts(compared)
    ids = [str(number) for number in range(compared)]
    index = timed(f"{compared:,} texts made ready to be compared", lambda: Likeness(ids, said))
    asked = iter(range(100))
    found = []
    timed("what is like one of them", lambda: found.append(index.alike(str(next(asked)))), 100)
    right = sum(bool(likes) and likes[0].post_id == str(compared - 1 - number) for number, likes in enumerate(found))
    print(f"near copies found first: {right} of 100; why: {found[0][0].why}")


if __name__ == "__main__":
    main(*[int(given) for given in (*sys.argv[1:], *("5000", "100000")[len(sys.argv) - 1 :])])
