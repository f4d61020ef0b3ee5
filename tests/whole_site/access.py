"""THE ACCESS TABLE: who may call each route. A route that is not in it fails the build."""

from portal.core.permissions import Permission

#: Anybody; a token or a code in the request decides the rest.
ANYONE = "anyone"
#: Whoever is signed in, and only about themselves.
SIGNED_IN = "signed in"
#: The candidate, or a browser that follows this application.
FOLLOWER = "follower"
#: Development only.
DEVELOPMENT = "development"

SEE_OWN = Permission.SEE_OWN_OPENINGS
WRITE = Permission.WRITE_TO_CANDIDATES
CANDIDATES = Permission.SEE_CANDIDATES
IMPORT = Permission.IMPORT
STAFF = Permission.MANAGE_STAFF
SETTINGS = Permission.CHANGE_SETTINGS
AUDIT = Permission.READ_AUDIT_LOG

ACCESS: dict[tuple[str, str], str] = {
    ("GET", "static"): ANYONE,
    ("GET", "public.accounts.ask_reset"): ANYONE,
    ("POST", "public.accounts.ask_reset"): ANYONE,
    ("GET", "public.accounts.check_mail"): ANYONE,
    ("POST", "public.accounts.check_mail"): ANYONE,
    ("GET", "public.accounts.invitation"): ANYONE,
    ("POST", "public.accounts.invitation"): ANYONE,
    ("GET", "public.accounts.open_link"): ANYONE,
    ("POST", "public.accounts.open_link"): ANYONE,
    ("GET", "public.accounts.reset"): ANYONE,
    ("POST", "public.accounts.reset"): ANYONE,
    ("GET", "public.accounts.reset_with_code"): ANYONE,
    ("POST", "public.accounts.reset_with_code"): ANYONE,
    ("GET", "public.accounts.sign_in"): ANYONE,
    ("POST", "public.accounts.sign_in"): ANYONE,
    ("POST", "public.accounts.sign_out"): ANYONE,
    ("GET", "public.applications.follow"): ANYONE,
    ("POST", "public.applications.begin_following"): ANYONE,
    ("POST", "public.applications.fresh_link"): ANYONE,
    ("GET", "public.community.check_mail"): ANYONE,
    ("POST", "public.community.check_mail"): ANYONE,
    ("GET", "public.community.confirm"): ANYONE,
    ("POST", "public.community.confirm"): ANYONE,
    ("GET", "public.community.home"): ANYONE,
    ("GET", "public.community.join"): ANYONE,
    ("POST", "public.community.join"): ANYONE,
    ("GET", "public.machines.favicon"): ANYONE,
    ("GET", "public.machines.healthz"): ANYONE,
    ("GET", "public.machines.readyz"): ANYONE,
    ("GET", "public.machines.robots"): ANYONE,
    ("GET", "public.privacy.notice"): ANYONE,
    ("GET", "candidate.accounts.account"): SIGNED_IN,
    ("POST", "candidate.accounts.account"): SIGNED_IN,
    ("GET", "candidate.accounts.change_password"): SIGNED_IN,
    ("POST", "candidate.accounts.change_password"): SIGNED_IN,
    ("POST", "candidate.accounts.sign_out_device"): SIGNED_IN,
    ("POST", "candidate.accounts.sign_out_everywhere"): SIGNED_IN,
    ("GET", "candidate.applications.index"): SIGNED_IN,
    ("GET", "candidate.applications.show"): FOLLOWER,
    ("POST", "candidate.community.join"): SIGNED_IN,
    ("GET", "candidate.community.preferences"): SIGNED_IN,
    ("POST", "candidate.community.preferences"): SIGNED_IN,
    ("GET", "candidate.community.suggest_places"): SIGNED_IN,
    ("GET", "candidate.community.suggest_skills"): SIGNED_IN,
    ("GET", "candidate.journey.home"): SIGNED_IN,
    ("GET", "candidate.privacy.held"): SIGNED_IN,
    ("GET", "recruiting.desk.home"): SEE_OWN,
    ("GET", "recruiting.applications.index"): SEE_OWN,
    ("GET", "recruiting.applications.show"): SEE_OWN,
    ("POST", "recruiting.applications.show"): WRITE,
    ("GET", "recruiting.candidates.index"): CANDIDATES,
    ("GET", "recruiting.candidates.show"): CANDIDATES,
    ("GET", "recruiting.imports.index"): IMPORT,
    ("POST", "recruiting.imports.index"): IMPORT,
    ("GET", "recruiting.imports.show"): IMPORT,
    ("GET", "recruiting.imports.progress"): IMPORT,
    ("GET", "recruiting.imports.rows"): IMPORT,
    ("GET", "recruiting.imports.refused"): IMPORT,
    ("GET", "recruiting.imports.columns"): IMPORT,
    ("POST", "recruiting.imports.columns"): IMPORT,
    ("GET", "recruiting.imports.labels"): IMPORT,
    ("POST", "recruiting.imports.labels"): IMPORT,
    ("POST", "recruiting.imports.dates"): IMPORT,
    ("POST", "recruiting.imports.owner"): IMPORT,
    ("POST", "recruiting.imports.check"): IMPORT,
    ("POST", "recruiting.imports.apply"): IMPORT,
    ("POST", "recruiting.imports.discard"): IMPORT,
    ("GET", "recruiting.imports.release"): IMPORT,
    ("POST", "recruiting.imports.release"): IMPORT,
    ("GET", "recruiting.staff.index"): STAFF,
    ("GET", "recruiting.staff.invite"): STAFF,
    ("POST", "recruiting.staff.invite"): STAFF,
    ("GET", "recruiting.staff.edit"): STAFF,
    ("POST", "recruiting.staff.edit"): STAFF,
    ("POST", "recruiting.staff.renew"): STAFF,
    ("GET", "recruiting.staff.deactivate"): STAFF,
    ("POST", "recruiting.staff.deactivate"): STAFF,
    ("GET", "recruiting.company.settings"): SETTINGS,
    ("POST", "recruiting.company.settings"): SETTINGS,
    ("GET", "recruiting.audit.index"): AUDIT,
    ("GET", "dev.design.components"): DEVELOPMENT,
    ("GET", "dev.mailbox.index"): DEVELOPMENT,
    ("GET", "dev.mailbox.index_json"): DEVELOPMENT,
    ("GET", "dev.mailbox.show"): DEVELOPMENT,
    ("GET", "dev.mailbox.html_part"): DEVELOPMENT,
}
