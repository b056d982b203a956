"""What does a simulated world look like? One page that opens offline, and the description of its model beside it.

The curves come from the macro path, in full; what is counted in posts and comments comes from a bounded look at whole
threads (`looking`), and the page says how far it went.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

import numpy as np

from resilens import __version__, files
from resilens.errors import Fault, InputError
from resilens.results.tables import Column, Table, Value, count, counted, share
from resilens.results.time_axis import NARROW, WIDE, letter
from resilens.simulate import charts, figures, odd, page
from resilens.simulate.difficulty import lexica
from resilens.simulate.examples import Example, Said, examples
from resilens.simulate.figures import Panel
from resilens.simulate.identifiability import LEARNED, NOT_EVIDENCE, taught
from resilens.simulate.looking import Look, look
from resilens.simulate.pictures import LARGE
from resilens.simulate.simulation import Simulation
from resilens.simulate.world import GROUPS

PAGE = "overview.html"
DESCRIPTION = "ODD.md"
KINDS = {"tribute": "A tribute", "ledger": "A ledger", "letter": "A letter"}
FOLDER = (
    ("overview.html", "this page"),
    ("ODD.md", "the model described by the ODD protocol, from this world's own parameters"),
    ("study.toml", "a study of this world, declared synthetic"),
    ("simulated", "the capture: posts and comments as seen on the day of collection"),
    ("media", "the placeholder pictures that posts name"),
    ("truth", "what is true of every item and account, the path, the events; no analysis reads it"),
    ("codings.csv", "what two coders made of some threads"),
    ("world.json", "every parameter"),
    ("meta.json", "seed, version, counts, and what a lexicon should find"),
)


def write_overview(simulation: Simulation, folder: Path) -> Path:
    """Write `overview.html` and `ODD.md` into the folder of a simulation.

    The same world and seed give the same bytes, as long as the same files lie in the folder.

    Parameters
    ----------
    folder
        Where `writing.write` wrote the simulation.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    looked = look(simulation)
    try:
        files.write_text(folder / DESCRIPTION, odd.describe(simulation))
        files.write_text(folder / PAGE, overview(looked, folder))
    except OSError as error:
        raise InputError(Fault(f"cannot be written: {error.strerror}", str(folder))) from error
    return folder / PAGE


def overview(look: Look, folder: Path) -> str:
    """The whole page as HTML."""
    simulation, world = look.simulation, look.simulation.world
    sections: tuple[tuple[str, str, Callable[[], Sequence[str]]], ...] = (
        ("world", "This world", lambda: _world(simulation)),
        ("states", "The path of states", lambda: _states(simulation)),
        ("teach", "What figures can teach", lambda: _identifiability(simulation)),
        ("attention", "Attention", lambda: _attention(look)),
        ("practices", "Practices", lambda: _practices(look)),
        ("moderation", "Moderation", lambda: _moderation(look)),
        ("threads", "Threads", lambda: _threads(look)),
        ("difficulty", "How hard the text is", lambda: _difficulty(look)),
        ("coders", "The coders", lambda: _coders(simulation)),
        ("folder", "In this folder", lambda: _folder(simulation, folder)),
    )
    return page.page(
        world.title, world.description.strip() or "A made-up world.",
        f"World {world.name}, seed {simulation.seed}; Resilens {__version__}.",
        [(name, title) for name, title, _ in sections],
        [page.section(name, title, *parts()) for name, title, parts in sections],
    )  # fmt: skip


def _world(simulation: Simulation) -> list[str]:
    world, users = simulation.world, simulation.users
    rows: list[tuple[Value, ...]] = []
    for place, (group, community) in enumerate(zip(GROUPS, world.groups, strict=True)):
        own = users.group == place
        reached = [int(np.isfinite(times[own]).sum()) for times in (users.joined, users.adapted, users.cosmopolitan)]
        there = int((own & np.isfinite(users.joined) & (users.left >= world.days)).sum())
        pool = (world.rates.M_n, world.rates.M_h)[place]
        rows.append((group, community.language, round(pool), int(own.sum()), *reached, there))
    columns = [Column("group", "Group"), Column("language", "Writes"), Column("pool", "Pool", "count"),
               Column("accounts", "Accounts simulated", "count"), Column("join", "Join", "count"),
               Column("adapt", "Reach A", "count"), Column("cosmopolitan", "Reach C", "count"),
               Column("there", "There at the end", "count")]  # fmt: skip
    last = simulation.world.days
    event = f"{world.event.name}. " if not world.event.quiet else "Nothing happens: a world without an event. "
    words = (f"{event}The world runs for {last} days from {world.start:%-d %B %Y} on the platform {world.platform}; "
             f"its clock is {world.zone}. Curves are at the scale of the pools; accounts and threads are a sample of "
             "that scale.")  # fmt: skip
    happened = "".join(
        f"<li>{page.text(one.name)}, {_moment(simulation, one.day)}</li>" for one in figures.moments(world))
    return [
        page.paragraph(words[0].upper() + words[1:]),
        page.table(Table("Who may come, and who does", columns, rows), "groups"),
        f"{page.paragraph('Lettered in every figure:')}\n<ol class=\"moments\">{happened}</ol>" if happened else "",
    ]  # fmt: skip


