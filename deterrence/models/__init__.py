"""The built-in games, by name.

A model's module docstring is its definition. The modules are imported when they are asked for, so that listing the
names costs nothing.

>>> names()[:2]
('signalling', 'retaliation')
>>> get("signalling").options["signals"].default
('silence', 'posture', 'strike')
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

from deterrence.errors import UnknownNameError

if TYPE_CHECKING:
    from deterrence.models.base import Documented

__all__ = ["get", "names"]

_MODULES: Final = {
    # autumn 2023
    "signalling": "signalling",
    "retaliation": "retaliation",
    "delegation": "delegation",
    "swarm": "swarm",
    "reputation": "reputation",
    "understanding": "understanding",
    "ladder": "ladder",
    # the published canon
    "escalation_ladder": "canon.escalation_ladder",
    "brinkmanship_ladder": "canon.brinkmanship_ladder",
    "power_and_risk": "canon.power_and_risk",
    "threat_left_to_chance": "canon.threat_left_to_chance",
    "rudimentary_deterrence": "canon.rudimentary_deterrence",
    "unilateral_deterrence": "canon.unilateral_deterrence",
    "mutual_deterrence": "canon.mutual_deterrence",
    "asymmetric_escalation": "canon.asymmetric_escalation",
    "three_party_deterrence": "canon.three_party_deterrence",
    "crisis_signalling": "canon.crisis_signalling",
    "costly_signalling": "canon.costly_signalling",
    "deterrence_or_spiral": "canon.deterrence_or_spiral",
    "reassurance": "canon.reassurance",
    "tying_hands": "canon.tying_hands",
    "tacit_agreement": "canon.tacit_agreement",
    "chain_store": "canon.chain_store",
    "proxy": "canon.proxy",
    "attrition": "canon.attrition",
    "indirect_control": "canon.indirect_control",
    "audience_costs": "canon.audience_costs",
    "extremist": "canon.extremist",
    "coordinated_attack": "canon.coordinated_attack",
    "imperfect_attribution": "canon.imperfect_attribution",
    "signal_size": "canon.signal_size",
}


def names() -> tuple[str, ...]:
    """The names of the built-in games, in the order in which they are listed."""
    return tuple(_MODULES)


def get(name: str) -> Documented:
    """The built-in game of that name.

    Raises
    ------
    UnknownNameError
        with the nearest name.
    """
    if name not in _MODULES:
        raise UnknownNameError("model", name, _MODULES)
    module = importlib.import_module(f".{_MODULES[name]}", __name__)
    model: Documented = module.MODEL
    return model
