"""What were a finding's values when a claim was written, what are they now, and has it moved in between?

Findings are read from `results/measures/NAME.json`, where `measures.computing` keeps them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path

from resilens.claims.ledger import Claim, Seen
from resilens.claims.references import Reference
from resilens.errors import Fault, InputError
from resilens.results.findings import finding_from_dict
from resilens.results.types import Estimate, Finding, Undefined

DIGITS = 3
"""Significant digits that count: a difference that rounding to so many may make is none."""


def read_findings(results: Path) -> dict[str, Finding]:
    """The findings under a study's `results` folder, by the name of the measure.

    Raises
    ------
    InputError
        With every file that cannot be read; they are derived, so measuring anew mends them.
    """
    found: dict[str, Finding] = {}
    faults = []
    for path in sorted((results / "measures").glob("*.json")):
        try:
            finding = finding_from_dict(json.loads(path.read_bytes())["finding"])
            found[finding.name] = finding
        except (ValueError, KeyError, TypeError) as error:
            words = f"is damaged ({error}); `resilens measure` makes it anew"
            faults.append(Fault(words, f"results/measures/{path.name}"))
    if faults:
        raise InputError(faults)
    return found


def seen_now(cited: Reference, findings: Mapping[str, Finding]) -> Seen | None:
    """What a cited finding is now, as a claim keeps it; None where it has not been computed."""
    finding = findings.get(cited.name)
    if finding is None:
        return None
    if not cited.estimate:
        return Seen.model_validate({"of": cited, "sentence": finding.sentence}) if finding.sentence.strip() else None
    result = finding.estimates.get(cited.estimate)
    if result is None:
        return None
    if isinstance(result, Undefined):
        return Seen.model_validate({"of": cited, "undefined": result.reason})
    ends = {"low": float(result.low), "high": float(result.high)} if isinstance(result, Estimate) else {}
    return Seen.model_validate({"of": cited, "value": float(result.value), **ends})


def completed(claim: Claim, findings: Mapping[str, Finding]) -> Claim:
    """The claim with what its findings are now, where it does not say yet what they were; others are left as they are.

    What it keeps of findings it no longer cites goes.
    """
    kept = (claim.seen(cited) or seen_now(cited, findings) for cited in claim.cited_findings)
    return claim.with_findings([seen for seen in kept if seen])


def moved(then: Seen, now: Seen) -> str:
    """How a finding has moved since the claim was written, old and new; empty where it has not.

    - A value has moved when it lies outside the recorded interval by more than rounding; where no interval was
      recorded, the interval is the value alone. Rounding is half a unit of the third significant digit of the recorded
      value (of 0.312: 0.0005); from a recorded zero every other value has moved.
    - A value that has become undefined, or the other way round, has moved; a reason that reads otherwise has not.
    - A finding cited as a whole has moved when its sentence reads otherwise.
    """
    if then.value is not None and now.value is not None:
        ends = [then.value, *(end for end in (then.low, then.high) if end is not None)]
        low, high = min(ends), max(ends)  # a bias-corrected interval may leave its own value out
        outside = max(low - now.value, now.value - high, 0.0)
        same = outside <= _rounding(then.value) or math.isclose(outside, _rounding(then.value), rel_tol=1e-9)
    elif then.value is None and now.value is None:
        same = then.sentence == now.sentence
    else:
        same = False
    return "" if same else f"was {then}, is now {now}"


def _rounding(value: float) -> float:
    """Half a unit of the last significant digit that counts."""
    return 0.5 * 10.0 ** (math.floor(math.log10(abs(value))) - DIGITS + 1) if value else 0.0
