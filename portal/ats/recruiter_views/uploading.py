"""The form for the next file, which keeps the file while something else of it has to be said."""

import tempfile
from pathlib import Path

from flask import abort
from werkzeug.datastructures import FileStorage

from portal.ats import actions
from portal.ats.actions import FileTooLarge, OwnerNeeded, SourceNeeded, UnreadableFile
from portal.ats.forms import UploadForm
from portal.ats.queries import find_kept_file, source_names
from portal.core.clock import now
from portal.core.i18n import gettext as _
from portal.people.queries import active_recruiters
from portal.web.identity import identity


def upload_form() -> UploadForm:
    """The form, with whoever looks at it as owner."""
    me = identity()
    staff = active_recruiters()
    form = UploadForm(sources=source_names(), staff=staff)
    if not form.is_submitted() and any(one.person_id == me.person_id for one in staff):
        form.owner.data = me.public_id
    return form


def staff_id(public_id: str | None) -> int:
    """The id of an active recruiter; 404 for anybody else."""
    found = [one.person_id for one in active_recruiters() if one.public_id == public_id]
    if not found:
        abort(404)
    return found[0]


def begin_import(form: UploadForm) -> str | None:
    """Let the file be checked: the public id of the import, or None with the reason in the form.

    Where something else is missing the file is kept, and `form.kept` names it.
    """
    with tempfile.TemporaryDirectory() as folder:
        path, name = _file_of(form, Path(folder))
        public_id = _begin(form, path, name) if form.validate() and path is not None else None
        may_keep = bool(form.file.data) and not form.file.errors and "csrf_token" not in form.errors
        if public_id is None and path is not None and may_keep:
            form.kept.data = actions.keep_for_now(path, name, owner_id=identity().person_id, now=now())
    return public_id


def kept_name(form: UploadForm) -> str:
    """What the file is called that was sent before; empty where there is none."""
    kept = find_kept_file(form.kept.data or "", identity().person_id)
    return kept.name if kept else ""


def _file_of(form: UploadForm, folder: Path) -> tuple[Path | None, str]:
    """Where the file lies and what it is called: the one that was sent now, else the one that was kept."""
    upload: FileStorage | None = form.file.data or None
    if upload is not None:
        path = folder / "upload"
        upload.save(path)
        return path, Path(upload.filename or "").name or _("File")
    kept = find_kept_file(form.kept.data or "", identity().person_id)
    if kept is None:
        form.kept.data = ""
        return None, ""
    return kept.path, kept.name


def _begin(form: UploadForm, path: Path, name: str) -> str | None:
    try:
        return actions.create_import(
            path,
            name,
            source=form.chosen_source,
            owner_id=staff_id(form.owner.data),
            told=form.was_told,
            created_by_id=identity().person_id,
            now=now(),
        )
    except SourceNeeded as error:
        form.put_error("source", error)
    except OwnerNeeded as error:
        form.put_error("owner", error)
    except (UnreadableFile, FileTooLarge) as error:
        form.put_error("file", error)
        form.kept.data = ""
    return None
