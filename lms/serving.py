"""gunicorn around an application that is there already: workers are forked, none loads it again."""

from __future__ import annotations

import threading
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from lms.core.config import Config
from lms.core.db import db
from lms.core.jobs.runner import Runner

STOP_SECONDS = 5.0
"""How long a job at hand may go on when its process is told to end; after that it is begun again."""


class Server(BaseApplication):
    """gunicorn with our settings and nothing from elsewhere: no file beside it, no environment."""

    def __init__(self, app: Flask, config: Config) -> None:
        self._app, self._config = app, config
        super().__init__()

    def load_config(self) -> None:
        """Take over our settings."""
        for name, value in settings(self._config).items():
            self.cfg.set(name, value)
        if self._config.JOB_RUNNER:
            bench = Bench(self._app)
            self.cfg.set("post_worker_init", bench.open)
            self.cfg.set("worker_exit", bench.close)

    def load(self) -> Flask:
        """Return the application."""
        return self._app


class Bench:
    """A thread of each server process that waits to run jobs; one of them has the seat."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._runner: Runner | None = None
        self._thread: threading.Thread | None = None

    def open(self, worker: Any) -> None:  # noqa: ARG002 - gunicorn hands it in by position
        """Begin, once the process has been forked."""
        self._runner = Runner(self._app)
        self._thread = threading.Thread(target=self._runner.run_forever, name="jobs", daemon=True)
        self._thread.start()

    def close(self, server: Any, worker: Any) -> None:  # noqa: ARG002
        """End when the process does."""
        if self._runner is not None and self._thread is not None:
            self._runner.stop()
            self._thread.join(STOP_SECONDS)


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
