"""A small course folder, written for one test."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from courses.catalogue.folder import read_folder
from courses.catalogue.sources import CourseFolder

LAW_2016 = date(2016, 10, 19)
LAW_2026 = date(2026, 11, 22)

COURSE = """\
schema: 1
slug: coba
title: Coba
title_en: Trial
requirements:
  - {kind: all_steps}
days:
  - title: Hari pertama
    modules:
      - folder: day-1/01-iuran
        kind: internal
        title: Iuran
        minutes: 45
        steps:
          - {lesson: iuran}
          - {quiz: kuis}
"""
LESSON = """\
---
title: Iuran
minutes: 5
---
Iuran dibayar setiap bulan.

## Siapa membayar

::: cek iuran-05
:::
"""
QUIZ = """\
title: Kuis iuran
purpose: module
pass_percent: 60
attempts: 3
slots:
  - {question: iuran-01}
  - {question: iuran-04}
  - {draw: iuran, count: 2}
"""
QUESTIONS = """\
- id: iuran-01
  type: single_choice
  use: graded
  stem: Berapa iuran JHT bagian pekerja?
  options:
    - {text: "{fakta:jht.rate.worker}", correct: true}
    - {text: "{keliru:9%|Itu angka karangan.}", why: Terlalu besar.}
    - {text: Semua salah, fixed: true}
  explanation: Bagian pekerja {fakta:jht.rate.worker} dari upah.
  cite: [pp-46-2015/16]
  read: day-1/01-iuran/iuran#siapa-membayar
- id: iuran-02
  type: number
  use: graded
  stem: Upah Rp2.000.000. Berapa rupiah iuran JHT bagian pekerja?
  unit: rupiah
  answer: {product: [jht.rate.worker, 2000000]}
- id: iuran-03
  type: true_false
  use: graded
  stem: Iuran dibayar setiap bulan.
  answer: true
- id: iuran-04
  type: multiple_response
  use: graded
  berlaku: jkp
  stem: Program mana yang ada?
  options:
    - {text: JKK, correct: true}
    - {text: JKP, correct: true}
    - {text: Asuransi mobil}
- id: iuran-05
  type: single_choice
  use: practice
  stem: Kapan iuran dibayar?
  options:
    - {text: Setiap bulan, correct: true, why: "Ya, {fakta:jht.rate.worker} setiap bulan."}
    - {text: Setahun sekali, why: Terlalu jarang.}
"""


def make_folder(path: Path, **files: str) -> CourseFolder:
    """Write the course below ``path`` and read it; ``files`` replaces course, lesson, quiz or questions."""
    texts = {"course": COURSE, "lesson": LESSON, "quiz": QUIZ, "questions": QUESTIONS} | files
    places = {
        "course": "course.yaml",
        "lesson": "day-1/01-iuran/iuran.md",
        "quiz": "day-1/01-iuran/kuis.yaml",
        "questions": "questions/iuran.yaml",
    }
    folder = path / "coba"
    for name, text in texts.items():
        file = folder / places[name]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return read_folder(folder)
