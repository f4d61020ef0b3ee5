"""Settings are checked at start, and production refuses what is unsafe."""

from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from portal.core.paths import ROOT
from portal.core.settings import MEANINGS, Settings, SettingsError, read_settings
from tests.core.live import LIVE

README = (ROOT / "README.md").read_text()


def test_production_starts_with_everything_in_place(tmp_path: Path) -> None:
    settings = read_settings({**LIVE, "PORTAL_DATA_DIR": str(tmp_path)})
    assert settings.is_production
    assert settings.mail_domain == "kindred.example"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 40),
        ("PRIVACY_KEY", ""),
        ("PRIVACY_KEY", LIVE["PORTAL_SECRET_KEY"]),
        ("BASE_URL", "https://talent.example.com"),
        ("MAIL_URL", "smtp+starttls://user:password@mail.example.com:587"),
        ("MAIL_FROM", "Example Talent <talent@talent.example.com>"),
        ("BASE_URL", "http://talent.kindred.example"),
        ("BASE_URL", "talent.kindred.example"),
        ("BASE_URL", "https://[talent"),
        ("BASE_URL", "https://talent.kindred.example/path"),
        ("MAIL_URL", ""),
        ("MAIL_URL", "smtps://[mail"),
        ("MAIL_URL", "http://mail"),
        ("MAIL_URL", "smtp://mail:abc"),
        ("MAIL_URL", "smtps://talent:12/34@mail.kindred.example"),
        ("MAIL_FROM", "nobody"),
        ("ORG_NAME", ""),
        ("TIMEZONE", "Mars/Olympus"),
        ("TIMEZONE", "9" * 400),
        ("TRUSTED_PROXIES", "-1"),
        ("DATABASE_URL", "sqlite:///relative"),
        ("DATABASE_URL", "mysql://x/y"),
        ("LOG_FORMAT", "xml"),
        ("ENV", "staging"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({**LIVE, "PORTAL_DATA_DIR": str(tmp_path), f"PORTAL_{name}": value})
    assert f"PORTAL_{name}" in refused.value.message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAIL_URL", "smtps://talent:pass#word@mail.kindred.example:465"),
        ("MAILBOX_URL", "imaps://talent:pass/word@mail.kindred.example"),
    ],
)
def test_a_password_with_signs_is_told_how_to_write_them(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({**LIVE, "PORTAL_DATA_DIR": str(tmp_path), f"PORTAL_{name}": value})
    assert "%40" in refused.value.message
    assert "talent:pass" not in refused.value.message


def test_all_problems_are_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({"PORTAL_ENV": "production", "PORTAL_DATA_DIR": str(tmp_path)})
    assert len(refused.value.problems) >= 5


def test_development_keeps_its_keys_between_processes(tmp_path: Path) -> None:
    first, second = (read_settings({"PORTAL_DATA_DIR": str(tmp_path)}) for _ in range(2))
    assert first.secret_key == second.secret_key
    assert first.secret_key != first.privacy_key


@dataclass(frozen=True, kw_only=True)
class ColourfulSettings(Settings):
    """With one more, of which only the code knows."""

    colour: str


def unexplained(settings: type[Settings], readme: str) -> list[str]:
    """Settings without a line in the README."""
    names = {*MEANINGS, *(field.name.upper() for field in fields(settings))}
    return sorted(name for name in names if f"| `PORTAL_{name}` |" not in readme)


def test_every_setting_is_in_the_readme() -> None:
    assert unexplained(Settings, README) == []


def test_a_setting_that_the_readme_lacks_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in MEANINGS:
        assert unexplained(Settings, README.replace(f"| `PORTAL_{name}` |", "| |")) == [name]
    assert unexplained(ColourfulSettings, README) == ["COLOUR"]
    monkeypatch.setitem(MEANINGS, "SONG", "what the page hums")
    assert unexplained(Settings, README) == ["SONG"]
