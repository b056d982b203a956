"""What is at hand at the screening desk while nobody changes the design or the captures?

Making it takes a second for some thousand posts, so it is made once and kept; nothing in it depends on a decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from resilens.sampling.desk import Material
from resilens.sampling.likeness import Likeness

if TYPE_CHECKING:
    from resilens.corpus.engine import Corpus
    from resilens.study.model import Study

LABEL = 90
"""Characters of a post by which it is known in a list."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The design's material, the posts ready to be compared, and a label for each: its title, else how it begins."""

    material: Material
    likeness: Likeness
    labels: Mapping[str, str]

    @classmethod
    def of(cls, corpus: Corpus, study: Study) -> Shelf:
        """What is at hand for a study.

        Raises
        ------
        InputError
            As `Material.of`.
        """
        material = Material.of(corpus, study)
        wanted = ibis.memtable(pa.table({"post_id": pa.array(sorted(material.homes), pa.string())}))
        posts = corpus.table("posts").semi_join(wanted, "post_id")
        shown = ibis.coalesce(posts.title.nullif(""), posts.text, "").substr(0, LABEL)
        rows = corpus.frame(posts.select("post_id", label=shown))
        labels = dict(zip(rows["post_id"].to_pylist(), rows["label"].to_pylist(), strict=True))
        return cls(material, Likeness.of(corpus, material.homes), labels)
