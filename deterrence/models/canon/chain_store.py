r"""The chain store: a long horizon does not make a threat credible (Selten 1978).

**Players.** A Defender and :math:`N` challengers (option `challengers`), complete information.

**Order of moves.** Each challenger in turn, having seen everything before, attacks or stays out; if it attacks, the
Defender acquiesces or fights.

**Payoffs.** A challenger gets `challenger_out`, `challenger_acquiesced` or `challenger_fought`, the Defender
`defender_quiet`, `defender_acquiesce` or `defender_fight` in that period; the Defender adds the periods up.

**Subgame-perfect equilibrium.** In the last period the Defender does what is better in that period, whatever came
before; so nothing that is done before can change it, and the same holds of the last period but one, and so on. The
Defender fights in every period and after every record if `defender_fight` exceeds `defender_acquiesce`, never if it
falls short; each challenger attacks if what then follows is better for it than to stay out:

=====================================  ==============================  ============================================
Defender                               challengers                     exists where
=====================================  ==============================  ============================================
acquiesces                             attack                          :math:`d_{acq} > d_{fgt},\ u_{acq} > u_{out}`
acquiesces                             stay out                        :math:`d_{acq} > d_{fgt},\ u_{acq} < u_{out}`
fights                                 attack                          :math:`d_{fgt} > d_{acq},\ u_{fgt} > u_{out}`
fights                                 stay out                        :math:`d_{fgt} > d_{acq},\ u_{fgt} < u_{out}`
=====================================  ==============================  ============================================

With Selten's payoffs, :math:`u_{acq} > u_{out} > u_{fgt}` and :math:`d_{out} > d_{acq} > d_{fgt}`, the first line holds
for every :math:`N`, although the Defender would get :math:`N (d_{out} - d_{acq})` more if the challengers stayed out,
and although there are Nash equilibria in which they do: the paradox. Ties are left out of the domain: a Defender that
is indifferent may carry out any threat.

**Events.** `deterrence_failure`: at least one challenger attacks. `spiral`: at least one attack is fought.

**Literature.** Selten (1978). What a doubt about the Defender's payoffs changes is the game `reputation`.

>>> tree(2)
Game('The chain store with 2 challengers': 3 players, 8 information sets, 9 terminal histories)
"""

from __future__ import annotations

import itertools
from typing import Final

from deterrence.game import Game, Move, PayoffRule, build_game
from deterrence.models.base import Claim, Count, Decision, DirectModel, Settings, Term
from deterrence.parameters import Parameter, ParameterSpace

__all__ = ["MODEL", "tree"]

_PARAMETERS: Final = (
    Parameter("challenger_out", "", "What a challenger gets that stays out.", "challenger utility"),
    Parameter("challenger_acquiesced", "", "What it gets if it attacks and the Defender acquiesces.",
              "challenger utility"),
    Parameter("challenger_fought", "", "What it gets if it attacks and the Defender fights.", "challenger utility"),
    Parameter("defender_quiet", "", "What the Defender gets in a period in which the challenger stays out.",
              "Defender utility"),
    Parameter("defender_acquiesce", "", "What the Defender gets in a period in which it acquiesces.",
              "Defender utility"),
    Parameter("defender_fight", "", "What the Defender gets in a period in which it fights.", "Defender utility"),
)

_ASSUME: Final = {
    "defender_acquiesce != defender_fight": "a Defender that is indifferent may carry out any threat",
    "challenger_acquiesced != challenger_out": "a challenger that is indifferent may do anything",
    "challenger_fought != challenger_out": "a challenger that is indifferent may do anything",
}

_DRAWING: Final = """\
challenger 1 --stay out------------------+
  \\--attack -- Defender --acquiesce------+-- challenger 2 (has seen it all) ... challenger N ... end
                        \\--fight---------+
"""

_TERMS: Final = (
    Term("out", "challenger", "challenger_out", ("stay out",), "it stays out", "what it has elsewhere"),
    Term("acquiesced", "challenger", "challenger_acquiesced", ("attack", "acquiesce"), "the Defender acquiesces",
         "what the attack was for"),
    Term("fought", "challenger", "challenger_fought", ("attack", "fight"), "the Defender fights", "what a fight costs"),
    Term("quiet", "Defender", "defender_quiet", ("stay out",), "in each period in which the challenger stays out",
         "what the Defender has alone"),
    Term("acquiesce", "Defender", "defender_acquiesce", ("attack", "acquiesce"),
         "in each period in which it acquiesces", "what is left to it"),
    Term("fight", "Defender", "defender_fight", ("attack", "fight"), "in each period in which it fights",
         "what a fight costs"),
)

_SELTEN: Final = (
    "challenger_acquiesced > challenger_out and challenger_out > challenger_fought and "
    "defender_quiet > defender_acquiesce and defender_acquiesce > defender_fight"
)

