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
from jinja2 import FileSystemLoader
from werkzeug.middleware.proxy_fix import ProxyFix

import certificates.badges.views
import certificates.batch_work
import certificates.checking.manage
import certificates.checking.offline_views
import certificates.checking.retention
import certificates.checking.views
import certificates.cohort_list
import certificates.expiry
import certificates.jobs
import certificates.manage
import certificates.manage_batches
import certificates.manage_life
import certificates.own_pages
import certificates.receivers
import certificates.signing.views
import certificates.views
import courses.catalogue.drafts.manage
import courses.catalogue.manage
import courses.catalogue.photo_pages
import courses.cohorts.cards
import courses.cohorts.manage
import courses.facts.calculators.views
import courses.facts.manage
import courses.facts.pick_pages
import courses.facts.radar_pages
import courses.facts.receivers
import courses.facts.views
import courses.learning.guides
import courses.learning.manage
import courses.learning.manage_reports
import courses.learning.move_pages
import courses.learning.practice
import courses.learning.report_pages
import courses.learning.views
import lms.core.accounts.login
import lms.core.accounts.manage
import lms.core.accounts.views
import lms.home.health
import lms.home.views
import quizzes.attempts.closing
import quizzes.attempts.drawing
import quizzes.attempts.file_pages
import quizzes.attempts.manage
import quizzes.attempts.manage_accommodations
import quizzes.attempts.manage_extras
import quizzes.attempts.manage_hall
import quizzes.attempts.manage_together
import quizzes.attempts.publish_pages
import quizzes.attempts.receipt_queries
import quizzes.attempts.receivers
import quizzes.attempts.views
import quizzes.attempts.walk_pages
import quizzes.bank.builder.manage
import quizzes.bank.builder.pages
import quizzes.bank.cohorts.manage
import quizzes.bank.editor.draft_pages
import quizzes.bank.editor.pages
import quizzes.bank.folder.loading
import quizzes.bank.listing.bulk_pages
import quizzes.bank.listing.pages
import quizzes.bank.manage
import quizzes.bank.pictures.pages
import quizzes.bank.pictures.text_pages
import quizzes.bank.receivers
import quizzes.bank.review.pages
import quizzes.bank.sisters.pages
import quizzes.bank.stale.manage
import quizzes.bank.versions.pages
import quizzes.exchange.exports.pages
import quizzes.exchange.imports.jobs
import quizzes.exchange.imports.mending_pages
import quizzes.exchange.imports.pages
import quizzes.grading.manage
import quizzes.grading.manage_results
import quizzes.grading.reports_beside
import quizzes.grading.views
import quizzes.live.manage_polls
import quizzes.live.poll_pages
import quizzes.live.poll_queries
import quizzes.live.room_pages
import quizzes.live.teach_again_pages
import quizzes.statistics.branch_pages
import quizzes.statistics.cohort_pages
import quizzes.statistics.gain_pages
import quizzes.statistics.measured
import quizzes.statistics.question_pages
import quizzes.statistics.quiz_pages
import quizzes.trials.trial_pages
from certificates.papers_of_cohorts import IssuedPapers
from courses.catalogue.drafts.reports import EXTENSION as LESSON_REPORTS
from courses.catalogue.fact_users import EditionUsers
from courses.catalogue.quizzes import EXTENSION as QUIZ_STORE
from courses.cohorts.papers import EXTENSION as PAPERS
from courses.facts.fact_users import EXTENSION as FACT_USERS
from courses.learning.asking import ASKED_NOW
from courses.learning.manage import COUNT_LATE
from lms.core import db, i18n
from lms.core.accounts.guard import find_actor
from lms.core.config import Config, read_key
from lms.core.files import use_store
from lms.core.jobs import housekeeping, kinds, nudging
from lms.core.web import (
    addresses,
    assets,
    components,
    compression,
    errors,
    form_tokens,
    headers,
    icons,
    preferences,
    templates,
    trusted,
)
from lms.core.web.application import House
from quizzes.attempts.reach import COUNT_CERTIFIED
from quizzes.bank.builder.measuring import MEASURE
from quizzes.bank.question_reports import QUESTION_REPORTS
from quizzes.bank.stale.fact_users import QuestionUsers

ROOT = Path(__file__).parent.parent

