"""Pages of one person: a lost card, a new phone, a forgotten password and a wrong name are mended here."""

from __future__ import annotations

from flask import current_app, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.cohorts import enrolling, persons, queries
from courses.cohorts.card_access import find_card
from courses.cohorts.card_codes import card_pin
from courses.cohorts.card_sheet import MAX_CARDS, MAX_PARTS, into_pages, make_face
from courses.cohorts.comparison import compare_person
from courses.cohorts.forms import CorrectionForm, NewPersonForm, PersonForm
from courses.cohorts.models import Cohort, Enrolment
from courses.cohorts.papers import EXTENSION, Papers
from lms.core.accounts.guard import current_actor
from lms.core.accounts.services import RESET_MINUTES, make_password_reset
from lms.core.accounts.sign_in import show_form
from lms.core.clock import utc_now
from lms.core.db import db, own_transaction
from lms.core.errors import Invalid, NotFound
from lms.core.pdf import render_pdf

RESET = "handed_out_reset"
"""Where the cookie carries a one-time link to the next page, once: (enrolment, token)."""
CARD_LANGUAGE = "id"
"""Cards are for trainees, whatever language the organiser reads."""


def add_person(cohort_id: int) -> Response:
    """Add a late-comer, and go to the page with the card."""
    cohort, form, error = _cohort(cohort_id), NewPersonForm(), None
    if form.submitted():
        try:
            return _add(cohort, form)
        except Invalid as refused:
            error = refused
    return show_form("cohorts/add_person.html", form, error, cohort=cohort)


def _add(cohort: Cohort, form: NewPersonForm) -> Response:
    database, person = db.session(), form.person()
    known = queries.list_known_people(database, cohort, [person])
    option = form.decide(compare_person(person, known))
    chosen = option.known if option is not None else None
    if chosen is not None and chosen.enrolment_id is not None:
        flash(_("%(name)s is in this cohort already.", name=chosen.person.name))
        return _to_person(cohort.id, chosen.enrolment_id)
    enrolment = enrolling.enrol(
        database,
        current_actor().user_id,
        cohort_id=cohort.id,
        name=person.name,
        element=person.element,
        organisation=person.organisation,
        region_code=person.region_code,
        phone=person.phone,
        user_id=None if chosen is None else chosen.user_id,
        now=utc_now(),
    )
    enrolment_id = enrolment.id
    db.session.commit()
    flash(_("%(name)s is in. Here is the card.", name=person.name), "success")
    return _to_person(cohort.id, enrolment_id, shows_pin=True)


def person(cohort_id: int, enrolment_id: int) -> Response:
    """Show somebody: card, sign-in, data, what they ask for."""
    return _person_page(_enrolment(cohort_id, enrolment_id), CorrectionForm())


def _person_page(enrolment: Enrolment, form: CorrectionForm) -> Response:
    database, card, pin = db.session(), enrolment.card, None
    if not form.is_submitted():
        form.certificate_name.data = enrolment.certificate_name or enrolment.name
    held = None
    if card is not None:
        held = find_card(database, card.id, generation=card.generation)
        pin = _pin(enrolment) if request.args.get("pin") else None
    page = render_template(
        "cohorts/person.html",
        enrolment=enrolment,
        cohort=enrolment.cohort,
        form=form,
        card=card,
        card_state=held.state(utc_now()).value if held else None,
        held=held,
        pin=pin,
        reset_url=_handed_out_reset(enrolment.id),
        reset_minutes=RESET_MINUTES,
    )
    return make_response(page, 422 if form.errors else 200)


def _pin(enrolment: Enrolment) -> str:
    """Return the PIN of a card, and leave a trace of who looked."""
    assert enrolment.card is not None
    _record_seen([enrolment], enrolment.cohort)
    return card_pin(current_app.config["CARD_KEY"], enrolment.card.id, enrolment.card.generation)


def _record_seen(enrolments: list[Enrolment], cohort: Cohort) -> None:
    with own_transaction() as database:
        persons.record_card_seen(
            database, current_actor().user_id, enrolments=enrolments, cohort=cohort, now=utc_now()
        )


def replace_card(cohort_id: int, enrolment_id: int) -> Response:
    """Replace a lost card: the old one stops, and what it opened ends."""
    _enrolment(cohort_id, enrolment_id)
    generation = request.form.get("generation", "0")
    persons.replace_card(
        db.session(),
        current_actor().user_id,
        enrolment_id=enrolment_id,
        generation=int(generation[:9]) if generation.isdecimal() else 0,
        now=utc_now(),
    )
    db.session.commit()
    flash(_("The old card no longer works. Here is the new PIN; print the new card for its QR."), "success")
    return _to_person(cohort_id, enrolment_id, shows_pin=True)


def hand_out_reset(cohort_id: int, enrolment_id: int) -> Response:
    """Make a one-time link with which the person sets a new password."""
    enrolment = _enrolment(cohort_id, enrolment_id)
    token = make_password_reset(
        db.session(), current_actor().user_id, user_id=enrolment.user_id, now=utc_now()
    )
    db.session.commit()
    session[RESET] = [enrolment_id, token]
    return _to_person(cohort_id, enrolment_id, anchor="password")


