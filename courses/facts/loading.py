"""Read the data files of the book and refuse whatever contradicts itself, with file and line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

from courses.facts.documents import DocumentFault, Fault, SourceMap, read_document
from courses.facts.fact import Confidence, Fact, Source, Value
from courses.facts.glossary import Term
from courses.facts.law import LAW_ID, Law, LawStatus, law_name, parse_reference
from courses.facts.units import UNITS, Kind

_FACT_FIELDS = {
    "key", "value", "unit", "valid_from", "valid_to", "citation", "confidence", "derived", "sources", "note"
}  # fmt: skip
_LAW_FIELDS = {"id", "short", "title", "title_en", "status", "valid_from", "url"}
_LAW_OPTIONAL = {"amended_by", "replaced_by", "note", "note_en", "articles"}
_TERM_FIELDS = {"id", "term", "term_en", "definition", "definition_en", "cite"}
_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9][a-z0-9_]*)+")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SHARE = re.compile(r"\d+\.\d+")
_EARLIEST = date(1945, 8, 18)


class BookFaults(ValueError):
    """The data contradict themselves; `faults` says where."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True)
class BookData:
    """All facts, laws and terms; `as_of`: law date of who names none; `known_on`: when all was learned."""

    as_of: date
    known_on: date
    facts: Mapping[str, Sequence[Fact]]
    laws: Mapping[str, Law]
    terms: Mapping[str, Term]
    sources: Mapping[str, Source]


