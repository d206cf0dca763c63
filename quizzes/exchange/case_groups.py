"""Texts without a question in files of Moodle: the story of a case where we wrote one, else left out.

Moodle has no cases. We write one as a description and its questions, which all have the same tag ``kasus:1``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from flask_babel import lazy_gettext as _l

from quizzes.exchange.checking import checked
from quizzes.exchange.contract import Read, ReadQuestion, Text, Unreadable
from quizzes.exchange.markup import BREAK, from_plain, to_plain

CASE_TAG = "kasus:"
"""Begins the tag of a story and its questions; a number follows."""
_SHOWN = 80


@dataclass(frozen=True)
class Member:
    """A part of a file: what was read, or the text of a description; neither: nothing.

    ``case`` is the tag of the case it belongs to; title, line, topic and files are those of a description.
    """

    read: Read | None = None
    text: str = ""
    title: str = ""
    case: str = ""
    line: int = 0
    topic: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)


def gathered(members: Iterable[Member]) -> Iterator[Read]:
    """Yield what is in a file, with cases put together again and descriptions told of.

    Raises:
        Unreadable: there is no question in it, nor anything meant as one.
    """
    found = _told(_cased(members))
    first = next(found, None)
    if first is None:
        raise Unreadable(_l("There is no question in this file."))
    yield first
    yield from found


def story(markdown: str) -> str:
    """Return lines of inline Markdown as the paragraphs and tables of a story."""
    lines = [line for line in markdown.split(BREAK) if line.strip()]
    blocks: list[str] = []
    for line in lines:
        is_row = " | " in line
        if is_row and blocks and blocks[-1].startswith("| "):
            blocks[-1] += f"\n| {line} |"
        else:
            blocks.append(f"| {line} |" if is_row else line)
    return "\n\n".join(blocks)


def _cased(members: Iterable[Member]) -> Iterator[Member]:
    """Yield cases as one member, all else as it comes."""
    group: list[Member] = []
    for member in members:
        if member.case and group and member.case == group[0].case and member.read is not None:
            group.append(member)
            continue
        yield from _case(group)
        group = [member] if member.case and member.read is None else []
        if not group:
            yield member
    yield from _case(group)


def _case(group: list[Member]) -> Iterator[Member]:
    """Yield a story and its questions as one question; as they are where one of them cannot be read."""
    parts = [member.read for member in group[1:]]
    questions = [part for part in parts if isinstance(part, ReadQuestion)]
    if not questions or len(questions) < len(parts):
        yield from group
        return
    first = group[0]
    source = {
        "stem": from_plain(first.title or to_plain(first.text)[:_SHOWN]),
        "text": story(first.text),
        "parts": [{"type": one.kind} | one.source for one in questions],
    }
    said = {name: tuple(dict.fromkeys(t for one in questions for t in getattr(one, name))) for name in _SAID}
    files = dict(first.files) | {name: body for one in questions for name, body in one.files.items()}
    question = ReadQuestion(
        "case_set",
        source,
        first.line,
        first.text,
        name=first.title,
        topic=first.topic,
        tags=questions[0].tags,
        guesses=said["guesses"],
        losses=said["losses"],
        files=files,
    )
    yield Member(checked(question))


_SAID = ("guesses", "losses")


def _told(members: Iterable[Member]) -> Iterator[Read]:
    """Yield what was read; the question after a description that is left out says so, else the one before."""
    held: list[Read] = []
    lost: list[Text] = []
    for member in members:
        if member.read is None:
            lost += [_left_out(member)] if member.text or member.title else []
        elif isinstance(member.read, ReadQuestion):
            yield from held
            held, lost = [_with_losses(member.read, lost)], []
        else:
            held.append(member.read)
    if lost and held and isinstance(held[0], ReadQuestion):
        held[0] = _with_losses(held[0], lost)
    yield from held


def _with_losses(question: ReadQuestion, lost: list[Text]) -> ReadQuestion:
    return replace(question, losses=(*question.losses, *lost)) if lost else question


def _left_out(member: Member) -> Text:
    words = " ".join(re.sub(r"\s+", " ", to_plain(member.text) or member.title).split())[:_SHOWN]
    return _l(
        "A text without a question is left out: “%(text)s”. Put it into a case or a lesson.", text=words
    )
