"""Samples of case sets: a story with a table and two questions, and a decision with three ends."""

from __future__ import annotations

from decimal import Decimal

from quizzes.types.base import Example, Json


def list_examples() -> list[Example]:
    """Return both."""
    return [_told(), _walked()]


def _told() -> Example:
    source: Json = {
        "text": "Bu Sri mencatat iurannya:\n\n| Bulan | Dibayar |\n|---|---|\n| Mei | 16.800 |\n| Juli | 0 |",
        "parts": [
            {"type": "number", "stem": "Berapa rupiah yang dibayar pada bulan Mei?", "answer": 16800},
            {"type": "short_answer", "stem": "Bulan apa yang terlewat?", "answers": [{"accept": "Juli"}]},
        ],
    }
    right = {"p1-value": ["16.800"], "p2-value": ["juli"]}
    wrong = {"p1-value": ["1"], "p2-value": ["Mei"]}
    unreadable = [{"p1-value": ["1.00"]}, {"p3-value": ["1"]}]
    return Example(source, right, wrong, unreadable, [({"p2-value": ["Juli"]}, Decimal("0.5"))])


def _walked() -> Example:
    choices = [
        {"text": "Menolak uangnya", "why": "Iuran dibayar lewat bank.", "next": "loket"},
        {"text": "Bertanya dulu", "next": "tunda"},
        {"text": "Menerima uangnya", "next": "laci"},
    ]
    ends = [
        {"name": name, "text": text, "end": end, "debrief": "Uang peserta tidak dititipkan."}
        for name, text, end in (
            ("loket", "Bu Sumi membayar di bank.", "good"),
            ("tunda", "Bu Sumi menunggu.", "partly"),
            ("laci", "Uangnya menginap di laci.", "bad"),
        )
    ]
    source: Json = {
        "parts": [{"name": "lapak", "text": "Bu Sumi menitipkan uang.", "choices": choices}, *ends]
    }
    unreadable = [{"p1-choice": ["4"]}, {"p1-choice": ["1"], "p2-choice": ["1"]}]
    half = [({"p1-choice": ["2"]}, Decimal("0.5"))]
    return Example(source, {"p1-choice": ["1"]}, {"p1-choice": ["3"]}, unreadable, half)
