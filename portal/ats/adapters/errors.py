"""What can be wrong with a file as a whole."""

from portal.core.errors import PortalError


class UnreadableFile(PortalError):
    """The file is no table that can be read; `row` is where it failed, when it is known."""

    def __init__(self, message: str, row: int | None = None) -> None:
        super().__init__(message)
        self.row = row
