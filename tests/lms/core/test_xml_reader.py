"""The one reader of XML: what it reads, and what it refuses before anything comes of it."""

from __future__ import annotations

import pytest

from lms.core.xml_reader import XmlFault, iterate_xml, read_xml


def test_elements_come_with_their_names_lines_attributes_and_words() -> None:
    root = read_xml(b'<a xmlns="urn:x" b="1">\n<c>isi &amp; &#65;</c><!-- catatan -->\n</a>')

    assert (root.namespace, root.name, root.attributes, root.line) == ("urn:x", "a", {"b": "1"}, 1)
    assert [element.name for element in root.elements()] == ["a", "c"]
    assert [element.line for element in root.elements()] == [1, 2]
    assert list(root.elements())[1].children == ["isi & A"]


def test_an_attribute_keeps_its_namespace() -> None:
    root = read_xml(b'<a xmlns:x="urn:x" x:href="1"/>')

    assert root.attributes == {"urn:x href": "1"}


LAUGHS = b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
REFUSED = {
    "a document type": b"<!DOCTYPE a><a/>",
    "a billion laughs": LAUGHS,
    "a file of the machine": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "a parameter entity": b'<!DOCTYPE a [<!ENTITY % b SYSTEM "http://x/"> %b;]><a/>',
    "an unknown entity": b"<a>&nbsp;</a>",
    "an instruction": b'<?xml-stylesheet href="x.css"?><a/>',
    "another encoding": '<?xml version="1.0" encoding="iso-8859-1"?><a>\xe9</a>'.encode("latin-1"),
    "UTF-16": '<?xml version="1.0"?><a/>'.encode("utf-16"),
    "no UTF-8": b"<a>\xff</a>",
    "a control character": b"<a>\x01</a>",
    "two roots": b"<a/><b/>",
    "no end": b"<a><b></b>",
    "nothing": b"",
    "only words": b"isi",
    "an unbound prefix": b"<x:a/>",
    "an attribute twice": b'<a b="1" b="2"/>',
}


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_plain_is_refused_with_its_line(source: bytes) -> None:
    with pytest.raises(XmlFault) as refused:
        read_xml(source)

    assert refused.value.line >= 1
    assert refused.value.message


def test_the_line_is_that_of_the_fault() -> None:
    with pytest.raises(XmlFault) as refused:
        read_xml(b"<a>\n\n<b></c>\n</a>")

    assert refused.value.line == 3


def test_size_depth_and_number_have_limits() -> None:
    deep = b"<a>" * 5 + b"</a>" * 5
    many = b"<a>" + b"<b/>" * 5 + b"</a>"

    assert read_xml(deep, max_depth=5).name == "a"
    assert read_xml(many, max_elements=6).name == "a"
    for source, limits in ((deep, {"max_depth": 4}), (many, {"max_elements": 5}), (many, {"max_bytes": 26})):
        with pytest.raises(XmlFault):
            read_xml(source, **limits)


def test_elements_are_handed_out_one_by_one() -> None:
    source = b"<quiz a='1'> <q>one</q>\n<q><t>two</t></q> </quiz>"

    outermost, *children = iterate_xml(source)

    assert (outermost.name, outermost.attributes, outermost.children) == ("quiz", {"a": "1"}, [])
    assert children[0].children == ["one"]
    assert [child.line for child in children] == [1, 2]


def test_what_stands_before_a_fault_is_handed_out_first() -> None:
    found = iterate_xml(b"<quiz><q/>\n<q/>\n<q></quiz>")

    assert [next(found).name for _place in range(3)] == ["quiz", "q", "q"]
    with pytest.raises(XmlFault) as fault:
        next(found)
    assert fault.value.line == 3


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"<a>\xff</a>",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        b"<?xml version='1.0' encoding='latin-1'?><a/>",
        b"<a><?php echo 1 ?></a>",
        b"<a>" * 30,
        b"<a>" + b"<b/>" * 101 + b"</a>",
        b"<a>" + b" " * 2000 + b"</a>",
    ],
)
def test_handing_out_refuses_what_reading_at_once_refuses(source: bytes) -> None:
    limits = {"max_bytes": 1000, "max_elements": 100}
    with pytest.raises(XmlFault):
        read_xml(source, **limits)
    with pytest.raises(XmlFault):
        list(iterate_xml(source, **limits))


def test_letters_and_lines_across_the_parts_that_are_read_at_a_time() -> None:
    texts = ["é€😀\n" * 40_000, "x" * 100_000, "ö"]
    source = "<a>" + "".join(f"<b>{text}</b>" for text in texts) + "</a>"

    _outermost, *found = iterate_xml(source.encode(), max_bytes=10**7)

    assert ["".join(str(piece) for piece in one.children) for one in found] == texts
    assert [one.line for one in found] == [1, 40_001, 40_001]


def test_too_many_elements_are_seen_without_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(*_given: object) -> None:
        raise AssertionError("it is being parsed")

    monkeypatch.setattr("lms.core.xml_reader.expat.ParserCreate", parse)
    with pytest.raises(XmlFault, match="11"):
        read_xml(b"<a>" + b"<b/>" * 11 + b"</a>", max_elements=11)


def test_only_elements_count_as_elements() -> None:
    read_xml(b"<?xml version='1.0'?><a><!-- <b><b> --><b><![CDATA[<b><b><b>]]></b></a>", max_elements=2)
