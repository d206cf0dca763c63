"""What words mean to the rules: which say the same, and which name a kind that others belong to."""

from __future__ import annotations

import re

from lms.core.text import fold
from quizzes.bank.advice.words import ALIKE, root, words_of

_SAME = (
    (r"“(\w+)”", r"kata\1"),
    (r"\bpemutusan hubungan kerja\b|\b(?:terkena |kena |di-?)phk\b|\bdipecat\b"
     r"|\bdiberhentikan(?: (?:oleh )?(?:majikan|perusahaan|pemberi kerja)(?:nya)?)?\b", "phk"),
    (r"\b(?:perusahaan|pabrik|kantor|toko) tempat(?:nya)?(?: ia| dia| mereka| peserta| pekerja)? bekerja\b"
     r"|\bpemilik (?:per)?usaha(?:an)?(?:nya)?\b"
     r"|\bpemberi kerja(?:nya)?\b|\b(?:majikan|juragan|pengusaha|perusahaan)(?:nya)?\b", "pengusaha"),
    (r"\btenaga kerja(?:nya)?\b|\b(?:buruh|karyawan|karyawati|pekerja)(?:nya)?\b", "pekerja"),
    *(
        (rf"\bsekali (?:dalam )?(?:se|satu |(?:se)?tiap ){span}\b|\bse{span} sekali\b"
         rf"|\b(?:se)?tiap {span}(?: sekali)?\b|\b{span}an\b", f"tiap{span}")
        for span in ("hari", "bulan", "tahun", "minggu", "pekan")
    ),
    (r"\bsetahun\b|\bsatu tahun\b|\b1 tahun\b|\bdua belas bulan\b", "12 bulan"),
    (r"\bsepekan\b|\bseminggu\b|\bsatu minggu\b", "7 hari"),
    (r"\bdua (?:minggu|pekan)\b|\b2 (?:minggu|pekan)\b", "14 hari"),
    (r"\bsetengah(?:nya)?\b|\bseparuh(?:nya)?\b|\blima puluh persen\b|\b50 ?%|\b50 persen\b", "separuh"),
    (r"\bseperempat(?:nya)?\b|\bdua puluh lima persen\b|\b25 ?%|\b25 persen\b", "seperempat"),
    (r"\bcuma-cuma\b|\btanpa (?:biaya|bayar(?:an)?)\b|\btidak (?:dipungut|dikenai|dikenakan) biaya\b",
     "gratis"),
    (r"\bmeninggal(?: dunia)?\b|\bwafat\b|\btutup usia\b|\bmati\b", "meninggal"),
    (r"\bkantor (?:cabang(?: bpjs(?: ketenagakerjaan)?)?|bpjs(?: ketenagakerjaan)?)\b", "kantorcabang"),
    (r"\b(?:dilarang|tidak diperbolehkan|tidak diizinkan|tidak bisa|tidak dapat)\b", "tidak boleh"),
    (r"\b(?:bisa|dapat|diperbolehkan|diizinkan)\b", "boleh"), (r"\bharus\b|\bdiwajibkan\b", "wajib"),
    (r"\btidak usah\b", "tidak perlu"), (r"\b(?:suami atau istri|istri atau suami)(?:nya)?\b", "pasangan"),
    (r"\b(?:putra|putri)(?=nya|\b)", "anak"), (r"\bsemester(?:an)?\b", "6 bulan"),
    (r"\bhari itu juga\b|\b(?:pada )?hari yang sama\b|\blangsung\b|\bseketika\b", "segera"),
    (r"\bongkos\b", "biaya"), (r"\bgaji\b", "upah"), (r"\bduit\b", "uang"),
    (r"\bmenyetor(?:kan)?\b", "membayar"), (r"\bmelapor(?:kan)?\b|\bmemberi ?tahu(?:kan)?\b", "melapor"),
    (r"\bdokumen\b", "berkas"), (r"\bsecepatnya\b|\bsesegera mungkin\b", "segera"),
    (r"\bkampung\b", "desa"), (r"\bsendirian\b|\bsecara mandiri\b", "sendiri"),
    (r"\bpenduduk\b|\bmasyarakat\b", "warga"), (r"\bumur\b", "usia"), (r"\bkontan\b", "tunai"),
    (r"\bmenggunakan\b", "memakai"), (r"\bmenolong\b", "membantu"), (r"\bmenerangkan\b", "menjelaskan"),
    (r"\bmemohon\b|\bmengajukan permohonan\b", "meminta"), (r"\bmenaruh\b", "menyimpan"),
    (r"\bmemberikan\b", "menyerahkan"), (r"\bmengecek\b|\bmeneliti\b", "memeriksa"),
    (r"\bmendatangi\b|\bpergi ke\b|\bdatang ke\b", "mendatangi"), (r"\bbertambah\b|\bmeningkat\b", "naik"),
    (r"\bberkurang\b|\bmenurun\b", "turun"), (r"\bgugur\b|\bhilang\b", "hangus"),
    (r"\bditangguhkan\b", "ditunda"), (r"\blurah\b", "kepala desa"),
    (r"\bpenjelasan\b|\bketerangan\b", "informasi"),
    (r"\bdikenai\b|\bdikenakan\b|\bdijatuhi\b|\bmenanggung\b", "membayar"),
)  # fmt: skip
_SAYINGS = [(re.compile(pattern, re.IGNORECASE), word) for pattern, word in _SAME]
_KINDS = {
    "keluarga": "istri suami anak janda duda ibu ayah saudara adik kakak mertua cucu",
    "ahli waris": "istri suami anak janda duda",
    "pasangan": "istri suami janda duda",
    "orang tua": "ibu ayah bapak",
    "keturunan": "anak cucu",
    "pekerja": "sopir kasir satpam buruh pegawai tukang pelayan",
    "warga": "petani nelayan pedagang",
    "sanksi": "denda teguran",
    "sanksi administratif": "denda teguran",
    "sanksi administrasi": "denda teguran",
    "hukuman": "denda penjara kurungan",
    "pidana": "penjara kurungan",
    "fasilitas kesehatan": "rumah puskesmas klinik",
    "tempat berobat": "puskesmas klinik",
    "tenaga kesehatan": "dokter bidan perawat mantri",
    "tenaga medis": "dokter bidan perawat",
    "petugas kesehatan": "dokter bidan perawat",
    "aparat desa": "kepala sekretaris",
    "perangkat desa": "sekretaris",
    "pemerintah daerah": "bupati gubernur",
    "kepala daerah": "bupati gubernur",
    "pejabat": "bupati gubernur camat menteri",
    "aparat penegak hukum": "polisi jaksa hakim",
    "penegak hukum": "polisi jaksa hakim",
    "surat": "akta sertifikat",
    "kendaraan": "motor mobil truk bus sepeda",
    "identitas": "ktp kk sim paspor",
    "identitas diri": "ktp kk sim paspor",
    "pengenal": "ktp sim paspor",
    "dokumen kependudukan": "ktp kk akta",
    "atasan": "mandor manajer direktur majikan",
    "saudara": "adik kakak",
    "kerabat": "adik kakak paman bibi sepupu",
    "harta": "tanah rumah mobil motor",
    "kebutuhan pokok": "beras minyak gula",
    "media sosial": "facebook instagram tiktok",
    "alat tulis": "pensil buku pulpen",
    "bantuan": "sembako beras",
}
"""Kinds, and the first words of what belongs to them."""
_HEADS = {
    "fasilitas kesehatan": {"rumah": "rumah sakit"},
    "aparat desa": {"kepala": "kepala desa", "sekretaris": "sekretaris desa"},
    "perangkat desa": {"sekretaris": "sekretaris desa"},
}
"""Where one word is not enough to know it by."""
MAX_WORDS = 2
"""Words a name has at most: *teguran oleh kader* is no sanction."""
_WHOSE = re.compile(
    r" (?:peserta|pekerja|korban|itu|tersebut|kandung|setempat|terdekat|sendiri|almarhum)$|(?<=\w{4})nya$"
)
_PROOF = re.compile(r"^(?:dokumen|berkas|bukti|tanda|kartu|surat) (?=identitas|pengenal|diri)")
_TO = re.compile(r"^(?:kepada|oleh|dari|bagi|untuk|pada|dengan) ")
_LITTLE = "dan atau yang itu ini di ke saja para oleh paling termasuk akan dapat dari"
_JOINING = frozenset(_LITTLE.split())


