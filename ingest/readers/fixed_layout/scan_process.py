"""The process that recognises pages: `python -P -m` this module, told of a file and then of pages, one line each.

It reads one line of JSON, ``{"bytes": .., "kind": "pdf" | "image", "megabytes": .., "seconds": .., "megapixels": ..}``, and as many bytes;
it answers ``{"pages": n}``. For each line with the number of a page, from 1, it answers that page as JSON. Where it cannot, the answer
is ``{"error": "damaged" | "large"}``. It ends with its input. Nothing is written anywhere.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict
from io import BytesIO
from typing import Any

DOTS = 200
"""Dots an inch at which pages of a PDF file are drawn."""
_WIDEST = 3508
"""Pixels of the longer side: A3 at 200 dots an inch and a little more; larger pictures are reduced."""


def main() -> None:
    """Answers until the input ends."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    order = json.loads(source.readline())
    data = source.read(order["bytes"])
    memory = order["megabytes"] << 20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        pages, draw = _pictures(order["kind"], data, order["megapixels"])
    except _TooLargeError:
        _tell(sink, {"error": "large"})
        return
    except Exception:  # noqa: BLE001 (whatever a library says of a damaged file)
        _tell(sink, {"error": "damaged"})
        return
    _tell(sink, {"pages": pages})
    from ingest.readers.fixed_layout.scan_page import engine, recognised

    read = engine()
    for line in source:
        _allow(order["seconds"])
        try:
            found = asdict(recognised(draw(int(line)), read))
        except (_TooLargeError, MemoryError):
            found = {"error": "large"}
        except Exception:  # noqa: BLE001 (as above)
            found = {"error": "damaged"}
        _tell(sink, found)


class _TooLargeError(Exception):
    """A picture of more pixels than are read."""


def _tell(sink: Any, answer: dict[str, Any]) -> None:
    sink.write(json.dumps(answer).encode() + b"\n")
    sink.flush()


def _allow(seconds: int) -> None:
    """Gives the next page its seconds of the processor; the system ends a process that takes more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = round(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _pictures(kind: str, data: bytes, megapixels: int) -> tuple[int, Callable[[int], Any]]:
    """How many pages there are, and what draws one of them in grey."""
    if kind == "pdf":
        import pypdfium2  # type: ignore[import-untyped]

        pdf = pypdfium2.PdfDocument(data)

        def page_of_pdf(number: int) -> Any:
            page = pdf[number - 1]
            return _reduced(page.render(scale=min(DOTS / 72, _WIDEST / max(*page.get_size(), 1.0)), grayscale=True).to_pil())

        return len(pdf), page_of_pdf
    from PIL import Image

    image = Image.open(BytesIO(data), formats=("PNG", "JPEG", "TIFF", "BMP"))

    def frame(number: int) -> Any:
        image.seek(number - 1)
        if image.width * image.height > megapixels * 1_000_000:
            raise _TooLargeError
        return _reduced(image)

    frame(1)
    return getattr(image, "n_frames", 1), frame


def _reduced(picture: Any) -> Any:
    """A picture in grey, on white where it is transparent, no larger than a page at the resolution that is read."""
    import numpy
    from PIL import Image

    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        over = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", over.size, "white"), over)
    grey = picture.convert("L")
    grey.thumbnail((_WIDEST, _WIDEST))
    return numpy.asarray(grey)


if __name__ == "__main__":
    main()
