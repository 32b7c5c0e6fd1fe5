"""Settings from the environment."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from api.settings import SettingError, Settings

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
    [("PORT", "http"), ("PORT", "-1"), ("QUERY_SECONDS", "nan"), ("QUERY_SECONDS", "inf"), ("STORE", "tape"), ("WORKERS", "1.5")],
)
def test_unreadable_value_names_the_setting(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"ZHENGCE_{name}={value}"):
        Settings.from_environment({f"ZHENGCE_{name}": value})


def test_settings_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


def test_token_is_never_printed() -> None:
    assert "secret" not in repr(Settings(token="secret"))


def test_docs_name_every_setting_and_no_other() -> None:
    table = re.findall(r"^\| (`ZHENGCE_.*?) \|", DOCS.read_text("utf-8"), re.MULTILINE)
    named = {name for row in table for name in re.findall(r"ZHENGCE_[A-Z_]+", row)}
    assert named == {f"ZHENGCE_{each.name.upper()}" for each in fields(Settings)}
