"""An error page leads back to where one can go on."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.core.web.errors import error_response


def links(app: Flask, **request: object) -> str:
    with app.test_request_context("/angkatan/1/kartu", **request):  # type: ignore[arg-type]
        return error_response(409).get_data(as_text=True)


def test_a_page_that_failed_is_tried_again(app: Flask) -> None:
    assert '<a class="button" href="/angkatan/1/kartu?a=b">' in links(app, query_string="a=b")


def test_after_a_form_it_is_the_page_with_the_form(app: Flask) -> None:
    """The address of the form itself often takes POST only."""
    page = links(app, method="POST", headers={"Referer": "http://localhost/angkatan/1?b=c"})

    assert '<a class="button" href="/angkatan/1?b=c">' in page


@pytest.mark.parametrize(
    "referer", ["", "https://evil.test/x", "http://localhost//evil.test", "javascript:alert(1)"]
)
def test_from_elsewhere_it_is_home_alone(app: Flask, referer: str) -> None:
    page = links(app, method="POST", headers={"Referer": referer})

    assert "evil" not in page
    assert page.count('<a class="button') == 1
