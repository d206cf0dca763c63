"""Statements of the busiest requests: put together once in a process, then handed to the driver as they are.

SQLAlchemy writes them and knows how each type is stored; what it does for every execution (look up the
compiled statement, make a context, a result and its rows) took 20 µs where SQLite took 2 (who is signed in).
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import ReturningInsert

Values = Mapping[str, Any]
Written = Select[*tuple[Any, ...]] | ReturningInsert[Any]
Turn = Callable[[Any], Any] | None
"""How a value becomes what the driver takes or gives; None: it stays as it is."""


class Prepared:
    """A statement that returns rows, for one kind of database.

    Each of its values is a ``bindparam`` with a name; lists of unknown length (``expanding``) cannot be sent,
    and what models fill in by themselves when a row is added (``default=``) is not filled in.
    """

    def __init__(self, statement: Written, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self._sql = str(compiled)
        kinds = {name: bind.type for bind, name in compiled.bind_names.items()}
        turns = {name: kind.dialect_impl(dialect).bind_processor(dialect) for name, kind in kinds.items()}
        self._turns_in = [(name, turn) for name, turn in turns.items() if turn]
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self._is_positional = compiled.positiontup is not None
        self._names = compiled.positiontup or list(kinds)
        columns = statement.exported_columns
        stored = [column.type.dialect_impl(dialect) for column in columns]
        processors = [kind.result_processor(dialect, None) for kind in stored]
        self._turns_out = [(place, turn) for place, turn in enumerate(processors) if turn]
        row: Any = namedtuple("Row", [str(column.key) for column in columns])  # type: ignore[misc]
        self._make = row._make

    def rows(self, connection: Connection, values: Values) -> list[Any]:
        """Send it within the connection's transaction and return all rows, columns by name.

        Raises:
            DBAPIError: as SQLAlchemy would, for whatever the driver raises.
        """
        found = send(connection, self._sql, self._given(values))
        return [self._row(row) for row in found]

    def _given(self, values: Values) -> Sequence[Any] | Values:
        told = {**self._fixed, **values}
        for name, turn in self._turns_in:
            told[name] = turn(told[name])
        if self._is_positional:
            return [told[name] for name in self._names]
        return {name: told[name] for name in self._names}

    def _row(self, row: Sequence[Any]) -> Any:
        values = list(row)
        for place, turn in self._turns_out:
            values[place] = turn(values[place])
        return self._make(values)


def send(connection: Connection, sql: str, given: Sequence[Any] | Values = ()) -> list[Any]:
    """Send what returns rows (on SQLite: anything) to the driver as it is, and return its rows.

    Raises:
        DBAPIError: as SQLAlchemy would, for whatever the driver raises.
    """
    for tell in connection.dispatch.before_cursor_execute:  # who counts statements counts this one
        tell(connection, None, sql, given, None, False)
    try:
        driver: Any = connection.connection.driver_connection
        found: list[Any] = driver.execute(sql, given).fetchall()
    except Exception as error:
        raise _as_ours(error, connection, sql) from error
    return found


def _as_ours(error: Exception, connection: Connection, sql: str) -> BaseException:
    """Return what SQLAlchemy raises for an error of the driver, without the values of the statement.

    A connection whose server has gone is dropped as SQLAlchemy drops it: a rollback on it would fail, too.
    """
    dialect = connection.dialect
    base = dialect.loaded_dbapi.Error
    is_lost = isinstance(error, base) and dialect.is_disconnect(
        error, connection.connection.dbapi_connection, None
    )
    if is_lost:
        connection.invalidate(error)
    return DBAPIError.instance(
        sql, None, error, base, hide_parameters=True, connection_invalidated=is_lost, dialect=dialect
    )
