"""What does docs/sources.md say? It is written from the readers themselves: `python -m resilens.capture.guide`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from resilens import files
from resilens.capture import reader
from resilens.capture.fields import FIELDS, SYNONYMS
from resilens.capture.registry import READERS

INTRODUCTION = """\
# Sources: which captured files are read, and how

*Written by `python -m resilens.capture.guide` from the readers; do not edit.*

`resilens add FILES-OR-FOLDERS...` looks at the content of each file, never at its name, and says which reader it
takes and why. `--reader NAME` overrides that. Nothing is ever fetched from the network, and the raw file is kept
unchanged in `captures/`.

Every record is accounted for: `read = new + repeated + quarantined`. A record is one post or one comment after
unfolding (a nested reply is a record); blank lines are no records; a header repeated in the middle, a row that does not
fit the header, a truncated line and an id that a spreadsheet destroyed are quarantined with their line and the reason.

A capture that says it is SYNTHETIC (`resilens.synthetic` in the metadata of a Parquet file; `SYNTHETIC` as
`user_agent` of a Zeeschuimer export, or as `xsec_token` in an address) is refused unless study.toml says
`synthetic = true`.

## Files

- **Text**: UTF-8 and UTF-16 with a byte order mark, UTF-8, GB18030. A few broken bytes become U+FFFD, and the capture
  says at which byte and line. Other encodings are refused: save the file as UTF-8.
- **CSV**: comma, semicolon or tab, from the header; cells over several lines. A row may have further empty cells; a
  shorter one, or a longer one with content, is quarantined. A quotation mark that is never closed costs one row.
- **JSON lines**: one object a line; `NaN` is taken for nothing; NUL characters are removed; a truncated last line is
  quarantined.
- **JSON**: an array, element by element, or one object; reading goes on behind a damaged element.
- **Excel (.xlsx)**: the first sheet that holds anything; each further sheet is quarantined by its name. Of MediaCrawler
  all sheets.
- **Parquet**: all rows.
- **SQLite**: all rows of all tables, numbered through (of a table of its own columns, where it is the only one).
- **Archives and compressed files** (.zip, .tar, .tar.gz, .gz, .zst, .bz2, .xz, by their content): every member is a
  capture of its own, archives in archives up to four deep. Names lead nowhere but down, links are passed over; locked
  ones, and a member that swells to more than 200 times its size, are refused.

Old Excel files (.xls), 7-Zip and RAR archives and PDFs are refused with what to do.

## Readers, in the order in which they are tried
"""

MAPPING = """\
## Columns of tables

A column is found by its name (in lower case, without blanks, underscores, dashes and dots), and its values must not
speak against it. Where names say nothing, values speak: ids, times, addresses and text, if only one column fits. Each
guess has a confidence and a reason. `id`, `text` and `time` (and for comments `post`) must be clear; otherwise the
table is refused, with the columns seen.

`--map text=content,id=post_id,kind=comments,platform=weibo` decides. A column with a comma stands in quotes; an empty
one (`likes=`) leaves the field out; `id=made` makes ids from the content. The mapping is kept in the study's record.

A post's id is also taken from its address, and an account's from the address of its page. Tables of transcribed
screenshots (columns `screenshot`, `transcriber`, `checked_by`) need no ids: each row gets one made from platform, kind,
transcriber, screenshot, author, time and content, so that the same rows give the same ids; the second of two equal rows
ends in `-2`. Where such a table names no platform it is taken for RedNote.

| field | names, most telling first |
|---|---|
"""

LAYOUTS = """\
## Where values stand

What these sources hold is read from where this table says, and nothing else of it is: `a.b` is `b` within `a`, `0` a
position, `*` every member of a list, `a|b` the first that holds anything, `a + b` both. A flag is set where its place
says yes, holds the word behind `=`, or (`=*`) anything.

| source | field = place |
|---|---|
"""

FLAGS = """\
## Flags that readers set

Those that are set for every source stand in tables.md.

| flag | meaning |
|---|---|
"""


def page() -> str:
    """The page as Markdown."""
    parts = [INTRODUCTION]
    for one in READERS.values():
        parts.append(
            f"### {one.title} (`--reader {one.name}`)\n\n"
            f"- **Recognised by** {one.recognised}.\n- **Read**: {one.reads}.\n- **Dropped**: {one.drops}.\n"
            f"- **Inferred**: {one.infers}.\n"
        )
    fields = "".join(
        f"| `{field}` | {'; '.join(', '.join(names) for names in SYNONYMS[field])} |\n" for field in FIELDS
    )
    flags = "".join(f"| `{name}` | {reader.FLAGS[name]} |\n" for name in sorted(reader.FLAGS))
    return "\n".join([*parts, LAYOUTS + "".join(_layouts()), MAPPING + fields, FLAGS + flags])


def _layouts() -> Iterator[str]:
    """A line for each layout of each reader, from the layouts themselves."""
    for one in READERS.values():
        for layout in getattr(one, "layouts", ()):
            places = [f"{field} = `{place}`" for field, place in layout.fields.items()]
            places += [f"flag {flag} = `{condition}`" for flag, condition in layout.flags.items()]
            said = ", ".join(places).replace("|", "\\|")
            yield f"| {one.title}: {layout.platform}, {layout.name} | {said} |\n"


if __name__ == "__main__":
    files.write_text(Path(__file__).resolve().parents[3] / "docs" / "sources.md", page())
