r"""Delegation and blame: a sponsor, a group that it controls in part, and a defender who must guess who decided.

The question: "whether initiated by Tehran or by allied groups deciding to act on their own". When does blaming the
sponsor deter it, does knowing better who decided make attacks rarer, and what is control over the groups worth to each
side?

**Players and types.** Iran, the group and the US. The group is *zealous* with probability `zeal`, else *obedient*; it
alone knows. For its own sake an obedient group would not attack against Iran's word, and a zealous one would.

**Order of moves.**

1. Chance draws the type of the group.
2. Iran authorises an attack or restrains the group; the group learns which, the US does not.
3. The group attacks or holds; to hold ends the game.
4. Chance makes the attack look sponsored or rogue. An authorised attack looks sponsored with probability `detection`,
   an unauthorised one with probability `false_alarm`.
5. The US has seen the attack and how it looks; it ignores it, hits the group, or hits Iran.

**Payoffs** are sums of terms; nothing is paid where the group holds. An attack costs the US `loss`, and

================  ======================  ==========================  ==============================================
where             Iran                    the group, type :math:`t`   the US
================  ======================  ==========================  ==============================================
authorised        `gain`                  :math:`motive_t`
restrained        `stray_gain`            :math:`motive_t` less
                                          `discipline`
the group is hit  less `asset_loss`       less `group_harm`           less `group_strike_cost`
Iran is hit       less `sponsor_harm`                                 less `sponsor_strike_cost`, and less `error_cost`
                                                                      if it had restrained the group
================  ======================  ==========================  ==============================================

What an answer costs the US is net of what it gains by it, compared with no answer.

**Events.** `deterrence_failure`: the group attacks. `spiral`: the US hits Iran, so that the two clash directly.

**Notation.** :math:`z` is `zeal`, :math:`d` `detection`, :math:`f` `false_alarm`. The best answer short of Iran brings
the US :math:`u = \max(0, -group\_strike\_cost)`. With :math:`a` = `asset_loss` and :math:`D` = `group_harm` if that
answer is to hit the group, else both 0,

.. math::

    G = gain - a,\quad S = stray\_gain - a,\quad K = sponsor\_harm - a,\quad T = G - zS,\quad
    c = sponsor\_strike\_cost + u,\quad L = -(c + error\_cost)/c.

:math:`T` tempts Iran to authorise; blaming it costs the US :math:`c` if it is right, :math:`c + error\_cost` if it is
wrong. *Blame pays if and only if it is right* where :math:`c < 0 < c + error\_cost`; the US then hits Iran where the
odds that the attack was authorised exceed :math:`L`. Let :math:`q` and :math:`r` be the probabilities of an attack if
Iran authorises it and if it restrains the group, :math:`\sigma` that it authorises, :math:`h_s` that the US hits Iran
after look :math:`s`, :math:`H_A` and :math:`H_U` that an authorised and an unauthorised attack ends so. Iran authorises
where :math:`q(G - H_A K) > r(S - H_U K)`; type :math:`t` attacks on Iran's word where :math:`motive_t > (1 - H_A)D`,
and against it where :math:`motive_t - discipline > (1 - H_U)D`.

**Where the types do as their names say** whatever the US does (the obedient attacks on Iran's word alone, the zealous
always: :math:`motive_{obedient}` and :math:`motive_{zealous} - discipline` exceed 0 and :math:`D`, and
:math:`motive_{obedient} - discipline` is below both), :math:`q = 1` and :math:`r = z`. If blame pays if and only if it
is right and :math:`K > 0`, the equilibria are, ties apart,

====  ==================================================  ==============================================================
row   where                                               play, and the probability of an attack
====  ==================================================  ==============================================================
1     :math:`T < 0`                                       Iran restrains the group and is never hit; :math:`z`
2     :math:`0 < T < K(d - zf)`                           Iran mixes, and is hit after some attacks that look sponsored;
                                                          :math:`z(d + Lf)/(d + Lzf)`
3     :math:`T` between :math:`K(d - zf)` and             Iran mixes, and is hit after all attacks that look sponsored
      :math:`K(1 - z)`                                    and some that look rogue;
                                                          :math:`z(1 - d + L(1 - f))/(1 - d + Lz(1 - f))`
4     :math:`T > K(1 - z)`                                Iran authorises, and is hit after every attack; 1
====  ==================================================  ==============================================================

Restraint saves Iran :math:`K(d - zf)` where blame follows the sponsored look alone, :math:`K(1 - z)` where it follows
every attack. One row applies, but in :math:`K(1 - z) < T < K(d - zf)` rows 2, 3 and 4 do. Blame deters in part where
:math:`T < K(1 - z)`, but never wholly while Iran is tempted: if nothing is authorised, nobody is blamed.

**Better attribution** is a higher :math:`d` or a lower :math:`f`. *It raises the chance of an attack exactly in row 3.*
There blame after the sponsored look does not suffice; the US hits Iran after some attacks that look rogue too, so that
it must be indifferent about those. The better the attribution, the more a rogue look clears Iran, and the more often
Iran can authorise before the US would rather hit it all the same. In row 2 the same indifference, after the sponsored
look, works the other way. If :math:`K(d - zf) < T < K(1 - z)` the equilibrium is unique: attacks rise with attribution
until blame after the sponsored look suffices; there they fall at once, and keep falling.

**The region in general.** Now let hits move the group, and assume no sign. Off the edges (no equation among the
parameters) and with :math:`0 < f < d < 1`: where attacks happen and Iran does not mix, :math:`h_s` is 0 or 1, the same
after both looks, and the probability of an attack is :math:`q` or :math:`r`, whatever the attribution. Where Iran
mixes, blame pays if and only if it is right, the US mixes after exactly one look (its odds after the two differ, and at
fixed :math:`h` Iran's indifference is an equation among parameters), and one information set of the group mixes at
most, as each such indifference fixes :math:`h_s`. With the likelihood ratio :math:`\rho = f/d` if that look is the
sponsored one, :math:`(1 - f)/(1 - d)` if it is the rogue one, the odds of :math:`\sigma` are :math:`L\rho w` and

.. math:: P(attack) = r\,\frac{1 + L\rho}{1 + L\rho w}, \qquad w = \frac{r}{q} = \frac{G - H_A K}{S - H_U K}.

Better attribution lowers the ratio of the sponsored look and raises that of the rogue look, and matters to attacks
through nothing else. Differentiating at fixed :math:`q` and :math:`r`, at fixed :math:`r`, and at fixed :math:`q`,
:math:`P(attack)` rises with :math:`\rho` exactly where

- no set of the group mixes, and :math:`w < 1`;
- type :math:`t` mixes on Iran's word (:math:`H_A = \kappa = 1 - motive_t/D`), and :math:`1 - w > \rho(1 + L\rho)w'`:
  after the sponsored look :math:`H_U = \kappa\rho` and :math:`w' = w\kappa K/(S - H_U K)`, after the rogue look
  :math:`1 - H_U = (1 - \kappa)\rho` and :math:`w' = -w(1 - \kappa)K/(S - H_U K)`;
- type :math:`t` mixes against Iran's word (:math:`H_U = \kappa = 1 - (motive_t - discipline)/D`), and
  :math:`Lw(1 - w) + (1 + L\rho)w' > 0`: after the sponsored look :math:`H_A = \kappa/\rho` and :math:`w' = \kappa
  K/(\rho^2(S - \kappa K))`, after the rogue look :math:`1 - H_A = (1 - \kappa)/\rho` and :math:`w' = -(1 -
  \kappa)K/(\rho^2(S - \kappa K))`.

The second case is the *shield*: an obedient group that fears being hit attacks on Iran's word only if Iran takes the
blame with probability :math:`\kappa` at least. Attribution then also moves how often the group obeys, and better
attribution can raise attacks even where blame follows the sponsored look alone.

**What control is worth.** Control over the group is :math:`1 - z`. Let the types do as their names say. In rows 2 and 3
attacks rise with :math:`z`; the payoff of the US is :math:`z/(1 + L\rho z)` times a factor free of :math:`z`, negative
if :math:`loss + sponsor\_strike\_cost > 0`, so that it loses by :math:`z`. The payoff of Iran is

.. math:: z\,\frac{\delta s - \varphi g}{\delta - z\varphi}, \qquad
          (\delta, \varphi, g, s) = (d, f, G, S) \text{ or } (1 - d, 1 - f, G - dK, S - fK)

in row 2 or 3: control is worth something to Iran exactly where :math:`\delta s < \varphi g`. Otherwise attacks that it
did not order, and is blamed for less often, are worth more to it than control. From row to row less control can mean
*fewer* attacks: zealots who bring Iran as much make its word needless.

**Literature.** Baliga, Bueno de Mesquita and Wolitzky (2020) on deterrence with imperfect attribution, where better
identification can raise attacks too; Padró i Miquel and Yared (2012) on indirect control; Byman and Kreps (2010),
Schultz (2010) and Bapat (2012) on sponsors and groups. At its core is the minimal game `proxy` of the canon, with a
signal, and with a group that decides. Departures: one group and one attack; the signal has two values; answers are of
fixed size, and hitting Iran is the last move, what follows being in its costs.

>>> game = MODEL.build()
>>> game
Game('delegation': 3 players, 7 information sets, 28 terminal histories)
>>> print(game.payoffs[("zealous", "restrain", "attack", "sponsored", "hit sponsor")]["US"])
-loss - sponsor_strike_cost - error_cost
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from deterrence.game import Move
from deterrence.models.base import Claim, Description, Menu, Model, Option, Term
from deterrence.parameters import Parameter

__all__ = ["MODEL"]

_TYPES: Final = {"obedient": "1 - zeal", "zealous": "zeal"}
_ORDERS: Final = {"authorise": "authorised", "restrain": "restrained"}
_LOOKS: Final = ("sponsored", "rogue")

_PARAMETERS: Final = (
    Parameter(
        "zeal", "0 < zeal < 1", "Probability that the group is zealous, as Iran and the US see it.", "probability"
    ),
    Parameter(
        "detection", "0 <= detection <= 1", "Probability that an authorised attack looks sponsored.", "probability"
    ),
    Parameter(
        "false_alarm", "0 <= false_alarm <= 1", "Probability that an unauthorised attack looks sponsored.",
        "probability",
    ),
    Parameter(
        "gain", "",
        "What an attack that it authorised brings Iran before any answer (negative: it costs more than it brings).",
        "Iranian utility",
    ),
    Parameter(
        "stray_gain", "", "What an attack that it did not authorise brings Iran (negative: it harms it).",
        "Iranian utility",
    ),
    Parameter("sponsor_harm", "", "What being hit costs Iran (negative: it pays).", "Iranian utility"),
    Parameter(
        "asset_loss", "", "What a hit on the group costs Iran (negative: it binds the group closer).", "Iranian utility"
    ),
    Parameter(
        "motive_obedient", "", "What an attack is worth to an obedient group, whoever wants it.", "group utility"
    ),
    Parameter("motive_zealous", "", "What an attack is worth to a zealous group, whoever wants it.", "group utility"),
    Parameter("discipline", "discipline >= 0", "What attacking against Iran's word costs the group.", "group utility"),
    Parameter("group_harm", "", "What being hit costs the group (negative: it pays, in recruits).", "group utility"),
    Parameter("loss", "loss >= 0", "What an attack costs the US, the answer apart.", "US utility"),
    Parameter(
        "group_strike_cost", "",
        "What hitting the group costs the US, compared with no answer (negative: it pays).", "US utility",
    ),
    Parameter(
        "sponsor_strike_cost", "",
        "What hitting an Iran that authorised the attack costs the US, compared with no answer (negative: it pays).",
        "US utility",
    ),
    Parameter(
        "error_cost", "error_cost >= 0", "What it costs on top to hit an Iran that had restrained the group.",
        "US utility",
    ),
)

_ASSUME: Final = {
    "detection >= false_alarm": "the meaning of the words: what looks sponsored is no less likely if it is",
    "motive_obedient <= discipline": "the meaning of obedient: it does not attack against Iran's word for its own sake",
    "motive_zealous >= discipline": "the meaning of zealous: it does",
}

_ANSWERS: Final = Option(
    meaning="the answers short of hitting Iran that are open to the US; hitting Iran always is",
    choices={"ignore": "no answer", "hit group": "a strike on the group that attacked"},
    default=("ignore", "hit group"),
    least=1,
    most=2,
)


_DRAWING: Final = """\
chance --obedient (1 - zeal)--+          +--authorise--+
      \\--zealous (zeal)-------+-- Iran --+             +-- Group (type, order) --hold
                                         +--restrain---+                     |
                                                                          attack
                                                                             |
   +--sponsored (detection if authorised, false_alarm if restrained)----- chance
   +--rogue (the rest)-------------------------------------------------------+
   |
