"""Who reaches the pages of `accounts`."""

from typing import Any

from portal.accounts.proposals import GrantProposal
from tests.authorization.table import ALL, OPEN_TO_ALL, Case, Row, nothing

READS_LOG = {"coordinator", "auditor", "security_admin"}


def proposed(case: Case) -> dict[str, Any]:
    return {"pk": GrantProposal.objects.get().pk}


ROWS: dict[str, Row] = {
    "account_login": Row(nothing, {"anonymous"}, others=302),
    "account_logout": Row(nothing, ALL),
    "account_change_password": Row(nothing, ALL),
    "account_reset_password": Row(nothing, OPEN_TO_ALL),
    "account_reset_password_done": Row(nothing, OPEN_TO_ALL),
    "account_reset_password_from_key": Row(lambda case: {"uidb36": "1", "key": "x-y"}, OPEN_TO_ALL),
    "account_reset_password_from_key_done": Row(nothing, OPEN_TO_ALL),
    "account_reauthenticate": Row(nothing, ALL),
    "account_inactive": Row(nothing, OPEN_TO_ALL),
    # Setting a factor up, and what follows, asks to confirm first: tried in tests/accounts/test_second_factor.py.
    "mfa_index": Row(nothing, ALL),
    "mfa_activate_totp": Row(nothing, ALL, ok=302),
    "mfa_deactivate_totp": Row(nothing, set(), others=404),
    "mfa_view_recovery_codes": Row(nothing, set(), others=404),
    "mfa_generate_recovery_codes": Row(nothing, ALL, ok=302),
    "mfa_list_webauthn": Row(nothing, ALL),
    "mfa_add_webauthn": Row(nothing, ALL, ok=302),
    "mfa_edit_webauthn": Row(lambda case: {"pk": 1}, ALL, ok=302),
    "mfa_remove_webauthn": Row(lambda case: {"pk": 1}, ALL, ok=302),
    "mfa_authenticate": Row(nothing, set(), others=302),
    "mfa_login_webauthn": Row(nothing, OPEN_TO_ALL, ok=302),
    "mfa_reauthenticate": Row(nothing, ALL, ok=302),
    "mfa_reauthenticate_webauthn": Row(nothing, ALL, ok=302),
    "usersessions_list": Row(nothing, ALL),
    # A link of somebody else: it is over, and says no more. Tried in tests/accounts/test_invitations.py.
    "accounts:invitation": Row(lambda case: {"token": "none-of-ours"}, OPEN_TO_ALL, ok=409),
    "accounts:invitation-accepted": Row(nothing, OPEN_TO_ALL),
    "accounts:stay": Row(nothing, ALL),
    "accounts:language": Row(nothing, OPEN_TO_ALL, ok=405),
    "accounts:theme": Row(nothing, OPEN_TO_ALL, ok=405),
    "accounts:roles": Row(nothing, {"security_admin", "auditor"}),
    "accounts:grant-role": Row(nothing, {"security_admin"}),
    "accounts:revoke-role": Row(lambda case: {"pk": case.grant_id}, {"security_admin"}, others=404),
    "accounts:proposal": Row(proposed, {"security_admin", "auditor", "head"}, others=404),
    # Proposed by the security administrator, and there is no other one: the head is the second person.
    "accounts:approve-proposal": Row(proposed, {"head"}, others=404),
    "accounts:turn-down-proposal": Row(proposed, {"head", "security_admin"}, others=404),
    "accounts:log": Row(nothing, READS_LOG),
    "accounts:chain": Row(nothing, READS_LOG),
    "accounts:verify-chain": Row(nothing, {"auditor"}),
    # The unit is bureau B: who reads the log of the town alone does not find it.
    "accounts:history": Row(lambda case: {"kind": "units", "key": "B"}, READS_LOG, others=404),
}
