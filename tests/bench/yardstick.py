"""The yardstick: a bare Flask application on the same engine, pool and durability."""

from __future__ import annotations

import os
from pathlib import Path

import weasyprint
from argon2 import PasswordHasher
from flask import Flask, Response, jsonify, render_template, request
from sqlalchemy import create_engine, make_url
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from lms.core.db import _engine_options, set_transactions


class Base(DeclarativeBase):
    """The one table's base."""


class Answer(Base):
    """One value under one key."""

    __tablename__ = "answer"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


url = make_url(os.environ["BENCH_DATABASE_URL"])
engine = create_engine(url, **_engine_options(url.get_backend_name()))
set_transactions(engine)
Base.metadata.create_all(engine)
app = Flask(__name__, template_folder=str(Path(__file__).parent))
hasher = PasswordHasher()  # reads the settings out of the hash
PAPER = Path(os.environ["BENCH_PAPER"])


def _upsert(key: str, value: str) -> None:
    statement = insert(Answer).values(key=key, value=value)
    statement = statement.on_conflict_do_update(index_elements=["key"], set_={"value": value})
    with Session(engine) as session:
        session.connection(execution_options={"lms_writes": True})
        session.execute(statement)
        session.commit()


@app.get("/healthz")
def healthz() -> str:
    """Alive."""
    return "ok"


@app.get("/page")
def page() -> str:
    """A plain page: a template with a list, no database, no session."""
    return render_template("plain.html", title="Halaman", rows=range(20))


@app.post("/upsert")
def upsert() -> Response:
    """JSON in, one upsert, JSON out."""
    data = request.get_json()
    _upsert(str(data["event"])[:6], str(data["raw"]))
    return jsonify({"outcome": "applied"})


@app.post("/form")
def form() -> Response:
    """A form in, one upsert, a short page out."""
    _upsert(request.form["key"], "submitted")
    return Response("ok")


@app.post("/sign-in")
def sign_in() -> Response:
    """One password hash compared, one upsert."""
    hasher.verify(os.environ["BENCH_HASH"], request.form["password"])
    _upsert(request.form["login"], "in")
    return Response("ok")


@app.get("/paper")
def paper() -> Response:
    """A bare WeasyPrint call on the HTML of a certificate."""
    body = weasyprint.HTML(string=PAPER.read_text(encoding="utf-8")).write_pdf()
    return Response(body, content_type="application/pdf")
