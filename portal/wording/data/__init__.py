"""Every mail that we send, in our own words: one list, in the order in which a person might get them.

A new mail is a `Mail` in the file of its feature and a function in that feature's `emails`.
"""

from typing import Final

from portal.wording.data.accounts import ACCOUNTS
from portal.wording.data.addresses import ADDRESSES
from portal.wording.data.alerts import ALERTS
from portal.wording.data.applications import APPLICATIONS
from portal.wording.data.applying import APPLYING
from portal.wording.data.community import COMMUNITY
from portal.wording.data.contact import CONTACT
from portal.wording.data.conversations import CONVERSATIONS
from portal.wording.data.digests import DIGESTS
from portal.wording.data.endings import ENDINGS
from portal.wording.data.feedback import FEEDBACK
from portal.wording.data.feedback_owed import FEEDBACK_OWED
from portal.wording.data.fitting import FITTING
from portal.wording.data.interview_panels import INTERVIEW_PANELS
from portal.wording.data.interview_wishes import INTERVIEW_WISHES
from portal.wording.data.interviews import INTERVIEWS
from portal.wording.data.interviews_after import INTERVIEWS_AFTER
from portal.wording.data.offers import OFFERS
from portal.wording.data.privacy import PRIVACY
from portal.wording.data.promises import PROMISES
from portal.wording.data.prospects import PROSPECTS
from portal.wording.data.second_factor import SECOND_FACTOR
from portal.wording.data.setup import SETUP
from portal.wording.data.surveys import SURVEYS
from portal.wording.data.tasks import TASKS
from portal.wording.data.updates import UPDATES
from portal.wording.rules import Mail

MAILS: Final[dict[str, Mail]] = {
    mail.kind: mail
    for mail in (
        *PROSPECTS,
        *ALERTS,
        *(*COMMUNITY, *CONTACT, *ACCOUNTS, *ADDRESSES, *SECOND_FACTOR),
        *(*APPLICATIONS, *ENDINGS, *APPLYING, *CONVERSATIONS, *PROMISES, *TASKS, *SETUP),
        *OFFERS,
        *UPDATES,
        *DIGESTS,
        *FITTING,
        *FEEDBACK,
        *FEEDBACK_OWED,
        *INTERVIEWS,
        *INTERVIEW_PANELS,
        *INTERVIEW_WISHES,
        *INTERVIEWS_AFTER,
        *SURVEYS,
        *PRIVACY,
    )
}
