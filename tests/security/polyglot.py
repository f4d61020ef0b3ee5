"""One text that means something in every language we write, put in everywhere, and looked for everywhere."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element, fromstring

from icalendar import Calendar
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core.db import end_reading, session
from portal.outbox.models import Delivery, DevMail
from tests.applications.cvs import PDF
from tests.ats.exports import row, run, write_file
from tests.outbox.incoming import arrive, report, return_path, written
from tests.pages import Page
from tests.reading import read_page
from tests.whole_site.routes import routes
from tests.whole_site.world import World

#: Short enough for every field: a formula, the end of an attribute, an element that nobody has, a template.
SHORT = "=zqx\"'><zqx onzqx=1>zqx{{7*7}}zqx"
#: A link, for fields that take nothing else; and everything that fits into long ones.
LINK = "https://zqx.example/\"'><zqx onzqx=1>{{7*7}}"
LONG = (
    "javascript:zqx()//\u202e'\"`><zqx onzqx=zqx()></title></textarea></script><!--]]><svg/onzqx=1>zqx{{7*7}}zqx "
    'zqx${7*7}[zqx](javascript:zqx()) ![zqx](x"onzqx=1) <javascript:zqx()> %0d%0aX-Zqx: 1 &lt;zqx&gt; &#60;zqx> '
    "' OR 1=1; --"
)
_EVALUATED = "zqx49zqx"
_HEADERS = frozenset(
    "Message-ID Date From To Reply-To Subject List-Unsubscribe List-Unsubscribe-Post Auto-Submitted".split()
)
_LEADS = ("href", "src", "action", "formaction", "poster", "data", "srcset", "background", "xlink:href")
_RUNS = re.compile(r"\s*(?:javascript|vbscript|data:(?!image/))", re.IGNORECASE)
#: Files, and what stands in frames with its own headers.
_LEFT_OUT = ("/static/", "/dev/", "/pictures/")


def put_in(world: World, text: str, folder: Path) -> None:
    """By what is no field: a file that is imported, the name of a file, a letter, a report of a mail server."""
    one = row(name=text, job=f"{text} job", stage=text, reason=text, channel=text, tags=text, id="zqx-1", job_id="zqx")
    run(
        write_file(folder, [{**one, "Email": "zqx@example.org"}]),
        source="zqx",
        told=True,
        owner_email="rita@example.org",
    )
    for who in ("ada", "rita", "admin"):
        _upload_everywhere(world, who, text)
    end_reading()
    key = session().scalars(select(Delivery.key).limit(1)).one()
    end_reading()
    arrive(written(text, subject=text.replace("\n", " "), sender="zqx@example.net", files=(f"{text[:20]}.pdf",)))
    arrive(report(return_path(key), status="5.2.2", words=text))


def _upload_everywhere(world: World, who: str, text: str) -> None:
    """Send files with this text as their name in every form that takes some: a table that holds it, a CV, a picture."""
    client = world.browsers[who].client
    for rule in routes(world.app, "GET"):
        answer = client.get(world.url(rule))
        if 'type="file"' not in answer.get_data(as_text=True) or answer.status_code != 200:
            continue
        page = Page.of(answer)
        for form in page.forms:
            for name in form.names & {"file", "cv", "picture", "logo"}:
                for content in (f"Email,Name,Job\nzqy@example.org,{text.replace(',', ';')},x\n".encode(), PDF):
                    sent = {**form.values, name: (io.BytesIO(content), f"{text}.csv")}
                    answer = client.post(form.action or page.path, data=sent)
                    assert answer.status_code < 500


def crawl(world: World, who: str, most: int) -> tuple[int, list[str]]:
    """Look at every page of this person, then at what they lead to, `most` in all.

    How many held the text, and what is wrong in any.
    """
    client = world.browsers[who].client
    waiting = [world.url(rule) for rule in routes(world.app, "GET")]
    seen, shown, met, wrong = set[str](), 0, 0, list[str]()
    while waiting and shown < most:
        url = waiting.pop(0)
        if url in seen or url.startswith(_LEFT_OUT):
            continue
        seen.add(url)
        answer = client.get(url)
        shown += answer.status_code == 200
        met += "zqx" in answer.get_data(as_text=True)
        wrong += [f"{who} {url}: {line}" for line in wrong_in(answer)]
        if answer.mimetype == "text/html" and answer.status_code == 200:
            waiting += [one for one in _links(answer, url) if one not in seen]
    return met, wrong


def _links(answer: TestResponse, url: str) -> Iterator[str]:
    for one in read_page(answer.text.replace("<wbr>", "")).iter():
        target = urljoin(url, one.get("href", "")).partition("#")[0]
        parts = urlsplit(target)
        # What comes behind the question mark leads to the same pages in another order.
        if one.get("href") and not parts.netloc and not parts.query and parts.path.startswith("/"):
            yield target


def wrong_in(answer: TestResponse) -> list[str]:
    """What of the text has become something else in an answer, whatever kind of document it is."""
    text = answer.get_data(as_text=True)
    found = [f"header {name}" for name, value in answer.headers if "zqx" in name.lower() or {"\r", "\n"} & set(value)]
    if _EVALUATED in text:
        found.append("a template ran")
    reader = {
        "text/html": wrong_in_html,
        "text/csv": wrong_in_table,
        "application/atom+xml": wrong_in_xml,
        "application/xml": wrong_in_xml,
        "text/calendar": wrong_in_calendar,
        "application/json": lambda one: json.loads(one) and [],
    }.get(answer.mimetype or "")
    return found + (reader(text) if reader else [])


def wrong_in_html(text: str) -> list[str]:
    """Elements and attributes that came from the text, and links that run something."""
    tree = read_page(text.replace("<wbr>", ""))
    found = [line for one in tree.iter() for line in _wrong_in_element(one)]
    for one in tree.iter("{http://www.w3.org/1999/xhtml}script"):
        if one.get("type") == "application/ld+json":
            json.loads("".join(one.itertext()))
        elif "zqx" in "".join(one.itertext()):
            found.append("in a script")
    return found


def _wrong_in_element(one: Element) -> Iterator[str]:
    if "zqx" in str(one.tag).lower():
        yield f"element {one.tag}"
    for name, value in one.attrib.items():
        if "zqx" in name.lower() or name.lower().startswith("on") or (name == "style" and "zqx" in value):
            yield f"attribute {name} of {one.tag}"
        if name in _LEADS and _RUNS.match(value):
            yield f"{name} runs {value[:30]}"


def wrong_in_table(text: str) -> list[str]:
    """Cells that a spreadsheet would take for a formula."""
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    return [cell for cells in rows for cell in cells if cell.strip().startswith(("=", "+", "-", "@")) and "zqx" in cell]


def wrong_in_xml(text: str) -> list[str]:
    """Elements and attributes that came from the text; content that is HTML is read as such."""
    found = []
    for one in fromstring(text).iter():
        found += list(_wrong_in_element(one))
        if one.get("type") == "html":
            found += wrong_in_html(f"<!doctype html><html><head><title>x</title></head><body>{one.text}</body></html>")
    return found


def wrong_in_calendar(text: str) -> list[str]:
    """Lines that are too long, and properties that came from the text."""
    found = [line for line in text.split("\r\n") if len(line.encode()) > 75 or "\n" in line]
    return found + [name for one in Calendar.from_ical(text).walk() for name in one if "zqx" in name.lower()]


def wrong_in_mails() -> tuple[int, list[str]]:
    """How many messages hold the text, and what of it has become something else in their headers and bodies."""
    end_reading()
    met, wrong = 0, list[str]()
    for mail in session().scalars(select(Delivery)):
        if not mail.html:
            continue
        met += "zqx" in mail.html + mail.subject
        found = wrong_in_html(mail.html)
        found += ["a template ran"] if _EVALUATED in mail.html + mail.text + mail.subject else []
        found += ["a line break in the head"] if {"\r", "\n"} & set(mail.subject + mail.to_name + mail.reply_to) else []
        wrong += [f"{mail.kind}: {line}" for line in found]
    for sent in session().scalars(select(DevMail)):
        wrong += [f"{sent.kind}: header {name}" for name in sent.headers if name not in _HEADERS]
    return met, wrong
