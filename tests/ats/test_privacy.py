"""What imports hold about a person, and how it goes."""

from pathlib import Path

import pytest
from flask import Flask

from portal.ats import privacy
from portal.ats.actions import ask_to_apply
from portal.ats.models import Import, ImportIssue
from portal.core import clock
from portal.core.db import session, transaction
from tests.accounts.visitors import hire
from tests.ats.exports import again, how_many, row, upload, work, write_file
from tests.conftest import Time


@pytest.fixture
def rita(app: Flask) -> int:
    return hire()


def test_who_imported_a_file_reads_it_in_their_export(rita: int, tmp_path: Path) -> None:
    assert privacy.export(rita) == []
    found = upload(write_file(tmp_path, [row()]), rita)
    ask_to_apply(found.id, actor_id=rita, now=clock.now())
    work()
    (section,) = privacy.export(rita)
    assert section.rows == [("export.csv", "greenhouse, Wednesday 4 March 2026, 08:00, 1 added")]


def test_remarks_go_with_the_file(rita: int, tmp_path: Path, time: Time) -> None:
    upload(write_file(tmp_path, [row(email="n/a")]), rita)
    privacy.retention(clock.now())
    assert how_many(ImportIssue) == 1
    time.pass_by(days=31)
    privacy.retention(clock.now())
    assert how_many(ImportIssue) == 0
    assert how_many(Import) == 1


def test_who_leaves_is_replaced_in_imports_under_way(rita: int, tmp_path: Path) -> None:
    other = hire("otto@demo.example", name="Otto")
    found = upload(write_file(tmp_path, [row()]), other)
    with transaction():
        privacy.hand_over(other, rita, clock.now())
    assert again(found).options["owner"] == rita


def test_a_merged_person_keeps_their_imports(rita: int, tmp_path: Path) -> None:
    other = hire("otto@demo.example", name="Otto")
    upload(write_file(tmp_path, [row()]), other)
    with transaction():
        privacy.merge(rita, other, clock.now())
        privacy.erase(other, clock.now())
    assert session().query(Import.created_by_id).scalar() == rita
