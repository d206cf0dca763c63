from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import stat
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pysqlite3.dbapi2
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, make_url, select, update
from sqlalchemy.orm import Session

from lms.app import create_app
from lms.core.accounts.models import User
from lms.core.backup import backup, read_backup, restore, write_backup
from lms.core.config import load_config
from lms.core.database_copy import BackupError
from lms.core.db import Base, begin_write, db
from quizzes.bank.editor.models import QuestionDraft
from quizzes.bank.models import Question
from quizzes.bank.search.finding import finds
from quizzes.bank.search.models import QuestionSearch, QuestionTag
from quizzes.types import get_type
from tests import conftest, factories

on_sqlite = pytest.mark.skipif(bool(conftest.POSTGRES), reason="damages an SQLite file")


@pytest.fixture
def installation(app: Flask, instance: Path, database_url: str) -> Path:
    """The instance of ``app`` as somebody runs it: its database named in the settings, a kept file."""
    if conftest.POSTGRES:
        (instance / "config.toml").write_text(
            f'DATABASE_URL = "{database_url}"\nSITE_NAME = "Kader Madiun"\n'
        )
    else:
        (instance / "config.toml").write_text('SITE_NAME = "Kader Madiun"\n')
    (instance / "files" / "ab").mkdir(parents=True)
    (instance / "files" / "ab" / "abcd").write_bytes(b"signed")
    return instance


@pytest.fixture
def new_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty instance; with PostgreSQL also an empty database, named by the environment."""
    place = tmp_path / "restored"
    if not conftest.POSTGRES:
        yield place
        return
    name = f"restored_{secrets.token_hex(6)}"
    monkeypatch.setenv("LMS_DATABASE_URL", conftest.create_postgres(name))
    yield place
    conftest.drop_postgres(name)


def take(installation: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a backup with the settings of the installation, whatever the environment names now."""
    with monkeypatch.context() as patch:
        patch.delenv("LMS_DATABASE_URL", raising=False)
        write_backup(installation, target)


