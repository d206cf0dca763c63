"""A document that says it is XML is read as XML, and as HTML where it is not, after all."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from lms.core import pdf
from lms.core.pdf_order import Order, write_order
from lms.core.pdf_reading import DECLARATION, read_tree

HEAD = f'{DECLARATION}version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'


def test_elements_attributes_and_text_are_read() -> None:
    tree = read_tree(HEAD + '<html lang="id"><p class="a">Hak &amp; kewajiban &#34;é&#34;<br/>dua</p></html>')

    assert tree is not None
    assert ElementTree.tostring(tree, encoding="unicode") == (
        '<html lang="id"><p class="a">Hak &amp; kewajiban "é"<br />dua</p></html>'
    )


@pytest.mark.parametrize(
    "document",
    ["<html><p>Satu</p></html>", HEAD + "<html><p>Satu</html>", HEAD + "<html><p>\x0c</p></html>"],
)
def test_what_is_no_xml_is_read_as_html(document: str) -> None:
    assert read_tree(document) is None


def test_entities_of_its_own_are_refused() -> None:
    bomb = HEAD.replace("html>", 'html [<!ENTITY a "aaaaaaaaaa">]>') + "<html>&a;</html>"

    with pytest.raises(ValueError, match="entities"):
        read_tree(bomb)


def test_either_reading_gives_the_same_bytes() -> None:
    body = '<html lang="id"><head><title>Sama</title></head><body><h1>Hak &amp; kewajiban</h1></body></html>'
    worker = pdf.Worker()
    try:
        as_xml = worker.render(write_order(Order(HEAD + body)))
        as_html = worker.render(write_order(Order("<!DOCTYPE html>\n" + body)))
    finally:
        worker.kill()

    assert as_xml == as_html
