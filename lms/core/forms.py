"""The form base: CSRF, the person's language, values trimmed, lengths capped."""

from __future__ import annotations

import unicodedata
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Form


def fold(text: str) -> str:
    """Return ``text`` as it is compared: NFKC, casefolded, single blanks, trimmed."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def tidy(value: Any) -> Any:
    """Return a string with single blanks and no control characters; anything else unchanged."""
    if not isinstance(value, str):
        return value
    printable = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in value)
    return " ".join(printable.split())


class BaseForm(FlaskForm):
    """What every form of ours shares."""

    class Meta(FlaskForm.Meta):
        """Trim single-line strings before they are checked."""

        def bind_field(self, form: Form, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Add :func:`tidy` to string fields that ask for no other filter."""
            name = getattr(unbound_field.field_class, "__name__", "")
            if name in {"StringField", "EmailField", "TelField", "SearchField"}:
                options.setdefault("filters", [*unbound_field.kwargs.get("filters", []), tidy])
            return unbound_field.bind(form=form, **options)

    def submitted(self) -> bool:
        """Return whether this form was posted and is right."""
        return bool(self.validate_on_submit())


class EmptyForm(BaseForm):
    """A form with nothing but its token: for buttons."""
