"""The drawings of the shipped course with the numbers of both law dates: all words are there to be read."""

from __future__ import annotations

import re
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from courses.catalogue.folder import read_folder
from courses.catalogue.markdown import render_lesson
from courses.catalogue.sources import CourseFolder
from courses.facts.book import load_book
from tests.browser.barriers import TAGS
from tests.browser.conftest import COURSE, context

pytestmark = pytest.mark.browser

DATES = [date(2016, 10, 19), load_book().as_of]
STYLE_SHEET = COURSE.parents[2] / "lms" / "core" / "static" / "app.css"
MIN_PIXELS = 12

FAULTS = """least => [...document.querySelectorAll('.drawing svg')].flatMap(svg => {
  const name = svg.querySelector('title').textContent.slice(0, 60), frame = svg.getBoundingClientRect();
  const scale = svg.getScreenCTM().a;
  const words = [...svg.querySelectorAll('text')].map(element => ({
    text: element.textContent, box: element.getBoundingClientRect(),
    size: parseFloat(getComputedStyle(element).fontSize) * scale }));
  const boxes = [...svg.querySelectorAll('rect')].map(element => element.getBoundingClientRect());
  const meets = (a, b, by) =>
    a.left < b.right && b.left < a.right && a.top + by < b.bottom - by && b.top + by < a.bottom - by;
  const found = [];
  for (const word of words) {
    const say = what => found.push(`${name}: “${word.text}” ${what}`);
    if (word.box.left < frame.left || word.box.right > frame.right) say('runs over the edge');
    if (word.box.top < frame.top || word.box.bottom > frame.bottom) say('runs over the top or foot');
    if (least && word.size < least) say(`is ${word.size} px high`);
    for (const other of words)
      if (other !== word && meets(word.box, other.box, 3 * scale)) say(`meets “${other.text}”`);
    const x = (word.box.left + word.box.right) / 2, y = (word.box.top + word.box.bottom) / 2;
    for (const box of boxes)
      if (box.left < x && x < box.right && box.top < y && y < box.bottom
          && (word.box.left < box.left || word.box.right > box.right)) say('is wider than its box');
  }
  return found;
})"""


@pytest.fixture(scope="module")
def folder() -> CourseFolder:
    return read_folder(COURSE)


def _lessons(folder: CourseFolder, as_of: date) -> str:
    """Return all lessons with a drawing as one text."""
    book = load_book()
    held = folder.where(lambda condition: book.applies(condition, as_of))
    return "\n".join(
        render_lesson(
            lesson.text, book=book, as_of=as_of, check=lambda _key: "", drawings=folder.drawings_beside(path)
        ).html
        for path, lesson in held.lessons.items()
        if folder.drawings_beside(path)
    )


def _fill(page: Page, lessons: str, theme: str) -> None:
    styles = re.sub(r"@font-face{[^}]*}", "", STYLE_SHEET.read_text())
    page.set_content(
        f'<!DOCTYPE html><html lang="id" data-theme="{theme}"><title>Gambar</title><style>{styles}</style>'
        f'<div class="wrap"><article class="stack"><div class="prose">{lessons}</div></article></div></html>'
    )


@pytest.mark.parametrize("as_of", DATES)
def test_words_stay_inside_apart_and_large_enough(
    chromium: Browser, folder: CourseFolder, as_of: date
) -> None:
    lessons = _lessons(folder, as_of)
    assert lessons.count("<svg") >= len(folder.drawings) - 3
    with context(chromium) as profile:
        page = profile.new_page()
        _fill(page, lessons, "light")
        for width, least in ((320, 0), (360, MIN_PIXELS), (1280, MIN_PIXELS)):
            page.set_viewport_size({"width": width, "height": 740})
            assert page.evaluate(FAULTS, least) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_drawings_keep_nobody_out(chromium: Browser, folder: CourseFolder, theme: str) -> None:
    with context(chromium) as profile:
        page = profile.new_page()
        _fill(page, _lessons(folder, DATES[1]), theme)
        found = Axe().run(page, context=".drawing", options={"runOnly": {"type": "tag", "values": TAGS}})

        assert found.violations_count == 0, found.generate_report()


def test_paper_is_white_whatever_the_screen(chromium: Browser, folder: CourseFolder) -> None:
    with context(chromium) as profile:
        page = profile.new_page()
        _fill(page, _lessons(folder, DATES[1]), "dark")
        colour = "getComputedStyle(document.querySelector('.drawing text:not([class])')).fill"

        assert page.evaluate(colour) == "rgb(232, 235, 248)"
        page.emulate_media(media="print")
        assert page.evaluate(colour) == "rgb(0, 0, 0)"
