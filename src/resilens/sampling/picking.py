"""Which posts does the design draw once leads have brought some in?

A post that a lead brought in fills a place of a hashtag's quota, the last one to be filled by the design. No rule gave
it that place, so no chance is known any more. Where the design comes to all of these posts by itself, the leads changed
nothing, and chances stay known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from resilens.errors import Fault, InputError
from resilens.sampling.decided import Brought, brought_in, screened_out
from resilens.sampling.designs import DrawnPost, Stratum, draw_posts
from resilens.sampling.frame import Frame, captured_comments

if TYPE_CHECKING:
    from resilens.corpus.engine import Corpus
    from resilens.record.store import Record
    from resilens.study.model import Study


@dataclass(frozen=True, slots=True)
class Picked:
    """The posts of a sample as the design and the decisions have it.

    Parameters
    ----------
    posts
        By stratum and rank, then those that leads brought in.
    strata
        What the design did in each stratum.
    passed_over
        The ineligible posts that the design examined, by post_id.
    leads
        The posts brought in, in the order of the decisions; none where the design comes to all of them by itself.
    """

    posts: list[DrawnPost]
    strata: list[Stratum]
    passed_over: list[str]
    leads: tuple[Brought, ...] = ()


def pick_posts(
    corpus: Corpus, whole: Frame, study: Study, quotas: Mapping[str, int], record: Record
) -> Picked:
    """Draw the posts with what was decided at the screening desk.

    Parameters
    ----------
    corpus, whole, study, record
        The captures, the frame, the design, and the decisions.
    quotas
        Posts wanted by hashtag.

    Raises
    ------
    InputError
        As `draw_posts`, or if a post from outside the frame was brought in under a hashtag the study does not have.
    """
    sample, out, leads = study.sample, screened_out(record), brought_in(record)
    homes = lead_homes(corpus, whole, quotas, leads)
    alone = draw_posts(whole, quotas, sample.design, sample.seed, out, sample.audit)
    if homes.keys() <= {post.post_id for post in alone[0]}:
        return Picked(*alone)
    posts, strata, passed_over = draw_posts(whole, quotas, sample.design, sample.seed, out, sample.audit, homes)
    posts += [DrawnPost(post_id, home, home, None, 0, leads[post_id].why) for post_id, home in homes.items()]
    return Picked(posts, strata, passed_over, tuple(leads[post_id] for post_id in homes))


def lead_homes(
    corpus: Corpus, whole: Frame, quotas: Mapping[str, int], leads: Mapping[str, Brought]
) -> dict[str, str]:
    """The hashtag whose quota each post brought in fills: that of the frame, else the one decided; a post that is not
    captured any more is left out.

    Raises
    ------
    InputError
        If that is no hashtag of the study.
    """
    if not leads:
        return {}
    strata = {post.post_id: post.stratum for post in whole.posts if post.post_id in leads}
    captured = captured_comments(corpus, [post_id for post_id in leads if post_id not in strata])
    homes = {post_id: strata.get(post_id) or lead.hashtag for post_id, lead in leads.items()
             if post_id in strata or post_id in captured}  # fmt: skip
    faults = [
        Fault(f"was brought in by a lead under #{home}, which the study does not have; undo that at the desk", post_id)
        for post_id, home in homes.items() if home not in quotas
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    return homes
