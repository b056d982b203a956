"""A small study made through the ordinary steps, and clients who are signed in at its workbench."""

from __future__ import annotations

import atexit
import csv
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import uvicorn
from PIL import Image, ImageDraw
from starlette.testclient import TestClient

from resilens.coding import rounds
from resilens.pipeline import OpenStudy, open_study
from resilens.web.app import application
from resilens.web.build import build
from resilens.web.desk import Desk
from resilens.web.serving import HOST, _listen
from resilens.web.sessions import Sessions

PORT = 8765
MEI, JON = "mei", "jon"
"""The lead, and another coder."""

STUDY = """\
framework = "jing-zhang-2026"

[study]
title = "Refugees and natives"
zone = "UTC+08:00"
seed = 20250114

[[question]]
id = "practices"
text = "By which practices do the two communities meet?"

[event]
name = "The announced ban"
trigger = "A law comes due"
date = 2025-01-13

[[group]]
name = "refugees"
role = "newcomer"
rules = [{ hashtags = ["tiktokrefugee"], order = 1 }]

[[group]]
name = "natives"
role = "host"
rules = [{ language = ["zh"], order = 1 }]

[[hashtag]]
name = "tiktokrefugee"
volumes = [{ as_of = 2025-02-01, views = "110M", discussions = "1.454M", source = "made up" }]

[sample]
posts = 3
design = "ranked"
rankings = ["likes"]
comments = 50
comment_rule = "thread"
exclusion_reasons = ["off topic", "advertisement"]

[[coder]]
name = "mei"
lead = true

[[coder]]
name = "jon"
"""

POSTS = (
    ("678500000000000000000001", "Hi from Ohio", "Paying my cat tax 🐈 and 👩‍👩‍👧 say hello #tiktokrefugee", 900),
    ("678500000000000000000002", "Egg prices", "Eggs are 20$ a dozen here, and there? #tiktokrefugee", 500),
    ("678500000000000000000003", "مرحبا", "مرحبا بكم cafe\u0301 你好 #tiktokrefugee", 70),
    ("678500000000000000000004", "Hi from Ohio", "Paying my cat tax 🐈 and 👩‍👩‍👧 say hello again #tiktokrefugee", 12),
)
COMMENTS = (
    ("678510000000000000000001", 0, "", "欢迎！税已收到[doge]"),
    ("678510000000000000000002", 0, "678510000000000000000001", "thank you!!"),
    ("678510000000000000000003", 0, "", "What a lovely cat <script>alert(1)</script>"),
    ("678510000000000000000004", 1, "", "一打鸡蛋十块钱 RMB"),
    ("678510000000000000000005", 1, "678510000000000000000004", "that is cheap, mine are 20$"),
    ("678510000000000000000006", 1, "", "'\"><img src=x onerror=alert(1)>"),
    ("678510000000000000000007", 2, "", "أهلا وسهلا"),
    ("678510000000000000000008", 2, "", "👍🏽👍🏽"),
    ("678510000000000000000009", 2, "", "friends across the sea 🌊"),
)
"""Native id, which post, which comment it answers, text."""


def post(number: int) -> str:
    """The id of the post of that number, from 1."""
    return f"rednote:p:{POSTS[number - 1][0]}"


def comment(number: int) -> str:
    """The id of the comment of that number, from 1."""
    return f"rednote:c:{COMMENTS[number - 1][0]}"


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([header, *rows])
    return path


def study(folder: Path, picture: bool = True, drawn: bool = True) -> OpenStudy:
    """A study of four posts (three in the sample) and nine comments, captured on RedNote, with one picture.

    It is made once in a process, and copied.
    """
    folder.mkdir(parents=True, exist_ok=True)
    root = folder / "study"
    shutil.copytree(_made(picture, drawn), root)
    return open_study(root)


@cache
def _made(picture: bool, drawn: bool) -> Path:
    """The folder of a study that is made by the ordinary steps and never opened again."""
    kept = tempfile.mkdtemp(prefix="resilens-made-")
    atexit.register(shutil.rmtree, kept, ignore_errors=True)
    folder = Path(kept)
    root = folder / "study"
    root.mkdir(parents=True)
    (root / "study.toml").write_text(STUDY, "utf-8")
    given = folder / "given"
    given.mkdir()
    posts = [(native, f"account{place:02}", title, text, f"2025-01-14 0{place}:00:00", likes)
             for place, (native, title, text, likes) in enumerate(POSTS)]  # fmt: skip
    _write(given / "posts.csv", ("note_id", "user_id", "title", "content", "time", "likes"), posts)
    comments = [(native, POSTS[place][0], parent, f"account{10 + number}", text, f"2025-01-15 0{number}:00:00")
                for number, (native, place, parent, text) in enumerate(COMMENTS)]  # fmt: skip
    _write(given / "comments.csv", ("comment_id", "note_id", "parent_id", "user_id", "content", "time"), comments)
    if picture:
        drawing = Image.new("RGB", (240, 160), "#dfe8ef")
        ImageDraw.Draw(drawing).ellipse((70, 40, 170, 120), fill="#c08040")
        drawing.save(given / f"{POSTS[0][0]}.png")
    opened = open_study(root)
    opened.add([given], platform="rednote", time_zone="UTC+08:00", query="#tiktokrefugee", ranking="likes")
    if drawn:
        opened.draw()
    opened.codebook()
    opened.close()
    return root


def round_of_two(opened: OpenStudy, round_id: str = "round-1", mode: Any = "independent") -> str:
    """A round of mei and jon over the whole sample."""
    rounds.open_round(opened.record, round_id, mode, [MEI, JON], MEI, leads=[MEI])
    return round_id


def client(opened: OpenStudy, coder: str = MEI, signed_in: bool = True) -> TestClient:
    """A client at the workbench of a study; POST to `address(path)`, as forms do."""
    sessions = Sessions(opened.folder.root)
    made = TestClient(application(Desk(opened), sessions, PORT), f"http://127.0.0.1:{PORT}",
                      headers={"Origin": f"http://127.0.0.1:{PORT}", "Accept-Language": "en"})  # fmt: skip
    if signed_in:
        made.get(sessions.link_for(coder))
    return made


def address(path: str) -> str:
    """Where a form of this build is sent."""
    return f"{path}{'&' if '?' in path else '?'}v={build()}"


@contextmanager
def served(opened: OpenStudy, *coders: str, port: int = 0) -> Iterator[list[str]]:
    """The workbench behind a real server in a thread: a link for each coder, which works once."""
    listening = _listen(port)
    port = listening.getsockname()[1]
    sessions = Sessions(opened.folder.root)
    answering = application(Desk(opened), sessions, port)
    server = uvicorn.Server(uvicorn.Config(answering, log_level="error", timeout_keep_alive=75))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield [f"http://{HOST}:{port}{sessions.link_for(name)}" for name in coders]
    finally:
        server.should_exit = True
        thread.join(10)
