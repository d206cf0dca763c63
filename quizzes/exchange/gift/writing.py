"""GIFT out: what Moodle reads again with the same marks; what it cannot hold is said before. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from flask_babel import lazy_gettext as _l

from quizzes.exchange.case_groups import CASE_TAG
from quizzes.exchange.contract import GivenQuestion, Text, Writer
from quizzes.exchange.gift.grammar import escape
from quizzes.exchange.markup import from_plain, list_pictures, to_html, to_plain
from quizzes.exchange.moodle.losses import common_losses, part_question, texts_of
from quizzes.exchange.moodle.marks import nearest_grade, shares_of, write_percent
from quizzes.exchange.moodle.numbers import ask_unit, numbers_of, write_plain_number
from quizzes.exchange.moodle.orders import GRADINGS
from quizzes.exchange.moodle.story import story_html_of
from quizzes.exchange.moodle.topics import write_topic
from quizzes.exchange.moodle.words import write_forms
from quizzes.types.base import Json

_NOT_HELD = {
    "calculated": _l("GIFT has no questions whose numbers differ from paper to paper: it is left out."),
    "cloze": _l("GIFT has no texts with several gaps: it is left out."),
    "hotspot": _l("GIFT has no places on a picture: it is left out."),
}


class GiftWriter(Writer):
    """A text file of questions, one line each part."""

    key = "gift"
    ending = ".gift"
    media_type = "text/plain; charset=utf-8"

    @property
    def label(self) -> str:
        """Name shown to people."""
        return "GIFT (Moodle)"

    def holds(self, question: GivenQuestion) -> bool:
        """Say whether GIFT has such questions; of a case all its parts."""
        if question.kind == "case_set":
            parts = [part_question(question, part) for part in question.source.get("parts") or []]
            return bool(parts) and all(part is not None and self.holds(part) for part in parts)
        return question.kind not in _NOT_HELD

    def losses(self, question: GivenQuestion) -> list[Text]:
        """Return what GIFT cannot hold of a question."""
        if not self.holds(question):
            return [
                _NOT_HELD.get(question.kind, _l("GIFT has no place for a part of this case: it is left out."))
            ]
        return list(dict.fromkeys(_losses(question)))

    def write(self, questions: Sequence[GivenQuestion]) -> bytes:
        """Return the questions with an empty line after each; a subject stands before those it belongs to."""
        written: list[str] = []
        topic = ""
        for number, question in enumerate(questions, 1):
            if not self.holds(question):
                continue
            if question.topic != topic:
                topic = question.topic
                written.append(f"$CATEGORY: {write_topic(topic)}\n")
            written += _blocks(question, number)
        return "\n".join(written).encode()


def _losses(question: GivenQuestion) -> Iterator[Text]:
    yield from common_losses(question)
    if any(list_pictures(text) for text in texts_of(question)):
        yield _l("Pictures are left out: only what they show is said.")
    source = question.source
    if question.kind == "short_answer" and source.get("match_case"):
        yield _l("GIFT cannot say that capital letters matter.")
    if question.kind == "short_answer" and any("->" in str(one["accept"]) for one in source["answers"]):
        yield _l("“->” is written as →, because it has a meaning in GIFT.")
    if question.kind == "essay":
        yield _l("The rubric and the limits of the essay are left out.")
    if question.kind == "ordering":
        yield _l("Moodle before 4.5 reads questions to order only with an addition of its own.")
    if question.kind == "number" and (source.get("units") or source.get("unit")):
        yield _l("The unit stands in the question; GIFT has no units.")
    if any(option.get("fixed") or option.get("group") for option in source.get("options") or []):
        yield _l("Answers that keep their place or stay together are shuffled.")
    for part in source.get("parts") or [] if question.kind == "case_set" else []:
        given = part_question(question, part)
        yield from _losses(given) if given is not None else ()


def _blocks(question: GivenQuestion, number: int) -> Iterator[str]:
    """Yield a question as blocks of lines; a case as its story and its parts, which share a tag."""
    if question.kind != "case_set":
        yield _block(question, question.tags)
        return
    tags = (f"{CASE_TAG}{number}", *question.tags)
    name = to_plain(str(question.source["stem"]))
    story = story_html_of(str(question.source.get("text") or ""), pictures="")
    yield f"{_tagged(tags)}::{_one_line(name)}::[html]{escape(story)}\n"
    for part in question.source["parts"]:
        given = part_question(question, part)
        if given is not None:
            yield _block(given, tags)


def _block(question: GivenQuestion, tags: Sequence[str]) -> str:
    """Return one question: its tags, its name, how it is written, its words and answers."""
    form, say = _way_of(question)
    stem = ask_unit(str(question.source["stem"]), str(question.source.get("unit") or ""))
    explanation = str(question.source.get("explanation") or "")
    answers = _ANSWERS[question.kind](question.source, say)
    answers += f"\n####{say(explanation)}" if explanation else ""
    answers += "\n" if "\n" in answers else ""
    name = f"::{_one_line(question.name)}::" if question.name.strip() else ""
    return f"{_tagged(tags)}{name}{form}{say(stem)} {{{answers}}}\n"


def _way_of(question: GivenQuestion) -> tuple[str, Callable[[str], str]]:
    """Return the sign of how a question is written, and what writes its texts: HTML where one needs it."""
    if all(_is_bare(text) for text in texts_of(question)):
        return "", lambda text: escape(to_plain(text))
    return "[html]", lambda text: _html(_without_pictures(text))


def _html(text: str) -> str:
    """Return Markdown as HTML; what begins a weight, a form or a comment begins as an entity."""
    html = to_html(text)
    return escape(f"&#{ord(html[0])};{html[1:]}" if html.startswith(("%", "[", "/")) else html)


def _is_bare(text: str) -> bool:
    """Return whether a text is the same to Moodle that reads it as lines of HTML."""
    words = to_plain(text)
    return (
        from_plain(words) == text
        and not words.startswith(("%", "[", "//", "::", "$"))
        and not any(sign in words for sign in ("<", "&", "->", "\\", "\n"))
    )


def _without_pictures(text: str) -> str:
    names = list_pictures(text)
    return from_plain(to_plain(text)) if names else text


def _one_line(text: str) -> str:
    return escape(" ".join(text.split()))


def _tagged(tags: Sequence[str]) -> str:
    said = " ".join(f"[tag:{_in_brackets(tag)}]" for tag in tags)
    return f"// {said}\n" if said else ""


def _in_brackets(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("]", "\\]").replace("[", "\\[")


def _single(source: Json, say: Callable[[str], str]) -> str:
    lines = []
    for option in source["options"]:
        share = Fraction(str(option.get("share", 0)))
        sign = "=" if option.get("correct") else f"~%{write_percent(nearest_grade(share))}%" if share else "~"
        # A second answer that earns everything is right there, too.
        sign = "=" if share == 1 else sign
        lines.append(f"{sign}{say(str(option['text']))}{_said(option, say)}")
    return _lines(lines)


def _several(source: Json, say: Callable[[str], str]) -> str:
    shares = [nearest_grade(share) for share in shares_of(source)]
    return _lines(
        [
            f"~%{write_percent(share)}%{say(str(option['text']))}{_said(option, say)}"
            for option, share in zip(source["options"], shares, strict=True)
        ]
    )


def _true_false(source: Json, say: Callable[[str], str]) -> str:
    why, is_true = source.get("why") or {}, bool(source["answer"])
    own, other = (
        say(str(why.get(side) or "")) for side in (("true", "false") if is_true else ("false", "true"))
    )
    said = f"#{other}" if other or own else ""
    return f"{'TRUE' if is_true else 'FALSE'}{said}{f'#{own}' if own else ''}"


def _number(source: Json, say: Callable[[str], str]) -> str:  # noqa: ARG001
    lines = []
    for one in numbers_of(source):
        weight = "" if one.fraction == 1 else f"%{write_percent(nearest_grade(one.fraction))}%"
        tolerance = f":{write_plain_number(one.tolerance)}" if one.tolerance else ":0"
        lines.append(f"={weight}{write_plain_number(one.value)}{tolerance}")
    return f"#{lines[0][1:]}" if len(lines) == 1 else _lines(["#", *lines])


def _matching(source: Json, say: Callable[[str], str]) -> str:
    pairs = [(say(str(pair["text"])), pair["match"]) for pair in source["pairs"]]
    lone = [("", other["text"]) for other in source.get("distractors") or []]
    return _lines(
        [f"={text} -> {escape(' '.join(to_plain(str(match)).split()))}" for text, match in (*pairs, *lone)]
    )


def _ordering(source: Json, say: Callable[[str], str]) -> str:
    rule = GRADINGS[str(source["scoring"])]
    return f">ALL VERTICAL {rule} SHOW none" + _lines([say(str(item["text"])) for item in source["items"]])


def _words(source: Json, say: Callable[[str], str]) -> str:
    lines = []
    for form in write_forms(source):
        weight = "" if form.fraction == 1 else f"%{write_percent(nearest_grade(form.fraction))}%"
        # A weight that is said keeps words such as %5% from being read as one.
        weight = weight or ("%100%" if form.accept.startswith("%") else "")
        why = f"#{say(form.why)}" if form.why else ""
        lines.append(f"={weight}{escape(form.accept.replace('->', '→'))}{why}")
    return _lines(lines)


def _essay(source: Json, say: Callable[[str], str]) -> str:  # noqa: ARG001
    return ""


_ANSWERS: dict[str, Callable[[Json, Callable[[str], str]], str]] = {
    "single_choice": _single,
    "multiple_response": _several,
    "true_false": _true_false,
    "number": _number,
    "matching": _matching,
    "ordering": _ordering,
    "short_answer": _words,
    "essay": _essay,
}


def _said(part: Json, say: Callable[[str], str]) -> str:
    return f"#{say(str(part['why']))}" if part.get("why") else ""


def _lines(lines: Sequence[str]) -> str:
    return "\n" + "\n".join(lines)
