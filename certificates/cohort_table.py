"""The list of a cohort as a table to take along: who has a certificate, and who has none and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from flask_babel import gettext as _

from certificates.checking.verdict import standing_of
from certificates.codes import show_code
from certificates.cohort_list import CohortRow
from certificates.record import read_record
from certificates.wording import standing_text


def certificate_table(rows: Iterable[CohortRow], *, now: datetime) -> Iterator[list[str]]:
    """Yield the header and one row for each person, in the language of the request."""
    yield [_("Name"), _("Organisation"), _("State"), _("Number"), _("Code"), _("What is missing")]
    for row in rows:
        certificate = row.certificate
        if certificate is None:
            name, organisation = (
                row.enrolment.certificate_name or row.enrolment.name,
                row.enrolment.organisation,
            )
            yield [name, organisation, _("No certificate"), "", "", why_none(row)]
        else:
            record = read_record(certificate.record)
            standing = standing_text(standing_of(certificate, record, now=now))
            missing = _("Waits for its signature") if _waits(row) else ""
            holder = record.holder
            yield [holder.name, holder.organisation, standing, record.serial, show_code(record.code), missing]


def why_none(row: CohortRow) -> str:
    """Return in words why somebody has no certificate."""
    if row.is_overdue:
        return str(_("Everything is done, the certificate was not issued: use “Issue what is missing”."))
    if not row.missing:
        return str(_("Everything is done; the certificate comes with the next step that is recorded."))
    if len(row.missing) == 1:
        return str(_("Missing: %(step)s.", step=row.missing[0]))
    more = len(row.missing) - 1
    return str(_("Missing: %(step)s and %(count)s more steps.", step=row.missing[0], count=more))


def _waits(row: CohortRow) -> bool:
    certificate = row.certificate
    return certificate is not None and certificate.state == "valid" and certificate.pdf_sha256 is None
