"""What is this model, by the ODD protocol? A description written from the model's own parameters and their values.

`odd.md` holds the words with places for values: `$rates.mu` is a parameter by its place in the world file, `$code.X` a
constant of the code, `$table.X` a section of the world with the meaning of every key, `$said.X` a sentence that depends
on the world. No number is typed there, so a changed world changes the text.
"""

from __future__ import annotations

import datetime as dt
import re
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from importlib import resources
from typing import Any

from pydantic import BaseModel

from resilens import __version__
from resilens.results.tables import NOTHING
from resilens.simulate import content, histories, macro, rates
from resilens.simulate.identifiability import NOT_EVIDENCE
from resilens.simulate.patterns import WHAT
from resilens.simulate.simulation import Simulation
from resilens.simulate.targets import targets
from resilens.simulate.world import CLASSES, World

CODE: Mapping[str, float] = {
    "MARK_SHAPE": histories.MARK_SHAPE, "PEAK_HOUR": rates.PEAK_HOUR, "UNCONDITIONAL": macro.UNCONDITIONAL,
    "OTHERS": content.CALM,
}  # fmt: skip
"""Constants of the code that the text names."""


def describe(simulation: Simulation) -> str:
    """The description of a simulation's model, as Markdown."""
    words = resources.files("resilens.simulate").joinpath("odd.md").read_text("utf-8")
    return _Text(words).substitute(_Places(simulation))


def value_at(world: World, key: str) -> Any:
    """The value of a parameter by its place in the world file: `rates.mu`."""
    return reduce(getattr, key.split("."), world)


def said(value: Any) -> str:
    """A value as it is written for a reader."""
    match value:
        case None:
            return NOTHING
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return f"{value:,.10g}"
        case dt.datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case dict():
            return ", ".join(f"{name} {said(inner)}" for name, inner in value.items()) or NOTHING
        case tuple():
            return ", ".join(map(said, value)) or NOTHING
        case _:
            return str(value)


class _Text(string.Template):
    idpattern = r"[A-Za-z_]+(?:\.[A-Za-z_0-9]+)*"


class _Places(Mapping[str, object]):
    """What stands in each place of the text."""

    def __init__(self, simulation: Simulation) -> None:
        self._world, self._seed = simulation.world, simulation.seed

    def __getitem__(self, key: str) -> str:
        kind, _, name = key.partition(".")
        if kind == "code":
            return said(CODE[name])
        if kind == "table":
            return _table(self._world, name)
        if kind == "said":
            return {"seed": str(self._seed), "version": __version__}.get(name) or SENTENCES[name](self._world)
        return _plain(said(value_at(self._world, key)))

    def __iter__(self) -> Any:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError


def _table(world: World, name: str) -> str:
    """A section of the world as a table of its keys; the patterns; several sections as a table with a row for each."""
    if name == "patterns":
        return _rows(("pattern", "what it says"), WHAT.items())
    section = world if name == "world" else getattr(world, name)
    if isinstance(section, BaseModel):
        own = {field.alias or key: (getattr(section, key), field.description or "")
               for key, field in type(section).model_fields.items()}  # fmt: skip
        heading = "key" if name == "world" else f"`[{name}]`"
        plain = ((f"`{key}`", said(value), why) for key, (value, why) in own.items() if not _is_section(value))
        inside = [_several(key, value) for key, (value, _) in own.items() if name != "world" and _is_section(value)]
        return "\n\n".join([_rows((heading, "value", "meaning"), plain), *inside])
    return _several(name.removesuffix("s"), section)


def _several(name: str, sections: Sequence[BaseModel]) -> str:
    if not sections:
        return f"No `[[{name}]]`."
    fields = type(sections[0]).model_fields
    meant = "; ".join(f"`{key}`: {field.description.rstrip('.')}" for key, field in fields.items() if field.description)
    values = [[said(getattr(one, key)) for key in fields] for one in sections]
    return f"{_rows([f'`{key}`' for key in fields], values)}\n\nColumns of `[[{name}]]`. {meant}."


def _is_section(value: Any) -> bool:
    return isinstance(value, BaseModel) or (isinstance(value, tuple) and bool(value) and _is_section(value[0]))


def _rows(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(_plain(cell) for cell in line)} |" for line in lines)


def _plain(words: str) -> str:
    """Words that neither break a table nor begin a tag."""
    return re.sub(r"\s*\n\s*", " ", words).strip().replace("|", "\\|").replace("<", "&lt;")


