"""Settings with which a site may go live; each test breaks one of them."""

LIVE = {
    "PORTAL_ENV": "production",
    "PORTAL_SECRET_KEY": "kJ8-long-and-random-enough-for-anybody-1",
    "PORTAL_PRIVACY_KEY": "qL2-long-and-random-enough-for-anybody-2",
    "PORTAL_BASE_URL": "https://talent.kindred.example",
    "PORTAL_MAIL_URL": "smtp+starttls://user:password@mail.kindred.example:587",
    "PORTAL_MAIL_FROM": "Kindred <talent@kindred.example>",
    "PORTAL_ORG_NAME": "Kindred",
}
