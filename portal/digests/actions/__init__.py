"""Mailing updates: letters, digests, and what colleagues do about a mailing."""

from portal.digests.actions.digesting import send_digest
from portal.digests.actions.mailing import CHUNK, begin_mailing, write_some
from portal.digests.actions.settling import collect_dead_digest, collect_letter, let_no_letter_go, settle_some
from portal.digests.actions.steering import JOB, pause_mailing, resume_mailing, send_test, stop_mailing

__all__ = [
    "CHUNK",
    "JOB",
    "begin_mailing",
    "collect_dead_digest",
    "collect_letter",
    "let_no_letter_go",
    "pause_mailing",
    "resume_mailing",
    "send_digest",
    "send_test",
    "settle_some",
    "stop_mailing",
    "write_some",
]
