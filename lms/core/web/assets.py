"""Static files under names that carry their content's hash, compressed once, cached for a year."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli
import rjsmin
from flask import Flask, Response, request

from lms.core.errors import NotFound
from lms.core.web.icons import icon_rules

COMPRESSED = {".css", ".js", ".svg", ".webmanifest", ".json", ".dict"}
FOR_ALL_PAGES = 'match="/*", match-dest=("document")'
"""What a compression dictionary is good for (RFC 9842)."""
_FONT_FACE = re.compile(r"@font-face\{[^}]*url\(asset:([^)]+)\)[^}]*\}\s*")
ICONS = "/*icons*/"
_QUOTED_ASSET = re.compile(r'"asset:([^"]+)"')
_ASSET_URL = re.compile(r"url\(asset:([^)]+)\)")


@dataclass(frozen=True)
class Asset:
    """One file, ready to send."""

    url: str
    content_type: str
    body: bytes
    brotli: bytes | None
    gzip: bytes | None


class Assets:
    """All static files of all rooms; names are ``<room>/<path below static>``."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._sources = {
            f"{folder.parent.name}/{path.relative_to(folder).as_posix()}": path
            for folder in folders
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        self._by_name: dict[str, Asset] = {}
        self._by_url: dict[str, Asset] = {}
        for name in self._sources:
            self._load(name)

    def url(self, name: str) -> str:
        """Return the address of ``name``.

        Raises:
            KeyError: no room has such a file.
        """
        return self._by_name[name].url

    def body(self, name: str) -> bytes:
        """Return the content of ``name`` as browsers get it.

        Raises:
            KeyError: no room has such a file.
        """
        return self._by_name[name].body

    def has(self, name: str) -> bool:
        """Return whether a file of that name was found at start."""
        return name in self._by_name

    def response(self, url: str) -> Response:
        """Return the file at ``url`` in the best encoding the client takes."""
        asset = self._by_url.get(url)
        if asset is None:
            raise NotFound
        accepted = request.headers.get("Accept-Encoding", "")
        body, encoding = asset.body, ""
        if asset.brotli is not None and "br" in accepted:
            body, encoding = asset.brotli, "br"
        elif asset.gzip is not None and "gzip" in accepted:
            body, encoding = asset.gzip, "gzip"
        response = Response(body, content_type=asset.content_type)
        if encoding:
            response.headers["Content-Encoding"] = encoding
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        if url.endswith(".dict"):
            response.headers["Use-As-Dictionary"] = FOR_ALL_PAGES
        return response

    def _load(self, name: str) -> Asset:
        if name in self._by_name:
            return self._by_name[name]
        path = self._sources[name]
        body = path.read_bytes()
        if path.suffix in {".css", ".webmanifest"}:
            body = self._resolve(body.decode()).encode()
        elif path.suffix == ".js":
            # Comments and spaces: the source keeps them, no phone loads them (a sixth of a script).
            body = rjsmin.jsmin(body.decode()).encode()
        digest = hashlib.sha256(body).hexdigest()[:10]
        stem, _, _ = name.rpartition(".")
        asset = Asset(
            url=f"/aset/{stem}.{digest}{path.suffix}",
            content_type=_content_type(path),
            body=body,
            brotli=brotli.compress(body, quality=11) if path.suffix in COMPRESSED else None,
            gzip=gzip.compress(body, 9, mtime=0) if path.suffix in COMPRESSED else None,
        )
        self._by_name[name] = self._by_url[asset.url] = asset
        return asset

    def _resolve(self, css: str) -> str:
        """Put hashed names for ``asset:…``; a font that was not built takes its rule along."""
        css = _FONT_FACE.sub(lambda m: m[0] if m[1] in self._sources else "", css)
        css = css.replace(ICONS, icon_rules())
        text = _ASSET_URL.sub(lambda m: f"url({self._load(m[1]).url})", css)
        return _QUOTED_ASSET.sub(lambda m: f'"{self._load(m[1]).url}"', text)


def _content_type(path: Path) -> str:
    known = {".woff2": "font/woff2", ".webmanifest": "application/manifest+json", ".js": "text/javascript"}
    kind = known.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith(("text/", "application/manifest")) else kind


@cache
def read_assets(folders: tuple[Path, ...]) -> Assets:
    """Read and compress once per process, however many applications are made in it."""
    return Assets(folders)


def init_app(app: Flask, folders: Iterable[Path]) -> None:
    """Serve the rooms' static files at /aset/ and give templates ``asset(name)`` and ``has_asset(name)``."""
    assets = read_assets(tuple(folders))
    app.extensions["assets"] = assets
    app.jinja_env.globals["asset"] = assets.url
    app.jinja_env.globals["has_asset"] = assets.has

    @app.get("/aset/<path:_name>")
    def asset_file(_name: str) -> Response:
        return assets.response(request.path)

    @app.get("/pekerja.js")
    def service_worker() -> Response:
        """Return the script that keeps pages for days without signal: at the root, whose pages it serves."""
        response = assets.response(assets.url("core/worker.js"))
        response.headers["Cache-Control"] = "no-store"
        return response
