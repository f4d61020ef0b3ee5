"""What stages, statuses and end reasons are called in languages other than English.

Phrases are separated by commas. Case, accents and the ending for another gender ("rejeté(e)", "zatrudniony/a",
"Bewerber:in") make no difference; `*` at the end of a word stands for any ending of it.
"""

from collections.abc import Mapping
from typing import Final

from portal.applications.states import ApplicationStatus as S
from portal.ats.states import StatusWord

#: By language. A status cell that says nothing but this means it for certain; anywhere else it is our guess.
STATUS_WORDS: Final[Mapping[StatusWord, Mapping[str, str]]] = {
    StatusWord.ACTIVE: {
        "de": "aktiv, offen, neu, laufend, läuft, in Bearbeitung, eingegangen, im Prozess, im Verfahren, in Arbeit",
        "fr": "en cours, ouvert, nouveau, nouvelle, actif, active, en cours de traitement, en traitement, reçu, reçue",
        "pl": "aktywny, aktywna, nowy, nowa, w toku, otwarty, otwarta, w trakcie, w procesie",
        "nl": "actief, open, nieuw, lopend, in behandeling, in procedure, ontvangen",
        "es": "activo, activa, abierto, abierta, nuevo, nueva, en curso, en proceso, en trámite, recibido, recibida",
        "it": "attivo, attiva, aperto, aperta, nuovo, nuova, in corso, in lavorazione, ricevuto, ricevuta",
        "pt": "ativo, ativa, aberto, aberta, novo, nova, em andamento, em curso, em processo, recebido, recebida",
    },
    StatusWord.REJECTED: {
        "de": """
            Absage, Absage erteilt, Absage verschickt, Absage versendet, Absage versandt, abgesagt, abgelehnt,
            Ablehnung, nicht ausgewählt, nicht eingestellt, nicht berücksichtigt, ausgeschieden, aussortiert,
            nicht geeignet, ungeeignet, nicht passend, von uns abgelehnt, von uns abgesagt, Bewerber abgelehnt,
            Bewerbung abgelehnt, durch uns abgesagt, Stelle besetzt, anderweitig besetzt""",
        "fr": """
            rejeté, refusé, refus, non retenu, pas retenu, candidature refusée, candidature rejetée,
            candidature non retenue, candidat refusé, candidat non retenu, écarté, éliminé, recalé, négatif,
            non sélectionné, réponse négative, poste pourvu""",
        "pl": """
            odrzucony, odrzucona, odrzucone, odrzucenie, odmowa, niezakwalifikowany, nie zakwalifikowany,
            niewybrany, nie wybrany, nie zatrudniony, niezatrudniony, negatywny, stanowisko obsadzone""",
        "nl": """
            afgewezen, afwijzing, niet geselecteerd, niet aangenomen, niet gekozen, niet geschikt, ongeschikt,
            afgekeurd, vacature vervuld""",
        "es": """
            rechazado, rechazada, descartado, descartada, no seleccionado, no contratado, no apto, eliminado,
            denegado, desestimado, vacante cubierta""",
        "it": """
            respinto, respinta, rifiutato, rifiutata, scartato, scartata, non selezionato, non assunto,
            non idoneo, escluso, bocciato, esito negativo, posizione coperta""",
        "pt": """
            rejeitado, recusado, reprovado, não selecionado, não contratado, descartado, eliminado, não aprovado,
            vaga preenchida""",
    },
    StatusWord.HIRED: {
        "de": "eingestellt, Einstellung, Arbeitsvertrag unterschrieben, Vertrag unterschrieben, Angebot angenommen",
        "fr": "embauché, recruté, embauche, engagé, offre acceptée, contrat signé",
        "pl": "zatrudniony, zatrudniona, zatrudnienie, oferta przyjęta, oferta zaakceptowana, umowa podpisana",
        "nl": "aangenomen, in dienst, indiensttreding, aanbod geaccepteerd, aanbod aanvaard, contract getekend",
        "es": "contratado, contratada, contratación, incorporado, oferta aceptada, contrato firmado",
        "it": "assunto, assunta, assunzione, offerta accettata, contratto firmato",
        "pt": "contratado, contratada, admitido, admitida, oferta aceite, oferta aceita, contrato assinado",
    },
    StatusWord.WITHDRAWN: {
        "de": """
            zurückgezogen, Bewerbung zurückgezogen, vom Bewerber zurückgezogen, Bewerber zurückgezogen, Rückzug,
            Bewerber hat zurückgezogen, Bewerber hat abgesagt, Absage durch Bewerber, Absage vom Bewerber,
            Absage des Bewerbers, Bewerber abgesprungen, abgesprungen, Kandidat hat abgesagt,
            Absage durch Kandidat, Kandidat abgesprungen, kein Interesse mehr,
            selbst abgesagt, Selbstabsage""",
        "fr": """
            retiré, candidature retirée, désisté, désistement, s'est désisté, candidat désisté, retrait,
            retrait de candidature, a retiré sa candidature, retiré par le candidat, refus du candidat,
            refusé par le candidat, abandon, plus intéressé""",
        "pl": """
            wycofany, wycofana, wycofał się, wycofała się, wycofanie, kandydat wycofał się, kandydat zrezygnował,
            rezygnacja, rezygnacja kandydata, zrezygnował, zrezygnowała, odrzucone przez kandydata""",
        "nl": """
            teruggetrokken, ingetrokken, kandidaat teruggetrokken, heeft zich teruggetrokken, sollicitatie ingetrokken,
            afgehaakt, afgezegd door kandidaat, afgewezen door kandidaat, terugtrekking, geen interesse meer""",
        "es": """
            retirado, retirada, se retiró, candidatura retirada, retirado por el candidato, desistió, desistimiento,
            rechazado por el candidato, renuncia, renunció, abandonó, ya no interesado""",
        "it": """
            ritirato, ritirata, si è ritirato, candidatura ritirata, ritirato dal candidato, rinuncia, rinunciato,
            ha rinunciato, rifiutato dal candidato, non più interessato""",
        "pt": """
            desistiu, desistência, retirou, retirado, candidatura retirada, retirou a candidatura,
            recusado pelo candidato""",
    },
    StatusWord.OFFER_DECLINED: {
        "de": "Angebot abgelehnt, Angebot ausgeschlagen, Angebot nicht angenommen, Vertrag abgelehnt",
        "fr": "offre refusée, offre déclinée, offre rejetée, proposition refusée, refus de l'offre",
        "pl": "oferta odrzucona, odrzucona oferta, odrzucił ofertę, odrzuciła ofertę, nie przyjął oferty",
        "nl": "aanbod afgewezen, aanbod geweigerd, aanbod afgeslagen, aanbod niet geaccepteerd",
        "es": "oferta rechazada, oferta declinada, rechazó la oferta, oferta no aceptada",
        "it": "offerta rifiutata, offerta declinata, offerta respinta, ha rifiutato l'offerta, proposta rifiutata",
        "pt": "oferta recusada, oferta rejeitada, proposta recusada, recusou a oferta",
    },
    StatusWord.CANCELLED: {
        "de": """
            Stelle gestrichen, Stelle zurückgezogen, Stelle abgesagt, Stelle entfallen, Stelle geschlossen,
            Verfahren eingestellt, Ausschreibung zurückgezogen, Ausschreibung beendet, Stelle eingestellt,
            Stelle storniert, Einstellungsstopp""",
        "fr": """
            poste annulé, poste supprimé, poste fermé, offre annulée, recrutement annulé, recrutement arrêté,
            recrutement suspendu, poste gelé""",
        "pl": """
            rekrutacja anulowana, rekrutacja zamknięta, rekrutacja wstrzymana, stanowisko zamknięte,
            stanowisko anulowane, oferta anulowana""",
        "nl": "vacature ingetrokken, vacature gesloten, vacature vervallen, vacature geannuleerd, functie vervallen",
        "es": """
            vacante cancelada, vacante cerrada, puesto cancelado, puesto cerrado, proceso cancelado,
            posición cancelada, posición cerrada, oferta cancelada, oferta cerrada""",
        "it": """
            posizione chiusa, posizione annullata, posizione cancellata, ricerca annullata, ricerca chiusa,
            selezione annullata, selezione sospesa""",
        "pt": "vaga cancelada, vaga fechada, vaga encerrada, vaga congelada, processo cancelado",
    },
}