MODELS = (
    "lms.core.accounts.models",
    "lms.core.audit.models",
    "lms.core.jobs.models",
    "courses.facts.models",
    "courses.catalogue.models",
    "courses.catalogue.drafts.models",
    "courses.cohorts.models",
    "courses.learning.models",
    "quizzes.bank.models",
    "quizzes.bank.editor.models",
    "quizzes.bank.review.models",
    "quizzes.bank.search.models",
    "quizzes.bank.origin_models",
    "quizzes.exchange.imports.models",
    "quizzes.attempts.models",
    "quizzes.grading.models",
    "quizzes.statistics.models",
    "quizzes.live.models",
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
    courses.facts.pick_pages.bp,
    courses.facts.views.bp,
    courses.facts.manage.bp,
    courses.facts.radar_pages.bp,
    courses.facts.calculators.views.bp,
    courses.catalogue.manage.bp,
    courses.catalogue.drafts.manage.bp,
    courses.catalogue.photo_pages.bp,
    courses.cohorts.cards.bp,
    courses.cohorts.manage.bp,
    courses.learning.views.bp,
    courses.learning.report_pages.bp,
    courses.learning.manage_reports.bp,
    courses.learning.guides.bp,
    courses.learning.practice.bp,
    courses.learning.practice.preview,
    courses.learning.manage.bp,
    courses.learning.move_pages.bp,
    quizzes.bank.manage.bp,
    quizzes.exchange.imports.pages.bp,
    quizzes.exchange.exports.pages.bp,
    quizzes.bank.builder.manage.bp,
    quizzes.trials.trial_pages.bp,
    quizzes.bank.cohorts.manage.bp,
    quizzes.bank.stale.manage.bp,
    quizzes.bank.review.pages.bp,
    quizzes.bank.pictures.pages.bp,
    quizzes.attempts.views.bp,
    quizzes.grading.views.bp,
    quizzes.grading.manage.bp,
    quizzes.grading.manage_results.bp,
    quizzes.attempts.file_pages.bp,
    quizzes.attempts.walk_pages.bp,
    quizzes.attempts.manage.bp,
    quizzes.attempts.manage_together.bp,
    quizzes.attempts.manage_hall.bp,
    quizzes.attempts.manage_extras.bp,
    quizzes.attempts.manage_accommodations.bp,
    quizzes.live.room_pages.bp,
    quizzes.statistics.question_pages.bp,
    quizzes.statistics.quiz_pages.bp,
    quizzes.statistics.cohort_pages.bp,
    quizzes.statistics.gain_pages.bp,
    quizzes.statistics.branch_pages.bp,
    quizzes.live.teach_again_pages.bp,
    quizzes.live.manage_polls.bp,
    quizzes.live.poll_pages.bp,
    certificates.badges.views.bp,
    certificates.checking.views.bp,
    certificates.checking.manage.bp,
    certificates.checking.offline_views.bp,
    certificates.views.bp,
    certificates.signing.views.bp,
    certificates.own_pages.bp,
)


JOBS = (
    housekeeping.SWEEP,
    quizzes.attempts.closing.CLOSE_SITTING,
    quizzes.attempts.drawing.DRAW_PAPERS,
    quizzes.attempts.drawing.DISCARD_PAPERS,
    quizzes.exchange.imports.jobs.READ,
    quizzes.exchange.imports.jobs.STORE,
    quizzes.exchange.imports.jobs.FORGET,
    certificates.jobs.PAPER,
    certificates.batch_work.BATCH,
    certificates.expiry.EXPIRY,
    certificates.checking.retention.RETENTION,
    certificates.jobs.WAITING,
)
"""Every kind of work that is done later."""


def create_app(config: Config) -> Flask:
    """Return the application for one installation."""
    app = House("lms", instance_path=str(config.INSTANCE.resolve()), static_folder=None, template_folder=None)
    app.config.from_mapping(asdict(config))
    app.config.from_mapping(_derived(config))
    app.testing = config.TESTING
    # Before anything asks for the environment: it is made once.
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    if config.PROXIES:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=config.PROXIES, x_proto=config.PROXIES, x_host=config.PROXIES
        )
    use_store(config.INSTANCE, config.FILE_STORE)
    for name in MODELS:
        importlib.import_module(name)
    _init_ground(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    join_rooms()
    app.extensions[QUIZ_STORE] = quizzes.bank.folder.loading.BankStore()
    app.extensions[LESSON_REPORTS] = quizzes.grading.reports_beside.list_of_lesson
    app.extensions[PAPERS] = IssuedPapers()
    app.extensions[QUESTION_REPORTS] = quizzes.grading.reports_beside.list_of_question
    app.extensions[MEASURE] = quizzes.statistics.measured.measure_facility
    app.extensions[COUNT_CERTIFIED] = certificates.cohort_list.count_standing
    app.extensions[COUNT_LATE] = quizzes.attempts.receipt_queries.count_late
    app.extensions[ASKED_NOW] = quizzes.live.poll_queries.list_asked
    app.extensions[FACT_USERS] = (EditionUsers(), QuestionUsers())
    return app


def join_rooms() -> None:
    """Connect signals of lower floors to receivers of higher ones."""
    certificates.receivers.connect()
    courses.facts.receivers.connect()
    quizzes.attempts.receivers.connect()
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
    templates.init_app(app)
    db.init_app(app)
    kinds.init_app(app, JOBS)
    nudging.init_app(app)
    form_tokens.init_app(app)
    Limiter(get_remote_address, app=app, default_limits=["1200 per minute"], headers_enabled=False)
    i18n.init_app(app)
    lms.core.accounts.login.init_app(app)
    errors.init_app(app)
    headers.init_app(app)
    icons.init_app(app)
    components.init_app(app)
    trusted.init_app(app)
    assets.init_app(app, _static_folders())
    compression.init_app(app)
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
