"""The bibliography: works by key, each with the fields of CSL (the Citation Style Language).

Docstrings and models cite by key; a key that does not exist raises, so that no citation can point nowhere.

>>> print(text("fearon1997"))
Fearon, J. D. (1997). Signaling foreign policy interests: Tying hands versus sinking costs. Journal of Conflict \
Resolution 41(1), 68-90. https://doi.org/10.1177/0022002797041001004
>>> entry("fearon1998")  # doctest: +ELLIPSIS
Traceback (most recent call last):
    ...
deterrence.errors.UnknownNameError: no reference 'fearon1998'; did you mean 'fearon1997'? ...
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .errors import UnknownNameError

__all__ = ["entry", "keys", "text"]


def _names(authors: tuple[str, ...]) -> list[dict[str, str]]:
    return [dict(zip(("family", "given"), author.split(", "), strict=True)) for author in authors]


def _article(
    authors: tuple[str, ...], year: int, title: str, journal: str, volume: int, issue: int | None, page: str = "",
    doi: str = "",
) -> dict[str, Any]:
    """An article; what could not be confirmed of issue, pages and DOI is left out."""
    known = {"volume": str(volume), "issue": "" if issue is None else str(issue), "page": page, "DOI": doi}
    return {
        "type": "article-journal", "author": _names(authors), "issued": {"date-parts": [[year]]}, "title": title,
        "container-title": journal, **{field: value for field, value in known.items() if value},
    }


def _book(authors: tuple[str, ...], year: int, title: str, publisher: str) -> dict[str, Any]:
    return {
        "type": "book", "author": _names(authors), "issued": {"date-parts": [[year]]}, "title": title,
        "publisher": publisher,
    }


_ENTRIES: Final[dict[str, dict[str, Any]]] = {
    "abreu1986": _article(
        ("Abreu, D.",), 1986, "Extremal equilibria of oligopolistic supergames", "Journal of Economic Theory", 39, 1,
        "191-225",
    ),
    "abreu1988": _article(
        ("Abreu, D.",), 1988, "On the theory of infinitely repeated games with discounting", "Econometrica", 56, 2,
        "383-396",
    ),
    "abreu_milgrom_pearce1991": _article(
        ("Abreu, D.", "Milgrom, P.", "Pearce, D."), 1991, "Information and timing in repeated partnerships",
        "Econometrica", 59, 6, "1713-1733",
    ),
    "abreu_pearce_stacchetti1986": _article(
        ("Abreu, D.", "Pearce, D.", "Stacchetti, E."), 1986, "Optimal cartel equilibria with imperfect monitoring",
        "Journal of Economic Theory", 39, 1, "251-269",
    ),
    "abreu_pearce_stacchetti1990": _article(
        ("Abreu, D.", "Pearce, D.", "Stacchetti, E."), 1990,
        "Toward a theory of discounted repeated games with imperfect monitoring", "Econometrica", 58, 5, "1041-1063",
    ),
    "angeletos_hellwig_pavan2007": _article(
        ("Angeletos, G.-M.", "Hellwig, C.", "Pavan, A."), 2007,
        "Dynamic global games of regime change: Learning, multiplicity, and the timing of attacks", "Econometrica",
        75, 3, "711-756",
    ),
    "avis2010": _article(
        ("Avis, D.", "Rosenberg, G. D.", "Savani, R.", "Stengel, B. von"), 2010,
        "Enumeration of Nash equilibria for two-player games", "Economic Theory", 42, 1, "9-37",
        "10.1007/s00199-009-0449-x",
    ),
    "baliga_bueno_wolitzky2020": _article(
        ("Baliga, S.", "Bueno de Mesquita, E.", "Wolitzky, A."), 2020, "Deterrence with imperfect attribution",
        "American Political Science Review", 114, 4, "1155-1178", "10.1017/S0003055420000362",
    ),
    "baliga_sjostrom2012": _article(
        ("Baliga, S.", "Sjöström, T."), 2012, "The strategy of manipulating conflict", "American Economic Review",
        102, 6, "2897-2922", "10.1257/aer.102.6.2897",
    ),
    "banks_sobel1987": _article(
        ("Banks, J. S.", "Sobel, J."), 1987, "Equilibrium selection in signaling games", "Econometrica", 55, 3,
        "647-661", "10.2307/1913604",
    ),
    "bapat2012": _article(
        ("Bapat, N. A.",), 2012, "Understanding state sponsorship of militant groups",
        "British Journal of Political Science", 42, 1, "1-29", "10.1017/S000712341100007X",
    ),
    "byman_kreps2010": _article(
        ("Byman, D.", "Kreps, S. E."), 2010,
        "Agents of destruction? Applying principal-agent analysis to state-sponsored terrorism",
        "International Studies Perspectives", 11, 1, "1-18",
    ),
    "cho_kreps1987": _article(
        ("Cho, I.-K.", "Kreps, D. M."), 1987, "Signaling games and stable equilibria", "Quarterly Journal of Economics",
        102, 2, "179-221", "10.2307/1885060",
    ),
    "collins1975": {
        "type": "paper-conference", "author": _names(("Collins, G. E.",)), "issued": {"date-parts": [[1975]]},
        "title": "Quantifier elimination for real closed fields by cylindrical algebraic decomposition",
        "container-title": "Automata Theory and Formal Languages", "page": "134-183",
    },
    "conitzer_sandholm2006": {
        "type": "paper-conference", "author": _names(("Conitzer, V.", "Sandholm, T.")),
        "issued": {"date-parts": [[2006]]}, "title": "Computing the optimal strategy to commit to",
        "container-title": "Proceedings of the 7th ACM Conference on Electronic Commerce", "page": "82-90",
        "DOI": "10.1145/1134707.1134717",
    },
    "crawford_sobel1982": _article(
        ("Crawford, V. P.", "Sobel, J."), 1982, "Strategic information transmission", "Econometrica", 50, 6,
        "1431-1451", "10.2307/1913390",
    ),
    "fearon1994": _article(
        ("Fearon, J. D.",), 1994, "Domestic political audiences and the escalation of international disputes",
        "American Political Science Review", 88, 3, "577-592", "10.2307/2944796",
    ),
    "fearon1997": _article(
        ("Fearon, J. D.",), 1997, "Signaling foreign policy interests: Tying hands versus sinking costs",
        "Journal of Conflict Resolution", 41, 1, "68-90", "10.1177/0022002797041001004",
    ),
    "friedman1971": _article(
        ("Friedman, J. W.",), 1971, "A non-cooperative equilibrium for supergames", "Review of Economic Studies", 38, 1,
        "1-12",
    ),
    "fink1964": {
        "type": "article-journal", "author": _names(("Fink, A. M.",)), "issued": {"date-parts": [[1964]]},
        "title": "Equilibrium in a stochastic n-person game",
        "container-title": "Journal of Science of the Hiroshima University, Series A-I", "volume": "28",
        "page": "89-93",
    },
    "friedman_fisher1999": _article(
        ("Friedman, J. H.", "Fisher, N. I."), 1999, "Bump hunting in high-dimensional data", "Statistics and Computing",
        9, 2, "123-143", "10.1023/A:1008894516817",
    ),
    "fudenberg_tirole1991": _article(
        ("Fudenberg, D.", "Tirole, J."), 1991, "Perfect Bayesian equilibrium and sequential equilibrium",
        "Journal of Economic Theory", 53, 2, "236-260", "10.1016/0022-0531(91)90155-W",
    ),
    "green_porter1984": _article(
        ("Green, E. J.", "Porter, R. H."), 1984, "Noncooperative collusion under imperfect price information",
        "Econometrica", 52, 1, "87-100",
    ),
    "hendon_jacobsen_sloth1996": {
        "type": "article-journal", "author": _names(("Hendon, E.", "Jacobsen, H. J.", "Sloth, B.")),
        "issued": {"date-parts": [[1996]]}, "title": "The one-shot-deviation principle for sequential rationality",
        "container-title": "Games and Economic Behavior", "DOI": "10.1006/game.1996.0018",
    },
    "hendricks_weiss_wilson1988": _article(
        ("Hendricks, K.", "Weiss, A.", "Wilson, C."), 1988,
        "The war of attrition in continuous time with complete information", "International Economic Review", 29, 4,
        "663-680",
    ),
    "higham2002": _book(
        ("Higham, N. J.",), 2002, "Accuracy and Stability of Numerical Algorithms, 2nd edition",
        "Society for Industrial and Applied Mathematics",
    ),
    "johansson2017": _article(
        ("Johansson, F.",), 2017, "Arb: efficient arbitrary-precision midpoint-radius interval arithmetic",
        "IEEE Transactions on Computers", 66, 8, "1281-1292", "10.1109/TC.2017.2690633",
    ),
    "howard1960": _book(("Howard, R. A.",), 1960, "Dynamic programming and Markov processes", "MIT Press"),
    "jervis1970": _book(
        ("Jervis, R.",), 1970, "The logic of images in international relations", "Princeton University Press"
    ),
    "jervis1976": _book(
        ("Jervis, R.",), 1976, "Perception and misperception in international politics", "Princeton University Press"
    ),
    "kilgour_zagare2007": _article(
        ("Kilgour, D. M.", "Zagare, F. C."), 2007, "Explaining limited conflicts",
        "Conflict Management and Peace Science", 24, 1, "65-82",
    ),
    "koller1996": _article(
        ("Koller, D.", "Megiddo, N.", "Stengel, B. von"), 1996,
        "Efficient computation of equilibria for extensive two-person games", "Games and Economic Behavior", 14, 2,
        "247-259", "10.1006/game.1996.0051",
    ),
    "kreps_wilson1982": _article(
        ("Kreps, D. M.", "Wilson, R."), 1982, "Sequential equilibria", "Econometrica", 50, 4, "863-894",
        "10.2307/1912767",
    ),
    "kreps_wilson1982b": _article(
        ("Kreps, D. M.", "Wilson, R."), 1982, "Reputation and imperfect information", "Journal of Economic Theory", 27,
        2, "253-279",
    ),
    "kydd2000": _article(
        ("Kydd, A.",), 2000, "Trust, reassurance, and cooperation", "International Organization", 54, 2, "325-357",
    ),
    "lewis_schultz2003": _article(
        ("Lewis, J. B.", "Schultz, K. A."), 2003,
        "Revealing preferences: Empirical estimation of a crisis bargaining game with incomplete information",
        "Political Analysis", 11, None, "345-367",
    ),
    "maskin_tirole2001": _article(
        ("Maskin, E.", "Tirole, J."), 2001, "Markov perfect equilibrium, I: Observable actions",
        "Journal of Economic Theory", 100, 2, "191-219",
    ),
    "maynard_smith1974": _article(
        ("Maynard Smith, J.",), 1974, "The theory of games and the evolution of animal conflicts",
        "Journal of Theoretical Biology", 47, 1, "209-221",
    ),
    "mckelvey_palfrey1995": _article(
        ("McKelvey, R. D.", "Palfrey, T. R."), 1995, "Quantal response equilibria for normal form games",
        "Games and Economic Behavior", 10, 1, "6-38",
    ),
    "milgrom_roberts1982": _article(
        ("Milgrom, P.", "Roberts, J."), 1982, "Predation, reputation, and entry deterrence",
        "Journal of Economic Theory", 27, 2, "280-312",
    ),
    "morris_shin1998": _article(
        ("Morris, S.", "Shin, H. S."), 1998, "Unique equilibrium in a model of self-fulfilling currency attacks",
        "American Economic Review", 88, 3, "587-597",
    ),
    "nalebuff1986": _article(
        ("Nalebuff, B.",), 1986, "Brinkmanship and nuclear deterrence: The neutrality of escalation",
        "Conflict Management and Peace Science", 9, 2, "19-30",
    ),
    "nash1951": _article(
        ("Nash, J.",), 1951, "Non-cooperative games", "Annals of Mathematics", 54, 2, "286-295", "10.2307/1969529"
    ),
    "padro_yared2012": _article(
        ("Padró i Miquel, G.", "Yared, P."), 2012, "The political economy of indirect control",
        "Quarterly Journal of Economics", 127, 2, "947-1015", "10.1093/qje/qjs012",
    ),
    "powell1987": _article(
        ("Powell, R.",), 1987, "Crisis bargaining, escalation, and MAD", "American Political Science Review", 81, 3,
        "717-735",
    ),
    "powell1990": _book(
        ("Powell, R.",), 1990, "Nuclear deterrence theory: The search for credibility", "Cambridge University Press"
    ),
    "powell2015": _article(
        ("Powell, R.",), 2015, "Nuclear brinkmanship, limited war, and military power", "International Organization",
        69, 3, "589-626",
    ),
    "quackenbush2006": _article(
        ("Quackenbush, S. L.",), 2006, "Not only whether but whom: Three-party extended deterrence",
        "Journal of Conflict Resolution", 50, 4, doi="10.1177/0022002706290431",
    ),
    "riley1980": _article(
        ("Riley, J. G.",), 1980, "Strong evolutionary equilibrium and the war of attrition",
        "Journal of Theoretical Biology", 82, 3, "379-400",
    ),
    "rouillier1999": _article(
        ("Rouillier, F.",), 1999, "Solving zero-dimensional systems through the rational univariate representation",
        "Applicable Algebra in Engineering, Communication and Computing", 9, None, "433-461", "10.1007/s002000050114",
    ),
    "saltelli2010": _article(
        ("Saltelli, A.", "Annoni, P.", "Azzini, I.", "Campolongo, F.", "Ratto, M.", "Tarantola, S."), 2010,
        "Variance based sensitivity analysis of model output: Design and estimator for the total sensitivity index",
        "Computer Physics Communications", 181, 2, "259-270", "10.1016/j.cpc.2009.09.018",
    ),
    "schelling1960": _book(("Schelling, T. C.",), 1960, "The strategy of conflict", "Harvard University Press"),
    "schelling1966": _book(("Schelling, T. C.",), 1966, "Arms and influence", "Yale University Press"),
    "schultz2010": _article(
        ("Schultz, K. A.",), 2010,
        "The enforcement problem in coercive bargaining: Interstate conflict over rebel support in civil wars",
        "International Organization", 64, 2, "281-312",
    ),
    "selten1975": _article(
        ("Selten, R.",), 1975, "Reexamination of the perfectness concept for equilibrium points in extensive games",
        "International Journal of Game Theory", 4, 1, "25-55", "10.1007/BF01766400",
    ),
    "selten1978": _article(
        ("Selten, R.",), 1978, "The chain store paradox", "Theory and Decision", 9, 2, "127-159",
    ),
    "shapley1953": _article(
        ("Shapley, L. S.",), 1953, "Stochastic games", "Proceedings of the National Academy of Sciences", 39, 10,
        "1095-1100",
    ),
    "sobol2001": _article(
        ("Sobol', I. M.",), 2001,
        "Global sensitivity indices for nonlinear mathematical models and their Monte Carlo estimates",
        "Mathematics and Computers in Simulation", 55, None, "271-280", "10.1016/S0378-4754(00)00270-6",
    ),
    "spence1973": _article(
        ("Spence, M.",), 1973, "Job market signaling", "Quarterly Journal of Economics", 87, 3, "355-374",
        "10.2307/1882010",
    ),
    "stengel_zamir2010": _article(
        ("Stengel, B. von", "Zamir, S."), 2010, "Leadership games with convex strategy sets",
        "Games and Economic Behavior", 69, 2, "446-457", "10.1016/j.geb.2009.11.008",
    ),
    "zagare_kilgour1993": _article(
        ("Zagare, F. C.", "Kilgour, D. M."), 1993, "Asymmetric deterrence", "International Studies Quarterly", 37, 1,
        "1-27",
    ),
    "zagare_kilgour1995": _article(
        ("Zagare, F. C.", "Kilgour, D. M."), 1995,
        "Assessing competing defense postures: The strategic implications of flexible response", "World Politics", 47,
        3, "373-417",
    ),
    "zagare_kilgour1998": _article(
        ("Zagare, F. C.", "Kilgour, D. M."), 1998, "Deterrence theory and the spiral model revisited",
        "Journal of Theoretical Politics", 10, 1, doi="10.1177/0951692898010001003",
    ),
    "zagare_kilgour2000": _book(
        ("Zagare, F. C.", "Kilgour, D. M."), 2000, "Perfect deterrence", "Cambridge University Press"
    ),
}


def keys() -> tuple[str, ...]:
    """Every key, in alphabetical order."""
    return tuple(sorted(_ENTRIES))


def entry(key: str) -> Mapping[str, Any]:
    """One work as a CSL item, its key as ``id``.

    Raises
    ------
    UnknownNameError
        with the nearest key.
    """
    if key not in _ENTRIES:
        raise UnknownNameError("reference", key, _ENTRIES)
    return {"id": key, **_ENTRIES[key]}


def text(key: str) -> str:
    """One work as a line of text: authors, year, title, where it appeared, DOI.

    Raises
    ------
    UnknownNameError
        with the nearest key.
    """
    item = entry(key)
    authors = " and ".join(f"{author['family']}, {author['given']}" for author in item["author"])
    head = f"{authors} ({item['issued']['date-parts'][0][0]}). {item['title']}."
    if item["type"] == "book":
        return f"{head} {item['publisher']}."
    number = f" {item['volume']}" if "volume" in item else ""
    issue = f"({item['issue']})" if "issue" in item else ""
    pages = f", {item['page']}" if "page" in item else ""
    doi = f" https://doi.org/{item['DOI']}" if "DOI" in item else ""
    return f"{head} {item['container-title']}{number}{issue}{pages}.{doi}"
