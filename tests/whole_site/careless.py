"""Views and gates as somebody may write them in a hurry: each breaks one rule that a guard over the routes keeps."""

from flask import Response, abort, redirect
from sqlalchemy import select, update
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.models import DeviceSession
from portal.applications.queries import StaffScope, find_application_of, find_followed, find_for_staff
from portal.community.actions import join
from portal.core import clock
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.core.permissions import Role
from portal.people.actions import change_profile
from portal.people.models import Person
from portal.web.audiences import open_to_followers
from portal.web.identity import identity, maybe_identity


@open_to_followers
def show_to_anybody(public_id: str) -> str:
    """Nobody asked whether this browser follows the application."""
    view = find_followed(public_id)
    return view.opening_title if view else abort(404)


def show_to_all_staff(public_id: str) -> str:
    """Nobody asked whose opening it is."""
    view = find_for_staff(public_id, StaffScope(identity().person_id, Role.ADMIN))
    return view.opening_title if view else abort(404)


def forbid(public_id: str) -> str:
    """Says that there is something which one may not see."""
    me = identity()
    view = find_for_staff(public_id, StaffScope(me.person_id, me.role))
    return view.opening_title if view else abort(403)


def show_what_staff_see(public_id: str) -> str:
    """The candidate's own application, with the source's words in it."""
    me = identity()
    if find_application_of(me.person_id, public_id) is None:
        raise NotFound
    return str(find_for_staff(public_id, StaffScope(0, Role.ADMIN)))


def show_person(public_id: str) -> str:
    """Relies on its gate."""
    return session().scalars(select(Person.name).where(Person.public_id == public_id)).one()


def send_strangers_home() -> AnyResponse | None:
    """A gate after which nobody can sign in and come back."""
    return None if maybe_identity() else redirect("/", 303)


def end_device(public_id: str) -> AnyResponse:
    """Nobody asked whose device it is."""
    with transaction() as own:
        own.execute(update(DeviceSession).where(DeviceSession.public_id == public_id).values(ended_at=clock.now()))
    return redirect("/me/account", 303)


def end_device_and_ask_later(public_id: str) -> AnyResponse:
    """Answers as it should, after the harm."""
    end_device(public_id)
    raise NotFound


def join_at_once() -> str:
    """Harmless, unless no token is asked for."""
    join(identity().person_id, [], clock.now())
    return "Welcome!"


def join_and_complain() -> str:
    """Answers as if it had refused."""
    join_at_once()
    abort(400)


def remember_the_clock() -> str:
    """A GET that changes something through its action."""
    me = identity()
    change_profile(me.person_id, name=me.name, locale=me.locale, timezone="Asia/Tokyo", actor_id=None, now=clock.now())
    return "Good morning!"


def remember_the_visit() -> str:
    """A GET that writes by itself, whoever asks."""
    with transaction() as own:
        own.execute(update(Person).values(phone="has looked"))
    return "Good morning!"


def bring_own_policy() -> Response:
    """Lets every other site's scripts in."""
    return Response("Hello", headers={"Content-Security-Policy": "default-src *"})


def leave_open_cookie() -> Response:
    """Scripts can read this cookie."""
    answer = Response("Hello")
    answer.set_cookie("seen", "1", samesite="Lax")
    return answer


def let_browsers_keep_it(answer: Response) -> Response:
    """What comes after every request; the next person at this computer goes back and reads it."""
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer
