"""What a recruiter fills in to write, publish and look after an opening, and how the list is narrowed."""

from portal.openings.forms.draft import DraftForm
from portal.openings.forms.groups import Groups, changed_groups
from portal.openings.forms.others import AgainForm, FilterForm, NewForm, PeopleForm, PublishForm

__all__ = [
    "AgainForm",
    "DraftForm",
    "FilterForm",
    "Groups",
    "NewForm",
    "PeopleForm",
    "PublishForm",
    "changed_groups",
]