US (look) --ignore
         \\--hit group
          \\--hit sponsor
"""

_OVER: Final = ("zeal", "detection", "false_alarm", "gain", "stray_gain", "sponsor_harm", "asset_loss")
_HIT: Final = ("detection", "motive_obedient")

_T: Final = "gain - asset_loss - zeal*(stray_gain - asset_loss)"
_K: Final = "(sponsor_harm - asset_loss)"
_SOME: Final = f"{_K}*(detection - zeal*false_alarm)"
_ALL: Final = f"{_K}*(1 - zeal)"
_HURTS: Final = "sponsor_harm > asset_loss"
_OFF: Final = f"{_T} != 0 and {_T} != {_SOME} and {_T} != {_ALL}"
_ROW_2: Final = f"0 < {_T} and {_T} < {_SOME} and {_T} < {_ALL} and {_HURTS}"
_ROW_3: Final = f"{_SOME} < {_T} and {_T} < {_ALL}"
_THREE: Final = f"{_ALL} < {_T} and {_T} < {_SOME}"
_SELDOM: Final = "detection*(stray_gain - asset_loss) < false_alarm*(gain - asset_loss)"
_LATE: Final = (
    f"(1 - detection)*(stray_gain - asset_loss - false_alarm*{_K}) < "
    f"(1 - false_alarm)*(gain - asset_loss - detection*{_K})"
)
_MIXED: Final = (
    "order: mixes authorise and restrain; obedient authorised: {}; obedient restrained: hold; zealous authorised: "
    "attack; zealous restrained: attack; looks sponsored: {}; looks rogue: {}"
)
_BLAMED: Final = ("hit sponsor", "mixes hit group and hit sponsor")
_LABEL_3: Final = _MIXED.format("attack", *_BLAMED)
_SHIELD_3: Final = _MIXED.format("mixes attack and hold", *_BLAMED)
_SHIELD_2: Final = _MIXED.format("mixes attack and hold", "mixes hit group and hit sponsor", "hit group")
_KAPPA_K: Final = "13/10*(1 - 2*motive_obedient)"
_N: Final = f"(3/10*detection - {_KAPPA_K}/5)"
_M: Final = f"(4/5 - {_KAPPA_K})"
_UP: Final = f"{_N}*({_N} - {_M}*detection) < (detection + 7/15)/5*{_KAPPA_K}*{_M}"

_BY_HAND: Final = "derived in the module, and proved on the atlas in seven parameters"
_PROVED: Final = "proved on the atlas in seven parameters"
_SHIELDED: Final = "derived in the module, and proved on the atlas in two parameters"

_CLAIMS: Final = (
    Claim(
        "The better the US knows who decided, the rarer attacks are.", "fails",
        "refuted on the atlas in seven parameters; in the shipped scenario detection 1/2 and 3/5 give P(attack) = "
        "142/187 and 34/43",
        "", "P[attack] decreases in detection", _OVER,
        "it fails exactly where blame of attacks that look sponsored does not suffice, so that Iran is also hit after "
        "some that look rogue",
    ),
    Claim(
        "Better identification can raise attacks: it always does where blame of every attack would deter Iran and "
        "blame of those that look sponsored would not.",
        "holds", _BY_HAND, "baliga_bueno_wolitzky2020",
        f"P[attack] increases in detection strictly when {_ROW_3} and {_HURTS}", _OVER,
    ),
    Claim(
        "There more attacks come with every fall in false alarms, too.", "holds", _BY_HAND, "",
        f"P[attack] decreases in false_alarm strictly when {_ROW_3} and {_HURTS}", _OVER,
    ),
    Claim(
        "There the equilibrium is unique.", "holds in part", _BY_HAND, "",
        f"generically unique when {_ROW_3} and {_HURTS}", _OVER,
        "off the edge detection == false_alarm, where it does not matter after which look the US hits Iran",
    ),
    Claim(
        "Nowhere else does a gain in detection bring more attacks, in any equilibrium.", "holds in part", _BY_HAND, "",
        f"P[attack] decreases in detection when not ({_ROW_3} or {_THREE}) and {_OFF}", _OVER,
        "off the edges, where T is 0 or equal to a bound; where K*(1 - zeal) < T < K*(detection - zeal*false_alarm), "
        "in which three equilibria coexist, attacks rise in one, fall in one, and are certain in one",
    ),
    Claim(
        "Nowhere else does a fall in false alarms bring more attacks.", "holds in part", _BY_HAND, "",
        f"P[attack] increases in false_alarm when not ({_ROW_3} or {_THREE}) and {_OFF}", _OVER,
        "off the edges, and with the same exception, as for detection",
    ),
    Claim(
        "Iran mixes and is hit after some attacks that look rogue exactly where what tempts it lies between what "
        "blame of sponsored looks and blame of all attacks takes from it.",
        "holds in part", _BY_HAND, "", f'exists("{_LABEL_3}") iff {_ROW_3} or {_THREE} when {_OFF}', _OVER,
        "off the edges; whatever the signs",
    ),
    Claim(
        "Wherever it is, beside other equilibria or not, attacks rise with detection.", "holds", _BY_HAND, "",
        f'P[attack] increases in detection strictly within "{_LABEL_3}"', _OVER,
    ),
    Claim(
        "The worst case never worsens with detection outside the region where blame of every attack alone deters.",
        "holds", _BY_HAND, "",
        f"max P[attack] decreases in detection when not ({_ROW_3}) and {_HURTS}", _OVER,
    ),
    Claim(
        "Blame can deter the sponsor wholly.", "fails",
        "refuted on the atlas in seven parameters; in the shipped scenario P(authorise) = 112/187", "",
        f"P[authorise] == 0 when {_HURTS}", _OVER,
        "only an Iran that is not tempted (T <= 0) restrains the group for sure: if nothing is authorised, nobody is "
        "blamed",
    ),
    Claim(
        "As long as Iran is tempted it authorises some attacks.", "holds", _BY_HAND, "",
        f"P[authorise] > 0 when {_T} > 0 and false_alarm > 0", _OVER,
    ),
    Claim(
        "Blame deters in part exactly where blame of every attack would outweigh the temptation.", "holds in part",
        _BY_HAND, "",
        f"(P[authorise] < 1 or {_T} > {_ALL}) and (P[authorise] == 1 or {_T} < {_ALL} or {_T} < {_SOME}) when {_HURTS} "
        f"and {_OFF}",
        _OVER,
        "off the edges; where attribution is so good that blame of sponsored looks alone outweighs it (T "
        "< K*(detection - zeal*false_alarm)), deterrence in part is one equilibrium beside an Iran that authorises all",
    ),
    Claim(
        "Hitting Iran harder never makes attacks likelier, at worst.", "holds", _PROVED, "",
        "max P[attack] decreases in sponsor_harm", _OVER,
    ),
    Claim(
        "Hitting Iran harder always makes attacks rarer.", "fails", "refuted on the atlas in seven parameters", "",
        f"P[attack] decreases in sponsor_harm strictly when {_ROW_3} and {_HURTS}", _OVER,
        "while Iran and the US both mix it does not change attacks at all: the US hits Iran less often instead",
    ),
    Claim(
        "Where Iran is hit after some rogue looks, hitting it harder makes clashes rarer.", "holds", _PROVED, "",
        f"P[spiral] decreases in sponsor_harm strictly when {_ROW_3} and {_HURTS}", _OVER,
    ),
    Claim(
        "The less Iran controls the group, the more attacks there are.", "fails",
        "refuted on the atlas in seven parameters", "", "max P[attack] increases in zeal", _OVER,
        "it holds while Iran and the US both mix; where zealots bring Iran as much, less control can take the "
        "temptation away",
    ),
    Claim(
        "While Iran and the US both mix, the less Iran controls the group the more attacks there are.", "holds",
        _BY_HAND, "", f"P[attack] increases in zeal when {_ROW_2} or {_ROW_3} and {_HURTS}", _OVER,
    ),
    Claim(
        "Iran's control over the group is worth something to the US.", "holds in part",
        f"{_BY_HAND}, in which loss + sponsor_strike_cost > 0", "",
        f"payoff[US] decreases in zeal when {_ROW_2} or {_ROW_3} and {_HURTS}", _OVER,
        "while both mix, where hitting a guilty Iran does not gain the US more than the attack costs it",
    ),
    Claim(
        "Control over the group is worth something to Iran.", "fails", "refuted on the atlas in seven parameters",
        "", f"payoff[Iran] decreases in zeal when {_ROW_2}", _OVER,
        "where blame follows the sponsored look alone exactly if detection*(stray_gain - asset_loss) < "
        "false_alarm*(gain - asset_loss): if it is blamed often enough for attacks that it did not order",
    ),
    Claim(
        "Where blame follows the sponsored look alone, control is worth something to Iran if stray attacks are blamed "
        "on it "
        "often enough,", "holds",
        _BY_HAND, "", f"payoff[Iran] decreases in zeal when {_ROW_2} and {_SELDOM}", _OVER,
    ),
    Claim(
        "and else is not.", "holds", _BY_HAND, "",
        f"payoff[Iran] increases in zeal when {_ROW_2} and not ({_SELDOM})", _OVER,
    ),
    Claim(
        "Where Iran is hit after some rogue looks, it is so under the same condition for what is left beside blame of "
        "the sponsored look.",
        "holds", _BY_HAND, "",
        f"payoff[Iran] decreases in zeal when {_ROW_3} and {_HURTS} and {_LATE}", _OVER,
    ),
    Claim(
        "Better attribution never harms the US.", "fails", "refuted on the atlas in seven parameters", "",
        f"payoff[US] increases in detection when {_ROW_3} and {_HURTS}", _OVER,
        "it holds where blame follows the sponsored look alone; where Iran is hit after some rogue looks, the attacks "
        "that it brings may outweigh what knowing better is worth",
    ),
    Claim(
        "Better attribution serves the sponsor as well: a restrained Iran is blamed less.", "holds", _PROVED, "",
        f"payoff[Iran] increases in detection when {_ROW_2} or {_ROW_3} and {_HURTS}", _OVER,
    ),
    Claim(
        "Where blame follows the sponsored look alone, better attribution makes clashes rarer.", "holds", _PROVED, "",
        f"P[spiral] decreases in detection when {_ROW_2}", _OVER,
    ),
    Claim(
        "An obedient group that fears being hit attacks only where Iran may take the blame for it.", "holds", _SHIELDED,
        "", 'P[obedient, attack] == 0 or P["hit sponsor"] > 0 when motive_obedient < 1/2', _HIT,
    ),
    Claim(
        "So shielded, and where Iran is hit after some rogue looks, it attacks more with better attribution.",
        "holds in part", _SHIELDED, "",
        f'P[attack] increases in detection strictly within "{_SHIELD_3}" when motive_obedient > 5/26', _HIT,
        "where G > kappa*K with G = gain - asset_loss, K = sponsor_harm - asset_loss and kappa = 1 - "
        "motive_obedient/group_harm: in the shipped scenario motive_obedient > 5/26",
    ),
    Claim(
        "Where blame follows the sponsored look alone, better attribution never raises attacks.", "fails",
        "refuted on the atlas in two parameters", "", f'P[attack] decreases in detection within "{_SHIELD_2}"', _HIT,
        "it holds while no hit on the group moves it; shielded, it fails where N*(N - M) < rho*(1 + L*rho)*kappa*K*M, "
        "with rho = false_alarm/detection, N = stray_gain - asset_loss - kappa*rho*K and M = G - kappa*K",
    ),
    Claim(
        "It does raise attacks where that condition holds,", "holds", _SHIELDED, "",
        f'P[attack] increases in detection within "{_SHIELD_2}" when {_UP}', _HIT,
    ),
    Claim(
        "and lowers them where it does not.", "holds", _SHIELDED, "",
        f'P[attack] decreases in detection within "{_SHIELD_2}" when not {_UP}', _HIT,
    ),
)


def _describe(menus: Mapping[str, Menu]) -> Description:
    lesser = menus["lesser_answers"]
    moves, infosets = _moves((*lesser, "hit sponsor"))
    return Description(
        title="Delegation and blame: " + " or ".join(lesser),
        moves=moves,
        terms=_terms(lesser),
        events={"deterrence_failure": ("attack",), "spiral": ("hit sponsor",)},
        infosets=infosets,
    )


def _moves(answers: Menu) -> tuple[tuple[Move, ...], dict[str, str]]:
    moves = [
        Move("chance", "type of the group", None, dict(_TYPES)),
        Move("Iran", "order", ("*",), dict.fromkeys(_ORDERS)),
    ]
    infosets = {"order": "Iran does not know the type of the group"}
    for kind in _TYPES:
        for order, told in _ORDERS.items():
            moves.append(Move("Group", f"{kind} {told}", (f"{kind}, {order}",), dict.fromkeys(("attack", "hold"))))
            infosets[f"{kind} {told}"] = f"the group, {kind}, has been {told}"
    for order, chance in (("authorise", "detection"), ("restrain", "false_alarm")):
        looks = {"sponsored": chance, "rogue": f"1 - {chance}"}
        moves.append(Move("chance", f"look, if Iran chose to {order}", (f"*, {order}, attack",), looks))
    for look in _LOOKS:
        name = f"looks {look}"
        moves.append(Move("US", name, (f"*, *, attack, {look}",), dict.fromkeys(answers)))
        infosets[name] = f"the US has seen an attack that looks {look}; it knows neither the order nor the type"
    return tuple(moves), infosets


def _terms(lesser: Menu) -> tuple[Term, ...]:
    hit = ("hit sponsor",)
    terms = [
        Term("gain", "Iran", "gain", ("authorise", "attack"), "an authorised attack",
             "what the attack brings, its own costs taken off"),
        Term("stray gain", "Iran", "stray_gain", ("restrain", "attack"), "an unauthorised attack",
             "the same harm to the US, at a time and in a manner that Iran did not choose"),
        Term("sponsor harm", "Iran", "-sponsor_harm", hit, "the US hits Iran",
             "what is destroyed, and all that follows"),
        *(
            Term(f"motive ({kind})", "Group", f"motive_{kind}", (kind, "attack"), f"the {kind} group attacks",
                 "cause, standing and recruits, its own costs taken off")
            for kind in _TYPES
        ),
        Term("discipline", "Group", "-discipline", ("restrain", "attack"), "the group attacks against Iran's word",
             "money, weapons and protection that Iran withdraws"),
        Term("loss", "US", "-loss", ("attack",), "the group attacks", "the harm of the attack, whatever the answer"),
        Term("sponsor strike cost", "US", "-sponsor_strike_cost", hit, "the US hits Iran",
             "means, opinion and the risk of what follows, less what is gained by it"),
        Term("error cost", "US", "-error_cost", ("restrain", *hit), "the US hits an Iran that had restrained the group",
             "opinion, allies, and restraint that was punished"),
    ]
    if "hit group" in lesser:
        answer = ("hit group",)
        terms += [
            Term("asset loss", "Iran", "-asset_loss", answer, "the US hits the group", "what Iran had put into it"),
            Term("group harm", "Group", "-group_harm", answer, "the US hits the group", "people and depots"),
            Term("group strike cost", "US", "-group_strike_cost", answer, "the US hits the group",
                 "means, opinion and trouble with the host, less what is gained by it"),
        ]
    return tuple(terms)


MODEL: Final = Model(
    name="delegation",
    question=(
        '"Whether initiated by Tehran or by allied groups deciding to act on their own": when does blaming the sponsor '
        "deter it, does knowing better who decided make attacks rarer, and what is control over the groups worth?"
    ),
    summary=(
        "Iran authorises an attack or restrains the group. The group, obedient or zealous, attacks or holds. An "
        "attack looks sponsored or rogue, and the look may deceive. The US, which has seen only that, ignores the "
        "attack, hits the group, or hits Iran."
    ),
    players=("Iran", "Group", "US"),
    play=(
        "Chance draws the type of the group: zealous with probability `zeal`, else obedient.",
        "Iran, which does not know the type, authorises an attack or restrains the group.",
        "The group, knowing its type and Iran's word, attacks or holds; to hold ends the game.",
        "Chance makes the attack look sponsored, with probability `detection` if Iran authorised it and `false_alarm` "
        "if it did not, or else rogue.",
        "The US, which has seen the look alone, ignores the attack, hits the group, or hits Iran.",
    ),
    drawing=_DRAWING,
    lever="sponsor_harm",
    parameters=_PARAMETERS,
    assume=_ASSUME,
    options={"lesser_answers": _ANSWERS},
    events={
        "deterrence_failure": "the group attacks", "spiral": "the US hits Iran, so that the two clash directly",
    },
    literature=("baliga_bueno_wolitzky2020", "padro_yared2012", "byman_kreps2010", "schultz2010", "bapat2012"),
    departures=(
        "One group and one attack; the signal on which blame rests has two values. Answers are of fixed size. Hitting "
        "Iran is the last move: what follows is in its costs to both. Neither Iran nor the group can choose how an "
        "attack looks."
    ),
    findings=(
        "Let T = gain - asset_loss - zeal*(stray_gain - asset_loss) be what tempts Iran to authorise and K = "
        "sponsor_harm - asset_loss > 0 what blame costs it (asset_loss only where the US would else hit the group). "
        "If blame pays the US if and only if it is right, and the types do as their names say whatever the US does, "
        "blame of attacks that look sponsored deters in part where 0 < T < K*(detection - zeal*false_alarm), blame of "
        "others, too, where T < K*(1 - zeal), and nothing does where T is above both.",
        "Better attribution then raises the chance of an attack exactly where the US hits Iran after some attacks that "
        "look rogue: for T between K*(detection - zeal*false_alarm) and K*(1 - zeal). The more a rogue look clears "
        "Iran, the more often it can authorise before it is hit all the same. Everywhere else better attribution "
        "lowers the chance or leaves it.",
        "Blame never deters a tempted sponsor wholly: if nothing is authorised, nobody is blamed. Hitting harder "
        "changes who can be deterred; within each case it makes clashes rarer and leaves the attacks as they are.",
        "An obedient group that fears being hit attacks on Iran's word only if Iran takes the blame often enough: "
        "blame of the sponsor shields the group, and better attribution moves that as well.",
        "Attacks rise with zeal while both sides mix, and the US loses by it. Iran loses by it only if it is blamed "
        "for stray attacks often enough: where blame follows the sponsored look, if detection*(stray_gain - "
        "asset_loss) < false_alarm*(gain - asset_loss).",
    ),
    claims=_CLAIMS,
    describe=_describe,
)
