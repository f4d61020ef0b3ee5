"""Who comes before and after on a page that was opened from a list."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Beside:
    """The addresses of those beside somebody, and the way back; an empty one: nobody stands there."""

    #: Who is in the list, in a few words.
    label: str
    previous: str
    next: str
    back: str
    #: What to say of somebody who is not in the list any more.
    gone: str = ""
