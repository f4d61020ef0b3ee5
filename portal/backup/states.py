"""What a backup leaves out, and how its file is laid out."""

from typing import Final

#: The shape of the file; a later program reads older ones.
FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
JOURNAL: Final = "erasures"
TABLES: Final = "tables/"
FILES: Final = "files/"

#: Tables whose rows are in no backup, and why.
LEFT_OUT: Final[dict[str, str]] = {
    "ballot": "who answered a survey could be traced until it is released",
    "partial_answers": "saved answers stand beside a name until they are sent",
    "waiting_comment": "words that wait until there are ten",
    "device_session": "whoever was signed out since would be signed in again; everybody signs in anew",
    "personal_copy": "a copy for its owner is good for a day, and its file is not kept longer",
    "try_count": "how often something was tried lately",
    "slow_domain": "which mail servers were slow at that hour",
    "job_lease": "which worker did what; that worker is gone",
    "dev_mail": "the mailbox of a development site, with links that work",
}
