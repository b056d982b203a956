"""What of a simulated world is drawn: its states, its attention, its practices, its moderation, as panels over time."""

from __future__ import annotations

import numpy as np

from resilens.simulate import rates
from resilens.simulate.figures import Bars, Curve, Panel, ceiling
from resilens.simulate.looking import KINDS, Counts, Floats, Look
from resilens.simulate.macro import VISITORS, Path
from resilens.simulate.world import ACTIVE, GROUPS

POINTS = 320
"""Points of a curve."""
STATES = {"R": "R, absorbing", "A": "A, adapting", "C": "C, cosmopolitan"}
TITLES = {
    "tribute": "tributes", "introduction": "introductions", "ritual": "welcomes, receipts, thanks",
    "ledger": "ledgers compared", "everyday": "everyday life", "art": "art", "letter": "letters",
    "help": "guidance and help with language", "none": "no practice: small talk",
}  # fmt: skip
FEWEST = 20
"""Posts or comments of a week from which a share of them is drawn."""


def states(path: Path) -> list[Panel]:
    """Newcomers and hosts by state, and the chances that carry them on."""
    panels = []
    for place, group in enumerate(GROUPS):
        by_state = path.by_state(place)
        visitors = path.counts[:, place, VISITORS, 1:-1].sum(axis=-1)
        marks = [_curve(path, STATES[name], by_state[:, state], state) for state, name in enumerate(ACTIVE)]
        if visitors.any():
            marks.append(_curve(path, "visitors, who only look in", visitors, 3))
        panels.append(Panel(f"{group} there, by state", tuple(marks), height=130))
    crossing = rates.mixing(path.world, path.middles)
    chances = (("a tribute is welcomed", path.welcome), ("reciprocity a head", path.balance),
               ("a reply crosses groups", crossing))  # fmt: skip
    return panels + [Panel(name, (_curve(path, "", values, 0),), share=True, height=44, top=1.0)
                     for name, values in chances]  # fmt: skip


def attention(path: Path, look: Look) -> list[Panel]:
    """Views and discussions a day as the platform would show them, and posts and comments a day as written."""
    posts, comments = look.a_day()
    edges = np.arange(path.world.days + 1, dtype=np.float64)
    return [
        Panel("views a day", (_curve(path, "", path.views, 0),)),
        Panel("discussions a day", (_curve(path, "", path.discussions, 0),)),
        Panel("posts written a day", (Bars("", edges, posts.astype(np.float64), 1),), height=60),
        Panel("comments written a day", (Bars("", edges, comments.astype(np.float64), 1),), height=60),
    ]


def practices(look: Look) -> list[Panel]:
    """For each kind of practice the share of the posts of each week; all on one scale."""
    every = look.posts_a_week()
    shares = {kind: _shares(many, every) for kind, many in look.practices_a_week().items()}
    largest = max((float(np.nanmax(one)) for one in shares.values() if np.isfinite(one).any()), default=0.0)
    top = ceiling(largest, 0.01)
    bars = {kind: (Bars("", look.weeks, shares[kind]),) for kind in KINDS if kind in shares}
    return [Panel(TITLES[kind], drawn, share=True, height=44, top=min(top, 1.0)) for kind, drawn in bars.items()]


def moderation(look: Look) -> list[Panel]:
    """Hostile comments of each week: as a share of those written, and of those never removed."""
    written, heated, left, seen = look.hostility_a_week()
    marks = (Bars("hostile as written", look.weeks, _shares(heated, written), 1, hollow=True),
             Bars("hostile and never removed", look.weeks, _shares(seen, left), 1))  # fmt: skip
    return [Panel("hostile share of comments", marks, share=True, height=120)]


def _curve(path: Path, name: str, values: Floats, style: int) -> Curve:
    at = np.linspace(0.0, float(path.times[-1]), POINTS + 1)
    known = path.times if values.shape[-1] == path.times.size else path.middles
    return Curve(name, at, np.interp(at, known, values), style)


def _shares(some: Counts, every: Counts) -> Floats:
    """some / every; not a number where there are too few for a share."""
    enough = every >= FEWEST
    return np.where(enough, some / np.where(enough, every, 1), np.nan)