def _states(simulation: Simulation) -> list[str]:
    panels = charts.states(simulation.path)
    caption = (f"How many people of each group are there, by state, and what carries them on.{_root(panels)} "
               "Visitors only look in: nobody meets them. Everything here follows from the parameters; the next "
               "section says which of them could be learned from data.")  # fmt: skip
    return [_figure(simulation, "states-figure", panels, "People by group and state over time", caption)]


def _identifiability(simulation: Simulation) -> list[str]:
    by_public, by_corpus = (sum(getattr(one, name) for one in taught()) for name in ("by_public", "by_corpus"))
    rows = [(one.key.split(".")[-1], "public figures" if one.by_public else "corpus" if one.by_corpus else "–",
             odd.said(odd.value_at(simulation.world, one.key)), one.prior, one.after, one.public, one.corpus)
            for one in taught()]  # fmt: skip
    columns = [Column("key", "Parameter", "code"), Column("taught", "Taught by"), Column("value", "Here"),
               Column("prior", "Assumed range"), Column("after", "After figures"),
               Column("public", "Left: figures", "decimal"),
               Column("corpus", "Left: corpus", "decimal")]  # fmt: skip
    notes = (f"Left: spread of the posterior as a share of the prior's (log scale); taught where below {LEARNED:g}.",
             "Figures: 15 public ones, with 90 % ranges; corpus: 25 statistics of a coded one, known to 15 %.",
             "Measured on the prototype of this model for January 2025, not anew for this world.")  # fmt: skip
    return [
        page.paragraph(f"Public figures teach {by_public} of {len(taught())} parameters, a coded corpus {by_corpus}; "
                       "all others keep the value they were given."),
        page.paragraph(NOT_EVIDENCE, "caution"),
        page.table(Table("What data teach about each parameter", columns, rows, notes), "identifiability"),
    ]  # fmt: skip


def _attention(look: Look) -> list[str]:
    panels = charts.attention(look.simulation.path, look)
    caption = ("Views and discussions at the scale of the pools; posts and comments as written in what was read."
               f"{_root(panels)}")  # fmt: skip
    return [page.paragraph(_read(look)),
            _figure(look.simulation, "attention-figure", panels, "Attention over time", caption)]  # fmt: skip


def _practices(look: Look) -> list[str]:
    panels = charts.practices(look)
    if not panels:
        return [page.paragraph("No posts were written.")]
    caption = (f"Share of the posts of each week that take up each kind of practice, all on one scale; weeks with "
               f"fewer than {charts.FEWEST} posts are left out. Truth, not coding.")  # fmt: skip
    return [_figure(look.simulation, "practices-figure", panels, "Practices over time", caption)]


def _moderation(look: Look) -> list[str]:
    world = look.simulation.world
    if not look.comments:
        return [page.paragraph("No comments were written.")]
    written, heated, left, seen = (int(counts.sum()) for counts in look.hostility_a_week())
    words = (f"Of {count(written)} comments {count(heated)} are hostile ({share(heated / written)}); of the "
             f"{count(left)} that were never removed, {count(seen)} ({share(seen / max(1, left))}).")  # fmt: skip
    if not world.moderation.on:
        words += " This world has no moderation: nothing is removed."
    caption = f"Week by week; weeks with fewer than {charts.FEWEST} comments are left out."
    return [page.paragraph(words),
            _figure(look.simulation, "moderation-figure", charts.moderation(look), "Hostile comments over time",
                    caption)]  # fmt: skip


def _threads(look: Look) -> list[str]:
    found = examples(look)
    if not found:
        return [page.paragraph("No thread of a tribute, a ledger or a letter with a few comments was written.")]
    words = ("Chosen for being short. Beside each author: the group, and R, A or C for the state; beneath: what the "
             "item truly does, which no captured file says. Struck through: removed.")  # fmt: skip
    return [page.paragraph(words), *(_thread(one) for one in found)]


def _thread(example: Example) -> str:
    said = "\n".join(map(_said, example.said))
    return f'<h3>{escape(KINDS[example.kind])}</h3>\n<ol class="thread">\n{said}\n</ol>'


