"""What a phone loads of scripts."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lms.core.web.assets import Assets

SCRIPT = """// Why it is so.
const go = () => {
  // More of it.
  return "//host/path"; // and this
};
"""


def test_comments_and_indentation_of_a_script_stay_at_home(tmp_path: Path, client: FlaskClient) -> None:
    folder = tmp_path / "room" / "static"
    folder.mkdir(parents=True)
    (folder / "go.js").write_text(SCRIPT)
    assets = Assets([folder])

    with client.application.test_request_context():
        body = assets.response(assets.url("room/go.js")).get_data(as_text=True)

    assert body == 'const go=()=>{return"//host/path";};'


def test_what_keeps_pages_is_served_at_the_root_and_never_old(client: FlaskClient) -> None:
    response = client.get("/pekerja.js")

    assert response.mimetype == "text/javascript"
    assert response.headers["Cache-Control"] == "no-store"
    assert b'"private, no-cache"' in response.data


@pytest.mark.parametrize(("name", "most"), [("quiz", 4_096), ("clock", 1_024)])
def test_the_scripts_of_the_quiz_fit_five_kilobytes(client: FlaskClient, name: str, most: int) -> None:
    assets = client.application.extensions["assets"]

    response = client.get(assets.url(f"attempts/{name}.js"), headers={"Accept-Encoding": "br"})

    assert response.headers["Content-Encoding"] == "br"
    assert most / 2 < len(response.data) <= most
