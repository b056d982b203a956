"""How openly is politics spoken of, by whom and when, and is it turned aside where the groups meet?

Shares of items read that claim a political identity, speak of politics overtly, or deflect it, by their author's group
and period, posts and comments apart. Deflection rate: of the items coded as overt politics that have a direct reply,
read, of another group, the share of which at least one such reply deflects. What is seen is what was visible after
moderation and self-censorship.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from resilens.measures.directions import cautions, crossed, figure, found_of, label, shares_by, spoken_to, wanted
from resilens.measures.exchange.structure import Structure, structure_of
from resilens.measures.items import Flags
from resilens.measures.material import Material, missing_role, nothing_coded
from resilens.measures.registry import Measure
from resilens.measures.result_table import CHANGES, results_table
from resilens.measures.shares import Share, estimates, evidence, share_table
from resilens.results.tables import count, listing
from resilens.results.told import told_share
from resilens.results.types import Description, Estimate, Finding, Result, Undefined, in_unit

OVERT, DEFLECTION = "overt_politics", "deflection"
ROLES = ("identity_claim", OVERT, DEFLECTION)

VISIBLE = "visible after moderation and self-censorship"


def compute(material: Material) -> Finding:
    """The finding; see the module."""
    if reason := nothing_coded(material):
        return Finding("politics", {"politics": reason}, sentence=f"Politics: {reason.reason}.")
    sought, missing = wanted(material, ROLES)
    found, changes = shares_by(material, sought, by_group=True)
    rates = {rate_name(unit): deflection(material, unit) for unit in ("posts", "comments")}
    wide, narrow = _figure(material, found)
    caption = f"Share of items that touch on politics, {VISIBLE}, by group of their author. {material.design_caption}"
    tables = {"changes": results_table(CHANGES, changes, "share"),
              "deflection": results_table("Politics turned aside by the other group", rates, "share"),
              "groups": material.group_check}  # fmt: skip
    return Finding(
        "politics", estimates(found) | missing | changes | in_unit(rates, "share"),
        share_table("Politics by group", found, "By whom"), wide,
        evidence(material, [codes for _, codes in sought.values()]), METHOD, _sentence(material, found, rates),
        caption.strip(), (*cautions(material), *_cautions(material, rates)), tables, narrow,
    )  # fmt: skip


def rate_name(unit: str) -> str:
    """The name of a deflection rate among the estimates."""
    return f"deflection rate: {unit} with overt politics that the other group answered"


def deflection(material: Material, unit: str) -> Result:
    """Of the posts, or comments, with overt politics that another group answered, the share of which it deflected one.

    Only replies that were read count, so that it is a lower bound where some were not: then, where chances are known,
    a Description, since what some replies leave out cannot be weighed.
    """
    overt, turned = material.codes_of_role(OVERT), material.codes_of_role(DEFLECTION)
    if not overt or not turned:
        return missing_role(*(role for role, codes in ((OVERT, overt), (DEFLECTION, turned)) if not codes))
    items = material.items
    across = _across(material, turned)
    has, deflected = (_answered_by(items.answered, which, len(items)) for which in across)
    politics = material.marks(items, overt).there & (items.is_post if unit == "posts" else ~items.is_post)
    if not politics.any():
        return Undefined(f"no {unit.removesuffix('s')} with overt politics was read")
    which = politics & has
    if not which.any():
        return Undefined(f"none of the {unit} with overt politics has a reply of another group that was read")
    result = material.estimating.share(items.select(which), deflected[which])
    if isinstance(result, Estimate) and result.basis == "design" and _unread(material):
        why = "not all replies were read, so it is a lower bound"
        return Description(result.value, result.n_items, f"{result.frame} (no interval: {why})", "share")
    return result


def _across(material: Material, turned: Collection[str]) -> tuple[Flags, Flags]:
    """The replies read that cross from one known group to another, and those of them that deflect."""
    items, spoken = material.items, spoken_to(material)
    unknown = len(items.groups) - 1
    marks = material.marks(items, turned)
    across = ~items.is_post & (items.answered >= 0) & (items.group != unknown) & (spoken.to != unknown)
    across &= (items.group != spoken.to) & marks.known
    return across, across & marks.there


def _answered_by(answered: np.ndarray, replies: Flags, size: int) -> Flags:
    """Which items have one of these replies."""
    found = np.zeros(size, dtype=bool)
    found[answered[replies]] = True
    return found


def _unread(material: Material) -> int:
    """How many captured comments of the threads looked at were not read."""
    structure = structure_of(material)
    captured = int(structure.captured.sum()) if isinstance(structure, Structure) else 0
    return max(0, captured - len(material.comments))


def _figure(material: Material, found: Sequence[Share]) -> tuple[Any, Any]:
    """Overt politics by period, the others in all time; one series a group."""
    results, rows = found_of(found), []
    overt = set(material.codes_of_role(OVERT))
    for code, name in dict.fromkeys((one.key, one.label) for one in found):
        for unit, items in material.units():
            spans = [one.name for one in material.periods] if code in overt else []
            for span in spans or [""]:
                for place, group in enumerate(items.groups):
                    result = results.get((code, unit, f"by {group}, {span}" if span else f"by {group}"))
                    if result is not None and (items.group == place).any():
                        rows.append((f"{name}, {unit}{', ' if span else ''}{span}", label(material, group), result))
    return figure(material, rows, "Share of items")


def _sentence(material: Material, found: Sequence[Share], rates: Mapping[str, Result]) -> str:
    return " ".join(part for part in (_overt(material, found), _turned(rates)) if part)


def _overt(material: Material, found: Sequence[Share]) -> str:
    """How much overt politics there was, by group."""
    results, said = found_of(found), []
    for code in dict.fromkeys(one.key for one in found if one.key in material.codes_of_role(OVERT)):
        for unit, _ in material.units():
            told = ((group, results[code, unit, f"by {group}"]) for group in crossed(material))
            parts = [told_share(result, unit.removesuffix("s"), f"of {label(material, group)}")
                     for group, result in told if not isinstance(result, Undefined)]  # fmt: skip
            said += [listing(parts)] if parts else []
    if not said:
        return "Nothing can be said of overt politics from what was read."
    return f"Overt politics, as far as {VISIBLE}, was found in {'; in '.join(said)}."


def _turned(rates: Mapping[str, Result]) -> str:
    """How often politics was turned aside, as counts where there is no interval."""
    said = []
    for unit in ("posts", "comments"):
        rate = rates[rate_name(unit)]
        if not isinstance(rate, Undefined):
            said.append(told_share(rate, unit.removesuffix("s")))
    if not said:
        return ""
    return f"Of those that the other group answered, it turned politics aside under {listing(said)}."


def _cautions(material: Material, rates: Mapping[str, Result]) -> list[str]:
    said = [
        f"Politics is only {VISIBLE}: what was removed before the capture, and what was never written, is not seen."
    ]
    unread = _unread(material)
    if unread and not all(isinstance(rate, Undefined) for rate in rates.values()):
        said.append(f"{count(unread)} captured comments of these threads were not read; a deflection among them is not "
                    "counted, so the deflection rate may be too low.")  # fmt: skip
    return said


METHOD = (
    "Shares are of the posts, and of the comments, read by each group. The deflection rate is the share, among items "
    "coded as overt politics with at least one direct reply of another group that was read, of those with such a reply "
    "coded as deflection."
)

MEASURE = Measure(
    "politics", "Politics", "How openly is politics spoken of, by whom and when, and is it turned aside?", compute,
    stage="stage.transformation", uses=("codings", "groups"),
)  # fmt: skip
