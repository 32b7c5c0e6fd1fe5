"""A proof, turned into what people and programs read: JSON with labels and evidence, text in Chinese or English."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from pyoxigraph import Store as Engine

from graph.proofs.evidence import Quote, RuleReading, Source, Sources, vocabulary_files
from graph.proofs.proof_search import Proof
from graph.reasoning.axioms import Axiom
from graph.store.labels import TermLabels
from ontology.names import GRAPH

Told = dict[str, Any]
Term = NamedNode | BlankNode | Literal | Triple

KINDS = {
    "subclass": ("子类", "subclass"),
    "equivalent": ("等价", "equivalence"),
    "union": ("并集", "union"),
    "subproperty": ("子属性", "subproperty"),
    "chain": ("属性链", "property chain"),
    "inverse": ("逆属性", "inverse"),
    "transitive": ("传递", "transitivity"),
    "symmetric": ("对称", "symmetry"),
    "domain": ("定义域", "domain"),
    "range": ("值域", "range"),
}
"""What the kinds of axiom are called."""


def told(engine: Engine, proof: Proof, others: Sequence[Proof] = (), more: int = 0) -> Told:
    """The proof as JSON has it, with labels and evidence; ``others`` are other ways to make its last step."""
    teller = _Teller(engine, (proof, *others))
    return {**teller.node(proof), "others": [teller.node(other) for other in others], "more": more}


def told_each(engine: Engine, proofs: Sequence[Proof]) -> list[Told]:
    """Each of many proofs as JSON has it, with labels and evidence; what they share is looked up once."""
    teller = _Teller(engine, proofs)
    return list(map(teller.node, proofs))


def _term(labels: TermLabels, term: Term) -> Told:
    label = labels.of(term)
    if isinstance(term, Literal):
        kind = {"type": "literal", "value": term.value, "datatype": term.datatype.value}
        if term.language:
            kind["language"] = term.language
    else:
        kind = {"type": "iri" if isinstance(term, NamedNode) else "bnode", "value": getattr(term, "value", str(term))}
    return {**kind, "short": label.short, "label": {"zh": label.zh, "en": label.en}}


def term_told(engine: Engine, term: Term) -> Told:
    """A term as JSON has it, with its labels."""
    return _term(TermLabels(engine), term)


class _Teller:
    def __init__(self, engine: Engine, proofs: Sequence[Proof]) -> None:
        self._labels = TermLabels(engine)
        self._sources = Sources(engine)
        nodes = [node for proof in proofs for node in _nodes(proof)]
        sources = [node.axiom.source for node in nodes if node.axiom]
        self._files = vocabulary_files([*sources, *(node.triple for node in nodes if GRAPH["vocabulary"] in node.graphs)])

    def node(self, proof: Proof) -> Told:
        """One triple of the proof, and below it those it follows from."""
        triple = {
            "subject": self._term(proof.triple.subject),
            "predicate": self._term(proof.triple.predicate),
            "object": self._term(proof.triple.object),
        }
        if proof.axiom is None:
            graphs = [graph.value for graph in proof.graphs if isinstance(graph, NamedNode)]
            found = self._sources.of(proof.triple, proof.graphs)
            if isinstance(found, RuleReading):
                return {"triple": triple, "status": "read", "graphs": graphs, **self._reading(found)}
            return {"triple": triple, "status": "stated", "graphs": graphs, "evidence": self._evidence(proof, found)}
        premises = [self.node(premise) for premise in proof.premises]
        axiom = self._axiom(proof.axiom)
        return {"triple": triple, "status": "inferred", "axiom": axiom, "premises": premises, "alternatives": proof.alternatives}

    def _term(self, term: Term) -> Told:
        return _term(self._labels, term)

    def _axiom(self, axiom: Axiom) -> Told:
        zh, en = KINDS[axiom.kind]
        return {
            "kind": axiom.kind,
            "name": {"zh": zh, "en": en},
            "text": {"zh": self._words(axiom, "zh"), "en": self._words(axiom, "en"), "short": self._words(axiom, "short")},
            "of": self._term(axiom.source.subject),
            "predicate": axiom.source.predicate.value,
            "file": self._files.get(axiom.source),
        }

    def _words(self, axiom: Axiom, language: str) -> str:
        def word(part: str | Term) -> str:
            if isinstance(part, str):
                return part
            label = self._labels.of(part)
            return label.short if language == "short" and isinstance(part, NamedNode) else label.in_(language)

        return "".join(map(word, axiom.words))

    def _reading(self, found: RuleReading) -> Told:
        """The rule, what it says, and the characters it starts from: the first of them is the evidence."""
        bases = [self._quote(quote) for quote in found.bases]
        rule = {**self._term(found.rule), "definition": self._labels.definition(found.rule)}
        return {"rule": rule, "node": found.node.value, "evidence": bases[0] if bases else None, "bases": bases}

    def _evidence(self, proof: Proof, found: Quote | Source | RuleReading | None) -> Told | None:
        if isinstance(found, Quote):
            return self._quote(found)
        if isinstance(found, Source):
            return self._source(found, self._files.get(proof.triple))
        return None

    def _quote(self, quote: Quote) -> Told:
        return {
            "kind": "passage" if quote.node == quote.passage else "quote",
            "node": quote.node.value,
            "quote": quote.quote,
            "passage": quote.passage.value,
            "start": quote.start,
            "end": quote.end,
            "offset": quote.offset,
            "line": quote.line,
            "column": quote.column,
            "heading": quote.heading,
            "page": quote.page,
            "within": [self._term(node) for node in quote.within],
            "notice": quote.notice.value if quote.notice else None,
            "number": quote.number,
            "title": quote.title,
            "file": quote.file,
        }

    def _source(self, source: Source, file: str | None) -> Told:
        kind = "link" if source.link else "vocabulary" if source.graph == GRAPH["vocabulary"] else "graph"
        return {
            "kind": kind,
            "graph": source.graph.value if isinstance(source.graph, NamedNode) else None,
            "file": file,
            "link": source.link.value if source.link else None,
            "match": self._term(source.match) if source.match else None,
            "source": source.seen,
        }


def _nodes(proof: Proof) -> Iterator[Proof]:
    yield proof
    for premise in proof.premises:
        yield from _nodes(premise)


# What the text says, in each language.
_SAID = {
    "zh": {
        "inferred": "【推出】",
        "stated": "【陈述】",
        "read": "【读法，原文未印】",
        "rule": "按规则“{name}”：{text}",
        "basis": "根据",
        "by": "依据公理（{name}）：{text}    {short}{file}",
        "file": "，见 {file}",
        "quote": "原文{quote}：{place}",
        "place": "{within}第 {line} 行第 {column} 列，全文偏移 {first}–{last}，{number}",
        "heading": "“{heading}”栏",
        "page": "第 {page} 页",
        "vocabulary": "词表陈述{file}",
        "graph": "载于 {graph}",
        "link": "对应关系 {link}（{match}），来源：{source}",
        "others": "最后一步另有 {count} 种推法：",
        "more": "其余 {count} 种从略。",
        "comma": "，",
        "semicolon": "；",
    },
    "en": {
        "inferred": "[inferred]",
        "stated": "[stated]",
        "read": "[read, not printed]",
        "rule": "by the rule “{name}”: {text}",
        "basis": "starting from: ",
        "by": "by the axiom ({name}): {text}    {short}{file}",
        "file": ", in {file}",
        "quote": "in the words {quote}: {place}",
        "place": "{within}line {line}, column {column}, offsets {first}–{last} of {number}",
        "heading": "column {heading}",
        "page": "page {page}",
        "vocabulary": "stated by the vocabulary{file}",
        "graph": "stated in {graph}",
        "link": "link {link} ({match}), seen in: {source}",
        "others": "The last step can be made in {count} other ways:",
        "more": "{count} more are left out.",
        "comma": ", ",
        "semicolon": "; ",
    },
}
_LONGEST = 60
"""Longer labels and quotes are cut on a line, in characters that are two columns wide."""


def text(said: Told, language: str = "zh") -> str:
    """What ``told`` gave, as lines of text."""
    words = _SAID["zh" if language == "zh" else "en"]
    lines = [*_lines(said, "", "", words, language)]
    count_ = len(said["others"]) + said["more"]
    if count_:
        lines += ["", words["others"].format(count=count_)]
    for n, other in enumerate(said["others"], 1):
        lines.append(f"  {n}. " + words["semicolon"].join(_sentence(premise, language) for premise in other.get("premises", ())))
        quotes = [line for leaf in _leaves(other) if leaf["evidence"] and (line := _place(leaf["evidence"], words, language))]
        exact = [leaf for leaf in _leaves(other) if leaf["evidence"] and leaf["evidence"]["kind"] == "quote"]
        shown = [_place(leaf["evidence"], words, language) for leaf in exact] or quotes
        lines += [f"     {line}" for line in dict.fromkeys(shown)]
    if said["more"]:
        lines.append("  " + words["more"].format(count=said["more"]))
    return "\n".join(lines) + "\n"


def _lines(node: Told, first: str, rest: str, words: dict[str, str], language: str) -> Iterator[str]:
    yield f"{first}{_sentence(node, language)}    {words[node['status']]}"
    if node["status"] == "read":
        rule = node["rule"]
        yield f"{rest}   {words['rule'].format(name=rule['label'][language], text=rule['definition'][language])}"
        for basis in node["bases"]:
            yield f"{rest}   {words['basis']}{_place(basis, words, language)}"
        return
    if node["status"] == "stated":
        if node["evidence"]:
            yield f"{rest}   {_place(node['evidence'], words, language)}"
        return
    axiom = node["axiom"]
    file = words["file"].format(file=axiom["file"]) if axiom["file"] else ""
    yield (
        rest
        + "   "
        + words["by"].format(name=axiom["name"][language], text=axiom["text"][language], short=axiom["text"]["short"], file=file)
    )
    for n, premise in enumerate(node["premises"], 1):
        last = n == len(node["premises"])
        yield from _lines(premise, rest + ("   └─ " if last else "   ├─ "), rest + ("      " if last else "   │  "), words, language)


def _sentence(node: Told, language: str) -> str:
    subject, predicate, object_ = (node["triple"][part]["label"][language] for part in ("subject", "predicate", "object"))
    return f"{_short(subject)} — {predicate} → {_short(object_)}"


def _short(words: str) -> str:
    line = " ".join(words.split())
    longest = 2 * _LONGEST if line.isascii() else _LONGEST
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _leaves(node: Told) -> Iterator[Told]:
    if node["status"] in ("stated", "read"):
        yield node
    for premise in node.get("premises", ()):
        yield from _leaves(premise)


def place(evidence: Told, language: str) -> str:
    """Where a piece of evidence stands, with its quote whole: it may have several lines."""
    return _place(evidence, _SAID["zh" if language == "zh" else "en"], "zh" if language == "zh" else "en", str)


def _place(evidence: Told, words: dict[str, str], language: str, cut: Callable[[str], str] = _short) -> str:
    """Where the evidence stands, on one line."""
    file = words["file"].format(file=evidence["file"]) if evidence["file"] else ""
    if evidence["kind"] == "vocabulary":
        return words["vocabulary"].format(file=file)
    if evidence["kind"] == "graph":
        return words["graph"].format(graph=evidence["graph"])
    if evidence["kind"] == "link":
        match = evidence["match"]["label"][language] if evidence["match"] else "…"
        return words["link"].format(link=evidence["link"], match=match, source=evidence["source"])
    parts = [label["label"][language] for label in evidence["within"]]
    if evidence["heading"]:
        parts.append(words["heading"].format(heading=evidence["heading"]))
    if evidence["page"]:
        parts.append(words["page"].format(page=evidence["page"]))
    place = words["place"].format(
        within="".join(part + words["comma"] for part in parts),
        line=evidence["line"],
        column=evidence["column"],
        first=evidence["offset"],
        last=evidence["offset"] + evidence["end"] - evidence["start"],
        number=evidence["number"] or evidence["title"] or evidence["notice"],
    )
    return words["quote"].format(quote=f"“{cut(evidence['quote'])}”", place=place)
