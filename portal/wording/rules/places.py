"""What a mail consists of: its words, and the placeholders that stand in them."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from markupsafe import Markup

from portal.core.i18n import lazy_gettext as _l
from portal.core.tokens import RULES, TokenKind, TokenRule

#: What a placeholder within a sentence may stand for; dates are written with their weekday, in the reader's language.
Value = str | int | date | datetime | None
#: Pairs of what something is called and what it is.
Rows = tuple[tuple[str, Value], ...]


class GoesTo(StrEnum):
    """Who gets a mail; it decides what its foot offers."""

    #: Somebody we know, who may choose what we send: the foot leads to their preferences.
    PERSON = "person"
    #: A colleague, about their work.
    STAFF = "staff"
    #: Whoever reads an address that somebody typed.
    ADDRESS = "address"


@dataclass(frozen=True)
class Word:
    """A few words within a sentence. A paragraph with one that may be empty is left out when it is."""

    name: str
    meaning: str
    example: Value
    may_be_empty: bool = False
    is_needed: bool = False


@dataclass(frozen=True)
class Button:
    """A link on a line of its own: `path` of ours, and after it the token of a kind; `is_quiet`: plain underlined."""

    name: str
    meaning: str
    label: str
    path: str
    token: TokenKind | None = None
    is_quiet: bool = False
    is_needed: bool = True


@dataclass(frozen=True)
class Code:
    """The six digits that stand for a token, on a line of their own."""

    name: str
    meaning: str
    token: TokenKind
    is_needed: bool = True


@dataclass(frozen=True)
class Letter:
    """What a person has written, in paragraphs of its own."""

    name: str
    meaning: str
    example: str
    is_needed: bool = True
    may_be_empty: bool = False


@dataclass(frozen=True)
class Facts:
    """Pairs of label and value, below each other; a pair without a value is left out."""

    name: str
    meaning: str
    example: Rows
    is_needed: bool = True
    may_be_empty: bool = False


@dataclass(frozen=True)
class Links:
    """Lines that each lead somewhere: pairs of what the line says and a path of ours."""

    name: str
    meaning: str
    example: Rows
    is_needed: bool = True
    may_be_empty: bool = False


@dataclass(frozen=True)
class Written:
    """Something with headings, lists and links of its own: clean HTML, and the same as it reads without."""

    html: Markup
    text: str


@dataclass(frozen=True)
class Writing:
    """What was written elsewhere and stands in the mail as it is, headings and all."""

    name: str
    meaning: str
    example: Written
    is_needed: bool = True
    may_be_empty: bool = False


Block = Button | Code | Letter | Facts | Links | Writing
Place = Word | Block

#: In every mail.
ORG = Word("org", _l("Our name"), "")
#: In mails that are given a `name`; never empty.
GREETING = Word("greeting", _l("Hello and their name, or only Hello when we know no name"), "")
NAME = Word("name", _l("Their name, as they write it"), _l("Ada Lind"), may_be_empty=True)
#: The same in mails that nobody asked for and that can wait: where an admin uses it, whoever has no name is held back.
#: Mails about somebody's account go in any case, because people wait for them to come in.
NAME_OR_WAIT = Word("name", _l("Their name, as they write it"), _l("Ada Lind"))


@dataclass(frozen=True)
class Words:
    """The words of a mail that can be changed: in the body, an empty line ends a paragraph."""

    subject: str
    preheader: str
    heading: str
    body: str


@dataclass(frozen=True)
class Mail:
    """One kind of mail: `kind` is "feature/message", `when` says when it goes, `why` tells the reader why it came.

    `reply` stands in the foot of mails whose answers a person reads. `has_unsubscribe`: its foot ends such mails
    with one click. `is_draft`: never sent by itself; its text is what a letter begins with that a person then words.
    """

    kind: str
    title: str
    when: str
    words: Words
    why: str
    places: tuple[Place, ...] = field(default=())
    goes_to: GoesTo = GoesTo.PERSON
    reply: str = ""
    has_unsubscribe: bool = False
    is_draft: bool = False

    @property
    def all_places(self) -> dict[str, Place]:
        """Every placeholder by its name, those of all mails too."""
        return {place.name: place for place in (ORG, *self.places)}

    @property
    def links_last(self) -> timedelta | None:
        """How long its links and codes work after it was written; None when they always do."""
        return min((rule.lifetime for rule in self._token_rules()), default=None)

    @property
    def is_voided_by_newer(self) -> bool:
        """Whether a newer mail of this kind to the same address makes its links useless."""
        return any(rule.is_voided_by_newer for rule in self._token_rules())

    def _token_rules(self) -> list[TokenRule]:
        tokens = [place.token for place in self.places if isinstance(place, Button | Code)]
        return [RULES[token] for token in tokens if token in RULES]
