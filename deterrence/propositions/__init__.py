r"""Statements about an atlas: proved, refuted with a witness, or unknown with the reason.

A statement claims something of every equilibrium of a game, or of the best and the worst of those that coexist, at
every admissible point of its parameters: that a probability falls in a parameter, that a condition implies that a
family exists, that the outcome is unique, that one quantity bounds another. `language` gives the grammar; the
decision is exact (`prover`).
"""

from .prover import Proof, prove

__all__ = ["Proof", "prove"]
