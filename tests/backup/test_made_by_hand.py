"""Backups that somebody made by hand, without our key and with it: refused in one line, and nothing is touched."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from flask import Flask

from portal.backup.actions import back_up, restore
from portal.backup.adapters import writing
from portal.backup.rules import Damaged
from portal.core import clock
from portal.core.settings import current_settings
from portal.privacy.actions import erase_again
from tests.backup.elsewhere import rows_here
from tests.factories import make_person
from tests.privacy.erasing import is_gone, journal

__all__ = ["journal"]
# The file is looked at before any database.
pytestmark = [pytest.mark.only("sqlite"), pytest.mark.usefixtures("journal")]
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "made.rapport"


def refused(target: Path, words: str = "Nothing was changed") -> None:
    here = rows_here()
    with pytest.raises(Damaged, match=words):
        restore(target, journals=[], may_replace=True, now=clock.now())
    assert rows_here() == here


def sealed(target: Path, change: Change, **more: bytes) -> None:
    """A backup of this site whose manifest was changed before it was sealed, with `more` files in it."""
    real = target.with_suffix(".real")
    back_up(real, clock.now())
    with ZipFile(real) as archive, writing(target, current_settings().privacy_key) as cabinet:
        for name in archive.namelist():
            if name != "manifest.json":
                cabinet.put(name, [archive.read(name)])
        said = json.loads(archive.read("manifest.json"))
        said["files"] |= {name: cabinet.put(f"files/{name}", [content]) for name, content in more.items()}
        change(said)
        cabinet.put("manifest.json", [json.dumps(said).encode()])


@pytest.mark.parametrize(
    "said",
    [
        b" " * 20_000_000,
        b"[" * 200_000,
        b'{"format":' * 100_000,
        b'{"format": ' + b"9" * 10_000 + b"}",
        b'{"format": NaN}',
        b"null",
        b"\xff\xfe",
        b'{"format": 1, "tables": {"person": 1}}',
    ],
    ids=["blanks", "brackets", "objects", "number", "nan", "null", "letters", "shape"],
)
def test_without_the_key_nothing_is_believed(app: Flask, target: Path, said: bytes) -> None:
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", said)
    with pytest.raises(Damaged):
        restore(target, journals=[], may_replace=True, now=clock.now())


def test_a_second_part_of_the_same_name_breaks_the_seal(app: Flask, target: Path) -> None:
    make_person()
    back_up(target, clock.now())
    with ZipFile(target, "a") as archive:
        said = archive.read("manifest.json")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("manifest.json", said)
    refused(target)


@pytest.mark.parametrize("name", ["../../outside", "/tmp/outside", "a/b", "..", "a\n", "C:\\x", "x" * 300])
def test_with_the_key_no_file_leaves_its_folder(app: Flask, target: Path, name: str) -> None:
    """Whoever has stolen the key can seal; a restore of theirs still writes nowhere but where uploads lie."""
    sealed(target, lambda _said: None, **{name: b"mine"})
    refused(target, "in a way that we never do")


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said["tables"]["person"].update(sha256="0" * 64),
        lambda said: said.update(journal="0" * 64),
    ],
    ids=["sum", "journal"],
)
def test_with_the_key_what_does_not_fit_together_is_refused(app: Flask, target: Path, change: Change) -> None:
    make_person()
    sealed(target, change)
    refused(target, "damaged|lacks")


def test_nonsense_in_a_journal_is_passed_over(app: Flask, tmp_path: Path) -> None:
    ada = make_person()
    nonsense = tmp_path / "kept.journal"
    lines = [b"[" * 200_000, b'{"at":' * 50_000, b'{"at": 1, "person": 2}', b"\xff", b'{"at": "2026-03-04T09:00:00"}']
    nonsense.write_bytes(b"\n".join(lines))
    assert erase_again([nonsense], clock.now()) == 0
    assert not is_gone(ada)
