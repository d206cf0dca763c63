"""Forty names as people have them: on one page in full, every sign drawn, read back as written."""

from __future__ import annotations

import unicodedata

import pypdfium2
import pytest

from certificates.paper import render_paper
from lms.core.typeface import SEMIBOLD, missing_characters
from tests.certificates.samples import make_record

pytestmark = pytest.mark.usefixtures("renderer")

BASE = "https://penggerak.contoh.test"
NAMES = (
    "Sri",
    "Suharto",
    "Ng",
    "Siti Nurhaliza binti Abdullah",
    "Muhammad Rizky Ramadhan",
    "Ni Luh Putu Ayu Wulandari",
    "I Gusti Ngurah Agung Wirawan",
    "Dr. Ir. H. Bambang Sutrisno, M.Si., Ph.D.",
    "Hj. Sumarni, S.Pd.I., M.Pd.",
    "Prof. Dr. dr. R.A. Kartini Widyaningrum, Sp.PD-KGEH., M.Kes., FINASIM",
    "drg. Maria Goreti Da Costa, Sp.Ort.",
    "AKP (Purn.) Yohanes Lobo-Tukan, S.H.",
    "R.M. Ng. Soerjo Koesoemo, S.H., M.Hum.",
    "R.Ay. Siti Hartinah Soeharto",
    "K.R.T. Hardjonagoro Panembahan",
    "G.P.H. Poeroebojo",
    "Mas Ngabehi Prawirodirdjo",
    "Nyi Mas Ratu Ayu Kusumaningtyas",
    "Raden Ajeng Rr. Dyah Pitaloka Citraresmi",
    "Tumenggung Arungbinang Kolopaking Mangkoenagoro",
    "Kéṭut Ḍarmawati",
    "Ṣāliḥ ibn ʿAbd ar-Raḥmān",
    "Fāṭimah az-Zahrāʾ binti ʿAlī",
    "Muḥammad Ṭāhir al-Ḥaḍramī",
    "Khadījah Umm al-Muʾminīn",
    "ʿUthmān b. ʿAffān al-Qurashī",
    "Zaynab aẓ-Ẓāhiriyyah",
    "Ḥasan al-Baṣrī",
    "Nguyễn Thị Phương Thảo",
    "Trần Đức Lương",
    "Phạm Ngọc Thạch",
    "Đặng Thùy Trâm",
    "Lê Hữu Trác Hải Thượng Lãn Ông",
    "Võ Nguyên Giáp",
    "François-Xavier N'Diaye",
    "José María Ñáñez de Araújo",
    "Jürgen Groß-Øster",
    "Prawiradilaga-Hadikusumoningrat-Kartanegara-Wirasasmita-Suryadiningrat",
    " ".join(["Hadikusumoningrat"] * 8),
    "Tuanku Laksamana Kanjeng Gusti Pangeran Adipati Arya Mangkunagara Senapati Ing Ngalaga Ngabdurrahman"
    " Sayidin Panatagama, S.E., S.H., M.M., M.H., C.M.A., C.P.A., Ak., C.A.",
)


def plain(text: str) -> str:
    """Return text without what a line break adds to it."""
    return unicodedata.normalize("NFC", "".join(text.replace("\ufffe", "-").split()))


def test_there_are_forty() -> None:
    assert len(set(NAMES)) == 40


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_on_one_page_in_full_and_reads_back_as_written(name: str) -> None:
    record = make_record(name)
    assert missing_characters(name, SEMIBOLD) == ""

    document = pypdfium2.PdfDocument(render_paper(record, base_url=BASE, stamp="A" * 120))
    texts = [page.get_textpage().get_text_bounded() for page in document]
    title = document.get_metadata_dict()["Title"]
    document.close()

    assert len(texts) == 2
    assert all(plain(record.holder.name) in plain(text) for text in texts)
    assert title.endswith(record.holder.name)
