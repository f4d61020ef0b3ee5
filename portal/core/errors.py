"""Errors whose text is written for the person who reads it."""


class PortalError(Exception):
    """A rule was broken; `message` is a whole sentence for people."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(PortalError):
    """What was asked for does not exist for the one who asks; pages answer 404."""

    def __init__(self, message: str = "There is nothing here.") -> None:
        super().__init__(message)


class Busy(PortalError):
    """What was read has changed in between, twice; the person may try again."""
