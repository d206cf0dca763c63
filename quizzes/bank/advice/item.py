"""A question as the rules read it: its words without marks, and what in it is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from courses.catalogue.texts.passages import GAP, VALUE, Kind, Passage, one_line, plain_marks
from courses.catalogue.texts.sentences import Sentence, list_sentences
from courses.facts.book import load_book
from courses.facts.formatting import show
from quizzes.types.base import Json

QUOTED = re.compile(r"[“\"][^”\"]*[”\"]")
_OFFICIAL = (
    "(?:Rp|Pasal|Jaminan|Hari|Tua|Kematian|Kecelakaan|Kerja|Pensiun|Kehilangan|Pekerjaan|Kesehatan|Ketenagakerjaan"
    "|Dewan|Pengawas|Direksi|Sosial|Nasional|Presiden|Indonesia|Menteri|Pemerintah|Undang|Peraturan|Kantor|Badan|Dana"
    "|Kejaksaan|Negeri|Negara|Prinsip|Peserta|Pekerja|Kepesertaan|Iuran|Manfaat|Santunan|Upah|Program|Kartu|Surat|Laporan"
    "|Ahli|Waris|Kader|Perusahaan|Pengusaha|Pemberi|Penerima|Bukan|Anggota|Organ|Kepala|Dinas|Kementerian|Republik|Bank"
    "|Rumah|Sakit|Tenaga|Mandiri|Kabupaten|Kota|Provinsi|Kecamatan|Desa|Bupati|Camat|Gubernur|Pengadilan|Mahkamah"
    "|Otoritas|Jasa|Keuangan|Dis(?:naker|dukcapil|hub|kominfo)|Dinsos|Kem(?:naker|ensos|enkeu|dagri)|Kej(?:ari|ati|agung)"
    "|Menaker|Per(?:men\\w*|da|bup|gub|dirbpjs)|Perpres|Pem(?:da|kab|kot|prov)|Puskesmas|Faskes|Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November"
    "|Desember)"
)
"""Names of offices and programmes, that tell no story."""
_STORY = re.compile(
    r"\b(?:Pak|Bu|Bapak|Ibu|Mas|Mbak|Kang|Mbah|Haji|Seorang|Sebuah)\s+\w|\bAnda\b"
    rf"|(?<=[\w,] )(?!{_OFFICIAL})[A-Z][a-z]+\b"
)
_MARKED = re.compile(r"\{(?P<name>fakta|keliru):(?P<body>[^}|]*)[^}]*\}")
TOLD_LENGTH = "12 bulan"
"""Stands for a printed value where the length of a text matters."""


@dataclass(frozen=True)
class Option:
    """An answer to choose: its words as shown, and as written."""

    text: str
    written: str
    # As it is read aloud: with the values of facts and of wrong numbers.
    spoken: str
    is_right: bool


@dataclass(frozen=True)
class Item:
    """A question of a type, whole or still being written."""

    kind: str
    source: Json

    @cached_property
    def stem(self) -> str:
        """The stem as one line, each printed value as one sign."""
        return plain(self.source.get("stem"))

    @cached_property
    def body(self) -> str:
        """The stem and, where there is one, the text to complete."""
        return " ".join(filter(None, (self.stem, plain(self.source.get("text")))))

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences of stem and text."""
        return list(list_sentences([Passage("", 1, Kind.STEM, self.body)]))

    @cached_property
    def asked(self) -> str:
        """What is asked: the last sentence with a question mark, else the last, without what people say."""
        texts = [QUOTED.sub("", sentence.text) for sentence in list_sentences([_passage(self.stem)])]
        asking = [text for text in texts if "?" in text]
        return (asking or texts or [""])[-1].strip()

    @cached_property
    def told(self) -> str:
        """The stem without what somebody in it says."""
        return QUOTED.sub("", self.stem)

    @cached_property
    def is_story(self) -> bool:
        """Whether the stem tells a case, whose numbers and words are its own."""
        return len(self.sentences) > 1 or bool(_STORY.search(self.stem))

    @cached_property
    def choices(self) -> list[list[Option]]:
        """The answers to choose from, together those of one choice: of the question, or of each gap."""
        groups = [rows(self.source, "options")]
        groups += [rows(gap, "options") for gap in rows(self.source, "gaps")]
        return [[_option(row) for row in group] for group in groups if group]

    @cached_property
    def shown(self) -> list[str]:
        """Everything read before the answer, piece by piece."""
        return [text for text in (self.body, *map(plain, _leaves(self.source))) if text]

    @cached_property
    def reasons(self) -> list[str]:
        """What is read after the answer."""
        return [text for text in map(plain, _reasons(self.source)) if text]


def plain(value: object) -> str:
    """Return a written text as one line, each mark and gap as one sign."""
    return one_line(GAP.sub(VALUE, plain_marks(str(value or ""))))


def rows(source: Json, name: str) -> list[Json]:
    """Return the rows of a field, none where it holds something else."""
    value = source.get(name)
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _option(row: Json) -> Option:
    written = str(row.get("text") or "")
    return Option(
        plain(written), written, one_line(_MARKED.sub(_spoken, written)), row.get("correct") is True
    )


def _spoken(match: re.Match[str]) -> str:
    """Return the number a mark prints: 5,7%; a fact still being typed prints nothing."""
    if match["name"] == "keliru":
        return match["body"]
    history = load_book().facts.get(match["body"].partition("@")[0], ())
    return show(history[-1]) if history and isinstance(history[-1].value, Decimal) else VALUE


def _passage(text: str) -> Passage:
    return Passage("", 1, Kind.STEM, text)


def _leaves(source: Json) -> Iterator[str]:
    for name in ("options", "pairs", "distractors", "items", "gaps"):
        for row in rows(source, name):
            yield from (str(row[field]) for field in ("text", "match") if row.get(field))
            yield from _leaves(row)


def _reasons(node: Any, *, is_reason: bool = False) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _reasons(value, is_reason=is_reason or name in {"why", "explanation"})
    elif isinstance(node, list):
        for value in node:
            yield from _reasons(value, is_reason=is_reason)
    elif is_reason and isinstance(node, str):
        yield node
