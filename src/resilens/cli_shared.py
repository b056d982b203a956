"""What do the verbs of the command line have in common: options, output, and how they open the study?"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from resilens.pipeline import OpenStudy

DONE, INPUT_AT_FAULT, WRONG_USE, OWN_FAILURE = 0, 1, 2, 3
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
UNWRITTEN = "Nothing was written (--dry-run)."
EXISTING = click.Path(exists=True, path_type=Path)


def say_json(content: Any) -> None:
    """Print JSON as people and programmes read it."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=1))


def opened(context: click.Context) -> OpenStudy:
    """The study named by --study, or the nearest one upwards from here."""
    from resilens.pipeline import open_study

    return open_study(context.obj)


def progress_on_terminal(quiet: bool) -> Any:
    """A callback that shows a step and how much of it is left, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        return None

    def show(step: str, done: int, total: int | None) -> None:
        share = f" {done / total:4.0%}" if total else f" {done:,}"
        click.echo(f"\r\033[K{step}{share}", err=True, nl=False)
        if total and done >= total:
            click.echo("\r\033[K", err=True, nl=False)

    return show


def propose_then_write(proposal: Any, write: Callable[[Any], int], dry_run: bool, yes: bool, as_json: bool) -> None:
    """Say what a file would change, then write it, unless it is refused or only looked at."""
    if as_json:
        say_json(proposal.to_dict())
    else:
        click.echo(str(proposal))
    if proposal.refused:
        click.echo("Nothing was written: mend what is refused above and import the file again.", err=True)
        raise click.exceptions.Exit(INPUT_AT_FAULT)
    if dry_run:
        click.echo(UNWRITTEN, err=True)
        return
    if not yes and sys.stdin.isatty() and not click.confirm("Write this to the record?", default=True):
        raise click.Abort
    changed = write(proposal)
    click.echo("It is on the record." if changed else "Nothing was written: the record has it already.", err=True)


def decisions_from_table(what: str, coder_help: str, explained: str) -> click.Command:
    """The verb that brings a table of decisions: `study.propose_WHAT` says what changes, `import_WHAT` writes it."""

    @click.command(what, help=explained)
    @click.argument("path", metavar="FILE", type=EXISTING)
    @click.option("--coder", help=coder_help)
    @click.option("--yes", is_flag=True, help="Do not ask before writing.")
    @DRY_RUN
    @AS_JSON
    @click.pass_context
    def bring(
        context: click.Context, path: Path, coder: str | None, dry_run: bool, yes: bool, as_json: bool
    ) -> None:
        study = opened(context)
        proposal = getattr(study, f"propose_{what}")(path, coder=coder)
        propose_then_write(proposal, getattr(study, f"import_{what}"), dry_run, yes, as_json)

    return bring
