"""The documents say what the code does: every verb, option and link in them is there, and the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from resilens.cli import commands

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def verbs(group: click.Group, above: str = "resilens") -> Iterator[tuple[str, click.Command]]:
    """Every verb with its full name."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from verbs(command, f"{above} {name}")
        else:
            yield f"{above} {name}", command


def test_every_verb_and_option_is_documented() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for name, command in verbs(commands):
        assert f"`{name}" in page, name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.opts[0] in page, f"{name} {parameter.opts[0]}"


def test_every_verb_and_option_in_the_documents_exists() -> None:
    known = dict(verbs(commands))
    for page in PAGES:
        for said in re.findall(r"`resilens ([^`]+)`", page.read_text(encoding="utf-8")):
            words = [word for word in said.split() if word != "--study" and not word.startswith(("DIR", "my-study"))]
            name = next((name for name in known if f"resilens {' '.join(words)} ".startswith(f"{name} ")), None)
            assert name or words[0].startswith("--"), f"{page.name}: resilens {said}"
            options = {opt for parameter in (known[name].params if name else ()) for opt in parameter.opts}
            for option in re.findall(r"--[a-z-]+", said):
                assert option in options | {"--study", "--help", "--version"}, f"{page.name}: resilens {said}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_architecture_is_one_page_and_names_rooms_that_exist() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert text.count("\n") < 70
    for path in re.findall(r"`((?:\w+/)+\w+\.py)`", text):
        assert (ROOT / "src" / "resilens" / path).exists() or (ROOT / path).exists(), path
    for row in re.findall(r"^\| (?:ground|\d) \| ([^|]+) \|", text, re.MULTILINE):
        for room in re.findall(r"`(\w+)`", row):
            package = ROOT / "src" / "resilens" / room
            assert package.is_dir() or package.with_suffix(".py").exists(), room


def test_the_readmes_example_gives_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    from resilens.cli import main

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"```console\n\$ resilens (quotas [^\n]+)\n(.*?)```", text, re.DOTALL)
    assert block
    arguments = [word.strip("'") for word in re.findall(r"'[^']*'|\S+", block[1])]
    with pytest.raises(SystemExit):
        main(arguments)
    assert block[2].strip() in capsys.readouterr().out
