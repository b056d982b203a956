"""Which leads speak of a post on the screening desk, and how does a post they speak of come into the sample?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias
from uuid import UUID

from resilens.capture.addresses import clean
from resilens.coding.decisions import one_item
from resilens.coding.items import CorpusItems
from resilens.coding.leads import Lead, matching
from resilens.coding.threads import Item
from resilens.corpus.engine import Corpus
from resilens.errors import Fault, InputError
from resilens.record.events import Event
from resilens.record.store import Record
from resilens.sampling.deciding import bring_in
from resilens.sampling.desk import Material
from resilens.sampling.quotas import comparison_key

Because: TypeAlias = Literal["item", "hashtag"]

_HASHTAG = re.compile(r"[#＃]([^\s#＃]+)")
_MARKED = re.compile(r"\[[^\]]*\]$")


@dataclass(frozen=True, slots=True)
class Match:
    """A lead that speaks of a post: of this very one (`item`), or of these `hashtags` of it."""

    lead: Lead
    because: Because
    hashtags: tuple[str, ...] = ()


def speaking_of(leads: Sequence[Lead], post: Item, comments: Iterable[Item] = ()) -> list[Match]:
    """The leads that speak of a post: linked to it or to one of its comments, or holding its id or address; then those
    that name one of its hashtags, as a tag or behind a #."""
    surely = {lead.lead_id for found in matching(leads, [post, *comments]).values() for lead in found}
    keys = {comparison_key(name): name for name in post.hashtags}
    sure = [Match(lead, "item") for lead in leads if lead.lead_id in surely]
    named = []
    for lead in leads:
        shared = dict.fromkeys(keys[key] for key in _named(lead) if key in keys)
        if shared and lead.lead_id not in surely:
            named.append(Match(lead, "hashtag", tuple(shared)))
    return sure + named


def bring_in_mentioned(
    corpus: Corpus, material: Material, record: Record, mention: str, lead: str, hashtag: str, actor: str,
    reason: str = "", event_id: UUID | None = None,
) -> Event:  # fmt: skip
    """Bring in the post that is meant by its id, its id on the platform, or its address; see `deciding.bring_in`.

    Raises
    ------
    InputError
        If no post, or more than one, is meant, and as `bring_in`.
    """
    written = mention.strip()
    name = clean(written).rstrip("/").rpartition("/")[2] if "://" in written else written
    found = {key: [item for item in items if ":p:" in item] for key, items in CorpusItems(corpus).find({name}).items()}
    post_id = one_item(name, found, "post")
    if not lead:
        raise InputError(Fault("say which lead points to this post", "lead"))
    return bring_in(corpus, material, record, post_id, lead, hashtag, actor, reason, event_id)


def _named(lead: Lead) -> list[str]:
    """The hashtags a lead names, as they are compared; `#猫税[话题]#` names 猫税."""
    written = _HASHTAG.findall(f"{lead.text}\n{lead.pasted}")
    return [comparison_key(name) for name in (*lead.tags, *(_MARKED.sub("", one) for one in written))]
