"""Every address of the interface stands in the docs."""

from __future__ import annotations

import re
from pathlib import Path

from api.app import create_app
from api.http.negotiation import graphs, results
from api.settings import Settings

DOCS = Path(__file__).parents[3] / "docs" / "http.md"


def test_docs_name_every_address_and_format(tmp_path: Path) -> None:
    text = DOCS.read_text("utf-8")
    named = set(re.findall(r"`(/[^`\s]*)`", text))
    paths = set(create_app(Settings(data=tmp_path)).openapi()["paths"])
    assert len(paths) > 10
    assert paths <= named
    assert all(f"`{offer.types[0]}`" in text for offer in (*results(), *graphs()))
    assert all(f"`{offer.suffix}`" in text for offer in graphs())
