"""Questions go out: the ticked ones in a format of other systems, once it was shown what that cannot hold."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.facts.book import load_book
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Invalid
from lms.core.web.arguments import MAX_ID
from quizzes.bank.folder.files import note_export
from quizzes.bank.listing.bulk import MOST
from quizzes.exchange.contract import Text, Writer
from quizzes.exchange.exports.queries import Outgoing, list_outgoing
from quizzes.exchange.formats import WRITERS

bp = Blueprint("export", __name__, url_prefix="/soal/ekspor")
guard(bp, lambda actor: actor.is_trainer)


@dataclass(frozen=True)
class Leaving:
    """A question, whether the format can hold it, and what of it would be lost."""

    question: Outgoing
    is_held: bool
    losses: tuple[Text, ...]


@bp.post("")
def begin() -> Response:
    """Lead from the ticked list to the choice of a format."""
    ids = {value for value in request.form.getlist("soal", type=int) if 0 < value <= MAX_ID}
    if not ids:
        flash(_("Tick the questions first."), "info")
        return redirect(url_for("bank.index"), 303)
    return redirect(url_for("export.choose", soal=_written(ids)), 303)


@bp.get("")
def choose() -> str | Response:
    """Show the formats, and per question what the chosen one cannot hold."""
    ids = _read_ids(request.args.get("soal", ""))
    if not ids:
        return begin()
    writer = _find_writer(request.args.get("format", WRITERS[0].key))
    leaving = [_leaving(one, writer) for one in _outgoing(ids)]
    return render_template(
        "export/choose.html",
        leaving=leaving,
        held=sum(one.is_held for one in leaving),
        writer=writer,
        writers=WRITERS,
        ids=_written(ids),
    )


@bp.post("/unduh")
def download() -> Response:
    """Send the file, and note that questions left the house with their keys."""
    ids = _read_ids(request.form.get("soal", ""))
    writer = _find_writer(request.form.get("format", WRITERS[0].key))
    if not ids:
        raise Invalid(_("Tick the questions first."), field="soal")
    found = [one for one in _outgoing(ids) if _leaving(one, writer).is_held]
    if not found:
        raise Invalid(_("None of these questions fits into this format."), field="format")
    body = writer.write([one.given for one in found if one.given is not None])
    session = db.session()
    note_export(session, current_actor(), question_ids=[one.question_id for one in found], now=utc_now())
    session.commit()
    response = make_response(body)
    response.headers["Content-Type"] = writer.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="soal{writer.ending}"'
    return response


def _outgoing(ids: set[int]) -> list[Outgoing]:
    return list_outgoing(db.session(), current_actor(), question_ids=ids, book=load_book())


def _leaving(one: Outgoing, writer: Writer) -> Leaving:
    if one.given is None:
        return Leaving(one, is_held=False, losses=(one.fault,))
    return Leaving(one, writer.holds(one.given), tuple(writer.losses(one.given)))


def _find_writer(key: str) -> Writer:
    for writer in WRITERS:
        if writer.key == key:
            return writer
    raise Invalid(_("Choose one from the list."), field="format")


def _read_ids(text: str) -> set[int]:
    """Return the numbers an address or a form names.

    Raises:
        Invalid: there are too many.
    """
    ids = {int(part) for part in text.split("-") if part.isdecimal() and len(part) < len(str(MAX_ID))}
    if len(ids) > MOST:
        raise Invalid(_("Choose %(count)s questions at most.", count=MOST), field="soal")
    return ids


def _written(ids: set[int]) -> str:
    return "-".join(map(str, sorted(ids)[: MOST + 1]))
