"""The shipped lists of phrases that feedback should not hold, read once from the package's folder."""

import csv
from functools import cache
from pathlib import Path
from typing import Final

from portal.feedback.rules.lint import Phrases, phrases_from

DATA: Final = Path(__file__).parent / "data"


@cache
def shipped_phrases() -> Phrases:
    """The phrases of `data/lint_en.tsv`: English, the one language that is checked so far."""
    with (DATA / "lint_en.tsv").open(encoding="utf-8", newline="") as lines:
        return phrases_from(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
