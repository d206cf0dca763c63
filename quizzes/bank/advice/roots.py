"""Roots of Indonesian words that trainees, trainers and laws use much, and how a word is led back to one."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ROOTS = """
    acara acu adil adu agen ajak ajar aju akhir akibat akta aku alam alas alat alih alir amal aman ambil
    anak ancam andal anggap anggar angka angkat angkut angsur anjur antar antre apoteker arah arsip arti
    asal asas asuh asuransi atas atur awal awas awet
    bagi baik bakar bakti balas bangun bank bansos bantah bantu banyak barang baru basmi batal batas
    bawa bayar bayi beban bebas beda bekal beku bela beli benar bengkel bentuk berangkat beras beri
    berita berkas bersih besar biar biaya bicara bidan bidang bimbing bina bingung bohong boleh bongkar
    buang buat bubar buka bukti buku bulan bungkus bupati buru buruh buruk
    cabut cacat cair cakup calon camat campur cantum capai catat cedera cegah cek celaka cepat cerai
    cerita cetak cicil cita cocok contoh cuci cucu cukup curang curi
    daerah daftar dagang dahulu dalam damai damping dana dapat data datang daya dekat denda dengar
    derita desa desak dewan didik dinas direksi diri disiplin dokter dorong dua duga duka dukung dunia
    edar eja elak emban evaluasi
    fakta
    gabung gadai gaji galang gali gambar ganda gandeng gang ganggu ganti gantung gedung gelar genap
    gerak gerobak giat golong gotong gugat gugur guna gunting guru
    habis hadap hadir haji hak hakim hambat hangus hapus harap harga hari haris harta harus hasil hemat
    henti hibah hidup hilang himpun hindar hitung hubung hukum
    ibadah ibu ikat ikut ilmu imbang inap indah ingat ingin inti investasi isi istirahat istri iuran
    izin
    jabat jadi jadwal jaga jahit jaksa jalan jam jamin janda janji jasa jatuh jauh jawab jelas jemput
    jenguk jenis jilat jiwa jual juang jujur jumlah
    kabar kader kait kaki kampung kandung kantor karcis kartu kas kasir kasus kata kaya kebun kecil
    kejar kelas keliru kelola kelompok keluar keluarga keluh kembali kembang kemudi kena kenal kenan
    kendali kepala kerabat kering kerja ketua kira kirim klaim kode konfirmasi koperasi korban korupsi
    kota kredit kuasa kuat kubur kuitansi kuli kumpul kunjung kurang kurung kustodi
    labuh lahan lahir lain laksana laku lalai lalu lama lamar lambat lampir lancar landas langkah lanjut
    lantik lapang lapor larang larut latih lawan layak layan lebih lekat lembaga lengkap lengket letak
    lewat liar libat libur lihat liku lindung lintas loket lolos lowong luas luka lulus lumpuh lunas
    lupa lurus
    mahal main majikan maju makam makan mampu mandat mandiri mandor manfaat masa masalah masuk mati memo
    meninggal menteri merah mertua mesin meter milik minta mobil modal mogok mohon motor muda mula mulia
    mundur mungkin murah musyawarah
    nafkah naik nama nasabah nasib nasihat negara nelayan niat nikah nikmat nilai nirlaba nomor notaris
    nyaman nyata
    obat obyek ojek olah oleh operasi organ otoritas
    pabrik paham pahami pajak pakai paksa panen panggil pantas pantau papan partai pasang pasar pasti
    patuh pecah pecat pedoman pegang pegawai peka pekan pemerintah pemuda penduduk penjara pensiun
    penting penuh perang periksa perintah perlu pertama pesan pesangon peserta pesisir petani pidana
    pihak pilih pimpin pindah pinjam pintu pisah pokok polisi porsi potong praktik presiden pribadi
    prinsip program proses protes provinsi puas pukul pulang pulih pungut pusat puskesmas putus
    raga ragam ragu rahasia ramal rampas ranah rancang rantau rapat rata rawan rawat rekam rekan
    rekening rela rencana rendah resmi restu rinci ringan rintis risiko rokok ruang rugi rujuk rukun
    rumah rumus rupiah rusak
    saat sah saham saing sakit saksi salah saldo salin salur sama sambung sampai sanak sandang sandar
    sanggup sangka sanksi santun saran sasar satu sawah sebab sebar sebut segel segera sehat sejahtera
    sekolah sekretaris selamat selenggara selesai selisih seluruh sembuh sembunyi semester sengaja
    senggang sengketa serah serang serangga serikat serta sertifikat sesuai setara setor setuju sewa
    siap siar sidang sifat sikap simpan singgah sita sopir sosial status suami suap subsidi sulit
    sumbang sumber suntik surat susul susun swasta syarat syukur
    tabrak tabung tagih tahan tahap tahu takut tambah tambak tambal tampung tanah tanam tanda tanding
    tangan tangga tanggal tanggap tangguh tanggung tangkap tani tanya target tarif tarik tata tawar
    tebus tegas tegur teliti tembus tempat tempel tempo tempuh temu tenaga tengah tenggat tentu tepat
    terang terbit terima tertib terus tetangga tetap tiba tidak timbang timbul timpa tindak tinggal
    tinggi tingkat tinjau tipu titip toko tokoh tolak tolong tonton topang transfer truk tua tukang
    tulis tumbuh tumpang tunai tunda tunggak tunggu tunjang tunjuk tuntut turun turut tutup
    uang ubah uji ujung ukur ulang umum undang undang-undang undi undur ungkap ungsi unjuk untung upah
    upaya urai urus urut usaha usia usir usul utama utang utus
    wabah wafat wajah wajib wakaf wakil waktu warga waris warung wasiat waspada wawancara wenang wilayah
    wira wujud
    yatim yayasan
"""
ROOTS = frozenset(_ROOTS.split())
_PARTICLES = re.compile(r"(?:lah|kah|pun)$")
_WHOSE = re.compile(r"(?:nya|ku|mu)$")
_ENDINGS = ("kan", "an", "i")
_BEFORE_A_VOWEL = {
    "mem": "p", "pem": "p", "men": "t", "pen": "t", "meny": "s", "peny": "s", "meng": "k", "peng": "k",
}  # fmt: skip
"""Prefixes, and the first letter of a root that melts into them."""
_PREFIXES = (
    "meny", "peny", "meng", "peng", "mem", "pem", "men", "pen", "ber", "bel", "ter", "per", "pel", "me", "pe",
    "di", "ke", "se", "be",
)  # fmt: skip
_MOST_PREFIXES = 3
"""As in *mem-per-ber…*, *ke-ter-…*."""


def known_root(word: str) -> str:
    """Return the longest root a word may come from, empty where none is known."""
    found = {stem for stem in _without_endings(word) for stem in _without_prefixes(stem) if stem in ROOTS}
    return max(found, key=lambda stem: (len(stem), stem), default="")


def _without_endings(word: str) -> Iterator[str]:
    bare = _PARTICLES.sub("", word)
    for stem in dict.fromkeys((word, bare, _WHOSE.sub("", bare))):
        yield stem
        yield from (stem.removesuffix(ending) for ending in _ENDINGS if stem.endswith(ending))


def _without_prefixes(word: str, depth: int = 0) -> Iterator[str]:
    yield word
    if depth == _MOST_PREFIXES:
        return
    for prefix in _PREFIXES:
        if not word.startswith(prefix):
            continue
        rest = word.removeprefix(prefix)
        yield from _without_prefixes(rest, depth + 1)
        if prefix in _BEFORE_A_VOWEL and rest[:1] in "aeiou":
            yield _BEFORE_A_VOWEL[prefix] + rest
