"""The roof: `create_app` joins the rooms. Nobody imports this but the command line and the tests."""

from __future__ import annotations

import importlib
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from jinja2 import FileSystemLoader
from werkzeug.middleware.proxy_fix import ProxyFix

import certificates.manage
import certificates.receivers
import certificates.views
import courses.cohorts.cards
import courses.cohorts.manage
import courses.facts.views
import courses.learning.guides
import courses.learning.manage
import courses.learning.views
import lms.core.accounts.login
import lms.core.accounts.manage
import lms.core.accounts.views
import lms.home.health
import lms.home.views
import quizzes.attempts.views
import quizzes.bank.loading
import quizzes.bank.manage
import quizzes.bank.manage_cohorts
import quizzes.bank.manage_quizzes
import quizzes.bank.receivers
from certificates.papers_of_cohorts import IssuedPapers
from courses.catalogue.quizzes import EXTENSION as QUIZ_STORE
from courses.cohorts.papers import EXTENSION as PAPERS
from lms.core import db, i18n
from lms.core.accounts.guard import find_actor
from lms.core.config import Config, read_key
from lms.core.web import addresses, assets, components, errors, headers, icons, preferences, trusted

ROOT = Path(__file__).parent.parent

MODELS = (
    "lms.core.accounts.models",
    "lms.core.audit.models",
    "courses.catalogue.models",
    "courses.cohorts.models",
    "courses.learning.models",
    "quizzes.bank.models",
    "quizzes.attempts.models",
    "quizzes.grading.models",
    "certificates.models",
)
"""Every module with tables, so that migrations and foreign keys see all of them."""

BLUEPRINTS = (
    preferences.bp,
    lms.core.accounts.views.bp,
    lms.core.accounts.manage.staff,
    lms.core.accounts.manage.branches,
    lms.home.views.bp,
    lms.home.health.bp,
    courses.facts.views.bp,
    courses.cohorts.cards.bp,
    courses.cohorts.manage.bp,
    courses.learning.views.bp,
    courses.learning.guides.bp,
    courses.learning.manage.bp,
    quizzes.bank.manage.bp,
    quizzes.bank.manage_quizzes.bp,
    quizzes.bank.manage_cohorts.bp,
    quizzes.attempts.views.bp,
    certificates.views.bp,
)


def create_app(config: Config) -> Flask:
    """Return the application for one installation."""
    app = Flask("lms", instance_path=str(config.INSTANCE.resolve()), static_folder=None, template_folder=None)
    app.config.from_mapping(asdict(config))
    app.config.from_mapping(_derived(config))
    app.testing = config.TESTING
    # Before anything asks for the environment: it is made once.
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    if config.PROXIES:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=config.PROXIES, x_proto=config.PROXIES, x_host=config.PROXIES
        )
    for name in MODELS:
        importlib.import_module(name)
    _init_ground(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    join_rooms()
    app.extensions[QUIZ_STORE] = quizzes.bank.loading.BankStore()
    app.extensions[PAPERS] = IssuedPapers()
    return app


def join_rooms() -> None:
    """Connect signals of lower floors to receivers of higher ones."""
    certificates.receivers.connect()
    quizzes.bank.receivers.connect()


def _derived(config: Config) -> dict[str, Any]:
    host = urlsplit(config.BASE_URL).hostname or ""
    trusted = [
        host,
        *config.TRUSTED_HOSTS,
        *(() if config.is_secure else ("127.0.0.1", "localhost", "[::1]")),
    ]
    return {
        "TRANSLATIONS": ROOT / "lms" / "core" / "translations",
        "TRUSTED_HOSTS": trusted,
        "CARD_KEY": read_key(config.INSTANCE, "card"),
        "VAULT_KEY": read_key(config.INSTANCE, "vault"),
        "MAX_CONTENT_LENGTH": config.MAX_UPLOAD_BYTES,
        "MAX_FORM_MEMORY_SIZE": 1_000_000,
        "SESSION_COOKIE_NAME": "__Host-session" if config.is_secure else "session",
        "SESSION_COOKIE_SECURE": config.is_secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": config.SESSION_DAYS * 86400,
        "WTF_CSRF_TIME_LIMIT": None,
        "RATELIMIT_ENABLED": not config.TESTING,
        "RATELIMIT_STORAGE_URI": "memory://",
    }


def _init_ground(app: Flask) -> None:
    addresses.init_app(app)
    db.init_app(app)
    CSRFProtect(app)
    Limiter(get_remote_address, app=app, default_limits=["1200 per minute"], headers_enabled=False)
    i18n.init_app(app)
    lms.core.accounts.login.init_app(app)
    errors.init_app(app)
    headers.init_app(app)
    icons.init_app(app)
    components.init_app(app)
    trusted.init_app(app)
    assets.init_app(app, _static_folders())
    app.jinja_loader = _templates()

    @app.context_processor
    def _shared() -> dict[str, Any]:
        return {
            "actor": find_actor(),
            "here": preferences.safe_target(
                request.full_path.rstrip("?") if request.method == "GET" else request.path
            ),
            "theme": session.get("theme"),
            "save_data": request.headers.get("Save-Data") == "on",
        }


def _rooms() -> list[Path]:
    tops = [ROOT / name for name in ("lms", "courses", "quizzes", "certificates")]
    return [path.parent for top in tops for path in sorted(top.rglob("__init__.py"))]


def _static_folders() -> list[Path]:
    return [room / "static" for room in _rooms() if (room / "static").is_dir()]


def _templates() -> FileSystemLoader:
    return FileSystemLoader([str(room / "templates") for room in _rooms() if (room / "templates").is_dir()])
