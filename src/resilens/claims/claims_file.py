"""How do claims look as `claims.toml`, and what does a hand-edited one say, line by line?"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Self, TypeAlias

from pydantic import Field, model_validator

from resilens.claims.ledger import STATUSES, Claim, Seen, body_of, in_order
from resilens.record.events import canonical
from resilens.study.consistency import InconsistentError
from resilens.study.lines import lines_of
from resilens.study.reading import read_as
from resilens.study.toml_text import written
from resilens.study.values import Section, Text

NAME = "claims.toml"

Place: TypeAlias = tuple[str | int, ...]
"""Where in a claim something stands, the claim's id first: `("tribute", "evidence_for", 1)`."""


class ClaimsFile(Section):
    """What `claims.toml` holds."""

    state: Text = Field("", description="Which claims the file was written from.")
    claims: tuple[Claim, ...] = Field((), alias="claim", description="The claims.")

    @model_validator(mode="after")
    def _ids_are_their_own(self) -> Self:
        first: dict[str, int] = {}
        found = []
        for index, claim in enumerate(self.claims):
            if claim.id in first:
                words = f"the same as in claim {first[claim.id] + 1}; each must be its own"
                found.append((("claim", index, "id"), words))
            first.setdefault(claim.id, index)
        if found:
            raise InconsistentError(found)
        return self


def state_of(claims: Sequence[Claim]) -> str:
    """Twelve hexadecimal digits that stand for these claims, whatever their order."""
    return hashlib.sha256(canonical([body_of(claim) for claim in in_order(claims)]).encode()).hexdigest()[:12]


def read(path: Path) -> ClaimsFile:
    """What the file says.

    Raises
    ------
    InputError
        With every fault, each as `claims.toml:17: claim[2].evidence_for[1]: 'codes:x' is no reference; did you ...`.
    """
    return read_as(ClaimsFile, path)


def to_toml(claims: Sequence[Claim]) -> str:
    """The claims as TOML: a head that explains the keys, one key a line, what is empty left out.

    Where there is no claim yet, an example stands below the head, as a comment.
    """
    blocks = [f"{_head()}\nstate = {written(state_of(claims))}\n", *map(_block, in_order(claims))]
    return "\n".join(blocks if claims else [*blocks, EXAMPLE])


def _block(claim: Claim) -> str:
    lines = ["[[claim]]"]
    for key, value in body_of(claim).items():
        name = {"claim_id": "id", "statement": "text"}.get(key, key)
        if name == "findings" or value in ("", []):
            continue
        lines += _listed(name, value) if isinstance(value, list) and len(value) > 1 else [f"{name} = {written(value)}"]
    return "\n".join([*lines, *(line for seen in claim.findings for line in _seen(seen))]) + "\n"


def _listed(name: str, entries: Sequence[str]) -> list[str]:
    """A list with an entry a line, so that a difference between two versions shows one entry."""
    return [f"{name} = [", *(f"    {written(entry)}," for entry in entries), "]"]


def _seen(seen: Seen) -> list[str]:
    values = seen.model_dump(exclude={"of"})
    kept = {"of": str(seen.of)} | {name: value for name, value in values.items() if value not in (None, "")}
    return ["", "[[claim.finding]]", *(f"{name} = {written(value)}" for name, value in kept.items())]


def places(path: Path) -> dict[Place, int]:
    """The line of every key of every claim in a file that `read` reads, and of the claim itself under its id alone."""
    source = path.read_bytes().decode("utf-8-sig")
    claims = tomllib.loads(source).get("claim", [])
    found: dict[Place, int] = {}
    for location, line in lines_of(source).items():
        if len(location) > 1 and isinstance(location[1], int):
            found[(claims[location[1]]["id"].strip(), *location[2:])] = line
    return found


def _head() -> str:
    keys = "".join(f"#   {field.alias or name:<18}{field.description}\n" for name, field in Claim.model_fields.items())
    statuses = "".join(f"#   {name:<18}{meaning}\n" for name, meaning in STATUSES.items())
    return HEAD.format(keys=keys, statuses=statuses)


HEAD = """\
# The claims of the study, as the record has them. Edit this file by hand: the next command takes your edit in.
# Leave the line `state` as it is: it says which claims you began from. Claims are kept in the order of their ids;
# comments of your own are not kept when the file is written anew.
#
# A [[claim]] has these keys; id and text are needed:
{keys}#
# The status is one of these:
{statuses}#
# Evidence is written so:
#   rednote:p:6785e350                 a post; rednote:c:... a comment
#   rednote:c:67860c1b [10:25]         its words from code point 10 up to 25; [title 0:8] those of a post's title
#   a-c2fxk3m7q5w4z6ab                 an item by its id in this study
#   measure:practices                  a finding; measure:practices/NAME one of its estimates
#   condition:NAME  lead:ID  memo:ID  code:ID
#
# When a finding has moved since a claim was written, `resilens check` says so. If the claim still holds, delete its
# block [[claim.finding]]: it is filled in anew.
"""

EXAMPLE = """\
# For example:
#
# [[claim]]
# id = "tribute"
# text = "By paying the cat tax newcomers take a humble part, and are welcomed for it."
# question = "practices"
# stage = "stage.absorption"
# status = "tentative"
# puzzle = "People who flee a ban begin with pictures of cats, not with politics."
# rivals = ["The ranking favours pictures of cats."]
# evidence_for = ["code:practice.tribute"]
"""
