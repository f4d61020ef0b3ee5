"""A browser without a screen: fetches pages, checks each, fills in the forms that stand on them."""

import re
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

from flask import Flask, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.core.db import end_reading
from tests.reading import read_page

_NS = "{http://www.w3.org/1999/xhtml}"


class OwnContextClient(FlaskClient):
    """A client whose requests see nothing of the test's context, as on a server; afterwards the test reads anew.

    The suite's apps make no other (see conftest.py), so that no two clients share what a request keeps in `g`.
    """

    def open(self, *args: Any, **options: Any) -> Any:
        if has_app_context():
            end_reading()
        return Context().run(super().open, *args, **options)


@dataclass
class Form:
    """A form as it stands on a page."""

    action: str
    method: str
    values: dict[str, Any]
    names: set[str]
    buttons: list[tuple[str, str, str]]


@dataclass
class Page:
    """One response; `forms`, `text` and `links` for HTML."""

    response: TestResponse
    path: str
    tree: Element | None = None
    forms: list[Form] = field(default_factory=list)

    @classmethod
    def of(cls, response: TestResponse) -> "Page":
        """The page in an answer, parsed and not checked."""
        page = cls(response, response.request.path)
        page.tree = page.parsed()
        page.forms = [_read_form(e) for e in page.tree.iter(f"{_NS}form")]
        return page

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def body(self) -> str:
        return self.response.get_data(as_text=True)

    def parsed(self) -> Element:
        """The page as a tree, without the places where a line may break: they are no gap in what is read."""
        return read_page(self.body.replace("<wbr>", ""))

    @property
    def text(self) -> str:
        """What a person reads, white space folded."""
        if self.tree is None:
            return self.body
        body = self.tree.find(f".//{_NS}body")
        return " ".join(" ".join(body.itertext()).split()) if body is not None else ""

    @property
    def title(self) -> str:
        found = self.tree.find(f".//{_NS}title") if self.tree is not None else None
        return (found.text or "").strip() if found is not None else ""

    @property
    def heading(self) -> str:
        found = self.tree.find(f".//{_NS}h1") if self.tree is not None else None
        return " ".join("".join(found.itertext()).split()) if found is not None else ""

    @property
    def links(self) -> list[str]:
        found = self.tree.iter(f"{_NS}a") if self.tree is not None else []
        return [a.get("href", "") for a in found if a.get("href")]

    def find(self, attribute: str) -> Element | None:
        """The first element that has `attribute` (for the marks that scripts look for)."""
        if self.tree is None:
            return None
        return next((e for e in self.tree.iter() if e.get(attribute) is not None), None)

    def form(self, *, having: str = "", action: str = "") -> Form:
        """The form with a field called `having`, or that posts to a path ending in `action`."""
        for form in self.forms:
            if (not having or having in form.names) and (not action or form.action.endswith(action)):
                return form
        raise AssertionError(f"no such form on {self.path}: {having or action}")


