"""The form base: CSRF, the person's language, values trimmed, lengths capped."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Form

from lms.core.text import tidy


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
