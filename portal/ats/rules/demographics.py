"""Which columns tell of gender, origin, age, health, belief or family: these are never read."""

from typing import Final

from portal.ats.rules.text import header_key, header_words

#: Words that make a column demographic wherever they stand in its header (en, de, fr, es, pt, it, nl, pl).
_WORDS_TEXT: Final = """
    gender genders sex sexe sexo sesso genero genre genere geslacht plec transgender cisgender lgbt lgbtq lgbtqia
    pronoun pronouns pronomen pronoms pronombres pronomes pronomi voornaamwoorden zaimki
    anrede salutation civilite aanhef
    race races racial raza raca razza ras rasa rasse hautfarbe latino latina latinx caste
    eeo eeoc ofccp diversity diversitat diversite diversidad diversidade minority underrepresented
    dob yob birth birthday birthdate birthplace naissance nacimiento cumpleanos nascimento nascita compleanno
    verjaardag urodzenia urodzin
    nationality nationalities citizenship ciudadania cidadania cittadinanza citoyennete
    marital matrimonial familienstand married
    disabled handicap handicapped invalidez invaliditat invalidite invalidita inwalidztwo military
    pregnant pregnancy enceinte grossesse maternity
    faith konfession bekenntnis"""
_WORDS: Final = frozenset(_WORDS_TEXT.split())

#: Beginnings of such words, for languages that inflect or join them.
_STEMS: Final = (
    *("geschlecht", "seksu", "sexual", "sexuel", "sessual"),
    *("ethni", "etni", "hispan"),
    *("veteran", "weteran"),
    *("disabilit", "discapac", "deficien", "behinder", "schwerbehind", "niepelnospraw"),
    *("religi", "wyznani", "godsdienst", "geloofs"),
    *("nationalit", "nacionalid", "nazionalit", "staatsangeh", "staatsburg", "narodowo", "obywatel"),
    *("geburts", "geboorte"),
    *("schwanger", "zwanger", "embaraz", "gravid", "ciaz"),
)
#: Shorter ones occur inside other words.
_TELLING_INSIDE: Final = (*(stem for stem in _STEMS if len(stem) > 6), "gender", "birthday", "birthdate")

#: Parts of a header, read without spaces.
_PHRASES: Final = (
    *("dateofbirth", "yearofbirth", "placeofbirth", "countryofbirth"),
    *("sexualorientation", "familystatus", "parentalstatus", "maritalstatus", "veteranstatus", "servicemember"),
    *("personofcolo", "peopleofcolo", "skincolo", "selfidentif", "youidentify", "identifyas", "identifiesas"),
    *("nationalorigin", "healthcondition", "medicalcondition", "tradeunion", "politicalopinion", "genetic"),
    *("estadocivil", "etatcivil", "situationfamiliale", "statocivile", "burgerlijkestaat", "stancywilny"),
)

_AGE: Final = frozenset({"age", "alter", "edad", "idade", "leeftijd", "wiek"})
#: Things other than people have an age too.
_PROCESS_TEXT: Final = """
    application applications bewerbung days job opening posting requisition vacancy stage pipeline task account"""
_PROCESS: Final = frozenset(_PROCESS_TEXT.split())
#: Accents are folded for comparison, but "ETA" is a time of arrival and "Età" an age.
_ACCENTED_AGE: Final = "età"


def is_demographic(header: str) -> bool:
    """Whether a column of this name may hold what nobody shall be judged by."""
    words, key = header_words(header), header_key(header)
    if any(word in _WORDS or word.startswith(_STEMS) for word in (*words, key)):
        return True
    if any(phrase in key for phrase in _PHRASES):
        return True
    if len(words) == 1 and any(part in key for part in _TELLING_INSIDE):
        return True
    has_age = not _AGE.isdisjoint(words) and _PROCESS.isdisjoint(words)
    return has_age or _ACCENTED_AGE in header.casefold().split()
