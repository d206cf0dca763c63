"""A self-check in a lesson: a question of use `practice` with its feedback, shown by CSS alone.

Rendered when the course is loaded. Course text is Indonesian whatever the interface speaks, and so are the
words around a question in it.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from lms.core.numbers import show
from quizzes.bank.resolving import Resolved
from quizzes.types import get_type
from quizzes.types.base import Json

TAG = "Cek pemahaman"
RIGHT, WRONG, YES, NO = "Benar.", "Belum tepat.", "Benar", "Salah"
SHOW_ANSWER = "Lihat jawaban"


def show_check(resolved: Resolved, *, kind: str, question_id: str) -> str:
    """Return the question as a fieldset, safe HTML; of numbered variants the first."""
    resolved = _first_variant(resolved, kind)
    if kind == "number":
        body = _number(resolved)
    else:
        solution = get_type(kind).solution_html(resolved.content)
        body = _folded(solution, resolved) if solution else _choices(resolved, kind, f"cek-{question_id}")
    drawing = resolved.content.get("drawing_html", "")
    if drawing:
        body = f'<div class="drawing">{drawing}</div>\n{body}'
    legend = f'<legend><span class="check-tag">{TAG}</span> {resolved.stem_html}</legend>'
    return f'<fieldset class="check">{legend}\n{body}\n</fieldset>'


def _first_variant(resolved: Resolved, kind: str) -> Resolved:
    question_type, content = get_type(kind), resolved.content
    for prepared in question_type.variants(content)[:1]:
        filled = (
            question_type.fill(text, content, prepared)
            for text in (resolved.stem_html, resolved.explanation_html)
        )
        stem, explanation = filled
        return replace(resolved, stem_html=stem, explanation_html=explanation)
    return resolved


def _choices(resolved: Resolved, kind: str, name: str) -> str:
    control = "checkbox" if kind == "multiple_response" else "radio"
    shown = []
    for number, (text, is_right, why) in enumerate(_options(resolved, kind), 1):
        option_id = f"{name}-{number}"
        verdict = f"{RIGHT if is_right else WRONG} {why}".strip()
        shown.append(
            f'<div class="check-option"><input type="{control}" name="{name}" id="{option_id}">'
            f'<label for="{option_id}">{text}</label>'
            f'<p class="feedback {"right" if is_right else "wrong"}">{verdict}</p></div>'
        )
    return "\n".join(shown)


def _options(resolved: Resolved, kind: str) -> list[tuple[str, bool, str]]:
    """Return text, whether it is right, and what to say to who chose it."""
    content = resolved.content
    if kind == "true_false":
        options = [
            {"html": word, "correct": content["answer"] is side, "why_html": content["why_html"][name]}
            for word, side, name in ((YES, True, "true"), (NO, False, "false"))
        ]
    else:
        options = content["options"]
    # With several right answers the explanation would give the others away.
    reason = "" if kind == "multiple_response" else resolved.explanation_html
    return [(option["html"], option["correct"], _reason(option, reason)) for option in options]


def _reason(option: Json, explanation: str) -> str:
    return str(option["why_html"] or (explanation if option["correct"] else ""))


def _number(resolved: Resolved) -> str:
    """Return the answer folded away: a number cannot be judged without sending it."""
    content = resolved.content
    answer = f"{show(Decimal(content['answer']))} {content['unit']}".strip()
    return _folded(f"<p><strong>{answer}</strong></p>", resolved)


def _folded(answer: str, resolved: Resolved) -> str:
    why = f"<p>{resolved.explanation_html}</p>" if resolved.explanation_html else ""
    summary = f"<summary>{SHOW_ANSWER}</summary>"
    return f'<details class="fold">{summary}{answer}{why}</details>'