def _classes(world: World, group: int) -> str:
    community, name = world.groups[group], ("newcomers", "hosts")[group]
    shares = (1.0 - community.visitors - community.residents, community.visitors, community.residents)
    parts = [f"{share:.0%} {kind}" for share, kind in zip(shares, CLASSES, strict=True) if share]
    return f"of the {name} {', '.join(parts)}"


def _event(world: World) -> str:
    if world.event.quiet:
        return "The world is quiet: there is no event, nobody arrives by a shock, and nothing changes with time."
    postponed = world.event.postponed
    end = f"is put off on {said(postponed)} (t_p)" if postponed else "is not put off"
    return f"The crisis comes due on {said(world.event.deadline)} (t_d) and {end}."


def _salience(world: World) -> str:
    if world.event.quiet:
        return "0 throughout: this world is quiet"
    own = world.rates
    fall = said(own.tau_dn) if world.event.postponed else f"({said(rates.AFTERMATH)} x {said(own.tau_dn)})"
    why = "" if world.event.postponed else ", as it is not postponed"
    return f"exp((t - t_d) / {said(own.tau_up)}) up to the deadline, exp(-(t - t_d) / {fall}) after it{why}"


def _newcomers_join(world: World) -> str:
    own = world.rates
    if world.event.quiet:
        return f"{said(own.p)}, at any time"
    power = said(world.newcomers.visitor_power)
    return f"S ({said(own.p)} + {said(own.q)} n / M_n), M_n = {said(own.M_n)}; visitors with S to the power {power}"


def _hosts_join(world: World) -> str:
    own = world.rates
    return f"{said(own.p)}, at any time" if world.event.quiet else f"{said(own.phi)} x {said(own.q_h)} n / M_n"


def _novelty(world: World) -> str:
    own = world.rates
    if world.event.quiet:
        return "1 throughout"
    fading = f"(1 - {said(own.lasting)}) exp(-(t - t_on) / {said(own.tau_a)})"
    return f"{said(own.lasting)} + {fading} from t_on = {rates.onset(world):.1f} on, 1 before it"


def _translation(world: World) -> str:
    if world.event.translation is None:
        return "0: translation never arrives"
    return f"1 / (1 + exp(-(t - t_T) / {said(rates.SWITCH)})), with t_T = {said(world.event.translation)}"


def _visible(world: World) -> str:
    if not world.moderation.on:
        return f"{said(world.rates.psi)}: nothing is removed"
    return f"{said(world.rates.psi)} / (1 + {said(world.rates.nu)})"


def _removal(world: World) -> str:
    own = world.moderation
    if not own.on:
        return "There is no moderation: nothing is removed."
    return (f"Hostile comments are removed with probability nu / (1 + nu), nu = {said(world.rates.nu)}, others with "
            f"{said(own.other_removed)}, after an exponential delay with a mean of {said(own.removal_hours)} hours; a "
            f"share of {said(own.reported)} follows reports.")  # fmt: skip


def _stages(world: World) -> str:
    if world.stages.mode == "emergent":
        return "The stage of an item is the state of its author, so stages begin gradually."
    begin = " and ".join(map(said, world.stages.change_points))
    return f"Stages are prescribed: the second and third begin on {begin}."


def _capture(world: World) -> str:
    own = world.observation
    if own.capture == "all":
        return "All threads that can be seen are captured."
    rankings = ", ".join(own.rankings)
    return (f"Searches of each hashtag by {rankings} return {said(own.depth)} posts at most, in the order of the count "
            f"(standardised logarithm, weight {said(own.popularity_bias)}) and noise.")  # fmt: skip


def _targets(world: World) -> str:
    used = sum(one.use for one in targets(world.name))
    if not used:
        return "No public figures are on record for this world."
    return f"Its rates were fitted to {used} public figures about the event (targets.toml), which pattern P12 repeats."


SENTENCES: Mapping[str, Callable[[World], str]] = {
    "not_evidence": lambda world: NOT_EVIDENCE,
    "newcomers": lambda world: f"{world.users * world.newcomer_share:,.0f}",
    "families": lambda world: ", ".join(content.FAMILIES),
    "newcomer_classes": lambda world: _classes(world, macro.NEWCOMERS),
    "host_classes": lambda world: _classes(world, macro.HOSTS),
    "conditional": lambda world: said(1.0 - macro.UNCONDITIONAL),
    "event": _event, "salience": _salience, "newcomers_join": _newcomers_join, "hosts_join": _hosts_join,
    "novelty": _novelty, "translation": _translation, "visible": _visible, "removal": _removal,
    "stages": _stages, "capture": _capture, "targets": _targets,
}  # fmt: skip
"""Sentences that depend on the world."""
