"""How is the corpus queried? Ibis expressions over its Parquet files, run by DuckDB inside this process.

Everything that reads the corpus goes through here, in UTC, with nothing fetched from the network. Results come out as
Arrow tables, meant to be small: the engine counts, numpy finishes.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa

from resilens.corpus.schema import TABLES

if TYPE_CHECKING:
    import ibis.expr.types as ir

SETTINGS = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
"""What every DuckDB of ours is opened with; the time zone can only be set afterwards."""

UTC = "SET TimeZone = 'UTC'"

MEMORY_LIMIT = "2GB"


class Corpus:
    """The canonical tables of one study, for reading; a context manager.

    Parameters
    ----------
    folder
        The folder that holds one folder of Parquet files per table; it need not exist.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._connection: Any = None
        self._tables: dict[str, ir.Table] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def connection(self) -> Any:
        """The Ibis backend, made when first needed."""
        if self._connection is None:
            import ibis  # slow to load, and what adds captures needs none of it

            self._connection = ibis.duckdb.connect(":memory:", memory_limit=MEMORY_LIMIT, **SETTINGS)
            self._connection.con.execute(UTC)
        return self._connection

    def table(self, name: str) -> ir.Table:
        """A canonical table as an Ibis expression; empty, with its columns, where nothing was captured.

        Raises
        ------
        KeyError
            If `name` is not a canonical table.
        """
        if name not in self._tables:
            schema = TABLES[name].schema
            files = sorted((self.folder / name).glob("*.parquet"))
            if files:
                self._tables[name] = self.connection.read_parquet([str(file) for file in files], table_name=name)
            else:
                self._tables[name] = self.connection.create_table(name, schema.empty_table(), temp=True)
        return self._tables[name]

    def frame(self, expression: ir.Expr) -> pa.Table:
        """The result of an expression as an Arrow table."""
        return self.connection.to_pyarrow(expression.as_table())

    def close(self) -> None:
        """Let go of the engine; further use opens a new one."""
        if self._connection is not None:
            self._connection.disconnect()
        self._connection = None
        self._tables = {}
