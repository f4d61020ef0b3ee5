"""All that is held about one person."""

from portal.core.personal_data import ExportSection
from portal.privacy.registry import AS_SHOWN


def held_about(person_id: int) -> list[ExportSection]:
    """Every section of every feature, in the order in which a person reads them."""
    return [section for holder in AS_SHOWN for section in holder.export(person_id)]