def _handed_out_reset(enrolment_id: int) -> str | None:
    """Return the link that was just made for this person; it is shown once."""
    owner, token = session.pop(RESET, (None, ""))
    if owner != enrolment_id:
        return None
    return f"{current_app.config['BASE_URL']}{url_for('accounts.open_reset', token=token)}"


def change_person(cohort_id: int, enrolment_id: int) -> Response:
    """Correct name, element, organisation, region or telephone."""
    enrolment, form = _enrolment(cohort_id, enrolment_id), PersonForm()
    if not form.is_submitted():
        form.show(enrolment)
    elif form.submitted():
        persons.change_person(
            db.session(),
            current_actor().user_id,
            enrolment_id=enrolment_id,
            person=form.person(),
            now=utc_now(),
        )
        db.session.commit()
        flash(_("Saved."), "success")
        return _to_person(cohort_id, enrolment_id)
    return show_form("cohorts/change_person.html", form, enrolment=enrolment, cohort=enrolment.cohort)


def withdraw(cohort_id: int, enrolment_id: int) -> Response:
    """Take somebody out of the cohort."""
    _enrolment(cohort_id, enrolment_id)
    persons.withdraw(db.session(), current_actor().user_id, enrolment_id=enrolment_id, now=utc_now())
    db.session.commit()
    flash(_("Withdrawn. Results are kept; the card no longer works."), "success")
    return _to_person(cohort_id, enrolment_id)


def reinstate(cohort_id: int, enrolment_id: int) -> Response:
    """Let somebody take part again."""
    _enrolment(cohort_id, enrolment_id)
    persons.reinstate(db.session(), current_actor().user_id, enrolment_id=enrolment_id, now=utc_now())
    db.session.commit()
    flash(_("Taking part again, with the same card."), "success")
    return _to_person(cohort_id, enrolment_id)


def resolve_correction(cohort_id: int, enrolment_id: int) -> Response:
    """Set the name for the certificate, as asked for or as it was."""
    enrolment, form = _enrolment(cohort_id, enrolment_id), CorrectionForm()
    if not form.submitted():
        return _person_page(enrolment, form)
    papers: Papers = current_app.extensions[EXTENSION]
    if correction := papers.correction_url(db.session(), enrolment_id):
        flash(_("The certificate is issued already: correct the name here, and a new one replaces it."))
        return redirect(correction, 303)
    persons.resolve_correction(
        db.session(),
        current_actor().user_id,
        enrolment_id=enrolment_id,
        certificate_name=form.certificate_name.data or "",
        now=utc_now(),
    )
    db.session.commit()
    flash(_("Saved. The certificate will say: %(name)s", name=form.certificate_name.data), "success")
    return _to_person(cohort_id, enrolment_id)


def card_pdf(cohort_id: int, enrolment_id: int) -> Response:
    """Print one card."""
    enrolment = _enrolment(cohort_id, enrolment_id)
    return _print_cards(enrolment.cohort, [enrolment], f"kartu-{cohort_id}-{enrolment_id}.pdf")


def cards_pdf(cohort_id: int) -> Response:
    """Print the cards of everybody taking part, 200 in one file."""
    cohort = _cohort(cohort_id)
    part = request.args.get("bagian", 1, type=int)
    if not 1 <= part <= MAX_PARTS:
        raise NotFound
    chosen = queries.list_card_holders(db.session(), cohort_id, part=part, size=MAX_CARDS)
    return _print_cards(cohort, chosen, f"kartu-{cohort_id}-{part}.pdf")


def _print_cards(cohort: Cohort, enrolments: list[Enrolment], file_name: str) -> Response:
    """Return cards as a PDF, rendered after the transaction is over.

    Raises:
        NotFound: there is no card to print.
    """
    held = [enrolment for enrolment in enrolments if enrolment.card is not None]
    if not held:
        raise NotFound
    html = card_sheet_html(cohort, held)
    _record_seen(held, cohort)
    db.session.rollback()
    response = make_response(render_pdf(html))
    response.content_type = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{file_name}"'
    return response


def card_sheet_html(cohort: Cohort, enrolments: list[Enrolment]) -> str:
    """Return the document that becomes the PDF, in the trainees' language."""
    key, base_url = current_app.config["CARD_KEY"], current_app.config["BASE_URL"]
    faces = [make_face(key, e.card, e.name, base_url) for e in enrolments if e.card is not None]
    address = f"{base_url}{url_for('cards.sign_in')}".partition("://")[2]
    with force_locale(CARD_LANGUAGE):
        return render_template(
            "cohorts/card_sheet.html", cohort=cohort, pages=into_pages(faces), sign_in_address=address
        )


def _cohort(cohort_id: int) -> Cohort:
    return queries.get_cohort(db.session(), cohort_id, actor=current_actor())


def _enrolment(cohort_id: int, enrolment_id: int) -> Enrolment:
    return queries.get_enrolment(db.session(), enrolment_id, cohort_id=cohort_id, actor=current_actor())


def _to_person(cohort_id: int, enrolment_id: int, *, shows_pin: bool = False, anchor: str = "") -> Response:
    address = url_for(
        "cohorts.person",
        cohort_id=cohort_id,
        enrolment_id=enrolment_id,
        pin=1 if shows_pin else None,
        _anchor=anchor or None,
    )
    return redirect(address, 303)
