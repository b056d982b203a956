"""What is odd about a study that is formally right? Notices: nothing is refused, but somebody should look."""

from __future__ import annotations

from collections.abc import Iterator

from resilens.errors import Fault
from resilens.study.model import Hashtag, Study


def warnings(study: Study) -> list[Fault]:
    """What a reader of the study file should be told, each with the key it is about, in the order of the sections."""
    return [*_groups(study), *_falling_volumes(study), *_quotas(study), *_coders(study)]


def _groups(study: Study) -> Iterator[Fault]:
    roles = {group.role for group in study.groups}
    for role in ("newcomer", "host"):
        if study.groups and role not in roles:
            yield Fault(f"none has the role {role!r}; measures of exchange will be undefined", "group")
    framing = {hashtag.name.casefold() for hashtag in study.hashtags}
    for group in study.groups:
        used = {name for rule in group.rules for name in rule.hashtags if name.casefold() in framing}
        if used:
            listed = ", ".join(f"#{name}" for name in sorted(used))
            what = f"told by {listed}, which also define what is retrieved; who started first will be undefined"
            yield Fault(what, f"group {group.name}")


def _falling_volumes(study: Study) -> Iterator[Fault]:
    """Dated volumes that contradict each other: cumulative counts cannot fall."""
    for hashtag in study.hashtags:
        for quantity in ("views", "discussions"):
            dated = sorted(
                (volume.as_of, value) for volume in hashtag.volumes if (value := getattr(volume, quantity)) is not None
            )
            for (before, high), (after, low) in zip(dated, dated[1:], strict=False):
                if low < high:
                    what = (
                        f"{high:,} {quantity} on {before} but {low:,} on {after}; cumulative counts cannot fall, "
                        "so one of the two counts something else or is wrong"
                    )
                    yield Fault(what, _key(hashtag))


def _quotas(study: Study) -> Iterator[Fault]:
    volumes, quantity = study.quota_volumes(), study.sample.quota_by
    for hashtag in study.hashtags:
        if not hashtag.volumes:
            yield Fault("has no volume, so no quota can be given to it", _key(hashtag))
        elif volumes[hashtag.name] is None:
            yield Fault(f"has no {quantity}, to which quotas are proportional (sample.quota_by)", _key(hashtag))
    if study.sample.as_of is None:
        days = {
            max(volume.as_of for volume in hashtag.volumes if getattr(volume, quantity) is not None)
            for hashtag in study.hashtags
            if volumes[hashtag.name] is not None
        }
        if len(days) > 1:
            shown = ", ".join(map(str, sorted(days)))
            yield Fault(f"quotas would come from volumes of different dates ({shown}); set it", "sample.as_of")
    known = {name: volume for name, volume in volumes.items() if volume}
    total = sum(known.values())
    for name, volume in known.items():
        if len(known) > 1 and 2 * volume > total:
            what = (
                f"holds {volume / total:.0%} of the {quantity} and so of the quota; the frame itself selects what is "
                "practised under it, and every figure will say so"
            )
            yield Fault(what, f"hashtag #{name}")


def _key(hashtag: Hashtag) -> str:
    return f"hashtag #{hashtag.name}"


def _coders(study: Study) -> Iterator[Fault]:
    if len(study.coders) == 1:
        yield Fault("one coder alone; agreement needs two", "coder")
