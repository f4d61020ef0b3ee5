"""Who may do what: four roles and one table."""

from enum import StrEnum


class Role(StrEnum):
    """What a signed-in person is here; every staff member is a candidate as well."""

    CANDIDATE = "candidate"
    HIRING_MANAGER = "hiring-manager"
    RECRUITER = "recruiter"
    ADMIN = "admin"


class Permission(StrEnum):
    """Something a role may be allowed to do."""

    SEE_OWN = "see_own"
    SEE_OWN_OPENINGS = "see_own_openings"
    WRITE_TO_CANDIDATES = "write_to_candidates"
    SEE_CANDIDATES = "see_candidates"
    WRITE_OPENINGS = "write_openings"
    IMPORT = "import"
    MANAGE_STAFF = "manage_staff"
    CHANGE_SETTINGS = "change_settings"
    READ_AUDIT_LOG = "read_audit_log"
    SEE_MAIL = "see_mail"


_CANDIDATE = frozenset({Permission.SEE_OWN})
_HIRING_MANAGER = _CANDIDATE | {Permission.SEE_OWN_OPENINGS}
_RECRUITER = _HIRING_MANAGER | {
    Permission.WRITE_TO_CANDIDATES,
    Permission.SEE_CANDIDATES,
    Permission.WRITE_OPENINGS,
    Permission.IMPORT,
}

TABLE: dict[Role, frozenset[Permission]] = {
    Role.CANDIDATE: _CANDIDATE,
    Role.HIRING_MANAGER: _HIRING_MANAGER,
    Role.RECRUITER: _RECRUITER,
    Role.ADMIN: frozenset(Permission),
}


def is_allowed(role: Role, permission: Permission) -> bool:
    """Whether `role` may do `permission`."""
    return permission in TABLE[role]
