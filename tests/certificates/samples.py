"""A record for tests."""

from __future__ import annotations

from certificates.codes import check_character
from certificates.record import Holder, ModuleResult, Office, Programme, Record, Result, Run

BODY = "T3V33JGXVEMDPE7K"
MODULES = [
    ModuleResult(1 + i // 8, f"Modul nomor {i + 1}", "internal", 60, "80.0" if i % 2 else None)
    for i in range(16)
]


LONGEST = {
    "name": ("Wirasasmita " * 17)[:199].strip(),
    "organisation": ("Organisasi panjang " * 12)[:199].strip(),
    "title": ("Judul Pelatihan " * 13)[:199].strip(),
    "place": ("Hotel panjang sekali " * 15)[:299].strip(),
    "office": ("Kantor Cabang " * 15)[:199].strip(),
    "address": ("Jalan panjang " * 22)[:299].strip(),
}
"""Texts as long as the database takes them."""


def make_record(
    name: str = "Siti Aminah",
    *,
    organisation: str = "Karang Taruna Desa Contoh",
    title: str = "Pelatihan Kader Penggerak",
    place: str = "Hotel Contoh, Madiun",
    office: str = "Kantor Cabang Contoh",
    address: str = "Jalan Contoh Nomor 1",
    issued_at: str = "2016-10-20T09:04:00Z",
    zone: str = "Asia/Jakarta",
    is_demo: bool = False,
) -> Record:
    """Return a record of a two-day training."""
    return Record(
        code=BODY + check_character(BODY),
        serial="00001/PK/K1/X/2016",
        issued_at=issued_at,
        completed_at=issued_at,
        holder=Holder(name, "youth_group", organisation),
        programme=Programme(title, "Kader Penggerak Training", 1, "2016-10-19", 16),
        run=Run("Angkatan Contoh", place, zone, "2016-10-19", "2016-10-20"),
        result=Result([{"kind": "all_steps"}], "86.7"),
        modules=list(MODULES),
        office=Office("K1", office, address, "Madiun", "Pejabat Contoh", "Kepala Kantor Cabang"),
        evidence_sha256="0" * 64,
        replaces="",
        is_demo=is_demo,
    )
