"""Settings from the environment."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from api.settings import RANGES, SettingError, Settings, unknown

DOCS = Path(__file__).parents[2] / "docs" / "limits.md"


def test_environment_is_read_by_type() -> None:
    environment = {
        "ZHENGCE_DATA": "/srv/data",
        "ZHENGCE_PORT": "9000",
        "ZHENGCE_QUERY_SECONDS": "2.5",
        "ZHENGCE_URL": "https://example.org/",
        "ZHENGCE_SERVICE_ALLOW": "https://a.example/s  https://b.example/s",
        "ZHENGCE_DEFAULT_GRAPH": "separate",
        "ZHENGCE_WORKERS": " ",
    }
    settings = Settings.from_environment(environment)
    assert (settings.data, settings.port, settings.query_seconds) == (Path("/srv/data"), 9000, 2.5)
    assert settings.url == "https://example.org"
    assert settings.service_allow == ("https://a.example/s", "https://b.example/s")
    assert settings.default_graph == "separate"
    assert settings.workers == Settings().workers


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("PORT", "８０００"),
        ("QUERY_SECONDS", "nan"),
        ("QUERY_SECONDS", "inf"),
        ("QUERY_SECONDS", "0"),
        ("QUERY_SECONDS", "1e3"),
        ("STORE", "tape"),
        ("STORE", "https://"),
        ("STORE", "http://[::1"),
        ("WORKERS", "1.5"),
        ("WORKERS", "0"),
        ("WORKERS", "1_0"),
        ("BURST", "0"),
        ("CLIENT_QUERIES", "0"),
        ("KEEP_SNAPSHOTS", "0"),
        ("URL", "example.org"),
        ("SERVICE_ALLOW", "example.org"),
        ("LOG", "none"),
        ("DEFAULT_GRAPH", "UNION"),
        ("STORE_ISOLATION", "serializable"),
    ],
)
def test_value_that_cannot_work_names_the_setting(name: str, value: str) -> None:
    with pytest.raises(SettingError) as refused:
        Settings.from_environment({f"ZHENGCE_{name}": value})
    assert refused.value.en.startswith(f"ZHENGCE_{name}={value}: ")
    assert refused.value.zh.startswith(f"ZHENGCE_{name}={value}：应为")


def test_isolation_of_replicas_is_that_of_snapshots() -> None:
    environment = {"ZHENGCE_STORE": "http://a/ http://b/", "ZHENGCE_STORE_ISOLATION": "read-committed"}
    with pytest.raises(SettingError, match="ZHENGCE_STORE_ISOLATION=read-committed: snapshot"):
        Settings.from_environment(environment)
    for name, value in (("ZHENGCE_STORE", "http://a/"), ("ZHENGCE_STORE_ISOLATION", "snapshot")):
        assert Settings.from_environment({**environment, name: value})


@pytest.mark.parametrize("name", [each.name for each in fields(Settings) if each.type in ("int", "float")])
@pytest.mark.parametrize("value", ["", "-1", "nan", "inf", "1e400", "many", "0x10", "9" * 30])
def test_no_number_takes_what_is_none(name: str, value: str) -> None:
    environment = {f"ZHENGCE_{name.upper()}": value}
    if value:
        with pytest.raises(SettingError):
            Settings.from_environment(environment)
    else:
        assert Settings.from_environment(environment) == Settings()


@pytest.mark.parametrize(("name", "least", "most"), [(name, *bounds) for name, bounds in RANGES.items()])
def test_number_is_taken_at_its_bounds_and_not_beyond(name: str, least: float, most: float) -> None:
    variable = f"ZHENGCE_{name.upper()}"
    beside = {"ZHENGCE_FILE_UNPACKED_MEGABYTES": "16384", "ZHENGCE_FILE_MEGABYTES": "1", "ZHENGCE_ANSWER_SECONDS": "86400"}
    for value in (least, most):
        environment = {**beside, "ZHENGCE_QUERY_SECONDS": "0.01", variable: f"{value:.2f}".rstrip("0").rstrip(".")}
        assert getattr(Settings.from_environment(environment), name) == value
    for value in (least - 1, most + 1):
        with pytest.raises(SettingError, match=f"{variable}="):
            Settings.from_environment({variable: f"{value:.0f}"})


def test_every_number_has_its_bounds_and_no_default_passes_them() -> None:
    numbers = {each.name for each in fields(Settings) if each.type in ("int", "float")}
    assert numbers == set(RANGES)
    assert [name for name, (least, most) in RANGES.items() if not least <= getattr(Settings(), name) <= most] == []


def test_settings_that_contradict_each_other_are_refused_and_a_default_follows() -> None:
    with pytest.raises(SettingError, match=r"ZHENGCE_ANSWER_SECONDS=10.*ZHENGCE_QUERY_SECONDS=20"):
        Settings.from_environment({"ZHENGCE_QUERY_SECONDS": "20", "ZHENGCE_ANSWER_SECONDS": "10"})
    assert Settings.from_environment({"ZHENGCE_QUERY_SECONDS": "900"}).answer_seconds == 900
    assert Settings.from_environment({"ZHENGCE_FILE_MEGABYTES": "900"}).file_unpacked_megabytes == 900


def test_a_token_that_no_header_can_carry_is_refused_and_not_said() -> None:
    for token in ("two words", "口令", "a\tb"):
        with pytest.raises(SettingError) as refused:
            Settings.from_environment({"ZHENGCE_TOKEN": token})
        assert token not in str(refused.value)


def test_a_variable_that_is_no_setting_is_pointed_out() -> None:
    assert list(unknown({"ZHENGCE_WORKER": "2", "ZHENGCE_WORKERS": "2", "PATH": ""})) == ["ZHENGCE_WORKER"]


def test_docs_say_the_bounds() -> None:
    rows = re.findall(r"^\| `ZHENGCE_(\w+)` \| ([\d.,e+]+) \| ([\d.,e+]+) \|$", DOCS.read_text("utf-8"), re.MULTILINE)
    assert rows == [(name.upper(), f"{least:,g}", f"{most:,g}") for name, (least, most) in RANGES.items()]


def test_settings_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


def test_token_is_never_printed() -> None:
    assert "secret" not in repr(Settings(token="secret"))


def test_docs_name_every_setting_and_no_other() -> None:
    table = re.findall(r"^\| (`ZHENGCE_.*?) \|", DOCS.read_text("utf-8"), re.MULTILINE)
    named = {name for row in table for name in re.findall(r"ZHENGCE_[A-Z_]+", row)}
    assert named == {f"ZHENGCE_{each.name.upper()}" for each in fields(Settings)}
