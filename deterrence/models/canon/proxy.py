r"""The minimal game of sponsor, proxy and defender: who is behind an attack, when only the attack is seen.

The question: how often does a sponsor order attacks that it can deny, and what does deniability do to the defender who
must guess?

**Players.** The *Sponsor* and the *Defender*. The proxy is no player: it attacks at a rate that depends on the order.

**Order of moves.**

1. The Sponsor orders an attack or restrains the proxy; nobody sees which.
2. Chance lets the proxy attack, with probability `ordered_rate` [q] if ordered and `restrained_rate` [r] if restrained;
   if all is quiet the game ends.
3. The Defender, attacked, does nothing, hits the proxy, or hits the Sponsor.

**Payoffs** are sums of terms, in brackets the symbols of the formulas below. An attack brings the Sponsor `attack_gain`
[v]; an order costs it `order_cost` [k], a hit on the proxy `proxy_harm` [hP], a hit on itself `sponsor_harm` [hS]. The
loss from the attack is sunk for the Defender. To do nothing is worth 0 to it, to hit the proxy `proxy_strike_gain` [bP]
less `proxy_strike_cost` [cP], to hit the Sponsor `blame_gain` [bS] less `sponsor_strike_cost` [cS] if the attack was
ordered, and minus `error_cost` [w] less `sponsor_strike_cost` if it was not.

**Events.** `deterrence_failure`: the proxy attacks. `spiral`: the Defender hits the Sponsor.

**Result.** Let :math:`u_0 = \max(0, b_P - c_P)` be the best short of hitting the Sponsor, and :math:`h_0` be
:math:`h_P` if that is to hit the proxy, else 0. An attack was ordered with probability :math:`\varphi = \sigma
q/(\sigma q + (1 - \sigma)r)`, and the Defender hits the Sponsor where :math:`\varphi \ge \varphi^*`,

.. math:: \varphi^* = \frac{u_0 + c_S + w}{b_S + w}, \qquad
          \rho^* = \frac{v - h_0 - k/(q - r)}{h_S - h_0}.

With :math:`h_S > h_0`, :math:`b_S + w > 0`, :math:`0 < \varphi^*` and ties apart, the outcome is unique:

==========================  =================================  ===================================================
where                       the Sponsor                        the Defender
==========================  =================================  ===================================================
:math:`\rho^* < 0`          restrains the proxy: *deterred*    never hits the Sponsor
:math:`\varphi^* > 1`       orders if :math:`\rho^* > 0`       never hits the Sponsor: *nothing is proved*
:math:`\varphi^* < 1`,      orders with probability            hits the Sponsor with probability :math:`\rho^*`
:math:`0 < \rho^* < 1`      :math:`\sigma^*`
:math:`\varphi^* < 1`,      orders: *undeterrable*             hits the Sponsor
:math:`\rho^* > 1`
==========================  =================================  ===================================================

.. math:: \sigma^* = \frac{r\varphi^*}{r\varphi^* + q(1 - \varphi^*)}, \qquad
          P(attack) = \frac{qr}{r\varphi^* + q(1 - \varphi^*)}.

**Comparative statics** of the mixed case: more attacks without an order (:math:`r`, deniability) mean more orders, more
attacks and, if an order costs something, fewer hits on the Sponsor; what is at stake for the Sponsor (:math:`v`,
:math:`h_S`) moves how often it is hit and not how often it orders. They hold strictly inside the mixed case alone: at
:math:`\varphi^* = 1`, which is a point of two cases, they are weak.

**Literature.** Made for this shelf, not published. Related are Byman and Kreps (2010) on state sponsors as principals,
Schultz (2010) on support that can be denied, Bapat (2012) on sponsorship as coercion, and games of inspection. The
variant with a *strategic* proxy, which attacks against its orders where a private motive, uniform on an interval,
exceeds what that costs it, is no finite tree. Its formulas, with :math:`k = 0`, are :math:`\rho = (v - h_P)/(h_S -
h_P)`, :math:`r = 1 - s_0 - (1 - \rho)t` and :math:`\sigma` as above. The game `delegation` has a proxy of two types
that decides, and a signal of who decided.

>>> game = MODEL.build()
>>> game
Game('proxy': 2 players, 2 information sets, 8 terminal histories)
>>> print(game.payoffs[("restrain", "attack", "sponsor")]["Defender"])
-error_cost - sponsor_strike_cost
"""

