"""What lies on the screening desk: the candidates of each hashtag in the order of the design, and how far it is?

A draw takes, in the design's order, every post that nobody left out, until the quota is filled. The desk shows that
same order with what was decided: the posts that a draw would take now and that nobody has looked at yet are *open*, the
first of them is next. Leaving a post out opens the next in the order; including one confirms what the draw takes
anyway. So once nothing is open, drawing again gives exactly the posts that were included here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from resilens.errors import Fault, InputError
from resilens.sampling.decided import Brought
from resilens.sampling.designs import Place, design_order, first_order
from resilens.sampling.draw import study_frame, study_quotas
from resilens.sampling.frame import Frame
from resilens.sampling.picking import lead_homes
from resilens.sampling.quotas import comparison_key

if TYPE_CHECKING:
    from resilens.corpus.engine import Corpus
    from resilens.record.store import Record
    from resilens.study.model import Study

State: TypeAlias = Literal["included", "open", "excluded", "duplicate", "unreached", "later"]
STATES: tuple[State, ...] = ("included", "open", "excluded", "duplicate", "unreached", "later")
Row: TypeAlias = Mapping[str, Any]
"""A row of the view `screening`."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a desk is made of before anybody decides; to be kept as long as study.toml and the corpus stay the same.

    Parameters
    ----------
    study
        The design.
    frame
        What can be drawn.
    quotas
        Posts wanted by hashtag, in the order of the study file.
    orders
        `designs.first_order` of each hashtag.
    homes
        The hashtag of each post of the frame.
    """

    study: Study
    frame: Frame
    quotas: Mapping[str, int]
    orders: Mapping[str, list[int]]
    homes: Mapping[str, str]

    @classmethod
    def of(cls, corpus: Corpus, study: Study) -> Material:
        """The material of a study.

        Raises
        ------
        InputError
            If a hashtag has no usable volume, or the frame cannot be made; see `sampling.draw`.
        """
        shares, sample = study_quotas(study), study.sample
        whole = study_frame(corpus, study, shares)
        quotas = {row.hashtag: row.quota for row in shares}
        orders = {name: first_order(whole, name, sample.design, sample.seed) for name in quotas}
        return cls(study, whole, quotas, orders, {post.post_id: post.stratum for post in whole.posts})

    def order(self, hashtag: str, out: Mapping[str, str], brought: Mapping[str, str]) -> list[Place]:
        """The order in which the design examines a hashtag's posts; see `designs.design_order`."""
        sample = self.study.sample
        return design_order(self.frame, hashtag, self.quotas[hashtag], sample.design, sample.seed, out, sample.audit,
                            brought, self.orders[hashtag])  # fmt: skip

    def hashtag(self, name: str) -> str:
        """The study's hashtag of that name, however it is written.

        Raises
        ------
        InputError
            If there is none.
        """
        for known in self.quotas:
            if comparison_key(known) == comparison_key(name):
                return known
        raise InputError(Fault(f"the study has no such hashtag; it has #{', #'.join(self.quotas)}", f"#{name}"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A post on the desk.

    Parameters
    ----------
    post_id, hashtag
        The post, and the hashtag whose quota it may fill.
    place
        Its place in the order of the design, from 1; 0 where a lead brought it in.
    best
        Where a ranking had it highest, as `likes 3`; empty where none did.
    decision, reason, duplicate_of, lead, actor, at
        What was decided, by whom and when; empty where nothing was.
    reached, sampled
        Whether the design comes to it, or a lead brought it in; whether a draw would take it now.
    """

    post_id: str
    hashtag: str
    place: int
    best: str
    decision: str = ""
    reason: str = ""
    duplicate_of: str = ""
    lead: str = ""
    actor: str = ""
    at: str = ""
    reached: bool = False
    sampled: bool = False

    @property
    def state(self) -> State:
        """`open`: the draw takes it and nobody has decided; `later`: not reached yet; `unreached`: included, though the
        draw does not come to it (any more)."""
        if self.decision == "include":
            return "included" if self.sampled else "unreached"
        if self.decision:
            return "excluded" if self.decision == "exclude" else "duplicate"
        return "open" if self.sampled else "later"


_COUNTED: Mapping[str, Callable[[Candidate], bool]] = {
    "in_frame": lambda one: one.place > 0,
    "examined": lambda one: one.place > 0 and one.reached,
    "ineligible": lambda one: one.reached and one.decision in ("exclude", "duplicate"),
    "drawn": lambda one: one.sampled,
    "by_hand": lambda one: one.place == 0,
}


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk of one hashtag.

    Parameters
    ----------
    hashtag, quota
        The hashtag, and how many posts are wanted of it.
    candidates
        Every post of the frame in the order of the design, then those that leads brought in.
    """

    hashtag: str
    quota: int
    candidates: tuple[Candidate, ...]

    def count(self, state: State) -> int:
        """How many candidates are in a state."""
        return sum(candidate.state == state for candidate in self.candidates)

    def listed(self, name: str) -> tuple[Candidate, ...]:
        """The candidates in a state, or counted in a column of the flow table: `in_frame`, `examined`, `ineligible`,
        `drawn`, `by_hand`; all where the name is neither."""
        counted = _COUNTED.get(name, lambda one: name not in STATES or one.state == name)
        return tuple(filter(counted, self.candidates))

    @property
    def included(self) -> int:
        """How many of the quota's places are filled by decision."""
        return self.count("included")

    @property
    def sampled(self) -> int:
        """How many posts a draw would take now, decided or not."""
        return sum(candidate.sampled for candidate in self.candidates)

    @property
    def shortfall(self) -> int:
        """Posts wanted that the frame does not have."""
        return max(0, self.quota - self.sampled)

    @property
    def unreached(self) -> tuple[Candidate, ...]:
        """Posts that were included and that the draw does not come to."""
        return tuple(candidate for candidate in self.candidates if candidate.state == "unreached")

    def candidate(self, post_id: str) -> Candidate | None:
        """The candidate of that id, or None."""
        return next((one for one in self.candidates if one.post_id == post_id), None)

    def next_after(self, post_id: str = "") -> Candidate | None:
        """The next open candidate behind a post, else the first; None where none is open."""
        ids = [candidate.post_id for candidate in self.candidates]
        start = ids.index(post_id) + 1 if post_id in ids else 0
        turned = self.candidates[start:] + self.candidates[:start]
        return next((candidate for candidate in turned if candidate.state == "open"), None)


@dataclass(frozen=True, slots=True)
class Desks:
    """The desks of all hashtags, in the order of the study file.

    Parameters
    ----------
    by_hashtag
        The desks.
    leads
        The posts that leads brought in out of the design's order; while there is any, no chance is known.
    has_chances
        Whether the study's design has inclusion probabilities at all.
    """

    by_hashtag: Mapping[str, Desk]
    leads: tuple[Brought, ...]
    has_chances: bool

    @property
    def emptied(self) -> bool:
        """Whether inclusion probabilities are empty because leads brought posts in."""
        return self.has_chances and bool(self.leads)

    def find(self, post_id: str) -> Candidate | None:
        """The candidate of that id on any desk, or None."""
        found = (desk.candidate(post_id) for desk in self.by_hashtag.values())
        return next((candidate for candidate in found if candidate is not None), None)

    @property
    def posts(self) -> frozenset[str]:
        """The posts that a draw would take now."""
        return frozenset(one.post_id for desk in self.by_hashtag.values() for one in desk.candidates if one.sampled)


def desks(corpus: Corpus, material: Material, record: Record) -> Desks:
    """The desks of a study as they stand.

    Parameters
    ----------
    corpus
        Asked only where leads brought in posts from outside the frame.
    material
        From `Material.of`.
    record
        The decisions.

    Raises
    ------
    InputError
        If a post from outside the frame was brought in under a hashtag that the study does not have any more.
    """
    return desks_with(corpus, material, {row["item_id"]: row for row in record.view("screening")})


def desks_with(corpus: Corpus, material: Material, decisions: Mapping[str, Row]) -> Desks:
    """The desks as they would stand with these decisions (rows of the view `screening` by item_id)."""
    out = {name: row["reason"] or "no reason given" for name, row in decisions.items()
           if row["decision"] in ("exclude", "duplicate")}  # fmt: skip
    leads = {name: Brought(name, row["lead"], row.get("hashtag") or "", row["reason"] or "")
             for name, row in decisions.items() if row["decision"] == "include" and row["lead"]}  # fmt: skip
    homes = lead_homes(corpus, material.frame, material.quotas, leads)
    orders = {name: material.order(name, out, {}) for name in material.quotas}
    alone = {place.post.post_id for order in orders.values() for place in order if place.examined}
    beside = {} if homes.keys() <= alone else homes  # as in `picking`: what the design takes anyway is its own
    for name in set(beside.values()):
        orders[name] = material.order(name, out, beside)
    made = {name: Desk(name, material.quotas[name], tuple(_candidates(name, order, beside, decisions)))
            for name, order in orders.items()}  # fmt: skip
    return Desks(made, tuple(leads[post_id] for post_id in beside), material.study.sample.design != "ranked")


def _candidates(
    hashtag: str, order: list[Place], brought: Mapping[str, str], decisions: Mapping[str, Row]
) -> list[Candidate]:
    """The posts of a hashtag in the design's order, then those brought in under it."""
    listed = [(place.post.post_id, number, place.post.best, place.examined) for number, place in enumerate(order, 1)]
    listed += [(post_id, 0, "", True) for post_id, home in brought.items() if home == hashtag]
    candidates = []
    for post_id, number, best, reached in listed:
        row = decisions.get(post_id)
        if row is None:
            candidates.append(Candidate(post_id, hashtag, number, best, reached=reached, sampled=reached))
        else:
            said = {name: row[name] or "" for name in ("decision", "reason", "duplicate_of", "lead", "actor", "at")}
            taken = reached and row["decision"] == "include"
            candidates.append(Candidate(post_id, hashtag, number, best, **said, reached=reached, sampled=taken))
    return candidates
