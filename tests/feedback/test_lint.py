"""What the linter finds in feedback, and what it leaves alone: a hundred sentences both ways, and what always holds."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.feedback.adapters import DATA, shipped_phrases
from portal.feedback.rules.lint import GROUP_LABELS, INSTEAD, WHY, Group, Kind, lint, phrases_from

pytestmark = pytest.mark.only("sqlite", reason="nothing here reads the database")

FOUND = {
    # Comparisons.
    "Other candidates had more experience with Spark.": Group.COMPARISON,
    "Another applicant knew the tool already.": Group.COMPARISON,
    "Most candidates finished the task in an hour.": Group.COMPARISON,
    "We chose a stronger candidate.": Group.COMPARISON,
    "Your answer was slower than others.": Group.COMPARISON,
    "You knew less SQL than the other people we met.": Group.COMPARISON,
    "Compared with the other people, you spoke little.": Group.COMPARISON,
    "The person we hired has run such a team.": Group.COMPARISON,
    "We have chosen somebody who lives closer.": Group.COMPARISON,
    "We went with someone from the industry.": Group.COMPARISON,
    "Others were quicker at the whiteboard.": Group.COMPARISON,
    "You were ranked fourth.": Group.COMPARISON,
    "You were our runner-up.": Group.COMPARISON,
    "The competition was strong.": Group.COMPARISON,
    "You did not stand out from the field.": Group.COMPARISON,
    # What nobody may be judged by.
    "You may be too young for this team.": Group.AGE,
    "At your age, people rarely change.": Group.AGE,
    "We look for somebody younger, and younger people learn fast.": Group.AGE,
    "You are already fifty years old.": Group.AGE,
    "The team are digital natives.": Group.AGE,
    "A woman would find this hard.": Group.SEX,
    "We hoped for a male colleague.": Group.SEX,
    "You came across as bossy.": Group.SEX,
    "With small children, travel is hard.": Group.FAMILY,
    "As a mother you need more flexibility.": Group.FAMILY,
    "Your parental leave would come at a bad time.": Group.FAMILY,
    "You said that you are pregnant.": Group.FAMILY,
    "You are married and would have to move.": Group.FAMILY,
    "Your religion forbids work on Saturdays.": Group.RELIGION,
    "A headscarf is unusual in our shops.": Group.RELIGION,
    "You would miss the prayers.": Group.RELIGION,
    "Your accent was hard to follow.": Group.ORIGIN,
    "We need a native speaker.": Group.ORIGIN,
    "Nobody could pronounce your name.": Group.ORIGIN,
    "In your country this is done in another way.": Group.ORIGIN,
    "Your nationality makes this slow.": Group.ORIGIN,
    "Your illness may come back.": Group.HEALTH,
    "The stairs are no place for a wheelchair.": Group.HEALTH,
    "You told us of your depression and anxiety.": Group.HEALTH,
    "Your autism made the talk difficult.": Group.HEALTH,
    "You stuttered when we asked about money.": Group.HEALTH,
    "As a gay man you may feel alone here.": Group.ORIENTATION,
    "You were in a union before.": Group.UNION,
    "Your political views came up.": Group.UNION,
    "Your clothes were not what we expect.": Group.LOOKS,
    "The tattoos on your arm put people off.": Group.LOOKS,
    # Praise without a reason, our own words, what hurts, promises.
    "Great job.": Group.VAGUE,
    "You are a strong candidate.": Group.VAGUE,
    "Your portfolio is impressive.": Group.VAGUE,
    "You did really well.": Group.VAGUE,
    "Well done, keep it up.": Group.VAGUE,
    "You are not a culture fit.": Group.JARGON,
    "You were over-qualified.": Group.JARGON,
    "This team needs a rockstar.": Group.JARGON,
    "You would not raise the bar.": Group.JARGON,
    "There is a gap in your CV.": Group.JARGON,
    "You are too junior.": Group.JARGON,
    "You lacked confidence.": Group.HURTFUL,
    "Your attitude was a problem.": Group.HURTFUL,
    "Unfortunately the task was not finished.": Group.HURTFUL,
    "You should have known this.": Group.HURTFUL,
    "You seemed too nervous.": Group.HURTFUL,
    "The presentation was boring.": Group.HURTFUL,
    "We will call you when a position opens.": Group.PROMISE,
    "We will keep your CV on file.": Group.PROMISE,
    "Next time you will make it.": Group.PROMISE,
    "You would almost have been hired: you nearly got the job.": Group.PROMISE,
    "I promise that you hear from us.": Group.PROMISE,
    "You are first in line.": Group.PROMISE,
}

LEFT_ALONE = [
    "You wrote a Java agent that traces each call.",
    "You manage memory well: pages are freed at the right time.",
    "You found the race condition in the queue.",
    "A child process was left running after the test.",
    "You set the foreign key, and the parent class stayed small.",
    "The font family and the accent colour come from the tokens.",
    "You spoke about the man page of rsync.",
    "The man-in-the-middle attack was new to you.",
    "You estimated twelve man-days.",
    "You ran a double-blind test of both prices.",
    "The union of both sets was the right answer.",
    "We asked about the ill-defined part of the task.",
    "You handled the seriously ill patient calmly.",
    "You sorted the older version out.",
    "You picked the release candidates by hand.",
    "You compared two databases and said which one you would take.",
    "Your second query is faster than the first.",
    "It was less clear than your drawing.",
    "You chose another index, and said why.",
    "You asked whom the figures are for before you counted.",
    "Your drawing showed where the money is lost.",
    "We missed what you did when the release failed.",
    "The opening asks for three years with SQL, and you named one.",
    "Try telling one story from beginning to end.",
    "You explained the method very well to somebody who does not know it.",
    "You listened, and asked twice when something was unclear.",
    "You named the ages of the caches.",
    "The library is five years old, and you knew its history.",
    "Your plan for the outage had an owner and a time for each step.",
    "The agency that you worked for used the same tool.",
    "You prefer to work alone, and this team works in pairs all day.",
    "You managed a package of tests for the gateway.",
    "The image was processed on the server.",
    "You wrote the message in plain words.",
    "Your chart had no axis, so nobody could say how much it was.",
    "You made a promise to the customer and kept it.",
    "You chained the promises and forgot one await.",
    "You guaranteed at-least-once delivery.",
    "When we asked about the budget, we heard a figure and no reason for it.",
    "You may apply again at any time.",
    "Read the second chapter: it is about estimates.",
    "You told us how you train new colleagues.",
    "You worked with others on the handover.",
    "You named the top three risks.",
    "In the exercise you left the error without a handler.",
    "You calculated the weighted mean by hand.",
    "Your examples of conflict were from your first job.",
    "You set up the church-encoding of numerals, which nobody asked for: Church numerals are fun.",
    "The region in Africa that you served is not one of ours.",
    "The black-box test found the leak.",
    "The white paper you wrote is what we talked about.",
    "You designed the search so that it ranks the newest first.",
    "You gave the family of functions one name.",
    "The product is young, and you said what that means for support.",
    "You found a blind spot in our alerts.",
    "You cleaned the data of the last quarter.",
    "Your handwriting exercise for the label was read by everyone.",
    "You disabled the cache and measured again.",
    "The health check failed, and you said so at once.",
    "You drew the sickle on the map correctly.",
    "You separated the raw data from the marts.",
    "You spent ten minutes on the introduction, so the end was missing.",
    "You showed the nurse on duty what had changed.",
    "You reached for the chart before the question was clear.",
    "Your tone with the caller was calm, and you said their worry back to them.",
    "We would have liked to hear how you measured the gain.",
    "You speak of the team, and we could not see which part was yours.",
    "The mailing you wrote had one clear next step.",
    "You knew the tariff and the exceptions.",
    "Practise saying what you do not know.",
]


@pytest.mark.parametrize(("sentence", "group"), FOUND.items())
def test_what_hurts_is_found_and_named(sentence: str, group: Group) -> None:
    assert group in {one.group for one in lint({"strong": sentence}, shipped_phrases())}


@pytest.mark.parametrize("sentence", LEFT_ALONE)
def test_what_harms_nobody_is_left_alone(sentence: str) -> None:
    assert lint({"strong": sentence}, shipped_phrases()) == []


def test_a_finding_says_where_it_stands_and_in_which_part() -> None:
    texts = {"strong": "You asked first.", "try_this": "Be quicker than others, please."}
    (found,) = lint(texts, shipped_phrases())
    assert (found.field, found.words, found.kind) == ("try_this", "than others", Kind.COMPARISON)
    assert texts["try_this"][found.start : found.end] == "than others"


def test_only_comparisons_and_protected_characteristics_need_a_reason() -> None:
    said = "Great job. You are not a culture fit. We will call you."
    assert not any(one.needs_reason for one in lint({"strong": said}, shipped_phrases()))
    said = "Other candidates are younger people."
    assert all(one.needs_reason for one in lint({"strong": said}, shipped_phrases()))


def test_nothing_goes_from_one_sentence_to_the_next() -> None:
    assert lint({"strong": "You were never late, and less so than planned. Others read it."}, shipped_phrases()) == []
    assert lint({"strong": "We asked why you chose.\nSomebody opened the door."}, shipped_phrases()) == []


def test_small_and_large_letters_hyphens_and_printed_apostrophes_are_alike() -> None:
    for said in ("NOT A CULTURE-FIT", "not a culture fit", "Culture Fit"):
        assert [one.group for one in lint({"strong": said}, shipped_phrases())] == [Group.JARGON]
    assert lint({"strong": "We’ll call you"}, shipped_phrases()) != []


def test_every_list_says_why_and_what_to_write_instead() -> None:
    assert set(WHY) == set(INSTEAD) == set(GROUP_LABELS) == set(Group)


def test_every_phrase_of_the_list_can_be_read_and_no_line_stands_twice() -> None:
    with (DATA / "lint_en.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len({(row["group"], row["phrase"]) for row in rows}) == len(rows)
    assert {row["group"] for row in rows} == set(Group)
    for row in rows:
        first = " ".join(choice.split("|")[0].removesuffix("*") for choice in row["phrase"].split() if choice != "~")
        alone = phrases_from([{**row, "unless": ""}])
        assert lint({"strong": first}, alone), row


@pytest.mark.parametrize("phrase", ["", "~ word", "word ~", "*", "a||b"])
def test_a_line_that_nobody_can_read_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match=r"word"):
        phrases_from([{"group": "age", "phrase": phrase, "unless": ""}])


@given(st.text(max_size=300))
def test_any_text_is_read_and_each_finding_stands_in_it(text: str) -> None:
    found = lint({"missing": text}, shipped_phrases())
    assert all(text[one.start : one.end] == one.words and one.words for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)


@given(st.sampled_from(sorted(FOUND)), st.sampled_from(LEFT_ALONE), st.sampled_from(LEFT_ALONE))
def test_what_stands_around_a_sentence_hides_nothing_in_it(sentence: str, before: str, after: str) -> None:
    alone = {one.words for one in lint({"strong": sentence}, shipped_phrases())}
    among = {one.words for one in lint({"strong": f"{before} {sentence} {after}"}, shipped_phrases())}
    assert among == alone
