"""A small course as files, and a store of questions that believes everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from courses.catalogue.sources import CourseFolder
from courses.catalogue.texts.findings import Findings
from courses.facts.documents import Fault

COURSE = """schema: 1
slug: contoh
title: Pelatihan contoh
title_en: Sample training
summary: Dua hari.
requirements:
  - {kind: all_steps}
  - {kind: quiz_passed, quiz: day-2/01-penutup/pascauji}
days:
  - title: Hari pertama
    modules:
      - folder: day-1/01-jkm
        kind: internal
        title: Jaminan Kematian
        speaker: Bidang Pelayanan
        minutes: 60
        steps:
          - {lesson: materi}
          - {quiz: kuis, release: [{after: previous}]}
  - title: Hari kedua
    modules:
      - folder: day-2/01-penutup
        kind: procedure
        title: Penutup
        minutes: 30
        steps:
          - {quiz: pascauji, release: [{day_begun: 2}, {minimum_percent: 60, quiz: day-1/01-jkm/kuis}]}
"""
LESSON = """---
title: Jaminan Kematian
minutes: 9
---
Santunan berjumlah {fakta:jkm.benefit.total_without_scholarship}.

## Jumlahnya

::: berlaku jkp
Ada juga {istilah:jkp|JKP}: {fakta:jkp.benefit.cash.months_1_6}.
:::

::: cek jkm-02
:::
"""
QUIZ = """title: Kuis
purpose: module
pass_percent: 60
slots:
  - {question: jkm-01}
"""
QUESTIONS = """- id: jkm-01
  type: true_false
  use: graded
  stem: Ada santunan?
  answer: true
  read: day-1/01-jkm/materi#jumlahnya
- id: jkm-02
  type: true_false
  use: practice
  stem: Ada santunan?
  answer: true
"""
FILES = {
    "course.yaml": COURSE,
    "day-1/01-jkm/materi.md": LESSON,
    "day-1/01-jkm/kuis.yaml": QUIZ,
    "day-2/01-penutup/pascauji.yaml": QUIZ.replace("module", "posttest"),
    "questions/jkm.yaml": QUESTIONS,
}


def sample(**changes: str) -> dict[str, bytes]:
    """Return the files of the sample course."""
    return {path: text.encode() for path, text in (FILES | changes).items()}


def reviewed() -> dict[str, bytes]:
    """Return the files of a course in which `lms course check` finds no fault with the real bank either."""
    why = '  why: {"true": Betul., "false": Tidak.}\n  explanation: Memang begitu.\n'
    first, mark, second = QUESTIONS.partition("- id: jkm-02")
    second = second.replace("Ada santunan?", "Siapakah ahli waris menurut undang-undang?")
    questions = first + mark + second
    return sample(**{"questions/jkm.yaml": questions.replace("  answer: true\n", f"  answer: true\n{why}")})


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files below ``folder`` and return it."""
    for path, body in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(body)
    return folder


@dataclass
class TrustingStore:
    """Finds no fault and remembers what it was asked to store."""

    stored: list[date] = field(default_factory=list)
    found: list[Fault] = field(default_factory=list)

    def faults(self, folder: CourseFolder, as_of: date) -> list[Fault]:
        return list(self.found)

    def review(self, folder: CourseFolder, as_of: date) -> Findings:
        return Findings()

    def samples(self, folder: CourseFolder, as_of: date) -> list[str]:
        return ["jkm-01\t1\tBerapa?\t5 rupiah"]

    def edited_files(self, session: Session, folder: CourseFolder) -> dict[str, bytes]:
        return {"questions/jkm.yaml": b"# edited\n" + folder.files["questions/jkm.yaml"]}

    def store(
        self, session: Session, folder: CourseFolder, *, as_of: date, now: datetime, actor_id: int | None
    ) -> None:
        self.stored.append(as_of)

    def check_html(self, folder: CourseFolder, question_id: str, as_of: date) -> str:
        return f'<fieldset class="check"><legend>{question_id}</legend></fieldset>'
