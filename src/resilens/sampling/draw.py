"""How does a study get its sample? Quotas, frame, posts, comments, file and record, in this order.

The same inputs give the same bytes. Where the inputs have changed since the last draw, what would change is said and
nothing is written until a redraw is asked for; earlier draws are never touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from resilens.errors import Fault, InputError
from resilens.files import sha256_of
from resilens.record.store import Draft, Record
from resilens.sampling.comments import choose_comments
from resilens.sampling.decided import choices_by_hand, judged_comments, screened_out
from resilens.sampling.designs import DrawnPost
from resilens.sampling.drawfile import Draw, DrawnItem, KeptDraw, digest, read_draw, rewrite, write_draw
from resilens.sampling.flow import flow
from resilens.sampling.frame import Frame, captured_comments, frame
from resilens.sampling.picking import pick_posts
from resilens.sampling.quotas import Quota, quotas

if TYPE_CHECKING:
    from resilens.corpus.engine import Corpus
    from resilens.study.model import Study

INPUTS = {
    "frame": "what was captured, or how the frame is made",
    "quotas": "the quotas",
    "design": "the design",
    "seed": "the seed",
    "screening": "decisions at the screening desk",
    "comment rule": "the rule for comments or their number",
    "comments": "which comments the rule chooses",
    "comments by hand": "comments chosen or left by hand",
    "by hand": "changes by hand",
    "leads": "posts brought in by leads",
}
"""What decides a draw, in words, by the name under which its digest is kept. A digest of leads, and one of comments by
hand, is kept only where there are any."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """Posts of the frame that a person adds to the sample or takes out of it, with the reasons, by post_id.

    Screening is not this: a post screened out is replaced by rule and chances stay known. After a change by hand
    they are not.
    """

    add: Mapping[str, str] = field(default_factory=dict)
    remove: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.add or self.remove)


@dataclass(frozen=True, slots=True)
class Change:
    """What drawing again would change.

    Parameters
    ----------
    entering, leaving
        (item_id, hashtag) of posts and comments that would come in and go out, posts first.
    because
        Which inputs differ from those of the last draw, in words.
    """

    entering: tuple[tuple[str, str], ...]
    leaving: tuple[tuple[str, str], ...]
    because: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{_count(self.entering)} would enter and {_count(self.leaving)} would leave, because there is a change in "
            f"{', in '.join(self.because)}"
        )


@dataclass(frozen=True, slots=True)
class DrawResult:
    """What `draw` did.

    Parameters
    ----------
    status
        `drawn`: a new draw; `unchanged`: the last draw still holds; `changed`: it does not, and nothing was written.
    kept
        The draw in force, with its file.
    change
        With `changed` and after a redraw: what would change or did; else None.
    quotas, flow
        The quotas and the flow table of the draw as computed now.
    """

    status: Literal["drawn", "unchanged", "changed"]
    kept: KeptDraw
    change: Change | None
    quotas: tuple[Quota, ...]
    flow: tuple[Mapping[str, Any], ...]

    @property
    def written(self) -> bool:
        """Whether there is a new draw."""
        return self.status == "drawn"

    @property
    def why(self) -> str:
        """What was done and why, in a sentence."""
        name = self.kept.name
        if self.status == "unchanged":
            return f"{name} stands: nothing that decides it has changed"
        if self.status == "changed":
            return f"{name} stands, though if drawn again {self.change}; `resilens sample --redraw` does it"
        return f"{name} is drawn" + (f": {self.change}" if self.change else "")

    def lines(self) -> list[str]:
        """The same as text: what was done, then what became of each hashtag's posts."""
        made = self.kept.draw
        said = [f"{self.why} (design {made.design}, seed {made.seed})", f"frame: {made.frame}"]
        for row in self.flow:
            ineligible = f", {row['ineligible']} ineligible ({row['ineligible_because']})" if row["ineligible"] else ""
            short = f"; SHORT OF {row['shortfall']}" if row["shortfall"] else ""
            said.append(
                f"  {row['hashtag']}: {row['posts']} posts found, {row['duplicate']} counted under another hashtag, "
                f"{row['drawn']} of {row['quota']} drawn{ineligible}{short}; "
                f"{row['comments_selected']} of {row['comments_captured']} comments"
            )
        return said

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        made = self.kept.draw
        return {
            "status": self.status, "why": self.why, "draw": self.kept.name, "sha256": self.kept.sha256,
            "design": made.design, "seed": made.seed, "frame": made.frame, "posts": len(made.posts),
            "comments": len(made.items) - len(made.posts),
            "quotas": {row.hashtag: row.quota for row in self.quotas}, "flow": [dict(row) for row in self.flow],
            "entering": [item for item, _ in self.change.entering] if self.change else [],
            "leaving": [item for item, _ in self.change.leaving] if self.change else [],
        }  # fmt: skip


