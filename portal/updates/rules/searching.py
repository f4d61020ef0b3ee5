"""What the search of updates looks through."""

from portal.openings.rules import fold_search
from portal.updates.rules.content import UpdateContent
from portal.updates.rules.markdown import text_of


def search_text_of(content: UpdateContent) -> str:
    """Title, summary and text without its marks, folded: letter case, accents and gaps make no difference."""
    parts = (content.title, content.summary, text_of(content.body))
    return "\n".join(fold_search(part) for part in parts if part)
