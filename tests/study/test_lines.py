"""Every key of a TOML text is found on its line, however it is written."""

from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from resilens.study.lines import lines_of

SOURCE = '''\
# a comment with [brackets] and "quotes"
framework = "a # b"
  [study]  # indented
title = """
not = "a key"
[neither]
"""
"quoted key" = 'it''s'
sub.dotted . "key" = 1

[[hashtag]]
name = "猫税"
volumes = [
  { as_of = 2025-05-01, views = "1]0}M", nested = { a = 1, b = [1,
    2] } },  # the comment, with a comma
  # { as_of = no }
  { as_of = 2025-05-02 12:00:00Z },
]

[[hashtag]]
[[hashtag.volume]]
as_of = 2025-05-01
[[hashtag.volume]]
as_of = 2025-05-02
[hashtag.extra]
on = true
['literal key'."two"]
text = \'\'\'
one
two\'\'\'
after = -inf
'''.replace("'it''s'", "'its'")


def test_each_way_to_write_a_key() -> None:
    lines = lines_of(SOURCE)
    shown = SOURCE.splitlines()

    def at(*path: str | int) -> str:
        return shown[lines[path] - 1]

    assert lines[()] == 1
    assert at("framework") == 'framework = "a # b"'
    assert at("study") == "  [study]  # indented"
    assert at("study", "title") == 'title = """'
    assert at("study", "quoted key").startswith('"quoted key"')
    assert at("study", "sub", "dotted", "key") == 'sub.dotted . "key" = 1'
    assert lines[("hashtag",)] == lines[("hashtag", 0)] == shown.index("[[hashtag]]") + 1
    assert "nested" in at("hashtag", 0, "volumes", 0, "nested", "a")
    assert at("hashtag", 0, "volumes", 0, "nested", "b", 1) == "    2] } },  # the comment, with a comma"
    assert "05-02 12" in at("hashtag", 0, "volumes", 1, "as_of")
    assert at("hashtag", 1) == "[[hashtag]]"
    assert lines[("hashtag", 1)] > lines[("hashtag", 0)]
    assert at("hashtag", 1, "volume", 1, "as_of") == "as_of = 2025-05-02"
    assert at("hashtag", 1, "extra", "on") == "on = true"
    assert at("literal key", "two", "after") == "after = -inf"
    assert ("study", "not") not in lines


def test_windows_line_ends_count_once() -> None:
    assert lines_of("a = 1\r\n\r\n[b]\r\nc = '''\r\nx\r\n'''\r\nd = 2\r\n")[("b", "d")] == 7


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> Any:
    """Every path of a parsed text with the value there, if it is neither table nor list."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _paths(inner, (*path, index))
    else:
        yield path, value


KEYS = st.sampled_from(["a", "b", "c-1", '"q u"', "'l.t'", "a.b", 'c . "d#"', "名".join('""')])
SHAPES = st.recursive(
    st.sampled_from(['"<>"', "'<>'", '"""<>\n# no = 1\n"""', "'''<>\n[no]'''", '"""<>"\\""""']),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: "[ # [\n" + ",\n".join(parts) + "\n]"),
        st.lists(inner, max_size=2).map(
            lambda parts: "{ " + ", ".join(f"k{i}.x = {part}" for i, part in enumerate(parts)) + " }"
        ),
    ),
    max_leaves=6,
)
STATEMENTS = st.one_of(
    st.tuples(KEYS, SHAPES).map(lambda pair: f"{pair[0]} = {pair[1]}"),
    KEYS.map(lambda key: f"[{key}]"),
    KEYS.map(lambda key: f"[[{key}]]"),
    st.just("# c = [1, {"),
    st.just(""),
)


@given(st.lists(STATEMENTS, min_size=1, max_size=12))
def test_every_value_is_found_where_it_is_written(statements: list[str]) -> None:
    parts = "\n".join(statements).split("<>")
    source = parts[0] + "".join(f"mark{index}!{part}" for index, part in enumerate(parts[1:]))
    try:
        parsed = tomllib.loads(source)
    except tomllib.TOMLDecodeError:
        assume(False)
    lines, shown = lines_of(source), source.split("\n")
    for path, value in _paths(parsed):
        mark = value[: value.index("!") + 1]
        assert mark in shown[lines[path] - 1]
