"""Questions with pictures, tables and parts, to be printed."""

from __future__ import annotations

import io

from PIL import Image

from quizzes.exchange.contract import GivenQuestion
from tests.quizzes.exchange.given import examples


def picture(width: int = 600, height: int = 400, colour: str = "#DDEEFF") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def example(kind: str, place: int = 0, **more: object) -> GivenQuestion:
    found = [one for one in examples() if one.kind == kind][place]
    return GivenQuestion(kind, {**found.source, **more}, found.name, files={"slip.png": picture()})


SHOWING = GivenQuestion(
    "single_choice",
    {
        "stem": "Apa ini? {gambar:slip.png|Slip gaji Bu Sari}",
        "options": [{"text": "{gambar:slip.png|Kartu}", "correct": True, "why": "Begitu."}, {"text": "b"}],
    },
    "gambar",
    files={"slip.png": picture()},
)
CASE = example(
    "case_set",
    parts=[
        {"type": "number", "stem": "Berapa?", "answer": 16800},
        {
            "type": "calculated",
            "stem": "Upah {nilai:upah}, berapa iurannya?",
            "variables": "upah: sebaris 1.000.000 | 2.000.000 rupiah",
            "answer": "upah × 0,02",
            "unit": "rupiah",
            "variants": 2,
        },
        {"type": "true_false", "stem": "Benarkah?", "answer": True, "why": {"false": "Tidak."}},
    ],
)
