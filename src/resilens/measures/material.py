"""What does a measure get? The study, the corpus, the items read with their codes, the periods, and how to estimate."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from resilens.coding.codings import Final, final
from resilens.coding.rounds import CONSENSUS
from resilens.measures import groups, periods
from resilens.measures.estimating import Estimating
from resilens.measures.items import Items, Marks, Places, items_of
from resilens.results.tables import Table, counted, day, share
from resilens.results.time_axis import Period
from resilens.results.types import Undefined
from resilens.sampling.drawfile import Draw, read_draw
from resilens.study.frameworks import ROLES

if TYPE_CHECKING:
    from resilens.coding.codes import Code, Codebook
    from resilens.corpus.engine import Corpus
    from resilens.record.store import Record
    from resilens.study.folder import Folder
    from resilens.study.model import Study


@dataclass(frozen=True, eq=False)
class Material:
    """Everything a measure may look at; made once for all measures.

    Parameters
    ----------
    study, corpus, record, codebook
        The study; the corpus is open.
    final
        The codes that apply, after consensus or of the one coder asked for.
    items
        The items read: those of the sample where one was drawn and any of its items was read, else all.
    left_out
        Items read that are not in the sample.
    periods
        Spans of days, in order; see `measures.periods`.
    estimating
        How values and intervals are made.
    decided
        Groups by author, as people decided them.
    mondays
        Between which weeks are to be taken together (`weeks.Mondays`), by unit; as the items demand it unless given.
    """

    study: Study
    corpus: Corpus
    record: Record
    codebook: Codebook
    final: Final
    items: Items
    left_out: int
    periods: tuple[Period, ...]
    estimating: Estimating
    decided: dict[str, str] = field(repr=False)
    mondays: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def draw(self) -> Draw | None:
        return self.estimating.draw

    @property
    def zone(self) -> str:
        return self.study.study.zone

    @cached_property
    def posts(self) -> Items:
        """The posts read."""
        return self.items.select(self.items.is_post)

    @cached_property
    def comments(self) -> Items:
        """The comments read."""
        return self.items.select(~self.items.is_post)

    def units(self) -> tuple[tuple[str, Items], ...]:
        """Posts and comments with what each is called, where any was read; they are never pooled."""
        return tuple((name, one) for name, one in (("posts", self.posts), ("comments", self.comments)) if len(one))

    # --- codes ------------------------------------------------------------------------------------------------------

    def codes_of_role(self, role: str) -> tuple[str, ...]:
        """Ids of the codes that have a role, and of those nested in them that have none of their own.

        Raises
        ------
        ValueError
            If there is no such role.
        """
        if role not in ROLES:
            raise ValueError(f"no role {role!r}; one of {', '.join(ROLES)}")
        return tuple(code.id for code in self.codebook.codes if self._role(code) == role)

    def _role(self, code: Code) -> str:
        while not code.role and code.parent:
            code = self.codebook.code(code.parent)
        return code.role

    def codes_of_facet(self, facet: str) -> tuple[Code, ...]:
        """The codes of a facet, in the codebook's order."""
        return tuple(code for code in self.codebook.codes if code.facet == facet)

    def with_nested(self, code_id: str) -> tuple[str, ...]:
        """A code's id and those of all codes nested in it."""
        found = [code_id]
        for one in found:
            found += [code.id for code in self.codebook.codes if code.parent == one]
        return tuple(found)

    def marks(self, items: Items, codes: Collection[str]) -> Marks:
        """Which of the items have any of these codes; what is unresolved is not known."""
        return items.marks(self.final.presence(codes))

    def name(self, code_id: str) -> str:
        """What a code is called, its id where the codebook has it no more."""
        return self.codebook.code(code_id).name if code_id in self.codebook else code_id

    # --- groups -----------------------------------------------------------------------------------------------------

    def groups_of(self, role: str) -> tuple[str, ...]:
        """Names of the study's groups that arrive (`newcomer`), receive (`host`), or neither (`other`)."""
        return tuple(group.name for group in self.study.groups if group.role == role)

    @cached_property
    def group_check(self) -> Table:
        """The confusion matrix of the groups' rules; every measure of groups shows it."""
        return groups.confusion(self.corpus, self.decided, self.items.groups)

    @property
    def group_caution(self) -> str:
        """What must be said of how far the groups can be trusted; empty where enough authors were checked."""
        return groups.caution(len(self.decided))

    # --- words ------------------------------------------------------------------------------------------------------

    @cached_property
    def design_caption(self) -> str:
        """What the sample's design demands to be said under every figure."""
        said = []
        if self.draw is None:
            said.append("No sample was drawn: it shows the items coded and no others.")
        elif self.draw.design == "ranked":
            as_of = self.study.sample.as_of
            said.append(f"The most visible posts, as ranked{f' on {day(as_of)}' if as_of else ''}; older survivors "
                        "favoured.")  # fmt: skip
        elif why := self.estimating.no_design(self.posts):
            said.append(f"It shows the items coded and no others: {why}.")
        if self.draw is not None and self.draw.posts:
            names = [post.hashtag for post in self.draw.posts]
            largest = max(sorted(set(names)), key=names.count)
            if len(set(names)) > 1 and 2 * names.count(largest) > len(names):
                part = share(names.count(largest) / len(names))
                said.append(f"#{largest} holds {part} of the posts drawn: the frame itself selects its practice.")
        return " ".join(said)

    @property
    def sample_words(self) -> str:
        """What was read, for a sentence of method."""
        words = f"{counted(len(self.posts), 'post')} and {counted(len(self.comments), 'comment')} read"
        return words if self.final.coders else "nothing has been coded"


def nothing_coded(material: Material) -> Undefined | None:
    """The reason why a measure of codes has no value, where nothing was coded."""
    if len(material.items):
        return None
    return Undefined("nothing has been coded; import codings with `resilens import codings`")


def missing_role(*roles: str) -> Undefined:
    """The reason where no code has a role that a measure looks for."""
    wanted = " or ".join(f"`{role}`" for role in roles)
    return Undefined(f"no code of the codebook has the role {wanted}; give it to the code that means it")


def material_of(
    folder: Folder, study: Study, corpus: Corpus, record: Record, codebook: Codebook, basis: str = CONSENSUS
) -> Material:
    """What measures of this study get.

    Parameters
    ----------
    basis
        `consensus`, or the name of a coder whose codings are taken as they are.

    Raises
    ------
    InputError
        If nobody of that name coded, or the sample's file is damaged.
    """
    return assemble(study, corpus, record, codebook, final(record, basis), _draw(folder, record))


def assemble(
    study: Study, corpus: Corpus, record: Record, codebook: Codebook, codes: Final, draw: Draw | None
) -> Material:
    """The material of these codes and this sample, wherever they come from; see `material_of`."""
    sampled = {item.item_id for item in draw.items} if draw else set()
    wanted = [item for item in codes.read if item in sampled] or list(codes.read)
    decided = groups.decided_groups(record)
    names = tuple(group.name for group in study.groups)
    spans: tuple[Period, ...] = ()

    def period_of(days: Places) -> Places:
        nonlocal spans
        spans = periods.cut(study, days)
        return periods.places(spans, days)

    items = items_of(corpus, wanted, study.study.zone, decided, names, period_of)
    return Material(study, corpus, record, codebook, codes, items, len(codes.read) - len(wanted), spans,
                    Estimating(draw, study.study.seed), decided)  # fmt: skip


def _draw(folder: Folder, record: Record) -> Draw | None:
    draws = record.view("draws")
    return read_draw(folder.sample / f"{draws[-1]['draw']}.parquet") if draws else None