from __future__ import annotations

from typing import Final

from deterrence.game import Move
from deterrence.models.base import Claim, Description, Model, Settings, Term
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_PARAMETERS: Final = (
    Parameter("attack_gain", "", "What an attack brings the Sponsor, ordered or not [v].", "Sponsor utility"),
    Parameter("order_cost", "", "What an order costs the Sponsor [k].", "Sponsor utility"),
    Parameter("sponsor_harm", "", "What being hit costs the Sponsor [hS].", "Sponsor utility"),
    Parameter("proxy_harm", "", "What a hit on the proxy costs the Sponsor [hP].", "Sponsor utility"),
    Parameter(
        "ordered_rate", "0 < ordered_rate <= 1", "Probability of an attack if it is ordered [q].", "probability"
    ),
    Parameter(
        "restrained_rate", "0 <= restrained_rate < 1", "Probability of an attack if the proxy is restrained [r].",
        "probability",
    ),
    Parameter(
        "blame_gain", "", "What it brings the Defender to hit a Sponsor that ordered the attack [bS].",
        "Defender utility",
    ),
    Parameter(
        "error_cost", "", "What it costs the Defender to hit a Sponsor that had restrained the proxy [w].",
        "Defender utility",
    ),
    Parameter("sponsor_strike_cost", "", "What hitting the Sponsor costs in any case [cS].", "Defender utility"),
    Parameter("proxy_strike_gain", "", "What hitting the proxy brings the Defender [bP].", "Defender utility"),
    Parameter("proxy_strike_cost", "", "What hitting the proxy costs the Defender [cP].", "Defender utility"),
)

_ASSUME: Final = {"restrained_rate < ordered_rate": "the meaning of the words: an order makes an attack likelier"}

_DRAWING: Final = """\
Sponsor --order----- chance --attack (ordered_rate)-----+
       |                   \\--quiet                     +-- Defender --nothing
       |                                                |            \\--proxy
       \\--restrain-- chance --attack (restrained_rate)--+             \\--sponsor
                           \\--quiet
"""

_SPARED: Final = "proxy_strike_gain < proxy_strike_cost"
_HIT: Final = "proxy_strike_gain > proxy_strike_cost"


def _cases(text: str) -> str:
    """The same for a Defender that leaves the proxy alone and for one that hits it; u0 and h0 as in the summary."""
    spared = text.replace("u0", "0").replace("h0", "0")
    hit = text.replace("u0", "(proxy_strike_gain - proxy_strike_cost)").replace("h0", "proxy_harm")
    return f"({_SPARED} and {spared} or {_HIT} and {hit})"


_GAP: Final = "(ordered_rate - restrained_rate)"
_TEMPTS: Final = f"order_cost < (attack_gain - h0)*{_GAP}"
_HURTS: Final = f"(attack_gain - h0)*{_GAP} < order_cost + (sponsor_harm - h0)*{_GAP}"
_RIGHT: Final = "u0 + sponsor_strike_cost < blame_gain"
_WRONG: Final = "0 < u0 + sponsor_strike_cost + error_cost"
_INSIDE: Final = f"{_TEMPTS} and {_HURTS} and {_RIGHT} and {_WRONG}"
_MIXED: Final = f"{_cases(_INSIDE)} and restrained_rate > 0"
_EDGE: Final = f"{_cases(_INSIDE.replace(_RIGHT, _RIGHT.replace('<', '<=')))} and restrained_rate > 0"
_PLAIN: Final = f"{_cases('sponsor_harm > h0')} and blame_gain + error_cost > 0 and restrained_rate > 0"
_RATE: Final = (
    "(restrained_rate*(u0 + sponsor_strike_cost + error_cost) + ordered_rate*(blame_gain - u0 - sponsor_strike_cost))"
)
_PROVED: Final = "proved on the atlas in all parameters"
_INSIDE_ONLY: Final = "inside the mixed case; else the Sponsor always or never orders"


def _moves(words: str, statement: str, when: str = _INSIDE_ONLY) -> Claim:
    return Claim(words, "holds in part", _PROVED, "", f"{statement} when {_MIXED}", None, when)


_ORDERS: Final = "strictly inside the mixed case; weakly at phi* = 1"
_HITS: Final = "inside the mixed case; else the Defender always or never hits the Sponsor"

