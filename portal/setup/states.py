"""The steps of a first run, the records of a sender's domain, and what a resolver says of one."""

from enum import StrEnum


class Step(StrEnum):
    """One thing that a new company does once."""

    TEST_MAIL = "test_mail"
    SENDER = "sender"
    DAYS = "days"
    LOGO = "logo"
    NOTICE = "notice"
    IMPRINT = "imprint"
    PROMISES = "promises"
    STAFF = "staff"
    OPENING = "opening"
    IMPORT = "import"


class RecordKind(StrEnum):
    """A text record in the domain name system that receivers look for."""

    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"


class Seen(StrEnum):
    """What came of looking for a record."""

    FOUND = "found"
    MISSING = "missing"
    #: Two of a kind count as none.
    TWICE = "twice"
    #: No resolver answered, or it is not known where to look.
    UNKNOWN = "unknown"
