"""What a document says it is: number, publicity, index number, subject, and how it stands to the documents it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import SourceAddressError
from ingest.fields.citations import citations
from ingest.metadata import identity
from ingest.model.document import Text
from ingest.model.records import Notice
from ingest.parse import parse
from ingest.read import read

TASKS = "1.疏浚支流12公里。（市水利局牵头，市财政局配合）\n2.修复闸坝5座。（市水利局、市应急局按职责分工负责）\n"


def notice(folder: Path, head: str, between: str = "", name: str = "notice.txt", source: str | None = None) -> Notice:
    path = folder / name
    path.write_text(
        f"{head}\n关于印发云溪市水利重点任务分工方案的通知\n各单位：\n{between}\n云溪市人民政府\n2024年2月20日\n\n{TASKS}", "utf-8"
    )
    return parse(read(path, source=source))


@pytest.mark.parametrize(
    "printed",
    [
        "云政发〔2024〕12号",
        "云政发[2024]12号",
        "云政发（2024）12号",
        "云政发【2024】12 号",
        "云政发﹝2024﹞第12号",
        "云政发〔二〇二四〕12号",
        "云政发〔２０２４〕１２号",
        "云溪市人民政府令第12号",
        "云溪市水利局公告2024年第12号",
    ],
)
def test_number_in_each_of_its_forms(tmp_path: Path, printed: str) -> None:
    found = notice(tmp_path, printed).number
    assert found is not None
    assert found.value == printed.replace(" ", "")


@pytest.mark.parametrize("printed", ["（云政发〔2024〕12号）", "(云政发[2024]12号)"])
def test_number_alone_in_brackets(tmp_path: Path, printed: str) -> None:
    found = notice(tmp_path, printed).number
    assert found is not None
    assert found.value == printed[1:-1]


def test_number_of_another_document_is_not_its_own(tmp_path: Path) -> None:
    assert notice(tmp_path, "", "根据《省水利规划》（某政发〔2021〕7号），现印发给你们。").number is None


def test_horizon_is_never_made_of_the_day_of_signature(tmp_path: Path) -> None:
    found = notice(tmp_path, "云政发〔2024〕12号")
    assert (found.date is not None, found.horizon) == (True, None)


def test_what_the_page_of_a_government_says(tmp_path: Path) -> None:
    found = notice(tmp_path, "索 引 号：\t000014349/2024-00021\n主题分类：\t农业、水利\n云政发〔2024〕12号", "（此件主动公开）")
    said = [text and text.value for text in (found.index_number, found.subject, found.publicity)]
    assert said == ["000014349/2024-00021", "农业、水利", "此件主动公开"]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (
            "根据《甲条例》和《乙规划》（某发〔2021〕7号），制定本方案。",
            [("甲条例", "based_on", None), ("乙规划", "based_on", "某发〔2021〕7号")],
        ),
        ("为贯彻落实《甲行动方案（2023—2025年）》，制定本方案。", [("甲行动方案（2023—2025年）", "implements", None)]),
        ("《甲办法》（某办发〔2019〕3号）同时废止。", [("甲办法", "repeals", "某办发〔2019〕3号")]),
        ("本通知印发之日起，《甲办法》停止执行。", [("甲办法", "repeals", None)]),
        ("对《甲办法》作如下修改。", [("甲办法", "changes", None)]),
        ("推动修订《甲条例》。", [("甲条例", "cites", None)]),
        ("详见《甲目录》。", [("甲目录", "cites", None)]),
        ("现将《本方案》印发给你们。", []),
    ],
)
def test_how_a_notice_stands_to_what_it_names(said: str, answer: list[tuple[str, str, str | None]]) -> None:
    found = citations([Text.at_offset(said, 3)], [Text.at_offset("本方案", 0)])
    assert [(one.title.value, one.relation, one.number and one.number.value) for one in found] == answer


def test_a_page_says_where_it_is_from(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    head = "<html><head><link rel='canonical' href='https://www.example.gov.cn/a/1.html'></head><body>"
    path.write_text(head + "".join(f"<p>{line}</p>" for line in TASKS.splitlines()) + "</body></html>", "utf-8")
    assert parse(read(path)).source == "https://www.example.gov.cn/a/1.html"
    assert parse(read(path, source="https://other.example.cn/b")).source == "https://other.example.cn/b"


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceAddressError):
        notice(tmp_path, "", source="javascript:alert(1)")


@pytest.mark.parametrize(
    ("label", "printed"),
    [
        ("公开方式", "主动公开"),
        ("公开属性", "不予公开"),
    ],
)
def test_publicity_by_the_label_of_a_page(tmp_path: Path, label: str, printed: str) -> None:
    found = notice(tmp_path, f"{label}：\t{printed}\n云政发〔2024〕12号").publicity
    assert found is not None
    assert found.value == printed


@pytest.mark.parametrize("said", ["（此件公开发布）", "（此件主动公开）", "（本件依申请公开）", "（此件不予公开）", "此件删减后公开"])
def test_publicity_in_a_remark(tmp_path: Path, said: str) -> None:
    found = notice(tmp_path, "云政发〔2024〕12号", said).publicity
    assert found is not None
    assert found.value == said.strip("（）")


@pytest.mark.parametrize("said", ["公开招聘教师10名。", "推进政务公开"])
def test_what_is_made_public_is_no_publicity(tmp_path: Path, said: str) -> None:
    assert notice(tmp_path, "云政发〔2024〕12号", said).publicity is None


@pytest.mark.parametrize(
    ("label", "printed", "number"),
    [
        ("发文字号", "云政发〔2024〕12号", "云政发〔2024〕12号"),
        ("文号", "云政发〔2024〕12号", "云政发〔2024〕12号"),
        ("发布文号", "云政发〔2024〕12号", "云政发〔2024〕12号"),
        ("文件编号", "云政发〔2024〕12号", "云政发〔2024〕12号"),
        ("文号", "无", None),
    ],
)
def test_number_by_the_label_of_a_page(tmp_path: Path, label: str, printed: str, number: str | None) -> None:
    found = notice(tmp_path, f"{label}：\t{printed}").number
    assert (found and found.value) == number


def test_an_index_number_has_digits() -> None:
    for printed, code in (("000014349/2024-00021", "000014349/2024-00021"), ("无", None), ("none-yet", None), ("A1", None)):
        found = identity([Text.at_offset(f"索引号：{printed}", 0)], [], [], [])
        assert (found.index_number and found.index_number.value) == code


@pytest.mark.parametrize(
    ("lines", "issuers", "signed"),
    [
        (["云溪市人民政府", "2024年2月20日"], ["云溪市人民政府"], "2024年2月20日"),
        (["云溪市人民政府 2024年2月20日"], ["云溪市人民政府"], "2024年2月20日"),
        (["云溪市财政局  云溪市水利局", "2024年2月20日"], ["云溪市财政局", "云溪市水利局"], "2024年2月20日"),
        (["云溪市财政局", "云溪市水利局", "2024年2月20日"], ["云溪市财政局", "云溪市水利局"], "2024年2月20日"),
        (["云溪市水利局（代章）", "2024年2月20日"], ["云溪市水利局"], "2024年2月20日"),
        (["云 溪 市 水 利 局", "2024年2月20日"], ["云溪市水利局"], "2024年2月20日"),
        (["云溪市水利局", "（此页无正文）", "2024年2月20日"], ["云溪市水利局"], "2024年2月20日"),
        (["请认真抓好落实", "2024年2月20日"], [], "2024年2月20日"),
    ],
)
def test_who_signs_stands_above_the_day(lines: list[str], issuers: list[str], signed: str) -> None:
    front, at = [], 0
    for line in ["关于印发水利重点任务分工方案的通知", "各有关单位：", "现印发给你们。", *lines]:
        front.append(Text.at_offset(line, at))
        at += len(line) + 1
    found = identity(front, [], [], [])
    assert [issuer.value for issuer in found.issuers] == issuers
    assert (found.date_text and found.date_text.value) == signed
    assert [addressee.value for addressee in found.addressees] == ["各有关单位"]


@pytest.mark.parametrize(
    ("head", "issuer"),
    [
        (["云溪市人民政府文件", "关于印发水利重点任务分工方案的通知"], "云溪市人民政府"),
        (["云溪市水利局关于印发水利重点任务分工方案的通知"], "云溪市水利局"),
        (["云溪市水利局", "关于印发水利重点任务分工方案的通知"], "云溪市水利局"),
        (["发文机关：云溪市水利局", "水利重点任务分工方案"], "云溪市水利局"),
        (["制定机关：云溪市水利局", "水利重点任务分工方案"], "云溪市水利局"),
    ],
)
def test_who_issues_stands_in_the_head(head: list[str], issuer: str) -> None:
    front, at = [], 0
    for line in head:
        front.append(Text.at_offset(line, at))
        at += len(line) + 1
    assert [found.value for found in identity(front, [], [], []).issuers] == [issuer]


@pytest.mark.parametrize(
    ("labels", "written", "published"),
    [
        (["成文日期：2024年2月20日", "发布日期：2024年2月27日"], "2024-02-20", "2024-02-27"),
        (["发文日期：2024-02-20", "发布时间：2024-02-27"], "2024-02-20", "2024-02-27"),
        (["发布日期：2024年2月27日"], "2024-02-27", "2024-02-27"),
        (["（2024年2月20日）"], "2024-02-20", None),
        (["云溪市水利局办公室2024年2月20日印发"], "2024-02-20", None),
    ],
)
def test_days_by_their_labels(labels: list[str], written: str, published: str | None) -> None:
    found = identity([Text.at_offset(line, 100 * n) for n, line in enumerate(labels)], [], [], [])
    assert (str(found.date), found.publish_date and str(found.publish_date)) == (written, published)


@pytest.mark.parametrize(
    ("front", "title", "covering"),
    [
        (["关于印发《水利任务清单》的通知"], "水利任务清单", "关于印发《水利任务清单》的通知"),
        (["关于印发水利任务清单的通知"], "水利任务清单", "关于印发水利任务清单的通知"),
        (["关于印发水利", "任务清单的通知"], "水利任务清单", "关于印发水利任务清单的通知"),
        (["关于做好水利工作的通知", "各有关单位：", "水利重点任务清单"], "水利重点任务清单", "关于做好水利工作的通知"),
        (["关于做好水利工作的通知"], "关于做好水利工作的通知", "关于做好水利工作的通知"),
        (["云溪市2024年水利重点任务", "责任分解方案"], "云溪市2024年水利重点任务责任分解方案", None),
        (["水利重点任务清单"], "水利重点任务清单", None),
        (["名称：水利重点任务清单"], "水利重点任务清单", None),
        (["请准时参加会议。"], None, None),
    ],
)
def test_the_title_of_the_list_and_that_of_the_covering_notice(front: list[str], title: str | None, covering: str | None) -> None:
    found = identity([Text.at_offset(line, 100 * n) for n, line in enumerate(front)], [], [], [])
    assert (found.title and found.title.value, found.notice_title and found.notice_title.value) == (title, covering)


@pytest.mark.parametrize(
    "line", ["发布日期：2024-02-20 09:30 信息来源：市政府办公室：", "按照市政府安排，各单位对全市指标作了分解，具体如下："]
)
def test_what_is_no_salutation(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"云溪市水利重点任务分工方案\n{line}\n各镇人民政府，市各部门：\n\n{TASKS}", "utf-8")
    assert [addressee.value for addressee in parse(read(path)).addressees] == ["各镇人民政府", "市各部门"]


def test_a_label_ends_where_the_next_begins(tmp_path: Path) -> None:
    publicity = notice(tmp_path, "公开方式 主动公开 公开范围 面向全社会").publicity
    assert publicity is not None
    assert publicity.value == "主动公开"
