"""What is a claim, and which claims are there? The ledger: what the researchers conclude, and on what evidence.

Every key is described here and only here: the head of `claims.toml` is made from these descriptions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Annotated, Any, Literal, Self, TypeAlias, get_args

from pydantic import BeforeValidator, Field, StringConstraints, field_validator, model_validator

from resilens.claims.references import EVIDENCE, LED_TO, Reference, parse
from resilens.results.tables import counted
from resilens.study.values import Section, Text

Status: TypeAlias = Literal["tentative", "supported", "contested", "refuted", "withdrawn"]

STATUSES: dict[str, str] = {
    "tentative": "a conjecture, still to be tried against evidence",
    "supported": "the evidence speaks for it, and more so than for its rivals",
    "contested": "evidence speaks for it and against it",
    "refuted": "the evidence speaks against it",
    "withdrawn": "given up for another reason; no longer checked",
}
"""The closed list of what a claim may be, each with its meaning."""

assert tuple(STATUSES) == get_args(Status)

CLAIM_ID = re.compile(r"[^\W_][\w.-]*")


def _reference(written: object) -> object:
    if isinstance(written, Reference):
        return written
    if not isinstance(written, str):
        raise ValueError(f"expected a reference in quotation marks, not {written!r}")
    return parse(written)


def _name(written: str) -> str:
    if not CLAIM_ID.fullmatch(written):
        raise ValueError(f"{written!r} is no id; use letters, digits, full stops, hyphens and underscores")
    return written


Cited = Annotated[Reference, BeforeValidator(_reference)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Seen(Section):
    """What a cited finding was when the claim was written; filled in by Resilens."""

    of: Cited = Field(description="The finding, as the claim cites it.")
    value: Number | None = Field(None, description="Its value.")
    low: Number | None = Field(None, description="The lower end of its interval, where it had one.")
    high: Number | None = Field(None, description="The upper end.")
    undefined: Text = Field("", description="Why there was no value.")
    sentence: Text = Field("", description="Of a finding as a whole: what it said.")

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        if self.of.kind != "measure":
            raise ValueError(f"{self.of} is no finding; write measure:NAME/ESTIMATE")
        if (self.value is not None) + bool(self.undefined) + bool(self.sentence) != 1:
            raise ValueError("give value, undefined or sentence, one of them; without this block it is filled in anew")
        if (self.low is None) != (self.high is None) or (self.low is not None and self.value is None):
            raise ValueError("low and high go together, and with value")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"the interval [{self.low}, {self.high}] is reversed")
        return self

    def __str__(self) -> str:
        if self.value is None:
            return f"undefined ({self.undefined})" if self.undefined else f"“{self.sentence}”"
        if self.low is None or self.high is None:
            return _number(self.value)
        return f"{_number(self.value)} [{_number(self.low)}, {_number(self.high)}]"


def _number(value: float) -> str:
    """A number with four digits that count, or all of a large one's."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


class Claim(Section):
    """A claim as a whole. Texts lose blanks at their ends; references are kept as `references.parse` reads them."""

    id: Words = Field(description="A short name that stays.")
    text: Words = Field(description="The claim, in a sentence or two.")
    question: Text = Field("", description="The id of the question of study.toml that it answers.")
    stage: Text = Field("", description="The id of the stage code that it speaks of; left out where of none.")
    status: Status = Field("tentative", description="What the evidence makes of it; see below.")
    puzzle: Text = Field("", description="What was surprising, so that the claim is needed to explain it.")
    rivals: tuple[Words, ...] = Field((), description="Other explanations of the same, a list.")
    evidence_for: tuple[Cited, ...] = Field((), description="What speaks for it, a list of references.")
    evidence_against: tuple[Cited, ...] = Field((), description="What speaks against it, a list of references.")
    led_to: tuple[Cited, ...] = Field((), description="Codes and claims that it led to: code:ID, claim:ID.")
    findings: tuple[Seen, ...] = Field((), alias="finding", description="What cited findings were; filled in.")

    _id = field_validator("id")(_name)

    @field_validator("evidence_for", "evidence_against")
    @classmethod
    def _may_be_evidence(cls, cited: tuple[Reference, ...]) -> tuple[Reference, ...]:
        return _of_kinds(cited, EVIDENCE, "a claim is no evidence; cite what that claim rests on")

    @field_validator("led_to")
    @classmethod
    def _may_be_led_to(cls, cited: tuple[Reference, ...]) -> tuple[Reference, ...]:
        return _of_kinds(cited, LED_TO, "a claim leads to codes and claims: code:ID, claim:ID")

    @property
    def evidence(self) -> tuple[Reference, ...]:
        """What speaks for it, then what speaks against it."""
        return self.evidence_for + self.evidence_against

    @property
    def cited_findings(self) -> tuple[Reference, ...]:
        """The findings and estimates it cites, each once."""
        return tuple(dict.fromkeys(one for one in self.evidence if one.kind == "measure"))

    def seen(self, cited: Reference) -> Seen | None:
        """What a finding was when the claim was written, None where that was not known."""
        return next((seen for seen in self.findings if seen.of == cited), None)

    def leans_on(self, item_id: str) -> bool:
        """Whether the item, or a span of it, is among its evidence."""
        return any(one.of_item and one.name == item_id for one in self.evidence)

    def with_findings(self, findings: Sequence[Seen]) -> Claim:
        """The same claim with other values of its findings."""
        return self.model_copy(update={"findings": tuple(findings)})

    def __str__(self) -> str:
        sides = f"{len(self.evidence_for)} for, {len(self.evidence_against)} against"
        about = ", ".join(filter(None, (self.question, self.stage)))
        return f"{self.id} ({self.status}; {sides}{f'; {about}' if about else ''}): {self.text}"

    def _repr_html_(self) -> str:
        def side(name: str, cited: tuple[Reference, ...]) -> str:
            return f"<br><small>{name}: {escape(', '.join(map(str, cited)))}</small>" if cited else ""

        return (f"<b>{escape(self.id)}</b> <i>{self.status}</i> {escape(self.text)}"
                f"{side('for', self.evidence_for)}{side('against', self.evidence_against)}")  # fmt: skip


