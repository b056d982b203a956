"""How does a codebook look as `codebook.toml`, and what does a hand-edited one say, line by line?"""

from __future__ import annotations

import json
import re
import tomllib

from resilens.coding.codes import Codebook, Problem, codebook_from, key_of
from resilens.errors import Fault, InputError
from resilens.study.lines import lines_of
from resilens.study.toml_text import written

NAME = "codebook.toml"

HEAD = """\
# The codebook, as the record has it. Edit it by hand if you like: the next command takes your edit as a new version.
# Leave the number of the version as it is: it says which version you began from.
"""


def to_toml(codebook: Codebook, version: int) -> str:
    """The codebook as TOML: stable order, one key a line, what is empty left out."""
    blocks = [HEAD + f"version = {version}\n"]
    if codebook.framework:
        blocks[0] += f"framework = {written(codebook.framework)}\n"
    for section in ("facet", "code"):
        for part in codebook.content.get(section, []):
            keys = "".join(f"{key} = {written(value)}\n" for key, value in part.items())
            blocks.append(f"[[{section}]]\n{keys}")
    return "\n".join(blocks)


def from_toml(raw: bytes, name: str = NAME) -> tuple[Codebook, int]:
    """The codebook a file holds, and the version it was written from (0 where it does not say).

    Raises
    ------
    InputError
        With every fault, each as `codebook.toml:17: code[3].role: unknown role 'welcom'; did you mean 'welcome'?`.
    """
    try:
        source = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(Fault("not UTF-8 text; save the file as UTF-8 in your editor", f"{name}:{line}")) from error
    try:
        content = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        where = f"{name}:{at[1]}" if at else name
        words = f"not TOML: {error}; mend the line, or delete the file to have it written anew"
        raise InputError(Fault(words, where)) from error
    content = json.loads(json.dumps(content, default=str))  # dates and times written without quotation marks
    codebook, problems = codebook_from(content)
    version = content.get("version", 0)
    if isinstance(version, bool) or not isinstance(version, int) or version < 0:
        problems.append((("version",), "expected a whole number; it says which version the file was edited from"))
    if problems:
        raise InputError(_placed(problems, source, name))
    return codebook, version


def _placed(problems: list[Problem], source: str, name: str) -> list[Fault]:
    """Faults in the order of their lines, each with the line of the innermost key that the file has."""
    lines = lines_of(source)
    placed = []
    for path, words in problems:
        line = next(lines[path[:depth]] for depth in range(len(path), -1, -1) if path[:depth] in lines)
        placed.append((line, Fault(f"{key_of(path)}: {words}", f"{name}:{line}")))
    return [fault for _, fault in sorted(placed, key=lambda entry: entry[0])]
