"""The yardstick: a bare Flask application on the same engine, pool and durability."""

from __future__ import annotations

import importlib
import os
from pathlib import Path

import weasyprint
from argon2 import PasswordHasher
from flask import Flask, Response, jsonify, render_template, request
from sqlalchemy import create_engine, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from lms.core.db import _engine_options, set_transactions


class Base(DeclarativeBase):
    """The one table's base."""


class Answer(Base):
    """One value under one key."""

    __tablename__ = "answer"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class Text(Base):
    """The one page's row."""

    __tablename__ = "text"

    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str]


url = make_url(os.environ["BENCH_DATABASE_URL"])
insert = postgresql.insert if url.get_backend_name() == "postgresql" else sqlite.insert
engine = create_engine(url, **_engine_options(url.get_backend_name()))
set_transactions(engine)
with Session(engine) as preparing:  # one process after the other
    connection = preparing.connection(execution_options={"lms_writes": True})
    if url.get_backend_name() == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(1)")
    Base.metadata.create_all(connection)
    body = Path(os.environ["BENCH_TEXT"]).read_text(encoding="utf-8")
    preparing.execute(insert(Text).values(id=1, body=body).on_conflict_do_nothing())
    preparing.commit()
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
    """A plain page: one row read, and as much text as a lesson of ours printed in a template."""
    with Session(engine) as session:
        text = session.get_one(Text, 1)
    return render_template("plain.html", title="Halaman", rows=range(20), body=text.body)


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


@app.get("/typst")
def typst_paper() -> Response:
    """A typst page with the text of a certificate."""
    typst = importlib.import_module("typst")  # not among our requirements
    return Response(typst.compile(os.environ["BENCH_TYPST"]), content_type="application/pdf")
