"""Reads a page into the tree that html5lib makes of it, six times as fast, where nothing is left for it to guess.

A browser mends what is not quite HTML: it closes, moves and adds elements. Where that could happen, html5lib reads the
page; what is nested as it is written needs no mending, and is read here. tests/whole_site/test_reading.py shows that
both see the same tree on every page of the site and in whatever else is written.
"""

import re
from html import unescape
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import adjustSVGAttributes

_HTML, _SVG = "http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"
_TAG = re.compile(
    r"""<(?:!doctype\ html|(/?)([a-z][a-z0-9]*)((?:\s+[^\s=>/"'<]+(?:=(?:"[^"]*"|[^\s"'>=<`/]+))?)*)\s*(/?))>""",
    re.VERBOSE | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""([^\s=>/"'<]+)(?:=(?:"([^"]*)"|([^\s"'>=<`/]+)))?""")
#: An ampersand whose meaning hangs on where it stands.
_LOOSE = re.compile(r"&(?!(?:[a-zA-Z][a-zA-Z0-9]*|#[0-9]+|#[xX][0-9a-fA-F]+);)")
_STRANGE = re.compile("[\x00\x0c]|<!--")

_VOID = frozenset("br col hr img input link meta source wbr".split())
_SVG_TAGS = frozenset("svg use path circle rect line g polyline polygon ellipse".split())
_RAW = frozenset(("script", "style", "iframe"))
_TEXT_ONLY = frozenset(("title", "textarea"))
#: What ends an open paragraph.
_BLOCKS = frozenset(
    "address article aside blockquote details dialog div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr li dt dd main nav ol p pre section summary table ul".split()
)
_PHRASES = frozenset(
    "a abbr b bdi bdo cite code data datalist em i iframe img input kbd label legend mark meter output picture "
    "progress q s samp script small source span strong sub sup textarea time u var wbr br button select svg".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_IN_HEAD = frozenset(("link", "meta", "script", "style", "title"))
#: Elements that stand in these only, and what stands in these only.
_PARENTS = {
    "li": {"ul", "ol"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "option": {"select", "optgroup", "datalist"},
    "optgroup": {"select"},
    "caption": {"table"},
    "colgroup": {"table"},
    "thead": {"table"},
    "tbody": {"table"},
    "tfoot": {"table"},
    "col": {"colgroup"},
    "tr": {"thead", "tbody", "tfoot"},
    "td": {"tr"},
    "th": {"tr"},
    "head": {"html"},
    "body": {"html"},
    **{name: {"head"} for name in _IN_HEAD - {"script"}},
}
_CHILDREN = {
    "html": {"head", "body"},
    "head": _IN_HEAD,
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot"},
    "colgroup": {"col"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tfoot": {"tr"},
    "tr": {"td", "th"},
    "select": {"option", "optgroup"},
    "optgroup": {"option"},
    "option": set(),
    "datalist": {"option"},
}
_NO_WORDS = frozenset(_CHILDREN) - {"option", "select", "optgroup", "datalist"}
_KNOWN = _BLOCKS | _PHRASES | _HEADINGS | frozenset(_PARENTS) | {"html"}
#: Elements that do not stand in one of their own kind, however deep.
_ONCE = frozenset(("a", "button", "form", "label", "select", "dd", "dt", "html", "head", "body", "svg"))


class Doubtful(Exception):
    """The page is not written as it would be read."""


def read_page(body: str) -> Element:
    """The tree of a whole page."""
    try:
        return _Reader(body).read()
    except Doubtful:
        tree: Element = html5lib.parse(body)
        return tree


class _Reader:
    """Goes through a page from tag to tag; raises `Doubtful` where a browser might mend."""

    def __init__(self, body: str) -> None:
        self.body, self.at = body.replace("\r\n", "\n").replace("\r", "\n"), 0
        self.open: list[Element] = []
        self.names: list[str] = []
        self.last: Element | None = None
        self.root: Element | None = None

    def read(self) -> Element:
        """The root of the tree."""
        if _STRANGE.search(self.body):
            raise Doubtful
        while (found := _TAG.search(self.body, self.at)) is not None:
            self.say(self.body[self.at : found.start()])
            self.at = found.end()
            closes, name, attributes, is_closed = found.groups()
            if name is None:
                self.need(self.root is None)
            elif closes:
                self.need(not attributes and not is_closed)
                self.end(name)
            else:
                self.begin(name, attributes, bool(is_closed))
        self.say(self.body[self.at :])
        self.need(self.names == ["html", "body"])
        assert self.root is not None
        return self.root

    def need(self, holds: bool) -> None:
        if not holds:
            raise Doubtful

    def say(self, words: str, *, is_raw: bool = False) -> None:
        """Add words where we stand; those between the large parts of a page are only space."""
        if not words:
            return
        inside = self.names[-1] if self.names else ""
        if not is_raw:
            self.need("<" not in words)
            if inside in _NO_WORDS or not inside:
                self.need(not words.strip(" \n\t"))
                if not inside or (inside == "html" and self.last is None):
                    return
            if inside == "pre" and self.last is None and not self.open[-1].text:
                words = words.removeprefix("\n")
            words = _plain(words)
        if self.last is None:
            self.open[-1].text = (self.open[-1].text or "") + words or None
        else:
            self.last.tail = (self.last.tail or "") + words

    def begin(self, name: str, attributes: str, is_closed: bool) -> None:
        """An element begins."""
        is_inside_a_drawing = "svg" in self.names
        if is_inside_a_drawing:
            self.need(name in _SVG_TAGS)
        else:
            self.fits(name, is_closed)
        is_drawn = is_inside_a_drawing or name == "svg"
        element = Element(f"{{{_SVG if is_drawn else _HTML}}}{name}", _read_attributes(attributes, is_drawn))
        if self.open:
            self.open[-1].append(element)
        else:
            self.need(name == "html" and self.root is None)
            self.root = element
        if name in _VOID or is_closed:
            self.last = element
            return
        self.open.append(element)
        self.names.append(name)
        self.last = None
        if not is_drawn and (name in _RAW or name in _TEXT_ONLY):
            self.say_raw(name)

    def fits(self, name: str, is_closed: bool) -> None:
        """Doubt an element that does not stand where it may."""
        inside = self.names[-1] if self.names else ""
        self.need(name in _KNOWN and (not is_closed or name in _VOID))
        self.need(inside in _PARENTS.get(name, {inside}) and name in _CHILDREN.get(inside, {name}))
        self.need(not (name in _ONCE and name in self.names) and not (name in _HEADINGS and inside in _HEADINGS))
        self.need(not (name in _BLOCKS and "p" in self.names))
        self.need(inside != "html" or len(self.open[0]) == ("head", "body").index(name))

    def end(self, name: str) -> None:
        """The element we stand in ends; a page's end comes after its body's and leaves it open."""
        if name == "html":
            self.need(self.names == ["html", "body"])
            return
        self.need(bool(self.names) and self.names[-1] == name)
        if name == "body":
            self.need(not self.body[self.at :].lower().replace("</html>", "", 1).strip(" \n\t"))
            return
        self.last = self.open.pop()
        self.names.pop()

    def say_raw(self, name: str) -> None:
        """Words in which no element begins, up to the end of the one we stand in."""
        end = self.body.find(f"</{name}>", self.at)
        words = self.body[self.at : end]
        self.need(end >= 0 and f"</{name}" not in words.lower() and "<!--" not in words)
        if name == "textarea":
            words = words.removeprefix("\n")
        self.say(_plain(words) if name in _TEXT_ONLY else words, is_raw=True)
        self.at = end


def _plain(words: str) -> str:
    return unescape(words) if "&" in words else words


def _read_attributes(written: str, is_drawn: bool) -> dict[str, str]:
    read: dict[str, str] = {}
    if not written:
        return read
    if _LOOSE.search(written):
        raise Doubtful
    for name, quoted, bare in _ATTRIBUTE.findall(written):
        key = name.lower()
        if is_drawn:
            key = adjustSVGAttributes.get(key, key)
        if key in read or ":" in key:
            raise Doubtful
        read[key] = _plain(quoted or bare)
    return read
