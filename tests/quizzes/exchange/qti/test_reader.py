"""Packages of QTI: manifest, test, shared texts, pictures, and what is not read. Items: `fixtures/qti`."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from quizzes.exchange.contract import Read, ReadFault, ReadQuestion, Unreadable
from quizzes.exchange.packages import write_package
from quizzes.exchange.qti.reader import QtiReader

V3 = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'
V2 = 'xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"'
SCORE = '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>'
CORRECT = (
    '<qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct"/>'
)


def picture(width: int = 600, height: int = 400) -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (width, height), "#cde").save(body, "PNG")
    return body.getvalue()


def manifest(*resources: tuple[str, str]) -> bytes:
    listed = "".join(
        f'<resource identifier="r{number}" type="{kind}" href="{href}"><file href="{href}"/></resource>'
        for number, (kind, href) in enumerate(resources)
    )
    return f'<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>{listed}</resources></manifest>'.encode()


def choice(name: str, stem: str, *, before: str = "") -> bytes:
    return (
        f'<qti-assessment-item {V3} identifier="{name}" title="{name}">'
        '<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">'
        "<qti-correct-response><qti-value>a</qti-value></qti-correct-response></qti-response-declaration>"
        f"{SCORE}{before}<qti-item-body>{stem}"
        '<qti-choice-interaction response-identifier="RESPONSE" max-choices="1">'
        '<qti-simple-choice identifier="a">Satu</qti-simple-choice>'
        '<qti-simple-choice identifier="b">Dua</qti-simple-choice></qti-choice-interaction></qti-item-body>'
        f"{CORRECT}</qti-assessment-item>"
    ).encode()


def read(files: Mapping[str, bytes]) -> list[Read]:
    return list(QtiReader().read(write_package(files), "paket.zip"))


def questions(files: Mapping[str, bytes]) -> list[ReadQuestion]:
    found = read(files)
    assert all(isinstance(one, ReadQuestion) for one in found), found
    return [one for one in found if isinstance(one, ReadQuestion)]


def test_items_come_in_the_order_of_the_test_and_sections_are_topics() -> None:
    test = (
        f'<assessmentTest {V2} identifier="t" title="t"><testPart identifier="p">'
        '<assessmentSection identifier="s" title="Iuran">'
        '<assessmentItemRef identifier="b" href="items/b.xml"/>'
        '</assessmentSection><assessmentSection identifier="u" title=""><assessmentItemRef identifier="a" '
        'href="items/a.xml"/></assessmentSection></testPart></assessmentTest>'
    ).encode()
    resources = [("imsqti_item_xmlv3p0", f"items/{name}.xml") for name in "abc"]

    found = questions(
        {
            "imsmanifest.xml": manifest(*resources, ("imsqti_test_xmlv2p1", "test.xml")),
            "test.xml": test,
            **{f"items/{name}.xml": choice(name, f"<p>Soal {name}</p>") for name in "abc"},
        }
    )

    assert [(one.name, one.topic, one.file) for one in found] == [
        ("b", "Iuran", "items/b.xml"),
        ("a", "", "items/a.xml"),
        ("c", "", "items/c.xml"),
    ]


def test_pictures_of_the_package_come_with_the_question() -> None:
    body = picture(40, 20)
    stem = '<p>Lihat <img src="../gambar/slip%20a.png" alt="Slip gaji"/></p>'

    (found,) = questions(
        {
            "imsmanifest.xml": manifest(("imsqti_item_xmlv3p0", "items/a.xml")),
            "items/a.xml": choice("a", stem),
            "gambar/slip a.png": body,
        }
    )

    (name,) = found.files
    assert found.source["stem"] == f"Lihat {{gambar:{name}|Slip gaji}}"
    assert found.files[name] == body


def test_items_that_share_a_text_become_a_case() -> None:
    reference = '<qti-assessment-stimulus-ref identifier="s" href="../cerita.xml"/>'
    story = (
        f'<qti-assessment-stimulus {V3} identifier="s" title="Lapak Bu Sri"><qti-stimulus-body>'
        "<p>Bu Sri berjualan sayur.</p><table><tr><td>Mei</td><td>16.800</td></tr></table>"
        "</qti-stimulus-body></qti-assessment-stimulus>"
    ).encode()
    items = {
        "items/a.xml": choice("a", "<p>Pertama?</p>", before=reference),
        "items/b.xml": choice("b", "<p>Kedua?</p>", before=reference),
        "items/c.xml": choice("c", "<p>Sendiri?</p>"),
    }
    listed = [("imsqti_item_xmlv3p0", path) for path in items]

    case, alone = questions({"imsmanifest.xml": manifest(*listed), "cerita.xml": story, **items})

    assert case.kind == "case_set"
    assert case.source["stem"] == "Lapak Bu Sri"
    assert case.source["text"].startswith("Bu Sri berjualan sayur.")
    assert [(part["type"], part["stem"]) for part in case.source["parts"]] == [
        ("single_choice", "Pertama?"),
        ("single_choice", "Kedua?"),
    ]
    assert alone.kind == "single_choice"


def hotspot(coords: str = "200,100,300,150") -> bytes:
    return (
        f'<assessmentItem {V2} identifier="h" title="Slip">'
        '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">'
        "<correctResponse><value>jht</value></correctResponse></responseDeclaration>"
        '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/><itemBody>'
        '<hotspotInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>Mana potongan JHT?</prompt>'
        '<object type="image/png" data="slip.png" width="600" height="400">Slip gaji</object>'
        f'<hotspotChoice identifier="jht" shape="rect" coords="{coords}" hotspotLabel="Potongan JHT"/>'
        '<hotspotChoice identifier="upah" shape="circle" coords="400,300,60"/></hotspotInteraction>'
        "</itemBody>"
        '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
        "</assessmentItem>"
    ).encode()


@pytest.mark.parametrize(
    ("width", "expected"), [(600, "200 100 100 50"), (1200, "400 200 200 100"), (2400, "400 200 200 100")]
)
def test_areas_are_kept_on_the_picture_as_large_as_it_is_kept(width: int, expected: str) -> None:
    body = picture(width, width * 2 // 3)

    (found,) = questions(
        {
            "imsmanifest.xml": manifest(("imsqti_item_xmlv2p1", "h.xml")),
            "h.xml": hotspot(),
            "slip.png": body,
        }
    )

    assert found.kind == "hotspot"
    assert found.source["alt"] == "Slip gaji"
    assert found.files == {found.source["picture"]: body}
    assert found.source["options"][0] == {"text": "Potongan JHT", "area": expected, "correct": True}


def test_an_area_beside_the_picture_is_a_fault() -> None:
    (fault,) = read(
        {
            "imsmanifest.xml": manifest(("imsqti_item_xmlv2p1", "h.xml")),
            "h.xml": hotspot("900,100,990,190"),
            "slip.png": picture(),
        }
    )

    assert isinstance(fault, ReadFault)


def test_three_good_items_and_three_bad_ones_are_three_and_three() -> None:
    files = {f"{name}.xml": choice(name, f"<p>Soal {name}?</p>") for name in "abc"}
    files |= {"d.xml": b"<qti-assessment-item", "e.xml": b"<!DOCTYPE a><qti-assessment-item/>"}
    listed = [("imsqti_item_xmlv3p0", path) for path in (*files, "nowhere.xml")]

    found = read({"imsmanifest.xml": manifest(*listed), **files})

    faults = [one for one in found if isinstance(one, ReadFault)]
    assert [fault.file for fault in faults] == ["d.xml", "e.xml", "nowhere.xml"]
    assert len(found) == 6


def test_a_zip_without_manifest_gives_its_items_and_leaves_the_rest() -> None:
    found = questions({"a.xml": choice("a", "<p>Ada?</p>"), "lain/kode.txt": b"x", "z.xml": b"<lain/>"})

    assert [one.name for one in found] == ["a"]


def test_a_picture_outside_of_the_package_is_not_fetched() -> None:
    elsewhere = (
        '<img src="../../etc/passwd" alt="apa"/>',
        '<img src="https://contoh.invalid/a.png" alt="itu"/>',
    )
    stem = f"<p>Ada {' '.join(elsewhere)}?</p>"

    (found,) = questions({"items/a.xml": choice("a", stem)})

    assert found.source["stem"] == "Ada apa itu?"
    assert found.files == {}
    assert len(found.losses) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 rusak", "zip"),
        (write_package({"catatan.txt": b"x"}), "no item"),
        (write_package({"imsmanifest.xml": b"<manifest"}), "imsmanifest.xml"),
        (f"<assessmentTest {V2}/>".encode(), "whole package"),
        (b"", "empty"),
    ],
)
def test_what_is_no_package_is_refused_with_the_reason(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        list(QtiReader().read(data, "x"))

    assert words in str(caught.value)


def test_packages_and_items_are_recognised_and_others_are_not() -> None:
    reader = QtiReader()
    package = write_package({"imsmanifest.xml": manifest(("imsqti_item_xmlv2p2", "a.xml"))})

    assert reader.recognises(package, "a.zip")
    assert reader.recognises(choice("a", ""), "a.xml")
    assert not reader.recognises(write_package({"word/document.xml": b"<document/>"}), "a.docx")
    assert not reader.recognises(b"<quiz><question/></quiz>", "a.xml")
    assert not reader.recognises(b"PK\x03\x04", "a.zip")


@pytest.mark.parametrize("key", ["INF", "-INF", "NaN", "1e300"])
def test_a_key_that_nobody_can_type_is_a_fault(key: str) -> None:
    fixture = Path(__file__).parents[1] / "fixtures" / "qti" / "entry-number-near.xml"
    item = fixture.read_text("utf-8").replace("2000000", key)

    (fault,) = QtiReader().read(item.encode(), "a.xml")

    assert isinstance(fault, ReadFault)
    assert "No number" in str(fault.message)


def test_an_item_that_asks_for_much_work_is_refused_at_once() -> None:
    many = "".join(f'<qti-simple-choice identifier="x{n}">{n}</qti-simple-choice>' for n in range(3_000))
    end = b"</qti-choice-interaction>"
    wide = choice("a", "<p>Ada?</p>").replace(end, many.encode() + end)
    begun = time.monotonic()

    (fault,) = QtiReader().read(wide, "a.xml")
    with pytest.raises(Unreadable):
        list(QtiReader().read(wide.replace(b"<p>Ada?</p>", b"<p/>" * 20_000), "a.xml"))

    assert isinstance(fault, ReadFault)
    assert "At most 12" in str(fault.message)
    assert time.monotonic() - begun < 1
