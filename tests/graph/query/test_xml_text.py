"""XML that a reader of XML reads, or a sentence that names what it cannot hold."""

from __future__ import annotations

import io
import pickle
from typing import IO, cast
from xml.etree import ElementTree

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, Store

from graph.errors import NotInXmlError
from graph.query.worker import serialize
from graph.query.xml_text import checked_xml, sink_for

FORMS: dict[str, tuple[QueryResultsFormat | RdfFormat, str]] = {
    "select": (QueryResultsFormat.XML, "SELECT (%s AS ?x) {}"),
    "construct": (RdfFormat.RDF_XML, "CONSTRUCT { <http://e/a> <http://e/b> %s } {}"),
}


def written(form: str, literal: str) -> bytes:
    format, query = FORMS[form]
    made = io.BytesIO()
    serialize(Store().query(query % literal), format, sink_for(format, made))
    return made.getvalue()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("code", [*range(0x20), 0x7F, 0x85, 0xFFFD, 0xFFFE, 0xFFFF, 0x1FFFE])
def test_refused_just_where_a_reader_of_xml_would_stop(form: str, code: int) -> None:
    # Tab, line feed and carriage return, and beyond the control characters all but the two that are no characters.
    readable = code in {0x9, 0xA, 0xD} or (code >= 0x20 and code not in {0xFFFE, 0xFFFF})
    literal = f'"低\\U{code:08X}空"'
    if readable:
        assert "低" in "".join(ElementTree.fromstring(written(form, literal)).itertext())
        return
    with pytest.raises(NotInXmlError, match=f"U\\+{code:04X}") as refused:
        written(form, literal)
    assert pickle.loads(pickle.dumps(refused.value)).character == chr(code)


def test_other_formats_carry_all_characters() -> None:
    made = io.BytesIO()
    assert sink_for(QueryResultsFormat.JSON, made) is made
    assert sink_for(RdfFormat.TURTLE, cast(IO[bytes], made)) is made
    assert checked_xml("低空".encode()) == "低空".encode()
