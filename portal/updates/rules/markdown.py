"""Markdown as people write it, made into HTML that can hold nothing but text and links.

Pictures are left out, and their description stays: one from elsewhere would tell its host who reads.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urljoin

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

_TAGS: Final = frozenset(
    "a blockquote br code em h2 h3 h4 hr li ol p pre s strong table tbody td th thead tr ul".split()
)
_ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES: Final = frozenset({"http", "https", "mailto"})
#: A page has one heading of the first rank, its title.
_LOWEST_RANK: Final = 4
#: So many texts are kept as they were made.
_KEPT: Final = 256
_BREAKS: Final = frozenset({"softbreak", "hardbreak"})
#: How the tokens end that hold a whole list or table.
_WHOLE: Final = ("_list_open", "_list_close", "table_open", "table_close")


def _described(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return str(escape(tokens[index].content))


def _made() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True})
    parser.enable(["linkify", "table", "strikethrough"])
    parser.add_render_rule("image", _described)
    # Only what somebody wrote as an address becomes a link: "e.g." and "node.js" are words.
    parser.linkify.set({"fuzzy_link": False})  # type: ignore[union-attr]  # it is there since linkify is asked for
    return parser


_PARSER: Final = _made()


@lru_cache(_KEPT)
def html_of(text: str, base: str = "") -> Markup:
    """`text` as clean HTML; headings begin at the second rank.

    `base`: the address of the site, for where a link such as "/openings" would lead nowhere, as in a mail or a feed.
    """
    tokens = _PARSER.parse(text)
    _rank_headings(tokens)
    made = _PARSER.renderer.render(tokens, _PARSER.options, {})
    cleaned = nh3.clean(
        made,
        tags=set(_TAGS),
        attributes={name: set(allowed) for name, allowed in _ATTRIBUTES.items()},
        url_schemes=set(_SCHEMES),
        link_rel="noopener noreferrer nofollow ugc",
        url_relative=("rewrite_with_base", base) if base else None,
    )
    return Markup(cleaned)  # noqa: S704 - cleaned in the line above


def _rank_headings(tokens: Sequence[Token]) -> None:
    """Whatever marks somebody begins with, a text's first rank follows its title, and no rank is left out below it."""
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    used = sorted({token.tag for token in headings})
    last = 1
    for token in headings:
        if token.type == "heading_open":
            last = min(used.index(token.tag) + 2, last + 1, _LOWEST_RANK)
        token.tag = f"h{last}"


@lru_cache(_KEPT)
def text_of(text: str, base: str = "") -> str:
    """`text` without its marks: an empty line between two blocks; links with their addresses, rows of tables in lines.

    `base` as for `html_of`.
    """
    return "\n\n".join(block for block in _blocks(_PARSER.parse(text), base) if block)


def _blocks(tokens: list[Token], base: str) -> Iterator[str]:
    """The outermost blocks, one after the other; what stands in a list or table is one of them."""
    lines: list[str] = []
    marks = _Marks()
    depth = 0
    for token in tokens:
        depth += token.nesting if token.type.endswith(_WHOLE) else 0
        if token.type in {"fence", "code_block"}:
            lines.append(token.content.strip())
        elif token.type == "inline":
            marks.put(lines, _inline(token.children or [], base))
        else:
            marks.follow(token)
        if not depth and lines:
            yield "\n".join(lines)
            lines = []


class _Marks:
    """What stands before a line of a list, and between the cells of a row."""

    def __init__(self) -> None:
        #: The next number of each list around; None where it has none.
        self.lists: list[int | None] = []
        self.mark = ""
        self.is_in_row = self.is_begun = False

    def follow(self, token: Token) -> None:
        """Go into or out of a list, an item or a row."""
        if token.type.endswith("_list_open"):
            start = token.attrGet("start")
            is_numbered = token.type.startswith("ordered")
            self.lists.append((1 if start is None else int(start)) if is_numbered else None)
        elif token.type.endswith("_list_close"):
            self.lists.pop()
        elif token.type == "list_item_open":
            number = self.lists[-1]
            self.mark = "- " if number is None else f"{number}. "
            self.lists[-1] = number if number is None else number + 1
        elif token.type == "list_item_close":
            self.mark = ""
        elif token.type in {"tr_open", "tr_close"}:
            self.is_in_row, self.is_begun = token.type == "tr_open", False

    def put(self, lines: list[str], said: str) -> None:
        """Add what is said as a line, or to the line of its row."""
        if self.is_in_row and self.is_begun:
            lines[-1] += f" | {said}"
            return
        self.is_begun = self.is_in_row
        before = "  " * max(0, len(self.lists) - 1) + (self.mark or ("  " if self.lists else ""))
        lines.append(before + said)
        self.mark = ""


def _inline(tokens: list[Token], base: str) -> str:
    said: list[str] = []
    address = ""
    for token in tokens:
        if token.type == "link_open":
            href = str(token.attrGet("href") or "") if token.info != "auto" else ""
            address = urljoin(base, href) if href and base else href
        elif token.type == "link_close" and address:
            said.append(f" ({address})")
        elif token.type in _BREAKS:
            said.append("\n")
        elif token.type in {"text", "code_inline", "image"}:
            said.append(token.content)
    return "".join(said).strip()
