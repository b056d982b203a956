"""How is the workbench in the browser started, and how does a coder's part travel as a packet?"""

from __future__ import annotations

from pathlib import Path

import click

from resilens.cli_shared import AS_JSON, EXISTING, opened, say_json


@click.command()
@click.argument("packet", required=False, type=EXISTING)
@click.option("--port", type=click.IntRange(0, 65535), help="Where to listen; 8765 or the next free one by default.")
@click.option("--no-browser", is_flag=True, help="Only print the links; open no browser.")
@click.option("--coder", default="", metavar="NAME", help="A link for this coder alone.")
@click.pass_context
def serve(context: click.Context, packet: Path | None, port: int | None, no_browser: bool, coder: str) -> None:
    """Open the workbench in the browser: screening, coding, consensus, claims. It answers on this machine alone.

    With the file of a PACKET it opens that, for coding in another place.
    """
    from resilens.web.serving import serve as run
    from resilens.web.serving import serve_packet

    if packet is not None:
        serve_packet(packet, port, open_browser=not no_browser, told=click.echo)
    else:
        run(opened(context), port, coder, open_browser=not no_browser, told=click.echo)


@click.group()
def packet() -> None:
    """Take a coder's part of a round to another place, and bring it home."""


@packet.command("make")
@click.option("--coder", required=True, metavar="NAME", help="Whose part.")
@click.option("--round", "round_id", default="", metavar="ROUND", help="Which round; the open one where there is one.")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@AS_JSON
@click.pass_context
def make(context: click.Context, coder: str, round_id: str, file: Path | None, as_json: bool) -> None:
    """Write one FILE with a coder's items and own codings, and nothing of the other coders'."""
    path, about = opened(context).make_packet(coder, round_id, file)
    if as_json:
        say_json({"file": str(path), "coder": about.coder, "round": about.round_id, "items": about.items})
        return
    click.echo(f"{path}: {about.items:,} items of {about.round_id} for {about.coder}.")
    click.echo(f"{about.coder} opens it with `resilens serve {path.name}`, codes, and sends the same file back;")
    click.echo(f"`resilens packet merge {path.name}` then brings it home, as often as you like.")


@packet.command("merge")
@click.argument("file", type=EXISTING)
@click.option("--by", default="", metavar="NAME", help="Who brings it in; the lead of the study unless told.")
@AS_JSON
@click.pass_context
def merge(context: click.Context, file: Path, by: str, as_json: bool) -> None:
    """Bring what was done in a packet onto the record; what is there already is not taken again."""
    merged = opened(context).merge_packet(file, by)
    if as_json:
        say_json({"coder": merged.about.coder, "round": merged.about.round_id, "new": merged.new,
                  "known": merged.known, "restated": merged.restated})  # fmt: skip
        return
    click.echo(str(merged))
