"""What colleagues noted about people, and the tags they put on them."""

from portal.core.db import end_reading
from portal.demo.actions.story import Story, application_at, at, public_id_at, scope_of
from portal.demo.data import fates
from portal.notes.actions import change_tags, note_on_application, note_on_person

_HOUR = 16


def note_some(story: Story) -> None:
    """Notes about Ada and Silas, and their tags."""
    for number, noted in enumerate(fates.NOTES):
        scope, key = scope_of(story, noted.author), f"demo-note-{number}"
        with at(story.moment(story.days_ago(noted.days_ago), _HOUR)) as moment:
            if noted.is_about_application:
                about = application_at(noted.email)
                note_on_application(about, scope=scope, text=noted.words, form_key=key, now=moment)
            else:
                note_on_person(public_id_at(noted.email), scope=scope, text=noted.words, form_key=key, now=moment)
            end_reading()
    for email, (author, names) in fates.TAGS.items():
        with at(story.moment(story.days_ago(2), _HOUR)) as moment:
            change_tags(public_id_at(email), scope=scope_of(story, author), names=names, seen=(), now=moment)
            end_reading()
