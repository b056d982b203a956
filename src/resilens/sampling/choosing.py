"""Which comments of a post are proposed at the desk, and how are they changed by hand?

What the rule proposes is ticked. Another choice than the rule's is a change by hand: it gives a reason and empties the
inclusion probabilities of that post's comments. Going back to what the rule proposes takes the change back. Under the
rule `judged` nothing is proposed, and the choices are the rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from resilens.errors import Fault, InputError
from resilens.record.events import Draft, Event
from resilens.record.store import Record
from resilens.sampling.comments import captured_of, choose_comments
from resilens.sampling.decided import Choice, choices_by_hand, judged_comments, screened_out

if TYPE_CHECKING:
    from resilens.corpus.engine import Corpus
    from resilens.study.model import Study


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments of a post at the desk.

    Parameters
    ----------
    post_id
        The post.
    captured
        Its captured comments, sorted by id.
    proposed, chosen
        Those of the rule, and those that a draw would take now, in the order of the rule.
    changes
        What people changed by hand, by comment; under `judged` none.
    rule, limit
        The rule, and at most so many comments a post.
    has_chances
        Whether the rule has inclusion probabilities at all.
    """

    post_id: str
    captured: tuple[str, ...]
    proposed: tuple[str, ...]
    chosen: tuple[str, ...]
    changes: Mapping[str, Choice]
    rule: str
    limit: int
    has_chances: bool

    @property
    def by_hand(self) -> tuple[str, ...]:
        """The comments that are in or out otherwise than the rule has it."""
        return tuple(sorted(set(self.proposed) ^ set(self.chosen))) if self.rule != "judged" else ()

    @property
    def emptied(self) -> bool:
        """Whether the inclusion probabilities of these comments are empty because of changes by hand."""
        return self.has_chances and bool(self.by_hand)


def comments_of(corpus: Corpus, study: Study, record: Record, post_id: str) -> Comments:
    """The comments of a post with what the rule proposes and what people changed."""
    sample, out = study.sample, screened_out(record)
    judged = judged_comments(record)
    changes = choices_by_hand(record, sample.comment_rule).get(post_id, [])

    def taken(by_hand: Mapping[str, list[Choice]]) -> tuple[str, ...]:
        rows = choose_comments(corpus, [post_id], sample.comment_rule, sample.comments, sample.seed, out, judged,
                               by_hand)  # fmt: skip
        return tuple(row.comment_id for row in rows)

    chosen = taken({post_id: changes})
    proposed = () if sample.comment_rule == "judged" else taken({}) if changes else chosen
    return Comments(post_id, captured_of(corpus, post_id), proposed, chosen,
                    {change.comment_id: change for change in changes}, sample.comment_rule, sample.comments,
                    sample.comment_rule == "random" and sample.design != "ranked")  # fmt: skip


def change_comments(
    corpus: Corpus, study: Study, record: Record, post_id: str, ticked: Mapping[str, bool], actor: str,
    reason: str = "", event_id: UUID | None = None,
) -> list[Event]:  # fmt: skip
    """Take and leave comments of a post; what is as it was makes no event.

    Parameters
    ----------
    ticked
        Whether a comment is to be in the sample, for those that were looked at.
    reason
        Why the rule is overruled; needed wherever it is.
    event_id
        Made by the client: handing the same in again changes nothing. It is the id of the first event; those of the
        others are derived from it.

    Raises
    ------
    InputError
        If a comment is not captured under the post, a reason is missing, or there would be more comments than
        `sample.comments`.
    """
    stored = record.event(event_id) if event_id else None
    if stored is not None:
        return [stored]

    def drafts() -> list[Draft]:
        now = comments_of(corpus, study, record, post_id)
        strangers = sorted(ticked.keys() - set(now.captured))
        if strangers:
            raise InputError([Fault(f"is no captured comment of {post_id}", name) for name in strangers])
        wanted = {name: tick for name, tick in ticked.items() if tick != (name in now.chosen)}
        after = len(now.chosen) + sum(1 if tick else -1 for tick in wanted.values())
        if after > now.limit and after > len(now.chosen):
            raise InputError(Fault(f"{after:,} comments of this post would be read, and the study asks for at most "
                                   f"{now.limit:,} (sample.comments); leave others out first", post_id))  # fmt: skip
        return [_draft(now, name, tick, actor, reason.strip(), _id(event_id, number, name))
                for number, (name, tick) in enumerate(sorted(wanted.items()))]  # fmt: skip

    return record.append_decided(drafts)


def _draft(now: Comments, name: str, tick: bool, actor: str, reason: str, event_id: UUID | None) -> Draft:
    back = not tick if now.rule == "judged" else tick == (name in now.proposed)
    if back:
        body = {"comment_id": name, "reason": reason}
        return Draft("comment.removed", name, body, actor, "human", event_id=event_id)
    if now.rule != "judged" and not reason:
        words = "say why the rule is overruled here; it empties the inclusion probabilities of this post's comments"
        raise InputError(Fault(words, "reason"))
    chosen = {"comment_id": name, "post_id": now.post_id, "chosen": tick, "reason": reason}
    return Draft("comment.chosen", name, chosen, actor, "human", event_id=event_id)


def _id(event_id: UUID | None, number: int, name: str) -> UUID | None:
    return event_id if event_id is None or not number else uuid5(event_id, name)
