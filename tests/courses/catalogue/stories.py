"""A small scenario and a checklist as files, and the course that names them."""

from __future__ import annotations

from tests.courses.catalogue.folders import COURSE

SCENARIO = """title: Di warung
subject: Pendaftaran
programmes: [jkm, jkp]
summary: Seorang pedagang bertanya.
minutes: 5
scenes:
  - id: warung
    text: |-
      Bu Rini bertanya.

      Santunannya {fakta:jkm.benefit.total_without_scholarship}.
    choices:
      - text: >-
          Menjelaskan syaratnya.
        why: >-
          Ia mengangguk, lihat {pasal:pp-44-2015/34}. Jumlahnya {fakta:jkm.benefit.death_grant}.
        next: baik
      - text: Menjanjikan uang.
        why: Ia percaya.
        next: janji
      - text: Menyebut JKP.
        why: Ia bertanya lagi.
        berlaku: jkp
        next: jkp
  - id: jkp
    berlaku: jkp
    text: Bu Rini bingung.
    choices:
      - {text: Kembali, why: Mulai lagi., next: warung}
  - id: janji
    end: bad
    text: Ia kecewa.
    debrief: Jangan menjanjikan.
    cite: [pp-44-2015/34]
    read: [day-1/01-jkm/materi#jumlahnya]
  - id: baik
    end: good
    text: Ia mengerti.
    debrief: Anda menyebut syaratnya, menurut {pasal:pp-44-2015/34}.
    cite: [pp-44-2015/34/1]
    read: [day-1/01-jkm/materi]
"""
CHECKLIST = """---
title: Klaim JKM
subject: Klaim
---
Dibayar paling lama {fakta:jkm.payment.max_working_days}.

- ☐ KTP
"""
WITH_PRACTICE = COURSE.replace("days:\n", "scenarios: [warung]\nchecklists: [klaim-jkm]\ndays:\n", 1)
PRACTICE = {
    "course.yaml": WITH_PRACTICE,
    "skenario/warung.yaml": SCENARIO,
    "daftar-periksa/klaim-jkm.md": CHECKLIST,
}
