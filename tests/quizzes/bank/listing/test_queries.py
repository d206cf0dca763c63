"""The list finds by any word of a question, narrows by what it is filed under, hides other branches'."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from courses.catalogue.services import load_course
from lms.core.accounts.actor import Actor
from lms.core.accounts.models import Role
from lms.core.db import begin_write
from quizzes.bank import queries
from quizzes.bank.folder.loading import BankStore
from quizzes.bank.listing import queries as listing
from quizzes.bank.listing.queries import QuestionFilter
from quizzes.bank.models import Question, QuestionVersion
from quizzes.bank.search import indexing
from quizzes.bank.search.models import QuestionSearch, QuestionTag
from tests import factories
from tests.factories import NOW
from tests.quizzes.bank.actors import actor_of
from tests.quizzes.bank.folders import LAW_2026, make_folder

SOURCE = {
    "stem": "Siapa memotong iuran JHT bagian pekerja?",
    "options": [
        {"text": "Pemberi kerja", "correct": True},
        {"text": "Karang taruna", "why": "Ia bukan yang membayar upah."},
    ],
    "explanation": "Tarifnya {fakta:jht.rate.worker}.",
    "cite": ["pp-46-2015/16"],
    "read": "day-1/05-pemasaran/tugas#inti",
    "level": "apply",
    "difficulty": "hard",
}


@pytest.fixture
def trainer(session: Session) -> Actor:
    return make_trainer(session)


def make_trainer(session: Session) -> Actor:
    branch = factories.make_branch(session)
    return actor_of(factories.make_user(session, Role.TRAINER, branch=branch), branch)


def wordy(session: Session, **values: object) -> QuestionVersion:
    defaults = {
        "stem_html": "Siapa memotong <em>iuran</em> JHT bagian pekerja?",
        "explanation_html": "Tarifnya 2%&nbsp;saja.",
        "citations": [{"ref": "pp-46-2015/16", "label": "Pasal 16 PP 46/2015", "url": ""}],
        "read": SOURCE["read"],
    }
    return factories.make_question(session, source=dict(SOURCE), **(defaults | values))


def found(session: Session, actor: Actor, **narrowed: str) -> list[int]:
    page = listing.list_questions(session, actor=actor, narrowed=QuestionFilter(**narrowed))
    count = listing.count_questions(session, actor=actor, narrowed=QuestionFilter(**narrowed))
    assert count == len(page.rows)
    return [row.question_id for row in page.rows]


@pytest.mark.parametrize(
    "search",
    [
        "memotong iuran",
        "IURAN  jht",
        "karang tar",
        "membayar upah",
        "jht.rate.worker",
        "{fakta:jht.rate.worker}",
        "pasal 16 pp 46/2015",
        "pp-46-2015/16",
        "saja",
        "thr",
        "mem pek bag",
    ],
)
def test_a_question_is_found_by_stem_options_reasons_facts_citations_and_tags(
    session: Session, trainer: Actor, search: str
) -> None:
    mine = wordy(session)
    factories.make_question(session)
    tag(session, mine.question_id, "THR")

    assert found(session, trainer, search=search) == [mine.question_id]


@pytest.mark.parametrize("search", ["memotong upeti", "otong", "em", "???", "iuran -jht x", '" OR "a'])
def test_what_lacks_a_word_is_not_found(session: Session, trainer: Actor, search: str) -> None:
    wordy(session)

    assert found(session, trainer, search=search) == []


@pytest.mark.parametrize(
    "narrowed",
    [
        {"module": "day-1/05-pemasaran", "level": "apply"},
        {"difficulty": "hard"},
        {"tag": "thr"},
        {"tag": "thr", "search": "iuran", "difficulty": "hard", "topic": "jht"},
        {"topic": "jht", "status": "ready", "use": "graded", "owner": "nation"},
    ],
)
def test_filters_narrow_alone_and_together(
    session: Session, trainer: Actor, narrowed: dict[str, str]
) -> None:
    mine, other = wordy(session), factories.make_question(session)
    begin_write(session)
    session.get_one(Question, mine.question_id).topic = "jht"
    session.commit()
    tag(session, mine.question_id, "THR")
    tag(session, other.question_id, "lain")

    assert found(session, trainer, **narrowed) == [mine.question_id]
    choices = listing.list_choices(session, actor=trainer)
    assert choices == (["contoh", "jht"], ["lain", "thr"], ["day-1/05-pemasaran"])


def test_a_search_goes_page_by_page_and_shows_no_other_branch(session: Session, trainer: Actor) -> None:
    hidden = make_trainer(session)
    ids = [wordy(session).question_id for _ in range(queries.PAGE_SIZE + 3)]
    begin_write(session)
    session.get_one(Question, ids[0]).branch_id = min(hidden.branch_ids)
    session.commit()
    narrowed = QuestionFilter(search="iuran")

    first = listing.list_questions(session, actor=trainer, narrowed=narrowed)
    rest = listing.list_questions(session, actor=trainer, narrowed=narrowed, before=first.older)

    shown = [row.question_id for row in [*first.rows, *rest.rows]]
    assert shown == ids[:0:-1]
    assert rest.older is None
    assert ids[0] in [
        row.question_id
        for row in listing.list_questions(session, actor=hidden, narrowed=narrowed, before=ids[1]).rows
    ]


def test_a_changed_question_is_found_by_its_new_words_and_a_deleted_one_by_none(
    session: Session, trainer: Actor
) -> None:
    mine, gone = wordy(session), wordy(session)
    begin_write(session)
    session.get_one(QuestionVersion, mine.id).source = {"stem": "Apa itu santunan?"}
    session.get_one(QuestionVersion, mine.id).stem_html = "Apa itu santunan?"
    session.execute(delete(Question).where(Question.id == gone.question_id))
    indexing.note_words(session, [mine.question_id])
    session.commit()

    assert found(session, trainer, search="santunan") == [mine.question_id]
    assert found(session, trainer, search="memotong") == []


def test_the_index_can_be_made_anew(session: Session, trainer: Actor) -> None:
    mine = wordy(session)
    begin_write(session)
    session.execute(delete(QuestionSearch))
    session.commit()
    assert found(session, trainer, search="iuran") == []

    count = indexing.reindex(session)
    session.commit()

    assert count == 1
    assert found(session, trainer, search="iuran") == [mine.question_id]


def test_every_question_of_a_course_is_in_the_index(session: Session, trainer: Actor, tmp_path: Path) -> None:
    folder = make_folder(tmp_path)
    load_course(session, folder, as_of=LAW_2026, quizzes=BankStore(), publish=True, now=NOW, actor_id=None)
    session.commit()

    counts = [session.scalar(select(func.count()).select_from(model)) for model in (Question, QuestionSearch)]
    assert counts[0] == counts[1] > 0


def tag(session: Session, question_id: int, label: str) -> None:
    begin_write(session)
    session.add(QuestionTag(question_id=question_id, tag=label.lower(), label=label))
    indexing.note_words(session, [question_id])
    session.commit()
