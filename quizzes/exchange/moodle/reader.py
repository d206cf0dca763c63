"""Moodle XML, read question by question as Moodle 4.5 reads it. Pure."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace

from flask_babel import lazy_gettext as _l

from lms.core.xml_reader import XmlElement, XmlFault, iterate_xml
from quizzes.exchange.case_groups import CASE_TAG, Member, gathered
from quizzes.exchange.checking import checked, limited
from quizzes.exchange.contract import ORIGINAL_LENGTH, Read, Reader, ReadFault, ReadQuestion, Text, Unreadable
from quizzes.exchange.decoding import check_size
from quizzes.exchange.limits import MAX_BYTES
from quizzes.exchange.lines import cut
from quizzes.exchange.moodle.cloze_text import cloze_source
from quizzes.exchange.moodle.kinds import KINDS
from quizzes.exchange.moodle.parts import Part
from quizzes.exchange.moodle.places import read_place_on_picture, read_places_in_text
from quizzes.exchange.moodle.tables import read_calculated, read_calculated_choices
from quizzes.exchange.moodle.text import AUTO, HTML, Notes, Refused, Texts
from quizzes.exchange.moodle.topics import read_topic
from quizzes.types.base import Json

MAX_DEPTH = 12
MAX_ELEMENTS = 3_000_000
"""Enough for as many questions as we read, each with dozens of parts."""
_DECLARATION = re.compile(rb"\A\s*<\?xml[^>]*encoding=[\"']([A-Za-z0-9_.-]{1,40})[\"'][^>]*\?>")
_ROOT = re.compile(rb"<quiz[\s>]")
_SAID_BY_MOODLE = {
    "your answer is correct.", "your answer is partially correct.", "your answer is incorrect.",
    "jawaban anda benar.", "jawaban anda benar sebagian.", "jawaban anda salah.",
    "jawaban anda sebagian benar.", "jawaban anda tidak benar.",
}  # fmt: skip
"""What stands in every new question; nobody wrote it."""
_USUAL_PENALTIES = {"", "0", "0.0", "0.0000000", "0.3333333", "0.33333330", "1", "1.0000000"}


class MoodleXml(Reader):
    """The file Moodle's question bank exports."""

    key = "moodle_xml"
    endings = (".xml",)
    sign = b"</question>"

    @property
    def label(self) -> str:
        """Name shown to people."""
        return "Moodle XML"

    def recognises(self, data: bytes, name: str) -> bool:  # noqa: ARG002
        """Say whether its outermost element is ``quiz``."""
        beginning = data[:4_000].replace(b"\0", b"")
        return b"<question" in data[:20_000].replace(b"\0", b"") and _ROOT.search(beginning) is not None

    def read(self, data: bytes, name: str) -> Iterator[Read]:  # noqa: ARG002
        """Yield the questions of a file; one that breaks off gives what stands before, and a fault.

        Raises:
            Unreadable: it is no Moodle XML, or damaged before its first question.
        """
        check_size(data)
        source, guesses = as_utf8(data)
        yield from limited(gathered(_members(source, guesses)))


def as_utf8(data: bytes) -> tuple[bytes, tuple[Text, ...]]:
    """Return XML in UTF-8 without its declaration, and what was guessed about its letters.

    Raises:
        Unreadable: its letters cannot be read.
    """
    guesses: tuple[Text, ...] = ()
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            data = data.decode("utf-16").encode()
        data = data.removeprefix(codecs.BOM_UTF8)
        found = _DECLARATION.match(data)
        code = found[1].decode().casefold() if found else "utf-8"
        if code in {"windows-1252", "cp1252", "iso-8859-1", "latin1", "us-ascii"}:
            data = data.decode("cp1252").encode()
        elif not _is_utf8(data):
            data = data.decode("cp1252").encode()
            guesses = (_l("The letters were read as Windows-1252: look whether é, “ ” and – are right."),)
    except UnicodeError as error:
        raise Unreadable(
            _l("The letters of this file cannot be read. Save it in UTF-8 and send that.")
        ) from error
    return re.sub(
        rb"\A\s*<\?xml[^>]*\?>", lambda match: b"\n" * match[0].count(b"\n"), data, count=1
    ), guesses


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _members(source: bytes, guesses: tuple[Text, ...]) -> Iterator[Member]:
    topic, count = "", 0
    elements = iterate_xml(source, max_bytes=4 * MAX_BYTES, max_depth=MAX_DEPTH, max_elements=MAX_ELEMENTS)
    try:
        for place, element in enumerate(elements):
            if place == 0:
                _check_root(element)
            elif element.name == "question":
                part = Part(element)
                if part.attribute("type") == "category":
                    topic = read_topic(part.value("category"))
                    continue
                for member in _read_question(part, topic):
                    count += 1
                    yield _guessed(member, guesses)
    except XmlFault as fault:
        if not count:
            raise Unreadable(
                _l("Line %(line)s: %(message)s", line=fault.line, message=fault.message)
            ) from fault
        broken = _l(
            "The file is damaged from here on, nothing after it was read. %(reason)s", reason=fault.message
        )
        yield Member(ReadFault(fault.line, broken))


def _check_root(element: XmlElement) -> None:
    if element.name != "quiz":
        raise Unreadable(
            _l("This is no Moodle XML: its outermost element is <%(name)s>.", name=element.name[:40])
        )