def read_data(folder: Path) -> BookData:
    """Return what is in ``folder``: `parameters.yaml`, `laws.yaml` and every `glossary*.yaml`.

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
        facts = self._facts(header, sources)
        laws = self._laws()
        terms = self._terms(laws)
        if self.faults:
            raise BookFaults(self.faults)
        return BookData(
            as_of,
            known_on,
            facts=MappingProxyType(facts),
            laws=MappingProxyType(laws),
            terms=MappingProxyType(terms),
            sources=MappingProxyType(sources),
        )

    # Facts

    def _header_date(self, header: SourceMap, name: str) -> date:
        day = _date(header.get(name))
        if day is None:
            self._fault("parameters.yaml", 1, f"{name} must be an ISO date in quotes")
        return day or _EARLIEST

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

    def _facts(self, header: SourceMap, sources: Mapping[str, Source]) -> dict[str, tuple[Fact, ...]]:
        found: defaultdict[str, list[Fact]] = defaultdict(list)
        for entry in self._entries("parameters.yaml", header.get("parameters"), _FACT_FIELDS, {"shown"}):
            fact = self._fact(entry, sources)
            if fact is not None:
                found[fact.key].append(fact)
        for history in found.values():
            history.sort(key=lambda fact: fact.valid_from)
            self._check_overlaps(history)
        return {key: tuple(history) for key, history in sorted(found.items())}

    def _fact(self, entry: SourceMap, sources: Mapping[str, Source]) -> Fact | None:
        before = len(self.faults)
        say = self._saying("parameters.yaml", entry)
        key, unit = entry["key"], entry["unit"]
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            say("key", f"{key!r} is not a key: small letters, digits and _ between dots")
        if unit not in UNITS:
            say("unit", f"unknown unit {unit!r}")
            return None
        start, end = _date(entry["valid_from"]), _date(entry["valid_to"])
        if start is None or start < _EARLIEST:
            say("valid_from", "valid_from must be an ISO date in quotes, not before 1945")
        if end is None and entry["valid_to"] is not None:
            say("valid_to", "valid_to must be an ISO date in quotes, or null")
        if start and end and end < start:
            say("valid_to", f"valid_to {end} is before valid_from {start}")
        if entry["confidence"] not in set(Confidence):
            say("confidence", f"unknown confidence {entry['confidence']!r}")
        if not isinstance(entry["derived"], bool):
            say("derived", "derived must be true or false")
        if not isinstance(entry["citation"], str) or not entry["citation"]:
            say("citation", "a fact needs a citation")
        for code in _texts(entry["sources"]) or [""]:
            if code not in sources:
                say("sources", f"unknown source {code!r}")
        value = self._value(entry)
        shown = self._shown(entry, value)
        if start is None or len(self.faults) > before:
            return None
        return Fact(
            key=key,
            value=value,
            unit=unit,
            valid_from=start,
            valid_to=end,
            citation=entry["citation"],
            confidence=Confidence(entry["confidence"]),
            is_derived=entry["derived"],
            sources=tuple(entry["sources"]),
            note=entry["note"] or "",
            shown=MappingProxyType(shown),
            line=entry.line,
        )

    def _value(self, entry: SourceMap) -> Value:
        raw, kind = entry["value"], UNITS[entry["unit"]].kind
        say = self._saying("parameters.yaml", entry)
        if isinstance(raw, float):
            say("value", 'write a share in quotes ("0.0024"): a float is not exact')
            return None
        if raw is None and kind is Kind.RUPIAH:
            return None
        reader = _READERS[kind]
        value: Value = reader(raw)
        if value is None:
            say("value", f"{raw!r} is not a value of unit {entry['unit']}")
        return value

    def _shown(self, entry: SourceMap, value: Value) -> dict[str, str]:
        shown = entry.get("shown")
        say = self._saying("parameters.yaml", entry)
        is_wordy = UNITS[entry["unit"]].kind is Kind.TEXT or value is None
        if shown is None:
            if is_wordy:
                say("value", "a rule in words needs shown: {id: …, en: …}")
            return {}
        if not isinstance(shown, SourceMap) or set(shown) != {"id", "en"} or not all(shown.values()):
            say("shown", "shown needs id and en")
            return {}
        if isinstance(value, Decimal) and not all(str(value) in text for text in shown.values()):
            say("shown", f"shown must contain the number {value}")
        return dict(shown)

    def _check_overlaps(self, history: list[Fact]) -> None:
        for earlier, later in pairwise(history):
            if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
                self._fault(
                    "parameters.yaml",
                    later.line,
                    f"{later.key} from {later.valid_from} overlaps the value of line {earlier.line}",
                )

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
        start = _date(entry["valid_from"])
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
        for ref in _texts(entry["cite"]):
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

    def _entries(self, file: str, found: Any, needed: set[str], optional: set[str]) -> Iterator[SourceMap]:
        """Yield the entries that have all needed fields and no unknown ones."""
        if not isinstance(found, list):
            self._fault(file, 1, "must hold a list")
            return
        for entry in found:
            if not isinstance(entry, SourceMap):
                self._fault(file, found.lines[0], "an entry must have fields")  # type: ignore[attr-defined]
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


def _date(raw: object) -> date | None:
    try:
        return date.fromisoformat(raw) if isinstance(raw, str) and len(raw) == 10 else None
    except ValueError:
        return None


def _texts(raw: object) -> list[str]:
    """Return a list of texts; anything else counts as one unreadable text."""
    if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
        return [repr(raw)]
    return list(raw)


def _whole(raw: object) -> Decimal | None:
    return Decimal(raw) if isinstance(raw, int) and not isinstance(raw, bool) and raw >= 0 else None


def _share(raw: object) -> Decimal | None:
    return Decimal(raw) if isinstance(raw, str) and _SHARE.fullmatch(raw) else None


def _month_day(raw: object) -> Decimal | None:
    day = _whole(raw)
    return day if day is not None and 1 <= day <= 31 else None


_READERS: dict[Kind, Any] = {
    Kind.RUPIAH: _whole,
    Kind.FRACTION: _share,
    Kind.COUNT: _whole,
    Kind.DAY: _month_day,
    Kind.YEAR: _whole,
    Kind.DATE: _date,
    Kind.BOOLEAN: lambda raw: raw if isinstance(raw, bool) else None,
    Kind.TEXT: lambda raw: raw if isinstance(raw, str) and raw else None,
}
