"""Is the shortfall of one kind of estimate chance? The same worlds drawn again and again.

    python benchmarks/measures_redrawn.py                      60 worlds, 20 draws each; half an hour of a core
    python benchmarks/measures_redrawn.py --worlds 5 --draws 100

A hundred worlds tell a coverage of 95 % to 4 points; the more kinds are looked at, the further the worst of them lies
from it by chance alone. Here a world is simulated once and its posts are drawn with many seeds: the truth stands still
and some hundred draws of each world are cheap. What is looked at are kinds that fell short in a run of
`measures_recovery.py`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from measures_recovery import Recovered, captured_world, coverage, final_of, print_coverage

from resilens.measures.exchange.replies import answered, asymmetry, pairs
from resilens.measures.exchange.words import answered_name, asymmetry_name, starts_name
from resilens.measures.items import UNKNOWN
from resilens.measures.material import Material, assemble
from resilens.pipeline import OpenStudy
from resilens.results.types import Result, Undefined
from resilens.sampling.designs import draw_posts
from resilens.sampling.draw import study_frame, study_quotas
from resilens.sampling.drawfile import Draw, DrawnItem
from resilens.sampling.frame import Frame

FIRST_WORLD, FIRST_DRAW = 1000, 10_000


def redrawn(seed: int, draws: int, items: int) -> Iterator[Recovered]:
    """Every estimate of every draw of a world's posts, beside its truth."""
    with captured_world(seed, items=items) as (study, root), study.corpus() as corpus:
        truth = pq.read_table(root / "truth" / "items.parquet")
        shares = study_quotas(study.study)
        frame = study_frame(corpus, study.study, shares)
        quotas = {row.hashtag: row.quota for row in shares}

        def material(posts: list[str], draw: Draw | None) -> Material:
            read = final_of(truth.filter(pc.is_in(truth.column("item_id"), pa.array(posts))))
            return assemble(study.study, corpus, study.record, study.codebook(), read, draw)

        truths = _estimates(material([post.post_id for post in frame.posts], None))
        for place in range(draws):
            draw = _drawn(study, frame, quotas, FIRST_DRAW + place)
            for name, result in _estimates(material([post.item_id for post in draw.posts], draw)).items():
                known = truths[name]
                yield Recovered("redrawn", name, result, None if isinstance(known, Undefined) else known.value)


def _drawn(study: OpenStudy, frame: Frame, quotas: dict[str, int], seed: int) -> Draw:
    """The posts of one draw, without comments: none of these estimates is of coded ones."""
    sample = study.study.sample
    posts, strata, _ = draw_posts(frame, quotas, sample.design, seed)
    rows = [DrawnItem(post.post_id, frame.frame_id, post.hashtag, post.stratum, post.post_id, post.chance, post.rank,
                      post.reason, seed) for post in posts]  # fmt: skip
    return Draw(tuple(rows), tuple(strata), sample.design, seed, sample.comment_rule, sample.comments, frame.frame_id,
                frame.description, {}, False)  # fmt: skip


def _estimates(material: Material) -> dict[str, Result]:
    a, b = pairs(material)[0]
    posts, late = material.posts, len(material.periods) - 1
    return {
        asymmetry_name("comments", a, b, "late"): asymmetry(material, "comments", a, b, late),
        answered_name("comments", a, b, "late"): answered(material, "comments", a, b, late),
        answered_name("comments", b, a, "late"): answered(material, "comments", b, a, late),
        starts_name(UNKNOWN): material.estimating.share(posts, posts.of_group(UNKNOWN)),
        "posts: part in the last period": material.estimating.share(posts, posts.period == late),
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--worlds", type=int, default=60)
    arguments.add_argument("--draws", type=int, default=20)
    arguments.add_argument("--items", type=int, default=12_000)
    wanted = arguments.parse_args()
    seeds = range(FIRST_WORLD, FIRST_WORLD + wanted.worlds)
    found = [one for seed in seeds for one in redrawn(seed, wanted.draws, wanted.items)]
    print(f"{wanted.worlds} worlds of {wanted.items:,} items, {wanted.draws} draws of each")
    print_coverage(coverage(found))


if __name__ == "__main__":
    main()
