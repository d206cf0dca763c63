"""What the tests' servers load: the application without its limit for floods."""

from __future__ import annotations

from lms.wsgi import app

app.extensions["floods"].is_on = False
