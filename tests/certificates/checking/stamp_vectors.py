"""What Python makes of names and facts, for the browser to make the same of.

Written anew by ``python -m tests.certificates.checking.stamp_vectors``.
"""

from __future__ import annotations

import json
from pathlib import Path

from certificates.signing.stamp import facts_hash
from lms.core.text import fold

PATH = Path(__file__).with_name("stamp_vectors.json")
NAMES = (
    "Siti Aminah, S.Sos.",
    "  SITI\u00a0\u3000aminah,\tS.Sos.\n",
    "Raden Ajeng Siti Nurhalimatussa'diyah Wulandari Kusumaningrum, S.Sos., M.Kesos.",
    "Muḥammad ʿAbd al-Ṣamad Ṭāhā",
    "Nguyễn Thị Ánh Tuyết",
    "Nguyê\u0303n Thi\u0323 A\u0301nh",
    "STRASSE Straße STRAẞE",
    "İbrahim Işık ılgaz",
    "ΟΔΥΣΣΕΥΣ Ὀδυσσεύς ᾳ ᾼ ΐ",
    "ﬁnal ﬀ ŉ ǰ ſ K Å ① ２",
    "Ꭰꭰ Ᏸᏸ",
    "ꦱꦶꦠꦶ عبد الله 王小明",
    "\x1cAda\x85Tanda\ufeffLain\u200bnya\u2028",
    'Tanda "kutip" \\ garis / & <b> \x7f',
    "𝒮𝒾𝓉𝒾 𐐀𐐨 😀",
)
FACTS = ("0001/JKT/2016", "Kader Penggerak “JKN” – edisi é", "2016-10-20")


def make_vectors() -> dict[str, object]:
    """Return names as they are compared, and the hashes of facts with them."""
    serial, programme, day = FACTS
    return {
        "facts": FACTS,
        "names": [[name, fold(name), facts_hash(serial, name, programme, day)] for name in NAMES],
    }


def write_vectors() -> str:
    """Return the file."""
    return json.dumps(make_vectors(), ensure_ascii=True, indent=1) + "\n"


if __name__ == "__main__":
    PATH.write_text(write_vectors(), encoding="ascii")
