"""The source keeps the architecture's rules, and each guard catches what it guards against."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import portal
from tests.whole_site import source

PACKAGE = Path(portal.__file__).parent

#: A break per guard: where it stands and what it says.
PLANTED = {
    "reaches_into_features": ("apples/actions.py", "from portal.pears.emails import letter\n"),
    "hidden_imports": ("apples/rules.py", "def f():\n    import json\n"),
    "stray_commits": ("apples/actions.py", "def f(session):\n    session.commit()\n"),
    "stray_clocks": ("apples/rules.py", "from datetime import datetime\nx = datetime.now()\n"),
    "stray_statements": ("apples/recruiter_views.py", "from sqlalchemy import select\n"),
    "late_errors": ("apples/actions.py", "try:\n    pass\nexcept Exception:\n    pass\n"),
    "long_ones": ("apples/actions.py", "x = 1\n" * 401),
}


@pytest.fixture(scope="module", autouse=True)
def _forgetting() -> Iterator[None]:
    yield
    source.forget()


@pytest.mark.parametrize("guard", source.GUARDS, ids=lambda guard: guard.__name__)
def test_the_source_keeps_the_rule(guard: Callable[[Path], list[str]]) -> None:
    assert guard(PACKAGE) == []


@pytest.mark.parametrize("guard", source.GUARDS, ids=lambda guard: guard.__name__)
def test_the_guard_catches_a_break(guard: Callable[[Path], list[str]], tmp_path: Path) -> None:
    where, text = PLANTED[guard.__name__]
    package = tmp_path / "portal"
    for feature in ("apples", "pears"):
        (package / feature).mkdir(parents=True)
        (package / feature / "__init__.py").write_text("")
    (package / where).write_text(text)
    assert len(guard(package)) == 1
