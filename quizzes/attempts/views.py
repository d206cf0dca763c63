"""To be built."""

from flask import Blueprint

bp = Blueprint("attempts", __name__)
