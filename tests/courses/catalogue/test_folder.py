"""A course folder is read strictly, and every fault has file and line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from courses.catalogue.disk import MAX_FILE_BYTES
from courses.catalogue.folder import list_numbers, read_files, read_folder
from courses.catalogue.sources import FolderFaults
from tests.courses.catalogue.folders import COURSE, LESSON, QUESTIONS, QUIZ, sample, write

MODULE = "      - folder: day-1/01-jkm\n"


def faults(**changes: str) -> list[str]:
    with pytest.raises(FolderFaults) as refused:
        read_files(sample(**changes))
    return [str(fault) for fault in refused.value.faults]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_a_folder_is_read_whole(tmp_path: Path) -> None:
    folder = read_folder(write(tmp_path, sample()))

    assert (folder.slug, folder.minutes, folder.hours, len(folder.days)) == ("contoh", 90, 2, 2)
    assert [step.path for step in folder.steps()] == [
        "day-1/01-jkm/materi",
        "day-1/01-jkm/kuis",
        "day-2/01-penutup/pascauji",
    ]
    assert folder.lessons["day-1/01-jkm/materi"].title == "Jaminan Kematian"
    assert folder.quizzes["day-1/01-jkm/kuis"].question_count == 1
    assert (folder.questions["jkm-02"].file, folder.questions["jkm-02"].line) == ("questions/jkm.yaml", 7)
    assert dict(folder.files) == sample()


def test_lines_of_a_lesson_are_the_lines_of_its_file() -> None:
    lesson = read_files(sample()).lessons["day-1/01-jkm/materi"]

    assert lesson.text.splitlines()[4:] == LESSON.splitlines()[4:]
    assert lesson.markdown.startswith("Santunan")


def test_files_of_windows_are_read_and_kept_as_they_are() -> None:
    files = sample() | {"day-1/01-jkm/materi.md": LESSON.replace("\n", "\r\n").encode()}

    folder = read_files(files)

    assert "\r" not in folder.lessons["day-1/01-jkm/materi"].text
    assert folder.files["day-1/01-jkm/materi.md"] == files["day-1/01-jkm/materi.md"]


def test_a_folder_is_told_by_names_and_contents() -> None:
    first = read_files(sample()).sha256

    assert first == read_files(dict(reversed(sample().items()))).sha256
    assert first != read_files(sample(**{"course.yaml": COURSE + "\n"})).sha256


@pytest.mark.parametrize(
    ("old", "new", "at", "words"),
    [
        ("schema: 1", "schema: 2", "schema", "schema 1"),
        ("slug: contoh", "slug: Contoh Saya", "slug", "slug"),
        ("summary: Dua hari.", "hours: 16", "hours", "Unknown field “hours”"),
        ("minutes: 60", "minutes: enam", "minutes: enam", "whole number"),
        ("summary: Dua hari.", "colour: merah", "colour", "Unknown field “colour”"),
        ("title: Pelatihan contoh", 'title: ""', "title", "must be text"),
        ("title_en: Sample training\n", "", "schema", "“title_en” is missing"),
        ("kind: internal", "kind: inside", "kind: inside", "internal, external, procedure"),
        ("minutes: 60", "minutes: -1", "minutes: -1", "whole number"),
        ("day-1/01-jkm\n", "day-2/01-jkm\n", "day-2/01-jkm\n", "day-1/01-name"),
        ("day-1/01-jkm\n", "../../etc\n", "../../etc", "day-1/01-name"),
        ("day-1/01-jkm\n", "/etc\n", "/etc", "day-1/01-name"),
        ("{lesson: materi}", "{lesson: tidak-ada}", "{lesson", "no file day-1/01-jkm/tidak-ada.md"),
        ("{lesson: materi}", "{lesson: ../materi}", "{lesson", "small letters"),
        ("{lesson: materi}", "{lesson: materi, quiz: kuis}", "{lesson", "either a lesson or a quiz"),
        ("{lesson: materi}", "{lesson: materi, optional: true}", "{lesson", "Unknown field “optional”"),
        ("{lesson: materi}", "materi", "- materi", "must have fields"),
        (
            "{lesson: materi}",
            "{lesson: materi, release: [{after: previous}]}",
            "{lesson",
            "before the first step",
        ),
        (
            "{quiz: kuis, release: [{after: previous}]}",
            "{quiz: none}",
            "{quiz: none",
            "no file day-1/01-jkm/none.yaml",
        ),
        ("after: previous", "after: day-1/01-jkm/x", "{quiz: kuis", "no step"),
        ("after: previous", "after: day-2/01-penutup/pascauji", "{quiz: kuis", "nobody could go on"),
        ("after: previous", "after: day-1/01-jkm/kuis", "{quiz: kuis", "nobody could go on"),
        ("after: previous", "before: previous", "{quiz: kuis", "one of: after"),
        ("after: previous", "after: previous, day_begun: 1", "{quiz: kuis", "Unknown field “day_begun”"),
        ("day_begun: 2", "day_begun: 3", "{quiz: pascauji", "no day 3"),
        ("day_begun: 2", "day_begun: 0", "{quiz: pascauji", "no day 0"),
        ("minimum_percent: 60", "minimum_percent: 101", "{quiz: pascauji", "100 percent"),
        (
            "minimum_percent: 60, quiz: day-1/01-jkm/kuis",
            "minimum_percent: 60",
            "{quiz: pascauji",
            "“quiz” is missing",
        ),
        ("quiz: day-1/01-jkm/kuis}", "quiz: day-1/01-jkm/materi}", "{quiz: pascauji", "not a quiz"),
        (
            "kind: quiz_passed, quiz: day-2/01-penutup/pascauji",
            "kind: quiz_passed, quiz: x",
            "{kind: quiz",
            "no step",
        ),
        ("days:", "certificate: 36\ndays:", "certificate:", "must have fields"),
        ("days:", "certificate: {valid_months: 0}\ndays:", "certificate:", "1 to 600"),
        ("days:", "certificate: {valid_months: x}\ndays:", "certificate:", "whole number"),
        ("days:", "certificate: {colour: x}\ndays:", "certificate:", "Unknown field “colour”"),
        ("{kind: all_steps}", "{kind: luck}", "{kind: luck", "all_steps, quiz_passed"),
        ("{kind: all_steps}", "{kind: all_steps, quiz: x}", "{kind: all_steps", "Unknown field “quiz”"),
    ],
)
def test_a_fault_in_the_course_has_its_line(old: str, new: str, at: str, words: str) -> None:
    text = COURSE.replace(old, new, 1)
    assert text != COURSE

    found = faults(**{"course.yaml": text})

    assert any(one.startswith(f"course.yaml:{line_of(text, at)}: ") and words in one for one in found), found


def test_certificates_last_as_long_as_the_course_says() -> None:
    text = COURSE.replace("days:", "certificate: {valid_months: 36}\ndays:", 1)

    assert read_files(sample()).valid_months is None
    assert read_files(sample(**{"course.yaml": text})).valid_months == 36


def test_a_step_is_named_once() -> None:
    text = COURSE.replace("- {lesson: materi}", "- {lesson: materi}\n          - {lesson: materi}")

    assert faults(**{"course.yaml": text}) == ["course.yaml:19: “day-1/01-jkm/materi” is a step already."]


def test_a_quiz_nobody_can_pass_is_no_requirement() -> None:
    found = faults(**{"day-2/01-penutup/pascauji.yaml": QUIZ.replace("pass_percent: 60\n", "")})

    assert found == ["course.yaml:8: “day-2/01-penutup/pascauji” has no pass_percent, so nobody can pass it."]


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        (
            "day-1/01-jkm/kuis.yaml",
            QUIZ.replace("60", "101"),
            "day-1/01-jkm/kuis.yaml:3: Nobody can reach more",
        ),
        (
            "day-1/01-jkm/kuis.yaml",
            QUIZ + "colour: red\n",
            "day-1/01-jkm/kuis.yaml:6: Unknown field “colour”. There are: attempts, ",
        ),
        (
            "day-1/01-jkm/kuis.yaml",
            QUIZ.replace("module", "fun"),
            "day-1/01-jkm/kuis.yaml:2: A quiz is one of",
        ),
        ("day-1/01-jkm/kuis.yaml", "- a\n", "day-1/01-jkm/kuis.yaml:1: The file must hold fields."),
        ("day-1/01-jkm/materi.md", "Tanpa judul\n", "day-1/01-jkm/materi.md:1: A lesson begins with"),
        (
            "day-1/01-jkm/materi.md",
            LESSON.replace("minutes: 9", "minuts: 9"),
            "materi.md:3: Unknown field “minuts”. Do you mean “minutes”?",
        ),
        (
            "day-1/01-jkm/materi.md",
            LESSON.replace("minutes: 9", "minutes: x"),
            "materi.md:3: minutes: this must be",
        ),
        ("day-1/01-jkm/materi.md", "---\ntitle: A\nminutes: 1\n---\n\n", "materi.md:5: The lesson is empty."),
        (
            "day-1/01-jkm/materi.md",
            "---\ntitle: [\n---\nx\n",
            "day-1/01-jkm/materi.md:3: This is not readable",
        ),
        (
            "questions/jkm.yaml",
            QUESTIONS.replace("jkm-02", "jkm-01"),
            "questions/jkm.yaml:7: “jkm-01” is written twice.",
        ),
        (
            "questions/jkm.yaml",
            QUESTIONS.replace("jkm-02", "jht-01"),
            "questions/jkm.yaml:7: The id of a question here",
        ),
        ("questions/jkm.yaml", "a: 1\n", "questions/jkm.yaml:1: This must be a list."),
        ("questions/jkm.txt", "x", "questions/jkm.txt:0: Questions are in files like"),
        ("day-1/01-jkm/lama.md", "x", "day-1/01-jkm/lama.md:0: No step uses this file: name it"),
        ("catatan.txt", "x", "catatan.txt:0: No step uses this file: name it"),
    ],
)
def test_a_fault_in_a_file_has_its_line(file: str, text: str, expected: str) -> None:
    found = faults(**{file: text})

    assert any(expected in one for one in found), found


def test_a_file_that_is_no_yaml_has_one_fault() -> None:
    found = faults(**{"day-1/01-jkm/kuis.yaml": "title: A\nslots:\n  - {question: jkm-01\n"})

    (one,) = [fault for fault in found if fault.startswith("day-1/01-jkm/kuis.yaml")]
    assert one.startswith("day-1/01-jkm/kuis.yaml:4: This is not readable YAML")


def test_every_file_that_nothing_names_is_told_at_once() -> None:
    found = faults(**{"catatan.txt": "x", "day-1/01-jkm/lama.md": "x"})

    assert [one.split(":")[0] for one in found] == ["catatan.txt", "day-1/01-jkm/lama.md"]


def test_a_drawing_nothing_shows_is_told_how_to_be_shown() -> None:
    found = faults(**{"day-1/01-jkm/gambar/alur.svg": "<svg/>"})

    assert any(
        "alur.svg:0: No lesson shows this drawing: write ![…](gambar/alur.svg)" in one for one in found
    )


def test_what_is_not_text_is_refused_with_its_line() -> None:
    with pytest.raises(FolderFaults, match=r"materi\.md:2: This is not UTF-8"):
        read_files(sample() | {"day-1/01-jkm/materi.md": b"---\n\xff\n"})
    with pytest.raises(FolderFaults, match=r"course\.yaml:1: .*byte order mark"):
        read_files(sample() | {"course.yaml": b"\xef\xbb\xbf" + COURSE.encode()})


def test_an_empty_or_missing_course_file_is_refused() -> None:
    assert faults(**{"course.yaml": ""}) == ["course.yaml:1: The file must hold fields."]
    with pytest.raises(FolderFaults, match=r"course\.yaml:0"):
        read_files({})


def test_all_faults_are_named_at_once() -> None:
    found = faults(
        **{"course.yaml": COURSE.replace("minutes: 60", "minutes: x").replace("day_begun: 2", "day_begun: 9")}
    )

    assert len(found) == 2


@pytest.mark.parametrize(
    "name", ["../x.md", "/etc/passwd", "a/../../x.md", ".git", "A.md", "a b.md", "a\\b.md", "é.md"]
)
def test_a_name_that_could_lead_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(FolderFaults, match="Names are small letters"):
        read_files(sample() | {name: b"x"})


def test_links_are_not_followed(tmp_path: Path) -> None:
    folder = write(tmp_path / "course", sample())
    secret = tmp_path / "secret.md"
    secret.write_text("rahasia")
    (folder / "day-1" / "01-jkm" / "lain.md").symlink_to(secret)
    (folder / "day-9").symlink_to(tmp_path)

    with pytest.raises(FolderFaults) as refused:
        read_folder(folder)

    assert [str(one) for one in refused.value.faults] == [
        "day-1/01-jkm/lain.md:0: Links to other files are not allowed.",
        "day-9:0: Links to other files are not allowed.",
    ]


def test_pipes_are_not_opened(tmp_path: Path) -> None:
    folder = write(tmp_path, sample())
    os.mkfifo(folder / "pipa.md")

    with pytest.raises(FolderFaults, match=r"pipa\.md:0"):
        read_folder(folder)


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    folder = write(tmp_path, sample())
    with (folder / "besar.md").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)

    with pytest.raises(FolderFaults, match=r"besar\.md:0: This file is larger than 2 MB\."):
        read_folder(folder)


def test_hidden_files_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, sample() | {".DS_Store": b"x"})

    with pytest.raises(FolderFaults, match=r"\.DS_Store:0"):
        read_folder(folder)


def test_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FolderFaults, match="no such folder"):
        read_folder(tmp_path / "none")


@pytest.mark.parametrize(
    ("claimed", "numbers"),
    [
        ([1, 2, 3], [1, 2, 3]),
        ([3, 1, 2], [3, 1, 2]),
        # One that is wrong is told by its place, as before days could be moved.
        ([2, 2], [1, 2]),
        ([1, 1], [1, 2]),
        ([9, 2], [1, 2]),
        ([None, 1, 1], [2, 1, 3]),
        ([], []),
    ],
)
def test_each_day_has_a_number_of_its_own(claimed: list[int | None], numbers: list[int]) -> None:
    assert list_numbers(claimed) == numbers