#: By language, what a stage or an end reason that holds one of these most likely means; None: nothing can be guessed.
GUESSES: Final[Mapping[S | None, Mapping[str, str]]] = {
    None: {
        "de": "Warteliste, Wiedervorlage, Talentpool, Dublette*, doppelt*, Duplikat*, pausiert, zurückgestellt",
        "fr": "liste d'attente, vivier, doublon*, en attente, en pause",
        "pl": "lista rezerwowa, rezerwa, duplikat*, wstrzymane, zawieszone, baza talentów",
        "nl": "wachtlijst, talentenpool, dubbel*, in de wacht, aangehouden",
        "es": "lista de espera, en espera, duplicad*, reserva, en pausa",
        "it": "lista d'attesa, in attesa, duplicat*, in sospeso, riserva",
        "pt": "lista de espera, em espera, duplicad*, banco de talentos",
    },
    S.OFFER_DECLINED: {
        "de": "lehnt* Angebot ab, hat Angebot abgelehnt, Vertragsangebot abgelehnt, unser Angebot abgelehnt",
        "fr": "a refusé l'offre, a décliné l'offre, refus de la proposition",
        "nl": "heeft aanbod afgewezen",
    },
    S.WITHDRAWN: {
        "de": """
            hat zurückgezogen, zieht zurück, andere* Stelle angenommen, anderes Angebot angenommen,
            Absage durch Bewerb*, Absage von Bewerb*, Bewerb* hat abgesagt, nicht mehr interessiert,
            meldet sich nicht, nicht erschienen""",
        "fr": "autre poste accepté, autre offre acceptée, ne répond plus, ne s'est pas présenté",
        "pl": "przyjął inną ofertę, przyjęła inną ofertę, inna oferta, nie stawił się",
        "nl": "andere baan, ander aanbod, niet meer geïnteresseerd, niet verschenen",
        "es": "aceptó otra oferta, otra oferta, no se presentó, ya no está interesad*",
        "it": "altra offerta, ha accettato un'altra offerta, non si è presentat*",
        "pt": "aceitou outra oferta, outra oferta, não compareceu",
    },
    S.NOT_SELECTED: {
        "de": """
            Absage*, abgesagt*, abgelehnt*, Ablehnung*, nicht qualifiziert, unterqualifiziert, überqualifiziert,
            fehlende Qualifikation*, fehlende Erfahrung, zu wenig Erfahrung, passt nicht, besser* Bewerber*,
            andere* Bewerber* eingestellt, andere* Bewerber* ausgewählt, intern besetzt, Archiv, archiviert""",
        "fr": """
            refus, rejet, manque d'expérience, manque de compétences, sous qualifié, surqualifié, profil non adapté,
            profil ne correspond pas, autre candidat retenu, autre candidat choisi, archivé""",
        "pl": """
            odrzuc*, brak doświadczenia, brak kwalifikacji, brak umiejętności, nie spełnia wymagań,
            wybrano innego kandydata, inny kandydat, zarchiwizowan*""",
        "nl": """
            afgewezen*, afwijzing*, gebrek aan ervaring, onvoldoende ervaring, ondergekwalificeerd, overgekwalificeerd,
            andere kandidaat gekozen, andere kandidaat, past niet, gearchiveerd""",
        "es": """
            rechaz*, descart*, falta de experiencia, falta de cualificación, sobrecualificad*, no cumple*, no encaja,
            otro candidato, archivad*""",
        "it": """
            respint*, scartat*, rifiut*, mancanza di esperienza, esperienza insufficiente, poca esperienza,
            non in linea, altro candidato, archiviat*""",
        "pt": "rejeit*, reprov*, falta de experiência, não atende, outro candidato, arquivad*",
    },
    S.HIRED: {
        "de": "Zusage, Zusage erhalten, Onboarding, Eintritt, angestellt, Vertrag unterzeichnet",
        "fr": "accepté, retenu, intégration, en poste",
        "pl": "przyjęty, przyjęta, zatrudn*, wdrożenie",
        "nl": "in dienst getreden, inwerken, geplaatst",
        "es": "aceptado, incorporación, seleccionado",
        "it": "accettato, inserimento, selezionato, inserito",
        "pt": "aprovado, aceite, selecionado, integração, contratação",
    },
    S.DECISION_PENDING: {
        "de": "Entscheidung*, Entscheidung offen, Referenzprüfung, Referenzen, Freigabe, Betriebsrat, Gremium",
        "fr": "décision*, en délibération, prise de références, validation",
        "pl": "decyzj*, referencje, akceptacja, zatwierdzenie",
        "nl": "besluit*, beslissing*, referentiecheck, referenties, goedkeuring",
        "es": "decisi*, referencias, aprobación",
        "it": "decision*, referenze, approvazione, valutazione finale",
        "pt": "decis*, referências, aprovação",
    },
    S.OFFER_MADE: {
        "de": "Angebot*, Vertragsangebot, Vertragsverhandlung*, Vertrag verschickt, Vertrag versendet",
        "fr": "offre, offre envoyée, offre faite, proposition, négociation",
        "pl": "oferta*, oferta złożona, oferta wysłana, negocjacje",
        "nl": "aanbod*, arbeidsvoorwaarden*, contractonderhandeling*",
        "es": "oferta*, propuesta, negociación",
        "it": "offerta*, proposta, trattativa",
        "pt": "oferta*, proposta, negociação",
    },
    S.IN_REVIEW: {
        "de": """
            in Prüfung, Prüfung, Sichtung, Vorauswahl, Vorprüfung, in Bearbeitung, Fachbereich, engere Auswahl,
            Unterlagen geprüft, Durchsicht""",
        "fr": "à l'étude, en cours d'examen, examen, présélection, présélectionné, tri, étude du dossier",
        "pl": "w trakcie oceny, weryfikacja, ocena, preselekcja, analiza cv, selekcja",
        "nl": "beoordeling, in beoordeling, voorselectie, cv selectie, briefselectie, selectie",
        "es": "en revisión, revisión, preselección, preseleccionado, evaluación, criba",
        "it": "in valutazione, valutazione, preselezione, screening, esame cv, in esame",
        "pt": "em análise, análise, triagem, avaliação, pré seleção",
    },
    S.INTERVIEWING: {
        "de": """
            Gespräch*, Vorstellungsgespräch*, Telefongespräch*, Telefonat*, Erstgespräch*, Zweitgespräch*, Kennenlernen,
            Kennenlerngespräch*, Bewerbungsgespräch*, Probearbeit*, Probetag*, Hospitation*, Arbeitsprobe*, Fallstudie*,
            Eignungstest*, Videogespräch*""",
        "fr": "entretien*, entrevue*, mise en situation, étude de cas, appel*, essai, journée d'essai, test*",
        "pl": "rozmow*, rozmowa kwalifikacyjna, zadanie*, spotkanie, telefon*, dzień próbny",
        "nl": "gesprek*, sollicitatiegesprek*, kennismaking*, proefdag*, meeloopdag*, telefonisch*, praktijkopdracht*",
        "es": "entrevista*, prueba*, llamada*, caso práctico, reunión",
        "it": "colloqui*, intervista*, prova*, telefonata*, chiamata*, caso pratico, incontro",
        "pt": "entrevista*, prova*, teste*, ligação, chamada*, reunião, dinâmica*",
    },
    S.RECEIVED: {
        "de": "Eingang, eingegangen, Bewerbung eingegangen, Posteingang, neu, neue Bewerbung*, Bewerbungseingang",
        "fr": "reçu, candidature reçue, nouvelle candidature, nouveau, boîte de réception, postulé",
        "pl": "otrzymano, otrzymane, nowe zgłoszenie, nowa aplikacja, nowy, aplikował*, zaaplikował*, zgłoszenie*",
        "nl": "ontvangen, nieuw, nieuwe sollicitatie*, gesolliciteerd, binnengekomen",
        "es": "recibid*, nueva candidatura, nuevo, postulad*, inscrit*",
        "it": "ricevut*, nuova candidatura, nuovo",
        "pt": "recebid*, nova candidatura, novo, inscrit*",
    },
}
