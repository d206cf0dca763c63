"""Addresses in QR codes and in what people paste."""

from __future__ import annotations

import pytest

from certificates.checking.payload import Payload, choose, read_payload

CODE = "T3V33JGXVEMDPE7K2"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"HTTPS://CONTOH.GO.ID/V/{CODE}/ABC", Payload("contoh.go.id", CODE, "ABC")),
        (f" https://contoh.go.id/v/{CODE}\n", Payload("contoh.go.id", CODE, "")),
        (f"https://contoh.go.id:8443/v/{CODE}/?x=1#y", Payload("contoh.go.id", CODE, "")),
        ("https://contoh.go.id/v/T3V3-3JGX", Payload("contoh.go.id", "T3V3-3JGX", "")),
        (f"https://contoh.go.id/k/{CODE}", None),
        (f"https://contoh.go.id/v/{CODE}/a/b", None),
        (f"javascript:/v/{CODE}", None),
        ("https://[::1/v/x", None),
        ("https://contoh.go.id/v/", None),
        ("WIFI:S:aula;;", None),
        ("", None),
    ],
)
def test_an_address_of_ours_is_taken_apart(text: str, found: Payload | None) -> None:
    assert read_payload(text) == found


def test_of_several_the_one_with_a_stamp_and_of_this_house_is_chosen() -> None:
    texts = [
        "WIFI:S:aula;;",
        f"https://lain.test/v/{CODE}/STAMP",
        f"https://sini.test/v/{CODE}",
        f"https://sini.test/v/{CODE}/STAMP",
    ]
    chosen = choose(texts, {"sini.test"})
    assert chosen == Payload("sini.test", CODE, "STAMP")
    assert choose(texts[:2], {"sini.test"}) == Payload("lain.test", CODE, "STAMP")
    assert choose(texts[:1], {"sini.test"}) is None
