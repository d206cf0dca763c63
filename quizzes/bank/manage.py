"""To be built."""

from flask import Blueprint

bp = Blueprint("bank", __name__)


@bp.get("/soal")
def index() -> str:
    """Stub."""
    return "index"
