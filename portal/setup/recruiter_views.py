"""The admin's home with its list of first steps, and the page about the sender's domain."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.core.clock import now
from portal.core.i18n import gettext as _
from portal.core.settings import current_settings
from portal.outbox.queries import mail_standing
from portal.setup.actions import check_sender, send_test_mail
from portal.setup.forms import SenderForm
from portal.setup.queries import newest_test_mail, sender, steps_done
from portal.setup.states import Step
from portal.web.identity import identity
from portal.wording.queries import held_back_count

blueprint = Blueprint("setup", __name__)


@dataclass(frozen=True)
class _StepLine:
    """A step as the list shows it."""

    step: Step
    title: str
    why: str
    #: Empty for the one that is done with a button on the page itself.
    href: str
    is_done: bool


@blueprint.get("/admin/")
def home() -> str:
    """What is still to be set up, and how the mail stands."""
    settings = current_settings()
    steps = _step_lines()
    return render_template(
        "recruiting/setup/home.html",
        steps=steps,
        open_count=sum(not step.is_done for step in steps),
        test=newest_test_mail(),
        has_mail_server=bool(settings.mail_url),
        mail_from=settings.mail_from,
        held_back_count=held_back_count(),
        standing=mail_standing(now()),
    )


@blueprint.post("/admin/test-mail")
def test_mail() -> Response:
    """Send the admin who asks a mail."""
    if send_test_mail(identity().person_id, now()):
        flash(_("The mail is on its way. Look again in a minute."), "success")
    else:
        flash(_("The last one is still on its way."), "info")
    return redirect(url_for(".home", _anchor="test-mail"), 303)


@blueprint.route("/admin/sender", methods=["GET", "POST"])
def records() -> Response | tuple[str, int]:
    """The records that the sender's domain needs, in words to copy, and what is there of them."""
    found = sender()
    form = SenderForm(data={"selector": found.selector})
    if form.validate_on_submit():
        check_sender((form.selector.data or "").strip(), now())
        flash(_("Looked."), "success")
        return redirect(url_for(".records"), 303)
    page = render_template(
        "recruiting/setup/records.html",
        form=form,
        sender=found,
        checked_on=date.fromisoformat(found.checked_on) if found.checked_on else None,
        words=_words_of_records(),
    )
    return page, 422 if form.is_submitted() else 200


def _step_lines() -> list[_StepLine]:
    done = steps_done()
    words = {
        Step.TEST_MAIL: (
            _("Send yourself a test mail"),
            _("Everything here depends on mail that arrives."),
            "",
        ),
        Step.SENDER: (
            _("Set the records of your domain"),
            _("Without them, mail from you ends up among the spam, or nowhere."),
            url_for(".records"),
        ),
        Step.DAYS: (
            _("Say where you are and when you work"),
            _("Dates are promised for your working days, in your time zone and without your holidays."),
            url_for("recruiting.company.days"),
        ),
        Step.LOGO: (
            _("Add your logo"),
            _("People see at once that they are in the right place."),
            url_for("recruiting.company.change_picture"),
        ),
        Step.NOTICE: (
            _("Look through the privacy notice"),
            _("Name whom people ask about their data, or write a notice of your own."),
            url_for("recruiting.company.privacy"),
        ),
        Step.IMPRINT: (
            _("Write your imprint"),
            _("Who is behind this site. In some countries, Germany among them, the law asks for it."),
            url_for("recruiting.company.privacy"),
        ),
        Step.PROMISES: (
            _("Set what you promise to everybody"),
            _("How long answers take and who gets feedback: it is public, and you are measured by it."),
            url_for("recruiting.company.promises"),
        ),
        Step.STAFF: (
            _("Invite your colleagues"),
            _("Every application has a person who looks after it."),
            url_for("recruiting.staff.invite"),
        ),
        Step.OPENING: (
            _("Publish your first opening"),
            _("Look at the areas of interest before it, under Settings: keep those you hire for, and write your own."),
            url_for("recruiting.openings.index"),
        ),
        Step.IMPORT: (
            _("Bring in your applications"),
            _("From then on, people see where they stand and by when they hear from you."),
            url_for("recruiting.imports.index"),
        ),
    }
    return [_StepLine(step, *words[step], is_done) for step, is_done in done.items()]


def _words_of_records() -> dict[str, tuple[str, str]]:
    """For each kind of record its name and what it is good for."""
    return {
        "spf": (
            _("SPF: who may send for you"),
            _(
                "If you have an SPF record already, add to it instead of making a second one. "
                "If your mail provider names an “include”, put that in place of the middle part."
            ),
        ),
        "dkim": (
            _("DKIM: a signature that nobody can forge"),
            _("Your mail provider signs, and shows you this record with its selector and its key."),
        ),
        "dmarc": (
            _("DMARC: what receivers do with mail that only claims to be yours"),
            _("Begin with p=none and read the reports that come; later change it to p=quarantine."),
        ),
    }
