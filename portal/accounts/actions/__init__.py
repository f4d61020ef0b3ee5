"""Changes to accounts, device sessions, tokens and staff."""

from portal.accounts.actions.limits import allow_code_try, allow_mail, allow_password_change, allow_password_try
from portal.accounts.actions.passwords import (
    check_present_password,
    reset_by_code,
    reset_by_token,
    set_password,
    store_password,
)
from portal.accounts.actions.sessions import (
    end_all_sessions,
    end_device,
    end_session,
    forget_old_sessions,
    note_seen,
    start_session,
)
from portal.accounts.actions.signing_in import (
    ask_to_reset,
    ask_to_sign_in,
    confirm_address,
    sign_in_by_code,
    sign_in_by_password,
    sign_in_by_token,
)
from portal.accounts.actions.staff import (
    accept_invitation,
    change_role,
    deactivate_staff,
    invite_staff,
    invited,
    renew_invitation,
)
from portal.accounts.actions.tokens import (
    UsedToken,
    check_code,
    forget_dead_tokens,
    issue_token,
    use_checked_code,
    use_code,
    use_token,
    void_tokens,
)
from portal.accounts.adapters import hash_password

__all__ = [
    "UsedToken",
    "accept_invitation",
    "allow_code_try",
    "allow_mail",
    "allow_password_change",
    "allow_password_try",
    "ask_to_reset",
    "ask_to_sign_in",
    "change_role",
    "check_code",
    "check_present_password",
    "confirm_address",
    "deactivate_staff",
    "end_all_sessions",
    "end_device",
    "end_session",
    "forget_dead_tokens",
    "forget_old_sessions",
    "hash_password",
    "invite_staff",
    "invited",
    "issue_token",
    "note_seen",
    "renew_invitation",
    "reset_by_code",
    "reset_by_token",
    "set_password",
    "sign_in_by_code",
    "sign_in_by_password",
    "sign_in_by_token",
    "start_session",
    "store_password",
    "use_checked_code",
    "use_code",
    "use_token",
    "void_tokens",
]
