"""What an admin may make of a mail's words."""

from collections.abc import Iterator

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import join_words, ngettext
from portal.wording.rules.filling import names_in, paragraphs, sole_name
from portal.wording.rules.places import Mail, Word, Words

MAX_LINE = 200
MAX_BODY = 8000


class UnfitWords(PortalError):
    """A mail cannot go out with these words; `field` says which of them."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def tidy(words: Words) -> Words:
    """`words` as they are stored: lines without doubled spaces, one empty line between paragraphs."""
    return Words(
        subject=" ".join(str(words.subject).split()),
        preheader=" ".join(str(words.preheader).split()),
        heading=" ".join(str(words.heading).split()),
        body="\n\n".join(paragraphs(str(words.body))),
    )


def problems(mail: Mail, words: Words) -> list[UnfitWords]:
    """Why the mail cannot go out with these words; empty when it can."""
    return [*_of_lines(mail, words), *_of_body(mail, words.body)]


def refuse_unfit(mail: Mail, words: Words) -> None:
    """Raise the first of `problems`."""
    for problem in problems(mail, words):
        raise problem


def unknown_names(mail: Mail, words: Words) -> dict[str, list[str]]:
    """What looks like a placeholder and is none of this mail's, by field: it would go out as it stands."""
    texts = {"subject": words.subject, "preheader": words.preheader, "heading": words.heading, "body": words.body}
    found = {
        field: [name for name in dict.fromkeys(names_in(str(text))) if name not in mail.all_places]
        for field, text in texts.items()
    }
    return {field: names for field, names in found.items() if names}


def slips(mail: Mail, words: Words, before: Words) -> list[UnfitWords]:
    """Placeholders of no mail that were not in the words `before`: most likely slips, one of a field."""
    meant = {name for names in unknown_names(mail, before).values() for name in names}
    found = []
    for field, names in unknown_names(mail, words).items():
        new = [f"{{{name}}}" for name in names if name not in meant]
        if new:
            text = ngettext(
                "%(names)s is not a placeholder of this mail, and would go out as it stands.",
                "%(names)s are not placeholders of this mail, and would go out as they stand.",
                len(new),
                names=join_words(new),
            )
            found.append(UnfitWords(field, text))
    return found


def _of_lines(mail: Mail, words: Words) -> Iterator[UnfitWords]:
    lines = {"subject": words.subject, "preheader": words.preheader, "heading": words.heading}
    for field, text in lines.items():
        if not text and field != "preheader":
            yield UnfitWords(field, _("Please write something here: a mail needs it."))
        if len(text) > MAX_LINE:
            yield UnfitWords(field, _("Please keep this under %(max)d characters.", max=MAX_LINE))
        for name in names_in(text):
            yield from _in_line(mail, field, name)


def _in_line(mail: Mail, field: str, name: str) -> Iterator[UnfitWords]:
    place = mail.all_places.get(name)
    if place is None:
        return
    if not isinstance(place, Word):
        yield UnfitWords(field, _("{%(place)s} belongs in the text, on a line of its own.", place=name))
    elif place.may_be_empty:
        yield UnfitWords(field, _("{%(place)s} is empty for some people, so it cannot stand here.", place=name))


def _of_body(mail: Mail, body: str) -> Iterator[UnfitWords]:
    if len(body) > MAX_BODY:
        yield UnfitWords("body", _("Please keep this under %(max)d characters.", max=MAX_BODY))
    lines = [line for paragraph in paragraphs(body) for line in paragraph.split("\n")]
    here = {name for line in lines for name in names_in(line)}
    alone = {sole_name(line) for line in lines}
    for name, place in mail.all_places.items():
        if not isinstance(place, Word) and any(name in names_in(line) and sole_name(line) != name for line in lines):
            yield UnfitWords("body", _("{%(place)s} needs a line of its own.", place=name))
        elif place.is_needed and name not in (here if isinstance(place, Word) else alone):
            yield UnfitWords("body", _missing(name, str(place.meaning)))
    if not lines:
        yield UnfitWords("body", _("Please write something here: a mail needs it."))


def _missing(name: str, meaning: str) -> str:
    return _("This mail needs {%(place)s} on a line of its own: %(meaning)s.", place=name, meaning=meaning)