def gist_of(text: str) -> tuple[str, ...]:
    """Return the words of a text that tell, those of one meaning as one; empty for numbers and facts."""
    text = fold(text)
    for pattern, word in _SAYINGS:
        text = pattern.sub(word, text)
    if "{" in text:
        return ()
    words = re.findall(r"\d[\d.,]*|[^\W\d_]+(?:-[^\W\d_]+)*", text)
    if len(words) == 1:  # *investasi* and *berinvestasi* are told apart by their form alone
        return (words[0].removesuffix("nya"),)
    return tuple(root(ALIKE.get(word, word)) for word in words if word not in _JOINING)


def is_kind_of(kind: str, text: str) -> bool:
    """Return whether a text names something of the kind that is named: *dokter*, *tenaga medis*."""
    kind, text = (_TO.sub("", fold(part)) for part in (kind, text))
    kind = _PROOF.sub("", _WHOSE.sub("", kind))
    heads = _KINDS.get(kind) or _KINDS.get(_WHOSE.sub("", kind))
    words = words_of(text)
    if not heads or not 0 < len(words) <= MAX_WORDS or words[0].removesuffix("nya") not in heads.split():
        return False
    longer = _HEADS.get(kind, {}).get(words[0])
    return longer is None or " ".join(words).startswith(longer)
