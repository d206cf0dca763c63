"""The public pages of laws and numbers."""

import pytest
from flask.testing import FlaskClient

from courses.facts.book import load_book


def test_the_laws_are_listed_for_everyone(client: FlaskClient) -> None:
    page = client.get("/hukum")

    assert page.status_code == 200
    for law in load_book().laws.values():
        assert f'id="{law.id}"' in page.text
        assert law.url.replace("&", "&amp;") in page.text


def test_a_number_shows_its_history_with_citations(client: FlaskClient) -> None:
    page = client.get("/fakta/jkm.benefit.total_without_scholarship")

    assert "<h1>Rp42.000.000</h1>" in page.text
    assert page.text.index("Rp42.000.000") < page.text.index("Rp24.000.000")
    assert '<a href="/hukum#pp-82-2019">PP 82/2019</a>' in page.text


def test_a_number_is_shown_in_english(client: FlaskClient) -> None:
    client.post("/tampilan", data={"locale": "en"})

    page = client.get("/fakta/jkm.benefit.total_without_scholarship")

    assert "<h1>Rp42,000,000</h1>" in page.text
    assert "since December 2, 2019" in page.text


def test_a_number_nobody_checked_carries_a_warning(client: FlaskClient) -> None:
    doubtful = next(
        fact
        for history in load_book().facts.values()
        for fact in history
        if fact.is_doubtful and not fact.valid_to
    )

    page = client.get(f"/fakta/{doubtful.key}")

    assert "message warning" in page.text


def test_every_number_has_a_page(client: FlaskClient) -> None:
    missing = [key for key in load_book().facts if client.get(f"/fakta/{key}").status_code != 200]

    assert not missing


@pytest.mark.parametrize("key", ["x", "jkm.benefit", "jkm.benefit.funeral.x", "<script>"])
def test_an_unknown_number_is_not_found(client: FlaskClient, key: str) -> None:
    assert client.get(f"/fakta/{key}").status_code == 404


def test_the_list_has_every_key_and_every_law_to_copy(client: FlaskClient) -> None:
    page = client.get("/fakta").get_data(as_text=True)

    for key in load_book().facts:
        assert f"{{fakta:{key}}}" in page
    for law_id in load_book().laws:
        assert f">{law_id}</code>" in page


def test_the_list_is_narrowed_by_words_numbers_and_laws(client: FlaskClient) -> None:
    for word, key in (("jht.rate", "jht.rate.worker"), ("PP 46/2015", "jht.rate.worker")):
        page = client.get("/fakta", query_string={"q": word}).get_data(as_text=True)
        assert f"{{fakta:{key}}}" in page
        assert "jkp." not in page
    assert client.get("/fakta?q=tidak-ada-sama-sekali").status_code == 200
