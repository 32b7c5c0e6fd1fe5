"""Topics in the words of tasks: what shows one and what does not, what follows, and in which class of government information a task is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Triple

from api.publication.publish import Built, Knowledge, built
from ingest.topics import ASIDE, topics, without_bodies
from ontology import terms
from ontology.names import GRAPH, ID, RDF, TYPE

DATA = Path(__file__).parents[1] / "data"
SUBJECTS = [
    ("教育", "industry/education", "11-02"),
    ("卫生", "industry/healthcare", "13-01"),
    ("农业", "industry/agriculture", "06-01"),
    ("水利", "industry/water-conservancy", "06-03"),
    ("就业", "topic/employment", "15-01"),
    ("交通", "industry/transport", "07-07"),
    ("住房和城乡建设", "topic/urban-development", "10-02"),
    ("文化", "topic/culture", "12"),
    ("金融", "industry/finance", "04-03"),
    ("林业", "industry/forestry", "06-02"),
]
"""The subjects of the ten tasks of case 11, as a reader names them: the topic and the subject class."""
SHOWN = [
    ("新建小学2所", {"小学": "topic/compulsory-education"}),
    ("加固病险水库", {"病险水库": "topic/reservoirs"}),
    ("推进５G建设", {"5g": "topic/five-g"}),
    ("新建ETC门架", {}),
    ("建设15G光模块产线", {}),
    ("推动车规级芯片上车", {"车规级芯片": "industry/integrated-circuits"}),
    ("我国防震减灾体系", {"防震减灾": "topic/earthquake"}),
    ("智能体系建设", {}),
    ("由县教育局、市水务局负责", {}),
    ("教育部直属高校", {"高校": "topic/higher-education"}),
    ("发展养老服务", {"养老服务": "industry/elderly-care"}),
    ("开展宣传教育", {}),
    ("深化警示教育", {"警示教育": "topic/government-self"}),
    ("新增停车位300个", {"停车位": "topic/parking"}),
    ("引进域外资金30亿元", {"域外资金": "topic/investment-promotion"}),
    ("纪念馆建成对外开放", {"纪念馆": "topic/public-culture"}),
    ("完善登记业务操作系统", {}),
    ("治理非道路移动机械", {"移动机械": "topic/air-quality"}),
    ("推进水库物业化管护", {"水库": "topic/reservoirs"}),
    ("举办油菜花观花活动", {"油菜花": "industry/tourism-homestay", "观花": "industry/tourism-homestay"}),
    ("严格执行三会一课", {"三会一课": "topic/party-building"}),
    ("依法作出行政决定", {}),
    ("邀请专家长期驻点", {}),
    ("公开标准清单", {}),
    ("发展农村客运", {"农村": "topic/rural-revitalisation", "客运": "industry/transport"}),
    ("电梯加装20部", {"电梯加装": "topic/old-communities"}),
    ("落实粮食安全责任制", {"粮食安全": "topic/grain-security"}),
    ("支持科技工程学校", {"学校": "industry/education"}),
    ("排查校舍隐患", {"校舍": "industry/education", "隐患": "topic/safety"}),
    ("由县疾控中心牵头", {}),
    ("完成县疾控中心迁建", {"疾控": "topic/public-health"}),
    ("建成县疾控中心", {"疾控": "topic/public-health"}),
    ("建设数据中心集群", {"数据中心": "industry/data-centres"}),
    ("由县大数据中心负责", {}),
    ("实施工业倍增行动", {"工业": "industry/manufacturing"}),
    ("推行身份认证", {}),
    (
        "开设货运航空航线、内河航线",
        {"货运": "industry/transport", "航空航线": "industry/civil-aviation", "内河航线": "industry/shipping-ports"},
    ),
    ("发挥辐射带动作用", {}),
    ("加强森林防火", {"森林防火": "industry/forestry"}),
]
"""Words, and the topics that they show: the longest word wins, guards and names of bodies show nothing, Latin words are whole."""


@pytest.mark.parametrize(("text", "shown"), SHOWN, ids=[text for text, _ in SHOWN])
def test_words_show_topics(text: str, shown: dict[str, str]) -> None:
    found = list(topics().find(text))
    assert {match.form: ID.local(match.topic) for match in found} == shown
    assert all(len(text[match.start : match.end]) == len(match.form) for match in found)


def test_names_of_bodies_are_hidden_and_keep_their_length() -> None:
    text = "市教委会同市卫生健康委、县农业农村局发展农业"
    hidden = without_bodies(text)
    assert len(hidden) == len(text)
    assert hidden.endswith("发展农业")
    assert "教" not in hidden


@pytest.fixture(scope="module")
def county(known: Knowledge) -> Built:
    return built(DATA / "cases" / "11_subjects.txt", known)


def facts(made: Built, predicate: NamedNode) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for triple in every(made):
        if triple.predicate == predicate and isinstance(triple.subject, NamedNode):
            found[triple.subject.value].add(ID.local(triple.object))
    return found


def every(made: Built) -> Iterator[Triple]:
    return (triple for triples in made.graphs.values() for triple in triples)


@pytest.mark.parametrize(("number", "subject"), list(enumerate(SUBJECTS, 1)), ids=[name for name, _, _ in SUBJECTS])
def test_everyday_tasks_have_their_subjects(number: int, subject: tuple[str, str, str], county: Built) -> None:
    task = ID[f"notice/{county.reading.key}/task/{number}"].value
    assert subject[1] in facts(county, terms.hasTopic)[task]
    assert f"subject-class/{subject[2]}" in facts(county, terms.hasSubjectClass)[task]


def test_a_topic_follows_from_the_words_and_the_broader_from_the_narrower(county: Built) -> None:
    key = county.reading.key
    task = ID[f"notice/{key}/task/1"]
    inferred = set(county.graphs[GRAPH[f"inferred/{key}"]])
    asserted = set(county.graphs[GRAPH[f"notice/{key}"]])
    assert Triple(task, terms.hasTopic, ID["topic/compulsory-education"]) in inferred
    assert Triple(task, terms.hasTopic, ID["industry/education"]) in inferred
    assert not any(triple.predicate == terms.hasTopic for triple in asserted)
    said = {triple.subject for triple in asserted if triple.predicate == terms.namesTopic}
    assert said
    assert {triple.subject for triple in asserted if triple.predicate == TYPE and triple.object == terms.TopicMention} == said


def test_a_subject_class_is_a_reading_with_its_rule_and_its_words(county: Built) -> None:
    key = county.reading.key
    read = county.graphs[GRAPH[f"readings/{key}"]]
    by_rule = {triple.subject for triple in read if triple.predicate == terms.rule and triple.object == ID["rule/class-of-topics"]}
    about = {triple.subject: triple.object for triple in read if triple.predicate == RDF["subject"] and triple.subject in by_rule}
    assert {ID.local(task).rpartition("/")[2] for task in about.values()} == {str(number) for number in range(1, 11)}
    shown = {triple.subject for triple in county.graphs[GRAPH[f"notice/{key}"]] if triple.predicate == terms.namesTopic}
    bases = [triple.object for triple in read if triple.predicate == terms.basis and triple.subject in by_rule]
    assert bases
    assert set(bases) <= shown


def test_topics_are_no_mentions(notice: Built, county: Built) -> None:
    """What a task mentions, which industries it involves and which themes it has is none of the topics' business."""
    for made in (notice, county):
        shown = {triple.subject for triple in every(made) if triple.predicate == terms.namesTopic}
        assert shown
        assert not [triple for triple in every(made) if triple.predicate == terms.refersTo and triple.subject in shown]
        for predicate in (terms.mentions, terms.involvesIndustry, terms.hasTheme):
            assert not [value for values in facts(made, predicate).values() for value in values if value.startswith("topic/")]


