"""The public pages of the calculators."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from courses.facts.calculators.register import CALCULATORS


def test_the_list_leads_to_every_calculator(client: FlaskClient) -> None:
    page = client.get("/hitung")

    assert page.status_code == 200
    for calculator in CALCULATORS:
        assert f'href="/hitung/{calculator.key}"' in page.text
        assert client.get(f"/hitung/{calculator.key}").status_code == 200


def test_an_unknown_calculator_is_not_found(client: FlaskClient) -> None:
    assert client.get("/hitung/zakat").status_code == 404


def test_the_address_alone_shows_every_step_with_its_source(client: FlaskClient) -> None:
    page = client.get("/hitung/pu?upah=2.000.000&per=2016-10-19")

    assert page.status_code == 200
    assert '<p class="large">Rp184.800</p>' in page.text
    assert "Rp2.000.000 × 0,24%" in page.text
    assert '<a href="/fakta/jkk.rate.pu.very_low">0,24%</a>' in page.text
    assert '<a href="/hukum#pp-44-2015">PP 44/2015</a> Pasal 16' in page.text
    assert "19 Oktober 2016" in page.text


def test_the_link_to_pass_on_gives_the_same_page(client: FlaskClient) -> None:
    page = client.get("/hitung/pu?upah=2.000.000&risiko=tinggi")
    address = "/hitung/pu?upah=2.000.000&amp;risiko=tinggi&amp;per=2026-11-22"

    assert address in page.text
    again = client.get(address.replace("&amp;", "&"))
    assert again.text.count("Rp205.400") == page.text.count("Rp205.400") > 0


def test_the_law_of_the_day_decides(client: FlaskClient) -> None:
    then, now = (client.get(f"/hitung/pu?upah=15.000.000&per={day}") for day in ("2016-10-19", "2026-11-22"))

    assert "Rp7.335.300" in then.text
    assert 'id="jkp"' not in then.text
    assert "Rp11.086.300" in now.text
    assert 'id="jkp"' in now.text


def test_an_untouched_form_has_no_faults_and_no_result(client: FlaskClient) -> None:
    page = client.get("/hitung/pu?per=2016-10-19")

    assert page.status_code == 200
    assert "field-error" not in page.text
    assert "reckoning" not in page.text


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("upah=", "upah", "isi"),
        ("upah=0", "upah", "0"),
        ("upah=Rp+1,5+juta", "upah", "1.500.000"),
        ("upah=" + "9" * 5000, "upah", "panjang"),
        ("upah=%00%ff", "upah", ""),
        ("upah=2.000.000&risiko=%3Cscript%3E", "risiko", ""),
        ("upah=2.000.000&per=2016-02-30", "per", "2016-10-19"),
        ("upah=2.000.000&per=besok", "per", "2016-10-19"),
        ("upah=2.000.000&per=1999-01-01", "per", "1999"),
    ],
)
def test_bad_input_gets_a_sentence_at_its_field(
    client: FlaskClient, query: str, field: str, said: str
) -> None:
    page = client.get(f"/hitung/pu?{query}")

    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert said in page.text[page.text.index(f'id="{field}-error"') :]
    assert "<script>" not in page.text.replace("<script src", "")


def test_inputs_nobody_asks_for_are_passed_over(client: FlaskClient) -> None:
    page = client.get("/hitung/pu?upah=2.000.000&utm_source=wa&padat_karya=ya")

    assert page.status_code == 200
    assert "utm_source" not in page.text.partition("<main")[2].partition("</main>")[0]


def test_the_page_speaks_english(client: FlaskClient) -> None:
    client.post("/tampilan", data={"locale": "en"})

    page = client.get("/hitung/pu?upah=2.000.000&per=2016-10-19")

    assert '<p class="large">Rp184,800</p>' in page.text
    assert "JKK, paid by the employer" in page.text


@pytest.mark.parametrize("inputs", ["", "&upah=8.000.000&bulan_iur=24"])
def test_a_programme_that_did_not_exist_is_said_at_once_and_asked_nothing(
    client: FlaskClient, inputs: str
) -> None:
    page = client.get(f"/hitung/jkp?per=2016-10-19{inputs}")

    assert page.status_code == 200
    assert page.text.count("Pada 19 Oktober 2016 JKP belum ada.") == 1
    assert 'id="upah"' not in page.text
    assert 'href="/hukum#pp-37-2021"' in page.text