_CLAIMS: Final = (
    Claim(
        "There is one outcome.", "holds in part", _PROVED, "", f"generically unique when {_PLAIN}", None,
        "ties apart, where being hit costs the Sponsor more than what else follows and blame brings more if it is "
        "right; otherwise three equilibria can exist",
    ),
    Claim(
        "Inside the mixed case the chance of an attack is q*r/(r*phi* + q*(1 - phi*)).", "holds", _PROVED, "",
        "{} when {}".format(
            _cases(f"P[attack]*{_RATE} == ordered_rate*restrained_rate*(blame_gain + error_cost)"), _MIXED
        ),
    ),
    Claim(
        "There the Sponsor orders with probability r*phi*/(r*phi* + q*(1 - phi*)).", "holds", _PROVED, "",
        "{} when {}".format(
            _cases(f"P[order]*{_RATE} == restrained_rate*(u0 + sponsor_strike_cost + error_cost)"), _MIXED
        ),
    ),
    Claim(
        "There the Defender hits it after rho* = (v - h0 - k/(q - r))/(hS - h0) of the attacks.", "holds", _PROVED, "",
        "{} when {}".format(
            _cases(f"P[sponsor | attack]*(sponsor_harm - h0)*{_GAP} == (attack_gain - h0)*{_GAP} - order_cost"), _MIXED
        ),
    ),
    Claim(
        "Where even proof would not make hitting the Sponsor pay (phi* > 1) it is never hit.", "holds", _PROVED, "",
        f"P[sponsor] == 0 when {_cases('u0 + sponsor_strike_cost > blame_gain')} and {_PLAIN}",
    ),
    Claim(
        "A Sponsor that an attack is not worth its order to is deterred: it never orders (rho* < 0).", "holds", _PROVED,
        "", f"P[order] == 0 when {_cases(f'order_cost > (attack_gain - h0)*{_GAP} and {_WRONG}')} and {_PLAIN}",
    ),
    Claim(
        "A Sponsor to which an attack is worth being hit is undeterrable: it always orders (rho* > 1).", "holds",
        _PROVED, "",
        "P[order] == 1 when {} and {}".format(
            _cases(f"order_cost + (sponsor_harm - h0)*{_GAP} < (attack_gain - h0)*{_GAP} and {_WRONG}"), _PLAIN
        ),
    ),
    _moves("The more attacks there are without an order (deniability), the more orders,",
           "P[order] increases in restrained_rate strictly"),
    _moves("and the more attacks in all.", "P[attack] increases in restrained_rate strictly"),
    Claim(
        "Deniability makes hits on the Sponsor rarer, for each attack.", "holds in part", _PROVED, "",
        f"P[sponsor | attack] decreases in restrained_rate strictly when {_MIXED} and order_cost > 0", None,
        "inside the mixed case, if an order costs something",
    ),
    _moves("The dearer it is to hit the wrong one, the more orders,", "P[order] increases in error_cost strictly",
           _ORDERS),
    _moves("and the more attacks.", "P[attack] increases in error_cost strictly", _ORDERS),
    Claim(
        "The dearer it is to hit the wrong one, the more attacks, strictly, wherever the Sponsor may be hit.", "fails",
        "refuted on the atlas in all parameters", "", f"P[attack] increases in error_cost strictly when {_EDGE}", None,
        "at phi* = 1 (blame_gain = u0 + sponsor_strike_cost) the Sponsor orders for sure, whatever the error costs",
    ),
    _moves("What an attack brings the Sponsor does not change how often it orders,",
           "P[order] is constant in attack_gain"),
    _moves("but how often it is hit: more often.", "P[sponsor | attack] increases in attack_gain strictly", _HITS),
    _moves("What being hit costs the Sponsor does not change how often it orders,",
           "P[order] is constant in sponsor_harm"),
    _moves("but how often it is hit: less often.", "P[sponsor | attack] decreases in sponsor_harm strictly", _HITS),
    _moves("The more reliable the proxy, the fewer orders,", "P[order] decreases in ordered_rate strictly"),
    _moves("and yet the more attacks.", "P[attack] increases in ordered_rate strictly"),
)


