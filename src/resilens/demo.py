"""What does Resilens do? `resilens demo` simulates a SYNTHETIC corpus, runs every step on it, and ends in a report."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
import time
import webbrowser
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from resilens.claims.keeping import change
from resilens.claims.ledger import Claim
from resilens.coding import rounds
from resilens.errors import Fault, InputError
from resilens.files import write_text
from resilens.pipeline import OpenStudy, open_study
from resilens.record.events import Draft
from resilens.report.findings_facts import SHOWN
from resilens.simulate.deciding import write_choices, write_codings, write_exclusions
from resilens.simulate.overview import write_overview
from resilens.simulate.simulation import Simulation
from resilens.simulate.world import World, world
from resilens.simulate.writing import Written, write
from resilens.simulate.zeeschuimer import RANKINGS_ASIDE
from resilens.study.beginning import begin

EXAMPLE = "tiktok-refugees"
MARK = ".resilens-demo"
SEED = 20250113
TYPED_ZONE = "UTC+08:00"
"""What is declared of the table of posts typed from screenshots, whose times state no zone."""
UNREAD_BY_SECOND = 40
"""Items that the second coder has not come to: unread is not the same as nothing applies."""

CLAIMS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"id": "ritual", "question": "practices", "stage": "stage.absorption", "status": "contested",
      "text": "Tributes are often welcomed within a day, and so is what else newcomers post in the same days.",
      "puzzle": "People who flee a ban begin with pictures of cats, not with politics.",
      "rivals": ("The tribute itself brings the welcome.", "The ranking favours pictures of cats."),
      "evidence_for": ("measure:ritual/completion within 24 hours: tribute threads captured whole",
                       "measure:ritual/lift of welcome by tribute"),
      "evidence_against": ("measure:ritual/completion within 24 hours: other newcomer threads captured whole",)},
     "ritual"),
    ({"id": "accounts", "question": "characteristics", "stage": "stage.adaptation", "status": "tentative",
      "text": "People set what life costs them against what it costs others, in sums of money.",
      "rivals": ("Sums are told because a hashtag asks for them.",),
      "evidence_for": ("measure:ledger/comparisons with money on both sides",)}, "ledger"),
    ({"id": "visible-politics", "question": "implications", "stage": "stage.transformation", "status": "tentative",
      "text": "Open politics is rare in what is visible; whether it was turned aside, few replies tell.",
      "rivals": ("It was written, and removed before the first capture.",), "evidence_for": ("measure:politics",)},
     "politics"),
)  # fmt: skip
"""Claims about the simulated world, and the finding whose items are evidence for each."""

CLAIMED = {measure for _, measure in CLAIMS}

Say = Callable[[str], None]


def make(directory: Path, say: Say = print) -> Path:
    """Make the example study in `directory` and run it to its report; returns the report's page.

    A demo made there before is replaced; anything else is left alone.

    Raises
    ------
    InputError
        If the directory holds something that is not a demo of ours.
    """
    started = time.monotonic()

    def step(number: int, words: str) -> None:
        say(f"[{number}/9] {words}  ({time.monotonic() - started:.0f} s)")

    step(1, f"a SYNTHETIC study begins in {directory}")
    with _begin(directory) as study:
        step(2, "a world is simulated: people, threads, texts, and what a capture would hold of them")
        simulation, written = _simulate(directory / "world", say)
        step(3, "captured files are imported")
        for line in _add(study, directory / "world"):
            say(f"      {line}")
        step(4, "a sample is drawn")
        for line in study.draw().lines():
            say(f"      {line}")
        step(5, "what was screened is imported, and the posts left out are replaced")
        _screen(study, written.folder, say)
        step(6, "two coders' codings are imported")
        _code(study, simulation, written.folder, say)
        step(7, "measures are computed, and three claims made on them")
        _claim(study, say)
        step(8, "everything is brought up to date")
        for outcome in study.run():
            say(f"      {outcome}")
        step(9, "done")
        say(f"      the world behind it, with its truth: {directory / 'world' / 'overview.html'}")
        return study.folder.report / "index.html"


def demo_world() -> World:
    """The example's world, captured by searching its hashtags by three rankings, as the reference study did."""
    preset = world(EXAMPLE)
    observed = preset.observation.model_dump() | {"capture": "search", "earlier": None}
    return preset.expect(observation=observed)


def _simulate(folder: Path, say: Say) -> tuple[Simulation, Written]:
    simulation = Simulation(demo_world(), SEED)
    written = write(simulation, folder, layout="zeeschuimer")
    write_overview(simulation, folder)
    say(f"      {written.posts:,} posts and {written.comments:,} comments happened; the searches show "
        f"{written.captured_posts:,} posts with {written.captured_comments:,} comments; the truth lies beside them")
    return simulation, written


