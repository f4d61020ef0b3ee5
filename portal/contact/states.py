"""Purposes that need consent, and what can happen to a consent."""

from enum import StrEnum


class Purpose(StrEnum):
    """What a person may agree to be written to about, each on its own."""

    INSIDER_UPDATES = "insider_updates"
    JOB_ALERTS = "job_alerts"
    EVENTS = "events"
    CHECK_INS = "check_ins"
    COMMUNITY_PULSE = "community_pulse"


class ConsentAction(StrEnum):
    """One entry of the ledger."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
