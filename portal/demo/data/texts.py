"""The texts of the demo's updates; every figure in them is one of an opening's."""

from portal.demo.data import openings
from portal.openings.rules import pay_in_words

_ROLES = tuple(written.content for written in openings.OF_THE_IMPORT.values())
_RANGES = "\n".join(f"| {one.title} | {pay_in_words(one.pay)} |" for one in _ROLES)
_TITLES = "\n".join(f"- {one.title}" for one in _ROLES)
SUCCESS = next(one for one in _ROLES if one.title == "Customer Success Manager")
SUCCESS_PAY = pay_in_words(SUCCESS.pay)

FIRST_TALK = """A first talk is with me or with Omar. It lasts about half an hour, and nobody decides anything in \
it alone. Here is what to expect, so that you can sleep the night before.

## What we ask

- What you do on an ordinary day, and what you would like to do less of
- One thing that went wrong, and what you changed afterwards
- What you need from us: hours, place, quiet, captions, an interpreter

There are no riddles, and nobody watches you write code. If you need a minute to think, take it. I write notes \
while you speak, so I may look away: I am still listening.

## What to ask us

Ask what is hard about the role. It stands on the page of every opening, and it is the part I like to talk about \
most. Ask who left the team last, and why. Ask about pay: the range is on the page, and we keep to it.

If video is difficult for you, say so when you answer. We can call, or write."""

THURSDAY = """On Thursdays we show each other what we have, finished or not. This is last Thursday, as it was.

**Nine o'clock.** The morning peak of the clinics is over. Somebody reads out what the graphs did, the dull parts \
too. One queue had not emptied by itself, so two people leave for it and the rest go on.

**Eleven.** Show and tell. We saw a calendar that can be read aloud, a chart that turned out to be wrong, and half \
of a new form. The half was the most useful: we learned what nobody would ever fill in.

**One.** Soup. Nobody eats at a desk. It is the one rule I insist on.

**Three.** The queue again. It was our own retry, which tried too eagerly. We wrote down what happened, and what to \
look at first the next time.

**Half past four.** I went home. So did everybody else, apart from the person on call, who had nothing to do."""

BEHIND = """You would report to me, so you should hear from me what this work is like before you decide anything.

**The good part.** You can see what you change. When a booking page gets quicker, a receptionist somewhere notices \
before our graphs do, and tells us.

**The hard part.** Half of the code is old and has no tests where you want them most. Clinics cannot stop for us, \
so every change happens while people work. Some weeks you read much more than you write. That is not a phase that \
will be over by summer.

**What I look for.** Somebody who was there when a thing broke, and who can tell the story without blaming anybody \
in it. I care less about the language you wrote it in.

**What I do.** I read every application myself. I keep meetings out of the mornings. I am on call as often as \
everybody else.

If you want to know how we think about changes under load, read the chapter on [locks in the PostgreSQL \
manual](https://www.postgresql.org/docs/current/explicit-locking.html). It is better written than most novels about \
computers."""

PAY = f"""Guessing helps nobody, so here is the range of every role that is open to everybody now. It is the same \
range that stands on the page of each opening.

| Role | Pay |
|---|---|
{_RANGES}

All amounts are before tax.

## Where in the range you begin

Two people of the team place you by what you have done before, not by what you earn today. We do not ask what you \
earn. If the two disagree, the higher one counts.

## What we do not do

- We do not pay more to whoever asks louder.
- We do not pay less because somebody lives where rents are lower.
- We do not move a range while applications for it are open.

If a range seems wrong to you, reply and tell me what you know. I would rather hear it from you than from the \
person who turned us down."""

MOVING = """In spring we move: one street further, two floors lower, and with a door that a wheelchair can get \
through without anybody's help. The meeting rooms will have windows.

For those who work from home nothing changes, apart from the address to which you send back a broken laptop. For \
those who come in: the tram stop is the same, and the soup place is now downstairs.

I will post pictures when there is more to see than boxes, and open the doors for an evening as soon as we have \
chairs."""

