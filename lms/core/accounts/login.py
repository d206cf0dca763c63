"""Flask-Login over the table of sessions."""

from __future__ import annotations

from flask import Flask
from flask_login import LoginManager

login_manager = LoginManager()


def init_app(app: Flask) -> None:
    """Set up the session cookie's reader."""
    login_manager.init_app(app)
    login_manager.user_loader(lambda token: None)
