"""To be built."""

from flask import Blueprint

bp = Blueprint("cohorts", __name__)


@bp.get("/angkatan")
def index() -> str:
    """Stub."""
    return "index"
