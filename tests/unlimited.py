"""What the tests' servers load: the application without its limit for floods."""

from __future__ import annotations

import os

from jinja2 import FileSystemBytecodeCache

from lms.wsgi import app

if "LMS_TEST_TEMPLATES" in os.environ:
    # Every process would compile each template it shows.
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(os.environ["LMS_TEST_TEMPLATES"])
app.extensions["floods"].is_on = False
