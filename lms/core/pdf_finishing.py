"""What WeasyPrint leaves to do until a document is PDF/A-3a and PDF/UA-1 at once: for its ``finisher`` hook.

It runs in the worker (`lms.core.pdf_worker`) on the objects of pydyf, before they are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

UA_EXTENSION = b"""<rdf:Description rdf:about=""
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>PDF/UA version identifier</pdfaProperty:description>
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>"""
"""Says that it is PDF/UA-1, and what the word for that means, which PDF/A asks for."""


def speaking_stream(stream_class: Any, string_class: Any) -> Any:
    """Return a class of page contents that say which of their texts are in another language.

    A voice then reads "awarded to" in English. WeasyPrint knows the language of each text and keeps it.

    Args:
        stream_class: of WeasyPrint.
        string_class: of pydyf.
    """

    class SpeakingStream(stream_class):  # type: ignore[misc]
        """Page contents; `document_language` is what needs no mark."""

        document_language = ""

        @contextmanager
        def marked(self, box: Any, tag: str) -> Iterator[None]:
            with super().marked(box, tag):
                language = box.style["lang"]
                if self._tags is not None and language and language != self.document_language:
                    self.stream[-2]["Lang"] = string_class(language)
                yield

    return SpeakingStream


def declare_accessible(pdf: Any) -> None:
    """Put the PDF/UA identifier into the metadata, which stay readable without unpacking."""
    metadata = _object(pdf, pdf.catalog["Metadata"])
    head, end, tail = metadata.stream[0].partition(b"</rdf:RDF>")
    metadata.stream[0] = head + UA_EXTENSION + end + tail
    metadata.compress = False


def list_attachments_once(pdf: Any) -> None:
    """Take the doubles out of the list of associated files."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])


def set_margins_aside(pdf: Any) -> None:
    """Mark what stands in page margins as artifacts: a voice does not read it on every page.

    WeasyPrint gives that text tags which hang in no tree.
    """
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    hanging = set(_reached(pdf, root["K"][0]))
    pages = [_object(pdf, reference) for reference in pdf.page_references]
    numbers = _object(pdf, root["ParentTree"])["Nums"]
    for page, parents in zip(pages, numbers[1::2], strict=False):
        loose = {mcid for mcid, parent in enumerate(parents) if parent not in hanging}
        if loose:
            _make_artifacts(_object(pdf, page["Contents"]).stream, loose)
            parents[:] = [b"null" if mcid in loose else parent for mcid, parent in enumerate(parents)]
    for element in (item for item in pdf.objects if _is_element(item)):
        if element.reference not in hanging:
            element.clear()


def lay_backdrops(document: Any, pdf: Any, backdrops: Mapping[str, bytes], make_stream: Any) -> None:
    """Put a drawing under each page of a name, as an artifact; one stream serves all pages.

    Args:
        document: of WeasyPrint.
        pdf: its objects.
        backdrops: content streams by the name of the page (CSS ``page``).
        make_stream: the class of streams of pydyf.
    """
    streams: dict[str, Any] = {}
    for page, reference in zip(document.pages, pdf.page_references, strict=True):
        name = page._page_box.page_type.name
        if name not in backdrops:
            continue
        if name not in streams:
            streams[name] = make_stream([backdrops[name]], compress=True)
            pdf.add_object(streams[name])
        target = _object(pdf, reference)
        target["Contents"] = b"[%s %s]" % (streams[name].reference, target["Contents"])


def drawing(pdf: Any) -> bytes:
    """Return the content of the only page as an artifact that needs no resources.

    Raises:
        ValueError: it has text, pictures, patterns or shades, which would need some.
    """
    page = _object(pdf, pdf.page_references[0])
    operators = [
        operator
        for operator in _object(pdf, page["Contents"]).stream
        if operator not in (b"/a1 gs", b"/a1.0 gs", b"/A1 gs", b"/A1.0 gs")
    ]
    content = b"\n".join(item if isinstance(item, bytes) else str(item).encode() for item in operators)
    for foreign in (b" gs\n", b" Do\n", b"\nBT\n", b" scn\n", b" SCN\n", b" sh\n"):
        if foreign in content:
            raise ValueError(f"a backdrop is plain lines and areas, and has {foreign.decode().strip()}")
    return b"/Artifact BMC\nq\n" + content + b"\nQ\nEMC"


def pack(pdf: Any) -> None:
    """Write each object once: pydyf would do it twice, for the file and for its identifier."""
    pdf.objects[1:] = [_Written(item) for item in pdf.objects[1:]]


class _Written:
    """An object of pydyf as it stands in the file."""

    generation = 0
    free = "n"

    def __init__(self, item: Any) -> None:
        self.number = item.number
        self.offset = 0
        self.compressible = item.compressible
        self.data = item.data

    @property
    def indirect(self) -> bytes:
        """The object with its number."""
        return b"%d 0 obj\n%s\nendobj" % (self.number, self.data)


def _is_element(item: Any) -> bool:
    return isinstance(item, dict) and item.get("Type") == "/StructElem"


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _reached(pdf: Any, reference: bytes) -> Iterator[bytes]:
    """Yield the structure elements that hang in the tree below one."""
    waiting = [reference]
    while waiting:
        current = waiting.pop()
        yield current
        kids = _object(pdf, current).get("K", ())
        waiting.extend(kid for kid in kids if isinstance(kid, bytes))


def _make_artifacts(operators: list[Any], loose: set[int]) -> None:
    """Turn ``/Span <</MCID n>> BDC`` into ``/Artifact BMC`` for the given numbers."""
    for place, operator in enumerate(operators):
        if operator == b"BDC" and operators[place - 1].get("MCID") in loose:
            operators[place - 2 : place + 1] = ["/Artifact", b"", b"BMC"]