def draw(
    corpus: Corpus,
    study: Study,
    record: Record,
    folder: Path,
    redraw: bool = False,
    by_hand: ByHand | None = None,
    actor: str = "resilens",
) -> DrawResult:
    """Draw the sample of a study, or say that it stands, or what would change.

    Parameters
    ----------
    corpus, study, record
        The captures, the design, and the decisions; the draw is recorded as `sample.drawn`.
    folder
        The study's `sample` folder.
    redraw
        Whether a changed draw is written, under the next number.
    by_hand
        Changes by hand, with `redraw`; None keeps those of the last draw, `ByHand()` drops them.
    actor
        Who asked for it.

    Raises
    ------
    InputError
        If the study has no hashtag or no usable volume, the frame is empty, a change by hand names a post that is
        not in the frame, or the file of the last draw was changed.
    """
    recorded = record.view("draws")
    last = recorded[-1] if recorded else None
    if by_hand is None:
        by_hand = _by_hand_of(last)
    shares = study_quotas(study)
    made, whole = _make(corpus, study, record, shares, by_hand)
    table = tuple(flow(whole, made, _beside_frame(corpus, whole, made)))
    if last is None:
        kept = write_draw(folder, made)
        _note(record, kept, None, shares, table, study, by_hand, actor)
        return DrawResult("drawn", kept, None, tuple(shares), table)
    if last["inputs_sha256"] == made.inputs_sha256:
        return DrawResult("unchanged", _kept(folder, last, made), None, tuple(shares), table)
    before = _kept(folder, last)
    change = _change(before.draw, made)
    if not redraw:
        return DrawResult("changed", before, change, tuple(shares), table)
    kept = write_draw(folder, made, [row["draw"] for row in recorded])
    _note(record, kept, before, shares, table, study, by_hand, actor, str(change))
    return DrawResult("drawn", kept, change, tuple(shares), table)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a draw would be if it were made now; nothing is written.

    Parameters
    ----------
    last
        The name of the draw in force; empty before the first.
    change
        What drawing again would change; None where it would change nothing, or there is no draw yet.
    flow
        The flow table as it would be.
    by_hand
        Whether no chance would be known because posts came in or out by hand or by leads.
    """

    last: str
    change: Change | None
    flow: tuple[Mapping[str, Any], ...]
    by_hand: bool


def as_it_stands(corpus: Corpus, study: Study, record: Record, folder: Path) -> Standing:
    """The flow table with all decisions so far, and what drawing again would change; see `draw`, which does it."""
    recorded = record.view("draws")
    last = recorded[-1] if recorded else None
    by_hand = _by_hand_of(last)
    made, whole = _make(corpus, study, record, study_quotas(study), by_hand)
    table = tuple(flow(whole, made, _beside_frame(corpus, whole, made)))
    if last is None or last["inputs_sha256"] == made.inputs_sha256:
        return Standing(last["draw"] if last else "", None, table, made.by_hand)
    return Standing(last["draw"], _change(_kept(folder, last).draw, made), table, made.by_hand)


def _by_hand_of(last: Mapping[str, Any] | None) -> ByHand:
    """The changes by hand that the last draw was made with."""
    return ByHand(**(last["details"] or {}).get("by_hand", {})) if last else ByHand()


def study_quotas(study: Study) -> list[Quota]:
    """The quotas of a study, from its hashtags' volumes of `sample.as_of`, or each one's latest.

    Raises
    ------
    InputError
        If a hashtag has no volume of the kind and date wanted (a single hashtag needs none), or as `quotas`.
    """
    if not study.hashtags:
        raise InputError("the study has no hashtag, so there is nothing to draw from; add a [[hashtag]] to study.toml")
    known = study.quota_volumes()
    if len(known) == 1:
        known = dict.fromkeys(known, 1)
    volumes = {name: volume for name, volume in known.items() if volume is not None}
    date = f" of {study.sample.as_of}" if study.sample.as_of else ""
    missing = [
        Fault(f"has no {study.sample.quota_by}{date}, so no quota; add them to its volumes", f"#{name}")
        for name in known if name not in volumes
    ]  # fmt: skip
    if missing:
        raise InputError(missing)
    return quotas(study.sample.posts, volumes)


def study_frame(corpus: Corpus, study: Study, shares: list[Quota]) -> Frame:
    """The frame of a study; see `frame`."""
    sample = study.sample
    return frame(
        corpus, [hashtag.name for hashtag in study.hashtags], {row.hashtag: row.quota for row in shares},
        sample.rankings, source=sample.frame, duplicates=sample.duplicates, zone=study.study.zone,
        start=sample.start, end=sample.end,
    )  # fmt: skip


def _make(
    corpus: Corpus, study: Study, record: Record, shares: list[Quota], by_hand: ByHand
) -> tuple[Draw, Frame]:
    """The draw as the inputs decide it now, not yet written, and its frame."""
    sample = study.sample
    whole = study_frame(corpus, study, shares)
    if not whole.posts:
        raise InputError("no captured post is in the frame; add captures of the study's hashtags with `resilens add`")
    wanted = {row.hashtag: row.quota for row in shares}
    out = screened_out(record)
    picked = pick_posts(corpus, whole, study, wanted, record)
    strata, passed_over = picked.strata, picked.passed_over
    posts = _changed_by_hand(whole, picked.posts, by_hand)
    known = [] if by_hand or picked.leads else posts
    chances = {post.post_id: post.chance for post in known}
    items = [_post_row(post, chances.get(post.post_id), whole, sample.seed) for post in posts]
    drawn = [post.post_id for post in posts]
    changed = choices_by_hand(record, sample.comment_rule)
    chosen = choose_comments(corpus, drawn, sample.comment_rule, sample.comments, sample.seed, out,
                             judged_comments(record), changed)  # fmt: skip
    home = {post.post_id: post for post in posts}
    for comment in chosen:
        post, chance = home[comment.post_id], chances.get(comment.post_id)
        joint = None if chance is None or comment.chance is None else chance * comment.chance
        items.append(DrawnItem(comment.comment_id, whole.frame_id, post.hashtag, post.stratum, post.post_id, joint,
                               comment.rank, comment.reason, sample.seed))  # fmt: skip
    inputs = {
        "frame": whole.frame_id,
        "quotas": digest(wanted),
        "design": digest([sample.design, sample.audit if sample.design == "ranked+audit" else None]),
        "seed": digest(sample.seed),
        "screening": digest([[post_id, out[post_id]] for post_id in passed_over]),
        "comment rule": digest([sample.comment_rule, sample.comments]),
        "comments": digest([[row.comment_id, row.rank, row.chance, row.reason] for row in chosen]),
        "by hand": digest([dict(by_hand.add), dict(by_hand.remove)]),
    }
    if picked.leads:
        inputs["leads"] = digest([[one.post_id, one.lead, one.hashtag, one.reason] for one in picked.leads])
    decided = [choice for post_id in drawn for choice in changed.get(post_id, ())]
    if decided:
        inputs["comments by hand"] = digest([[one.comment_id, one.chosen, one.reason] for one in decided])
    made = Draw(tuple(items), tuple(strata), sample.design, sample.seed, sample.comment_rule, sample.comments,
                whole.frame_id, whole.description, inputs, bool(by_hand or picked.leads))  # fmt: skip
    return made, whole


def _beside_frame(corpus: Corpus, whole: Frame, made: Draw) -> dict[str, int]:
    """How many comments are captured of the posts that leads brought in from outside the frame."""
    inside = {post.post_id for post in whole.posts}
    beside = [post.item_id for post in made.posts if post.item_id not in inside]
    return captured_comments(corpus, beside) if beside else {}


def _post_row(post: DrawnPost, chance: float | None, whole: Frame, seed: int) -> DrawnItem:
    return DrawnItem(post.post_id, whole.frame_id, post.hashtag, post.stratum, post.post_id, chance, post.rank,
                     post.reason, seed)  # fmt: skip


def _changed_by_hand(whole: Frame, posts: list[DrawnPost], by_hand: ByHand) -> list[DrawnPost]:
    """The posts without those taken out, then those added, without a rank and without any chance."""
    if not by_hand:
        return posts
    there = {post.post_id: post for post in whole.posts}
    drawn = {post.post_id for post in posts}
    faults = [Fault("is not in the frame, so it cannot be added by hand; capture it under a hashtag of the study", name)
              for name in by_hand.add if name not in there]  # fmt: skip
    if faults:
        raise InputError(faults)
    left = [replace(post, chance=None) for post in posts if post.post_id not in by_hand.remove]
    return left + [
        DrawnPost(post_id, there[post_id].stratum, there[post_id].stratum, None, 0, f"added by hand: {reason}")
        for post_id, reason in sorted(by_hand.add.items()) if post_id not in drawn or post_id in by_hand.remove
    ]  # fmt: skip


def _kept(folder: Path, row: Mapping[str, Any], made: Draw | None = None) -> KeptDraw:
    """The recorded draw with its file, which is written anew from `made` where it was lost."""
    path = folder / f"{row['draw']}.parquet"
    if not path.is_file() and made is not None:
        rewrite(folder, row["draw"], made)
    drawn = read_draw(path)
    if sha256_of(path) != row["sha256"]:
        raise InputError(
            Fault("this file is not the draw that was recorded; put the original back from a copy", path.name)
        )
    return KeptDraw(row["draw"], path, row["sha256"], drawn)


def _change(before: Draw, after: Draw) -> Change:
    old = {item.item_id: item for item in before.items}
    new = {item.item_id: item for item in after.items}
    differing = [name for name in INPUTS if before.inputs.get(name) != after.inputs.get(name)]
    # Which posts are reached, and so which decisions and comments matter, follows from the inputs named before.
    causes = [name for name in differing if name != "comments"]
    if {"frame", "quotas", "design", "seed"} & set(causes):
        causes = [name for name in causes if name != "screening"]
    return Change(
        tuple((item.item_id, item.hashtag) for item in after.items if item.item_id not in old),
        tuple((item.item_id, item.hashtag) for item in before.items if item.item_id not in new),
        tuple(INPUTS[name] for name in causes or differing),
    )


def _count(items: tuple[tuple[str, str], ...]) -> str:
    posts = sum(":p:" in item_id for item_id, _ in items)
    return f"{posts} posts and {len(items) - posts} comments"


def _note(
    record: Record, kept: KeptDraw, before: KeptDraw | None, shares: list[Quota], table: tuple[Mapping[str, Any], ...],
    study: Study, by_hand: ByHand, actor: str, reason: str = "",
) -> None:  # fmt: skip
    """Record the draw."""
    made = kept.draw
    body = {
        "draw": kept.name, "sha256": kept.sha256, "inputs_sha256": made.inputs_sha256, "design": made.design,
        "seed": made.seed, "file": f"sample/{kept.path.name}", "n": len(made.posts), "frame": made.frame_id,
        "quotas": {row.hashtag: row.quota for row in shares}, "rankings": list(study.sample.rankings),
        "replaces": before.name if before else "", "reason": reason,
        "details": {
            "frame": made.frame, "inputs": dict(made.inputs), "flow": [dict(row) for row in table],
            "comment_rule": made.comment_rule, "comments": made.comments,
            "by_hand": {"add": dict(by_hand.add), "remove": dict(by_hand.remove)} if by_hand else {},
        },
    }  # fmt: skip
    record.append(Draft("sample.drawn", kept.name, body, actor, "machine"))
