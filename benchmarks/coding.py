"""How long does a coder wait: for a code to be saved, and for the next thread to open? Figures of one run.

    python benchmarks/coding.py [--peer] [--coders 5] [FOLDER ON THE DISK TO MEASURE]

A study of 10,200 items in 200 threads holds 100,000 codings. Five coders, each a process of its own, then work at once
against a real server process over HTTP, without a pause between one answer and the next request: far more than five
people do. `--peer` installs Taguette into a temporary environment, gives it the same texts and as many highlights,
and lets the same five clients add the same highlights and open the same documents, in the same run; where it cannot be
installed, that is printed with the reason. The limit is one bare INSERT a transaction with `synchronous=FULL`.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from threading import Thread
from typing import Any

from resilens.coding.rounds import open_round
from resilens.coding.spans import digest
from resilens.coding.threads import Item
from resilens.pipeline import OpenStudy, open_study
from resilens.record.clock import uuid7, wall
from resilens.record.events import Draft
from resilens.web.desk import Desk

POSTS, COMMENTS, CODINGS = 200, 50, 100_000
THREADS_A_CLIENT, SAVES_A_THREAD = 50, 3
ROUND = "round-1"
WORDS = ("cat", "tax", "欢迎", "你好", "eggs are 20$ a dozen", "🐈", "thank you", "税已收到", "friends", "👩‍👩‍👧")
CLIENT = Path(__file__).with_name("_coding_client.py")

DESIGN = """
framework = "jing-zhang-2026"
[study]
title = "Benchmark"
zone = "UTC+08:00"
[event]
name = "The ban"
[[hashtag]]
name = "tiktokrefugee"
volumes = [{ as_of = 2025-02-01, views = "110M", discussions = "1.454M", source = "made up" }]
[sample]
posts = 200
design = "ranked"
rankings = ["likes"]
comments = 50
comment_rule = "thread"
"""

Requests = list[tuple[str, str, str, Any]]
Took = dict[str, list[float]]


# --- the study --------------------------------------------------------------------------------------------------------


def made_study(root: Path, coders: Sequence[str]) -> OpenStudy:
    """A study of 200 threads of 51 items, drawn, with a round of all coders that holds 100,000 codings."""
    root.mkdir()
    declared = "".join(f'[[coder]]\nname = "{name}"\n' for name in coders)
    (root / "study.toml").write_text(DESIGN + declared, "utf-8")
    chance = random.Random(1)
    posts = [(f"6785{n:020d}", "tax", said(chance, 60), "2025-01-14 08:00:00", POSTS - n) for n in range(POSTS)]
    comments = [(f"6786{n:010d}{m:010d}", post[0], said(chance, 20), f"2025-01-15 0{m % 10}:00:00")
                for n, post in enumerate(posts) for m in range(COMMENTS)]  # fmt: skip
    given = root.parent / "given"
    given.mkdir()
    table(given / "posts.csv", ("note_id", "title", "content", "time", "likes"), posts)
    table(given / "comments.csv", ("comment_id", "note_id", "content", "time"), comments)
    study = open_study(root)
    study.add([given], platform="rednote", time_zone="UTC+08:00", query="#tiktokrefugee", ranking="likes")
    study.draw()
    study.codebook()
    open_round(study.record, ROUND, "independent", coders, coders[0])
    return study


def said(chance: random.Random, length: int) -> str:
    return " ".join(chance.choices(WORDS, k=length))


def table(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([header, *rows])


def code_all(study: OpenStudy, items: Sequence[Item], coders: Sequence[str]) -> list[str]:
    """Put the codings on the record, spans all of them; the ids of the codes that may be given."""
    codes = [code.id for code in study.codebook().codes if not code.second_item]
    drafts = []
    for number in range(CODINGS):
        coder, item = coders[number % len(coders)], items[number // len(coders) % len(items)]
        start = number // (len(coders) * len(items))
        body = {"item_id": item.item_id, "code_id": codes[number % 7], "field": "text", "start": start,
                "end": start + 4, "text_sha256": digest(item.text), "act": str(uuid7(wall()))}  # fmt: skip
        drafts.append(Draft("coding.set", item.item_id, body, coder, "human", ROUND, 1))
    study.record.append_all(drafts)
    return codes


# --- clients ----------------------------------------------------------------------------------------------------------


def at_once(port: int, jobs: Sequence[tuple[dict[str, str], Requests]]) -> Took:
    """Let every client work at the same time; all that they measured."""
    start = time.time() + 1
    running = []
    for headers, requests in jobs:
        job = {"port": port, "headers": headers, "start": start, "requests": requests}
        client = subprocess.Popen([sys.executable, str(CLIENT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert client.stdin is not None
        client.stdin.write(json.dumps(job).encode())
        client.stdin.close()
        running.append(client)
    took: Took = {}
    for client in running:
        assert client.stdout is not None
        told = client.stdout.read()
        if client.wait():
            raise SystemExit("a client failed")
        for kind, found in json.loads(told).items():
            took.setdefault(kind, []).extend(found)
    return took


def signed_in(link: str) -> tuple[str, str]:
    """The cookies that a link that works once is exchanged for, and the page that it leads to."""
    jar = CookieJar()
    page = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar)).open(link).read()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar), page.decode()


@contextmanager
def process(command: Sequence[str], links: int, marks: str) -> Iterator[list[str]]:
    """A server process; the links it prints."""
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        found: list[str] = []
        assert server.stdout is not None
        while len(found) < links:
            line = server.stdout.readline()
            if not line:
                raise RuntimeError("the server ended before it printed its links")
            found += [word for word in line.split() if word.startswith("http://") and marks in word]
        Thread(target=server.stdout.read, daemon=True).start()  # a full pipe would hold the server up
        yield found
    finally:
        server.terminate()
        server.wait(20)


# --- Resilens ---------------------------------------------------------------------------------------------------------


def our_requests(place: int, threads: Sequence[Sequence[Item]], codes: Sequence[str], version: str) -> Requests:
    """What one coder does: opens a thread, codes three of its items, one of them in a span, and opens the next."""
    api, chance = f"/api/coding/{ROUND}", random.Random(place)
    requests: Requests = []
    for number in range(THREADS_A_CLIENT):
        thread = threads[(place * THREADS_A_CLIENT + number) % len(threads)]
        requests.append(("open", "GET", f"{api}/threads/{thread[0].post_id}", None))
        for item in chance.sample(thread, SAVES_A_THREAD):
            act = {"act": str(uuid7(wall())), "do": "set", "item_id": item.item_id, "code_id": chance.choice(codes),
                   "field": "text", "start": 20, "end": 30 + place, "memo": "since they greet"}  # fmt: skip
            requests.append(("save", "POST", f"{api}/acts?v={version}", {"acts": [act]}))
    return requests


def ours(study: OpenStudy, coders: Sequence[str]) -> Took:
    threads = Desk(study).threads()
    codes = code_all(study, threads.in_order(), coders)
    several = [threads.thread(post) for post in threads.posts]
    stored = study.record.count("codings")
    print(f"{len(threads):,} items in {len(several)} threads, {stored:,} codings, {len(coders)} coders at once")
    command = [sys.executable, "-m", "resilens", "--study", str(study.folder.root), "serve", "--port", "0",
               "--no-browser"]  # fmt: skip
    with process(command, len(coders), "/enter/") as links:
        port = int(links[0].split(":")[2].split("/")[0])
        headers = {"Origin": f"http://127.0.0.1:{port}", "Content-Type": "application/json"}
        jobs = []
        for place, link in enumerate(links):
            cookies, page = signed_in(link)
            version = page.split('<meta name="build" content="')[1].split('"')[0]
            jobs.append((headers | {"Cookie": cookies}, our_requests(place, several, codes, version)))
        first = at_once(port, [(jobs[0][0], [("begin", "GET", f"/api/coding/{ROUND}", None)] * 3)])
        took = at_once(port, jobs) | {"begin": first["begin"][1:]}
    assert study.record.count("codings") == stored + len(took["save"]), "what was acknowledged is not all stored"
    return took


# --- Taguette ---------------------------------------------------------------------------------------------------------

SEED = """
import json, sys
from taguette import database
from taguette.main import prepare_db
given = json.load(open(sys.argv[2]))
Session = database.connect(prepare_db(sys.argv[1]))
db = Session()
db.add(database.User(login="admin"))
project = database.Project(name="bench", description="")
db.add(project)
db.flush()
db.add(database.ProjectMember(project_id=project.id, user_login="admin", privileges=database.Privileges.ADMIN))
tags = [database.Tag(project_id=project.id, path=f"code{n}", description="") for n in range(given["tags"])]
documents = [database.Document(name=f"thread {n}", description="", filename="", project_id=project.id, contents=text,
                               text_direction=database.TextDirection.LEFT_TO_RIGHT)
             for n, text in enumerate(given["documents"])]
