"""The author's rows of a type: written, moved, added and deleted one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from wtforms import FieldList

from quizzes.types.edit_form import EditForm, clean

Row = dict[str, Any]


class RowsForm(EditForm):
    """Rows in the field `list_name`; a row counts once one of the fields `written_by` is filled."""

    list_name: ClassVar[str]
    written_by: ClassVar[tuple[str, ...]]
    fewest: ClassVar[int]
    most: ClassVar[int]

    @property
    def entries(self) -> FieldList[Any]:
        """The rows."""
        field: Any = self[self.list_name]
        return field  # type: ignore[no-any-return]

    def written(self) -> list[Row]:
        """Return the rows somebody wrote into."""
        rows = [entry.data for entry in self.entries]
        return [row for row in rows if any(clean(row[name]) for name in self.written_by)]

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Put ``rows`` in place of those there are."""
        while self.entries.entries:
            self.entries.pop_entry()
        for row in rows[: self.most]:
            self.entries.append_entry(row)

    def tidy(self) -> None:
        """Drop empty rows."""
        self.set_rows(self.written())

    def act(self, action: str) -> None:
        """Add, move or delete a row."""
        rows = [entry.data for entry in self.entries]
        name, _dash, number = action.partition("-")
        place = int(number) if re.fullmatch("[0-9]{1,3}", number) else len(rows)
        if name == "add" and len(rows) < self.most:
            rows.append({})
        elif name == "delete" and place < len(rows) and len(rows) > self.fewest:
            del rows[place]
        elif name in {"up", "down"} and place < len(rows):
            target = max(0, min(len(rows) - 1, place + (1 if name == "down" else -1)))
            rows.insert(target, rows.pop(place))
        self.set_rows(rows)
