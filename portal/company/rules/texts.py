"""Texts that a company writes for its public pages: headings, lists and paragraphs, and nothing else."""

from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block of text is."""

    HEADING = "heading"
    LIST = "list"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True)
class Block:
    """One block; a heading has one line, each line of a list is an entry."""

    kind: BlockKind
    lines: tuple[str, ...]


def blocks_of(text: str) -> list[Block]:
    """`text` as pages show it: "# " begins a heading and "- " an entry of a list, an empty line ends a paragraph."""
    found: list[Block] = []
    is_open = False
    for line in (line.strip() for line in text.splitlines()):
        if not line:
            is_open = False
            continue
        kind, words = _read(line)
        if is_open and kind is not BlockKind.HEADING and found[-1].kind is kind:
            found[-1] = Block(kind, (*found[-1].lines, words))
        else:
            found.append(Block(kind, (words,)))
        is_open = kind is not BlockKind.HEADING
    return found


def _read(line: str) -> tuple[BlockKind, str]:
    if line.startswith("#") and (words := line.lstrip("#").strip()):
        return BlockKind.HEADING, words
    if line[:2] in {"- ", "* "} and (words := line[2:].strip()):
        return BlockKind.LIST, words
    return BlockKind.PARAGRAPH, line
