"""One's own addresses: asked for, confirmed, written to, removed; whoever reads an old one is told and can object.

An address goes seven days after it was changed or removed. Until then its mail has a link: one that takes everything
back for the address that was written to, one that only lets it stay for any other.
"""

from portal.accounts.actions.addresses.asking import (
    ConfirmedAddress,
    address_notice,
    ask_for_address,
    confirm_new_address,
    confirm_new_address_by_code,
    forget_address_requests,
    forget_address_requests_of,
    settle_address,
)
from portal.accounts.actions.addresses.keeping import (
    keep_address,
    keep_removed_address,
    part_addresses,
    sign_out_for_good,
)
from portal.accounts.actions.addresses.standing import (
    AddressNotPossible,
    JoiningNotice,
    choose_address,
    come_in_with,
    joining_notice,
    let_addresses_go,
    remove_address,
    stay_with_address,
    tell_of_joining,
)

__all__ = [
    "AddressNotPossible",
    "ConfirmedAddress",
    "JoiningNotice",
    "address_notice",
    "ask_for_address",
    "choose_address",
    "come_in_with",
    "confirm_new_address",
    "confirm_new_address_by_code",
    "forget_address_requests",
    "forget_address_requests_of",
    "joining_notice",
    "keep_address",
    "keep_removed_address",
    "let_addresses_go",
    "part_addresses",
    "remove_address",
    "settle_address",
    "sign_out_for_good",
    "stay_with_address",
    "tell_of_joining",
]
