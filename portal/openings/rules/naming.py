"""What openings are called where some of them read alike."""

from collections.abc import Mapping, Sequence


def what_differs(alike: Mapping[int, Sequence[str]], last: Mapping[int, str]) -> dict[int, str]:
    """Of things that read alike what tells each from the others: those of its words that not all of them have.

    Where that leaves two the same, each has what it is given in `last` as well.
    """
    words = list(alike.values())
    differing = [place for place, column in enumerate(zip(*words, strict=True)) if len(set(column)) > 1]
    said = {key: ", ".join(own[place] for place in differing if own[place]) for key, own in alike.items()}
    if len(set(said.values())) == len(said):
        return said
    return {key: ", ".join(filter(None, (text, last[key]))) for key, text in said.items()}
