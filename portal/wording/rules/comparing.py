"""Two versions of the words of a mail beside each other."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from portal.wording.rules.filling import paragraphs
from portal.wording.rules.places import Words


@dataclass(frozen=True)
class Difference:
    """Where two versions differ: `field` of the words, and what stands there in each; empty when nothing does."""

    field: str
    before: str
    after: str


def differences(before: Words, after: Words) -> list[Difference]:
    """Where `after` is not as `before`: each line, and the body by paragraphs."""
    lines = [
        Difference(field, str(getattr(before, field)), str(getattr(after, field)))
        for field in ("subject", "preheader", "heading")
    ]
    return [one for one in lines if one.before != one.after] + _of_bodies(str(before.body), str(after.body))


def _of_bodies(before: str, after: str) -> list[Difference]:
    old, new = paragraphs(before), paragraphs(after)
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [
        Difference("body", "\n\n".join(old[first:last]), "\n\n".join(new[start:end]))
        for step, first, last, start, end in steps
        if step != "equal"
    ]
