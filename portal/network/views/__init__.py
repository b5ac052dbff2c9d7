"""The pages of the network: the tree and the search, cards, charts, corrections, directories."""

from portal.network.views.browse import Browse
from portal.network.views.cards import ChartPage, PersonCard, UnitCard
from portal.network.views.corrections import Accept, CorrectionPage, CorrectionsPage, Decline, Propose, Withdraw
from portal.network.views.directories import DirectoryFile, OrderDirectory

__all__ = [
    "Accept",
    "Browse",
    "ChartPage",
    "CorrectionPage",
    "CorrectionsPage",
    "Decline",
    "DirectoryFile",
    "OrderDirectory",
    "PersonCard",
    "Propose",
    "UnitCard",
    "Withdraw",
]
