"""The number of a document (发文字号) as printed -> its letters, its year and its number: 沪质办〔2026〕2号, 某市人民政府令第12号."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.fields.folding import bare
from ingest.fields.numerals import number

_YEAR = r"(?:(?:19|20)\d\d|二\s*[〇○零Oo]\s*[〇○零一二三Oo]\s*[〇○零一二三四五六七八九])"
_OPEN, _CLOSE = r"[〔\[(【<]", r"[〕\])】>]"
# In folded text, blanks anywhere.
NUMBER = re.compile(
    rf"[\u4e00-\u9fa5A-Z]{{2,20}}(?:\([\u4e00-\u9fa5]{{1,6}}\))?\s*{_OPEN}\s*{_YEAR}\s*年?\s*{_CLOSE}\s*第?\s*\d{{1,5}}(?:-\d{{1,2}})?\s*号"
    rf"|[\u4e00-\u9fa5]{{2,20}}(?:令|公告|通告)\s*(?:{_YEAR}\s*年)?\s*第\s*\d{{1,4}}\s*号"
)
_PARTS = re.compile(
    rf"(?P<letters>.+?){_OPEN}(?P<year>{_YEAR})年?{_CLOSE}第?(?P<no>\d{{1,5}}(?:-\d{{1,2}})?)号?"
    rf"|(?P<order>.+?(?:令|公告|通告))(?:(?P<of>{_YEAR})年)?第(?P<nth>\d{{1,4}})号"
)


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """The letters of the office, the year (0 where none is printed), and the number, which may have a part of its own: 2-1."""

    letters: str
    year: int
    number: str


def document_number(printed: str) -> DocumentNumber | None:
    """The parts of a number; None where it is none.

    >>> document_number("沪质办〔二〇二六〕第 02 号")
    DocumentNumber(letters='沪质办', year=2026, number='2')
    >>> document_number("云溪市人民政府令第12号")
    DocumentNumber(letters='云溪市人民政府令', year=0, number='12')
    """
    found = _PARTS.fullmatch(bare(printed))
    if found is None:
        return None
    year = number(found["year"] or found["of"] or "") or 0
    counted = "-".join(str(int(part)) for part in (found["no"] or found["nth"]).split("-"))
    return DocumentNumber(found["letters"] or found["order"], int(year), counted)
