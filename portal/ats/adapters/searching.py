"""Whether somebody stands in an uploaded file, however it is packed."""

import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, Final

_PIECE: Final = 1024 * 1024
#: As long as any address, so that one between two pieces is found.
_OVERLAP: Final = 512


def stands_in(path: Path, words: Collection[bytes]) -> bool:
    """Whether one of `words` (lower case, as bytes of UTF-8) stands in the file, or in a part of a workbook."""
    if not path.is_file():
        return False
    if not zipfile.is_zipfile(path):
        with path.open("rb") as stream:
            return _holds(stream, words)
    try:
        with zipfile.ZipFile(path) as workbook:
            return any(_part_holds(workbook, name, words) for name in workbook.namelist())
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        # Nobody can say who stands in it, so it goes.
        return True


def _part_holds(workbook: zipfile.ZipFile, name: str, words: Collection[bytes]) -> bool:
    with workbook.open(name) as stream:
        return _holds(stream, words)


def _holds(stream: IO[bytes], words: Collection[bytes]) -> bool:
    wide = [word.decode().encode("utf-16-le") for word in words]
    return any(word in piece for piece in _pieces(stream) for word in (*words, *wide))


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    before = b""
    while piece := stream.read(_PIECE):
        yield (before + piece).lower()
        before = piece[-_OVERLAP:]