def _screen(study: OpenStudy, folder: Path, say: Say) -> None:
    """Posts are screened, those left out replaced, and then comments chosen: each from a table of its own."""
    screener, reason = study.study.coders[0].name, study.study.sample.exclusion_reasons[0]
    posts = [item for item in study.sampled_items() if ":p:" in item]
    write_exclusions(folder, posts, reason, folder / "screening-posts.csv", screener)
    _decide(study, folder / "screening-posts.csv", say)
    posts = [item for item in study.sampled_items() if ":p:" in item]
    with study.corpus() as corpus:
        table = corpus.table("comments")
        comments = corpus.frame(table.filter(table.post_id.isin(posts)).comment_id).column(0).to_pylist()
    write_choices(folder, comments, folder / "screening-comments.csv", screener)
    _decide(study, folder / "screening-comments.csv", say)


def _decide(study: OpenStudy, table: Path, say: Say) -> None:
    screening = study.propose_screening(table)
    say(indented(screening))
    study.import_screening(screening)
    for line in study.draw(redraw=True).lines():
        say(f"      {line}")


def _code(study: OpenStudy, simulation: Simulation, folder: Path, say: Say) -> None:
    write_codings(simulation, folder, study.sampled_items(), folder / "codings.csv", UNREAD_BY_SECOND)
    proposal = study.propose_codings(folder / "codings.csv")
    say(indented(proposal))
    study.import_codings(proposal)
    lead = next(coder.name for coder in study.study.coders if coder.lead)
    for step in (rounds.freeze, rounds.reveal):  # so that the workbench shows agreement and where they differ
        step(study.record, "round-1", lead, "both coders' tables are in")


def _claim(study: OpenStudy, say: Say) -> None:
    """Make the example's claims, each with the finding and the items that it rests on."""
    found = {one.measure.name: one.finding for one in study.measure()}
    for name, finding in found.items():
        if name in CLAIMED:
            say(indented(textwrap.fill(f"{name}: {finding.sentence}", 110)))
    study.claims()  # begins claims.toml with an explanation of its keys
    shown = dict.fromkeys(item for finding in found.values() for item in tuple(finding.evidence)[:SHOWN])
    body = {"status": "free", "reason": "the text is simulated: nobody wrote it"}
    study.record.append_all([Draft("quoting.set", item, {"item_id": item, **body}, study.study.coders[0].name, "import")
                             for item in shown])  # fmt: skip
    for claim, measure in CLAIMS:
        evidence = (*claim["evidence_for"], *found[measure].evidence[:2])
        whole = Claim.model_validate(claim | {"evidence_for": evidence})
        change(study.folder.root, study.record, whole, study.study.coders[0].name)


def indented(said: object) -> str:
    """Text set in under its step."""
    return textwrap.indent(str(said), "      ")


def _clear(directory: Path) -> None:
    if (directory / MARK).is_file():
        _force_remove(directory)
    elif directory.exists() and any(directory.iterdir()):
        raise InputError(Fault("there is something here that is not a demo; name another folder", str(directory)))


def _force_remove(directory: Path) -> None:
    for raw in (directory / "captures").glob("*"):
        raw.chmod(0o600)
    shutil.rmtree(directory)


def _begin(directory: Path) -> OpenStudy:
    _clear(directory)
    begin(directory, EXAMPLE, synthetic=True)
    write_text(directory / MARK, "Made by `resilens demo`, which replaces this folder when run again.\n")
    return open_study(directory)


def _add(study: OpenStudy, folder: Path) -> list[str]:
    """Add every capture, the searches with the ranking they were made by, and posts typed from screenshots."""
    captured = folder / "simulated"
    with as_file(files("resilens.study") / "examples" / EXAMPLE / "captures" / "screenshots.csv") as typed:
        outcomes = [study.add([ranked], ranking=ranked.name.removeprefix(RANKINGS_ASIDE), rebuild=False)
                    for ranked in sorted(captured.glob(f"{RANKINGS_ASIDE}*"))]  # fmt: skip
        outcomes.append(study.add([captured / "posts.ndjson", captured / "comments.ndjson"], rebuild=False))
        outcomes.append(study.add([typed], platform="rednote", time_zone=TYPED_ZONE, rebuild=False))
    for outcome in outcomes:
        if outcome.refused:
            raise InputError(outcome.refused)
    study.rebuild_corpus()
    return study.capture_lines()


def show(page: Path) -> bool:
    """Open a page in the browser where there is a desktop; says whether it did."""
    desktop = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(desktop) and webbrowser.open(page.resolve().as_uri())
