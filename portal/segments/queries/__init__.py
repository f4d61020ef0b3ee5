"""Reading segments, who is in them, and why."""

from portal.segments.queries.finding import PersonLine, count_of, is_among, page_of, people_called, people_in
from portal.segments.queries.known import KnownPerson, find_known
from portal.segments.queries.offered import choices_for, labels_for
from portal.segments.queries.saved import SegmentView, find_segment, rules_of_segment, segments_for

__all__ = [
    "KnownPerson",
    "PersonLine",
    "SegmentView",
    "choices_for",
    "count_of",
    "find_known",
    "find_segment",
    "is_among",
    "labels_for",
    "page_of",
    "people_called",
    "people_in",
    "rules_of_segment",
    "segments_for",
]
