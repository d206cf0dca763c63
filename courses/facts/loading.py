"""Read the data files of the book and refuse whatever contradicts itself, with file and line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from courses.facts.documents import DocumentFault, Fault, SourceList, SourceMap, read_document
from courses.facts.entries import EARLIEST, FIELDS, OPTIONAL, read_day, read_entry, read_texts
from courses.facts.fact import Fact, Label, Source
from courses.facts.glossary import Term
from courses.facts.law import LAW_ID, Law, LawStatus, law_name, parse_reference
from courses.facts.spans import current, find_all_clashes

_LAW_FIELDS = {"id", "short", "title", "title_en", "status", "valid_from", "url"}
_LAW_OPTIONAL = {"amended_by", "replaced_by", "note", "note_en", "articles"}
_TERM_FIELDS = {"id", "term", "term_en", "definition", "definition_en", "cite"}
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class BookFaults(ValueError):
    """The data contradict themselves; `faults` says where."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True)
class BookData:
    """All facts, laws and terms.

    `as_of` is the law date of who names none, `known_on` the day of the newest thing known; `facts` is what
    is known, `entries` also holds what was superseded.
    """

    as_of: date
    known_on: date
    facts: Mapping[str, Sequence[Fact]]
    entries: Mapping[str, Sequence[Fact]]
    labels: Mapping[str, Label]
    laws: Mapping[str, Law]
    terms: Mapping[str, Term]
    sources: Mapping[str, Source]


def read_data(folder: Path) -> BookData:
    """Return what is in ``folder``: `parameters.yaml`, `labels.yaml`, `laws.yaml` and every `glossary*.yaml`.

    Raises:
        BookFaults: anything is missing, unknown, written twice or impossible.
    """
    return _Reading(folder).data()


