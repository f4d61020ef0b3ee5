"""Answering a survey with the link from a mail, without signing in: a GET shows, a POST saves and sends.

And what came of surveys, for everybody.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.queries import find_old_token, find_token
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.tokens import TokenKind
from portal.surveys.forms.answering import Answer, Steps
from portal.surveys.queries.answering import find_own_survey
from portal.surveys.queries.posts import last_published_at, published_count, published_posts
from portal.surveys.rules.answers import Stand
from portal.surveys.states import TOUCHPOINT_LABELS
from portal.web.failures import without_lines
from portal.web.feeds import sitemap_answer
from portal.web.identity import for_machines
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url

blueprint = without_lines(Blueprint("surveys", __name__))
posts = Blueprint("posts", __name__)


@blueprint.get("/surveys/<token>")
def show(token: str) -> Answer:
    return _steps(token).start()


@blueprint.route("/surveys/<token>/questions/<question_id>", methods=["GET", "POST"])
def question(token: str, question_id: str) -> Answer:
    return _steps(token).question(question_id)


@blueprint.route("/surveys/<token>/all", methods=["GET", "POST"])
def all_questions(token: str) -> Answer:
    return _steps(token).all_questions()


@blueprint.get("/surveys/<token>/finish")
def finish(token: str) -> Answer:
    return _steps(token).finish()


@blueprint.get("/surveys/<token>/contact")
def contact(token: str) -> Answer:
    return _steps(token).contact()


@blueprint.post("/surveys/<token>/send")
def send(token: str) -> Answer:
    return _steps(token).send()


@blueprint.get("/surveys/<token>/thanks")
def thanks(token: str) -> Answer:
    return _steps(token).thanks()


def _steps(token: str) -> Steps:
    """The survey behind a link; a link that is too old says so. Raises NotFound for one that never was."""
    found = find_old_token(TokenKind.SURVEY, token)
    own = find_own_survey(found.person_id, found.subject, now()) if found is not None else None
    if own is None:
        raise NotFound
    if own.stand is Stand.OPEN and find_token(TokenKind.SURVEY, token, now()) is None:
        own = replace(own, stand=Stand.CLOSED)
    return Steps(own, partial(_address, token), is_own_page=False)


def _address(token: str, page: str, **values: Any) -> str:
    return url_for(f".{page}", token=token, **values)


@posts.get("/you-said-we-did")
def index() -> Response | str:
    number, total = page_number(), published_count()
    found = published_posts((number - 1) * PAGE_SIZE, PAGE_SIZE)
    if total and not found:
        return redirect(page_url(1), 303)
    return render_template("public/surveys/posts.html", page=Page(found, number, total), labels=TOUCHPOINT_LABELS)


@posts.get("/sitemap-you-said-we-did.xml")
@for_machines
def site_map() -> Response:
    """The page of what was changed, for search engines, as soon as something stands on it."""
    changed_at = last_published_at()
    pages: Iterable[tuple[str, datetime]] = [(url_for(".index"), changed_at)] if changed_at is not None else []
    return sitemap_answer(pages)


def promised_posts(_public_id: str) -> str:
    """Part of the page of promises: the newest of what was changed because candidates said so."""
    found = published_posts(0, 1)
    return render_template("public/surveys/promised.html", posts=found, labels=TOUCHPOINT_LABELS) if found else ""
