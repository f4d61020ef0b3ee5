"""Long work that lets other work have its turn: between two of its steps it calls `pause`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class ToldToLeave(Exception):
    """The process is about to end; what is not finished goes on elsewhere."""


def _nothing() -> None:
    """Nobody else wants a turn."""


_other_work: ContextVar[Callable[[], None]] = ContextVar("other_work", default=_nothing)


def pause() -> None:
    """Let other work have its turn; outside of any transaction. Raises ToldToLeave."""
    _other_work.get()()


@contextmanager
def pausing_for(other_work: Callable[[], None]) -> Iterator[None]:
    """Call `other_work` whenever the work inside the block pauses."""
    token = _other_work.set(other_work)
    try:
        yield
    finally:
        _other_work.reset(token)
