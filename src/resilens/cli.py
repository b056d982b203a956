"""The command line: a thin skin over `resilens.open`. Whatever it does can be done from Python in one call.

Exit codes: 0 done, 1 the input is at fault (said in words), 2 wrong use, 3 the programme's own failure.
Everything heavy is imported inside the command that needs it, so that `resilens --help` answers at once.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from resilens import cli_claims, cli_exchange, cli_measures, cli_search, cli_web
from resilens.cli_shared import (
    AS_JSON,
    DONE,
    DRY_RUN,
    EXISTING,
    INPUT_AT_FAULT,
    OWN_FAILURE,
    WRONG_USE,
    decisions_from_table,
    opened,
    progress_on_terminal,
    propose_then_write,
    say_json,
)
from resilens.errors import Fault, InputError


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    try:
        code = commands.main(args=arguments, prog_name="resilens", standalone_mode=False)
    except click.exceptions.Exit as ended:
        code = ended.exit_code
    except click.Abort:
        click.echo("Stopped; nothing half-done was kept.", err=True)
        code = INPUT_AT_FAULT
    except click.ClickException as wrong:
        wrong.show()
        code = WRONG_USE
    except InputError as error:
        say_faults(error.faults)
        code = INPUT_AT_FAULT
    except BrokenPipeError:  # the reader of our output (`| head`) has had enough
        sys.stderr.close()
        code = DONE
    except Exception as failure:  # noqa: BLE001 - the outermost boundary, where exit code 3 is made
        traceback.print_exception(failure)
        click.echo("\nresilens itself failed; your captures and your record are as they were. "
                   "Please report the lines above.", err=True)  # fmt: skip
        code = OWN_FAILURE
    sys.exit(code if isinstance(code, int) else DONE)


def say_faults(faults: Iterable[Fault]) -> None:
    """Print every fault on a line of its own, to standard error."""
    for fault in faults:
        click.echo(str(fault), err=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--study", type=click.Path(file_okay=False, path_type=Path), default=Path(),
              help="The study's folder (default: the nearest one upwards with a study.toml).")  # fmt: skip
@click.version_option(package_name="resilens")
@click.pass_context
def commands(context: click.Context, study: Path) -> None:
    """A research workbench for how two online communities meet in a platform crisis.

    Captured files in, a documented sample, coding on the record, and a report in which every claim leads back to
    the captured items behind it. Nothing is ever fetched from the network.

    Begin with `resilens demo`, or `resilens init my-study`.
    """
    context.obj = study


@commands.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--example", help="Begin with the design of an example study, such as tiktok-refugees.")
@click.option("--title", help="The study's title.")
def init(directory: Path, example: str | None, title: str | None) -> None:
    """Begin a study in DIRECTORY. Asks nothing."""
    from resilens.study.beginning import begin

    folder = begin(directory, example, title)
    click.echo(f"A study begins in {directory}. Next:")
    click.echo(f"  1. read and change {directory / folder.study_file.name}; "
               f"`resilens --study {directory} check` says every fault")  # fmt: skip
    click.echo(f"  2. `resilens --study {directory} add FILES-OR-FOLDERS` with what you captured")


@commands.command()
@click.pass_context
def check(context: click.Context) -> None:
    """Say every fault of the study at once, then what deserves a second look."""
    study = opened(context)
    for notice in study.check():
        click.echo(f"note: {notice}")
    click.echo(f"{study.folder.study_file.name} is in order.")


@commands.command()
@click.argument("paths", nargs=-1, required=True, type=EXISTING)
@click.option("--reader", help="Use this reader instead of recognising one from the content.")
@click.option("--map", "mapping", help="For a table: which column is what, as text=content,id=post_id,...")
@click.option("--platform", help="For a table that does not show it: the platform.")
@click.option("--zone", "time_zone",
              help="The time zone of naive times, as UTC+08:00 (default: inferred where ids allow it).")  # fmt: skip
@click.option("--query", help="The search or hashtag these files were retrieved with, where they do not say it.")
@click.option("--ranking", help="The ranking they were retrieved by: likes, comments, bookmarks, ...")
@click.option("--collected", "collected_at",
              help="When they were captured, as '2025-01-14 20:00', where they do not say it.")  # fmt: skip
@click.option("--account", help="The account the search was made with; a pseudonym stands for it.")
@click.option("--locale", help="The language or region of that account.")
@click.option("--complete", is_flag=True,
              help="Together these files hold all comments shown of every thread of which they hold any.")  # fmt: skip
@AS_JSON
@click.pass_context
def add(context: click.Context, /, paths: tuple[Path, ...], as_json: bool, **options: Any) -> None:
    """Add captured FILES-OR-FOLDERS to the study. The reader is recognised from content."""
    study = opened(context)
    confirm = _confirm_mapping if sys.stdin.isatty() and not as_json else None
    outcome = study.add(paths, confirm=confirm, progress=progress_on_terminal(as_json), **options)
    if as_json:
        say_json(outcome.to_dict())
    else:
        for line in outcome.lines():
            click.echo(line)
    if outcome.refused:
        say_faults(outcome.refused)
        raise click.exceptions.Exit(INPUT_AT_FAULT)


def _confirm_mapping(name: str, description: str) -> bool:
    click.echo(f"{name}: the columns were read as\n{description}")
    return click.confirm("Is that right?", default=True)


@commands.command()
@AS_JSON
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """Say what was captured, what is missing, how sure the times and counts are, and what comes next."""
    study = opened(context)
    state = study.status()
    if as_json:
        say_json(state.to_dict())
        return
    for line in study.status_lines(state):
        click.echo(line)


@commands.command()
@click.argument("total", type=int, required=False)
@click.argument("volumes", nargs=-1)
@AS_JSON
@click.pass_context
def quotas(context: click.Context, total: int | None, volumes: tuple[str, ...], as_json: bool) -> None:
    """Share TOTAL posts among hashtags by VOLUMES such as '#cattax=46.225M'; without them, as study.toml says."""
    from resilens.pipeline import quota_table

    table = quota_table(total, volumes) if total is not None else opened(context).quotas()
    if as_json:
        say_json(table.to_dict())
        return
    for line in table.lines():
        click.echo(line)


@commands.command()
@click.option("--redraw", is_flag=True, help="Replace the current draw, on the record, where its inputs have changed.")
@AS_JSON
@click.pass_context
def sample(context: click.Context, redraw: bool, as_json: bool) -> None:
    """Draw the sample study.toml asks for; the same inputs give the same bytes."""
    outcome = opened(context).draw(redraw=redraw)
    if as_json:
        say_json(outcome.to_dict())
        return
    for line in outcome.lines():
        click.echo(line)


@commands.group("import")
def import_() -> None:
    """Bring human work in."""


commands.add_command(cli_measures.measure)
commands.add_command(cli_web.serve)
commands.add_command(cli_web.packet)

import_.add_command(cli_exchange.import_codebook)
import_.add_command(cli_exchange.import_project)


@import_.command("codings")
@click.argument("path", type=EXISTING)
@click.option("--coder", default="", help="Who coded, where the table has no coder column.")
@click.option("--round", "round_id", default="round-1", show_default=True, help="The round these codings belong to.")
@click.option("--replace", is_flag=True, help="Take codings away that the table no longer has.")
@click.option("--yes", is_flag=True, help="Do not ask before writing.")
@DRY_RUN
@AS_JSON
@click.pass_context
def import_codings(
    context: click.Context, /, path: Path, dry_run: bool, yes: bool, as_json: bool, **options: Any
) -> None:
    """Bring codings from a spreadsheet (CSV, XLSX, Parquet; long or wide). Says first what would change."""
    study = opened(context)
    propose_then_write(study.propose_codings(path, **options), study.import_codings, dry_run, yes, as_json)


import_.add_command(decisions_from_table(
    "screening", "Who decided, where the table has no screener column.",
    "Bring screening done in a spreadsheet: posts to include, exclude or call duplicate, comments to choose.",
))  # fmt: skip
import_.add_command(decisions_from_table(
    "quoting", "Who decided, where the table has no coder column.",
    "Bring decisions on what may be done with the words of items, and paraphrases, from a spreadsheet.",
))  # fmt: skip
import_.add_command(decisions_from_table(
    "translations", "Who brings them, where the table has no coder column.",
    "Bring translations of titles and texts from a spreadsheet: item, text, engine, version, date, language.",
))  # fmt: skip


@commands.group()
def export() -> None:
    """Take human work out."""


export.add_command(cli_exchange.export_codebook)
export.add_command(cli_exchange.export_project)
export.add_command(cli_exchange.export_quotes)


@export.command("codings")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--coder", default="", help="Only this coder's.")
@click.option("--round", "round_id", default="", help="Only this round's.")
@click.option("--layout", type=click.Choice(["long", "wide"]), default="long", show_default=True)
@click.option("--faithful", is_flag=True, help="CSV: the words as they are, not safe to open in a spreadsheet.")
@click.pass_context
def export_codings(context: click.Context, /, path: Path, **options: Any) -> None:
    """Write codings to PATH (.csv, .xlsx or .parquet)."""
    written = opened(context).export_codings(path, **options)
    click.echo(f"{written:,} rows written to {path}")


def _words(context: click.Context, parameter: click.Parameter, given: str | None) -> list[str] | None:
    """Words with commas between them."""
    return None if given is None else [word.strip() for word in given.split(",") if word.strip()]


@commands.command()
@click.argument("table", type=EXISTING, required=False)
@click.option("--unit", default="unit", show_default=True, help="TABLE: the column of what was coded.")
@click.option("--coder", default="coder", show_default=True, help="TABLE: the column of who coded it.")
@click.option("--value", default="value", show_default=True, help="TABLE: the column of the code given.")
@click.option("--cluster", help="TABLE: the column of threads, such as the post of a comment; intervals resample them.")
@click.option("--wide", is_flag=True, help="TABLE: a row is a unit, every other column a coder.")
@click.option("--separator", default="", help="TABLE: what stands between the codes of a cell that holds several.")
@click.option("--level", help="TABLE: nominal (default), ordinal, interval, ratio, masi or jaccard.")
@click.option("--values", callback=_words, help="TABLE: every value, the lowest first, commas between: no,maybe,yes.")
@click.option("--coders", callback=_words, help="TABLE: only these coders, commas between.")
@click.option("--missing", callback=_words, help="TABLE: what stands for no judgement, commas between: NA,99.")
@click.option("--spans", is_flag=True,
              help="TABLE: a row is a marked passage, with the columns start, end and length.")  # fmt: skip
@click.option("--draws", type=int, default=2000, show_default=True, help="TABLE: the draws of the bootstrap.")
@click.option("--seed", type=int, default=1, show_default=True, help="TABLE: its seed; a study has its own.")
@click.option("--round", "round_id", default="", help="Study: only this round.")
@click.option("--universe", type=click.Choice(["read", "touched", "characters"]), default="read", show_default=True,
              help="Study: all items read, items that anybody coded, or the characters of texts.")  # fmt: skip
@click.option("--by", multiple=True,
              help="Study: tell apart by language, group, kind, round, codebook_version or length.")  # fmt: skip
@click.option("--coefficient", "coefficients", multiple=True, help="Instead of alpha, percent and AC1: these.")
@click.option("--disagreements", is_flag=True, help="Study: where coders disagree, instead of how far they agree.")
@click.option("--saturation", is_flag=True, help="Study: whether new codes still appeared, instead of agreement.")
@click.option("--base", type=int, default=4, show_default=True, help="--saturation: the threads others are a share of.")
@click.option("--run", type=int, default=2, show_default=True, help="--saturation: threads looked at together.")
@click.option("--threshold", type=float, default=0.05, show_default=True, help="--saturation: the share that is few.")
@click.option("--paragraph", is_flag=True, help="Print the paragraph for a paper.")
@click.option("--apa", is_flag=True, help="Print the table for a paper.")
@AS_JSON
@click.pass_context
def agree(
    context: click.Context, /, table: Path | None, paragraph: bool, apa: bool, as_json: bool, **options: Any
) -> None:
    """Say how far coders agree, before consensus: in the study, or in a TABLE (CSV, Excel, Parquet) from anywhere."""
    from resilens.agreement import sentences

    found = _agreed(context, table, options)
    lines = found.disagreement_lines if options["disagreements"] else found.lines
    if as_json:
        say_json(found.to_dict())
    if paragraph:
        click.echo(sentences.paragraph(found))
    if apa:
        click.echo(sentences.apa_table(found))
    for line in () if as_json or paragraph or apa else lines():
        click.echo(line)


OF_SPANS = {"unit", "coder", "value", "cluster", "missing", "draws", "seed"}
OF_TABLE = OF_SPANS | {"wide", "separator", "level", "coefficients", "values", "coders"}
OF_STUDY = {"round_id", "universe", "by", "coefficients", "disagreements"}
OF_SATURATION = {"round_id", "base", "run", "threshold"}


def _agreed(context: click.Context, table: Path | None, options: dict[str, Any]) -> Any:
    """What is asked of a table, of its spans, of a study, or of its saturation, and the options that go with it."""
    from resilens.agreement.table_agreement import agree_table
    from resilens.agreement.table_spans import agree_spans

    if table and options.pop("spans"):
        return agree_spans(table, **_given(context, OF_SPANS, options))
    if table:
        return agree_table(table, **_given(context, OF_TABLE, options))
    if options.pop("saturation"):
        return opened(context).saturation(**_given(context, OF_SATURATION, options))
    given = _given(context, OF_STUDY, options)
    given.pop("disagreements", None)
    return opened(context).agreement(**given)


def _given(context: click.Context, allowed: set[str], options: dict[str, Any]) -> dict[str, Any]:
    """The options that were written out; one that does not go with this use is wrong use."""
    default = click.core.ParameterSource.DEFAULT
    given = {name: value for name, value in options.items() if context.get_parameter_source(name) is not default}
    for parameter in context.command.params:
        if parameter.name in given.keys() - allowed:
            words = f"{parameter.opts[0]} does not go with what is asked here; `resilens agree --help` says what does"
            raise click.UsageError(words)
    return given


commands.add_command(cli_claims.claims)
commands.add_command(cli_search.search)
commands.add_command(cli_search.together)


@commands.command()
@click.pass_context
def report(context: click.Context) -> None:
    """Write the report from what is there; `resilens run` brings everything up to date first."""
    click.echo(f"Written: {opened(context).report()}")


@commands.command()
@AS_JSON
@click.pass_context
def run(context: click.Context, as_json: bool) -> None:
    """Bring everything up to date; rebuild only what is stale, and say why."""
    outcomes = opened(context).run(progress=progress_on_terminal(as_json))
    if as_json:
        say_json([outcome.to_dict() for outcome in outcomes])
        return
    for outcome in outcomes:
        click.echo(str(outcome))


@commands.command()
@click.argument("target")
@click.option("--reason", default="the person asked for it", show_default=True)
@click.option("--yes", is_flag=True, help="Do not ask before erasing.")
@DRY_RUN
@click.pass_context
def forget(context: click.Context, target: str, reason: str, dry_run: bool, yes: bool) -> None:
    """Erase an AUTHOR (pseudonym or platform id) or an ITEM from every file of the study, for good."""
    from resilens.erasure import carry_out, plan

    study = opened(context)
    planned = plan(study, target)
    for line in planned.lines():
        click.echo(line)
    if dry_run:
        click.echo("Nothing was changed (--dry-run).")
        return
    if not yes:
        if not sys.stdin.isatty():
            raise InputError("erasing cannot be undone; --yes says you mean it, --dry-run shows what would go")
        click.confirm("Erase this for good?", abort=True)
    for line in carry_out(study, planned, reason).lines():
        click.echo(line)


@commands.group()
def vault() -> None:
    """The pseudonym key and the identities behind pseudonyms."""


@vault.command("lock")
@click.password_option("--passphrase", envvar="RESILENS_VAULT_PASSPHRASE", help="Or in RESILENS_VAULT_PASSPHRASE.")
@click.pass_context
def vault_lock(context: click.Context, passphrase: str) -> None:
    """Encrypt the vault with a passphrase. Without it, no further captures can be added."""
    opened(context).lock_vault(passphrase)
    click.echo("The vault is locked. Keep the passphrase: nobody can recover it.")


@vault.command("unlock")
@click.option("--passphrase", prompt=True, hide_input=True, envvar="RESILENS_VAULT_PASSPHRASE")
@click.pass_context
def vault_unlock(context: click.Context, passphrase: str) -> None:
    """Decrypt the vault."""
    opened(context).unlock_vault(passphrase)
    click.echo("The vault is open.")


@commands.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--world", default="tiktok-refugees", show_default=True,
              help="A preset (tiktok-refugees, twitter-mastodon, quiet) or a TOML file.")  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True, help="The same world and seed give the same bytes.")
@click.option("--users", type=int, help="Accounts in the pools (default: as the world says).")
@click.option("--items", type=int, help="Posts and comments to expect (default: as the world says).")
@click.option("--as", "layout", type=click.Choice(["canonical", "zeeschuimer"]), default="canonical",
              show_default=True, help="Parquet that `add` adopts, or an export for the readers.")  # fmt: skip
@click.option("--patterns", is_flag=True, help="Judge the patterns P1 to P12 on it: pass or fail each.")
@AS_JSON
def simulate(directory: Path, as_json: bool, **options: Any) -> None:
    """Write a SYNTHETIC corpus with known truth into DIRECTORY: capture, truth, codings, study file."""
    from resilens.simulate import simulate as simulated

    outcome = simulated(directory, progress=progress_on_terminal(as_json), **options)
    if as_json:
        say_json(outcome.to_dict())
        return
    for line in outcome.lines():
        click.echo(line)


@commands.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path), default=Path("demo"))
@click.option("--no-open", is_flag=True, help="Do not open the report in a browser.")
def demo(directory: Path, no_open: bool) -> None:
    """Make a SYNTHETIC example study in DIRECTORY, run everything, and open its report."""
    from resilens.demo import make

    page = make(directory, say=click.echo)
    click.echo(f"\nThe report: {page}")
    click.echo(f"To work on it in the browser: {sys.argv[0]} --study {directory} serve")
    if not no_open:
        from resilens.demo import show

        show(page)


@commands.command()
@AS_JSON
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Say in words whether this installation and this study are sound."""
    from resilens.doctor import examine

    findings = examine(context.obj)
    if as_json:
        say_json([finding.to_dict() for finding in findings])
    else:
        for finding in findings:
            click.echo(str(finding))
    if any(finding.bad for finding in findings):
        raise click.exceptions.Exit(INPUT_AT_FAULT)
