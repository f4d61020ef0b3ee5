"""A page as a screen reader tells it: what has no name, names that mean two things, headings that skip a level."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

_NS = "{http://www.w3.org/1999/xhtml}"
_SVG = "{http://www.w3.org/2000/svg}"
_LEVELS = {f"{_NS}h{level}": level for level in range(1, 7)}
_POINTING = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "list", "form")


def hard_to_hear(tree: Element, path: str, is_ours: Callable[[str], bool]) -> list[str]:
    """What somebody who hears the page at `path` would stumble over.

    Two people may have one name, and two openings one title: only what `is_ours`, words of the site alone, has to say
    for itself which of several it is.
    """
    page = _Page(tree, path)
    found = [line for check in _CHECKS for line in check(page)]
    return found + [line for name, line in _meaning_two_things(page) if is_ours(name)]


class _Page:
    def __init__(self, tree: Element, path: str) -> None:
        self.tree, self.path = tree, path
        self.parents = {child: parent for parent in tree.iter() for child in parent}
        self.ids = {str(e.get("id")): e for e in tree.iter() if e.get("id")}
        self.heard = list(_heard(tree))

    def all(self, *names: str) -> Iterator[Element]:
        tags = {f"{_NS}{name}" for name in names}
        return (e for e in self.heard if e.tag in tags)

    def name(self, element: Element) -> str:
        """What is said of an element."""
        return self.given(element) or _text(element) or element.get("title") or ""

    def given(self, element: Element) -> str:
        """The name it was given, whatever stands in it."""
        by = [self.ids[one] for one in (element.get("aria-labelledby") or "").split() if one in self.ids]
        return " ".join(map(_text, by)) or element.get("aria-label") or ""

    def is_inside(self, element: Element, *names: str) -> bool:
        tags = {f"{_NS}{name}" for name in names}
        at = self.parents.get(element)
        while at is not None and at.tag not in tags:
            at = self.parents.get(at)
        return at is not None


def _is_silent(element: Element) -> bool:
    return element.get("hidden") is not None or element.get("aria-hidden") == "true" or element.tag == f"{_NS}template"


def _heard(element: Element) -> Iterator[Element]:
    if not _is_silent(element):
        yield element
        for child in element:
            yield from _heard(child)


def _said(element: Element) -> Iterator[str]:
    if _is_silent(element):
        return
    yield element.get("alt") or ""
    if element.get("role") == "img":
        yield element.get("aria-label") or ""
        return
    yield element.text or ""
    for child in element:
        yield from _said(child)
        yield child.tail or ""


def _text(element: Element) -> str:
    return " ".join("".join(_said(element)).split())


def _short(element: Element) -> str:
    tag = str(element.tag).rpartition("}")[2]
    return " ".join([tag, *(f"{key}={value}" for key, value in list(element.attrib.items())[:3])])


def _as_a_whole(page: _Page) -> Iterator[str]:
    if not page.tree.get("lang"):
        yield "it does not say its language"
    if len(list(page.all("main"))) != 1:
        yield "it has not one main part"
    for name in ("nav", "aside"):
        names = [page.given(e) for e in page.all(name)]
        if len(set(names)) < len(names) or "" in names:
            yield f"{name} without a name, or several that sound alike: {names}"


def _headings(page: _Page) -> Iterator[str]:
    last = 0
    for element in page.heard:
        level = _LEVELS.get(str(element.tag))
        if level is None:
            continue
        if level > last + 1 or not _text(element):
            yield f"h{level} “{_text(element)}” after h{last}"
        last = level


def _without_name(page: _Page) -> Iterator[str]:
    for element in page.all("a", "button", "summary", "iframe", "dialog"):
        is_place = element.tag == f"{_NS}a" and element.get("href") is None
        if not page.name(element) and not is_place:
            yield f"without a name: {_short(element)}"


def _pictures(page: _Page) -> Iterator[str]:
    for element in page.heard:
        if element.tag == f"{_NS}img" and element.get("alt") is None:
            yield f"a picture without words: {_short(element)}"
        if element.tag == f"{_SVG}svg" and not page.given(element):
            yield f"a drawing neither named nor hidden: {_short(element)}"


def _groups(page: _Page) -> Iterator[str]:
    for element in page.all("fieldset"):
        legend = element.find(f"{_NS}legend")
        if not page.given(element) and (legend is None or not _text(legend)):
            yield f"a group without a name: {_short(element)}"
    for element in page.all("input"):
        if element.get("type") == "radio" and not page.is_inside(element, "fieldset"):
            yield f"a choice without its question: {_short(element)}"


def _tables(page: _Page) -> Iterator[str]:
    for table in page.all("table"):
        caption = table.find(f"{_NS}caption")
        name = page.given(table) or (_text(caption) if caption is not None else "")
        if not name:
            yield f"a table without a caption: {_text(table)[:60]}"
        heads = list(table.iter(f"{_NS}th"))
        if not heads or not all(map(page.name, heads)):
            yield f"a table without a header, or with an empty one: {name}"


def _pointing_nowhere(page: _Page) -> Iterator[str]:
    for element in page.tree.iter():
        pointed = [one for attribute in _POINTING for one in (element.get(attribute) or "").split()]
        href = element.get("href") or ""
        if element.tag == f"{_NS}a" and href.startswith("#") and len(href) > 1:
            pointed.append(href[1:])
        yield from (f"{_short(element)} means {one}, which is not there" for one in pointed if one not in page.ids)
        if int(element.get("tabindex") or 0) > 0:
            yield f"out of order: {_short(element)}"


_CHECKS = (_as_a_whole, _headings, _without_name, _pictures, _groups, _tables, _pointing_nowhere)


def _meaning_two_things(page: _Page) -> Iterator[tuple[str, str]]:
    """Links of one name that lead to several pages, buttons of one name that do several things."""
    meant: dict[tuple[str, str], set[str]] = defaultdict(set)
    for link in page.all("a"):
        if link.get("href") is not None:
            # Who signs in from here comes back here; it is the same page.
            to = urljoin(page.path, str(link.get("href"))).partition("?next=")[0]
            meant["link", page.name(link)].add(to)
    for form in page.all("form"):
        hidden = sorted(
            f"{e.get('name')}={e.get('value')}"
            for e in form.iter(f"{_NS}input")
            if e.get("type") == "hidden" and e.get("name") != "csrf_token"
        )
        does = [urljoin(page.path, form.get("action") or ""), *hidden]
        for button in form.iter(f"{_NS}button"):
            own = f"{button.get('name', '')}={button.get('value', '')}"
            meant["button", page.name(button)].add(" ".join([*does, own]))
    for (what, name), all_of_it in meant.items():
        if len(all_of_it) > 1:
            yield name, f"{what} “{name}” means {len(all_of_it)} things: {sorted(all_of_it)[:3]}"
