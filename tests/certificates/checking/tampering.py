"""What people and machines do to a signed certificate, one function each: bytes in, bytes out."""

from __future__ import annotations

import base64
import io
import re
import zlib
from collections.abc import Callable

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from certificates.qr import draw_qr


def updated(body: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """Return the file with a change put behind it, as editors do; the signed bytes stay as they are."""
    writer = IncrementalPdfFileWriter(io.BytesIO(body))
    change(writer)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def rewritten(body: bytes, change: Callable[[pikepdf.Pdf], None] = lambda _pdf: None, **how: object) -> bytes:
    """Return the file written anew after a change, as "save as" does."""
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(body)) as pdf:
        change(pdf)
        pdf.save(stream, **how)  # type: ignore[arg-type]
    return stream.getvalue()


def flipped(body: bytes) -> bytes:
    """Return the file with one bit of the first page's packed contents turned."""
    changed = bytearray(body)
    changed[body.index(b"stream") + 200] ^= 1
    return bytes(changed)


def painted_over(body: bytes) -> bytes:
    """Return the file with the words of its first page replaced by white."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = _page(writer)
        drawn = b"q 1 1 1 rg 0 0 842 595 re f Q"
        page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=drawn))
        writer.update_container(page)

    return updated(body, change)


def turned(body: bytes) -> bytes:
    """Return the file with the first page turned."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        _page(writer)["/Rotate"] = generic.NumberObject(90)
        writer.update_container(_page(writer))

    return updated(body, change)


def with_attachment(body: bytes) -> bytes:
    """Return the file with one more file inside."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        content = generic.StreamObject(stream_data=b"lain")
        file = generic.DictionaryObject({pdf_name("/F"): writer.add_object(content)})
        spec = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Filespec"),
                pdf_name("/F"): generic.TextStringObject("lain.txt"),
                pdf_name("/EF"): file,
            }
        )
        writer.root["/Lain"] = writer.add_object(spec)
        writer.update_root()

    return updated(body, change)


def with_credential(body: bytes, text: bytes) -> bytes:
    """Return the file with another text as its attached credential."""

    def change(pdf: pikepdf.Pdf) -> None:
        (spec,) = [pdf.attachments[name] for name in pdf.attachments]
        spec.obj.EF.F.write(text)

    return rewritten(body, change)


def with_qr(body: bytes, payload: str) -> bytes:
    """Return the file with another QR in the place of its own."""

    def change(pdf: pikepdf.Pdf) -> None:
        pictures = pdf.pages[0].Resources.XObject
        (name,) = [each for each in list(pictures) if pictures[each].Subtype == "/Image"]
        png = png_of(draw_qr(payload).picture)
        side = int.from_bytes(png[16:20], "big")
        rows = _idat(png)
        picture = pikepdf.Stream(pdf, rows)
        picture.write(rows, filter=pikepdf.Name.FlateDecode, decode_parms=_png_parms(png, side))
        picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        picture.Width = picture.Height = side
        picture.ColorSpace, picture.BitsPerComponent = pikepdf.Name.DeviceGray, png[24]
        pictures[name] = picture

    return rewritten(body, change)


def png_of(url: str) -> bytes:
    """Return the picture in a data URL."""
    return base64.b64decode(url.partition(",")[2])


def scripted(body: bytes) -> bytes:
    """Return the file with a script that runs when it is opened."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        action = {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.TextStringObject("app")}
        writer.root["/OpenAction"] = generic.DictionaryObject(action)
        writer.update_root()

    return updated(body, change)


def launching(body: bytes) -> bytes:
    """Return the file with a link on its page that starts a program."""

    def change(pdf: pikepdf.Pdf) -> None:
        action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("calc.exe"))
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action
        )
        pdf.pages[0].obj.Annots = pikepdf.Array([link])

    return rewritten(body, change)


def with_signature_of(body: bytes, other: bytes) -> bytes:
    """Return the file with the signature of another one in the place of its own."""
    own, foreign = _signature(body), _signature(other)
    return body[: own.start(1)] + foreign[1] + body[own.end(1) :]


def encrypted(body: bytes) -> bytes:
    """Return the file locked with a password."""
    return rewritten(body, encryption=pikepdf.Encryption(owner="a", user="b"))


def many_pages(count: int = 10_000) -> bytes:
    """Return a PDF with so many pages."""
    kids = b" ".join(b"3 0 R" for _ in range(count))
    return plain(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, kids), b"")


def bomb(megabytes: int = 60) -> bytes:
    """Return a small PDF whose page unpacks to so much."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()
    return plain(b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", packed)


def plain(pages: bytes, packed: bytes) -> bytes:
    """Return a PDF written by hand: its tree of pages, and the packed contents of its one page."""
    contents = b"<< /Length %d /Filter /FlateDecode >> stream\n%s\nendstream" % (len(packed), packed)
    objects = (b"<< /Type /Catalog /Pages 2 0 R >>", pages, b"<< /Type /Page /Contents 4 0 R >>", contents)
    body, places = b"%PDF-1.7\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"xref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return body + tail % (table, len(body))


def nested(depth: int = 100_000) -> bytes:
    """Return a PDF with lists in lists in lists."""
    return plain(b"<< /Type /Pages /Count 1 /Kids [3 0 R] /Lain %s%s >>" % (b"[" * depth, b"]" * depth), b"")


def _page(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    page: generic.DictionaryObject = writer.root["/Pages"]["/Kids"][0]
    return page


def _signature(body: bytes) -> re.Match[bytes]:
    found = re.search(rb"/Contents\s*<([0-9a-fA-F]{4000,})>", body)
    assert found
    return found


def _idat(png: bytes) -> bytes:
    parts, place = [], 8
    while place < len(png):
        length = int.from_bytes(png[place : place + 4], "big")
        if png[place + 4 : place + 8] == b"IDAT":
            parts.append(png[place + 8 : place + 8 + length])
        place += 12 + length
    return b"".join(parts)


def _png_parms(png: bytes, side: int) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(Predictor=15, Columns=side, Colors=1, BitsPerComponent=png[24])
