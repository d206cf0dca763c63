"""Loading a course makes an edition, once; a published edition never changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from courses.catalogue.export import write_files
from courses.catalogue.folder import read_files, read_folder
from courses.catalogue.models import Course, Edition, EditionFile, Lesson, Step
from courses.catalogue.queries import (
    find_edition,
    get_edition,
    get_module_page,
    list_module_pages,
    list_published_editions,
    read_files_of,
)
from courses.catalogue.services import CourseFaults, check_course, load_course, publish_edition
from courses.facts.book import load_book
from courses.facts.documents import Fault
from lms.core.audit.models import AuditEvent
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid, NotFound
from tests.conftest import NOW
from tests.courses.catalogue.folders import COURSE, LESSON, QUESTIONS, QUIZ, TrustingStore, sample, write

TRAINING = date(2016, 10, 19)
NEWEST = load_book().as_of


def load(
    session: Session,
    store: TrustingStore | None = None,
    *,
    as_of: date = NEWEST,
    publish: bool = False,
    **changes: str,
) -> Edition:
    edition = load_course(
        session,
        read_files(sample(**changes)),
        as_of=as_of,
        quizzes=store or TrustingStore(),
        publish=publish,
        now=NOW,
        actor_id=None,
    )
    session.commit()
    return edition


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def html_of(session: Session, edition: Edition) -> str:
    return session.scalars(select(Lesson.html).join(Lesson.step).where(Step.edition_id == edition.id)).one()


def test_a_folder_becomes_a_draft_with_its_tree(session: Session) -> None:
    edition = get_edition(session, load(session).id)

    assert (edition.number, edition.status, edition.as_of, edition.published_at) == (1, "draft", NEWEST, None)
    assert edition.facts_known_on == load_book().known_on
    assert [day.title for day in edition.days] == ["Hari pertama", "Hari kedua"]
    assert [(step.path, step.kind, step.minutes) for step in edition.days[0].modules[0].steps] == [
        ("day-1/01-jkm/materi", "lesson", 9),
        ("day-1/01-jkm/kuis", "quiz", 1),
    ]
    assert edition.days[1].modules[0].steps[0].release == [
        {"day_begun": 2},
        {"minimum_percent": 60, "quiz": "day-1/01-jkm/kuis"},
    ]


@pytest.mark.parametrize(
    ("as_of", "total", "has_jkp"), [(TRAINING, "Rp24.000.000", False), (NEWEST, "Rp42.000.000", True)]
)
def test_numbers_and_blocks_follow_the_law_date(
    session: Session, as_of: date, total: str, has_jkp: bool
) -> None:
    html = html_of(session, load(session, as_of=as_of))

    assert f">{total}</a>" in html
    assert ("Ada juga" in html) is has_jkp
    assert "<legend>jkm-02</legend>" in html


JKP_MODULE = """      - folder: day-1/02-jkp
        berlaku: jkp
        kind: internal
        title: Jaminan Kehilangan Pekerjaan
        minutes: 30
        steps:
          - {quiz: kuis}
  - title: Hari kedua
