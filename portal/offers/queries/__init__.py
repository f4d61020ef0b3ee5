"""Reading offers, for candidates and for the staff."""

from portal.offers.queries.own import OwnOffer, accepted_by, find_offer_shown, find_own_offer
from portal.offers.queries.reading import AskedLine, OfferView, SaidLine, offers_about, offers_to

__all__ = [
    "AskedLine",
    "OfferView",
    "OwnOffer",
    "SaidLine",
    "accepted_by",
    "find_offer_shown",
    "find_own_offer",
    "offers_about",
    "offers_to",
]
