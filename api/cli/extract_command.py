"""``zhengce extract``: the records of a file as JSON; of an archive those of each file in it, by name."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import ontology
from api.cli.language import language
from ingest.errors import IngestError, SourceAddressError
from ingest.extract import Json, extract
from ingest.limits import ReadLimits
from ingest.parse import parse
from ingest.read import named, read, unbundled
from ingest.recognise import recognise
from ingest.vocabulary import Vocabulary, vocabulary


def extract_file(path: Path, limits: ReadLimits, source: str | None = None) -> bool:
    """Prints the records; False if a file of an archive could not be read, as standard error says. Raises IngestError for one file."""
    known = vocabulary(ontology.triples())
    files = unbundled(path, limits)
    if files == (path,):
        _print(_records(path, known, limits, source))
        return True
    if source is not None:
        raise SourceAddressError(source, f"这里有 {len(files)} 份文件", f"these are {len(files)} files")
    said: Json = {}
    for file in files:
        try:
            said[named(file)] = _records(file, known, limits, None)
        except IngestError as error:
            print(error.sentence(language()), file=sys.stderr)
    _print(said)
    return len(said) == len(files)


def _records(path: Path, known: Vocabulary, limits: ReadLimits, source: str | None) -> Json:
    return extract(recognise(parse(read(path, limits, source), limits), known), known)


def _print(said: Json) -> None:
    print(json.dumps(said, ensure_ascii=False, indent=1))
