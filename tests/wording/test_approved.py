"""Each mail's approved text: subject and text part with the values of its examples.

After a change of words: `APPROVE_MAILS=1 .venv/bin/pytest tests/wording/test_approved.py`, then read what changed in
`tests/data/mails` before it is committed.
"""

import os
from pathlib import Path

import pytest
from flask import Flask

from portal.core.i18n import reading_as
from portal.wording.data import MAILS
from portal.wording.queries import render_example

FOLDER = Path(__file__).parent.parent / "data" / "mails"


def approved(kind: str) -> Path:
    return FOLDER / f"{kind.replace('/', '-')}.txt"


@pytest.mark.only("sqlite")  # words do not depend on the database
@pytest.mark.parametrize("kind", MAILS)
def test_the_mail_says_what_was_approved(app: Flask, kind: str) -> None:
    with reading_as("en", "Europe/Warsaw"):
        mail = render_example(kind)
    made = f"Subject: {mail.subject}\n\n{mail.text}"
    if os.environ.get("APPROVE_MAILS"):
        FOLDER.mkdir(exist_ok=True)
        approved(kind).write_text(made)
    assert approved(kind).read_text() == made


def test_nothing_is_approved_that_is_never_sent() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(approved(kind).name for kind in MAILS)
