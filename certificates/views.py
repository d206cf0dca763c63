"""To be built."""

from flask import Blueprint

bp = Blueprint("certificates", __name__)


@bp.get("/periksa")
def check() -> str:
    """Stub."""
    return "check"
