"""How applicant tracking systems call the columns we read, and how their exports are told apart."""

from typing import Final

from portal.ats.rules.text import header_key
from portal.ats.states import ImportField as F

#: Greenhouse, Lever, Ashby, SmartRecruiters, Teamtailor, Workable, Personio, Recruitee and plain words, separated by
#: commas; case, spaces, punctuation and accents make no difference. Greenhouse's "Source" is how somebody found us.
_NAMES: Final[dict[F, str]] = {
    F.EMAIL: """
        email, e-mail, mail, email address, e-mail address, mail address, emails, email addresses, email 1,
        candidate email, candidate email address, candidate e-mail, applicant email, applicant email address,
        contact email, primary email, primary email address, personal email, personal email address, email (personal),
        email (primary), person email, user email, your email,
        e-mail-adresse, mailadresse, e-mail des bewerbers, bewerber e-mail, courriel, adresse e-mail, adresse email,
        adresse mail, adresse courriel, correo, correo electrónico, dirección de correo electrónico, endereço de e-mail,
        indirizzo e-mail, indirizzo email, posta elettronica, e-mailadres, adres e-mail, adres email""",
    F.OPENING: """
        job, job title, job name, jobs, job(s), job titles, job opening, job posting, job post, job post title,
        job ad, job ad title, job position, opening, opening title, opening name, posting, posting title, posting name,
        position, position title, position name, position applied for, applied position, applied for, applied to,
        applied job, job applied for, role, role title, role name, role applied for, vacancy, vacancy title,
        vacancy name, requisition, requisition title, requisition name, req title, offer title, desired position,
        stelle, stellentitel, stellenbezeichnung, stellenanzeige, ausschreibung, jobtitel, jobbezeichnung,
        poste, intitulé du poste, titre du poste, offre, offre d'emploi, puesto, título del puesto, vacante, oferta,
        oferta de empleo, vaga, cargo, título da vaga, posizione, titolo della posizione, offerta di lavoro, annuncio,
        vacature, vacaturetitel, functie, functietitel, stanowisko, nazwa stanowiska, ogłoszenie, rekrutacja""",
    F.NAME: """
        name, full name, candidate, candidate name, candidate full name, applicant, applicant name, applicant full name,
        person, person name, contact name, display name, your name,
        bewerber, bewerbername, name des bewerbers, vollständiger name, vor- und nachname, kandidat, nom complet,
        nom du candidat, candidat, nom et prénom, prénom et nom, nombre completo, nombre y apellidos, candidato,
        nombre del candidato, nome completo, nome do candidato, nome e cognome, nome del candidato, volledige naam,
        naam, naam kandidaat, kandidaat, imię i nazwisko, kandydat""",
    F.FIRST_NAME: """
        first name, first names, firstname, given name, given names, forename, forenames, preferred first name,
        candidate first name, applicant first name, legal first name, fname, vorname, prénom, nombre, nombres,
        nome, primeiro nome, voornaam, imię""",
    F.LAST_NAME: """
        last name, last names, lastname, surname, surnames, family name, candidate last name, applicant last name,
        legal last name, lname, nachname, familienname, nom, nom de famille, apellido, apellidos, sobrenome, apelido,
        último nome, cognome, achternaam, nazwisko""",
    F.STAGE: """
        stage, current stage, current stage name, stage name, job stage, application stage, candidate stage,
        pipeline stage, hiring stage, recruitment stage, recruiting stage, interview stage, current interview stage,
        process stage, workflow stage, workflow step, current step, current workflow step, step, pipeline step, phase,
        current phase, last stage, latest stage, milestone, substatus, sub-status, bewerbungsphase, aktuelle phase,
        bewerbungsschritt, prozessschritt, étape, étape actuelle, etapa, etapa actual, etapa atual, fase,
        fase attuale, fase actual, huidige fase, etap, obecny etap""",
    F.STATUS: """
        status, application status, application state, candidate status, applicant status, current status,
        job status for candidate, disposition, disposition status, hiring status, recruiting status, outcome, result,
        bewerbungsstatus, bewerberstatus, statut, statut de la candidature, estado, estado de la candidatura, situação,
        stato, stato della candidatura, sollicitatiestatus, stan, status aplikacji""",
    F.APPLIED_ON: """
        applied on, applied at, applied, applied date, date applied, application date, date of application,
        application created, application created at, application created on, application created date,
        application submitted, application submitted at, submitted, submitted at, submitted on, submission date,
        created at, created on, created, created date, date created, creation date, received, received at, received on,
        date received, added, added at, added on, date added, opportunity created at, applied at (date),
        beworben am, bewerbungsdatum, bewerbung vom, datum der bewerbung, eingegangen am, bewerbungseingang,
        eingang, eingang am, eingangsdatum, erstellt am,
        date de candidature, date de la candidature, candidature reçue le,
        fecha de solicitud, fecha de candidatura, fecha de aplicación, fecha de inscripción, data da candidatura,
        data de candidatura, data di candidatura, data della candidatura, data candidatura, sollicitatiedatum,
        datum sollicitatie, data aplikacji, data zgłoszenia""",
    F.LAST_ACTIVITY_ON: """
        last activity, last activity at, last activity on, last activity date, date of last activity, last active,
        last interaction, last interaction at, last interaction date, last advanced at, last updated, last updated at,
        last updated on, last update, last modified, last modified at, last modified on, last change, last changed at,
        last contact, last contacted, last contacted at, updated, updated at, updated on, date updated, modified,
        modified at, modified on, date modified, last stage change, last stage change at, last moved at,
        letzte aktivität, letzte änderung, zuletzt geändert, zuletzt geändert am, zuletzt aktualisiert, geändert am,
        aktualisiert am, dernière activité, dernière modification, dernière mise à jour, última actividad,
        última modificación, última actualización, última atividade, última atualização, última modificação,
        ultima attività, ultima modifica, ultimo aggiornamento, laatste activiteit, laatst gewijzigd,
        laatst bijgewerkt, ostatnia aktywność, ostatnia zmiana""",
    F.REJECT_REASON: """
        rejection reason, reject reason, rejected reason, reason rejected, reason for rejection, rejection reasons,
        archive reason, archived reason, reason archived, reason for archiving, disqualification reason,
        disqualified reason, disqualify reason, reason for disqualification, withdrawal reason, reason withdrawn,
        decline reason, declined reason, close reason, closed reason, end reason, disposition reason, reason,
        reason of rejection, rejection/withdrawal reason,
        absagegrund, ablehnungsgrund, grund der absage, grund der ablehnung, motif de refus, motif du refus,
        raison du refus, motif de rejet, motivo de rechazo, motivo del rechazo, motivo de descarte, motivo da rejeição,
        motivo de rejeição, motivo da recusa, motivo del rifiuto, motivo di rifiuto, motivo rifiuto, reden afwijzing,
        afwijzingsreden, reden van afwijzing, powód odrzucenia""",
    F.APPLICATION_ID: """
        application id, application uuid, application number, application no, application key, application reference,
        application ref, app id, opportunity id, opportunity uuid, job application id, candidacy id, submission id,
        bewerbungs-id, bewerbungsnummer, bewerbung id, id de candidature, identifiant de candidature,
        id de la candidatura, id de solicitud, id da candidatura, id candidatura, sollicitatie id, sollicitatienummer,
        id aplikacji, numer aplikacji""",
    F.OPENING_ID: """
        job id, job uuid, job number, job code, job reference, job ref, job req id, job requisition id, job opening id,
        job posting id, job post id, opening id, posting id, posting uuid, position id, position number, position code,
        requisition id, requisition number, requisition code, req id, req number, vacancy id, vacancy number,
        vacancy reference, role id, shortcode, job shortcode, stellen-id, stellennummer, stellen id,
        ausschreibungsnummer, kennziffer, referenznummer, id du poste, id de l'offre, référence du poste,
        id del puesto, id de la vacante, id da vaga, id posizione, vacature id, vacaturenummer, id stanowiska,
        id oferty""",
    F.PHONE: """
        phone, phone number, phone numbers, phones, telephone, telephone number, mobile, mobile phone, mobile number,
        cell, cell phone, candidate phone, candidate phone number, applicant phone, contact phone, primary phone, tel,
        phone 1, telefon, telefonnummer, handy, handynummer, mobiltelefon, mobilnummer, téléphone,
        numéro de téléphone, portable, teléfono, número de teléfono, móvil, telefone, telemóvel, celular, telefono,
        numero di telefono, cellulare, telefoon, telefoonnummer, numer telefonu""",
    F.TAGS: """
        tags, tag, candidate tags, candidate tag, applicant tags, application tags, labels, label, candidate labels,
        profile tags, schlagworte, schlagwörter, étiquettes, libellés, mots-clés, etiquetas, etichette, tagi,
        etykiety""",
    F.CHANNEL: """
        source, sources, source name, candidate source, applicant source, application source, referral source,
        source channel, sourcing channel, source type, channel, channel name, origin, recruiting channel,
        how did you hear, how did you hear about us, how did you hear about this job, how did you find us,
        quelle, bewerbungsquelle, kanal, bewerbungskanal, herkunft, recruiting-kanal, canal, source de candidature,
        fuente, origen, fonte, origem, canale, bron, kanaal, wervingskanaal, źródło, kanał""",
}

