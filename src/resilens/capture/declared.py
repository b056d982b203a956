"""What does the study file declare that the corpus is built with? Group rules and dated volumes, as plain values."""

from __future__ import annotations

from resilens.capture.building import HashtagVolume
from resilens.capture.groups import GroupRule
from resilens.study.model import Study


def group_rules(study: Study) -> list[GroupRule]:
    """The rules that place accounts in groups, in the order in which they are tried."""
    return [
        GroupRule(group.name, rule.hashtags, rule.location, rule.language, rule.self_label, rule.account_from,
                  rule.account_until, rule.basis)
        for group, rule in study.ordered_rules()
    ]  # fmt: skip


def hashtag_volumes(study: Study) -> list[HashtagVolume]:
    """Every dated volume of every hashtag."""
    return [
        HashtagVolume(hashtag.name, volume.as_of, volume.views, volume.discussions)
        for hashtag in study.hashtags for volume in hashtag.volumes
    ]  # fmt: skip
