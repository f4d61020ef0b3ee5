"""What another system says becomes what a candidate reads, never by a guess."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.applications.states import ENDINGS, OPEN_STATUSES, STEPS, ApplicationStatus
from portal.ats.rules import (
    StatusRead,
    candidate_status,
    normalise_label,
    own_status,
    read_status_word,
    suggest_status,
)
from portal.ats.states import StatusWord

S = ApplicationStatus
STAGES = {normalise_label("Technical Interview"): S.INTERVIEWING, normalise_label("Offer"): S.OFFER_MADE}
REASONS = {
    normalise_label("Position closed"): S.OPENING_CANCELLED,
    normalise_label("Withdrew - another offer"): S.WITHDRAWN,
    normalise_label("On hold"): S.DECISION_PENDING,
}


def greenhouse(stage: str, status: str, reason: str = "") -> StatusRead:
    return candidate_status(stage, read_status_word(status), reason, STAGES, REASONS, has_status_column=True)


def lever(stage: str, reason: str) -> StatusRead:
    return candidate_status(stage, None, reason, STAGES, REASONS, has_status_column=False)


def test_the_ten_statuses_are_open_or_endings() -> None:
    assert len(S) == 10
    assert set(STEPS) == OPEN_STATUSES
    assert set(S) == OPEN_STATUSES | ENDINGS
    assert not OPEN_STATUSES & ENDINGS


@pytest.mark.parametrize(
    ("text", "word"),
    [
        *((text, StatusWord.ACTIVE) for text in ("Active", "ACTIVE", " active ", "Open", "In progress", "In-Review")),
        *((text, StatusWord.REJECTED) for text in ("Rejected", "Disqualified", "Archived", "Not selected")),
        *((text, StatusWord.HIRED) for text in ("Hired", "hired!", "Offer accepted")),
        *((text, StatusWord.WITHDRAWN) for text in ("Withdrawn", "Withdrew", "Withdrawn by candidate")),
        *((text, StatusWord.OFFER_DECLINED) for text in ("Offer declined", "Offer Rejected", "declined_offer")),
        *((text, StatusWord.CANCELLED) for text in ("Cancelled", "Canceled", "Position closed")),
        *((text, None) for text in ("", "  ", "Frobnicated", "???", "7", "Yes")),
    ],
)
def test_status_words_are_known_by_many_names(text: str, word: StatusWord | None) -> None:
    assert read_status_word(text) is word


_ELSEWHERE = {
    StatusWord.REJECTED: "Absage, ABGESAGT, abgelehnt, rejeté(e), Rejeté·e·s, refusé, Candidat non retenu, odrzucony, "
    "odrzucona, rejetée, refusés, respinta, respinti, afgewezen, rechazado/a, "
    "descartado, respinto, Scartata, rejeitado, nie zakwalifikowany",
    StatusWord.HIRED: "eingestellt, embauché(e), embauchée, zatrudniony/a, aangenomen, contratado, assunto, Assunta",
    StatusWord.WITHDRAWN: "zurückgezogen, Zurueckgezogen, ZURUCKGEZOGEN, Bewerber:in hat abgesagt, désisté, "
    "wycofał się, teruggetrokken, retirado, ritirato, désistement",
    StatusWord.OFFER_DECLINED: "Angebot abgelehnt, offre refusée, oferta odrzucona, aanbod afgewezen, oferta rechazada",
    StatusWord.CANCELLED: "Stelle gestrichen, poste annulé, vacature ingetrokken, posizione chiusa, vacante cerrada",
    StatusWord.ACTIVE: "offen, en cours, w toku, in behandeling, en proceso, in corso",
}


@pytest.mark.parametrize(("word", "texts"), _ELSEWHERE.items())
def test_status_words_are_known_in_the_languages_of_europe(word: StatusWord, texts: str) -> None:
    assert {text: read_status_word(text) for text in texts.split(", ")} == dict.fromkeys(texts.split(", "), word)


@pytest.mark.parametrize(
    ("labels", "status"),
    [
        ("Absage nach Interview, Absage an Bewerber, Refus après entretien, Odrzucony po rozmowie", S.NOT_SELECTED),
        ("Absage durch Bewerberin, Andere Stelle angenommen, Candidature retirée par mail", S.WITHDRAWN),
        ("Zusage, Eingestellt zum 1.3., Embauchée en mars", S.HIRED),
        ("Vorstellungsgespräch 2, Entretien RH, Rozmowa kwalifikacyjna, Gesprek, Colloquio tecnico", S.INTERVIEWING),
        ("in Prüfung, Présélection, W trakcie oceny, Beoordeling, En revisión, In valutazione", S.IN_REVIEW),
        ("Warteliste, En attente, Lista rezerwowa, Zwischenablage", None),
    ],
)
def test_labels_in_other_languages_are_guessed(labels: str, status: S | None) -> None:
    assert {label: suggest_status(label) for label in labels.split(", ")} == dict.fromkeys(labels.split(", "), status)


@pytest.mark.parametrize(
    ("status", "ending"),
    [
        ("Rejected", S.NOT_SELECTED),
        ("Hired", S.HIRED),
        ("Withdrawn", S.WITHDRAWN),
        ("Offer declined", S.OFFER_DECLINED),
        ("Cancelled", S.OPENING_CANCELLED),
    ],
)
@pytest.mark.parametrize("stage", ["", "Offer", "Technical Interview", "ZZ do not use"])
def test_an_explicit_word_ends_it_whatever_the_stage(status: str, ending: S, stage: str) -> None:
    assert greenhouse(stage, status) == StatusRead(ending)


def test_a_mapped_reason_says_how_it_ended() -> None:
    assert greenhouse("Offer", "Rejected", "Position closed") == StatusRead(S.OPENING_CANCELLED)
    assert greenhouse("Offer", "Rejected", "withdrew – ANOTHER offer") == StatusRead(S.WITHDRAWN)
    assert greenhouse("Offer", "Rejected", "Withdrawn") == StatusRead(S.WITHDRAWN)


def test_an_unmapped_reason_keeps_the_words_own_ending_and_is_reported() -> None:
    assert greenhouse("Offer", "Rejected", "culture fit ???") == StatusRead(S.NOT_SELECTED, is_reason_unknown=True)


def test_a_reason_mapped_to_an_open_status_does_not_reopen_what_has_ended() -> None:
    assert greenhouse("Offer", "Rejected", "On hold") == StatusRead(S.NOT_SELECTED)


def test_the_hired_stay_hired_whatever_reason_was_left_behind() -> None:
    assert greenhouse("", "Hired", "Position closed") == StatusRead(S.HIRED)
    assert greenhouse("", "Hired", "anything") == StatusRead(S.HIRED)


def test_active_rows_stand_where_their_stage_is_mapped() -> None:
    assert greenhouse("Technical Interview", "Active") == StatusRead(S.INTERVIEWING)
    assert greenhouse("technical  interview", "Active") == StatusRead(S.INTERVIEWING)
    assert greenhouse("Offer", "") == StatusRead(S.OFFER_MADE)


@pytest.mark.parametrize("status", list(S))
def test_our_own_words_need_no_mapping(status: S) -> None:
    words = status.value.replace("_", " ")
    assert own_status(words.upper()) is status
    assert greenhouse(words.title(), "Active") == StatusRead(status)
    assert lever("", words.capitalize()) == StatusRead(status)


def test_a_mapping_beats_our_own_word() -> None:
    read = candidate_status("Hired", StatusWord.ACTIVE, "", {"hired": S.OFFER_MADE}, {}, has_status_column=True)
    assert read == StatusRead(S.OFFER_MADE)


def test_an_unknown_stage_reads_in_review_and_is_reported_but_an_empty_one_is_not() -> None:
    assert greenhouse("ZZ do not use", "Active") == StatusRead(S.IN_REVIEW, is_stage_unknown=True)
    assert greenhouse("", "Active") == StatusRead(S.IN_REVIEW)
    assert greenhouse("  ", "Active") == StatusRead(S.IN_REVIEW)


def test_a_reason_left_behind_does_not_end_an_active_row() -> None:
    assert greenhouse("Offer", "Active", "Position closed") == StatusRead(S.OFFER_MADE)


def test_with_a_status_column_a_reason_alone_ends_nobody() -> None:
    assert greenhouse("Offer", "", "Position closed") == StatusRead(S.OFFER_MADE, is_reason_unknown=True)
    assert greenhouse("", "Frobnicated", "Position closed") == StatusRead(S.IN_REVIEW, is_reason_unknown=True)


def test_without_a_status_column_the_archive_reason_decides() -> None:
    assert lever("Offer", "Position closed") == StatusRead(S.OPENING_CANCELLED)
    assert lever("Offer", "Hired") == StatusRead(S.HIRED)
    assert lever("Offer", "culture fit ???") == StatusRead(S.IN_REVIEW, is_reason_unknown=True)
    assert lever("Offer", "On hold") == StatusRead(S.DECISION_PENDING)
    assert lever("Offer", "") == StatusRead(S.OFFER_MADE)
    assert lever("Recruiter Screen", "") == StatusRead(S.IN_REVIEW, is_stage_unknown=True)


@pytest.mark.parametrize(
    ("label", "status"),
    [
        ("Technical Interview", S.INTERVIEWING),
        ("Hiring Manager Interview", S.INTERVIEWING),
        ("Preliminary Phone Screen", S.INTERVIEWING),
        ("Recruiter Screen", S.INTERVIEWING),
        ("Take Home Test", S.INTERVIEWING),
        ("Final Round (Panel)", S.INTERVIEWING),
        ("Onsite", S.INTERVIEWING),
        ("Offer", S.OFFER_MADE),
        ("Offer extended", S.OFFER_MADE),
        ("Pre-offer", S.DECISION_PENDING),
        ("Offer approval", S.DECISION_PENDING),
        ("Application Review", S.IN_REVIEW),
        ("CV screening", S.IN_REVIEW),
        ("Hiring Manager Review", S.IN_REVIEW),
        ("Reference Check", S.DECISION_PENDING),
        ("Debrief", S.DECISION_PENDING),
        ("New applicant", S.RECEIVED),
        ("Applied", S.RECEIVED),
        ("Hired", S.HIRED),
        ("Position closed", S.OPENING_CANCELLED),
        ("Role was cancelled", S.OPENING_CANCELLED),
        ("Withdrew - another offer", S.WITHDRAWN),
        ("Accepted another offer", S.WITHDRAWN),
        ("Rejected by candidate", S.WITHDRAWN),
        ("Candidate declined offer", S.OFFER_DECLINED),
        ("Hired other candidate", S.NOT_SELECTED),
        ("Hired internally", S.NOT_SELECTED),
        ("Lacking skill(s)/qualification(s)", S.NOT_SELECTED),
        ("culture fit ???", S.NOT_SELECTED),
        ("Compensation expectations", None),
        ("Holding – Q1", None),
        ("ZZ do not use", None),
        ("Duplicate application", None),
        ("", None),
        ("???", None),
    ],
)
def test_suggestions_for_the_mapping_page(label: str, status: S | None) -> None:
    assert suggest_status(label) is status


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Holding – Q1", "holding - q1"),
        ("Take Home Test", " take_home  TEST "),
        ("Final Round (Panel)", "Final Round: Panel"),
        ("culture fit ???", "Culture fit"),
        ("ＯＦＦＥＲ", "offer"),
    ],
)
def test_labels_are_the_same_in_any_dress(one: str, other: str) -> None:
    assert normalise_label(one) == normalise_label(other)


def test_labels_that_differ_stay_apart() -> None:
    labels = ["C++ test", "C test", "C# test", "Interview 1", "Interview 2", "???", "!!!", ""]
    assert len({normalise_label(label) for label in labels}) == len(labels)


@given(st.text())
def test_label_keys_are_stable(label: str) -> None:
    key = normalise_label(label)
    assert normalise_label(key) == key


_maps = st.dictionaries(st.text().map(normalise_label), st.sampled_from(S), max_size=5)


@given(st.text(), st.sampled_from([None, *StatusWord]), st.text(), _maps, _maps, st.booleans())
def test_every_row_gets_a_status_and_an_explicit_ending_is_never_reopened(
    stage: str,
    word: StatusWord | None,
    reason: str,
    stage_map: dict[str, S],
    reason_map: dict[str, S],
    has_status_column: bool,
) -> None:
    read = candidate_status(stage, word, reason, stage_map, reason_map, has_status_column)
    if word not in (None, StatusWord.ACTIVE):
        assert read.status in ENDINGS
    if read.is_stage_unknown:
        assert read.status is S.IN_REVIEW
    suggest_status(stage)


def test_nobody_is_ended_by_what_nobody_mapped() -> None:
    stages, reasons = ["", "Rejected pile", "Offer declined?", "x"], ["", "no", "We said no"]
    for stage, reason, has_column in product(stages, reasons, (True, False)):
        word = StatusWord.ACTIVE if has_column else None
        status = candidate_status(stage, word, reason, {}, {}, has_column).status
        assert status in OPEN_STATUSES or own_status(stage) is status
