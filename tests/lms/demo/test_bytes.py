"""Every lesson of the shipped course is small over a weak line."""

from __future__ import annotations

from flask import Flask

from tests.page_dictionary import pages

LESSON = 5_000
"""Bytes a lesson may take once the phone has style, scripts and dictionary."""


def test_every_lesson_of_both_editions_fits_the_weak_line(demo: Flask) -> None:
    dictionary = demo.extensions["page_dictionary"]

    sizes = sorted(len(dictionary.compress(page)) for page in pages(demo))

    assert len(sizes) > 100
    assert sizes[-1] <= LESSON, "python -m tests.page_dictionary makes the dictionary anew"