@dataclass
class _Reading:
    folder: Path
    faults: list[Fault] = field(default_factory=list)

    def data(self) -> BookData:
        document = self._document("parameters.yaml")
        header = document if isinstance(document, SourceMap) else SourceMap()
        as_of = self._header_date(header, "as_of")
        known_on = self._header_date(header, "known_on")
        sources = self._sources(header)
        laws = self._laws()
        entries = self._facts(header, sources, laws)
        labels = self._labels(entries)
        terms = self._terms(laws)
        if self.faults:
            raise BookFaults(self.faults)
        return BookData(
            as_of,
            known_on,
            facts=MappingProxyType({key: current(found) for key, found in entries.items()}),
            entries=MappingProxyType(entries),
            labels=MappingProxyType(labels),
            laws=MappingProxyType(laws),
            terms=MappingProxyType(terms),
            sources=MappingProxyType(sources),
        )

    # Facts

    def _header_date(self, header: SourceMap, name: str) -> date:
        day = read_day(header.get(name))
        if day is None:
            self._fault("parameters.yaml", 1, f"{name} must be an ISO date in quotes")
        return day or EARLIEST

    def _sources(self, header: SourceMap) -> dict[str, Source]:
        entries = header.get("sources")
        if not isinstance(entries, SourceMap):
            self._fault("parameters.yaml", 1, "sources is missing")
            return {}
        found = {}
        for code, entry in entries.items():
            if not isinstance(entry, SourceMap) or set(entry) != {"label", "where"}:
                self._fault("parameters.yaml", entries.line_of(code), f"source {code} needs label and where")
                continue
            found[code] = Source(code, str(entry["label"]), str(entry["where"]))
        return found

    def _facts(
        self, header: SourceMap, sources: Mapping[str, Source], laws: Mapping[str, Law]
    ) -> dict[str, tuple[Fact, ...]]:
        found: defaultdict[str, list[Fact]] = defaultdict(list)
        articles = {law.id: law.articles for law in laws.values()}
        for entry in self._entries("parameters.yaml", header.get("parameters"), FIELDS, OPTIONAL):
            say = self._saying("parameters.yaml", entry)
            fact = read_entry(entry, say, sources=sources, articles=articles, line=entry.line)
            if fact is not None:
                found[fact.key].append(fact)
        for entries in found.values():
            self._check_spans(entries)
        return {key: tuple(entries) for key, entries in sorted(found.items())}

    def _check_spans(self, entries: list[Fact]) -> None:
        for clash in find_all_clashes(entries):
            earlier, later = clash.earlier, clash.later
            message = (
                f"{later.key} from {later.valid_from} leaves a gap after {earlier.valid_to} of line "
                f"{earlier.line}: close it, or say why with after_gap"
                if clash.is_gap
                else f"{later.key} from {later.valid_from} overlaps the value of line {earlier.line}"
            )
            self._fault("parameters.yaml", later.line, message)

    def _labels(self, entries: Mapping[str, Sequence[Fact]]) -> dict[str, Label]:
        """Return what keys are called; where the file is missing, none has a name."""
        if not (self.folder / "labels.yaml").exists():
            return {}
        document = self._document("labels.yaml")
        if not isinstance(document, SourceMap):
            self._fault("labels.yaml", 1, "must hold keys with their names")
            return {}
        found = {}
        for key, names in document.items():
            line = document.line_of(key)
            if not isinstance(names, SourceMap) or set(names) != {"id", "en"} or not all(names.values()):
                self._fault("labels.yaml", line, f"{key} needs id and en")
            elif key not in entries:
                self._fault("labels.yaml", line, f"{key} is no fact")
            else:
                found[key] = Label(str(names["id"]), str(names["en"]))
        return found

    # Laws and terms

    def _laws(self) -> dict[str, Law]:
        found: dict[str, Law] = {}
        lines: dict[str, SourceMap] = {}
        for entry in self._entries("laws.yaml", self._document("laws.yaml"), _LAW_FIELDS, _LAW_OPTIONAL):
            law = self._law(entry)
            if law is None:
                continue
            if law.id in found:
                self._fault("laws.yaml", entry.line, f"{law.id} is listed twice")
            found[law.id], lines[law.id] = law, entry
        for law in found.values():
            for other in (*law.amended_by, *law.replaced_by):
                if other not in found:
                    self._fault("laws.yaml", lines[law.id].line, f"{law.id} names the unknown law {other}")
        return found

    def _law(self, entry: SourceMap) -> Law | None:
        before = len(self.faults)
        say = self._saying("laws.yaml", entry)
        law_id = str(entry["id"])
        if not LAW_ID.fullmatch(law_id):
            say("id", f"{law_id!r} is not an id of a law")
        elif entry["short"] != law_name(law_id):
            say("short", f"short must be {law_name(law_id)!r}")
        if entry["status"] not in set(LawStatus):
            say("status", f"unknown status {entry['status']!r}")
        if not str(entry["url"]).startswith("https://"):
            say("url", "url must begin with https://")
        start = read_day(entry["valid_from"])
        if start is None and entry["valid_from"] is not None:
            say("valid_from", "valid_from must be an ISO date in quotes, or null")
        for name in ("title", "title_en"):
            if not isinstance(entry[name], str) or not entry[name]:
                say(name, f"{name} is empty")
        if not isinstance(entry.get("articles", 1), int):
            say("articles", "articles must be the number of the last article")
        if ("note" in entry) != ("note_en" in entry):
            say("note", "a note needs both languages")
        if len(self.faults) > before:
            return None
        return Law(
            id=law_id,
            short=entry["short"],
            title=entry["title"],
            title_en=entry["title_en"],
            status=LawStatus(entry["status"]),
            valid_from=start,
            amended_by=tuple(entry.get("amended_by") or ()),
            replaced_by=tuple(entry.get("replaced_by") or ()),
            url=entry["url"],
            note=entry.get("note", ""),
            note_en=entry.get("note_en", ""),
            articles=entry.get("articles"),
        )

    def _terms(self, laws: Mapping[str, Law]) -> dict[str, Term]:
        found: dict[str, Term] = {}
        places: dict[str, str] = {}
        for path in sorted(self.folder.glob("glossary*.yaml")):
            for entry in self._entries(path.name, self._document(path.name), _TERM_FIELDS, set()):
                term = self._term(path.name, entry, laws)
                if term is None:
                    continue
                if term.id in found:
                    self._fault(path.name, entry.line, f"{term.id} is explained already at {places[term.id]}")
                found[term.id], places[term.id] = term, f"{path.name}:{entry.line}"
        return dict(sorted(found.items()))

    def _term(self, file: str, entry: SourceMap, laws: Mapping[str, Law]) -> Term | None:
        before = len(self.faults)
        say = self._saying(file, entry)
        if not _SLUG.fullmatch(str(entry["id"])):
            say("id", f"{entry['id']!r} is not an id: small letters, digits and -")
        for name in _TERM_FIELDS - {"id", "cite"}:
            if not isinstance(entry[name], str) or not entry[name].strip():
                say(name, f"{name} is empty")
        for ref in read_texts(entry["cite"]):
            reference = parse_reference(ref)
            if reference is None or reference.law_id not in laws:
                say("cite", f"unknown citation {ref!r}")
        if len(self.faults) > before:
            return None
        names = ("id", "term", "term_en", "definition", "definition_en")
        return Term(**{name: entry[name].strip() for name in names}, cite=tuple(entry["cite"]))

    # Files

    def _document(self, name: str) -> Any:
        try:
            return read_document((self.folder / name).read_text(encoding="utf-8"), file=name)
        except DocumentFault as error:
            self.faults.append(error.fault)
        except (OSError, UnicodeDecodeError) as error:
            self._fault(name, 0, f"cannot be read: {error}")
        return None

    def _entries(
        self, file: str, found: Any, needed: AbstractSet[str], optional: AbstractSet[str]
    ) -> Iterator[SourceMap]:
        """Yield the entries that have all needed fields and no unknown ones."""
        if not isinstance(found, SourceList):
            self._fault(file, 1, "must hold a list")
            return
        for entry, line in zip(found, found.lines, strict=True):
            if not isinstance(entry, SourceMap):
                self._fault(file, line, "an entry must have fields")
                continue
            unknown = sorted(set(entry) - needed - optional)
            missing = sorted(needed - set(entry))
            for name in unknown:
                self._fault(file, entry.line_of(name), f"unknown field {name!r}")
            if missing:
                self._fault(file, entry.line, f"missing {', '.join(missing)}")
            elif not unknown:
                yield entry

    def _saying(self, file: str, entry: SourceMap) -> _Say:
        return _Say(self.faults, file, entry)

    def _fault(self, file: str, line: int, message: str) -> None:
        self.faults.append(Fault(file, line, message))


@dataclass(frozen=True)
class _Say:
    """Report a fault at a field of an entry."""

    faults: list[Fault]
    file: str
    entry: SourceMap

    def __call__(self, name: str, message: str) -> None:
        self.faults.append(Fault(self.file, self.entry.line_of(name), message))
