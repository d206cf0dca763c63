"""Who acts, for services that are called without a request."""

from __future__ import annotations

from lms.core.accounts.actor import Actor
from lms.core.accounts.models import Branch, Role, User
from tests.factories import NOW


def actor_of(user: User, *branches: Branch) -> Actor:
    """Return a member of staff as a request would know them."""
    return Actor(
        user_id=user.id,
        name=user.name,
        role=Role(user.role),
        branch_ids=frozenset(branch.id for branch in branches),
        locale=None,
        is_demo=False,
        session_id="",
        token="",
        fresh_at=NOW,
        has_second_factor=True,
        showed_second_factor=True,
        via="password",
    )
