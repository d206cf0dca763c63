"""GIFT out: read again it is the same question; what it cannot hold is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.exchange.contract import GivenQuestion, ReadQuestion
from quizzes.exchange.gift.reader import Gift
from quizzes.exchange.gift.writing import GiftWriter
from quizzes.types import get_type
from quizzes.types.base import Json
from tests.quizzes.exchange.strategies import KINDS, TEXT, WORDS


def read_again(*questions: GivenQuestion) -> list[ReadQuestion]:
    written = GiftWriter().write(questions)
    read = list(Gift().read(written, "x.gift"))
    assert all(isinstance(one, ReadQuestion) for one in read), (written.decode(), read)
    return [one for one in read if isinstance(one, ReadQuestion)]


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_what_is_written_is_read_as_the_same_question(kind: str, data: st.DataObject) -> None:
    source: Json = {"stem": data.draw(TEXT)} | data.draw(KINDS[kind])
    if data.draw(st.booleans()):
        source["explanation"] = data.draw(TEXT)
    if get_type(kind).faults(source):
        return
    name, tag = data.draw(WORDS), data.draw(WORDS)
    given_ = GivenQuestion(kind, source, name, topic="Iuran / JHT", tags=(tag,))

    (read,) = read_again(given_)

    assert (read.kind, read.source) == (kind, source)
    assert (read.name, read.topic, read.tags) == (
        " ".join(name.split()),
        "Iuran / JHT",
        (" ".join(tag.split()),),
    )
    assert read.losses == ()