def _describe(menus: Settings) -> Description:
    del menus
    attacked = "*, attack"
    moves = (
        Move("Sponsor", "order", None, dict.fromkeys(("order", "restrain"))),
        Move("chance", "ordered", ("order",), {"attack": "ordered_rate", "quiet": "1 - ordered_rate"}),
        Move("chance", "restrained", ("restrain",), {"attack": "restrained_rate", "quiet": "1 - restrained_rate"}),
        Move("Defender", "attacked", (attacked,), dict.fromkeys(("nothing", "proxy", "sponsor"))),
    )
    return Description(
        title="Sponsor, proxy, defender",
        moves=moves,
        terms=_terms(),
        events={"deterrence_failure": ("attack",), "spiral": ("sponsor",)},
        infosets={
            "order": "the Sponsor, at the outset",
            "attacked": "the Defender has been attacked and does not know whether that was ordered",
        },
    )


def _terms() -> tuple[Term, ...]:
    proxy, sponsor = ("proxy",), ("sponsor",)
    return (
        Term("attack", "Sponsor", "attack_gain", ("attack",), "the proxy attacks", "what the attack is for"),
        Term("order", "Sponsor", "-order_cost", ("order",), "the Sponsor orders", "means, and what may come to light"),
        Term("proxy harm", "Sponsor", "-proxy_harm", proxy, "the proxy is hit", "what the Sponsor had put into it"),
        Term("sponsor harm", "Sponsor", "-sponsor_harm", sponsor, "the Sponsor is hit", "what is destroyed"),
        Term("proxy strike gain", "Defender", "proxy_strike_gain", proxy, "the proxy is hit", "fewer means of attack"),
        Term("proxy strike cost", "Defender", "-proxy_strike_cost", proxy, "the proxy is hit", "means and opinion"),
        Term("blame gain", "Defender", "blame_gain", ("order", "sponsor"), "a Sponsor that ordered is hit",
             "those are hit who decided"),
        Term("error cost", "Defender", "-error_cost", ("restrain", "sponsor"), "a Sponsor that restrained is hit",
             "opinion, and a conflict for nothing"),
        Term("sponsor strike cost", "Defender", "-sponsor_strike_cost", sponsor, "the Sponsor is hit",
             "means, and the risk of war"),
    )


MODEL: Final = Model(
    name="proxy",
    question=(
        "How often does a sponsor order attacks that it can deny, and what does deniability do to a defender who must "
        "guess who is behind them?"
    ),
    summary=(
        "The Sponsor orders an attack or restrains its proxy, unseen. The proxy attacks at one rate if ordered and at "
        "a lower one if restrained. The Defender sees an attack alone, and does nothing, hits the proxy, or hits the "
        "Sponsor."
    ),
    players=("Sponsor", "Defender"),
    play=(
        "The Sponsor orders an attack or restrains the proxy, unseen.",
        "Chance lets the proxy attack, with probability `ordered_rate` or `restrained_rate`; else the game ends.",
        "The Defender, attacked, does nothing, hits the proxy, or hits the Sponsor.",
    ),
    drawing=_DRAWING,
    parameters=_PARAMETERS,
    assume=_ASSUME,
    options={},
    events={"deterrence_failure": "the proxy attacks", "spiral": "the Defender hits the Sponsor"},
    literature=("byman_kreps2010", "schultz2010", "bapat2012"),
    departures=(
        "A minimal game made for this shelf; there is no single published source. The proxy's rates are given. The "
        "variant with a strategic proxy, whose motive is drawn from an interval, is no finite tree and is not in the "
        "game: the tests check that its formulas are an equilibrium."
    ),
    findings=(
        "With u0 = max(0, proxy_strike_gain - proxy_strike_cost), and h0 = proxy_harm where u0 > 0 and else 0, "
        "the Defender hits the Sponsor where it believes that the attack was ordered with probability phi* = (u0 + "
        "sponsor_strike_cost + error_cost)/(blame_gain + error_cost) at least.",
        "Where attacks tempt the Sponsor but not at the price of being hit for each, both mix: the Sponsor orders so "
        "often that the Defender is indifferent, the Defender hits so often that the Sponsor is. So what is at stake "
        "for the Sponsor moves the hits and not the attacks, and what is at stake for the Defender the attacks and "
        "not the hits.",
        "Deniability (restrained_rate) brings more orders, more attacks and, if an order costs something, fewer hits "
        "on the Sponsor. A more reliable proxy gets fewer orders and makes more attacks.",
    ),
    claims=_CLAIMS,
    shelf="canon",
    describe=_describe,
    lever="sponsor_harm",
)
