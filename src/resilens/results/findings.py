"""How is a finding kept? As one JSON file from which the same finding comes back, tables with their kinds and all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from resilens.results.tables import Column, Table, Value
from resilens.results.types import Finding, from_dict, to_dict


def finding_to_dict(finding: Finding) -> dict[str, Any]:
    """A finding as plain JSON values."""
    return {
        "name": finding.name, "sentence": finding.sentence, "method": finding.method, "caption": finding.caption,
        "cautions": list(finding.cautions), "evidence": list(finding.evidence),
        "estimates": {name: to_dict(result) for name, result in finding.estimates.items()},
        "table": None if finding.table is None else _table_to_dict(finding.table),
        "tables": {name: _table_to_dict(table) for name, table in finding.tables.items()},
        "figure": finding.figure, "narrow": finding.narrow,
    }  # fmt: skip


def finding_from_dict(content: Mapping[str, Any]) -> Finding:
    """The finding that `finding_to_dict` wrote.

    Raises
    ------
    ValueError
        If the content is not a finding.
    """
    try:
        table = content["table"]
        return Finding(
            content["name"], {name: from_dict(one) for name, one in content["estimates"].items()},
            None if table is None else _table_from_dict(table), content["figure"], tuple(content["evidence"]),
            content["method"], content["sentence"], content["caption"], tuple(content["cautions"]),
            {name: _table_from_dict(one) for name, one in content["tables"].items()}, content["narrow"],
        )  # fmt: skip
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a finding: {error}") from error


def _table_to_dict(table: Table) -> dict[str, Any]:
    columns = [{"name": column.name, "title": column.title, "kind": column.kind} for column in table.columns]
    rows = [[_plain(value) for value in row] for row in table.rows]
    return {"caption": table.caption, "columns": columns, "rows": rows, "notes": list(table.notes)}


def _plain(value: Value) -> Any:
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _table_from_dict(content: Mapping[str, Any]) -> Table:
    columns = [Column(one["name"], one["title"], one["kind"]) for one in content["columns"]]
    rows: Sequence[Sequence[Value]] = [[_value(value) for value in row] for row in content["rows"]]
    return Table(content["caption"], columns, rows, content["notes"])


def _value(value: Any) -> Value:
    if not isinstance(value, dict):
        return value  # type: ignore[no-any-return]
    return datetime.fromisoformat(value["moment"]) if "moment" in value else date.fromisoformat(value["day"])
