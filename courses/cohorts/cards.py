"""To be built."""

from flask import Blueprint

bp = Blueprint("cards", __name__)
