"""Photos of strangers: turned, blurred, huge, hostile; read within limits or refused with a sentence."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from certificates.checking import photo, photo_worker
from certificates.checking.photo import read_photo
from lms.core.errors import Invalid, Unavailable
from tests.certificates.checking.conftest import draw

TEXT = "HTTPS://PENGGERAK.EXAMPLE.ID/V/T3V33JGXVEMDPE7K2/" + "1" + "A2" * 59 + "B"


def save(picture: Image.Image, form: str, **values: object) -> bytes:
    """Return a picture as a file."""
    body = io.BytesIO()
    picture.save(body, form, **values)
    return body.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("turned", [0, 90, 203])
def test_a_photo_is_read_however_it_was_held(form: str, turned: int) -> None:
    assert read_photo(draw(TEXT, form=form, turned=turned)) == [TEXT]


def test_a_weak_photo_is_read() -> None:
    sheet = Image.open(io.BytesIO(draw(TEXT))).convert("RGB")
    weak = sheet.filter(ImageFilter.GaussianBlur(1.2)).resize((800, 800))
    assert read_photo(save(weak, "JPEG", quality=40)) == [TEXT]


def test_a_photo_turned_by_its_note_is_turned_back() -> None:
    """Phones note in EXIF how they were held; a mirrored picture has a QR nobody else can read."""
    mirrored = Image.open(io.BytesIO(draw(TEXT))).convert("RGB").transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    exif = Image.Exif()
    exif[0x0112] = 2
    assert read_photo(save(mirrored, "JPEG", exif=exif)) == [TEXT]


def test_a_photo_without_a_qr_holds_none() -> None:
    assert read_photo(save(Image.new("RGB", (300, 300), "white"), "PNG")) == []


def test_a_photo_of_two_hundred_megapixels_is_read_small() -> None:
    large = save(Image.new("L", (14_000, 14_000), 255), "JPEG")
    assert read_photo(large) == []


def png_bomb(side: int) -> bytes:
    """Return a small file that says it is a huge picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    packed = zlib.compress(b"\0" * 10_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "kind"),
        (b"GIF89a" + bytes(100), "kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
        (bytes(1_000_000), "kind"),
        (png_bomb(60_000), "pixels"),
        (png_bomb(3_000), "damaged"),
        (draw(TEXT, form="JPEG")[:3000], "damaged"),
        (draw(TEXT, form="PNG")[:3000], "damaged"),
    ],
)
def test_what_is_no_photo_gets_the_sentence_that_fits(body: bytes, said: str) -> None:
    with pytest.raises(Invalid) as told:
        read_photo(body)
    assert told.value.message == photo.FAULTS[said]
    assert told.value.field == "file"


def test_more_than_ten_megabytes_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo, "_ask", None)
    with pytest.raises(Invalid, match="10 MB"):
        read_photo(bytes(photo.MAX_PHOTO_BYTES + 1))


@pytest.mark.parametrize("deed", ["while True: pass", "bytearray(3_000_000_000)", "import os; os.abort()"])
def test_a_photo_that_breaks_its_process_breaks_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    """The worker's own limits, with a decoder that has fallen to a hostile picture."""
    source = Path(photo_worker.__file__).read_text(encoding="utf-8")
    source = source.replace("CPU_SECONDS = 6", "CPU_SECONDS = 1")
    fallen = tmp_path / "fallen.py"
    fallen.write_text(source.replace("    json.dump(", f"    {deed}\n    json.dump("), encoding="utf-8")
    monkeypatch.setattr(photo, "WORKER", fallen)
    with pytest.raises(Invalid) as told:
        read_photo(draw(TEXT))
    assert told.value.message == photo.FAULTS["costly"]


def test_a_fallen_decoder_can_write_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loot = tmp_path / "loot"
    source = Path(photo_worker.__file__).read_text(encoding="utf-8")
    fallen = tmp_path / "fallen.py"
    deed = f"open({str(loot)!r}, 'w').write('x' * 100000)"
    fallen.write_text(source.replace("    json.dump(", f"    {deed}\n    json.dump("), encoding="utf-8")
    monkeypatch.setattr(photo, "WORKER", fallen)
    with pytest.raises(Invalid):
        read_photo(draw(TEXT))
    assert not loot.exists() or loot.read_bytes() == b""


def test_when_many_photos_are_read_one_comes_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo, "QUEUE_SECONDS", 0.01)
    with photo._places, photo._places, pytest.raises(Unavailable):
        read_photo(draw(TEXT))
    assert read_photo(draw(TEXT)) == [TEXT]