_CLAIMS: Final = (
    Claim(
        "With Selten's payoffs the only subgame-perfect equilibrium is that every challenger attacks and the Defender "
        "always acquiesces.",
        "holds", "proved on the atlas; the points of the canon; against the tree with 1, 2 and 3 challengers",
        source="selten1978",
        statement=f'{_SELTEN} implies exists("attack, acquiesce") and P[deterrence_failure] == 1 and P[spiral] == 0',
    ),
    Claim(
        "There is exactly one subgame-perfect equilibrium, ties apart.",
        "holds", "proved on the atlas", source="selten1978",
        statement="unique when defender_acquiesce != defender_fight",
    ),
    Claim(
        "A horizon that is long enough deters.",
        "fails", "the families are the same for every number of challengers: 1 to 1,000",
        source="selten1978",
        when="with the payoffs 1, 2, 0 and 5, 2, 0 all of 20 challengers attack, and the Defender gets 40, not 100",
    ),
    Claim(
        "There is no equilibrium in which the challengers stay out.",
        "fails", "all pure strategies of the game with 2 challengers written out",
        source="selten1978",
        when="of the 28 pure Nash equilibria with the payoffs 1, 2, 0 and 5, 2, 0 some deter both challengers; none of "
        "those is subgame-perfect",
    ),
    Claim(
        "A Defender that would rather fight than acquiesce deters all who would rather stay out than be fought.",
        "holds", "proved on the atlas; the points of the canon outside Selten's payoffs", source="selten1978",
        statement="defender_fight > defender_acquiesce and challenger_fought < challenger_out implies "
        "P[deterrence_failure] == 0",
    ),
)


def _decisions(settings: Settings) -> tuple[Decision, ...]:
    return (
        Decision("challenger", "challenger", ("attack", "stay out"),
                 f"each of the {settings['challengers']} challengers, after every record"),
        Decision("Defender", "Defender", ("acquiesce", "fight"), "the Defender after every attack and every record"),
    )


def tree(challengers: int) -> Game:
    """The game written out, each challenger a player; it grows threefold with each of them."""
    names = [f"challenger {k}" for k in range(1, challengers + 1)]
    moves, payoffs = [], []
    for k, name in enumerate(names, 1):
        ends = [[f"stay out {j}", f"attack {j}, acquiesce {j}", f"attack {j}, fight {j}"] for j in range(1, k)]
        for record in map(", ".join, itertools.product(*ends)):
            told = f" after {record}" if record else ""
            moves.append(Move(name, f"{name}{told}", (record,) if record else None,
                              dict.fromkeys((f"attack {k}", f"stay out {k}"))))
            attacked = f"{record}, attack {k}" if record else f"attack {k}"
            moves.append(Move("Defender", f"Defender in period {k}{told}", (attacked,),
                              dict.fromkeys((f"acquiesce {k}", f"fight {k}"))))
        payoffs += [
            PayoffRule(when=(f"stay out {k}",), amounts={name: "challenger_out", "Defender": "defender_quiet"}),
            PayoffRule(when=(f"acquiesce {k}",),
                       amounts={name: "challenger_acquiesced", "Defender": "defender_acquiesce"}),
            PayoffRule(when=(f"fight {k}",), amounts={name: "challenger_fought", "Defender": "defender_fight"}),
        ]
    title = f"The chain store with {challengers} challenger{'s' if challengers > 1 else ''}"
    return build_game(title, ["Defender", *names], ParameterSpace(_PARAMETERS, tuple(_ASSUME)), moves, payoffs)


MODEL: Final = DirectModel(
    name="chain_store",
    question="Does a long row of challengers make it credible to fight the first ones?",
    summary=(
        "Challengers attack or stay out, one after the other and having seen all before; the Defender acquiesces in an "
        "attack or fights it. Everything is known."
    ),
    players=("Defender", "challenger"),
    play=(
        "Each challenger in turn, having seen everything before, attacks or stays out.",
        "If it attacks, the Defender acquiesces or fights.",
    ),
    drawing=_DRAWING,
    parameters=_PARAMETERS,
    assume=_ASSUME,
    options={"challengers": Count("how many challengers come, one after the other", 20, 1, 1_000)},
    events={
        "deterrence_failure": "at least one challenger attacks",
        "spiral": "at least one attack is fought",
    },
    literature=("selten1978", "selten1975"),
    departures="The payoffs may have any order, ties apart; Selten's is one case.",
    findings=(
        "What the Defender does in the last period does not depend on what came before, so nothing it does earlier can "
        "change what later challengers expect: for every number of challengers the equilibrium is that of one.",
        "There are Nash equilibria in which all are deterred; the threat on which they rest would not be carried out.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    title="The chain store with {challengers} challengers",
    decisions=_decisions,
    terms=_TERMS,
    concept="subgame-perfect",
    method="backward induction",
    approach=(
        "By backward induction: the subgame-perfect equilibrium is unique, ties apart, and is the same in every period "
        "and after every record. Payoffs of the challenger are those of each."
    ),
)
