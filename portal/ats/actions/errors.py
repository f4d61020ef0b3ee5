"""Why an import does not begin, or does not go on; each with what the person who imports can do."""

from portal.core.errors import PortalError


class ImportStopped(PortalError):
    """The import cannot go on; `needs` names the page's question that would help ("" where there is none)."""

    needs = ""


class WrongUsage(ImportStopped):
    """Something has to be said before the file can be read; the command exits with 2."""

    #: What says it on the command line ("" where it is clear).
    option = ""


class SourceNeeded(WrongUsage):
    """The header does not tell which system the file comes from, and nobody said it."""

    option = "--source NAME"


class OwnerNeeded(WrongUsage):
    """An opening has no recruiter, and nobody (or nobody suitable) was named as owner."""

    needs = "owner"
    option = "--owner EMAIL"


class DatesNeeded(WrongUsage):
    """Dates read differently with the day or the month first; `example` is one of them."""

    needs = "dates"
    option = "--dates dmy or --dates mdy"

    def __init__(self, message: str, example: str) -> None:
        super().__init__(message)
        self.example = example


class ColumnsNeeded(WrongUsage):
    """No column is known to hold the address or the opening, or the columns were mapped in a way that cannot be."""

    needs = "columns"
    option = "--map COLUMN=FIELD"


class TakenOver(ImportStopped):
    """Somebody else works on this import now, or it was discarded; nothing is wrong with it."""
