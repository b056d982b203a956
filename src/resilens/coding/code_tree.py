"""How do the codes of a codebook lie in each other? Each facet is a tree; its order is that of the codebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from resilens.coding.codes import Code, Codebook


@dataclass(frozen=True, slots=True)
class Node:
    """A code with those nested in it; `depth` is 0 at the top of its facet."""

    code: Code
    depth: int
    nested: tuple[Node, ...] = ()

    @property
    def hidden(self) -> bool:
        """Whether neither the code nor any nested in it is active."""
        return not self.code.active and all(node.hidden for node in self.nested)


def tree(codebook: Codebook, facet_id: str) -> tuple[Node, ...]:
    """The codes at the top of a facet, each with those nested in it."""
    nested: dict[str, list[Code]] = {}
    for code in codebook.codes:
        if code.facet == facet_id:
            nested.setdefault(code.parent, []).append(code)

    def nodes(parent: str, depth: int) -> tuple[Node, ...]:
        return tuple(Node(code, depth, nodes(code.id, depth + 1)) for code in nested.get(parent, ()))

    return nodes("", 0)


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every node, each before those nested in it."""
    for node in nodes:
        yield node
        yield from walk(node.nested)


def below(codebook: Codebook, code_id: str) -> tuple[str, ...]:
    """The ids of all codes nested in a code, at any depth, in the order of the codebook."""
    inside, found = {code_id}, 0
    while len(inside) > found:
        found = len(inside)
        inside |= {code.id for code in codebook.codes if code.parent in inside}
    return tuple(code.id for code in codebook.codes if code.id in inside and code.id != code_id)


def siblings(codebook: Codebook, code: Code) -> tuple[Code, ...]:
    """The codes at the same place of the tree, the code itself among them."""
    return tuple(other for other in codebook.codes if (other.facet, other.parent) == (code.facet, code.parent))
