"""Days, modules and steps are moved, renamed, added and removed; the course file keeps its form."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.catalogue.disk import collect_files
from courses.catalogue.drafts import structure
from courses.catalogue.drafts.reading import read_tree
from courses.catalogue.folder import read_files
from lms.core.errors import Invalid
from tests.courses.catalogue.folders import COURSE, sample

SHIPPED = Path(__file__).parents[4] / "courses" / "curriculum" / "kader-penggerak"


def changed(files: dict[str, bytes], changes: structure.Changes) -> dict[str, bytes]:
    after: dict[str, bytes | None] = {**files, **changes}
    return {path: body for path, body in after.items() if body is not None}


def differing(before: bytes, after: bytes) -> tuple[list[bytes], list[bytes]]:
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


@pytest.mark.usefixtures("app")
class TestOfTheSample:
    def test_a_step_goes_down_and_up_again_byte_for_byte(self) -> None:
        files = sample(
            **{"course.yaml": COURSE.replace("- {quiz: kuis", "# Kuisnya\n          - {quiz: kuis")}
        )

        down = changed(files, structure.move(files, (0, 0, 0), 1))
        up = changed(down, structure.move(down, (0, 0, 1), 0))

        assert [step.kind for step in (read_tree(down) or ())[0].modules[0].steps] == ["quiz", "lesson"]
        assert b"# Kuisnya\n          - {quiz: kuis" in down["course.yaml"]
        assert up == files

    def test_a_module_is_renamed_and_no_other_line_changes(self) -> None:
        files = sample()

        after = changed(files, structure.rename(files, (0, 0), 'UU 40/2004: "jaminan"'))

        assert differing(files["course.yaml"], after["course.yaml"]) == (
            [b"        title: Jaminan Kematian"],
            [b'        title: "UU 40/2004: \\"jaminan\\""'],
        )

    def test_a_step_is_renamed_in_its_own_file(self) -> None:
        files = sample()

        after = changed(files, structure.rename(files, (0, 0, 0), "Santunan"))

        assert differing(files["day-1/01-jkm/materi.md"], after["day-1/01-jkm/materi.md"]) == (
            [b"title: Jaminan Kematian"],
            [b"title: Santunan"],
        )
        assert after["course.yaml"] == files["course.yaml"]

    def test_what_is_added_is_a_course_that_can_be_read_and_what_is_removed_leaves_no_file(self) -> None:
        files = sample()
        more = changed(files, structure.add_step(files, (0, 0), kind="lesson", title="Ahli waris & anak"))
        more = changed(more, structure.add_step(more, (0, 0), kind="lesson", title="Ahli waris & anak"))
        more = changed(
            more, structure.add_step(more, (0, 0), kind="quiz", title="Kuis lagi", topic="jkm", count=1)
        )
        more = changed(
            more, structure.add_module(more, 0, title="Klaim: syarat", kind="external", minutes=45)
        )
        more = changed(more, structure.add_day(more, title="Hari ketiga", module_title="Latihan"))

        folder = read_files(more)
        assert [step.path for step in folder.steps()] == [
            "day-1/01-jkm/materi", "day-1/01-jkm/kuis", "day-1/01-jkm/ahli-waris-anak",
            "day-1/01-jkm/ahli-waris-anak-2", "day-1/01-jkm/kuis-lagi", "day-1/02-klaim-syarat/materi",
            "day-2/01-penutup/pascauji", "day-3/01-latihan/materi",
        ]  # fmt: skip

        less = changed(more, structure.remove(more, (2,)))
        less = changed(less, structure.remove(less, (0, 1)))
        for place in (4, 3, 2):
            less = changed(less, structure.remove(less, (0, 0, place)))
        assert less == files

    def test_a_day_moves_with_its_folders_and_what_waits_for_it_follows(self) -> None:
        alone = COURSE.replace(
            "{day_begun: 2}, {minimum_percent: 60, quiz: day-1/01-jkm/kuis}", "{day_begun: 2}"
        )
        files = sample(**{"course.yaml": alone})

        moved = changed(files, structure.move(files, (1,), 0))

        days = read_files(moved).days
        assert [module.folder for day in days for module in day.modules] == [
            "day-2/01-penutup",
            "day-1/01-jkm",
        ]
        assert days[0].modules[0].steps[0].release == ({"day_begun": 1},)
        assert [day.number for day in read_tree(moved) or ()] == [2, 1]
        assert changed(moved, structure.move(moved, (0,), 1)) == files
        more = changed(moved, structure.add_module(moved, 0, title="Lagi", kind="internal", minutes=5))
        assert read_files(more).days[0].modules[1].folder == "day-2/02-lagi"
        less = changed(moved, structure.remove(moved, (0,)))
        assert [module.folder for day in read_tree(less) or () for module in day.modules] == ["day-1/01-jkm"]
        with pytest.raises(Invalid):
            structure.remove(moved, (1,))

    def test_what_cannot_be_is_refused(self) -> None:
        files = sample()
        flow = {**files, "course.yaml": b"days: [{title: A, modules: [{folder: day-1/01-a, steps: []}]}]\n"}

        for refused in (
            lambda: structure.move(files, (0, 0, 1), 2),
            lambda: structure.move(files, (0,), 2),
            lambda: structure.remove(files, (0, 0)),
            lambda: structure.remove(files, (0,)),
            lambda: structure.rename(files, (0, 5), "X"),
            lambda: structure.rename(files, (0, 0), "  "),
            lambda: structure.add_step(files, (0, 0), kind="quiz", title="Kuis", topic="tidak-ada"),
            lambda: structure.move(flow, (0, 0), 0),
        ):
            with pytest.raises(Invalid):
                refused()


@pytest.mark.usefixtures("app")
def test_every_step_of_the_shipped_course_can_be_moved_and_back() -> None:
    files = collect_files(SHIPPED)
    for day in read_tree(files) or ():
        for module in day.modules:
            place = (day.place, module.place)
            if len(module.steps) > 1:
                there = changed(files, structure.move(files, (*place, 0), len(module.steps) - 1))
                assert there != files
                assert changed(there, structure.move(there, (*place, len(module.steps) - 1), 0)) == files
    down = changed(files, structure.move(files, (0, 0), 1))
    assert changed(down, structure.move(down, (0, 1), 0)) == files
