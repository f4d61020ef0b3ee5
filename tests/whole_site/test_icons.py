"""Every icon that is named exists."""

import re
from pathlib import Path

import portal
from portal.core.paths import STATIC, TEMPLATES
from portal.navigation import CANDIDATE, PUBLIC, RECRUITING

SPRITE = set(re.findall(r'symbol id="([a-z0-9-]+)"', (STATIC / "icons" / "sprite.svg").read_text()))


def named() -> set[str]:
    """The icons that templates, views and menus name."""
    texts = [path.read_text() for path in TEMPLATES.rglob("*.html")]
    found = {name for text in texts for name in re.findall(r"""icon=["']([a-z0-9-]+)["']""", text)}
    found |= {name for text in texts for name in re.findall(r"""\bicon\(["']([a-z0-9-]+)["']""", text)}
    navigation = (Path(portal.__file__).parent / "navigation.py").read_text()
    found |= set(re.findall(r'_\("[^"]+"\), "([a-z0-9-]+)"', navigation))
    return found | {row[2] for row in (*PUBLIC, *CANDIDATE, *RECRUITING)}


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    assert named() - SPRITE == set()
