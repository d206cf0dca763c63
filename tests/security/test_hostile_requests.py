"""No address breaks by what is said to it: every argument and every field, filled with what nobody sends.

The names come from our own source, so that an argument nobody thought of here is tried all the same.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from tests.security.conftest import Stage
from tests.security.forms import Form, forms_of, submit

ROOT = Path(__file__).parents[2]
ROOMS = ("lms", "courses", "quizzes", "certificates")
READ = re.compile(r'(?:args|said|form)\.get(?:list)?\(\s*"([a-z_]+)"|\bread_\w+\("([a-z_]+)"')
SAID = {
    "signs": "a\"';\r\nX-Evil: 1\x00 é漢\ud83d",
    "number": "9" * 400,
    "below": "-1",
    "pattern": "(a+)+$%_\\*[1-2-" * 20,
}
"""What nobody sends."""
OF_DATABASES = {"signs", "number"}
"""What one database may refuse that another takes: it is sent on both."""
PEOPLE = ("anonymous", "trainee", "trainer", "organiser", "admin")
SIGNED_OUT, NOT_READY = "/keluar", "health.readyz"
NAMED = re.compile(r'((attachment|inline)(; filename="?[\w.-]+"?)?)?')


def arguments() -> set[str]:
    """Return the names of everything our source reads of an address or a form."""
    sources = (path.read_text(encoding="utf-8") for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    return {name for source in sources for found in READ.findall(source) for name in found if name}


def check(response: TestResponse, said: str, place: str) -> None:
    """Assert that a request was answered, and that its words are in no header but an escaped address."""
    assert response.status_code < 500 or place == NOT_READY, f"{place} with {said[:20]!r}"
    assert "X-Evil" not in response.headers
    disposition = response.headers.get("Content-Disposition", "")
    # A name in quotes is one word of ours, so that nothing can end it early.
    assert NAMED.fullmatch(disposition), f"{place}: {disposition}"


def test_the_names_are_found() -> None:
    assert {"q", "percobaan", "hari", "soal", "setelah", "format", "aksi", "next"} <= arguments()


@pytest.mark.parametrize(
    ("person", "kind"), [("anonymous", "signs"), ("trainee", "signs"), *(("admin", kind) for kind in SAID)]
)
def test_no_page_breaks_by_its_arguments(stage: Stage, database_server: str, person: str, kind: str) -> None:
    if database_server and kind not in OF_DATABASES:
        pytest.skip("no database takes this for anything of its own")
    query = dict.fromkeys(sorted(arguments()), SAID[kind].encode("utf-8", "surrogatepass"))
    for rule in stage.rules("GET"):
        check(stage.browser(person).get(stage.url(rule), query_string=query), SAID[kind], rule.endpoint)


def test_no_form_breaks_by_its_fields(stage: Stage) -> None:
    tried: set[object] = set()
    for person in PEOPLE:
        pages = [response for _rule, _side, response in stage.crawl(person, sides="a")]
        forms = {form.identity: form for page in pages for form in forms_of(page)}
        for identity in forms.keys() - tried:
            if forms[identity].action != SIGNED_OUT:
                _spoil(stage, person, forms[identity])
        tried |= forms.keys()
    assert len(tried) > 100


def _spoil(stage: Stage, person: str, form: Form) -> None:
    """Send a form with what is written spoiled, then with what is chosen and hidden, too."""
    every = {name for name, _value in form.values}
    # A control sign comes back in its field, which is for another test to mind.
    signs = SAID["signs"].replace("\ud83d", "").replace("\x00", "")
    for names, said in ((every - set(form.options), signs), (every, SAID["pattern"])):
        changed = dict.fromkeys(names, said)
        check(submit(stage.browser(person), form, changed), said, f"{form.method} {form.action}")
