"""How the work that a colleague leaves is told to whoever takes it over, and what outlives an erasure."""

from collections.abc import Mapping

from portal.core.i18n import gettext as _
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


def survivors() -> dict[str, str]:
    """What outlives an erasure, by the table it stands in: the list that the code, the pages and the mails share."""
    return {
        "erased_address": _(
            "A code made of your address with a secret key, with the days on which you were invited and erased, and "
            "what you had last said yes or no to and when. It stops anybody here from adding or inviting you again. "
            "You can join by yourself at any time."
        ),
        "suppression": _(
            "If our mail to your address came back: the same kind of code, so that we do not write there again."
        ),
        "audit_record": _("That something was done here and when: not by whom, not for whom and not about what."),
        "delivery": _("That a message of some kind was sent, and when: neither to whom nor what it said."),
        "totals": _(
            "Totals that say nothing about you: promises kept, updates read, answers to surveys that carry no name and "
            "were mixed with those of others before anybody saw them."
        ),
        "sealed_record": _(
            "Only where the law of the place you applied in demands it: your name and address, what you applied for, "
            "your answers to its questions, the days of interviews, and when we told you how it ended. It is sealed: "
            "no recruiter reads it, an admin only with a reason that is noted, and on its day it is deleted."
        ),
        "written_by_others": _(
            "What others wrote themselves in a letter or conversation of their own; and for 30 days at most a list "
            "from another system that waits to be brought in, and our copy of mails to others that told a "
            "story about you, with your yes."
        ),
        "server_log": _(
            "In the log of the server, until it is deleted: that somebody with a code asked for some kind of page, and "
            "when. The code led to you while we knew you; it leads nowhere now."
        ),
        "database_files": _(
            "For a while, pieces of what was deleted in the files of the database, where no page and nobody here finds "
            "them: until they are written over."
        ),
        "backup": _(
            "Backups, until they are replaced. Whoever restores one erases you again before anybody else can see it. "
            "So that this works, a list beside the database keeps the same kind of code, and when you said no to mail, "
            "when a yes of yours ran out, or when you were erased."
        ),
    }
