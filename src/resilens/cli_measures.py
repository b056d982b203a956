"""How are measures computed and read on the command line?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from resilens.cli_shared import AS_JSON, opened, progress_on_terminal, say_json

if TYPE_CHECKING:
    from resilens.measures.computing import Measured


@click.command()
@click.argument("names", nargs=-1, metavar="[NAMES]...")
@click.option("--coder", default="", help="From this coder's codings as they are, before consensus; nothing is kept.")
@click.option("--again", is_flag=True, help="Compute even what is up to date.")
@AS_JSON
@click.pass_context
def measure(context: click.Context, names: tuple[str, ...], coder: str, again: bool, as_json: bool) -> None:
    """Compute the measures NAMES, or all of them; only what is out of date. Named ones are shown in full."""
    found = opened(context).measure(*names, coder=coder, again=again, progress=progress_on_terminal(as_json))
    if as_json:
        say_json([one.to_dict() for one in found])
        return
    for one in found:
        click.echo(f"{one.finding.name}: {one.measure.question}  [{'computed' if one.done else 'kept'}: {one.why}]")
        for line in lines(one, in_full=bool(names)):
            click.echo(f"  {line}")


def lines(one: Measured, in_full: bool) -> list[str]:
    """What a finding says, and with every value where it was asked for by name."""
    finding = one.finding
    said = [finding.sentence] if finding.sentence else []
    said += [f"caution: {caution}" for caution in finding.cautions]
    if in_full:
        said += [f"{name} = {result}" for name, result in finding.estimates.items()]
    else:
        kinds = [type(result).__name__ for result in finding.estimates.values()]
        sure, lacking = kinds.count("Estimate"), kinds.count("Undefined")
        said.append(f"{len(kinds)} values, {sure} with an interval, {lacking} undefined")
    return said
