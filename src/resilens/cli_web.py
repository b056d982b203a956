"""How is the workbench in the browser started on the command line?"""

from __future__ import annotations

import click

from resilens.cli_shared import opened


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Where to listen; 8765 or the next free one by default.")
@click.option("--no-browser", is_flag=True, help="Only print the links; open no browser.")
@click.option("--coder", default="", metavar="NAME", help="A link for this coder alone.")
@click.pass_context
def serve(context: click.Context, port: int | None, no_browser: bool, coder: str) -> None:
    """Open the workbench in the browser: screening, coding, consensus, claims. It answers on this machine alone."""
    from resilens.web.serving import serve as run

    run(opened(context), port, coder, open_browser=not no_browser, told=click.echo)
