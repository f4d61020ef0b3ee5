"""How the work that a colleague leaves is told to whoever takes it over."""

from collections.abc import Mapping

from portal.core.i18n import join_words, ngettext


def work_words(counts: Mapping[str, int]) -> str:
    """What somebody leaves, in a few words; `counts` as `queries.looked_after_by` finds them, by kind.

    Empty when it is nothing that one can look through, for example a team.
    """
    openings = counts.get("openings", 0) + counts.get("hiring", 0)
    applications, tasks = counts.get("applications", 0), counts.get("tasks", 0)
    # Whoever arranges one mostly takes part in it, too: the larger number is what there is to look through.
    interviews = max(counts.get("interviews", 0), counts.get("arranging", 0))
    parts = (
        (applications, ngettext("%(count)s application", "%(count)s applications", applications)),
        (openings, ngettext("%(count)s opening", "%(count)s openings", openings)),
        (tasks, ngettext("%(count)s task", "%(count)s tasks", tasks)),
        (interviews, ngettext("%(count)s interview", "%(count)s interviews", interviews)),
    )
    return join_words([words for count, words in parts if count])