db.add_all(tags + documents)
db.flush()
rows = [dict(document_id=documents[n % len(documents)].id, start_offset=n // len(documents),
             end_offset=n // len(documents) + 4, snippet="<p>four</p>") for n in range(given["highlights"])]
db.execute(database.Highlight.__table__.insert(), rows)
ids = [row[0] for row in db.query(database.Highlight.id)]
db.execute(database.highlight_tags.insert(), [dict(highlight_id=one, tag_id=tags[one % len(tags)].id) for one in ids])
db.commit()
print(json.dumps([project.id, [one.id for one in documents], [one.id for one in tags]]))
"""


def installed(folder: Path) -> Path | str:
    """A Python with Taguette in an environment of its own; or why there is none."""
    root = folder / "taguette"
    venv.create(root, with_pip=True)
    python = root / "bin" / "python"
    done = subprocess.run([str(python), "-m", "pip", "install", "-q", "taguette"], capture_output=True, text=True,
                          check=False)  # fmt: skip
    return done.stderr.strip().splitlines()[-1][:100] if done.returncode else python


def theirs(python: Path, folder: Path, threads: Sequence[Sequence[Item]], clients: int) -> Took:
    """The same texts, as many highlights; the same clients add the same ones and open the same documents."""
    texts = ["".join(f"<p>{item.text}</p>" for item in thread) for thread in threads]
    given = folder / "given.json"
    given.write_text(json.dumps({"tags": 7, "documents": texts, "highlights": CODINGS}))
    seed = subprocess.run([str(python), "-c", SEED, str(folder / "peer.sqlite3"), str(given)], capture_output=True,
                          text=True, check=False)  # fmt: skip
    if seed.returncode:
        raise RuntimeError(seed.stderr.strip().splitlines()[-1][:150])
    project, documents, tags = json.loads(seed.stdout.splitlines()[-1])
    port = 18_765
    command = [str(python), "-u", "-m", "taguette.main", "--no-browser", "--port", str(port), "--database",
               str(folder / "peer.sqlite3")]  # fmt: skip
    with process(command, 1, "token=") as (link,):
        cookies, _ = signed_in(link)
        jar = CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        page = urllib.request.Request(f"http://localhost:{port}/project/{project}", headers={"Cookie": cookies})
        opener.open(page).read()
        xsrf = next(cookie.value or "" for cookie in jar if cookie.name == "_xsrf")
        headers = {"Cookie": f"{cookies}; _xsrf={xsrf}", "X-XSRFToken": xsrf, "Content-Type": "application/json"}
        api = f"/api/project/{project}/document"
        jobs = [(headers, their_requests(place, api, documents, tags)) for place in range(clients)]
        return at_once(port, jobs)


def their_requests(place: int, api: str, documents: Sequence[int], tags: Sequence[int]) -> Requests:
    requests: Requests = []
    for number in range(THREADS_A_CLIENT):
        document = documents[(place * THREADS_A_CLIENT + number) % len(documents)]
        requests.append(("open", "GET", f"{api}/{document}/contents", None))
        for save in range(SAVES_A_THREAD):
            body = {"start_offset": 20 + save, "end_offset": 30 + place, "tags": [tags[save]]}
            requests.append(("save", "POST", f"{api}/{document}/highlight/new", body))
    return requests


# --- the limit, and the table -----------------------------------------------------------------------------------------


def bare_inserts(path: Path, count: int = 300) -> list[float]:
    """Milliseconds of one INSERT of a row as large as an event's, in a transaction of its own, durable."""
    connection = sqlite3.connect(path, isolation_level=None)
    for setting in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {setting}")
    connection.execute("CREATE TABLE events (seq INTEGER PRIMARY KEY, body TEXT)")
    found = []
    for _ in range(count):
        started = time.perf_counter()
        connection.execute("INSERT INTO events (body) VALUES (?)", ("x" * 900,))
        found.append(1000 * (time.perf_counter() - started))
    connection.close()
    return found


def line(what: str, took: Sequence[float]) -> None:
    """A line of the table: how many, the median, and the 95th percentile."""
    p95 = statistics.quantiles(took, n=20, method="inclusive")[-1] if len(took) > 1 else took[0]
    print(f"  {what:<58}{len(took):>6}{statistics.median(took):>10.1f}{p95:>10.1f}")


def beside(folder: Path, threads: Sequence[Sequence[Item]], clients: int) -> None:
    python = installed(folder)
    if isinstance(python, str):
        print(f"  Taguette: skipped: {python}")
        return
    version = subprocess.run([str(python), "-c", "import importlib.metadata as m; print(m.version('taguette'))"],
                             capture_output=True, text=True, check=True).stdout.strip()  # fmt: skip
    try:
        took = theirs(python, folder, threads, clients)
    except RuntimeError as error:
        print(f"  Taguette {version}: skipped: {error}")
        return
    line(f"Taguette {version}: a highlight added", took["save"])
    line(f"Taguette {version}: the next document opened", took["open"])


def timed(what: str, work: Callable[[], Any]) -> Any:
    started = time.perf_counter()
    found = work()
    print(f"{what}: {time.perf_counter() - started:.1f} s")
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--peer", action="store_true", help="install and time Taguette")
    parser.add_argument("--coders", type=int, default=5)
    parser.add_argument("disk", nargs="?", type=Path)
    wanted = parser.parse_args()
    coders = [f"coder {number}" for number in range(1, wanted.coders + 1)]
    with tempfile.TemporaryDirectory(dir=wanted.disk) as temporary:
        folder = Path(temporary)
        with timed("the study made", lambda: made_study(folder / "s", coders)) as study:
            took = ours(study, coders)
            threads = Desk(study).threads()
        several = [threads.thread(post) for post in threads.posts]
        print(f"milliseconds {'':<47}{'n':>6}{'p50':>10}{'p95':>10}")
        line("a code saved", took["save"])
        line("the next thread opened", took["open"])
        line("the round begun: its codebook and all its items, one coder", took["begin"])
        if wanted.peer:
            beside(folder, several, wanted.coders)
        else:
            print("  Taguette: skipped (--peer installs it)")
        line(f"SQLite {sqlite3.sqlite_version}: one bare INSERT, durable, one writer", bare_inserts(folder / "bare"))


if __name__ == "__main__":
    main()
