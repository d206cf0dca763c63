"""What an admin may do to accounts of staff: written down, never to oneself, never to the last admin."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from lms.core.accounts import sessions, staff
from lms.core.accounts.models import Role, User, UserSession
from lms.core.accounts.queries import find_reset_user
from lms.core.accounts.staff import StaffValues, mark_of
from lms.core.accounts.staff_queries import PAGE_SIZE, StaffFilter, get_staff, list_staff
from lms.core.audit.models import AuditEvent
from lms.core.db import begin_write, db
from lms.core.errors import Conflict, Invalid, LmsError, NotFound
from tests import factories
from tests.conftest import NOW


@pytest.fixture
def admin(session: Session) -> User:
    return factories.make_user(session, Role.ADMIN, name="Admin Pusat")


@pytest.fixture
def trainer(session: Session) -> User:
    return factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session), name="Bu Rina")


def values_of(user: User) -> StaffValues:
    branch_ids = frozenset(membership.branch_id for membership in user.memberships)
    return StaffValues(user.name, user.login or "", Role(user.role), branch_ids)


def change(session: Session, admin: User, user: User, **changed: object) -> None:
    values = replace(values_of(user), **changed)  # type: ignore[arg-type]
    staff.change_staff(session, admin.id, user_id=user.id, seen=mark_of(user), values=values, now=NOW)
    session.commit()


def open_session(session: Session, user: User) -> None:
    sessions.open_session(
        session, user.id, via="password", now=NOW, user_agent="x", expires_at=NOW + timedelta(days=1)
    )
    session.commit()


def count_sessions(session: Session, user: User) -> int:
    query = select(func.count()).select_from(UserSession).where(UserSession.user_id == user.id)
    return session.scalar(query) or 0


def actions(session: Session, admin: User) -> list[str]:
    query = select(AuditEvent.action).where(AuditEvent.actor_id == admin.id).order_by(AuditEvent.id)
    return list(session.scalars(query))


def test_somebody_new_gets_a_link_and_no_password(session: Session, admin: User) -> None:
    branch = factories.make_branch(session)
    values = StaffValues("Pak Hadi", "hadi@contoh.test", Role.ORGANISER, frozenset({branch.id}))

    made, token = staff.add_staff(session, admin.id, values=values, now=NOW)
    session.commit()

    assert made.password_hash is None
    assert find_reset_user(session, token, now=NOW) is made
    assert [m.branch_id for m in made.memberships] == [branch.id]
    assert actions(session, admin) == ["user.created", "user.reset_handed_out"]


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.TRAINER])
def test_organisers_and_trainers_need_a_branch_office_that_exists(
    session: Session, admin: User, role: Role
) -> None:
    for branch_ids in (frozenset[int](), frozenset({999})):
        values = StaffValues("X", "x@contoh.test", role, branch_ids)
        with pytest.raises(Invalid) as refused:
            staff.add_staff(session, admin.id, values=values, now=NOW)
        session.rollback()
        assert refused.value.field == "branch_ids"


def test_an_admin_is_bound_to_no_branch_office_whatever_is_ticked(session: Session, admin: User) -> None:
    branch = factories.make_branch(session)
    values = StaffValues("X", "x@contoh.test", Role.ADMIN, frozenset({branch.id}))

    made, _token = staff.add_staff(session, admin.id, values=values, now=NOW)

    assert made.memberships == []


def test_nobody_becomes_a_trainee_here(session: Session, admin: User) -> None:
    values = StaffValues("X", "x@contoh.test", Role.TRAINEE, frozenset())

    with pytest.raises(Invalid):
        staff.add_staff(session, admin.id, values=values, now=NOW)


def test_a_new_name_alone_signs_nobody_out(session: Session, admin: User, trainer: User) -> None:
    open_session(session, trainer)

    change(session, admin, trainer, name="Ibu Rina, S.E.")

    assert session.get_one(User, trainer.id).name == "Ibu Rina, S.E."
    assert count_sessions(session, trainer) == 1
    assert actions(session, admin) == ["user.renamed"]


@pytest.mark.parametrize("changed", [{"role": Role.ORGANISER}, {"login": "baru@contoh.test"}])
def test_role_and_login_sign_out_everywhere_and_are_written_down(
    session: Session, admin: User, trainer: User, changed: dict[str, object]
) -> None:
    open_session(session, trainer)

    change(session, admin, trainer, **changed)

    assert count_sessions(session, trainer) == 0
    assert actions(session, admin) in (["user.role_changed"], ["user.login_changed"])


def test_branch_offices_come_and_go(session: Session, admin: User, trainer: User) -> None:
    kept = trainer.memberships[0].branch_id
    other = factories.make_branch(session).id

    change(session, admin, trainer, branch_ids=frozenset({kept, other}))
    assert {m.branch_id for m in session.get_one(User, trainer.id).memberships} == {kept, other}

    change(session, admin, trainer, branch_ids=frozenset({other}))
    assert {m.branch_id for m in session.get_one(User, trainer.id).memberships} == {other}


def test_what_stays_the_same_leaves_no_trace(session: Session, admin: User, trainer: User) -> None:
    open_session(session, trainer)

    change(session, admin, trainer)

    assert count_sessions(session, trainer) == 1
    assert actions(session, admin) == []


def test_a_login_of_somebody_else_is_refused_at_its_field(
    session: Session, admin: User, trainer: User
) -> None:
    factories.make_user(session, login="siti@contoh.test")

    with pytest.raises(Invalid) as refused:
        change(session, admin, trainer, login="siti@contoh.test")
    assert refused.value.field == "login"


def test_an_old_page_does_not_overwrite_a_newer_change(session: Session, admin: User, trainer: User) -> None:
    seen, values = mark_of(trainer), values_of(trainer)
    change(session, admin, trainer, name="Baru")

    with pytest.raises(Conflict):
        staff.change_staff(session, admin.id, user_id=trainer.id, seen=seen, values=values, now=NOW)
    session.rollback()
    assert session.get_one(User, trainer.id).name == "Baru"


@pytest.mark.parametrize(
    "act", [staff.block, staff.hand_out_reset, staff.reset_second_factor, staff.sign_out_everywhere]
)
def test_an_admin_does_nothing_of_this_to_the_own_account(
    session: Session, admin: User, act: Callable[..., object]
) -> None:
    factories.make_user(session, Role.ADMIN)

    with pytest.raises(Conflict):
        act(session, admin.id, user_id=admin.id, now=NOW)


@pytest.mark.parametrize("changed", [{"role": Role.TRAINER}, {"login": "lain@contoh.test"}])
def test_an_admin_keeps_the_own_role_and_login(
    session: Session, admin: User, changed: dict[str, object]
) -> None:
    branch = factories.make_branch(session)
    factories.make_user(session, Role.ADMIN)

    with pytest.raises(Invalid) as refused:
        change(session, admin, admin, branch_ids=frozenset({branch.id}), **changed)
    assert refused.value.field in changed


def test_the_last_admin_who_can_sign_in_stays(session: Session, admin: User) -> None:
    factories.make_user(session, Role.ADMIN, is_active=False)
    branch = factories.make_branch(session)
    less = replace(values_of(admin), role=Role.TRAINER, branch_ids=frozenset({branch.id}))

    with pytest.raises(Conflict):
        staff.block(session, None, user_id=admin.id, now=NOW)
    session.rollback()
    with pytest.raises(Conflict):
        staff.change_staff(session, None, user_id=admin.id, seen=mark_of(admin), values=less, now=NOW)


def test_two_admins_who_block_each_other_at_one_moment_leave_one(app: Flask, session: Session) -> None:
    first, second = factories.make_user(session, Role.ADMIN), factories.make_user(session, Role.ADMIN)
    pairs = [(first.id, second.id), (second.id, first.id)]
    session.rollback()
    begun, refused = threading.Barrier(2), []

    def block(actor_id: int, user_id: int) -> None:
        with app.app_context(), Session(db.engine) as own:
            begun.wait(timeout=10)
            try:
                staff.block(own, actor_id, user_id=user_id, now=NOW)
                own.commit()
            except LmsError as error:
                refused.append(error)

    threads = [threading.Thread(target=block, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    active = session.scalars(select(User.id).where(User.role == "admin", User.is_active)).all()
    assert (len(active), len(refused)) == (1, 1)


def test_whoever_is_no_admin_any_more_changes_nothing(session: Session, admin: User, trainer: User) -> None:
    for actor in (trainer, factories.make_user(session, Role.ADMIN, is_active=False)):
        with pytest.raises(NotFound):
            staff.block(session, actor.id, user_id=admin.id, now=NOW)
        session.rollback()


def test_blocking_signs_out_voids_links_and_can_be_undone(
    session: Session, admin: User, trainer: User
) -> None:
    open_session(session, trainer)
    token = staff.hand_out_reset(session, admin.id, user_id=trainer.id, now=NOW)
    session.commit()

    for _twice in range(2):
        staff.block(session, admin.id, user_id=trainer.id, now=NOW)
        session.commit()
    assert count_sessions(session, trainer) == 0
    with pytest.raises(Conflict):
        staff.hand_out_reset(session, admin.id, user_id=trainer.id, now=NOW)
    session.rollback()

    for _twice in range(2):
        staff.unblock(session, admin.id, user_id=trainer.id, now=NOW)
        session.commit()
    assert session.get_one(User, trainer.id).is_active
    assert find_reset_user(session, token, now=NOW) is None
    assert actions(session, admin) == ["user.reset_handed_out", "user.switched_off", "user.switched_on"]


def test_a_lost_second_factor_goes_and_signs_out(session: Session, admin: User, trainer: User) -> None:
    open_session(session, trainer)

    staff.reset_second_factor(session, admin.id, user_id=trainer.id, now=NOW)
    session.commit()

    assert session.get_one(User, trainer.id).totp_secret is None
    assert count_sessions(session, trainer) == 0
    assert actions(session, admin) == ["second_factor.removed"]


@pytest.mark.parametrize(
    "act",
    [staff.block, staff.unblock, staff.hand_out_reset, staff.reset_second_factor, staff.sign_out_everywhere],
)
def test_trainees_are_not_here(session: Session, admin: User, act: Callable[..., object]) -> None:
    trainee = factories.make_user(session)

    for user_id in (trainee.id, 999):
        with pytest.raises(NotFound):
            act(session, admin.id, user_id=user_id, now=NOW)
        session.rollback()
    with pytest.raises(NotFound):
        get_staff(session, trainee.id)


def test_the_list_goes_on_where_the_page_before_ended(session: Session, admin: User) -> None:
    begin_write(session)
    session.add_all(
        User(name=f"Orang {n // 2:03}", login=f"o{n}@contoh.test", role="trainer", created_at=NOW)
        for n in range(PAGE_SIZE + 20)
    )
    session.commit()
    factories.make_user(session, name="Peserta")

    first = list_staff(session, narrowed=StaffFilter())
    second = list_staff(session, narrowed=StaffFilter(), after=first[PAGE_SIZE - 1].user.id)

    shown = [row.user.id for row in first[:PAGE_SIZE] + second]
    assert len(first) == PAGE_SIZE + 1
    assert len(shown) == len(set(shown)) == PAGE_SIZE + 21
    assert list_staff(session, narrowed=StaffFilter(), after=999_999) == []


@pytest.mark.parametrize(
    "search", ["rina", "RINA", "orang 1", "0812345", "081234567890", "madiun", "mdn", "%"]
)
def test_the_list_finds_by_name_login_and_branch_office(session: Session, admin: User, search: str) -> None:
    branch = factories.make_branch(session, name="Kantor Cabang Madiun", code="MDN", city="Madiun")
    rina = factories.make_user(
        session, Role.TRAINER, branch=branch, name="Bu Rina orang 100%", login="+6281234567890"
    )
    factories.make_user(
        session, Role.TRAINER, branch=factories.make_branch(session, city="Ambon"), name="X", login="x@y.test"
    )

    found = list_staff(session, narrowed=StaffFilter(search=search))

    assert [row.user.id for row in found] == [rina.id]


def test_the_list_is_narrowed_by_role_and_state(session: Session, admin: User, trainer: User) -> None:
    blocked = factories.make_user(session, Role.ORGANISER, is_active=False)
    able = factories.make_user(session, Role.ORGANISER, password_hash="x")

    def ids(**narrowed: str) -> set[int]:
        return {row.user.id for row in list_staff(session, narrowed=StaffFilter(**narrowed))}

    assert ids(role="organiser") == {blocked.id, able.id}
    assert ids(role="trainee") == ids(role="x") == set()
    assert ids(state="blocked") == {blocked.id}
    assert ids(state="waiting") == {admin.id, trainer.id}
    assert ids(state="active") == {able.id}


def test_a_page_of_staff_costs_two_queries(session: Session, admin: User) -> None:
    for _n in range(5):
        factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session))
    session.expire_all()
    sent: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    names = [[branch.name for branch in row.branches] for row in list_staff(session, narrowed=StaffFilter())]
    event.remove(db.engine, "before_cursor_execute", note)

    assert len(names) == 6
    assert len(sent) == 2
