"""How one text of a working copy looks and what is wrong with it, while it is being typed.

Only this text is read anew; questions and drawings come from the files as they are kept, which are read once
and remembered until one of them changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from courses.catalogue.checking import check_anchors
from courses.catalogue.course_files import CourseFiles
from courses.catalogue.drafts import queries
from courses.catalogue.drafts.models import CourseDraft, DraftFile
from courses.catalogue.drawings import Drawing, read_drawing
from courses.catalogue.folder import read_files
from courses.catalogue.markdown import MarkdownFault, Rendered, render_lesson
from courses.catalogue.orphans import CHECKLISTS
from courses.catalogue.pages import read_checklist, read_lesson
from courses.catalogue.photos import ENDING, Photo, read_photo
from courses.catalogue.quizzes import QuizStore
from courses.catalogue.services import review_course
from courses.catalogue.sources import ChecklistSource, CourseFolder, FolderFaults, LessonSource
from courses.catalogue.texts.findings import Findings
from courses.catalogue.texts.passages import Kind, Passage, read_markdown
from courses.catalogue.texts.reviewing import review_passages
from courses.facts.book import load_book
from courses.facts.documents import Fault
from lms.core.errors import Invalid
from lms.core.xml_reader import XmlFault

KEPT = 4
"""Courses remembered in a process: their questions are read in half a second."""
_LISTS = "periksa/"


@dataclass(frozen=True)
class Look:
    """A text as people will read it, and what there is to mend; `html` is None where it cannot be shown."""

    title: str = ""
    minutes: int = 0
    html: str | None = None
    word_count: int = 0
    faults: Sequence[Fault] = ()
    advice: Sequence[Fault] = ()


@dataclass
class Workshop:
    """Courses that were read, by what they were read from."""

    quizzes: QuizStore
    _folders: dict[tuple[object, ...], CourseFolder] = field(default_factory=dict)
    _found: dict[tuple[object, ...], Findings] = field(default_factory=dict)

    def look_at(self, session: Session, draft: CourseDraft, *, path: str, text: str) -> Look:
        """Return how the text of a file looks at the law date of the working copy; changes nothing."""
        files = CourseFiles({path: text.replace("\r\n", "\n").encode()})
        if not path.endswith(".md"):
            if path.endswith(".yaml"):
                files.document(path)
            return Look(faults=sorted(files.faults))
        page = _read(files, path)
        if page is None:
            return Look(faults=sorted(files.faults))
        beside = _read_beside(session, draft, path)
        drawings, faults = _drawings(beside, path)
        found = _review(beside, page)
        faults += files.faults + found.faults
        try:
            rendered = self._render(session, draft, page, drawings)
        except MarkdownFault as error:
            faults += [Fault(path, fault.line, fault.message) for fault in error.faults]
            return Look(page.title, faults=sorted(set(faults)), advice=found.advice)
        faults += check_anchors(page, rendered.anchors)
        return Look(
            page.title,
            page.minutes if isinstance(page, LessonSource) else 0,
            rendered.html,
            rendered.word_count,
            sorted(set(faults)),
            found.advice,
        )

    def check(self, session: Session, draft: CourseDraft) -> Findings:
        """Return what `lms course check` says of the whole working copy."""
        key = (draft.id, draft.revision, draft.as_of, load_book().mark)
        if key not in self._found:
            files = queries.read_files_of(session, draft.id)
            try:
                found = review_course(read_files(files), as_of=draft.as_of, quizzes=self.quizzes)
            except FolderFaults as error:
                found = Findings(error.faults)
            _forget(self._found)
            self._found[key] = found
        return self._found[key]

    def folder(self, session: Session, draft: CourseDraft) -> CourseFolder | None:
        """Return the course as kept, its lessons perhaps older; None where it cannot be read."""
        rows = session.execute(
            select(DraftFile.path, DraftFile.revision)
            .where(DraftFile.draft_id == draft.id, DraftFile.path.not_like("day-%.md"))
            .order_by(DraftFile.path)
        ).all()
        key = (draft.id, *map(tuple, rows))
        if key not in self._folders:
            folder = _read_folder(queries.read_files_of(session, draft.id))
            if folder is None:
                return None  # an unfinished text may be to blame, and is mended before the key changes
            _forget(self._folders)
            self._folders[key] = folder
        return self._folders[key]

    def _render(
        self,
        session: Session,
        draft: CourseDraft,
        page: LessonSource | ChecklistSource,
        drawings: dict[str, Drawing | Photo],
    ) -> Rendered:
        folder = self.folder(session, draft) if "::: cek" in page.text else None

        def check(key: str) -> str:
            if folder is None:
                raise ValueError(
                    _("Questions can be shown once the whole course can be read: check the course.")
                )
            return self.quizzes.check_html(folder, key, draft.as_of)

        book = load_book()
        return render_lesson(page.text, book=book, as_of=draft.as_of, check=check, drawings=drawings)


def _review(beside: Mapping[str, bytes], page: LessonSource | ChecklistSource) -> Findings:
    """Return what is said of the words of a page; the lists of the course are among what stands beside it."""
    files = {path: body for path, body in beside.items() if path.startswith(_LISTS)}
    passages = [Passage(page.file, 1, Kind.TITLE, page.title), *read_markdown(page.text, page.file)]
    found = review_passages(passages, files=files, book=load_book())
    return Findings(
        [fault for fault in found.faults if fault.file == page.file],
        [point for point in found.advice if point.file == page.file],
    ).sorted()


def _read_folder(files: dict[str, bytes]) -> CourseFolder | None:
    """Return a course without the files nothing names yet: a drawing comes before the text that shows it."""
    try:
        return read_files(files)
    except FolderFaults as error:
        unnamed = {fault.file for fault in error.faults if not fault.line}
        left = {path: body for path, body in files.items() if path not in unnamed}
    try:
        return read_files(left)
    except FolderFaults:
        return None


def _forget(kept: dict[tuple[object, ...], Any]) -> None:
    while len(kept) >= KEPT:
        kept.pop(next(iter(kept)), None)


def _read(files: CourseFiles, path: str) -> LessonSource | ChecklistSource | None:
    name = path.removesuffix(".md")
    if path.startswith(f"{CHECKLISTS}/"):
        return read_checklist(files, name.rpartition("/")[2], path)
    return read_lesson(files, name)


def _read_beside(session: Session, draft: CourseDraft, path: str) -> dict[str, bytes]:
    """Return what a look at a text needs: the drawings of its module and the lists of words and numbers."""
    drawings = f"{path.rpartition('/')[0]}/gambar/"
    is_beside = or_(
        DraftFile.path.startswith(drawings, autoescape=True),
        DraftFile.path.startswith(_LISTS, autoescape=True),
    )
    query = select(DraftFile.path, DraftFile.body).where(DraftFile.draft_id == draft.id, is_beside)
    return dict(session.execute(query).all())


def _drawings(beside: Mapping[str, bytes], path: str) -> tuple[dict[str, Drawing | Photo], list[Fault]]:
    """Return the drawings of the module the text is in by what a text calls them, and what is wrong there."""
    module = f"{path.rpartition('/')[0]}/"
    found: dict[str, Drawing | Photo] = {}
    faults: list[Fault] = []
    for file, body in beside.items():
        if not file.startswith(f"{module}gambar/"):
            continue
        try:
            shown = read_photo(body) if file.endswith(ENDING) else read_drawing(body)
        except XmlFault as fault:
            faults.append(Fault(file, fault.line, str(fault.message)))
        except Invalid as refused:
            faults.append(Fault(file, 0, str(refused.message)))
        else:
            found[file.removeprefix(module)] = shown
    return found, faults
