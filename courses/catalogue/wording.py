"""Words the renderer adds to a course text. Course text is Indonesian whatever the interface speaks."""

FACT_NOTES = "Dasar hukum"
FACT_NOTES_LEAD = "Angka di halaman ini menurut hukum pada {day}, kecuali disebut lain."
GLOSSARY = "Istilah"
BACK_TO = "Kembali ke teks: {text}"
HISTORY = "Riwayat angka"
UNCHECKED = "belum diperiksa"
DERIVED = "hasil hitungan dari ketentuan ini"
SECONDARY = "menurut sumber sekunder"
MISQUOTE = "keliru"
TABLE = "Tabel {number}: {columns}"
BOXES = {"contoh": "Contoh", "ingat": "Ingat", "penting": "Penting"}
"""Names of the boxes `::: contoh`, `::: ingat`, `::: penting`."""
