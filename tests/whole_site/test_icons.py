"""Every icon that is named exists."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from portal import navigation
from portal.core.paths import STATIC, TEMPLATES

SPRITE = set(re.findall(r'symbol id="([a-z0-9-]+)"', (STATIC / "icons" / "sprite.svg").read_text()))
MENUS = (*navigation.PUBLIC, *navigation.CANDIDATE, *navigation.RECRUITING)


def named(templates: Path, source: str, menus: Iterable[Sequence[object]]) -> set[str]:
    """The icons that templates, menus and the source of further menu entries name."""
    texts = [path.read_text() for path in templates.rglob("*.html")]
    found = {name for text in texts for name in re.findall(r"""icon=["']([a-z0-9-]+)["']""", text)}
    found |= {name for text in texts for name in re.findall(r"""\bicon\(["']([a-z0-9-]+)["']""", text)}
    choices = [choice for text in texts for choice in re.findall(r"\bicon\((\{[^)]*)\)", text)]
    found |= {name for choice in choices for name in re.findall(r"""[:,] ["']([a-z0-9-]+)["'](?!:)""", choice)}
    found |= set(re.findall(r'_\("[^"]+"\), "([a-z0-9-]+)"', source))
    return found | {str(row[2]) for row in menus}


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    assert named(TEMPLATES, Path(navigation.__file__).read_text(), MENUS) - SPRITE == set()


def test_an_icon_that_is_not_there_is_found(tmp_path: Path) -> None:
    page = """
        {{ icon("users") }} {{ icon('unicorn', 16) }} {{ button(_('Ride'), icon="griffin") }}
        {{ icon({'you': 'hand', 'done': 'dragon'}.get(turn, 'sphinx'), 18) }}
    """
    (tmp_path / "stables.html").write_text(page)
    source = 'links = _entries([("public.accounts.sign_in", _("Sign in"), "pegasus")])'
    menu = [("public.community.join", "Join", "centaur"), ("candidate.journey.home", "Home", "house")]
    missing = named(tmp_path, source, menu) - SPRITE
    assert missing == {"unicorn", "griffin", "dragon", "sphinx", "pegasus", "centaur"}
