"""Which comments of the drawn posts are read?

| rule | the comments of a post, at most `m` of the `M` captured | inclusion probability |
|---|---|---|
| `random` | the first m by `sha256(f"{seed}:{comment_id}")` | that of the post * m / M |
| `top` | the most liked; unknown likes last, equal likes by id, and a tie at the cut is said | unknown |
| `thread` | from the beginning: branches by the time of their first comment, each in the order of time | unknown |
| `judged` | those people chose at the desk, in the order of their decisions | unknown |

What a person takes or leaves by hand, with a reason, overrules the rule. Then the comments of that post are no longer
those of any rule, and have no chance.

A branch stays whole except the one that the limit cuts, which is said. Comments screened out are passed over; for
`random` they were examined all the same, so the chance is that of being among the k examined, k / M.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import ibis
import pyarrow as pa

from resilens.errors import InputError
from resilens.sampling.decided import Choice

if TYPE_CHECKING:
    from resilens.corpus.engine import Corpus

CommentRule: TypeAlias = Literal["top", "thread", "random", "judged"]
RULES: tuple[CommentRule, ...] = ("top", "thread", "random", "judged")


@dataclass(frozen=True, slots=True)
class ChosenComment:
    """A comment to be read.

    Parameters
    ----------
    comment_id, post_id
        The comment and its post.
    rank
        Its place by the rule among the post's comments, from 1; 0 where it was chosen by hand.
    chance
        Its chance given that the post is drawn; None where unknown.
    reason
        How it was chosen, in words.
    """

    comment_id: str
    post_id: str
    rank: int
    chance: float | None
    reason: str


def choose_comments(
    corpus: Corpus,
    post_ids: Sequence[str],
    rule: CommentRule,
    limit: int,
    seed: int,
    ineligible: Iterable[str] = (),
    choices: Mapping[str, Sequence[str]] | None = None,
    by_hand: Mapping[str, Sequence[Choice]] | None = None,
) -> list[ChosenComment]:
    """The comments of the drawn posts, by post in the order given and by rank.

    Parameters
    ----------
    corpus
        Only the comments of the drawn posts are asked for, and only as many as can be needed.
    post_ids
        The drawn posts.
    rule, limit, seed
        The rule, at most so many comments a post, the seed of `random`.
    ineligible
        Comments screened out.
    choices
        With `judged`: the comments people chose, by post, in the order of their decisions.
    by_hand
        With the other rules: what people changed, by post. The limit does not hold for what they take.

    Raises
    ------
    InputError
        If the rule is unknown or the limit is negative.
    """
    if rule not in RULES:
        raise InputError(f"unknown rule for comments {rule!r}; one of {', '.join(RULES)}")
    if limit < 0:
        raise InputError(f"the number of comments a post cannot be negative ({limit})")
    if not post_ids or not limit:
        return []
    out = set(ineligible)
    if rule == "judged":
        rows = _judged(corpus, post_ids, choices or {})
    else:
        rows = _ranked(corpus, post_ids, rule, limit + len(out), seed)
    by_post = {
        post: list(group)
        for post, group in groupby(sorted(rows, key=lambda row: (row["post_id"], row["rank"])), lambda r: r["post_id"])
    }
    taken_by_hand = _there(corpus, by_hand or {}, post_ids)
    chosen = []
    for post_id in post_ids:
        by_rule = _choose(by_post.get(post_id, []), rule, limit, out)
        changes = (by_hand or {}).get(post_id, ())
        chosen += _changed(by_rule, changes, taken_by_hand - out) if changes else by_rule
    return chosen


def _there(corpus: Corpus, by_hand: Mapping[str, Sequence[Choice]], post_ids: Sequence[str]) -> set[str]:
    """The comments taken by hand that are captured, under the posts they were said to be of."""
    taken = {post_id: [choice.comment_id for choice in by_hand[post_id] if choice.chosen]
             for post_id in post_ids if post_id in by_hand}  # fmt: skip
    return {row["comment_id"] for row in _judged(corpus, post_ids, taken)}


def _changed(by_rule: list[ChosenComment], changes: Sequence[Choice], there: set[str]) -> list[ChosenComment]:
    """The comments of a post as people changed what the rule has; as they were where that is no change."""
    proposed = {comment.comment_id for comment in by_rule}
    left = {choice.comment_id for choice in changes if not choice.chosen} & proposed
    added = [choice for choice in changes if choice.chosen and choice.comment_id in there - proposed]
    if not left and not added:
        return by_rule
    kept = [replace(comment, chance=None) for comment in by_rule if comment.comment_id not in left]
    return kept + [
        ChosenComment(choice.comment_id, choice.post_id, 0, None, f"chosen by hand: {choice.reason}")
        for choice in added
    ]


def captured_of(corpus: Corpus, post_id: str) -> tuple[str, ...]:
    """The captured comments of a post, sorted by id."""
    rows = corpus.frame(_of(corpus, [post_id]).select("comment_id").order_by("comment_id"))
    return tuple(rows["comment_id"].to_pylist())


def _of(corpus: Corpus, post_ids: Sequence[str]) -> Any:
    drawn = ibis.memtable(pa.table({"post_id": pa.array(sorted(set(post_ids)), pa.string())}))
    return corpus.table("comments").semi_join(drawn, "post_id")


def _ranked(
    corpus: Corpus, post_ids: Sequence[str], rule: CommentRule, needed: int, seed: int
) -> list[dict[str, Any]]:
    """At most `needed` comments a post by the rule, with the number captured."""
    comments = _of(corpus, post_ids).mutate(root=ibis.coalesce(ibis._["root_id"], ibis._["comment_id"]))
    comments = comments.mutate(
        key=(ibis.literal(f"{seed}:") + comments["comment_id"]).hexdigest("sha256"),
        begun=comments["published_at"].min().over(group_by=["post_id", "root"]),
        first=comments["comment_id"] == comments["root"],
    )
    orders = {
        "random": [comments["key"], comments["comment_id"]],
        "top": [comments["likes"].desc(nulls_first=False), comments["comment_id"]],
        "thread": [
            comments["begun"].asc(nulls_first=False), comments["root"], comments["first"].desc(),
            comments["published_at"].asc(nulls_first=False), comments["comment_id"],
        ],
    }  # fmt: skip
    within = ibis.window(group_by="post_id", order_by=orders[rule])
    ranked = comments.mutate(
        rank=ibis.row_number().over(within) + 1,
        captured=comments.count().over(group_by="post_id"),
        next_likes=comments["likes"].lead().over(within),
        next_root=comments["root"].lead().over(within),
    )
    ranked = ranked.filter(ranked["rank"] <= needed)
    columns = ["comment_id", "post_id", "root", "likes", "rank", "captured", "next_likes", "next_root"]
    return list(corpus.frame(ranked.select(*columns)).to_pylist())


def _judged(corpus: Corpus, post_ids: Sequence[str], choices: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """The chosen comments that are captured, in the order of the decisions."""
    wanted = sorted({comment for post_id in post_ids for comment in choices.get(post_id, ())})
    if not wanted:
        return []
    chosen = ibis.memtable(pa.table({"comment_id": pa.array(wanted, pa.string())}))
    comments = _of(corpus, post_ids).semi_join(chosen, "comment_id").select("comment_id", "post_id")
    captured = corpus.frame(comments).to_pylist()
    rows: list[dict[str, Any]] = [row for row in captured if row["comment_id"] in choices.get(row["post_id"], ())]
    for row in rows:
        row["rank"] = list(choices.get(row["post_id"], ())).index(row["comment_id"]) + 1
        row["captured"] = 0
    return rows


def _choose(rows: Sequence[Mapping[str, Any]], rule: CommentRule, limit: int, out: set[str]) -> list[ChosenComment]:
    taken: list[Mapping[str, Any]] = []
    examined = 0
    for row in rows:
        if len(taken) == limit:
            break
        examined += 1
        if row["comment_id"] not in out:
            taken.append(row)
    if not taken:
        return []
    chance = examined / rows[0]["captured"] if rule == "random" else None
    note, marked = _at_the_cut(taken, rule) if len(taken) == limit else ("", set())
    return [
        ChosenComment(row["comment_id"], row["post_id"], row["rank"], chance,
                      f"{rule}; {note}" if row["comment_id"] in marked else rule)
        for row in taken
    ]  # fmt: skip


def _at_the_cut(taken: Sequence[Mapping[str, Any]], rule: CommentRule) -> tuple[str, set[str]]:
    """What the limit did to the last comments taken, in words, and to which."""
    last = taken[-1]
    if rule == "top" and last["rank"] < last["captured"] and last["likes"] == last["next_likes"]:
        tied = {row["comment_id"] for row in taken if row["likes"] == last["likes"]}
        return "as many likes as one left out, the id decided", tied
    if rule == "thread" and last["root"] == last["next_root"]:
        return "the limit cuts this branch", {row["comment_id"] for row in taken if row["root"] == last["root"]}
    return "", set()
