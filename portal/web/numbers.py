"""Numbers in addresses: no database is asked for one that no column can hold."""

from typing import Any, Final

from werkzeug.routing import IntegerConverter, Map

#: The largest number of an INTEGER column on every database.
LARGEST: Final = 2**31 - 1


class BoundedNumber(IntegerConverter):
    """`<int:…>` of a route; an address with a larger number leads nowhere."""

    def __init__(self, url_map: Map, *args: Any, **options: Any) -> None:
        super().__init__(url_map, *args, **{"max": LARGEST, **options})