OLD_CODE = """Every team has code that nobody wants to touch. Ours does, too. These habits made it less \
frightening. Take what you like.

1. **Run it before you read it.** Put in one booking, and watch where it goes.
2. **Write down questions, not judgements.** “Why is this sorted twice” ages better than “this is a mess”.
3. **Ask the oldest user.** A receptionist knows why a field is there when no engineer does.
4. **Pin it before you move it.** One test that says what it does today, right or wrong.
5. **Change one thing a day.** Small enough that you can take it back before lunch.

What did not help was to begin again. We tried it once, and in the end we had two systems that nobody wanted to \
touch.

If you like books: *Working Effectively with Legacy Code* by Michael Feathers is the one we lend out."""

EVENING = """Two short talks, something warm to eat, and a lot of time to ask.

- **18:00** Doors and soup
- **18:30** Hugo: *What a queue owes its readers*
- **19:10** Lena: *Numbers for people who fear numbers*
- **19:45** Questions, and then home

This is not an interview. Nobody notes who said what, and nothing you ask finds its way into an application.

There are no steps on the way in, there is a hearing loop, and both talks have captions. If you would like to come \
by video, reply and I send you the link. If you need something else to be able to come, tell me, and I will see to \
it.

The room holds those who reply first. The video has room for everybody."""

LAST_TWO = """*Silas wrote this for other members, and I have changed nothing but commas. He can take it back at \
any time. Rita*

I got to the last step for a backend role here, and somebody else was chosen. I would like to tell those of you who \
are in the middle of it what that was like.

**What I would do again** is to say what I do not know. In the last talk I was asked about hospital integrations, \
and I have never run one. I said so in my first sentence. It may have cost me the role. The other way round I would \
have had a bad first year.

**What I would do differently** is to ask earlier what the team misses most. It stood on the page, under what is \
hard about the role. I had read that part as decoration.

**What I do now:** an hour every Friday, a colleague and I read the [overview of \
FHIR](https://hl7.org/fhir/overview.html). It is drier than it sounds, and then suddenly it is not.

If you are waiting for a letter: I slept badly, too. Go for a walk."""

CALENDAR = """You read this because you told us that you build backends, and that you would work in Warsaw or from \
home. It is more technical than what we usually send.

We are moving the calendar of the clinics to a new data model, a few clinics at a time. Three things we got wrong:

- **We trusted time zones to be boring.** Two clinics share a nurse across a border, and their clocks differ. An \
appointment now keeps the zone in which it was made. The [notes on this in Python's \
manual](https://docs.python.org/3/library/zoneinfo.html) are short and good.
- **We moved the large clinics first**, to have it behind us. Small ones find the odd cases for the price of one \
telephone call.
- **We wrote the way back last.** It belongs first, while you are calm.

There is more to do than we have hands for. Nothing is decided about a second role, so this is no job \
advertisement. If you have made such a move, I would like to hear what went wrong. Reply here: I read it myself."""

HIRING = f"""These roles are open to everybody now:

{_TITLES}

Each page says what the work is, what it pays, what is hard about it, and by when we mean to decide.

## After you apply

- **At once** you get a receipt, with a link to a page of your own.
- **Then a person writes to you.** You know their name from that day on.
- **Every time we write** we say by when you hear from us next. When we are late, the page says so before you have \
to ask.
- **Whatever we decide**, you get an answer from a person, with a reason.

We are not always as quick as we would like to be. When many people apply at once, the reading takes longer. Then \
we tell you a later day, and why.

If nothing here fits, you need not apply to stay in touch. Tell us what you look for, and as a member you hear of a \
role that fits before everybody does."""

AHEAD = """When you have an interview with us, you get the questions two working days before.

Some people think best on their feet, and some do not. The work itself almost never asks for an answer within ten \
seconds, so the interview should not, either. It also helps everybody who reads with a screen reader, who speaks \
English as a third language, or who has small children and no quiet evening.

What stays the same:

- We still ask what you mean, and what you would do if it went wrong.
- You can bring notes. We do, too.
- If you would rather not see the questions before, say so.

If you have been to an interview with us and it was not like that, reply and tell me."""

RELIABILITY = """Notes, not finished. Rita, please do not publish.

- What a quiet week looks like, and what an alarm at four looks like
- Who is on call with you in the first three months (never alone)
- The graphs we are ashamed of

I still want to ask the team whether I may show the one from November."""