def _guessed(member: Member, guesses: tuple[Text, ...]) -> Member:
    if not guesses or not isinstance(member.read, ReadQuestion):
        return member
    return replace(member, read=replace(member.read, guesses=(*guesses, *member.read.guesses)))


def _read_question(part: Part, topic: str) -> Iterator[Member]:
    """Yield what a question became: a question, a fault or a text; several where its numbers are fixed."""
    original = cut(_outline(part.element))
    try:
        yield from _question(part, topic, original)
    except ValueError as error:
        message = error.message if isinstance(error, Refused) else str(error)
        name = part.value("name")
        yield Member(
            ReadFault(part.line, _l("“%(name)s”: %(reason)s", name=name[:60], reason=message), original)
        )


def _question(part: Part, topic: str, original: str) -> Iterator[Member]:
    notes = Notes()
    texts = Texts(notes, part.one("questiontext").form or (HTML if part.has("questiontext") else AUTO))
    kind, tags = part.attribute("type"), _tags(part)
    case = next((tag for tag in tags if tag.startswith(CASE_TAG)), "")
    if kind == "description":
        stem = part.one("questiontext").read(texts)
        yield Member(None, stem, part.value("name"), case, part.line, topic, texts.files)
        return
    for number, (ours, made) in enumerate(_sources(part, kind, texts, notes), 1):
        explanation = made.get("explanation") or part.one("generalfeedback").read(texts)
        source = made | ({"explanation": explanation} if explanation else {})
        _note_losses(part, texts, notes)
        name = part.value("name") or part.value("idnumber")
        question = ReadQuestion(
            ours,
            source,
            part.line,
            original,
            name=name if number == 1 else f"{name} ({number})",
            topic=topic,
            tags=tuple(tag for tag in tags if tag != case),
            guesses=tuple(notes.guesses),
            losses=tuple(notes.losses),
            files=dict(texts.files),
        )
        yield Member(checked(question), case=case)


def _sources(part: Part, kind: str, texts: Texts, notes: Notes) -> Iterator[tuple[str, Json]]:
    """Yield kind and source of what a question becomes, with its stem."""
    if kind in KINDS:
        stem = part.one("questiontext").read(texts)
        ours, source = KINDS[kind](part, texts, notes)
        yield ours, {"stem": stem} | source
    elif kind in {"cloze", "multianswer"}:
        words = part.one("questiontext")
        texts = _with_files(texts, words)
        yield "cloze", cloze_source(words.one("text").words, texts, notes, words.form)
    elif kind in {"gapselect", "ddwtos"}:
        yield "cloze", read_places_in_text(part, texts, notes)
    elif kind == "ddmarker":
        stem = part.one("questiontext").read(texts)
        yield "hotspot", {"stem": stem} | read_place_on_picture(part, texts, notes)
    elif kind in {"calculated", "calculatedsimple"}:
        yield "calculated", read_calculated(part, texts, notes)
    elif kind == "calculatedmulti":
        yield from read_calculated_choices(part, texts, notes)
    else:
        raise Refused(_l("Questions of the kind “%(kind)s” are not possible here.", kind=kind[:40] or "–"))


def _with_files(texts: Texts, words: Part) -> Texts:
    texts.bring(words.files(texts))
    return texts


def _tags(part: Part) -> tuple[str, ...]:
    said = (tag.value("text") for tag in part.one("tags").all("tag"))
    return tuple(dict.fromkeys(tag for tag in said if tag))


def _note_losses(part: Part, texts: Texts, notes: Notes) -> None:
    """Note what of a question has no place here, whichever its kind."""
    for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        said = part.one(name).read(texts)
        if said and said.casefold() not in _SAID_BY_MOODLE:
            notes.lose(_l("What is said to all right, partly right or wrong answers is left out."))
    if part.has("hint"):
        notes.lose(_l("Its hints are left out: questions are answered again as the quiz says."))
    if part.value("penalty") not in _USUAL_PENALTIES:
        notes.lose(
            _l(
                "What a further try costs (%(penalty)s) is a setting of the quiz.",
                penalty=part.value("penalty")[:20],
            )
        )
    if part.value("defaultgrade") not in {"", "1", "1.0", "1.0000000"}:
        notes.lose(
            _l(
                "How many marks it is worth (%(marks)s) is a setting of the quiz.",
                marks=part.value("defaultgrade")[:20],
            )
        )
    if part.value("idnumber") and part.value("name"):
        notes.lose(
            _l("The number %(number)s of the question is not kept.", number=part.value("idnumber")[:60])
        )
    if part.says("hidden"):
        notes.lose(_l("It was hidden in Moodle."))


def _outline(element: XmlElement) -> str:
    """Return the beginning of an element as it stands in the file, without what its files hold."""
    pieces: list[str] = []
    _add_pieces(element, pieces, ORIGINAL_LENGTH)
    return "".join(pieces)


def _add_pieces(element: XmlElement, pieces: list[str], room: int) -> int:
    """Add the pieces of an element until there is no room for more; return what room is left."""
    said = "".join(f' {name}="{value}"' for name, value in element.attributes.items())
    pieces.append(f"<{element.name}{said}>")
    room -= len(pieces[-1])
    for child in element.children:
        if room < 0:
            return room
        if isinstance(child, XmlElement):
            room = _add_pieces(child, pieces, room)
        else:
            pieces.append("…" if element.name == "file" else child)
            room -= len(pieces[-1])
    pieces.append(f"</{element.name}>")
    return room - len(pieces[-1])
