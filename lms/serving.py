"""gunicorn around an application that is there already: workers are forked, none loads it again."""

from __future__ import annotations

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from lms.core.config import Config
from lms.core.db import db


class Server(BaseApplication):
    """gunicorn with our settings and nothing from elsewhere: no file beside it, no environment."""

    def __init__(self, app: Flask, config: Config) -> None:
        self._app, self._config = app, config
        super().__init__()

    def load_config(self) -> None:
        """Take over our settings."""
        for name, value in settings(self._config).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the application."""
        return self._app


def serve_forever(app: Flask, config: Config) -> None:
    """Serve ``app`` at HOST:PORT until a signal ends the process."""
    with app.app_context():
        # A connection to the database must not be shared by two processes.
        db.session.remove()
        db.engine.dispose()
    Server(app, config).run()


def settings(config: Config) -> dict[str, Any]:
    """Return what gunicorn is told."""
    host = f"[{config.HOST}]" if ":" in config.HOST else config.HOST
    return {
        "bind": f"{host}:{config.PORT}",
        "workers": config.WORKERS,
        "threads": config.THREADS,
        "worker_class": "gthread",
        "control_socket_disable": True,
        "graceful_timeout": 20,
        "loglevel": "warning",
        "proc_name": "penggerak",
    }
