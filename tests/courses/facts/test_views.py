"""The public pages of numbers, laws and terms."""

import pytest
from flask.testing import FlaskClient

from courses.facts.book import load_book
from courses.facts.fact import Fact
from courses.facts.views import timeline, today
from lms.core.accounts.models import Role
from tests.factories import make_user

TOTAL = "/fakta/jkm.benefit.total_without_scholarship"


def text_of(client: FlaskClient, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return page.text


def test_the_laws_are_listed_for_everyone(client: FlaskClient) -> None:
    page = text_of(client, "/hukum")

    for law in load_book().laws.values():
        assert f'id="{law.id}"' in page
        assert law.url.replace("&", "&amp;") in page


def test_a_law_shows_the_numbers_that_cite_it(client: FlaskClient) -> None:
    page = text_of(client, "/hukum?q=pp-60-2015")
    assert 'href="/fakta/' not in page

    page = text_of(client, "/hukum?q=pp-82-2019")
    assert '<a href="/fakta/jkm.benefit.funeral">Biaya pemakaman JKM</a>' in page


def test_laws_are_found_by_words(client: FlaskClient) -> None:
    page = text_of(client, "/hukum?q=hari+tua")

    assert 'id="pp-46-2015"' in page
    assert 'id="uu-27-2022"' not in page


def test_a_number_says_what_it_is_and_shows_its_history_with_citations(client: FlaskClient) -> None:
    page = text_of(client, TOTAL)

    assert "<h1>Manfaat JKM seluruhnya, di luar beasiswa</h1>" in page
    assert page.index("Rp42.000.000") < page.index("Rp24.000.000")
    assert '<a href="/hukum#pp-82-2019">PP 82/2019</a>' in page
    assert '<rect width="57"' in page


def test_a_number_is_shown_in_english(client: FlaskClient) -> None:
    client.post("/tampilan", data={"locale": "en"})

    page = text_of(client, TOTAL)

    assert "<h1>JKM benefits in all, scholarship apart</h1>" in page
    assert "Rp42,000,000" in page
    assert "since 2 December 2019" in page


def test_a_number_is_shown_as_the_law_of_another_day(client: FlaskClient) -> None:
    page = text_of(client, f"{TOTAL}?pada=2016-10-19")

    assert '<p class="big-value">Rp24.000.000</p>' in page
    assert page.count('aria-current="true"') == 1


def test_before_its_time_a_number_is_not_in_force(client: FlaskClient) -> None:
    page = text_of(client, "/fakta/jkp.wage_cap?pada=2016-10-19")

    assert "Rp5.000.000" in page
    assert 'big-value">Rp' not in page


@pytest.mark.parametrize("day", ["2016-02-30", "kemarin", "19-10-2016", "1900-01-01", "9999-12-31"])
def test_a_day_that_does_not_exist_is_said_at_the_field(client: FlaskClient, day: str) -> None:
    page = client.get(TOTAL, query_string={"pada": day})

    assert page.status_code == 422
    assert 'id="pada-error"' in page.text
    assert '<p class="big-value">Rp42.000.000</p>' in page.text


def test_a_number_nobody_checked_carries_a_warning(client: FlaskClient) -> None:
    doubtful = next(
        fact
        for history in load_book().facts.values()
        for fact in history
        if fact.is_doubtful and fact.holds_on(today())
    )

    assert "message warning" in text_of(client, f"/fakta/{doubtful.key}")


def test_every_number_has_a_page(client: FlaskClient) -> None:
    missing = [key for key in load_book().facts if client.get(f"/fakta/{key}").status_code != 200]

    assert not missing


@pytest.mark.parametrize("key", ["x", "jkm.benefit", "jkm.benefit.funeral.x", "<script>"])
def test_an_unknown_number_is_not_found(client: FlaskClient, key: str) -> None:
    assert client.get(f"/fakta/{key}").status_code == 404


def test_the_list_has_every_number_by_its_name(client: FlaskClient) -> None:
    page = text_of(client, "/fakta")

    for key in load_book().facts:
        assert f'href="/fakta/{key}"' in page
    assert "{fakta:" not in page


def test_those_who_write_get_keys_and_laws_to_copy(session, sign_in) -> None:  # type: ignore[no-untyped-def]
    page = text_of(sign_in(make_user(session, Role.TRAINER).id), "/fakta")

    for key in load_book().facts:
        assert f"{{fakta:{key}}}" in page
    for law_id in load_book().laws:
        assert f">{law_id}</code>" in page


@pytest.mark.parametrize(
    ("word", "found", "not_found"),
    [
        ("jht.rate", "jht.rate.worker", "jkp.rate.total"),
        ("PP 46/2015", "jht.rate.worker", "jkp.rate.total"),
        ("biaya PEMAKAMAN", "jkm.benefit.funeral", "jkm.benefit.death_grant"),
        ("funeral", "jkk.funeral", "jkm.benefit.death_grant"),
        ("15 hari", "jp.payment.first_max_days", "jp.rate.total"),
        ("kecelakaan meninggal", "jkk.report.stage2_hours", "jkm.benefit.funeral"),
    ],
)
def test_the_list_is_narrowed_by_plain_words(
    client: FlaskClient, word: str, found: str, not_found: str
) -> None:
    page = client.get("/fakta", query_string={"q": word}).text

    assert f'href="/fakta/{found}"' in page
    assert f'href="/fakta/{not_found}"' not in page


def test_a_search_finds_terms_and_laws_too(client: FlaskClient) -> None:
    assert 'href="/istilah#portabilitas"' in text_of(client, "/fakta?q=portabilitas")
    assert 'href="/hukum#uu-27-2022"' in text_of(client, "/fakta?q=data+pribadi")
    assert "Tidak ada angka" in text_of(client, "/fakta?q=tidak-ada-sama-sekali")


def test_terms_stand_under_their_letters(client: FlaskClient) -> None:
    page = text_of(client, "/istilah")

    for term in load_book().terms.values():
        assert f'<div id="{term.id}">' in page
    letters = [part.split('"')[0] for part in page.split('h2 id="huruf-')[1:]]
    assert letters == sorted(letters)
    assert "Pasal 4 UU 40/2004" in page


def test_terms_are_found_in_both_languages(client: FlaskClient) -> None:
    for word in ("kustodian", "custodian"):
        page = text_of(client, f"/istilah?q={word}")
        assert 'id="bank-kustodian"' in page
        assert 'id="wadah"' not in page


def test_rules_in_words_have_no_bars_and_amounts_have_them() -> None:
    book, day = load_book(), today()

    def percents(key: str) -> list[int | None]:
        history: list[Fact] = list(book.history(key))
        return [stretch.percent for stretch in timeline(history, day)]

    assert percents("jkm.benefit.funeral") == [100, 30]
    assert percents("jkk.death.minimum") == [None, None]
    assert percents("jkk.rate.pu.low") == [None]
