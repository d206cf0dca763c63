"""QTI 3.0 out: a package with a test, an item for each question, shared texts and pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from flask_babel import lazy_gettext as _l

from quizzes.exchange.contract import GivenQuestion, Text, Writer
from quizzes.exchange.markup import list_pictures, to_html, to_plain
from quizzes.exchange.packages import write_package
from quizzes.exchange.qti.choice_writing import (
    write_matching,
    write_order,
    write_several,
    write_single,
    write_true_false,
)
from quizzes.exchange.qti.entry_writing import (
    can_reckon,
    has_star,
    write_calculated,
    write_number,
    write_words,
)
from quizzes.exchange.qti.text_writing import picture_of, write_cloze, write_essay, write_hotspot
from quizzes.exchange.qti.written_xml import TEMPLATES, V3, Draft, html, outcome, plain, tag
from quizzes.types.base import Json
from quizzes.types.case_story import story_html

_KINDS: dict[str, Callable[[GivenQuestion], Draft]] = {
    "single_choice": write_single,
    "multiple_response": write_several,
    "true_false": write_true_false,
    "matching": write_matching,
    "ordering": write_order,
    "number": write_number,
    "calculated": write_calculated,
    "short_answer": write_words,
    "cloze": write_cloze,
    "essay": write_essay,
    "hotspot": write_hotspot,
}
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CP = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"


class QtiWriter(Writer):
    """A package of QTI 3.0."""

    key = "qti"
    ending = ".zip"
    media_type = "application/zip"

    @property
    def label(self) -> str:
        """Name shown to people."""
        return "QTI 3.0"

    def losses(self, question: GivenQuestion) -> list[Text]:
        """Return what of the question a package cannot hold."""
        if not self.holds(question):
            return [_l("QTI has no place for this question: it is left out.")]
        found = list(_losses(question.kind, question.source))
        parts = question.source.get("parts") or [] if question.kind == "case_set" else []
        found += [loss for part in parts for loss in _losses(part["type"], part)]
        if question.tags:
            found.append(_l("Its tags are left out."))
        return list(dict.fromkeys(found))

    def holds(self, question: GivenQuestion) -> bool:
        """Say whether there is such an interaction, and what it needs is at hand."""
        if question.kind == "hotspot":
            return bool(picture_of(question)[1])
        if question.kind == "calculated":
            return can_reckon(question.source)
        if question.kind == "case_set":
            parts = _parts(question)
            return bool(parts) and all(part is not None and self.holds(part) for part in parts)
        return question.kind in _KINDS

    def write(self, questions: Sequence[GivenQuestion]) -> bytes:
        """Return the package; the same questions give the same bytes."""
        package = _Package()
        held = [question for question in questions if self.holds(question)]
        sections = [
            _section(number, topic, [package.add(question) for question in group])
            for number, (topic, group) in enumerate(groupby(held, key=lambda one: one.topic), 1)
        ]
        return package.packed(_test(sections))


def _losses(kind: str, source: Json) -> Iterator[Text]:
    options = source.get("options") or []
    if any(isinstance(option, dict) and option.get("group") for option in options):
        yield _l("Options that belong together may stand apart.")
    if kind in ("matching", "ordering", "short_answer", "cloze", "hotspot") and _has_reason(source):
        yield _l("The reasons of single answers are left out.")
    if kind == "cloze" and any(
        _has_layout(option) for gap in source["gaps"] for option in gap.get("options", ())
    ):
        yield _l("The choices of gaps lose their layout.")
    if kind in ("number", "calculated") and source.get("units"):
        yield _l("Only the first unit is taken: QTI knows none.")
    if kind == "calculated":
        yield _l("Its formula becomes the numbers of its variants.")
    if kind in ("short_answer", "cloze"):
        yield _l("In QTI accents, full stops and kinds of quotes matter in typed words.")
    if kind == "essay" and source.get("attachment"):
        yield _l("No file can be sent with the text.")
    if kind == "hotspot":
        yield _l("A place is chosen as a whole: no point is set within it.")
    if kind == "short_answer" and any(has_star(one["accept"]) for one in source["answers"]):
        yield _l("A blank beside a star must be typed.")


def _has_reason(value: object) -> bool:
    if isinstance(value, dict):
        return bool(value.get("why")) or any(_has_reason(part) for part in value.values())
    return isinstance(value, list) and any(_has_reason(part) for part in value)


def _has_layout(option: Json) -> bool:
    return to_html(option["text"]) != plain(to_plain(option["text"]))


def _parts(case: GivenQuestion) -> list[GivenQuestion | None]:
    """Return the parts of a case as questions; None for what is none or leads elsewhere."""
    found: list[GivenQuestion | None] = []
    for number, part in enumerate(case.source.get("parts") or [], 1):
        if not isinstance(part, dict) or "type" not in part or part.get("next") or part["type"] == "case_set":
            found.append(None)
            continue
        source = {name: value for name, value in part.items() if name not in ("type", "name", "next")}
        name = f"{case.name} {number}"
        found.append(GivenQuestion(part["type"], source, name, case.topic, case.tags, case.files))
    return found


@dataclass
class _Package:
    """Files of a package while it is written, and the resources of its manifest."""

    files: dict[str, bytes] = field(default_factory=dict)
    resources: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, question: GivenQuestion) -> str:
        """Add a question; return what the test says of it."""
        if question.kind != "case_set":
            return self._add_item(question)
        path = self._add_stimulus(question)
        parts = [part for part in _parts(question) if part is not None]
        return "".join(self._add_item(part, stimulus=path) for part in parts)

    def _add_item(self, question: GivenQuestion, *, stimulus: str = "") -> str:
        self.count += 1
        identifier = f"soal-{self.count:04d}"
        draft = _KINDS[question.kind](question)
        media = draft.media | _shown(question)
        self._keep(media)
        path = f"items/{identifier}.xml"
        self.files[path] = (_HEAD + _item(identifier, question, draft, stimulus) + "\n").encode()
        used = [f"media/{name}" for name in sorted(media)] + ([stimulus] if stimulus else [])
        self._list(identifier, "imsqti_item_xmlv3p0", path, used)
        return tag("qti-assessment-item-ref", identifier=identifier, href=path)

    def _add_stimulus(self, case: GivenQuestion) -> str:
        identifier = f"cerita-{self.count + 1:04d}"
        story = story_html(str(case.source.get("text") or ""), html)
        path = f"stimuli/{identifier}.xml"
        text = tag(
            "qti-assessment-stimulus",
            tag("qti-stimulus-body", story),
            xmlns=V3,
            identifier=identifier,
            title=_title(case.source["stem"]),
        )
        self._keep(_shown(case))
        self.files[path] = (_HEAD + text + "\n").encode()
        self._list(identifier, "imsqti_stimulus_xmlv3p0", path, [])
        return path

    def _keep(self, media: dict[str, bytes]) -> None:
        for name, body in media.items():
            if f"media/{name}" not in self.files:
                self.files[f"media/{name}"] = body
                self._list(f"media-{len(self.files):04d}", "webcontent", f"media/{name}", [])

    def _list(self, identifier: str, kind: str, path: str, used: Sequence[str]) -> None:
        files = "".join(tag("file", href=each) for each in [path, *used])
        self.resources.append(tag("resource", files, identifier=identifier, type=kind, href=path))

    def packed(self, test: str) -> bytes:
        """Return the zip, the manifest first."""
        self._list("tes", "imsqti_test_xmlv3p0", "test.xml", [])
        manifest = tag(
            "manifest",
            tag("metadata", tag("schema", "QTI Package") + tag("schemaversion", "3.0.0"))
            + tag("organizations")
            + tag("resources", "".join(self.resources)),
            xmlns=_CP,
            identifier="penggerak",
        )
        self.files["test.xml"] = (_HEAD + test + "\n").encode()
        self.files["imsmanifest.xml"] = (_HEAD + manifest + "\n").encode()
        return write_package(self.files, first=("imsmanifest.xml",))


def _shown(question: GivenQuestion) -> dict[str, bytes]:
    """Return the pictures the texts of a question show."""
    names = {name for text in _texts(question.source) for name in list_pictures(text)}
    return {name: question.files[name] for name in sorted(names) if name in question.files}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _title(markdown: str) -> str:
    return " ".join(to_plain(markdown).split())[:200]


def _item(identifier: str, question: GivenQuestion, draft: Draft, stimulus: str) -> str:
    scored = "human" if draft.is_human else None
    outcomes = outcome("SCORE", "float", "0", external_scored=scored) + outcome(
        "MAXSCORE", "float", draft.highest
    )
    explanation = question.source.get("explanation")
    if draft.feedback:
        outcomes += outcome("FEEDBACK", "identifier", cardinality=draft.feedback)
    if explanation:
        outcomes += outcome("EXPLANATION", "identifier", "explanation")
    link = tag("qti-assessment-stimulus-ref", identifier="cerita", href=f"../{stimulus}") if stimulus else ""
    template = tag("qti-template-processing", draft.template_rules) if draft.template_rules else ""
    return tag(
        "qti-assessment-item",
        draft.responses + outcomes + draft.templates + template + link + tag("qti-item-body", draft.body)
        + _processing(draft) + (_explained(explanation) if explanation else ""),
        xmlns=V3,
        identifier=identifier,
        title=_title(question.name) or _title(question.source["stem"]),
        adaptive=False,
        time_dependent=False,
    )  # fmt: skip


def _processing(draft: Draft) -> str:
    if draft.is_human:
        return ""
    if draft.template:
        return tag("qti-response-processing", template=f"{TEMPLATES}{draft.template}.xml")
    return tag("qti-response-processing", draft.rules)


def _explained(explanation: str) -> str:
    return tag(
        "qti-modal-feedback",
        tag("qti-content-body", tag("p", html(explanation))),
        outcome_identifier="EXPLANATION",
        identifier="explanation",
        show_hide="show",
    )


def _section(number: int, topic: str, items: Sequence[str]) -> str:
    title = _title(topic) if topic else "Soal"
    return tag(
        "qti-assessment-section",
        "".join(items),
        identifier=f"bagian-{number}",
        title=title,
        visible=bool(topic),
    )


def _test(sections: Sequence[str]) -> str:
    part = tag(
        "qti-test-part",
        "".join(sections),
        identifier="bagian",
        navigation_mode="nonlinear",
        submission_mode="simultaneous",
    )
    return tag("qti-assessment-test", part, xmlns=V3, identifier="tes", title="Penggerak")
