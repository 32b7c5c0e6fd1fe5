"""The built files of ``api/static``, turned into addresses for pages and into responses, compressed where the client takes it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import FileResponse

FOLDER = Path(__file__).parents[1] / "static"
"""Where the build puts its files; empty until it has run."""

_FOREVER = "public, max-age=31536000, immutable"
_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.(?P<suffix>js|css|geojson|svg|png)")
_MEDIA = {
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "geojson": "application/geo+json",
    "svg": "image/svg+xml",
    "png": "image/png",
}
_ENCODINGS = {"br": ".br", "gzip": ".gz"}


@dataclass(frozen=True, slots=True)
class Assets:
    """The addresses of the built files by the name of their source, ``src/base.ts``."""

    scripts: Mapping[str, str]
    styles: Mapping[str, tuple[str, ...]]
    digest: str = ""
    """Changes with every file that changes."""

    @classmethod
    def built(cls, folder: Path = FOLDER) -> Assets:
        """What the manifest of the build says; nothing where nothing was built."""
        try:
            written = (folder / "manifest.json").read_bytes()
        except FileNotFoundError:
            return cls({}, {})
        manifest = json.loads(written)
        return cls(
            {name: f"/static/{entry['file']}" for name, entry in manifest.items()},
            {name: tuple(f"/static/{file}" for file in entry.get("css", ())) for name, entry in manifest.items()},
            blake2b(written, digest_size=8).hexdigest(),
        )

    def script(self, source: str) -> str:
        """The address of a script."""
        return self.scripts.get(f"src/{source}.ts", "")

    def stylesheets(self, source: str) -> tuple[str, ...]:
        """The addresses of the styles that a script brings."""
        return self.styles.get(f"src/{source}.ts", ())


def create_router(folder: Path = FOLDER) -> APIRouter:
    """The address ``/static/assets/{name}``. Names hold a digest of the content, so a browser keeps a file for good."""
    router = APIRouter(include_in_schema=False)

    @router.get("/static/assets/{name}")
    async def asset(request: Request, name: str) -> Response:
        file, found = folder / "assets" / name, _NAME.fullmatch(name)
        if not found or not file.is_file():
            raise HTTPException(404)
        headers = {"Cache-Control": _FOREVER, "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
        accepted = {part.split(";")[0].strip() for part in request.headers.get("accept-encoding", "").split(",")}
        for encoding, suffix in _ENCODINGS.items():
            packed = file.with_name(file.name + suffix)
            if encoding in accepted and packed.is_file():
                return FileResponse(packed, media_type=_MEDIA[found["suffix"]], headers={**headers, "Content-Encoding": encoding})
        return FileResponse(file, media_type=_MEDIA[found["suffix"]], headers=headers)

    return router
