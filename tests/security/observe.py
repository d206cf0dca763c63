"""What a response and a database say, in a form that can be compared."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.core.db import Base, db

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.+]+")
"""A moment inside of a text, as in the key of a job."""

Row = tuple[Any, ...]
Contents = dict[str, dict[Row, dict[str, Any]]]
"""Table → primary key → column → value."""

TRACES: dict[str, Collection[str] | None] = {
    "throttle": None,
    "audit_event": None,
    "certificate_check": None,
    "user_session": {"last_seen_at"},
    "user": {"last_seen_at"},
}
"""What reading a page may leave behind (design rule 12): whole tables, or some columns of one."""


def verdict(response: TestResponse) -> str:
    """Return in one word how a request was met: ok, 404, 403, 401, or sign_in, code for being sent there."""
    assert response.status_code < 500, f"{response.request.path}: {response.status}"
    target = (response.headers.get("Location") or "").split("?")[0]
    if response.status_code == 303 and target == "/masuk":
        return "sign_in"
    if response.status_code == 303 and target == "/akun/kode" and response.request.path != "/akun/kode":
        return "code"
    return str(response.status_code) if response.status_code in {401, 403, 404} else "ok"


def plain_body(response: TestResponse) -> str:
    """Return the body without what differs from request to request: its address and form tokens."""
    text = response.get_data(as_text=True).replace(response.request.path, "PATH")
    text = re.sub(r'name="csrf_token"[^>]*value="[^"]*"', "TOKEN", text)
    return re.sub(r'value="[^"]*"[^>]*name="csrf_token"', "TOKEN", text)


def contents(*, without: dict[str, Collection[str] | None] = TRACES) -> Contents:
    """Return every row of every table but for ``without``."""
    session = db.session()
    session.rollback()
    connection = session.connection()
    found: Contents = {}
    for table in Base.metadata.sorted_tables:
        hidden = without.get(table.name, ())
        if hidden is None:
            continue
        rows = connection.execute(select(table))
        names = list(rows.keys())
        key = [names.index(column.name) for column in table.primary_key]
        found[table.name] = {tuple(row[at] for at in key): _values(names, row, hidden) for row in rows}
    session.rollback()
    return found


def _values(names: Sequence[str], row: Sequence[Any], hidden: Collection[str]) -> dict[str, Any]:
    values = {name: value for name, value in zip(names, row, strict=True) if name not in hidden}
    return {name: hashlib.sha256(v).hexdigest() if isinstance(v, bytes) else v for name, v in values.items()}


def differences(before: Contents, after: Contents) -> set[str]:
    """Return what changed: `table.column` for values, `table+` and `table-` for rows come and gone."""
    found: set[str] = set()
    for table, rows in after.items():
        old = before[table]
        found |= {f"{table}+"} if rows.keys() - old.keys() else set()
        found |= {f"{table}-"} if old.keys() - rows.keys() else set()
        for key in rows.keys() & old.keys():
            found |= {f"{table}.{name}" for name, value in rows[key].items() if value != old[key][name]}
    return found


def settled(contents: Contents) -> list[str]:
    """Return contents without times and chance, so that two runs of the same can be compared."""
    lines = []
    for table, rows in contents.items():
        for row in rows.values():
            kept = {name: value for name, value in row.items() if not _is_chance(name, value)}
            lines.append(_MOMENT.sub("MOMENT", f"{table} {sorted(kept.items())!r}"))
    return sorted(lines)


def _is_chance(name: str, value: Any) -> bool:
    words = (
        "sha256",
        "hash",
        "secret",
        "token",
        "code",
        "serial",
        "record",
        "event_id",
        "receipt",
        "prepared",
        "number",
    )
    return isinstance(value, datetime) or any(word in name for word in words)
