"""The versions of a question, and two of them side by side."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _

from lms.core.accounts.guard import current_actor
from lms.core.db import db
from lms.core.web.arguments import read_id
from quizzes.bank import queries
from quizzes.bank.form_fields import shown_values
from quizzes.bank.forms import question_form
from quizzes.bank.manage import bp
from quizzes.bank.models import QuestionVersion
from quizzes.bank.policies import can_edit_question
from quizzes.bank.search.words import shown_text
from quizzes.bank.versions.differences import compare


@bp.get("/<int:question_id>/versi")
def versions(question_id: int) -> str:
    """Show what differs between two versions, the newest two unless the address names others."""
    session, actor = db.session(), current_actor()
    newest = queries.get_question(session, question_id, actor=actor)
    rows = queries.list_question_versions(session, question_id)
    by_number = {row.number: row for row in rows}
    after = by_number.get(read_id("baru") or 0, newest)
    earlier = [row for row in rows if row.number < after.number]
    before = by_number.get(read_id("lama") or 0) or (earlier[0] if earlier else after)
    return render_template(
        "bank/versions.html",
        question=newest.question,
        newest=newest,
        versions=rows,
        before=before,
        after=after,
        differences=compare(_shown(before), _shown(after)),
        can_edit=can_edit_question(actor, newest.question),
    )


def _shown(version: QuestionVersion) -> dict[str, tuple[str, str]]:
    """Return by name what each field of a version says, and its texts as trainees meet them."""
    form = question_form(version.type)()
    form.fix_owner()
    form.show(version)
    left_out = {"topic", "use"}
    fields = {name: value for name, value in shown_values(form).items() if name not in left_out}
    return fields | {
        "stem_html": (_("Question as it is shown"), shown_text(version.stem_html)),
        "explanation_html": (_("Explanation as it is shown"), shown_text(version.explanation_html)),
    }
