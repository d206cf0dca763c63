"""What a folder would change: by lesson, quiz and question."""

from __future__ import annotations

from courses.catalogue.changes import compare_folders
from courses.catalogue.folder import read_files
from tests.courses.catalogue.folders import LESSON, QUESTIONS, sample


def test_the_same_folder_changes_nothing() -> None:
    assert compare_folders(read_files(sample()), read_files(sample())) == []


def test_comments_and_layout_of_a_file_are_no_change() -> None:
    new = sample(**{"questions/jkm.yaml": f"# remark\n{QUESTIONS}"})

    assert compare_folders(read_files(new), read_files(sample())) == []


def test_what_is_new_different_and_gone_is_told_by_kind() -> None:
    questions = QUESTIONS.replace("jkm-01", "jkm-03").replace("Ada santunan?", "Adakah santunan?")
    new = sample(
        **{
            "questions/jkm.yaml": questions,
            "day-1/01-jkm/materi.md": f"{LESSON}\nLagi.\n",
            "day-1/01-jkm/kuis.yaml": sample()["day-1/01-jkm/kuis.yaml"].decode().replace("jkm-01", "jkm-03"),
            "day-2/01-penutup/pascauji.yaml": sample()["day-2/01-penutup/pascauji.yaml"]
            .decode()
            .replace("jkm-01", "jkm-03"),
        }
    )

    found = {change.kind: change for change in compare_folders(read_files(new), read_files(sample()))}

    assert set(found) == {"lesson", "quiz", "question"}
    assert found["lesson"].changed == ("day-1/01-jkm/materi",)
    question = found["question"]
    assert (question.added, question.changed, question.removed) == (("jkm-03",), ("jkm-02",), ("jkm-01",))


def test_everything_is_new_in_a_first_edition() -> None:
    found = {change.kind: change.added for change in compare_folders(read_files(sample()), None)}

    assert found["question"] == ("jkm-01", "jkm-02")
    assert set(found) == {"module", "lesson", "quiz", "question"}