"""


def with_jkp(course: str = COURSE) -> dict[str, str]:
    """Return the sample with a module that the law of 2016 does not know."""
    return {
        "course.yaml": course.replace("  - title: Hari kedua\n", JKP_MODULE),
        "day-1/02-jkp/kuis.yaml": QUIZ,
    }


@pytest.mark.parametrize(("as_of", "has_jkp"), [(TRAINING, False), (NEWEST, True)])
def test_a_module_stands_only_where_its_condition_holds(session: Session, as_of: date, has_jkp: bool) -> None:
    edition = get_edition(session, load(session, as_of=as_of, **with_jkp()).id)

    folders = [module.folder for day in edition.days for module in day.modules]
    assert ("day-1/02-jkp" in folders) is has_jkp
    assert folders[-1] == "day-2/01-penutup"


def test_pages_beside_the_steps_are_stored_with_their_module(session: Session) -> None:
    page = "---\ntitle: Saku JKM\nminutes: 2\n---\nSantunan {fakta:jkm.benefit.total_without_scholarship}.\n"

    edition = load(session, **{"day-1/01-jkm/saku.md": page, "day-1/01-jkm/panduan.md": page})

    (guide, sheet) = sorted(list_module_pages(session, edition.id), key=lambda p: p.kind, reverse=True)
    assert (guide.kind, sheet.kind, sheet.title) == ("trainer_guide", "pocket_sheet", "Saku JKM")
    assert (
        ">Rp42.000.000</a>"
        in get_module_page(session, sheet.id, edition_id=edition.id, kind="pocket_sheet").html
    )
    with pytest.raises(NotFound):
        get_module_page(session, sheet.id, edition_id=edition.id, kind="trainer_guide")


def test_faults_of_pages_beside_the_steps_are_named() -> None:
    page = "---\ntitle: Saku\nminutes: 2\n---\n{fakta:tidak.ada}\n"
    folder = read_files(sample(**{"day-1/01-jkm/saku.md": page}))

    (fault,) = check_course(folder, as_of=NEWEST, quizzes=TrustingStore())

    assert (fault.file, fault.line) == ("day-1/01-jkm/saku.md", 5)


def test_nothing_may_wait_for_a_step_that_this_law_date_has_not() -> None:
    course = COURSE.replace("quiz: day-1/01-jkm/kuis}", "quiz: day-1/02-jkp/kuis}")
    folder = read_files(sample(**with_jkp(course)))

    (fault,) = check_course(folder, as_of=TRAINING, quizzes=TrustingStore())

    assert (fault.file, "day-1/02-jkp/kuis" in fault.message) == ("course.yaml", True)
    assert check_course(folder, as_of=NEWEST, quizzes=TrustingStore()) == []


def test_a_course_lasts_at_least_one_lesson_hour() -> None:
    short = COURSE.replace("minutes: 60", "minutes: 14")

    faults = check_course(read_files(sample(**{"course.yaml": short})), as_of=NEWEST, quizzes=TrustingStore())

    assert [(fault.file, fault.line) for fault in faults] == [("course.yaml", 1)]
    assert "45 minutes" in faults[0].message


def test_an_unknown_condition_of_a_module_is_a_fault() -> None:
    files = with_jkp()
    folder = read_files(sample(**files | {"course.yaml": files["course.yaml"].replace(": jkp\n", ": jkx\n")}))

    (fault,) = check_course(folder, as_of=NEWEST, quizzes=TrustingStore())

    assert (fault.file, fault.line) == ("course.yaml", 20)


def test_loading_the_same_again_changes_nothing(session: Session) -> None:
    store = TrustingStore()
    first = load(session, store)
    before = [count(session, table) for table in (Course, Edition, Step, EditionFile, AuditEvent)]

    second = load(session, store)

    assert second.id == first.id
    assert [count(session, table) for table in (Course, Edition, Step, EditionFile, AuditEvent)] == before
    assert store.stored == [NEWEST]


def test_another_law_date_or_another_word_is_another_edition(session: Session) -> None:
    first = load(session)
    old = load(session, as_of=TRAINING)
    changed = load(session, **{"day-1/01-jkm/materi.md": LESSON.replace("Santunan", "Uang")})

    assert [first.number, old.number, changed.number] == [1, 2, 3]
    assert {first.course_id, old.course_id, changed.course_id} == {first.course_id}


def test_facts_learned_later_are_another_edition(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load(session)
    old_html = html_of(session, first)
    monkeypatch.setitem(vars(load_book()), "known_on", date(2027, 1, 1))

    second = load(session)

    assert second.id != first.id
    assert html_of(session, first) == old_html


def test_a_draft_is_published_once(session: Session) -> None:
    edition = load(session)

    publish_edition(session, edition.id, now=NOW, actor_id=None)
    session.commit()
    publish_edition(session, edition.id, now=NOW.replace(year=2027), actor_id=None)
    session.commit()

    assert (edition.status, edition.published_at) == ("published", NOW)
    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions == ["edition.loaded", "edition.published"]


def test_a_loaded_draft_is_published_on_request(session: Session) -> None:
    draft = load(session)

    assert load(session, publish=True).id == draft.id
    assert draft.status == "published"
    assert load(session).status == "published"


def test_an_unknown_edition_cannot_be_published(session: Session) -> None:
    with pytest.raises(NotFound):
        publish_edition(session, 999, now=NOW, actor_id=None)


def test_what_was_loaded_never_changes(session: Session) -> None:
    edition = get_edition(session, load(session, publish=True).id)
    begin_write(session)
    get_edition(session, edition.id).days[0].modules[0].steps[0].title = "Lain"

    with pytest.raises(RuntimeError, match="never changes"):
        session.flush()


def test_a_fault_changes_nothing(session: Session) -> None:
    with pytest.raises(CourseFaults) as refused:
        load(
            session,
            **{"day-1/01-jkm/materi.md": LESSON.replace("funeral", "x").replace("jkm.benefit", "jkm.x")},
        )

    (fault,) = refused.value.faults
    assert (fault.file, fault.line) == ("day-1/01-jkm/materi.md", 5)
    assert "jkm.x.total_without_scholarship" in fault.message
    assert count(session, Course) == 0


def test_faults_of_questions_are_faults_of_the_course(session: Session) -> None:
    store = TrustingStore(found=[Fault("questions/jkm.yaml", 3, "Aduh.")])

    with pytest.raises(CourseFaults) as refused:
        load(session, store)

    assert refused.value.faults == store.found
    assert not store.stored


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "day-1/01-jkm/materi.md",
            "jkm-02",
            "jkm-09",
            "day-1/01-jkm/materi.md:13: There is no question “jkm-09”.",
        ),
        (
            "day-1/01-jkm/materi.md",
            "cek jkm-02",
            "cek jkm-01",
            "day-1/01-jkm/materi.md:13: “jkm-01” is not of use",
        ),
        (
            "questions/jkm.yaml",
            "#jumlahnya",
            "#lain",
            "questions/jkm.yaml:6: The lesson has no heading “#lain”.",
        ),
        (
            "questions/jkm.yaml",
            "/materi#",
            "/mater#",
            "questions/jkm.yaml:6: There is no lesson “day-1/01-jkm/mater”.",
        ),
        (
            "questions/jkm.yaml",
            "use: practice",
            "use: practice\n  berlaku: jkp",
            "materi.md:13: “jkm-02” is not part",
        ),
    ],
)
def test_lessons_and_questions_must_fit(file: str, old: str, new: str, expected: str) -> None:
    text = {"day-1/01-jkm/materi.md": LESSON, "questions/jkm.yaml": QUESTIONS}[file].replace(old, new)

    found = check_course(read_files(sample(**{file: text})), as_of=TRAINING, quizzes=TrustingStore())

    assert [str(one) for one in found if expected in str(one)], found


def test_a_question_that_does_not_apply_may_point_into_a_hidden_block() -> None:
    lesson = LESSON.replace("Ada juga", "### JKP\n\nAda juga")
    questions = QUESTIONS.replace("#jumlahnya", "#jkp\n  berlaku: jkp")
    folder = read_files(sample(**{"day-1/01-jkm/materi.md": lesson, "questions/jkm.yaml": questions}))

    assert check_course(folder, as_of=TRAINING, quizzes=TrustingStore()) == []
    assert check_course(folder, as_of=NEWEST, quizzes=TrustingStore()) == []


def test_export_gives_the_same_bytes_back(session: Session, tmp_path: Path) -> None:
    files = sample() | {"day-1/01-jkm/materi.md": LESSON.replace("\n", "\r\n").encode()}
    folder = read_folder(write(tmp_path / "in", files))
    edition = load_course(
        session, folder, as_of=NEWEST, quizzes=TrustingStore(), publish=False, now=NOW, actor_id=None
    )
    session.commit()

    write_files(read_files_of(session, edition.id), tmp_path / "out")

    again = read_folder(tmp_path / "out")
    assert dict(again.files) == files
    assert again.sha256 == folder.sha256


def test_export_overwrites_nothing_and_stays_inside(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("milik saya")

    with pytest.raises(Conflict):
        write_files({"course.yaml": b"x"}, tmp_path / "full")
    with pytest.raises(Invalid):
        write_files({"../x.md": b"x"}, tmp_path / "new")

    assert sorted(path.name for path in tmp_path.rglob("*")) == ["full", "mine.txt"]


def test_an_edition_is_read_in_as_many_queries_however_large(session: Session) -> None:
    small = load(session)
    more = "".join(f"          - {{lesson: materi-{n}}}\n" for n in range(20))
    text = COURSE.replace("          - {lesson: materi}\n", "          - {lesson: materi}\n" + more)
    extra = {f"day-1/01-jkm/materi-{n}.md": LESSON for n in range(20)}
    large = load(session, **{"course.yaml": text}, **extra)

    assert queries_of(session, small.id) == queries_of(session, large.id) == 2


def queries_of(session: Session, edition_id: int) -> int:
    session.expunge_all()
    statements: list[str] = []
    engine = session.get_bind()

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        edition = get_edition(session, edition_id)
        assert edition.course.slug == "contoh"
        assert all(step.title for day in edition.days for module in day.modules for step in module.steps)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(statements)


def test_published_editions_are_listed_newest_first(session: Session) -> None:
    load(session)
    old = load(session, as_of=TRAINING, publish=True)

    assert [edition.id for edition in list_published_editions(session)] == [old.id]


def test_an_edition_is_found_by_course_and_number(session: Session) -> None:
    first, second = load(session), load(session, as_of=TRAINING)

    newest, numbered = find_edition(session, "contoh"), find_edition(session, "contoh", number=1)

    assert newest is not None
    assert numbered is not None
    assert (newest.id, numbered.id) == (second.id, first.id)
    assert find_edition(session, "contoh", number=9) is None
    assert find_edition(session, "lain") is None


def test_an_unknown_edition_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        get_edition(session, 999)
