"""A look at the writing of all questions of a course folder at a law date."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from courses.catalogue.sources import CourseFolder, QuestionSource
from courses.catalogue.texts.findings import Findings
from courses.catalogue.texts.passages import Kind, one_line, plain_marks, question_texts
from courses.facts.documents import Fault
from quizzes.bank.advice.twins import Twins, Wording, find_twins
from quizzes.bank.advice.whole_bank import advise_on_keys, advise_on_quizzes
from quizzes.bank.cases import CASE, list_refs
from quizzes.bank.folder.balance import advise_on_coverage
from quizzes.bank.folder.checking import Bank
from quizzes.bank.folder.items import advise_on_item, list_faults


def review_bank(folder: CourseFolder, bank: Bank) -> Findings:
    """Return the faults and the advice on the questions that hold at the law date."""
    questions = [folder.questions[key] for key in bank.questions]
    found = Findings(list_faults(questions) + _twins(questions))
    found.advice += [advice for question in questions for advice in advise_on_item(question)]
    found.advice += advise_on_keys(questions) + advise_on_coverage(folder, questions)
    found.advice += advise_on_quizzes(folder, {question.id: question for question in questions})
    return found


def _twins(questions: Sequence[QuestionSource]) -> list[Fault]:
    by_id = {question.id: question for question in questions}
    cases = {ref: question.id for question in questions for ref in _parts(question)}
    wordings = (_wording(question, cases.get(question.id, "")) for question in questions)
    return [_twin(by_id[twins.second], twins) for twins in find_twins(wordings)]


def _parts(question: QuestionSource) -> list[str]:
    return [ref for _index, ref in list_refs(question.data)] if question.data.get("type") == CASE else []


def _twin(question: QuestionSource, twins: Twins) -> Fault:
    if twins.differs_only_in_numbers:
        message = _("It differs from “%(key)s” only in names and numbers.", key=twins.first)
    else:
        message = _("It asks nearly the same as “%(key)s”: let one ask something else.", key=twins.first)
    return Fault(question.file, question.line, f"{question.id}: {message}")


def _wording(question: QuestionSource, case: str) -> Wording:
    """Return what a question asks; questions of one case are alike because of their story."""
    texts = [text for kind, _line, text in question_texts(question.data) if kind is not Kind.REASON][1:]
    return Wording(
        question.id,
        one_line(plain_marks(str(question.data["stem"]))),
        tuple(one_line(plain_marks(text)) for text in texts),
        str(question.data.get("pair") or case),
    )
