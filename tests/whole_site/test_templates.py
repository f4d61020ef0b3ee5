"""Every template is somebody's, and each guard catches what it guards against."""

from pathlib import Path

import pytest
from flask import Flask

import portal
from portal.core.paths import TEMPLATES
from tests.whole_site import templates

SOURCES = [path.read_text() for path in Path(portal.__file__).parent.rglob("*.py")]


@pytest.mark.only("sqlite")
def test_every_template_is_used(app: Flask) -> None:
    assert templates.orphans(TEMPLATES, app.view_functions, SOURCES) == []


def test_every_mail_has_its_three_parts() -> None:
    assert templates.incomplete_mails(TEMPLATES) == []


def test_no_page_has_inline_styles_or_scripts() -> None:
    assert templates.inline_things(TEMPLATES) == []


def test_the_guards_catch_what_they_guard_against(tmp_path: Path) -> None:
    for name in ("public/apples/lost.html", "components/unused.html", "email/apples/letter/subject.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text('<p style="color: red">lost</p>')
    assert len(templates.orphans(tmp_path, ["public.apples.shown"], [])) == 3
    assert templates.incomplete_mails(tmp_path) == [
        "email/apples/letter lacks body.html",
        "email/apples/letter lacks body.txt",
    ]
    assert len(templates.inline_things(tmp_path)) == 2
