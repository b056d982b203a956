"""How is a study searched on the command line, and which codes go together?"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from resilens.cli_shared import AS_JSON, opened, say_json
from resilens.errors import InputError

if TYPE_CHECKING:
    from resilens.search.leaving import Leaving

KINDS = ("post", "comment", "coding", "memo", "lead", "claim")
"""As in `search.query`, which is not loaded for `--help`; a test holds the two together."""

DAY = click.DateTime(["%Y-%m-%d"])
OUT = click.option("--out", type=click.Path(dir_okay=False, path_type=Path),
                   help="Write all of it to a .csv, .xlsx or .parquet file.")  # fmt: skip


@click.command()
@click.argument("word")
@click.option("--whole-word", is_flag=True, help="Latin letters must not go on beside it; Chinese has no borders.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only there; several may be given.")
@click.option("--code", default="", help="Items that have this code; such codings; memos and leads about it.")
@click.option("--coder", default="", help="What this coder coded and wrote; of a blind round only that is shown.")
@click.option("--group", default="", help="Items by this group.")
@click.option("--since", type=DAY, help="Items published on this day of the study or later.")
@click.option("--until", type=DAY, help="Items published on this day or earlier.")
@click.option("--hashtag", default="", help="Posts under this hashtag, and their comments.")
@click.option("--language", default="", help="Items in this language: en, zh, ...; unknown.")
@click.option("--platform", default="", help="Items of this platform.")
@click.option("--offset", type=click.IntRange(0), default=0, help="Begin after so many texts.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Show so many texts.")
@OUT
@click.option("--restricted", is_flag=True,
              help="In the file: words that may only be paraphrased, links and ids. Keep it inside.")  # fmt: skip
@AS_JSON
@click.pass_context
def search(
    context: click.Context, /, word: str, since: datetime | None, until: datetime | None, offset: int, limit: int,
    out: Path | None, restricted: bool, as_json: bool, **filters: Any,
) -> None:  # fmt: skip
    """Find WORD, or a phrase, in posts, comments, codings, memos, leads and claims, in context."""
    from resilens.search.query import Query
    from resilens.search.studying import search_study, table_of

    query = Query(word, since=since.date() if since else None, until=until.date() if until else None, **filters)
    study = opened(context)
    if restricted and out is None:
        raise InputError("--restricted speaks of a file; name one with --out")
    if out is not None:
        _write(out, table_of(study, query, restricted=restricted), as_json)
        return
    found = search_study(study, query, offset=offset, limit=limit)
    if as_json:
        say_json(found.to_dict())
        return
    for line in found.shown():
        click.echo(line)


@click.command()
@click.option("--by", type=click.Choice(["item", "thread"]), default="item", show_default=True,
              help="What both codes must be on.")  # fmt: skip
@click.option("--basis", default="consensus", show_default=True, help="Whose codes: consensus, or a coder.")
@OUT
@AS_JSON
@click.pass_context
def together(context: click.Context, by: str, basis: str, out: Path | None, as_json: bool) -> None:
    """Say which codes go together: how often, and in what part of the items or threads with either (Jaccard)."""
    from resilens.results.tables import counted
    from resilens.search.leaving import rows_of
    from resilens.search.studying import codes_together

    found = codes_together(opened(context), basis, by)
    if out is not None:
        _write(out, rows_of(found.table()), as_json)
    elif as_json:
        say_json(found.to_dict())
    else:
        for one, other in found.pairs:
            with_either = f"{found.count(one, one):,} and {found.count(other, other):,} with one"
            click.echo(f"{one} & {other}: {counted(found.count(one, other), by)} with both; {with_either}; "
                       f"Jaccard {found.jaccard(one, other):.2f}")  # fmt: skip
        click.echo(found.table().notes[0])


def _write(path: Path, table: Leaving, as_json: bool) -> None:
    from resilens.search.leaving import write

    written = write(path, table)
    if as_json:
        say_json({"rows": written.rows, "notes": list(written.notes)})
        return
    click.echo(f"{written.rows:,} rows in {path}")
    for note in written.notes:
        click.echo(f"  {note}")