def _said(one: Said) -> str:
    gone = f' <span class="gone">{escape(one.removed)}</span>' if one.removed else ""
    who = (f'<p class="who"><b>{escape(one.author)}</b> {one.group.removesuffix("s")}, {one.state} · '
           f"{one.at:%-d %b %H:%M}{gone}</p>")  # fmt: skip
    words = page.text(one.text) or "(no words)"
    title = f'<p class="title">{page.text(one.title)}</p>' if one.title else ""
    spoken = f"<p><del>{words}</del></p>" if one.removed else f"<p>{words}</p>"
    does = f'<p class="does">{escape(", ".join(one.codes))}</p>' if one.codes else ""
    return f'<li style="--depth: {min(one.depth, 6)}">{_pictured(one)}{who}{title}{spoken}{does}</li>'


def _pictured(one: Said) -> str:
    if not one.picture:
        return ""
    data = base64.b64encode(one.picture).decode()
    return f'<img src="data:image/png;base64,{data}" width="96" height="96" alt="SYNTHETIC: a placeholder picture">'


def _difficulty(look: Look) -> list[str]:
    text = look.simulation.world.text
    found, among = lexica(look)
    rows = [(one.code, one.items, one.expected_recall, one.recall, one.expected_precision, one.precision)
            for one in found]  # fmt: skip
    columns = [Column("code", "Lexicon of", "code"), Column("items", "Items", "count"),
               Column("expected_recall", "Recall expected", "share"), Column("recall", "measured", "share"),
               Column("expected_precision", "Precision expected", "share"),
               Column("precision", "measured", "share")]  # fmt: skip
    notes = (f"Searched: titles and texts without hashtags of {counted(among, 'item')}. Items: those that truly carry "
             "the code. With few items, measured shares scatter widely.",)  # fmt: skip
    words = (f"A term of its lexicon stands in {share(text.cue_share, 0)} of a code's items (cue_share), a term "
             f"without its meaning in {share(text.confuser_rate)} of all items (confuser_rate); "
             f"{share(text.wordless, 0)} have no words, {share(text.typos, 0)} a slip of the keyboard.")  # fmt: skip
    return [page.paragraph(words), page.table(Table("What each code's lexicon finds", columns, rows, notes), "lexica")]


def _coders(simulation: Simulation) -> list[str]:
    coders = simulation.world.coders
    rows = list(zip(coders.names, coders.sensitivity, coders.false_share, strict=True))
    columns = [Column("coder", "Coder"), Column("sensitivity", "Gives a code that is true", "share"),
               Column("false_share", "Gives one that is not", "share")]  # fmt: skip
    notes = ("Each code of each item independently. A code that relates two items is never given by mistake.",)
    return [page.table(Table("Errors of the two coders, as stated", columns, rows, notes), "errors")]


def _folder(simulation: Simulation, folder: Path) -> list[str]:
    rows = [(name, what) for name, what in FOLDER if name in (PAGE, DESCRIPTION) or (folder / name).exists()]
    columns = [Column("name", "Name", "code"), Column("what", "What it is")]
    notes = [] if simulation.world.items < LARGE else [
        f"Pictures that posts name are not drawn for worlds of {count(LARGE)} items or more."]
    return [page.table(Table("Files and folders beside this page", columns, rows, notes), "files")]


def _read(look: Look) -> str:
    read = f"{counted(look.posts, 'post')} and {counted(look.comments, 'comment')}"
    if look.whole:
        return f"Figures of posts and comments, and the threads and lexica below, are made from all {read}."
    return (f"This world is large: figures of posts and comments, and the threads and lexica below, are made from the "
            f"first {read}, whole threads of exchangeable accounts, and not from all that was written.")  # fmt: skip


def _root(panels: Sequence[Panel]) -> str:
    if not any(panel.root for panel in panels):
        return ""
    return " Where the axis has its tick at a quarter, the scale is that of the square root, so that the tail shows."


def _figure(simulation: Simulation, name: str, panels: Sequence[Panel], label: str, caption: str) -> str:
    world = simulation.world
    drawn = {"wide": figures.over_time(world, panels, WIDE), "narrow": figures.over_time(world, panels, NARROW)}
    letters = "; ".join(f"{letter(place)}, {one.name}" for place, one in enumerate(figures.moments(world)))
    return page.figure(name, drawn, f"SYNTHETIC. {label}", caption + (f" Dashed: {letters}." if letters else ""))


def _moment(simulation: Simulation, day: float) -> str:
    return f"{simulation.world.opens + dt.timedelta(days=day):%-d %B %Y, %H:%M}"