class Browser:
    """One visitor's browser, with its cookies."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def get(self, path: str, *, expect: int = 200, follow: bool = True, **options: Any) -> Page:
        """Fetch `path`, check the page, return it."""
        return self._page(self.client.get(path, follow_redirects=follow, **options), path, expect)

    def post(self, path: str, values: dict[str, Any], *, expect: int = 200, follow: bool = True) -> Page:
        """Post raw `values`."""
        response = self.client.post(path, data=values, follow_redirects=follow)
        return self._page(response, path, expect)

    def submit(
        self,
        page: Page,
        *,
        having: str = "",
        action: str = "",
        button: str = "",
        expect: int = 200,
        follow: bool = True,
        **values: Any,
    ) -> Page:
        """Fill in a form of `page` (what it holds already stays) and send it as a person would."""
        form = page.form(having=having or next(iter(values), ""), action=action)
        unknown = set(values) - form.names
        assert not unknown, f"no field called {unknown} on {page.path}"
        sent = {**form.values, **{k: v for k, v in values.items() if v is not None}}
        for name, value, label in form.buttons:
            if name and (button in (value, label) if button else name not in sent):
                sent[name] = value
                break
        target = urljoin(page.path, form.action) if form.action else page.path
        if form.method == "get":
            return self._page(self.client.get(target, query_string=sent, follow_redirects=follow), target, expect)
        response = self.client.post(target, data=sent, follow_redirects=follow)
        return self._page(response, target, expect)

    def _page(self, response: TestResponse, path: str, expect: int) -> Page:
        where = response.request.path + (
            f"?{response.request.query_string.decode()}" if response.request.query_string else ""
        )
        page = Page(response, where or path)
        if (response.mimetype or "") == "text/html" and response.status_code not in {301, 302, 303}:
            page.tree = page.parsed()
            page.forms = [_read_form(e) for e in page.tree.iter(f"{_NS}form")]
        assert response.status_code == expect, f"{path} answered {response.status_code}: {page.text[:600]}"
        if page.tree is not None:
            check_page(page)
        return page


def _read_form(element: Element) -> Form:
    values: dict[str, Any] = {}
    names: set[str] = set()
    buttons = []
    for e in element.iter():
        tag, name = str(e.tag).removeprefix(_NS), e.get("name", "")
        if tag == "button":
            buttons.append((name, e.get("value", ""), " ".join("".join(e.itertext()).split())))
            if name:
                names.add(name)
        elif name and tag in {"input", "select", "textarea"}:
            names.add(name)
            _read_value(e, tag, name, values)
    return Form(
        urlsplit(element.get("action", "")).geturl(), element.get("method", "get").lower(), values, names, buttons
    )


def _read_value(e: Element, tag: str, name: str, values: dict[str, Any]) -> None:
    kind = e.get("type", "text")
    if tag == "textarea":
        values[name] = "".join(e.itertext()).removeprefix("\n")
    elif tag == "select":
        options = list(e.iter(f"{_NS}option"))
        chosen = [o for o in options if o.get("selected") is not None] or options[:1]
        values[name] = (chosen[0].get("value") or "") if chosen else ""
    elif kind in {"checkbox", "radio"}:
        if e.get("checked") is not None:
            value = e.get("value", "on")
            values[name] = [*values.get(name, []), value] if kind == "checkbox" else value
    elif kind not in {"submit", "file", "image", "reset"}:
        values[name] = e.get("value", "")


def is_named(name: str, text: str) -> bool:
    """Whether a name stands there as a word; something random may hold the same letters."""
    return re.search(rf"\b{re.escape(name)}\b", text) is not None


def check_page(page: Page) -> None:
    """What holds for every page: one heading that begins the title, labels, unique ids, CSRF in every POST form."""
    assert page.tree is not None
    where = page.path
    headings = list(page.tree.iter(f"{_NS}h1"))
    assert len(headings) == 1, f"{where}: {len(headings)} h1"
    assert page.title.startswith(page.heading), f"{where}: title {page.title!r} does not begin with {page.heading!r}"
    ids = [e.get("id") for e in page.tree.iter() if e.get("id")]
    assert len(ids) == len(set(ids)), f"{where}: repeated ids {sorted({i for i in ids if ids.count(i) > 1})}"
    labelled = {e.get("for") for e in page.tree.iter(f"{_NS}label")}
    inside = {id(e) for label in page.tree.iter(f"{_NS}label") for e in label.iter()}
    for e in page.tree.iter():
        tag = str(e.tag).removeprefix(_NS)
        if tag in {"input", "select", "textarea"} and e.get("type") not in {"hidden", "submit"}:
            has_name = e.get("id") in labelled or id(e) in inside or e.get("aria-label") or e.get("aria-labelledby")
            assert has_name, f"{where}: a field without a label: {e.get('name')}"
        assert e.get("style") is None, f"{where}: inline style on {tag}"
    for form in page.forms:
        # A mail program unsubscribes by the same address without a token, so the page's own forms need none.
        if form.method == "post" and not form.action.startswith("/unsubscribe/"):
            assert "csrf_token" in form.names, f"{where}: a POST form without CSRF token ({form.action})"
    for described in (e.get("aria-describedby") for e in page.tree.iter()):
        for one in (described or "").split():
            assert one in ids, f"{where}: aria-describedby names {one}, which is not there"
