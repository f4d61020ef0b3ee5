"""Reading offers, for candidates and for the staff."""

from portal.offers.queries.own import OwnOffer, ahead_of, find_own_offer, newest_reached
from portal.offers.queries.reading import AskedLine, OfferView, SaidLine, offers_about, offers_to

__all__ = [
    "AskedLine",
    "OfferView",
    "OwnOffer",
    "SaidLine",
    "ahead_of",
    "find_own_offer",
    "newest_reached",
    "offers_about",
    "offers_to",
]