def test_broad_topics_weigh_less() -> None:
    known = topics()
    said = "以数字化改革推进产业园区建设，加固水库"
    classes = [code for code, _ in known.subject_classes((match.topic, match.form, match.share) for match in known.find(said))]
    assert classes == ["06-03"]


CLASSES = [
    ("在钢铁、化工、建材等领域推行碳标识认证", ["10-04", "09-02"]),
    ("发展钢铁、机床等产业", ["07-01"]),
    ("抓好农贸市场、养老院、学校等重点场所疫情防控", ["13-01"]),
    ("围绕渔港建设、远洋捕捞等加大信贷支持", ["04-03"]),
    ("支持养老机构参加保险", ["04-06"]),
    ("支持养老服务参加保险", ["17-03", "04-06"]),
    ("检验检测机构赴一带一路共建国家布局", ["08-01"]),
]
"""Who acts and where something is done weigh less than what is done."""


@pytest.mark.parametrize(("text", "classes"), CLASSES, ids=[text for text, _ in CLASSES])
def test_what_is_done_is_the_class(text: str, classes: list[str]) -> None:
    known = topics()
    found = [code for code, _ in known.subject_classes((match.topic, match.form, match.share) for match in known.find(text))]
    assert sorted(found) == sorted(classes)


def test_targets_weigh_less_than_the_text_of_the_task() -> None:
    known = topics()
    shares = {"加固水库": 1.0, "修建学校": ASIDE}
    found = [(match.topic, match.form, match.share * share) for text, share in shares.items() for match in known.find(text)]
    assert [code for code, _ in known.subject_classes(found)] == ["06-03"]


def test_what_shows_no_topic_has_no_class() -> None:
    assert list(topics().subject_classes([])) == []
