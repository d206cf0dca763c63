"""What a phone loads of scripts."""

from pathlib import Path

from flask.testing import FlaskClient

from lms.core.web.assets import Assets

SCRIPT = """// Why it is so.
const go = () => {
  // More of it.
  return "//host/path"; // stays: only whole lines go
};
"""


def test_comments_and_indentation_of_a_script_stay_at_home(tmp_path: Path, client: FlaskClient) -> None:
    folder = tmp_path / "room" / "static"
    folder.mkdir(parents=True)
    (folder / "go.js").write_text(SCRIPT)
    assets = Assets([folder])

    with client.application.test_request_context():
        body = assets.response(assets.url("room/go.js")).get_data(as_text=True)

    assert body == 'const go = () => {\nreturn "//host/path"; // stays: only whole lines go\n};\n'
