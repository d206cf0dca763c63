"""What the tests' servers load: the application without its limit for floods."""

from __future__ import annotations

import os
from hashlib import sha256
from typing import cast

from jinja2 import FileSystemBytecodeCache

from lms.core.config import LANGUAGES
from lms.core.web.templates import HouseEnvironment
from lms.wsgi import app

if "LMS_TEST_TEMPLATES" in os.environ:
    # Every process would compile each template it shows. Texts are in them: other texts, other files.
    texts = sorted(app.config["TRANSLATIONS"].glob("*/LC_MESSAGES/*.mo"))
    mark = sha256(b"".join(path.read_bytes() for path in texts)).hexdigest()[:16]
    environment = cast(HouseEnvironment, app.jinja_env)
    for language in LANGUAGES:
        cache = FileSystemBytecodeCache(os.environ["LMS_TEST_TEMPLATES"], f"{language}-{mark}-%s.cache")
        environment.in_language(language).bytecode_cache = cache
for limiter in app.extensions["limiter"]:
    limiter.enabled = False
