"""Questions of a course edited in the browser go back into its files, and nothing else in them moves."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.folder import read_files
from courses.catalogue.quizzes import EXTENSION
from courses.catalogue.services import load_course
from courses.catalogue.sources import CourseFolder
from lms.core.accounts.models import Role
from quizzes.bank.folder.exporting import edited_files
from quizzes.bank.models import Question
from tests import factories
from tests.conftest import NOW
from tests.pages import XHTML
from tests.quizzes.bank.folders import LAW_2026, make_folder

OF_EACH_TYPE = ("iuran-01", "iuran-02", "iuran-03", "iuran-04")


@pytest.fixture
def folder(app: Flask, session: Session, tmp_path: Path) -> CourseFolder:
    course = make_folder(tmp_path)
    load(app, session, course)
    return course


def load(app: Flask, session: Session, course: CourseFolder) -> None:
    store = app.extensions[EXTENSION]
    load_course(session, course, as_of=LAW_2026, quizzes=store, publish=True, now=NOW, actor_id=None)
    session.commit()


@pytest.fixture
def admin(session: Session, sign_in: Callable[[int], FlaskClient]) -> FlaskClient:
    return sign_in(factories.make_user(session, Role.ADMIN).id)


def edit(admin: FlaskClient, session: Session, question_id: str, **changes: str) -> None:
    """Open a question in the editor and save it, with other words in some fields."""
    number = session.scalars(select(Question.id).where(Question.key == f"coba/{question_id}")).one()
    address = f"/soal/{number}/ubah"
    fields = shown(admin.get(address).text)
    response = admin.post(address, data={**fields, **changes, "aksi": "save"})
    assert response.status_code == 303
    session.rollback()


def shown(page: str) -> dict[str, list[str]]:
    """Return what the fields of the editor hold."""
    found: dict[str, list[str]] = {}
    for element in html5lib.parse(page).iter():
        tag, name = str(element.tag).removeprefix(XHTML), element.get("name")
        is_ticked = element.get("type") not in {"radio", "checkbox"} or element.get("checked") is not None
        if tag == "textarea":
            found[name] = ["".join(element.itertext()).removeprefix("\n")]
        elif tag == "select":
            options = element.iter(f"{XHTML}option")
            found[name] = [one.get("value") for one in options if one.get("selected") is not None]
        elif tag == "input" and name and name != "csrf_token" and is_ticked:
            found.setdefault(name, []).append(element.get("value") or "")
    return found


def test_what_nobody_edited_changes_no_file(session: Session, folder: CourseFolder) -> None:
    assert edited_files(session, folder) == {}


def test_saving_a_question_as_it_stands_changes_no_file(
    session: Session, folder: CourseFolder, admin: FlaskClient
) -> None:
    for question_id in OF_EACH_TYPE:
        edit(admin, session, question_id)

    assert edited_files(session, folder) == {}


@pytest.mark.parametrize("question_id", OF_EACH_TYPE)
def test_a_new_stem_changes_one_line_of_one_file(
    session: Session, folder: CourseFolder, admin: FlaskClient, question_id: str
) -> None:
    edit(admin, session, question_id, stem="Apakah ini soal yang baru?")

    ((file, body),) = edited_files(session, folder).items()
    lines = list(
        difflib.unified_diff(folder.files[file].decode().splitlines(), body.decode().splitlines(), n=0)
    )
    assert file == folder.questions[question_id].file
    assert [line for line in lines[2:] if line[0] == "+"] == ['+  stem: "Apakah ini soal yang baru?"']
    assert len([line for line in lines[2:] if line[0] == "-"]) == 1


def test_the_edited_folder_is_the_same_edition_again(
    app: Flask, session: Session, folder: CourseFolder, admin: FlaskClient
) -> None:
    edit(admin, session, "iuran-01", explanation="Begitulah aturannya.")
    exported = read_files({**folder.files, **edited_files(session, folder)})

    load(app, session, exported)

    assert edited_files(session, exported) == {}
