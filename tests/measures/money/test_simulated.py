"""How well are amounts found in texts that were written to claim known ones? The parser never sees the simulator."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from resilens.measures.money import amounts
from resilens.measures.money.purposes import purpose
from resilens.simulate.bank import things
from resilens.simulate.money import CURRENCIES
from resilens.simulate.simulation import Simulation
from resilens.simulate.world import world

CENT = 0.011
Claim = tuple[str, float, float, str]


def written(name: str, seed: int) -> Iterator[Claim]:
    """Every text with the amount it was written to claim; NaN where it claims none."""
    for batch in Simulation(world(name), seed).batches():
        for texts in (batch.post_texts, batch.comment_texts):
            for text, low, high, currency in zip(
                texts.text.to_pylist(), texts.low, texts.high, texts.currency, strict=True
            ):
                yield text or "", float(low), float(high), CURRENCIES[currency]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tiktok-refugees", "quiet"])
def test_claimed_amounts_are_found_and_hardly_anything_else(name: str) -> None:
    claims = right = surplus = silent = invented = 0
    for text, low, high, currency in written(name, seed=11):
        found = amounts(text)
        if np.isnan(low):
            silent, invented = silent + 1, invented + len(found)
            continue
        claims += 1
        fits = [abs(float(one.low) - low) < CENT and abs(float(one.high) - high) < CENT and one.currency == currency
                for one in found]  # fmt: skip
        right, surplus = right + any(fits), surplus + len(found) - any(fits)
    recall, precision = right / claims, right / (right + surplus + invented)
    print(f"{name}: {claims} claims, recall {recall:.4f}, precision {precision:.4f} ({surplus} more amounts beside a "
          f"claim, {invented} in {silent} texts without one)")  # fmt: skip
    assert claims > 800
    assert recall > 0.995
    assert precision > 0.98  # what is over are mostly amounts that phrases name in passing: 公交一趟几毛
    assert invented / silent < 0.001


MEANT = {"eggs": "eggs", "rent": "rent", "food shopping": "groceries", "a tank of petrol": "petrol",
         "an ambulance ride": "ambulance", "an MRI": "health", "insulin": "insulin",
         "a filling at the dentist": "health",
         "my pay": "salary", "my second job": "hours of work", "overtime": "hours of work"}  # fmt: skip
"""What the closed list calls the simulator's things."""


@pytest.mark.slow
def test_what_an_amount_is_for_is_mostly_told_and_seldom_wrong() -> None:
    names = [thing["name"] for thing in things("en")]
    asked = right = empty = 0
    for batch in Simulation(world("quiet"), 11).batches():
        texts = batch.comment_texts
        for text, thing, low in zip(texts.text.to_pylist(), texts.thing, texts.low, strict=True):
            for one in amounts(text or "") if not np.isnan(low) else ():
                if abs(float(one.low) - low) < CENT:
                    found = purpose(text, one.start, one.end)
                    asked, right, empty = asked + 1, right + (found == MEANT[names[thing]]), empty + (not found)
                    break
    print(f"{asked} amounts, purpose right {right / asked:.3f}, not said in the sentence {empty / asked:.3f}")
    assert right / asked > 0.85
    assert (asked - right - empty) / asked < 0.08
