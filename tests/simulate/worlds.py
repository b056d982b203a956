"""Worlds that tests change a little."""

from __future__ import annotations

from typing import Any

from resilens.simulate.world import World, world


def changed(base: World | str, **tables: Any) -> World:
    """A world, or a preset by name, with some keys changed; a table's other keys stay as they are.

    `changed("quiet", days=28, rates={"q": 0})`.
    """
    whole = base if isinstance(base, World) else world(base)
    new = {}
    for key, value in tables.items():
        old = getattr(whole, key)
        new[key] = {**old.model_dump(by_alias=True), **value} if isinstance(value, dict) else value
    return whole.expect(**new)
