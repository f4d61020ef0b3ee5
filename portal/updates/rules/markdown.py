"""Markdown as people write it, made into HTML that can hold nothing but text and links.

Pictures are left out, and their description stays: one from elsewhere would tell its host who reads.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

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
def html_of(text: str) -> Markup:
    """`text` as clean HTML; headings begin at the second rank."""
    tokens = _PARSER.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 1, _LOWEST_RANK)}"
    made = _PARSER.renderer.render(tokens, _PARSER.options, {})
    cleaned = nh3.clean(
        made,
        tags=set(_TAGS),
        attributes={name: set(allowed) for name, allowed in _ATTRIBUTES.items()},
        url_schemes=set(_SCHEMES),
        link_rel="noopener noreferrer nofollow ugc",
    )
    return Markup(cleaned)  # noqa: S704 - cleaned in the line above


@lru_cache(_KEPT)
def text_of(text: str) -> str:
    """`text` without its marks: a paragraph a block, an empty line between two; links with their addresses."""
    return "\n\n".join(block for block in _blocks(_PARSER.parse(text)) if block)


def _blocks(tokens: list[Token]) -> Iterator[str]:
    depth = 0
    for token in tokens:
        if token.type == "list_item_open":
            depth += 1
        elif token.type == "list_item_close":
            depth -= 1
        elif token.type in {"fence", "code_block"}:
            yield token.content.strip()
        elif token.type == "inline":
            said = _inline(token.children or [])
            yield f"- {said}" if depth else said


def _inline(tokens: list[Token]) -> str:
    said: list[str] = []
    address = ""
    for token in tokens:
        if token.type == "link_open":
            address = str(token.attrGet("href") or "") if token.info != "auto" else ""
        elif token.type == "link_close" and address:
            said.append(f" ({address})")
        elif token.type in _BREAKS:
            said.append("\n")
        elif token.type in {"text", "code_inline", "image"}:
            said.append(token.content)
    return "".join(said).strip()
