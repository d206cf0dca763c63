"""Pictures of questions: drawn anew, kept once, found by whoever is signed in."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.core.clock import utc_now
from lms.core.errors import Invalid, NotFound
from quizzes.bank.models import QuestionPicture
from quizzes.bank.pictures.storing import MAX_SENT_BYTES, MAX_SIDE, get_picture, keep_picture, read_picture


def picture(
    form: str = "PNG", size: tuple[int, int] = (640, 400), *, mode: str = "RGB", noise: bool = False
) -> bytes:
    drawn = Image.effect_noise(size, 90).convert(mode) if noise else Image.new(mode, size)
    body = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Pabrik HP"
    drawn.save(body, form, exif=exif)
    return body.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_picture_is_drawn_anew_without_device_and_trailing_bytes(form: str) -> None:
    kept = read_picture(picture(form) + b"<script>alert(1)</script>")

    assert (kept.width, kept.height, kept.media_type) == (640, 400, f"image/{form.lower()}")
    assert b"script" not in kept.body
    assert b"Pabrik" not in kept.body


def test_a_large_picture_is_made_smaller() -> None:
    kept = read_picture(picture("JPEG", (3000, 1500)))

    assert (kept.width, kept.height) == (MAX_SIDE, MAX_SIDE // 2)


def test_what_can_be_seen_through_becomes_white() -> None:
    with Image.open(io.BytesIO(read_picture(picture("PNG", (50, 50), mode="RGBA")).body)) as kept:
        assert kept.convert("RGB").getpixel((1, 1)) == (255, 255, 255)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\nxxxx",
        picture()[:60],
        picture("JPEG", (5000, 5000)),
        picture("PNG", (900, 900), noise=True),
        picture("JPEG") + b"x" * MAX_SENT_BYTES,
    ],
    ids=["empty", "svg", "gif", "damaged", "half", "pixels", "heavy", "bytes"],
)
def test_what_phones_cannot_show_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read_picture(body)

    assert refused.value.field == "upload"


def test_the_same_picture_is_kept_once(session: Session) -> None:
    for _ in range(2):
        keep_picture(session, read_picture(picture()), now=utc_now(), actor_id=None)
        session.commit()

    assert session.scalar(select(func.count()).select_from(QuestionPicture)) == 1
    row = get_picture(session, read_picture(picture()).sha256)
    assert (row.width, row.height) == (640, 400)
    with pytest.raises(NotFound):
        get_picture(session, "0" * 64)


def test_under_the_hash_of_what_is_kept_a_file_written_from_it_is_the_same_picture() -> None:
    kept = read_picture(picture("JPEG", noise=False)).as_kept()

    assert read_picture(kept.body).sha256 == kept.sha256
