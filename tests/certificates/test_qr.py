"""The QR on the paper: as large as promised, and read from bad pictures of it."""

from __future__ import annotations

import base64
import io

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from certificates.paper import render_paper
from certificates.qr import LARGE_SYMBOL_MILLIMETRES, PIXELS, SYMBOL_MILLIMETRES, check_address, draw_qr
from tests.certificates.conftest import SealedSample
from tests.certificates.samples import make_record

CODE = make_record().code
STAMP = "A" * 120
LONG_HOST = "https://" + "pelatihan." * 4 + "kantor-cabang.example.id"
MILLIMETRES_PER_INCH = 25.4
QUIET_MODULES = 8


@pytest.fixture(scope="module")
def pages(sealed_sample: SealedSample) -> dict[str, bytes]:
    """A stamped certificate as it is handed out, and one of a place with a long address."""
    long = render_paper(sealed_sample.record, base_url=LONG_HOST, stamp=sealed_sample.stamp)
    return {"signed": sealed_sample.signed, "long": long}


@pytest.fixture(scope="module")
def addresses(sealed_sample: SealedSample) -> dict[str, str]:
    """What the symbols must say."""
    return {
        name: check_address(sealed_sample.record.code, base_url=base, stamp=sealed_sample.stamp)
        for name, base in (("signed", sealed_sample.base_url), ("long", LONG_HOST))
    }


def first_page(body: bytes, *, dpi: int) -> Image.Image:
    """Return the first page as a scanner of so many dots to the inch sees it."""
    document = pypdfium2.PdfDocument(body)
    picture = document[0].render(scale=dpi / 72).to_pil().convert("L")
    document.close()
    return picture


def read(picture: Image.Image) -> list[str]:
    """Return what a scanner finds."""
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def as_jpeg(picture: Image.Image, *, quality: int) -> Image.Image:
    """Return the picture after a lossy journey."""
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality)
    return Image.open(stream)


def modules(payload: str) -> int:
    """Return the side of a symbol in modules, without its blank."""
    url = draw_qr(payload).picture
    width = Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).width
    return width // PIXELS - QUIET_MODULES


@pytest.mark.parametrize("dpi", [72, 100, 150, 300])
@pytest.mark.parametrize("name", ["signed", "long"])
def test_it_is_read_at_any_resolution(
    pages: dict[str, bytes], addresses: dict[str, str], name: str, dpi: int
) -> None:
    assert read(first_page(pages[name], dpi=dpi)) == [addresses[name]]


@pytest.mark.parametrize("degrees", [7, -12, 45, 90, 180])
def test_it_is_read_from_a_page_that_lies_askew(
    pages: dict[str, bytes], addresses: dict[str, str], degrees: int
) -> None:
    picture = first_page(pages["signed"], dpi=150)
    turned = picture.rotate(degrees, resample=Image.Resampling.BILINEAR, expand=True, fillcolor=200)
    assert read(turned) == [addresses["signed"]]


@pytest.mark.parametrize("name", ["signed", "long"])
def test_it_is_read_out_of_focus_and_from_a_poor_jpeg(
    pages: dict[str, bytes], addresses: dict[str, str], name: str
) -> None:
    page = first_page(pages[name], dpi=150)
    assert read(page.filter(ImageFilter.GaussianBlur(1.2))) == [addresses[name]]
    assert read(as_jpeg(page, quality=40)) == [addresses[name]]
    poor = page.rotate(5, resample=Image.Resampling.BILINEAR, fillcolor=200).filter(
        ImageFilter.GaussianBlur(0.8)
    )
    assert read(as_jpeg(poor, quality=40)) == [addresses[name]]


@pytest.mark.parametrize(
    ("host_length", "version", "side"),
    [
        (4, 6, SYMBOL_MILLIMETRES),
        (29, 7, SYMBOL_MILLIMETRES),
        (30, 8, LARGE_SYMBOL_MILLIMETRES),
        (70, 8, LARGE_SYMBOL_MILLIMETRES),
    ],
)
def test_a_long_host_makes_it_larger_on_paper(host_length: int, version: int, side: int) -> None:
    payload = check_address(CODE, base_url="https://" + "x" * host_length, stamp=STAMP)
    side_modules = modules(payload)
    drawn = draw_qr(payload).millimetres
    assert side_modules == 17 + 4 * version
    assert drawn * side_modules / (side_modules + QUIET_MODULES) == pytest.approx(side, abs=0.01)


def test_it_is_as_large_on_the_page_as_promised(pages: dict[str, bytes]) -> None:
    dpi = 300
    (found,) = zxingcpp.read_barcodes(first_page(pages["signed"], dpi=dpi))
    across = found.position.top_right.x - found.position.top_left.x
    assert across / dpi * MILLIMETRES_PER_INCH == pytest.approx(SYMBOL_MILLIMETRES, abs=0.4)


def test_without_a_stamp_it_carries_the_code_alone() -> None:
    assert check_address(CODE, base_url="https://contoh.id", stamp=None) == f"HTTPS://CONTOH.ID/V/{CODE}"
    assert check_address(CODE, base_url="https://contoh.id", stamp=STAMP).endswith(f"/{CODE}/{STAMP}")
