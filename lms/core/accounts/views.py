"""To be built."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)


@bp.get("/masuk")
def sign_in() -> str:
    """Stub."""
    return "sign_in"


@bp.get("/akun")
def profile() -> str:
    """Stub."""
    return "profile"


@bp.get("/akun/kode")
def enrol_second_factor() -> str:
    """Stub."""
    return "enrol_second_factor"
