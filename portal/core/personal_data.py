"""How each feature says what it holds about a person."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class ExportSection:
    """One part of what we hold, readable by the person: a title, what it is for, and rows of (label, value).

    `kept` says until when, `seen_by` who can read it; both in plain words.
    """

    title: str
    rows: list[tuple[str, str]]
    kept: str
    seen_by: str
    empty: str = ""
    extra: dict[str, object] = field(default_factory=dict)
