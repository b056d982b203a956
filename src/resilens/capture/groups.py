"""To which community does an account belong, by the study's rules alone?

Rules are tried in order and the first that holds decides; everything a rule states must hold together. Whom no rule
places is `unknown`. Decisions by a person are events of the record, joined when read, and are not made here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Any

import pyarrow as pa

from resilens.capture.clocks import id_time
from resilens.corpus.text import hashtag_key
from resilens.corpus.vault import Vault
from resilens.errors import Fault, InputError

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class GroupRule:
    """One way to tell that an account belongs to a group.

    Parameters
    ----------
    group
        The group's name.
    hashtags
        A post of the account carries one of these.
    locations
        The location displayed with an item of the account is one of these (not residence).
    languages
        Most of its items that have a language are in one of these.
    self_labels
        A title or text of its items contains one of these, capitals or not.
    registered_from, registered_until
        The account was registered on these days or between them, going by its id.
    basis
        What `authors.group_basis` says.
    """

    group: str
    hashtags: Sequence[str] = ()
    locations: Sequence[str] = ()
    languages: Sequence[str] = ()
    self_labels: Sequence[str] = ()
    registered_from: date | None = None
    registered_until: date | None = None
    basis: str = field(default="")

    @property
    def uses_registration(self) -> bool:
        return self.registered_from is not None or self.registered_until is not None


def check_rules(rules: Iterable[GroupRule], account_cohorts: bool) -> None:
    """Refuse rules on account age unless the study allows them.

    Raises
    ------
    InputError
        If a rule uses the day of registration and `privacy.account_cohorts` is off.
    """
    if not account_cohorts and any(rule.uses_registration for rule in rules):
        raise InputError(
            Fault("a rule on the account's age needs account_cohorts = true under [privacy], which notes it in the "
                  "ethics ledger; or leave the rule out", "study.toml: group.rules")  # fmt: skip
        )


def registered_on(vault: Vault, zone: tzinfo) -> dict[str, date]:
    """The day on which each account was registered, by its id clock; accounts without one are left out.

    Personal inference: for counts of cohorts and rules that a study allows, never to be stored beside an account.
    """
    found: dict[str, date] = {}
    for capture_id in vault.captures():
        rows = vault.identities(capture_id)
        for pseudonym, platform, kind, native in zip(
            *(rows.column(name).to_pylist() for name in ("pseudonym", "platform", "kind", "native")), strict=True
        ):
            if kind == "account" and pseudonym not in found:
                registered = id_time(platform, "u", native)
                if registered is not None:
                    found[pseudonym] = registered[0].astimezone(zone).date()
    return found


def make_groups(connection: Any, rules: Sequence[GroupRule], registered: Mapping[str, date]) -> None:
    """Make the table `grouped` (author, group, basis) from the tables `posts`, `comments` and `author_names`.

    Parameters
    ----------
    connection
        DuckDB with these tables.
    rules
        In order; the first that holds decides.
    registered
        Days of registration, where rules use them.
    """
    _note_written(connection, rules)
    days = pa.table({"author": pa.array(list(registered), pa.string()),
                     "day": pa.array(list(registered.values()), pa.date32())})  # fmt: skip
    connection.register("registered_days", days)
    connection.execute("CREATE OR REPLACE TEMP TABLE placed (author VARCHAR, number INTEGER)")
    for number, rule in enumerate(rules):
        condition, values = _condition(connection, rule)
        connection.execute(f"INSERT INTO placed SELECT author, {number} FROM author_names WHERE {condition}", values)
    connection.unregister("registered_days")
    names = pa.table({"number": pa.array(range(len(rules)), pa.int32()),
                      "group": pa.array([rule.group for rule in rules], pa.string()),
                      "basis": pa.array([rule.basis or UNKNOWN for rule in rules], pa.string())})  # fmt: skip
    connection.register("rule_names", names)
    connection.execute(
        'CREATE OR REPLACE TEMP TABLE grouped AS SELECT author, "group", basis FROM '
        "(SELECT author, min(number) AS number FROM placed GROUP BY author) JOIN rule_names USING (number)"
    )
    connection.unregister("rule_names")


def _note_written(connection: Any, rules: Sequence[GroupRule]) -> None:
    """Make the table `written`: of every item with an author what the rules ask for, and no more.

    To make one text lower case costs more than all else that is done with the item here.
    """
    asked = {"location": any(rule.locations for rule in rules), "language": any(rule.languages for rule in rules),
             "said": any(rule.self_labels for rule in rules)}  # fmt: skip
    said = {"posts": "lower(concat_ws(chr(10), title, text)) AS said", "comments": "lower(text) AS said"}
    if any(asked.values()):
        columns = {kind: ["author", *(said[kind] if name == "said" else name for name in asked if asked[name])]
                   for kind in said}  # fmt: skip
        items = (f"SELECT {', '.join(columns[kind])} FROM {kind} WHERE author IS NOT NULL" for kind in said)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE written AS {' UNION ALL '.join(items)}")


def _condition(connection: Any, rule: GroupRule) -> tuple[str, list[Any]]:
    """The rule as SQL over `author`, with its values."""
    parts: list[str] = []
    values: list[Any] = []
    if rule.hashtags:
        keys = {hashtag_key(tag.lstrip("#")) for tag in rule.hashtags}
        written = [tag for (tag,) in connection.execute("SELECT DISTINCT unnest(hashtags) FROM posts").fetchall()]
        parts.append("author IN (SELECT author FROM posts WHERE list_has_any(hashtags, ?))")
        values.append(sorted(tag for tag in written if hashtag_key(tag) in keys))
    if rule.locations:
        parts.append("author IN (SELECT author FROM written WHERE list_contains(?, location))")
        values.append(list(rule.locations))
    if rule.languages:
        parts.append("author IN (SELECT author FROM written WHERE language <> '' GROUP BY author "
                     "HAVING 2 * count(*) FILTER (list_contains(?, language)) > count(*))")  # fmt: skip
        values.append(list(rule.languages))
    if rule.self_labels:
        parts.append("author IN (SELECT author FROM written WHERE "
                     + " OR ".join("contains(said, lower(?))" for _ in rule.self_labels) + ")")  # fmt: skip
        values.extend(rule.self_labels)
    if rule.uses_registration:
        parts.append("author IN (SELECT author FROM registered_days WHERE day BETWEEN ? AND ?)")
        values.extend([rule.registered_from or date.min, rule.registered_until or date.max])
    return " AND ".join(parts) or "false", values
