"""The QR is read from its picture, however it is packed."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name

from certificates.checking.pdf_contents import open_pdf, read_contents
from certificates.checking.pdf_pictures import MAX_PICTURES, read_codes
from certificates.qr import check_address, draw_qr
from tests.certificates.checking import tampering
from tests.certificates.conftest import SealedSample

TEXT = "HTTPS://BELAJAR.EXAMPLE.ID/V/T3V33JGXVEMDPE7K7"


def drawn() -> Image.Image:
    return Image.open(io.BytesIO(tampering.png_of(draw_qr(TEXT).picture)))


def page_with(*pictures: generic.StreamObject) -> Any:
    """Return a page that shows these."""
    named = {pdf_name(f"/p{place}"): picture for place, picture in enumerate(pictures)}
    objects = generic.DictionaryObject({pdf_name("/XObject"): generic.DictionaryObject(named)})
    return generic.DictionaryObject({pdf_name("/Resources"): objects})


def picture(mode: str, space: str = "/DeviceGray", depth: int = 8, **more: Any) -> generic.StreamObject:
    """Return the QR as a picture that is not packed."""
    image = drawn().convert("1").convert(mode)
    values = {
        "/Subtype": pdf_name("/Image"),
        "/Width": generic.NumberObject(image.width),
        "/Height": generic.NumberObject(image.height),
        "/ColorSpace": pdf_name(space),
        "/BitsPerComponent": generic.NumberObject(depth),
    } | {f"/{name}": value for name, value in more.items()}
    held = generic.DictionaryObject({pdf_name(name): value for name, value in values.items()})
    return generic.StreamObject(held, stream_data=image.tobytes())


@pytest.mark.parametrize(
    ("mode", "space", "depth"),
    [("L", "/DeviceGray", 8), ("1", "/DeviceGray", 1), ("RGB", "/DeviceRGB", 8)],
)
def test_a_plain_picture_is_read(mode: str, space: str, depth: int) -> None:
    assert read_codes(page_with(picture(mode, space, depth))) == [TEXT]


def test_the_picture_of_a_certificate_is_read(sealed_sample: SealedSample) -> None:
    record = sealed_sample.record
    address = check_address(record.code, base_url=sealed_sample.base_url, stamp=sealed_sample.stamp)
    assert read_contents(open_pdf(sealed_sample.signed)).qr_codes == (address,)


@pytest.mark.parametrize(
    "strange",
    [
        {"Width": generic.NumberObject(100_000)},
        {"Width": generic.NumberObject(0), "Height": generic.NumberObject(0)},
        {"BitsPerComponent": generic.NumberObject(16)},
        {"ColorSpace": pdf_name("/DeviceCMYK")},
        {"Subtype": pdf_name("/Form")},
    ],
)
def test_a_picture_unlike_ours_is_passed_over(strange: dict[str, Any]) -> None:
    assert read_codes(page_with(picture("L", **strange))) == []


def test_only_the_first_pictures_are_looked_at() -> None:
    assert len(read_codes(page_with(*[picture("L")] * (MAX_PICTURES + 3)))) == MAX_PICTURES
    assert read_codes(generic.DictionaryObject()) == []
