"""Contributions of a construction project (jasa konstruksi): by the value of the contract, slice by slice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from courses.facts.calculators.amounts import expression, rounded, rupiah, rupiah_step, stated, sum_step
from courses.facts.calculators.base import Choice, Field, Inputs, Kind, LawAt, Outcome, Step, Steps, Text

TIERS = 5
"""Slices of the contract in the regulation; the last has no upper bound."""
_MOST_CONTRACT = Decimal(10) ** 14


class Construction:
    """JKK and JKM of a project, once for its whole time or by wages."""

    key = "jakon"
    title = _l("Contributions of a construction project")
    summary = _l("JKK and JKM of day labourers and contract workers on a building project.")

    def fields(self, law: LawAt) -> Sequence[Field]:  # noqa: ARG002
        """Ask for the contract, or for the wages where they are known."""
        return (
            Field(
                "cara",
                _l("Reckoned on"),
                Kind.CHOICE,
                help=_l("The wages count where they are known, else the value of the contract."),
                choices=(
                    Choice("kontrak", _l("the value of the contract")),
                    Choice("upah", _l("the wages of the workers")),
                ),
                default="kontrak",
            ),
            Field(
                "kontrak",
                _l("Value of the contract"),
                Kind.MONEY,
                help=_l("For example 180.000.000"),
                is_required=False,
                maximum=_MOST_CONTRACT,
            ),
            Field(
                "upah",
                _l("Wages of all workers in a month"),
                Kind.MONEY,
                help=_l("Only where the wages are known."),
                is_required=False,
                maximum=_MOST_CONTRACT,
            ),
        )

    def compute(self, inputs: Inputs, law: LawAt) -> Outcome:
        """Return JKK, JKM and both together."""
        steps = Steps()
        if inputs.choice("cara") == "upah":
            wages = inputs.required_amount("upah")
            parts = [_on_wages(steps, law, programme, wages) for programme in ("jkk", "jkm")]
            steps.add(sum_step(_l("The contractor pays each month"), parts, result="total"))
        else:
            contract = inputs.required_amount("kontrak")
            parts = [_on_contract(steps, law, programme, contract) for programme in ("jkk", "jkm")]
            steps.add(sum_step(_l("The contractor pays for the project"), parts, result="total"))
        return steps.done(*_notes(inputs, law))


def _on_wages(steps: Steps, law: LawAt, programme: str, wages: Decimal) -> Decimal:
    key = f"jakon.{programme}.rate_of_wage"
    said = expression("{} × {}", rupiah(wages), stated(law, key))
    exact = wages * law.number(key)
    return steps.add(rupiah_step(programme.upper(), said, exact, facts=(key,), result=programme))


def _on_contract(steps: Steps, law: LawAt, programme: str, contract: Decimal) -> Decimal:
    """Add the slices exactly and their sum in whole rupiah, so that rounding happens once."""
    amounts = [
        steps.add(_slice_step(law, programme, number, lower, part))
        for number, lower, part in _slices(law, contract)
    ]
    total, rounding = rounded(sum(amounts, Decimal(0)))
    said = expression(" + ".join(["{}"] * len(amounts)), *(rupiah(amount) for amount in amounts))
    step = Step(
        _l("%(programme)s of the project", programme=programme.upper()),
        said,
        total,
        rounding=rounding,
        result=programme,
        is_sum=True,
    )
    return steps.add(step)


def _slices(law: LawAt, contract: Decimal) -> Iterator[tuple[int, Decimal, Decimal]]:
    """Yield number, lower bound and amount of every slice the contract reaches."""
    lower = Decimal(0)
    for number in range(1, TIERS + 1):
        upper = law.number(_bound(number)) if number < TIERS else contract
        if contract > lower:
            yield number, lower, min(contract, upper) - lower
        lower = upper


def _slice_step(law: LawAt, programme: str, number: int, lower: Decimal, part: Decimal) -> Step:
    key = f"jakon.{programme}.contract_tier_{number}"
    bounds = tuple(_bound(tier) for tier in (number - 1, number) if 0 < tier < TIERS)
    return Step(
        _slice_label(law, programme, number, lower),
        expression("{} × {}", rupiah(part), stated(law, key)),
        part * law.number(key),
        facts=(key, *bounds),
    )


def _slice_label(law: LawAt, programme: str, number: int, lower: Decimal) -> Text:
    names: dict[str, Text] = {"programme": programme.upper(), "lower": rupiah(lower)}
    if number == TIERS:
        return _l("%(programme)s on what is above %(lower)s", **names)
    names["upper"] = stated(law, _bound(number))
    if number == 1:
        return _l("%(programme)s on the part up to %(upper)s", **names)
    return _l("%(programme)s on the part above %(lower)s up to %(upper)s", **names)


def _bound(number: int) -> str:
    return f"jakon.contract_tier_{number}.upper_bound"


def _notes(inputs: Inputs, law: LawAt) -> list[Text]:
    notes: list[Text] = []
    if inputs.choice("cara") == "kontrak":
        notes.append(_l("Each slice has its own rate; only the part inside the slice pays it."))
    if law.holds(">=2023-10-06"):
        notes.append(
            _l(
                "PP 49/2023 was not read in full; these rates stand as PP 44/2015 has them. "
                "Please ask the branch office."
            )
        )
    return notes
