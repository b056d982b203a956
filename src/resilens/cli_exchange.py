"""How are codebooks exchanged with other programs, and quotes taken out, on the command line?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from resilens.cli_shared import AS_JSON, DRY_RUN, EXISTING, UNWRITTEN, opened, propose_then_write, say_json
from resilens.errors import InputError

if TYPE_CHECKING:
    from resilens.exchange.project_in import ProjectProposal
    from resilens.pipeline import OpenStudy

PROGRAMS = ("standard", "nvivo", "atlasti", "maxqda", "qualcoder")
OUT = click.Path(dir_okay=False, path_type=Path)


@click.command("codebook")
@click.argument("path", metavar="FILE", type=EXISTING)
@click.option("--yes", is_flag=True, help="Do not ask before writing.")
@DRY_RUN
@AS_JSON
@click.pass_context
def import_codebook(context: click.Context, path: Path, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Bring a codebook from another program (REFI-QDA, .qdc). Says first what would change and what is lost."""
    study = opened(context)
    propose_then_write(study.propose_codebook(path), study.import_codebook, dry_run, yes, as_json)


@click.command("project")
@click.argument("path", metavar="FILE", type=EXISTING)
@click.option("--dialect", default="", help="What positions count (nvivo, utf16-2, ...), where the file is not clear.")
@click.option("--yes", is_flag=True, help="Do not ask before writing.")
@DRY_RUN
@AS_JSON
@click.pass_context
def import_project(
    context: click.Context, path: Path, dialect: str, dry_run: bool, yes: bool, as_json: bool
) -> None:  # fmt: skip
    """Bring a coded project from another program (REFI-QDA, .qdpx). Says first what would come and what is lost."""
    study = opened(context)
    propose_then_write(_proposed(study, path, dialect), study.import_project, dry_run, yes, as_json)


def _proposed(study: OpenStudy, path: Path, dialect: str) -> ProjectProposal:
    """The proposal; who sits at the terminal is asked where the positions are not clear."""
    from resilens.exchange.project_in import UnclearDialect

    try:
        return study.propose_project(path, dialect=dialect)
    except UnclearDialect as unclear:
        if not sys.stdin.isatty():
            raise
        click.echo(str(unclear), err=True)
        asked = click.prompt("Which dialect is it?", err=True, value_proc=_dialect)
        return study.propose_project(path, dialect=asked)


def _dialect(answer: str) -> str:
    """An answer that names a dialect; for any other one is asked again."""
    from resilens.exchange.positions import dialect_named

    try:
        return dialect_named(answer).id
    except InputError as error:
        raise click.UsageError(str(error)) from error


@click.command("codebook")
@click.argument("path", type=OUT)
@DRY_RUN
@click.pass_context
def export_codebook(context: click.Context, path: Path, dry_run: bool) -> None:
    """Write the codebook to PATH: .qdc for NVivo and its kin, .md to read, .csv or .xlsx. Says what is lost."""
    losses = opened(context).export_codebook(path, dry_run=dry_run)
    click.echo(f"the codebook {'would be' if dry_run else 'is'} written to {path}")
    for line in losses:
        click.echo(f"  not carried as it is: {line}")
    if dry_run:
        click.echo(UNWRITTEN, err=True)


@click.command("project")
@click.argument("path", type=OUT)
@click.option("--for", "program", default="standard", show_default=True, type=click.Choice(PROGRAMS),
              help="Which program reads it.")
@click.option("--layout", default="thread", show_default=True, type=click.Choice(["thread", "item"]),
              help="A post with its comments as one source, or every item as one.")  # fmt: skip
@click.option("--round", "round_id", default="", help="Only this round's codings.")
@click.option("--restricted", is_flag=True, help="With words not to be quoted, links and recordings.")
@DRY_RUN
@AS_JSON
@click.pass_context
def export_project(
    context: click.Context, /, path: Path, dry_run: bool, as_json: bool, **wanted: Any
) -> None:  # fmt: skip
    """Write codebook, items, codings and memos to PATH (REFI-QDA, .qdpx) for another program. Says what is lost."""
    project = opened(context).project(**wanted)
    if as_json:
        say_json(project.to_dict())
    else:
        click.echo(str(project))
    if dry_run:
        click.echo(UNWRITTEN, err=True)
        return
    project.write(path)
    click.echo(f"the project is written to {path}", err=as_json)


@click.command("quotes")
@click.argument("path", type=OUT)
@click.option("--coder", default="", help="Only this coder's.")
@click.option("--round", "round_id", default="", help="Only this round's.")
@click.option("--faithful", is_flag=True, help="CSV: the words as they are, not safe to open in a spreadsheet.")
@click.option("--restricted", is_flag=True, help="With platform ids, addresses, and words only to be paraphrased.")
@DRY_RUN
@click.pass_context
def export_quotes(context: click.Context, /, path: Path, dry_run: bool, **options: Any) -> None:
    """Write the words under each code to PATH (.csv, .xlsx or .parquet), with what may be done with them."""
    written = opened(context).export_quotes(path, dry_run=dry_run, **options)
    click.echo(f"{written.rows:,} rows {'would be ' if dry_run else ''}written to {path}")
    for line in written.notes:
        click.echo(f"  {line}")
    if dry_run:
        click.echo(UNWRITTEN, err=True)
