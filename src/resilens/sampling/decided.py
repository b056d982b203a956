"""What have people decided about posts and comments, as far as a draw must know?

The record's current state, read in one place for the draw and for the screening desk, so that both mean the same.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from resilens.record.store import Record


@dataclass(frozen=True, slots=True)
class Brought:
    """A post that a lead brought into the sample, out of the design's order.

    Parameters
    ----------
    post_id
        The post.
    lead
        The lead.
    hashtag
        Whose quota it fills where it is not in the frame; a post of the frame fills its own.
    reason
        Why, in words.
    """

    post_id: str
    lead: str
    hashtag: str
    reason: str

    @property
    def why(self) -> str:
        """How it came into the sample, for the draw's file."""
        return f"brought in by lead {self.lead}" + (f": {self.reason}" if self.reason else "")


@dataclass(frozen=True, slots=True)
class Choice:
    """A comment that a person takes or leaves, whatever the rule says, and why."""

    comment_id: str
    post_id: str
    chosen: bool
    reason: str


def screened_out(record: Record) -> dict[str, str]:
    """Why items are not eligible, by item_id; the reason names no other item."""
    reasons = {}
    for row in record.view("screening"):
        if row["decision"] == "exclude":
            reasons[row["item_id"]] = row["reason"] or "no reason given"
        elif row["decision"] == "duplicate":
            reasons[row["item_id"]] = "duplicate"
    return reasons


def brought_in(record: Record) -> dict[str, Brought]:
    """The posts that leads brought in, by post_id, in the order of the decisions."""
    return {
        row["item_id"]: Brought(row["item_id"], row["lead"], row["hashtag"] or "", row["reason"] or "")
        for row in record.view("screening", decision="include") if row["lead"]
    }  # fmt: skip


def judged_comments(record: Record) -> dict[str, list[str]]:
    """The comments people chose, by post, in the order of their decisions: what the rule `judged` takes."""
    chosen: dict[str, list[str]] = defaultdict(list)
    for row in record.view("comment_choices"):
        if row["chosen"]:
            chosen[row["post_id"]].append(row["comment_id"])
    return chosen


def choices_by_hand(record: Record, rule: str) -> dict[str, list[Choice]]:
    """The changes by hand of what a rule proposes, by post, in the order of the decisions.

    A change by hand gives a reason. A choice without one says that a comment is significant and overrules nothing;
    under the rule `judged` choices are the rule itself.
    """
    changed: dict[str, list[Choice]] = defaultdict(list)
    if rule != "judged":
        for row in record.view("comment_choices"):
            if row["reason"]:
                changed[row["post_id"]].append(
                    Choice(row["comment_id"], row["post_id"], bool(row["chosen"]), row["reason"])
                )
    return changed
