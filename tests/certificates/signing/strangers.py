"""Programs of others that look at a signed PDF: OpenSSL, and poppler with NSS."""

from __future__ import annotations

import io
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader

from certificates.signing.ring import KeyRing

Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Files:
    """What other programs are given."""

    folder: Path

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)

    def write(self, name: str, body: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(body)
        return path


def run(*words: object) -> Done:
    """Return what a program said."""
    command = [str(word) for word in words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def write_root(files: Files, ring: KeyRing) -> Path:
    """Write the root as PEM."""
    return files.write("root.pem", ring.roots[0].public_bytes(Encoding.PEM))


def verify_with_openssl(files: Files, pdf: bytes, ring: KeyRing, *, added: bytes = b"") -> Done:
    """Return what OpenSSL says of the signature over the signed bytes, and over others behind them."""
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    first, length, second, rest = signature.byte_range
    content = files.write("content", pdf[first : first + length] + pdf[second : second + rest] + added)
    cms = files.write("cms", signature.pkcs7_content)
    command = ("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", cms)
    told = ("-CAfile", write_root(files, ring), "-purpose", "any", "-out", "/dev/null", "-content", content)
    return run(*command, *told)


def look_with_poppler(files: Files, pdf: bytes, ring: KeyRing) -> tuple[str, str]:
    """Return what poppler says before and after the root was imported."""
    path, store = files.write("sertifikat.pdf", pdf), f"sql:{files.folder}"
    run("certutil", "-N", "--empty-password", "-d", store)
    stranger = run("pdfsig", "-nssdir", store, path).stdout
    added = run("certutil", "-A", "-d", store, "-n", "root", "-t", "CT,CT,CT", "-i", write_root(files, ring))
    assert added.returncode == 0, added.stderr
    return stranger, run("pdfsig", "-nssdir", store, path).stdout
