"""People of another branch show up nowhere: pages, spreadsheets, PDFs, JSON (check 24)."""

from __future__ import annotations

import io
import re

import openpyxl
import pypdfium2
import pytest
from werkzeug.test import TestResponse

from tests.security.conftest import Stage
from tests.security.world import MARKER

MARK = re.compile(MARKER, re.IGNORECASE)


def text_of(response: TestResponse) -> str:
    """Return everything a person could read in a response, also inside of spreadsheets and PDFs."""
    if response.mimetype == "application/pdf":
        document = pypdfium2.PdfDocument(response.data)
        text = "".join(page.get_textpage().get_text_range() for page in document)
        return text + repr(document.get_metadata_dict())
    if "spreadsheet" in response.mimetype:
        book = openpyxl.load_workbook(io.BytesIO(response.data))
        return " ".join(
            str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
        )
    # Certificates of keys and lists of revoked ones are bytes; a name in them could be read.
    return response.data.decode("utf-8", "replace") + str(response.headers)


@pytest.mark.parametrize("person", ["trainee", "other", "trainer", "organiser"])
def test_nobody_of_one_branch_reads_of_people_of_another(stage: Stage, person: str) -> None:
    kinds = set()
    for rule, side, response in stage.crawl(person):
        if rule.endpoint.startswith(("cards.", "checking.verify", "badges.credential")) and side == "b":
            continue  # whoever holds the card or the link, or types the code, may see it
        kinds.add(response.mimetype)
        assert not MARK.search(text_of(response)), f"{rule.endpoint} at {side}"
    if person == "organiser":
        assert {"application/pdf", "text/csv"} <= kinds
        assert any("spreadsheet" in kind for kind in kinds)


@pytest.mark.parametrize("person", ["trainer", "organiser"])
def test_searching_and_sorting_find_nobody_of_another_branch(stage: Stage, person: str) -> None:
    names = (
        "q",
        "cari",
        "search",
        "nama",
        "urut",
        "sort",
        "branch",
        "cabang",
        "branch_id",
        "owner",
        "topic",
        "status",
        "page",
    )
    for value in (MARKER, str(stage.world.objects["branch_id"]["b"]), "%", "*"):
        for rule in stage.rules("GET"):
            response = stage.browser(person).get(stage.url(rule), query_string=dict.fromkeys(names, value))
            text = text_of(response).replace(value, "") if value == MARKER else text_of(response)
            assert response.status_code < 500, rule.endpoint
            assert not re.search(rf"\w+ {MARKER}", text), rule.endpoint


def test_the_other_branch_does_see_its_own(stage: Stage) -> None:
    """The marker is there to be found: else the tests above prove nothing."""
    found = {
        rule.endpoint
        for person in ("organiser_b", "trainer_b")
        for rule, side, response in stage.crawl(person)
        if side == "b" and MARK.search(text_of(response))
    }

    assert {
        "cohorts.show",
        "cohorts.roster_xlsx",
        "cohorts.roster_csv",
        "cohorts.cards_pdf",
        "monitor.cohort",
    } <= found
    assert {"certificates.cohort", "certificates.story", "cohorts.person"} <= found
