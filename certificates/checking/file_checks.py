"""What was checked about a file, line by line: a word for each outcome, and its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from lms.core.i18n import HOME_ZONE, show_moment


@dataclass(frozen=True)
class Check:
    """One line of what was checked."""

    # What: `file`, `code`, `signature`, `signer`, `bytes`, `page`, `qr`, `attachment`, `credential`,
    # `actions`, `record` or `state`.
    name: str
    # None: it could not be told, or there was nothing to tell.
    ok: bool | None
    # What was found: with the name it is a key of `SENTENCES`.
    word: str
    # What the sentence names; moments are shown in the zone of home.
    values: Mapping[str, str | datetime] = field(default_factory=dict)

    @property
    def detail(self) -> str:
        """The outcome as a sentence, in the language of the moment."""
        shown = {name: _show(value) for name, value in self.values.items()}
        return str(SENTENCES[self.name][self.word]) % shown


def _show(value: str | datetime) -> str:
    if isinstance(value, str):
        return value
    # A command without an application has no language.
    return show_moment(value, HOME_ZONE) if get_locale() else value.isoformat(timespec="minutes")


SENTENCES: dict[str, dict[str, LazyString]] = {
    "file": {
        "read": _l("The file is a PDF and could be read."),
        "not_pdf": _l("The file is not a PDF. Choose the PDF of the certificate."),
        "too_large": _l("The file is larger than any certificate of ours (5 MB)."),
        "truncated": _l("The end of the file is missing. Download or send it again."),
        "damaged": _l("The file is damaged and cannot be opened."),
        "encrypted": _l("The file is locked with a password; ours never are. Use the original."),
        "bomb": _l("The file unpacks to far more than a certificate holds."),
        "pages": _l("The file has far more pages than a certificate of ours."),
        "objects": _l("The file has far more parts than a certificate of ours."),
        "costly": _l("The file takes too much time or memory to read, which none of ours does."),
    },
    "code": {
        "found": _l("It carries the code %(code)s."),
        "none": _l("It carries no code of a certificate of ours."),
    },
    "signature": {
        "good": _l("Our digital signature is genuine and covers the whole file (%(at)s)."),
        "earlier": _l("Our digital signature is genuine, made with an earlier key of ours (%(at)s)."),
        "none": _l("The file is not signed: a copy that was printed or saved again loses the signature."),
        "several": _l("The file has several signatures; ours have one."),
        "unreadable": _l("The signature cannot be read."),
        "broken": _l("The file was changed after it was signed."),
        "misplaced": _l("The signature does not fit: it was changed, or comes from another certificate."),
        "foreign": _l("The file was signed with a key that is none of ours; it calls itself %(signer)s."),
        "open": _l("The signature allows changes; ours allows none."),
        "updated": _l("After it was signed, something was put over or into the file."),
        "appended": _l("After it was signed, something was added behind the end of the file."),
        "unpinned": _l("Our signing keys are not on this machine, so the signature cannot be judged."),
    },
    "signer": {
        "good": _l("The signer's certificate was not revoked."),
        "unlisted": _l("No list of revoked signers is on this machine."),
        "revoked": _l("The signer's certificate had been revoked (%(at)s) before the file was signed."),
        "doubtful": _l(
            "The signer's certificate was revoked later (%(at)s): its signature alone proves nothing."
        ),
        "retired": _l("The signer's certificate was retired later (%(at)s); what it signed before stands."),
        "timed": _l(
            "The signer's certificate was revoked later (%(at)s); a time stamp says it signed before."
        ),
        "known": _l("The signer's certificate was revoked (%(at)s), but this is the very file we issued."),
    },
    "bytes": {
        "same": _l("Every byte is as issued."),
        "same_pages": _l("The bytes differ from the issued file, though its pages are still in there."),
        "other": _l("The bytes differ from the issued file."),
        "never": _l("No file was issued for this certificate yet."),
    },
    "page": {
        "same": _l("Name and number on the page are the certified ones."),
        "name": _l("The name on the page is not the certified one."),
        "number": _l("The number on the page is not the certified one."),
        "empty": _l("No words can be read on the page."),
    },
    "qr": {
        "good": _l("The QR on the page carries this code, signed by us."),
        "plain": _l("The QR on the page carries this code."),
        "none": _l("No QR was found on the page."),
        "several": _l("There are several QR codes on the page; ours has one."),
        "elsewhere": _l("The QR on the page leads somewhere else."),
        "other_code": _l("The QR on the page belongs to another certificate."),
        "forged": _l("The signature in the QR is not ours."),
        "other_facts": _l("The QR is ours, but stands for another name, number, programme or day."),
        "unknown_key": _l("The QR is signed with a key that is not on this machine."),
    },
    "attachment": {
        "one": _l("The credential is attached, and nothing else."),
        "none": _l("Nothing is attached."),
        "missing": _l("The attached credential is missing."),
        "more": _l("Files are attached that do not belong there: %(names)s."),
    },
    "credential": {
        "same": _l("The attached credential is the issued one."),
        "good": _l("The proof of the attached credential is genuine."),
        "changed": _l("The attached credential was changed."),
        "other": _l("The attached credential belongs to another certificate."),
        "unknown_key": _l("The attached credential is signed with a key that is not on this machine."),
    },
    "actions": {
        "none": _l("Nothing in the file runs or opens anything."),
        "some": _l("The file holds what runs or opens something: %(names)s. Do not open it."),
    },
    "record": {
        "same": _l("The record is as frozen at issue."),
        "none": _l("This installation has no certificate with this code."),
        "changed": _l("The record is no longer the one frozen at issue."),
    },
    "state": {
        "valid": _l("It stands."),
        "replaced": _l("It was replaced by a newer one."),
        "suspended": _l("It is suspended."),
        "revoked": _l("It was revoked."),
        "expired": _l("It has run out."),
        "ended": _l("It no longer stands: it was revoked or replaced (list of %(at)s)."),
        "listed": _l("It is not on the list of those that no longer stand (%(at)s)."),
        "unlisted": _l("Whether it still stands is not known on this machine; the check page knows."),
    },
}
