"""Guards over the templates: each takes their folder and returns a line per break."""

import re
from collections.abc import Iterable
from pathlib import Path

AUDIENCES = ("public", "candidate", "recruiting", "dev")
_REFERENCE = re.compile(r"""["']([a-z_/.-]+\.(?:html|txt))["']""")


def orphans(templates: Path, endpoints: Iterable[str], sources: Iterable[str]) -> list[str]:
    """Pages without an endpoint of their path, and partials, components or mails that nobody uses."""
    known = {endpoint.replace(".", "/") for endpoint in endpoints}
    texts = [path.read_text() for path in templates.rglob("*.*") if path.suffix in {".html", ".txt"}] + list(sources)
    used = {name for text in texts for name in _REFERENCE.findall(text)}
    kinds = {name for text in sources for name in re.findall(r'"([a-z_]+/[a-z_]+)"', text)}
    found = []
    for path in sorted(templates.rglob("*.*")):
        name = path.relative_to(templates).as_posix()
        top = name.split("/")[0]
        is_page = top in AUDIENCES and not path.name.startswith("_")
        if is_page and name.removesuffix(path.suffix) not in known and name not in used:
            found.append(f"{name} belongs to no endpoint")
        elif top == "email" and path.name != "_layout.html":
            found += _mail(name, kinds)
        elif not is_page and name not in used:
            found.append(f"{name} is used by nobody")
    return found


def _mail(name: str, kinds: set[str]) -> list[str]:
    kind = "/".join(name.split("/")[1:3])
    return [] if kind in kinds or name.split("/")[-1].startswith("_") else [f"{name} is sent by nobody"]


def incomplete_mails(templates: Path) -> list[str]:
    """A mail has a subject, a text and an HTML part."""
    wanted = {"subject.txt", "body.txt", "body.html"}
    folders = {path.parent for path in (templates / "email").glob("*/*/*") if not path.name.startswith("_")}
    return [
        f"{folder.relative_to(templates)} lacks {name}"
        for folder in sorted(folders)
        for name in sorted(wanted - {path.name for path in folder.iterdir()})
    ]


def inline_things(templates: Path) -> list[str]:
    """No style or script stands in a page; the content security policy would drop it (JSON-LD is data, never run)."""
    scripts = r"<script(?![^>]*\ssrc=|[^>]*\stype=.application/ld.json)"
    rule = re.compile(r"<style|<[a-z][^>{}]*\s(?:style|on[a-z]+)=|" + scripts, re.I)
    return [
        f"{path.relative_to(templates)}:{number}"
        for path in sorted(templates.rglob("*.html"))
        if "email" not in path.relative_to(templates).parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if rule.search(line)
    ]
