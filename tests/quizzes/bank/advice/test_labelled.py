"""The labelled questions are in order: whatever is measured on them can be trusted to be what it says."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from courses.facts.book import load_book
from quizzes.bank.resolving import resolve, source_faults

FOLDER = Path(__file__).parent / "labelled"
HALVES = {
    "tuning": ("tuning", "tuning_2", "tuning_3", "tuning_4", "tuning_5"),
    "held_back": ("held_back_3",),
}
"""What may be looked at and what not: each file is one bank, written by one person."""
FILES = [name for names in HALVES.values() for name in names]
OF_QUESTIONS = {
    "negative_stem",
    "all_or_none",
    "key_longest",
    "unequal_options",
    "overlapping_options",
    "grammar_clue",
    "absolute_words",
    "two_ideas",
    "no_feedback",
    "no_citation",
    "hard_to_read",
    "unknown_abbreviation",
    "typed_number",
    "gives_away_another",
    "near_twin",
}
BESIDES = {
    "weak_distractor",
    "loose_answer",
    "mixed_matching",
    "matching_no_spare",
    "no_unit",
    "opinion",
    "vague_word",
    "irrelevant_text",
    "unfocused_stem",
    "repeated_words",
    "unordered_numbers",
}
"""Faults the second person named of which no rule of ours speaks."""
BETWEEN_QUESTIONS = {"gives_away_another", "near_twin"}
ABOUT_THE_QUESTION = {"id", "type", "use", "level", "read", "objective", "difficulty"}
BRACES = re.compile(r"\{fakta:([^}|@]+)")


@cache
def labelled(name: str) -> dict[str, Any]:
    """Return a file of labelled questions as it was written."""
    content: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return content


def leaves(node: Any) -> Iterator[Any]:
    """Yield everything in a question that is neither a list nor a mapping."""
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from leaves(child)
    else:
        yield node


def entries_of(half: str) -> list[dict[str, Any]]:
    """Return the labelled questions of all files of a half."""
    return [entry for name in HALVES[half] for entry in labelled(name)["questions"]]


def is_sound(entry: dict[str, Any]) -> bool:
    """Tell whether nobody found any fault in a question, not even one no rule speaks of."""
    return not entry["faults"] and not entry.get("besides")


def stems_of(half: str) -> set[str]:
    """Return the stems of a half, without regard to capitals."""
    return {entry["question"]["stem"].casefold() for entry in entries_of(half)}


def fact_keys(question: dict[str, Any]) -> set[str]:
    """Return every fact a question names, in its texts and in what is reckoned as its answer."""
    keys = {key for text in leaves(question) if isinstance(text, str) for key in BRACES.findall(text)}
    return keys | set(answer_facts(question.get("answer"))) | set(answer_facts(question.get("gaps")))


def answer_facts(node: Any) -> Iterator[str]:
    """Yield the keys of facts in an answer of a number question, or in those of gaps."""
    if isinstance(node, list):
        for child in node:
            yield from answer_facts(child)
    elif isinstance(node, dict):
        if "fact" in node:
            yield node["fact"]
        yield from (
            part for part in node.get("product", ()) if isinstance(part, str) and not part[0].isdigit()
        )
        yield from answer_facts([node.get("sum"), node.get("answer")])


def right_options(options: list[dict[str, Any]]) -> list[int]:
    """Return the places of the right options, from 1."""
    return [place for place, option in enumerate(options, 1) if option.get("correct")]


def has_right_answer(entry: dict[str, Any]) -> bool:
    """Tell whether a question has the answer its type needs, but for what its labels say is missing."""
    question = entry["question"]
    match question["type"]:
        case "single_choice":
            return len(right_options(question["options"])) == 1 and len(question["options"]) >= 3
        case "multiple_response":
            most = len(question["options"]) - ("all_or_none" not in entry["faults"])
            return 1 < len(right_options(question["options"])) <= most
        case "true_false":
            return isinstance(question["answer"], bool)
        case "number" | "calculated":
            return bool(question["answer"]) and ("unit" in question) != (
                "no_unit" in entry.get("besides", ())
            )
        case "short_answer":
            return "share" not in question["answers"][0]
        case "matching":
            return len(question["pairs"]) >= 2 and all(pair["match"] for pair in question["pairs"])
        case "ordering":
            return len(question["items"]) >= 3
        case "cloze":
            return all(has_right_gap(gap) for gap in question["gaps"])
        case "essay":
            return len(question["rubric"]) >= 1
    return False


def has_right_gap(gap: dict[str, Any]) -> bool:
    """Tell whether a gap of a cloze has one right answer."""
    if gap["kind"] == "choice":
        return len(right_options(gap["options"])) == 1
    return bool(gap.get("answer") or gap.get("answers"))


@pytest.mark.parametrize("half", HALVES)
def test_there_are_enough_questions_good_and_bad_and_of_many_types(half: str) -> None:
    entries = entries_of(half)

    good = [entry for entry in entries if is_sound(entry)]
    bad = [entry for entry in entries if entry["faults"]]
    types = {entry["question"]["type"] for entry in entries}

    assert len(entries) >= 90
    assert 0.4 <= len(good) / len(good + bad) <= 0.6
    assert types >= {"single_choice", "multiple_response", "true_false", "number"}


def test_no_id_stands_twice_in_all_files_together() -> None:
    entries = [entry for name in FILES for entry in labelled(name)["questions"] + labelled(name)["quizzes"]]

    assert [id_ for id_, count in Counter(entry["id"] for entry in entries).items() if count > 1] == []


def test_no_stem_is_in_two_halves() -> None:
    for first, second in combinations(HALVES, 2):
        shared = stems_of(first) & stems_of(second)

        assert {stem for stem in shared if not stem.startswith("lengkapi kalimat")} == set()


@pytest.mark.parametrize("name", FILES)
def test_entries_have_known_fields_and_the_question_has_their_id(name: str) -> None:
    for entry in labelled(name)["questions"]:
        assert set(entry) <= {"id", "faults", "besides", "with", "note", "question"}, entry["id"]
        assert set(entry.get("besides", ())) <= BESIDES, entry["id"]
        assert entry["question"]["id"] == entry["id"]


@pytest.mark.parametrize("half", HALVES)
def test_every_label_is_known_and_each_is_planted(half: str) -> None:
    entries = entries_of(half)
    counts = Counter(fault for entry in entries for fault in entry["faults"])

    assert set(counts) == OF_QUESTIONS
    assert [entry["id"] for entry in entries if len(set(entry["faults"])) != len(entry["faults"])] == []


@pytest.mark.parametrize("name", FILES)
def test_faults_between_questions_name_the_others_of_the_same_file(name: str) -> None:
    entries = {entry["id"]: entry for entry in labelled(name)["questions"]}

    for id_, entry in entries.items():
        others = entry.get("with", {})
        assert set(others) == BETWEEN_QUESTIONS & set(entry["faults"]), id_
        assert all(other in entries and other != id_ for ids in others.values() for other in ids), id_
        for other in others.get("near_twin", ()):
            assert id_ in entries[other]["with"]["near_twin"]


@pytest.mark.parametrize("name", FILES)
def test_every_question_has_a_right_answer(name: str) -> None:
    wrong = [entry["id"] for entry in labelled(name)["questions"] if not has_right_answer(entry)]

    assert wrong == []


@pytest.mark.parametrize("name", FILES)
def test_every_question_is_one_a_course_could_hold_at_the_law_date(name: str) -> None:
    book = load_book()

    for entry in labelled(name)["questions"]:
        kind = entry["question"]["type"]
        source = {field: entry["question"][field] for field in entry["question"].keys() - ABOUT_THE_QUESTION}
        assert source_faults(source, kind=kind) == [], entry["id"]
        resolve(source, kind=kind, book=book, as_of=book.as_of)  # raises where a fact or an answer is wrong


@pytest.mark.parametrize("half", HALVES)
def test_every_fact_is_in_force_and_none_is_from_memory(half: str) -> None:
    book = load_book()

    keys = {key for entry in entries_of(half) for key in fact_keys(entry["question"])}
    facts = [book.get(key, book.as_of) for key in sorted(keys)]

    assert len(facts) >= 20
    assert [fact.key for fact in facts if fact.confidence == "memory"] == []


@pytest.mark.parametrize("half", HALVES)
def test_every_citation_is_of_a_law_the_facts_know(half: str) -> None:
    book = load_book()
    references = {ref for entry in entries_of(half) for ref in entry["question"].get("cite", ())}

    labels = {book.citation(ref).label for ref in references - {"pelatihan"}}

    assert len(labels) >= 30


@pytest.mark.parametrize("name", FILES)
def test_missing_feedback_and_citation_are_labelled_exactly_where_they_are_missing(
    name: str,
) -> None:
    for entry in labelled(name)["questions"]:
        question = entry["question"]
        reasons = "why" in question or "why" in str(question.get("options", ""))
        has_reason = "explanation" in question or reasons
        assert ("no_citation" in entry["faults"]) == (not question.get("cite")), entry["id"]
        assert ("no_feedback" in entry["faults"]) == (not has_reason), entry["id"]


@pytest.mark.parametrize("name", ["tuning", "tuning_3"])
def test_quizzes_say_where_their_keys_stand_and_half_of_them_are_bad(name: str) -> None:
    questions = {entry["id"]: entry["question"] for entry in labelled(name)["questions"]}
    quizzes = labelled(name)["quizzes"]

    for quiz in quizzes:
        assert quiz["keys"] == [right_options(questions[id_]["options"])[0] for id_ in quiz["questions"]]
        assert len(set(quiz["questions"])) == len(quiz["questions"])

    assert sorted(quiz["faults"] for quiz in quizzes) == [[]] * 3 + [["key_position"]] * 3