def _of_kinds(cited: tuple[Reference, ...], kinds: frozenset[str], words: str) -> tuple[Reference, ...]:
    wrong = [str(one) for one in cited if one.kind not in kinds]
    if wrong:
        raise ValueError(f"{wrong[0]}: {words}")
    return cited


def body_of(claim: Claim) -> dict[str, Any]:
    """The claim as the body of an event holds it, see `record.bodies.ClaimChanged`."""
    lists = ("evidence_for", "evidence_against", "led_to")
    return {
        "claim_id": claim.id, "statement": claim.text, "question": claim.question, "stage": claim.stage,
        "status": claim.status, "puzzle": claim.puzzle, "rivals": list(claim.rivals),
        **{name: list(map(str, getattr(claim, name))) for name in lists},
        "findings": [seen.model_dump() | {"of": str(seen.of)} for seen in claim.findings],
    }  # fmt: skip


def claim_from(row: Mapping[str, Any]) -> Claim:
    """The claim that a row of the record's view `claims`, or the body of an event, holds."""
    lists = ("rivals", "evidence_for", "evidence_against", "led_to")
    return Claim.model_validate({
        "id": row["claim_id"], "text": row["statement"], "status": row.get("status") or "tentative",
        **{name: row.get(name) or "" for name in ("question", "stage", "puzzle")},
        **{name: row.get(name) or () for name in lists}, "finding": row.get("findings") or (),
    })  # fmt: skip


def in_order(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Claims in the order of their ids, `c2` before `c10`: an order that no edit of a claim changes."""
    def key(claim: Claim) -> tuple[list[tuple[int, int, str]], str]:
        parts = re.findall(r"[0-9]+|[^0-9]+", claim.id)
        return [(0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part) for part in parts], claim.id

    return tuple(sorted(claims, key=key))


@dataclass(frozen=True)
class Ledger(Sequence[Claim]):
    """The claims of a study, in the order of their ids; shows itself.

    Parameters
    ----------
    claims
        The claims.
    warnings
        What `checking` found, by claim; under an empty id what is wrong with none in particular.
    """

    claims: tuple[Claim, ...]
    warnings: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.claims)

    def __getitem__(self, place: Any) -> Any:
        """The claim at a place, or of an id; a slice of claims."""
        if isinstance(place, str):
            found = next((claim for claim in self.claims if claim.id == place), None)
            if found is None:
                raise KeyError(place)
            return found
        return self.claims[place]

    def __iter__(self) -> Iterator[Claim]:
        return iter(self.claims)

    def for_item(self, item_id: str) -> tuple[Claim, ...]:
        """The claims that lean on an item or a span of it, for or against."""
        return tuple(claim for claim in self.claims if claim.leans_on(item_id))

    def only(self, claims: Sequence[Claim]) -> Ledger:
        """A ledger of some of the claims, with what deserves a second look in them."""
        ids = {claim.id for claim in claims}
        return Ledger(tuple(claims), {name: words for name, words in self.warnings.items() if name in ids})

    def lines(self) -> list[str]:
        """A line a claim, and below it what deserves a second look."""
        said = []
        for claim in self.claims:
            said += [str(claim), *(f"    look: {words}" for words in self.warnings.get(claim.id, ()))]
        said += [f"look: {words}" for words in self.warnings.get("", ())]
        return said or ["No claims yet. Write them in claims.toml; its head says how."]

    def to_dict(self) -> dict[str, Any]:
        """The ledger in values JSON can hold."""
        return {
            "claims": [_as_in_the_file(claim) | {"warnings": list(self.warnings.get(claim.id, ()))}
                       for claim in self.claims],
            "warnings": list(self.warnings.get("", ())),
        }  # fmt: skip

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        entries = "".join(f"<li>{claim._repr_html_()}</li>" for claim in self.claims)
        return f"{counted(len(self.claims), 'claim')}<ul>{entries}</ul>"


def _as_in_the_file(claim: Claim) -> dict[str, Any]:
    body = body_of(claim)
    return {"id": body.pop("claim_id"), "text": body.pop("statement"), **body}
