"""Commands for QTI: what an item comes to. No database is needed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from quizzes.exchange.qti.documents import MAX_BYTES
from quizzes.exchange.qti.responses import Given
from quizzes.exchange.qti.scoring import Scored, score


@click.group()
def qti() -> None:
    """QTI: items of other systems."""


@qti.command("score")
@click.argument("item", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--response", "responses", multiple=True, metavar="ID=VALUE", help="May be repeated.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of what the item draws at random.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: outcomes and errors.")
def score_item(item: Path, responses: tuple[str, ...], *, seed: int, as_json: bool) -> None:
    """Score an item by the QTI specification; exit code 1 if something in it could not be done.

    Repeat --response for several values; a pair is "A B", a point "102 113", a record's field ID.field=VALUE.
    """
    with item.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    scored = score(data, [_given(said) for said in responses], seed=seed)
    click.echo(json.dumps(_shown(scored), ensure_ascii=False, indent=2) if as_json else _lines(scored))
    sys.exit(1 if scored.errors else 0)


def _given(said: str) -> Given:
    identifier, sign, value = said.partition("=")
    if not sign or not identifier.strip():
        raise click.BadParameter(f"{said!r} is not ID=VALUE.", param_hint="--response")
    return identifier.strip(), value


def _shown(scored: Scored) -> dict[str, object]:
    return {"outcomes": scored.outcomes, "errors": scored.errors}


def _lines(scored: Scored) -> str:
    outcomes = [
        f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in scored.outcomes.items()
    ]
    return "\n".join(outcomes + [f"Error: {error}" for error in scored.errors])
