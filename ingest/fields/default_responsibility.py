"""Sentences that speak of all tasks at once -> who leads, and which units every task has besides its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.fields.folding import fold, squeeze
from ingest.fields.responsible_units import units
from ingest.fields.roles import RoleRun, role_of
from ingest.model.document import Text
from ingest.model.records import Unit

_FIRST = re.compile(
    r"[^。;\n,]*?(?:(?:列|排|位|列在|排在|排名|居)(?:于|在)?(?:第一|首|前)(?:位|个)?|(?:第一|首)(?:位|个)|首位|第一)(?:的)?[^。;\n,]{0,12}?(?:单位|部门|的)?[^。;\n]{0,6}?(?:为|是|系|即|作为)(?:该项[^。;\n]{0,4}|工作|任务|总)?(?P<role>牵头|主责|主办)[^。;\n]*"
)
_REST = re.compile(r"(?:其他|其余|其它|后列|排名靠后)[^。;\n]{0,8}(?:为|是|系|即|作为)(?P<role>配合|协办|参与|责任|协同)")
_NONE = re.compile(
    r"[^。;\n,]*(?:未|没有|无)(?:明确|列明|注明|标明|确定)?[^。;\n]{0,4}牵头[^。;\n]{0,12}责任(?:单位|部门)[^。;\n]{0,8}牵头[^。;\n]*|[^。;\n]*责任单位(?:即为|均为|就是)牵头单位[^。;\n]*"
)
_DEFAULT = re.compile(
    r"(?:均|都|全部|一律|需|须|由|应|涉及|包括|责任单位(?:均)?(?:为|包括))+(?:需要?|须|由|应|含)?(?P<units>[^。;]+?)(?:(?P<act>按职责分工负责|共同负责|负责落实|配合落实|参与|配合|牵头|负责|落实|实施)|(?=,(?:不再|不另|不一一|恕不)))"
)


# 除特别注明的外，各县政府都是配合单位
_EXCEPT = re.compile(
    r"除[^,。;]{2,14}外,(?P<units>[^。;,]{2,120}?)(?:都是|均为|均是|都为|一律为|为)(?P<act>配合|协办|协同|参与|责任)(?:责任)?(?:单位|部门)(?=[。;,]|$)"
)


@dataclass(frozen=True, slots=True)
class RoleRule:
    """A stated rule about who leads: the first unit, or every responsible unit where no leader is named."""

    text: Text
    first: bool
    rest: str | None = None

    def applied(self, found: tuple[Unit, ...]) -> tuple[Unit, ...]:
        """The units with the roles that the rule gives them."""
        if any(unit.role == "lead" for unit in found):
            return found
        if not self.first:
            return tuple(replace(unit, role="lead") if unit.role == "responsible" else unit for unit in found)
        first = next((unit.order for unit in found if unit.role == "responsible"), None)
        return tuple(
            replace(unit, role="lead")
            if unit.order == first
            else replace(unit, role=self.rest)
            if self.rest and unit.role == "responsible"
            else unit
            for unit in found
        )


def role_rule(texts: Sequence[Text]) -> RoleRule | None:
    """The rule about who leads that the covering notice or a note states."""
    for text in texts:
        folded = fold(text.value)
        first = _FIRST.search(folded)
        if first is not None and re.search("单位|部门|责任|牵头", first.group()):
            rest = _REST.search(folded)
            return RoleRule(
                squeeze(text[first.start() : first.end()]).strip("，,。 "), True, role_of(rest["role"]) if rest is not None else None
            )
        none = _NONE.search(folded)
        if none is not None:
            return RoleRule(squeeze(text[none.start() : none.end()]).strip("，,。 "), bool(re.search("第一|首位", none.group())))
    return None


def exception(texts: Sequence[Text]) -> Text | None:
    """The sentence that gives units to every task but those that say otherwise: 除特别注明的外，各县政府都是配合单位.

    >>> str(exception([Text.at_offset("各单位要抓好落实。除特别注明的外，各县政府都是配合单位。", 0)]))
    '除特别注明的外，各县政府都是配合单位'
    """
    for text in texts:
        match = _EXCEPT.search(fold(text.value))
        if match is not None:
            return text[match.start() : match.end()]
    return None


def default_units(clause: Text, prefix: str) -> tuple[Unit, ...]:
    """The units that a clause like 以下任务均需…配合落实 adds to every task."""
    match = _EXCEPT.search(fold(clause.value)) or _DEFAULT.search(fold(clause.value))
    if match is None:
        return ()
    role = role_of(match["act"] or "") or "responsible"
    word = clause[match.start("act") : match.end("act")] if match["act"] else None
    return units([RoleRun(clause[match.start("units") : match.end("units")], role, word)], prefix).units
