"""Whatever our documents say is shown by a test is shown by one that exists."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from portal.core.paths import ROOT

DOCUMENTS = ("security.md", "reliability.md", "privacy.md")
_TESTS = ROOT / "tests"
_NAME = re.compile(r"(?:tests/)?[\w/]*\btest_\w+(?:\.py)?(?:::\w+)?|tests/[\w/.]+")


@lru_cache(1)
def _files() -> dict[str, Path]:
    """Each test file by its path and by its bare name."""
    found = {}
    for path in sorted(_TESTS.rglob("test_*.py")):
        found[path.name] = found[path.relative_to(ROOT).as_posix()] = path
    return found


@lru_cache(1)
def _functions() -> frozenset[str]:
    return frozenset(name for path in set(_files().values()) for name in _names_in(path))


def _names_in(path: Path) -> list[str]:
    return re.findall(r"^\s*def (test_\w+)", path.read_text(), re.MULTILINE)


def named_and_missing(text: str) -> Iterator[str]:
    """Tests that stand between backticks and that nobody wrote."""
    for quoted in re.findall(r"`([^`\n]+)`", text):
        if _NAME.fullmatch(quoted) and not _is_there(quoted):
            yield quoted


def _is_there(name: str) -> bool:
    file, _colons, function = name.partition("::")
    if not file.endswith(".py"):
        return file in _functions() or (ROOT / file).exists()
    path = _files().get(file) or ROOT / file
    return path.exists() and (not function or function in _names_in(path))


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if (ROOT / "docs" / name).exists()])
def test_every_test_that_is_named_exists(name: str) -> None:
    assert list(named_and_missing((ROOT / "docs" / name).read_text())) == []


def test_a_name_that_nobody_wrote_is_found() -> None:
    here = "tests/security/test_named_tests.py"
    text = (
        f"`{here}` `test_named_tests.py` `{here}::test_a_name_that_nobody_wrote_is_found` `tests/security` `make soak`"
    )
    assert list(named_and_missing(text)) == []
    lost = ["tests/security/test_lost.py", "test_lost.py", f"{here}::test_lost", "tests/lost", "test_lost"]
    assert list(named_and_missing(" ".join(f"`{one}`" for one in lost))) == lost
