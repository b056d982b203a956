"""What may a value of the study file be? Its types, each refusing in words what it cannot read."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from resilens.study.volumes import parse_volume
from resilens.study.zones import offset_minutes


def _day(written: object) -> object:
    """A date, or text that says one; a date with a time of day, or a bare number, is refused."""
    if isinstance(written, str):
        try:
            return dt.date.fromisoformat(written)
        except ValueError:
            pass
    if isinstance(written, dt.date) and not isinstance(written, dt.datetime):
        return written
    shown = written.isoformat() if isinstance(written, dt.datetime) else repr(written)
    raise ValueError(f"{shown} is not a date; write it as 2025-05-01, without a time of day")


def _zone(written: str) -> str:
    offset_minutes(written)
    return written


def _hashtag(written: str) -> str:
    if "#" in written or "＃" in written:
        raise ValueError(f"{written!r} has a # in it; write the name alone, as {written.strip('#＃ ')!r}")
    if any(map(str.isspace, written)):
        raise ValueError(f"{written!r} has a space in it; a hashtag is one word")
    return written


def _group_name(written: str) -> str:
    if written.casefold() == "unknown":
        raise ValueError("'unknown' is the group of those whom no rule places, always there; choose another name")
    return written


def _coder_name(written: str) -> str:
    if written.casefold() == "consensus":
        raise ValueError("'consensus' is where coders' decisions are kept; choose another name")
    return written


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\r\n]*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True)]
Whole = Annotated[int, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Day = Annotated[dt.date, BeforeValidator(_day)]
Count = Annotated[int, BeforeValidator(parse_volume), WithJsonSchema({"type": ["integer", "string"], "minimum": 0})]
Zone = Annotated[str, AfterValidator(_zone), WithJsonSchema({"type": "string", "pattern": r"^UTC([+-]\d\d:\d\d)?$"})]
HashtagName = Annotated[Line, AfterValidator(_hashtag)]
GroupName = Annotated[Line, AfterValidator(_group_name)]
CoderName = Annotated[Line, AfterValidator(_coder_name)]
Share = Annotated[float, Field(strict=True, gt=0, lt=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

Actor = Literal["platform", "state", "politician", "grassroots media", "legacy media", "users"]
ConditionKind = Literal["geopolitical", "strategic", "technical", "algorithmic", "governance", "media"]
MilestoneKind = Literal["trigger", "law", "politics", "platform", "media", "attention", "other"]
GroupRole = Literal["newcomer", "host", "other"]
Design = Literal["ranked", "random", "mixed", "ranked+audit"]
Ranking = Literal["likes", "comments", "bookmarks", "shares", "views", "newest", "relevance"]
CommentRule = Literal["top", "thread", "random", "judged"]
Quoting = Literal["free", "paraphrase", "do_not_quote"]


class Section(BaseModel):
    """A part of the study file: keys it does not know are refused, and nothing changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)
