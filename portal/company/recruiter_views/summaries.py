"""The settings in a few words: for the overview, and to show two admins what each has saved."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.company.forms import country_name
from portal.company.queries import areas_in, company_name, company_zone, privacy_contact
from portal.company.queries.service import promise_contact
from portal.company.rules import end_reasons_in, own_days_text, regions_of
from portal.company.rules.service import week_in_words
from portal.company.states import ACCENTS, FEEDBACK_WAY_LABELS, PACE_LABELS, FeedbackWay, Setting
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext

Stored = dict[Setting, Any]


@dataclass(frozen=True)
class Subject:
    """One page of settings, and how what stands on it is set."""

    endpoint: str
    title: str
    text: str
    icon: str
    set_to: list[str]


def overview(stored: Stored) -> list[Subject]:
    """Every page of settings, in the order in which a new company needs them."""
    return [
        Subject(
            "look",
            _("Your company"),
            _("Name, what you say of yourselves, colour and logo."),
            "building-2",
            [company_name(), _colour(stored[Setting.ACCENT]), _logo(stored[Setting.LOGO])],
        ),
        Subject(
            "days",
            _("Working days"),
            _("Time zone, holidays, working week and office hours. Every promised date goes by them."),
            "calendar",
            _days(stored),
        ),
        Subject(
            "pace",
            _("Pace"),
            _("How many working days candidates wait for the next word, for each status."),
            "clock",
            [_pace(stored[Setting.PACE])],
        ),
        Subject(
            "mail",
            _("Mail"),
            _("Quiet hours, how often people hear from you, and the time to undo."),
            "mail",
            _mail(stored),
        ),
        *_kept_promises(stored),
        Subject(
            "privacy",
            _("Privacy and imprint"),
            _("Whom people ask, how long you keep them, your notice and your imprint."),
            "shield-check",
            _privacy(stored),
        ),
        Subject(
            "areas",
            _("Areas of interest"),
            _("What people can choose when they join."),
            "tag",
            [_count_of_areas(stored[Setting.AREAS])],
        ),
        Subject(
            "reasons",
            _("Why applications end"),
            _("The reasons that colleagues choose from. No candidate reads them."),
            "flag",
            [_count_of_reasons(stored[Setting.END_REASONS])],
        ),
    ]


def _kept_promises(stored: Stored) -> list[Subject]:
    return [
        Subject(
            "feedback",
            _("Feedback after interviews"),
            _("In writing, by telephone or not at all, and in which countries otherwise."),
            "message-circle",
            [_feedback(stored[Setting.FEEDBACK])],
        ),
        Subject(
            "promises",
            _("Service promises"),
            _("The public page of what you promise: words of your own, and whom people tell when you break one."),
            "heart-handshake",
            _promises(stored),
        ),
    ]


def _days(stored: Stored) -> list[str]:
    return [
        company_zone().replace("_", " "),
        _country(stored[Setting.HOLIDAYS]),
        week_in_words(stored[Setting.WORKING_WEEK]),
        _hours(stored[Setting.OFFICE_HOURS]),
    ]


def _mail(stored: Stored) -> list[str]:
    quiet = _("Quiet: %(hours)s", hours=_hours(stored[Setting.QUIET_HOURS]))
    return [quiet, _budget(stored[Setting.CONTACT_BUDGET])]


def _privacy(stored: Stored) -> list[str]:
    return [
        _("Questions go to %(email)s", email=privacy_contact().email),
        _("Your own notice") if stored[Setting.PRIVACY_NOTICE] else _("The notice that comes with the site"),
        _("With an imprint") if stored[Setting.IMPRINT] else _("No imprint"),
    ]


def _promises(stored: Stored) -> list[str]:
    return [
        _("With words of your own") if stored[Setting.PROMISE_WORDS] else _("No words of your own"),
        _("People tell %(email)s", email=promise_contact().email),
    ]


def in_words(name: Setting, value: Any) -> str:
    """A setting as people read it."""
    if not value:
        return _("Nothing")
    if isinstance(value, str) and name is not Setting.ACCENT:
        return value
    return _IN_WORDS[name](value)


def _colour(value: str) -> str:
    return value if value.startswith("#") else str(dict(ACCENTS)[value])


def _logo(value: dict[str, Any]) -> str:
    return _("With a logo") if value["version"] else _("No logo")


def _country(value: dict[str, str]) -> str:
    if not value["country"]:
        return _("No public holidays")
    name = country_name(value["country"])
    region = regions_of(value["country"]).get(value["region"], "")
    return f"{name}, {region}" if region else name


def _hours(value: dict[str, str]) -> str:
    return _("%(first)s to %(last)s", first=value["start"], last=value["end"])


def _budget(value: dict[str, int]) -> str:
    count = value["community_per_month"]
    messages = ngettext("At most %(count)s message a month", "At most %(count)s messages a month", count)
    return _("%(messages)s, a check-in every %(days)s days", messages=messages, days=value["check_in_days"])


def _pace(value: dict[str, int]) -> str:
    return ", ".join(_("%(status)s: %(count)s", status=label, count=value[key]) for key, label in PACE_LABELS.items())


def _feedback(value: dict[str, Any]) -> str:
    others = [
        _("%(country)s: %(way)s", country=country_name(code), way=FEEDBACK_WAY_LABELS[FeedbackWay(way)])
        for code, way in value["countries"].items()
    ]
    return ", ".join([str(FEEDBACK_WAY_LABELS[FeedbackWay(value["way"])]), *others])


def _retention(value: dict[str, Any]) -> str:
    months = ngettext("%(count)s month", "%(count)s months", value["community_months"])
    after = ngettext("%(count)s month", "%(count)s months", value["rejected_months"])
    words = _("Members %(months)s, after an ending %(after)s", months=months, after=after)
    places = ", ".join(one["place"] for one in value.get("places", ()))
    return _("%(words)s; of their own: %(places)s", words=words, places=places) if places else words


def _contact(value: dict[str, str]) -> str:
    return ", ".join(part for part in (value["name"], value["email"]) if part) or _("Nobody named")


def _areas(value: list[dict[str, str]]) -> str:
    return ", ".join(area.label for area in areas_in(value))


def _count_of_areas(value: list[dict[str, str]]) -> str:
    return ngettext("%(count)s area", "%(count)s areas", len(value))


def _reasons(value: list[dict[str, Any]]) -> str:
    return ", ".join(
        _("%(reason)s (not offered)", reason=one.label) if one.is_retired else one.label
        for one in end_reasons_in(value)
    )


def _count_of_reasons(value: list[dict[str, Any]]) -> str:
    return ngettext("%(count)s reason", "%(count)s reasons", sum(not one["is_retired"] for one in value))


def _minutes(value: int) -> str:
    return ngettext("%(count)s minute", "%(count)s minutes", value)


_IN_WORDS: dict[Setting, Callable[[Any], str]] = {
    Setting.ACCENT: _colour,
    Setting.AREAS: _areas,
    Setting.END_REASONS: _reasons,
    Setting.PRIVACY_CONTACT: _contact,
    Setting.HOLIDAYS: _country,
    Setting.OWN_DAYS: lambda value: own_days_text(value).replace("\n", ", "),
    Setting.WORKING_WEEK: week_in_words,
    Setting.OFFICE_HOURS: _hours,
    Setting.QUIET_HOURS: _hours,
    Setting.CONTACT_BUDGET: _budget,
    Setting.PACE: _pace,
    Setting.UNDO_MINUTES: _minutes,
    Setting.RETENTION: _retention,
    Setting.FEEDBACK: _feedback,
    Setting.PROMISE_CONTACT: _contact,
}