def contents(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table."""
    return {
        table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
        for table in Base.metadata.sorted_tables
    }


def fill_bank(session: Session) -> int:
    """Write a question with its tag, and somebody's draft of it; return its number."""
    source = dict(get_type("single_choice").examples()[0].source) | {"stem": "Jari telunjuk siapa?"}
    question_id = factories.make_question(session, source=source).question_id
    factories.add(session, QuestionTag(question_id=question_id, tag="lapangan", label="Lapangan"))
    draft = QuestionDraft(
        user_id=factories.make_user(session).id, slot="s" * 32, question_id=question_id, kind="single_choice",
        fields=[["stem", "Jari"]], summary="Jari", changed_at=factories.NOW,
    )  # fmt: skip
    factories.add(session, draft)
    return question_id


def find(session: Session, words: str) -> list[int]:
    return list(session.scalars(select(Question.id).where(finds(session, words))))


def start_restored(place: Path) -> Flask:
    """Start the application on what was restored."""
    return create_app(load_config(place, TESTING=True))


def test_backup_taken_while_somebody_writes_is_whole(
    app: Flask,
    session: Session,
    installation: Path,
    new_place: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(5):
        factories.make_user(session)
    stop, written = threading.Event(), []

    def keep_writing() -> None:
        with Session(db.engine) as own:
            while not stop.is_set():
                begin_write(own)
                own.add(User(name="Penulis", role="trainee", created_at=factories.NOW))
                own.commit()
                written.append(1)

    with app.app_context():
        thread = threading.Thread(target=lambda: _in_context(app, keep_writing))
        thread.start()
        while len(written) < 5:
            thread.join(0.01)
        before = 5 + len(written)
        take(installation, tmp_path / "backup.tar", monkeypatch)
        stop.set()
        thread.join()

    read_backup(tmp_path / "backup.tar", new_place)

    restored = start_restored(new_place)
    with restored.app_context():
        count = db.session.scalar(select(func.count()).select_from(User))
        if not conftest.POSTGRES:
            assert db.session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        db.session.remove()
        db.engine.dispose()
    assert count >= before
    assert restored.test_client().get("/healthz").status_code == 200


def _in_context(app: Flask, work: Callable[[], None]) -> None:
    with app.app_context():
        work()


def test_everything_comes_back_equal(
    session: Session, installation: Path, new_place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.make_enrolment(session, name="Bu Dewi – ' \" \\ 字")
    question_id = fill_bank(session)
    before = contents(session)
    session.rollback()
    assert all(before[name] for name in ("question_search", "question_tag", "question_draft"))

    take(installation, tmp_path / "backup.tar", monkeypatch)
    read_backup(tmp_path / "backup.tar", new_place)

    with start_restored(new_place).app_context():
        assert contents(db.session()) == before
        # The index of words is no table of ours: it is found by, too, and told of what comes.
        assert find(db.session(), "telunjuk") == [question_id]
        begin_write(db.session())
        db.session.execute(update(QuestionSearch).values(words="kelingking"))
        db.session.commit()
        assert find(db.session(), "telunjuk") == []
        assert find(db.session(), "kelingking") == [question_id]
        db.session.remove()
        db.engine.dispose()
    for name in (
        "config.toml",
        "keys/session",
        "keys/card",
        "keys/vault",
        "keys/certificates/stamp-1.key",
        "files/ab/abcd",
    ):
        assert (new_place / name).read_bytes() == (installation / name).read_bytes()
        assert stat.S_IMODE((new_place / name).stat().st_mode) == 0o600
    assert [path.name for path in new_place.iterdir() if path.name.startswith(".")] == []


def test_backup_is_for_its_owner_only(
    installation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(installation, tmp_path / "backup.tar", monkeypatch)

    assert stat.S_IMODE((tmp_path / "backup.tar").stat().st_mode) == 0o600
    assert list(tmp_path.glob(".lms-*")) == []


def test_backup_overwrites_nothing(installation: Path, tmp_path: Path) -> None:
    (tmp_path / "backup.tar").write_text("mine")

    with pytest.raises(BackupError, match="not overwritten"):
        write_backup(installation, tmp_path / "backup.tar")

    assert (tmp_path / "backup.tar").read_text() == "mine"


def test_backup_into_a_missing_folder_says_so(installation: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="does not exist"):
        write_backup(installation, tmp_path / "nowhere" / "backup.tar")


def test_restore_into_a_used_instance_is_refused(
    installation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(installation, tmp_path / "backup.tar", monkeypatch)
    before = sorted(path.name for path in installation.iterdir())

    with pytest.raises(BackupError, match="not empty"):
        read_backup(tmp_path / "backup.tar", installation)

    assert sorted(path.name for path in installation.iterdir()) == before


@pytest.mark.skipif(not conftest.POSTGRES, reason="PostgreSQL's own danger")
def test_restore_into_a_used_database_is_refused(
    session: Session, installation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(installation, tmp_path / "backup.tar", monkeypatch)

    with pytest.raises(BackupError, match="is not empty"):
        read_backup(tmp_path / "backup.tar", tmp_path / "restored")

    assert list((tmp_path / "restored").iterdir()) == []


@pytest.mark.skipif(not conftest.POSTGRES, reason="PostgreSQL's own way")
def test_dump_and_restore_have_equal_rows_in_the_server_s_own_eyes(
    session: Session, installation: Path, new_place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.make_enrolment(session)
    session.rollback()

    take(installation, tmp_path / "backup.tar", monkeypatch)
    read_backup(tmp_path / "backup.tar", new_place)

    old = str(db.engine.url.render_as_string(hide_password=False))
    assert _server_hash(os.environ["LMS_DATABASE_URL"]) == _server_hash(old)


def _server_hash(url: str) -> dict[str, str | None]:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    query = "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{}\" t"
    with psycopg.connect(address) as connection:
        rows = {name: connection.execute(query.format(name)).fetchone() for name in Base.metadata.tables}
    return {name: row[0] if row else None for name, row in rows.items()}


def rewrite(source: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Copy a backup with its members changed."""
    with tarfile.open(source) as tar:
        members = {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]
    change(members)
    with tarfile.open(target, "w") as tar:
        for name, body in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))


def listed(members: dict[str, bytes], name: str, body: bytes) -> None:
    """Add a member and list it in the manifest, as a careful attacker would."""
    members[name] = body
    manifest = json.loads(members["manifest.json"])
    manifest["sha256"][name] = hashlib.sha256(body).hexdigest()
    members["manifest.json"] = json.dumps(manifest).encode()


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/tmp/evil",
        "files/../../evil",
        "keys/../../evil",
        "keys/a/b",
        "keys/certificates/a/b",
        "penggerak.sqlite",
        "files//x",
        "files/./x",
    ],
)
def test_restore_writes_nothing_outside_the_known_places(
    installation: Path, new_place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    take(installation, tmp_path / "backup.tar", monkeypatch)
    rewrite(tmp_path / "backup.tar", tmp_path / "bad.tar", lambda members: listed(members, name, b"evil"))

    with pytest.raises(BackupError, match="not ours"):
        read_backup(tmp_path / "bad.tar", new_place)

    assert list(new_place.iterdir()) == []
    assert list(tmp_path.rglob("evil")) == []


def test_restore_refuses_links(
    installation: Path, new_place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(installation, tmp_path / "backup.tar", monkeypatch)
    with tarfile.open(tmp_path / "backup.tar", "a") as tar:
        link = tarfile.TarInfo("files/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)

    with pytest.raises(BackupError, match="not ours"):
        read_backup(tmp_path / "backup.tar", new_place)

    assert list(new_place.iterdir()) == []


def test_exchanged_missing_and_foreign_members_are_noticed(
    installation: Path, new_place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(installation, tmp_path / "backup.tar", monkeypatch)

    changes: dict[str, Callable[[dict[str, bytes]], object]] = {
        "exchanged": lambda members: members.update({"keys/session": b"0" * 64}),
        "missing": lambda members: members.pop("keys/session"),
        "not listed": lambda members: members.update({"files/extra": b"x"}),
        "manifest": lambda members: members.update({"manifest.json": b"{"}),
        "format": lambda members: members.update({"manifest.json": b'{"format": 99, "sha256": {}}'}),
    }
    for name, change in changes.items():
        bad = tmp_path / f"{name}.tar"
        rewrite(tmp_path / "backup.tar", bad, change)  # type: ignore[arg-type]
        with pytest.raises(BackupError, match=name):
            read_backup(bad, new_place)
        assert list(new_place.iterdir()) == []


@on_sqlite
def test_damaged_database_is_noticed(
    session: Session, installation: Path, new_place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(installation, tmp_path / "backup.tar", monkeypatch)

    def damage(members: dict[str, bytes]) -> None:
        body = bytearray(members["database.sqlite"])
        body[4096:40960] = bytes(36864)
        listed(members, "database.sqlite", bytes(body))

    rewrite(tmp_path / "backup.tar", tmp_path / "bad.tar", damage)

    with pytest.raises(BackupError, match="damaged"):
        read_backup(tmp_path / "bad.tar", new_place)

    assert list(new_place.iterdir()) == []


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_cut_off_backup_is_noticed(
    installation: Path, new_place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    take(installation, tmp_path / "backup.tar", monkeypatch)
    body = (tmp_path / "backup.tar").read_bytes()
    (tmp_path / "short.tar").write_bytes(body[: int(len(body) * share)])

    with pytest.raises(BackupError):
        read_backup(tmp_path / "short.tar", new_place)

    assert list(new_place.iterdir()) == []


def test_any_other_file_is_not_a_backup(tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_bytes(b"%PDF-1.7")

    with pytest.raises(BackupError, match="not a backup"):
        read_backup(tmp_path / "x.tar", tmp_path / "restored")
    with pytest.raises(BackupError, match="no file"):
        read_backup(tmp_path / "none.tar", tmp_path / "restored")


@on_sqlite
def test_database_of_the_copy_has_no_log_of_its_own(
    session: Session, installation: Path, new_place: Path, tmp_path: Path
) -> None:
    write_backup(installation, tmp_path / "backup.tar")
    read_backup(tmp_path / "backup.tar", new_place)

    with closing(pysqlite3.dbapi2.connect(new_place / "penggerak.sqlite")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete"


def test_commands_say_where_things_lie(
    installation: Path, new_place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "backup.tar"
    with monkeypatch.context() as patch:
        patch.delenv("LMS_DATABASE_URL", raising=False)
        patch.setenv("LMS_INSTANCE", str(installation))
        taken = CliRunner().invoke(backup, [str(target)], catch_exceptions=False)
    monkeypatch.setenv("LMS_INSTANCE", str(new_place))
    brought = CliRunner().invoke(restore, [str(target)], catch_exceptions=False)

    assert taken.exit_code == brought.exit_code == 0
    assert str(target) in taken.output
    assert f"lms --instance {new_place} db upgrade" in brought.output
