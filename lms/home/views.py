"""To be built."""

from flask import Blueprint

bp = Blueprint("home", __name__)


@bp.get("/")
def index() -> str:
    """Stub."""
    return "index"


@bp.get("/bantuan")
def help() -> str:
    """Stub."""
    return "help"
