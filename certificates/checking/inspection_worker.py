"""The process that reads strangers' PDFs. It knows no settings, no database and no private key.

`certificates.checking.inspection_process` starts it with the number of a socket. Each question is four bytes
of length, JSON with roots, issuers and lists, and the file; the answer is JSON, see `inspection.Inspection`.
Every file is read by a child that ends with it: what one file does to memory, the next one never meets.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import resource
import signal
import sys
import time
from base64 import b64decode
from dataclasses import asdict
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from PIL import Image

from certificates.checking.pdf_contents import RefusedError, find_code, open_pdf, read_contents
from certificates.checking.pdf_rescue import search_code
from certificates.checking.pdf_signatures import Trust, read_signature

MEMORY_BYTES = 400_000_000
"""Address space of a child beyond what the process itself has; a certificate takes 5 MB of it."""
CPU_SECONDS = 8
"""Of one file; a certificate takes 0.1."""
WALL_SECONDS = 15
MAX_ANSWER_BYTES = 900_000

TRUST = ("roots", "issuers", "crls", "timestamp_roots")
"""What a question says about whom to believe, each a list of DER in base64."""
PRELOADED = (
    "cryptography.hazmat.backends.openssl.backend",
    "encodings.ascii",
    "encodings.latin_1",
    "encodings.utf_16_be",
    "lxml.etree",
    "pyhanko.pdf_utils.filters",
)
"""What libraries would load when they need it: a child can open nothing any more, modules neither."""


def inspect(question: dict[str, Any], body: bytes, loop: asyncio.AbstractEventLoop) -> dict[str, Any]:
    """Return the fields of an `Inspection`."""
    try:
        reader = open_pdf(body)
    except RefusedError as error:
        return {"fault": str(error), "code": search_code(body)}
    facts: dict[str, Any] = {}
    try:
        facts["code"] = find_code(reader)
        facts |= asdict(read_contents(reader))
    except RefusedError as error:
        facts = {"code": search_code(body)} | facts | {"fault": str(error)}
    trust = Trust(*([b64decode(der) for der in question[name]] for name in TRUST))
    signature = asdict(read_signature(reader, body, trust=trust, loop=loop))
    word, serial = signature.pop("word"), signature.pop("serial")
    return facts | signature | {"signature": word, "signer_serial": serial}


def answer(question: bytes) -> bytes:
    """Return the answer to one question, given by a child with limits."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _answer_and_end(question, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        reply = pipe.read(MAX_ANSWER_BYTES)
    _child, status = os.waitpid(child, 0)
    return reply if status == 0 else _fault("costly")  # else the kernel ended it, perhaps in mid-sentence


def _answer_and_end(question: bytes, writing: int) -> None:
    """Answer and end the process, whatever happens: nothing of the parent's runs in a child."""
    os.closerange(3, writing)  # the way to the server, above all
    os.closerange(writing + 1, writing + 1_000)
    try:
        reply = _answer(question)
    except MemoryError:
        reply = _fault("costly")
    except BaseException:  # RecursionError, SystemExit of a library, …
        reply = _fault("damaged", cpu_seconds=time.process_time())
    try:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(reply if len(reply) < MAX_ANSWER_BYTES else _fault("costly"))
    finally:
        os._exit(0)


def _answer(question: bytes) -> bytes:
    loop = asyncio.new_event_loop()
    limit_child()
    length = int.from_bytes(question[:4], "big")
    facts = inspect(json.loads(question[4 : 4 + length]), question[4 + length :], loop)
    return json.dumps(facts | {"cpu_seconds": time.process_time()}).encode()


def limit_child() -> None:
    """Cap CPU, time and memory for good; no file, no connection and no process is opened any more."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(usage.ru_utime + usage.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (spent + CPU_SECONDS, spent + CPU_SECONDS))
    signal.alarm(WALL_SECONDS)
    memory = _address_space() + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    for kind in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC):
        resource.setrlimit(kind, (0, 0))


def _address_space() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def _fault(word: str, **facts: float) -> bytes:
    return json.dumps({"fault": word, **facts}).encode()


def serve(connection: Connection) -> None:
    """Say that it is ready, then answer until the socket closes."""
    for name in PRELOADED:
        import_module(name)
    Image.preinit()
    gc.collect()
    gc.freeze()
    connection.send_bytes(b"ready")
    while True:
        try:
            question = connection.recv_bytes()
        except (EOFError, ConnectionError):
            return
        connection.send_bytes(answer(question))


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
