"""Pages of long lists."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request, url_for

T = TypeVar("T")

PAGE_SIZE = 50


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list, and how many there are."""

    items: list[T]
    number: int
    total: int

    @property
    def count(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def previous_url(self) -> str:
        return page_url(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        return page_url(self.number + 1) if self.number < self.count else ""


def page_number() -> int:
    """The page asked for, 1 when it makes no sense."""
    text = request.args.get("page", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 7 else 1


def page_url(number: int) -> str:
    """This list at another page, with its filters."""
    arguments = {**request.args.to_dict(), **(request.view_args or {}), "page": str(number)}
    return url_for(request.endpoint or "", **arguments)
