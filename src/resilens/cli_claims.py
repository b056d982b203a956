"""How are the claims of a study looked at on the command line? They are written in `claims.toml`, by hand."""

from __future__ import annotations

import click

from resilens.cli_shared import AS_JSON, opened, say_json


@click.command()
@click.option("--item", default="", help="Only the claims that lean on this item.")
@AS_JSON
@click.pass_context
def claims(context: click.Context, item: str, as_json: bool) -> None:
    """List the claims of claims.toml, with what deserves a second look; begins the file where there is none."""
    ledger = opened(context).claims()
    if item:
        ledger = ledger.only(ledger.for_item(item))
    if as_json:
        say_json(ledger.to_dict())
        return
    for line in [f"No claim leans on {item}."] if item and not ledger else ledger.lines():
        click.echo(line)
