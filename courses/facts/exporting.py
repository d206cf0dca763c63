"""What was confirmed, as changes to the data files of the repository: nothing else in them moves.

Entries are inserted as text, so that comments, order and quoting of what is there stay as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from courses.facts.book import DATA, FactBook, shipped_book
from courses.facts.fact import Fact
from courses.facts.units import Kind

PARAMETERS, LABELS = "parameters.yaml", "labels.yaml"
_HEADER = re.compile(r'^(as_of|known_on): "[^"]*"$', re.MULTILINE)


def export_parameters(book: FactBook) -> str:
    """Return `parameters.yaml` with every confirmed correction; superseded values stay, marked as such."""
    lines = _read(PARAMETERS).split("\n")
    inserted: dict[int, list[str]] = {}
    for key, entries in book.entries.items():
        _insert_key(lines, inserted, key, entries)
    _insert_sources(lines, inserted, book)
    text = "\n".join(_merge(lines, inserted))
    days = {"as_of": book.as_of, "known_on": book.known_on}
    return _HEADER.sub(lambda header: f'{header[1]}: "{days[header[1]]}"', text, count=2)


def export_labels(book: FactBook) -> str:
    """Return `labels.yaml` with the names of new keys where the alphabet has them."""
    lines = _read(LABELS).split("\n")
    inserted: dict[int, list[str]] = {}
    for key in sorted(set(book.labels) - set(shipped_book().labels)):
        names = book.labels[key]
        before = [n for n, line in enumerate(lines, 1) if line.startswith("#") or (line and line < key)]
        line = f"{key}: {{id: {_quoted(names.id)}, en: {_quoted(names.en)}}}"
        inserted.setdefault(max(before, default=0), []).append(line)
    return "\n".join(_merge(lines, inserted))


def export_files(book: FactBook) -> Mapping[str, str]:
    """Return the data files that change, by name."""
    files = {PARAMETERS: export_parameters(book), LABELS: export_labels(book)}
    return {name: text for name, text in files.items() if text != _read(name)}


def _read(name: str) -> str:
    return (DATA / name).read_text(encoding="utf-8")


def _insert_key(
    lines: Sequence[str], inserted: dict[int, list[str]], key: str, entries: Sequence[Fact]
) -> None:
    """Note what is to be written for a key: the end of what was superseded, and the entries that came."""
    there = shipped_book().entries.get(key, ())
    if tuple(entries) == tuple(there):
        return
    superseded = {
        fact.line: fact.known_to
        for fact in entries
        if fact.line and fact not in there and _was_there(fact, there)
    }
    for line, day in superseded.items():
        inserted.setdefault(_end_of(lines, line), []).append(f'    known_to: "{day}"')
    came = [fact for fact in entries if fact not in there and not _was_there(fact, there)]
    place = _place(lines, key, there)
    for fact in sorted(came, key=lambda fact: (fact.valid_from, fact.known_from or date.min)):
        inserted.setdefault(place, []).extend(_write(fact))


def _was_there(fact: Fact, there: Sequence[Fact]) -> bool:
    """Return whether this is a shipped entry that only got the day on which it was superseded."""
    return any(
        (fact.line, fact.valid_to, fact.known_from) == (old.line, old.valid_to, old.known_from)
        for old in there
    )


def _place(lines: Sequence[str], key: str, there: Sequence[Fact]) -> int:
    """Return the line after which entries of a key go: behind its last one, else behind its nearest kin."""
    if there:
        return max(_end_of(lines, fact.line) for fact in there)
    shipped = shipped_book().entries
    kin = max(shipped, key=lambda other: (_shared(key, other), other))
    return max(_end_of(lines, fact.line) for fact in shipped[kin])


def _shared(key: str, other: str) -> int:
    """Return how many parts two keys begin with alike."""
    pairs = zip(key.split("."), other.split("."), strict=False)
    count = 0
    for one, two in pairs:
        if one != two:
            break
        count += 1
    return count


def _end_of(lines: Sequence[str], line: int) -> int:
    """Return the last line of the entry that begins on ``line``; both count from 1."""
    end = line
    while end < len(lines) and lines[end].startswith("    "):
        end += 1
    return end


def _insert_sources(lines: Sequence[str], inserted: dict[int, list[str]], book: FactBook) -> None:
    used = {code for entries in book.entries.values() for fact in entries for code in fact.sources}
    new = sorted(used - set(shipped_book().sources))
    start = lines.index("sources:") + 1
    end = start
    while lines[end].startswith('  "'):
        end += 1
    for code in new:
        source = book.sources[code]
        where = f"{{label: {_quoted(source.label or '-')}, where: {_quoted(source.where or '-')}}}"
        inserted.setdefault(end, []).append(f"  {_quoted(code)}: {where}")


def _write(fact: Fact) -> list[str]:
    found = {
        "value": _write_value(fact),
        "unit": fact.unit,
        "valid_from": _quoted(str(fact.valid_from)),
        "valid_to": _quoted(str(fact.valid_to)) if fact.valid_to else "null",
        "citation": _quoted(fact.citation),
        "confidence": fact.confidence.value,
        "derived": "true" if fact.is_derived else "false",
        "sources": "[" + ", ".join(map(_quoted, fact.sources)) + "]",
        "note": _quoted(fact.note),
    }
    if fact.shown:
        found["shown"] = f"{{id: {_quoted(fact.shown['id'])}, en: {_quoted(fact.shown['en'])}}}"
    if fact.after_gap:
        found["after_gap"] = _quoted(fact.after_gap)
    if fact.known_from:
        found["known_from"] = _quoted(str(fact.known_from))
    if fact.known_to:
        found["known_to"] = _quoted(str(fact.known_to))
    return [f"  - key: {fact.key}", *(f"    {name}: {value}" for name, value in found.items())]


def _write_value(fact: Fact) -> str:
    value = fact.value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return _quoted(f"{value:f}") if fact.measure.kind is Kind.FRACTION else f"{value:f}"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    """Return ``text`` as YAML in double quotes: JSON writes the same."""
    return json.dumps(text, ensure_ascii=False)


def _merge(lines: Sequence[str], inserted: Mapping[int, Sequence[str]]) -> list[str]:
    """Return the lines with what goes behind each of them; 0 is the top."""
    merged = list(inserted.get(0, ()))
    for number, line in enumerate(lines, 1):
        merged += [line, *inserted.get(number, ())]
    return merged
