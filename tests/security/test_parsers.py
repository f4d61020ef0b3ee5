"""Every parser of what others hand in, with input of the worst kind; `make soak` tries a hundred thousand."""

import pytest
from flask import Flask

from tests.security.bad_input import PARSERS, Parser, kept_pages, try_out

#: Of each in the suite.
_FEW = 15


@pytest.mark.property
@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_what_is_not_understood_is_refused_in_words_and_nothing_goes_astray(parser: Parser) -> None:
    assert try_out(parser, _FEW) >= 1


@pytest.mark.only("sqlite")
def test_what_a_page_keeps_is_read_only_as_it_was_signed(app: Flask) -> None:
    assert try_out(kept_pages(), _FEW) >= 1