#: Folded header -> field and rank: where two columns would fit one field, the lower rank says it more exactly.
ALIASES: Final[dict[str, tuple[F, int]]] = {
    key: (field, rank)
    for field, names in reversed(_NAMES.items())
    for rank, key in reversed(list(enumerate(header_key(name) for name in names.split(","))))
}

_GREENHOUSE_MUST: Final = frozenset({"applicationid", "candidateid"})
_GREENHOUSE_SOME: Final = frozenset(
    {"jobid", "currentstage", "candidatetags", "rejectionreason", "lastactivity", "appliedon", "candidatename"}
)
_LEVER_ID: Final = frozenset({"opportunityid"})
_LEVER_SOME: Final = frozenset(
    {"opportunityid", "postingtitle", "postingid", "archivereason", "lastinteractionat", "lastadvancedat"}
)


def recognise_source(headers: list[str]) -> str | None:
    """`greenhouse` or `lever` where the header leaves no doubt, else None."""
    keys = {header_key(header) for header in headers}
    is_greenhouse = keys >= _GREENHOUSE_MUST and len(keys & _GREENHOUSE_SOME) >= 2
    is_lever = len(keys & _LEVER_SOME) >= (2 if keys & _LEVER_ID else 3)
    if is_greenhouse == is_lever:
        return None
    return "greenhouse" if is_greenhouse else "lever"
