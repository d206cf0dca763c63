"""Is this installation alive, and can it work? For the proxy, the monitor, and `lms doctor`."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from certificates.signing.queries import find_foreign_keys
from certificates.signing.ring import current_ring
from lms.core import pdf
from lms.core.clock import utc_now
from lms.core.config import KEYS, ConfigError, read_key
from lms.core.db import db
from lms.core.jobs.queries import find_oldest_due
from lms.core.schema import newest_version, read_version
from lms.core.web.fonts import TARGET

bp = Blueprint("health", __name__)

MIN_FREE_BYTES = 200_000_000
"""Less free disk than this and saves may soon fail."""

MAX_QUEUE_AGE = timedelta(minutes=10)
"""A job that waits longer is waiting for a runner that is not there."""

NOT_PRESSING = {"font", "renewal"}
"""What `lms doctor` names although serving goes on without it."""


@bp.get("/healthz")
def healthz() -> Response:
    """Answer that the process is alive; asks nothing of anybody else."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@bp.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Answer 200 when everything that serving needs is there, else 503 with what is missing."""
    found = {name: problem or "ok" for name, problem in problems().items() if name not in NOT_PRESSING}
    is_ready = all(problem == "ok" for problem in found.values())
    # Details are for those who run the machine: `lms doctor` says them in full.
    return jsonify({name: "ok" if problem == "ok" else "missing" for name, problem in found.items()}), (
        200 if is_ready else 503
    )


def problems() -> dict[str, str]:
    """Return for each part of the installation what is wrong with it and how to mend it; empty when fine."""
    return {
        "database": _database(),
        "schema": _schema(),
        "keys": _keys(Path(current_app.config["INSTANCE"])),
        "signing": _signing(),
        "renewal": current_ring().find_renewal(utc_now()),
        "disk": _disk(Path(current_app.config["INSTANCE"])),
        "jobs": _jobs(),
        "pdf": pdf.check(),
        "font": "" if TARGET.exists() else "Heading font not built: run `lms doctor --prepare`",
    }


def _database() -> str:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        db.session.rollback()
        return f"Database does not answer: {error.__class__.__name__}. Check DATABASE_URL and that it runs."
    return ""


def _schema() -> str:
    try:
        found = read_version()
    except SQLAlchemyError:
        db.session.rollback()
        return "Cannot read the schema's version"
    head = newest_version()
    return "" if found == head else f"Schema is at {found or 'nothing'}, needs {head}: run `lms db upgrade`"


def _jobs() -> str:
    now = utc_now()
    try:
        oldest = find_oldest_due(db.session(), now=now)
    except SQLAlchemyError:
        db.session.rollback()
        return "Cannot read the jobs"
    if oldest is None or now - oldest <= MAX_QUEUE_AGE:
        return ""
    minutes = int((now - oldest).total_seconds()) // 60
    return f"Jobs wait for {minutes} minutes: start `lms serve` or `lms jobs run`, see `lms jobs list`"


def _keys(instance: Path) -> str:
    for name in KEYS:
        try:
            read_key(instance, name)
        except ConfigError as error:
            return str(error)
    return ""


def _signing() -> str:
    ring = current_ring()
    try:
        return ring.problem or find_foreign_keys(db.session(), ring)
    except SQLAlchemyError:
        db.session.rollback()
        return "Cannot read the certificates"


def _disk(instance: Path) -> str:
    free = shutil.disk_usage(instance).free
    return "" if free >= MIN_FREE_BYTES else f"Only {free // 1_000_000} MB free at {instance}"
