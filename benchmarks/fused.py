r"""The formulas of the 2 x 2 x 2 costly-signalling game written by hand as one loop, to measure the sweep against.

With :math:`d_S = B_S - w_S`, :math:`d_W = B_W - w_W`, :math:`q = 1 - p`, :math:`K = p(l + g) - g` and
:math:`D = d_S c_W - c_S d_W`, a type's indifference gives the probability of attack where the receiver mixes,
:math:`s = c_S / d_S` or :math:`r = c_W / d_W`, and the receiver's indifference the share :math:`v = q(l + g)/l` or
:math:`u = p(l + g)/g` in which the mixed signal is sent. The twenty families are in the order of the atlas. Only
values in floating point: no error bound, no exact decision near an edge, no points outside the domain.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from deterrence.kernels import Arrays

__all__ = ["FAMILIES", "QUANTITIES", "allocated", "fused"]

FAMILIES = 20
QUANTITIES = 6


def allocated(points: int) -> Arrays:
    """The arrays that a sweep with everything kept fills."""
    return Arrays(
        exists=np.empty((FAMILIES, points), dtype=np.bool_), count=np.empty(points, dtype=np.uint16),
        values=np.empty((QUANTITIES, FAMILIES, points)), low=np.empty((QUANTITIES, points)),
        high=np.empty((QUANTITIES, points)), unsure=np.empty(points, dtype=np.bool_),
    )


@numba.njit
def _put(
    f: int, i: int, e: bool, a0: float, a1: float, a2: float, a3: float, a4: float, a5: float,
    exists: Any, values: Any, low: Any, high: Any,
) -> None:
    exists[f, i] = e
    if e:
        values[0, f, i], values[1, f, i], values[2, f, i] = a0, a1, a2
        values[3, f, i], values[4, f, i], values[5, f, i] = a3, a4, a5
        low[0, i], low[1, i], low[2, i] = min(low[0, i], a0), min(low[1, i], a1), min(low[2, i], a2)
        low[3, i], low[4, i], low[5, i] = min(low[3, i], a3), min(low[4, i], a4), min(low[5, i], a5)
        high[0, i], high[1, i], high[2, i] = max(high[0, i], a0), max(high[1, i], a1), max(high[2, i], a2)
        high[3, i], high[4, i], high[5, i] = max(high[3, i], a3), max(high[4, i], a4), max(high[5, i], a5)
    else:
        for n in range(6):
            values[n, f, i] = np.nan


@numba.njit(parallel=True, error_model="numpy")
def _loop(
    p_: Any, cs_: Any, bs_: Any, ws_: Any, l_: Any, cw_: Any, bw_: Any, ww_: Any, g_: Any,
    exists: Any, count: Any, values: Any, low: Any, high: Any, outside: Any,
) -> None:
    for i in numba.prange(len(p_)):
        p, cs, bs, ws, loss = p_[i], cs_[i], bs_[i], ws_[i], l_[i]
        cw, bw, ww, g = cw_[i], bw_[i], ww_[i], g_[i]
        q, ds, dw, total = 1 - p, bs - ws, bw - ww, loss + g
        k = p * total - g
        d = ds * cw - cs * dw
        admissible = (p > 0) & (q > 0)
        up, down = admissible & (k >= 0), admissible & (k <= 0)
        lp, lm, gp, gm = loss >= 0, loss <= 0, g >= 0, g <= 0
        # What the receiver may believe off the path makes it refrain, attack, or anything between.
        one, other, same = lp | gm, lm | gp, (lp & gp) | (lm & gm)
        sp, sm, wp, wm = cs >= 0, cs <= 0, cw >= 0, cw <= 0
        s_low, s_high, s_under, s_over = cs <= ds, cs >= ds, cs <= -ds, cs >= -ds
        w_low, w_high, w_under, w_over = cw <= dw, cw >= dw, cw <= -dw, cw >= -dw
        dp, dm = d >= 0, d <= 0
        left, right = same & (ds > 0) & (dw < 0), same & (ds < 0) & (dw > 0)
        for n in range(6):
            low[n, i], high[n, i] = np.inf, -np.inf
        s, r, u, v = cs / ds, cw / dw, p * total / g, q * total / loss
        bs_p, ws_p, bw_q, ww_q = p * bs, p * ws, q * bw, q * ww
        bsc_p, wsc_p, bwc_q, wwc_q = p * (bs - cs), p * (ws - cs), q * (bw - cw), q * (ww - cw)

        e1 = up & (
            (one & sm & wm) | (other & s_low & w_low) | (left & dm & s_low & wm) | (right & dp & w_low & sm)
        )
        _put(0, i, e1, 0.0, 1.0, 0.0, 1.0, bsc_p + bwc_q, 0.0, exists, values, low, high)
        e2 = up & (
            (one & sp & wp) | (other & s_over & w_over) | (left & dp & s_over & wp) | (right & dm & w_over & sp)
        )
        _put(1, i, e2, 1.0, 0.0, 0.0, 1.0, bs_p + bw_q, 0.0, exists, values, low, high)
        e3 = down & (
            (one & s_under & w_under) | (other & sm & wm) | (left & dm & sm & w_under) | (right & dp & wm & s_under)
        )
        _put(2, i, e3, 0.0, 1.0, 1.0, 0.0, wsc_p + wwc_q, -k, exists, values, low, high)
        e4 = down & (
            (one & s_high & w_high) | (other & sp & wp) | (left & dp & sp & w_high) | (right & dm & wp & s_high)
        )
        _put(3, i, e4, 1.0, 0.0, 1.0, 0.0, ws_p + ww_q, -k, exists, values, low, high)
        e5 = admissible & sp & wm & lp & gm
        _put(4, i, e5, p, q, 0.0, 1.0, bs_p + bwc_q, 0.0, exists, values, low, high)
        e6 = admissible & sm & wp & lp & gm
        _put(5, i, e6, q, p, 0.0, 1.0, bsc_p + bw_q, 0.0, exists, values, low, high)
        e7 = admissible & s_high & w_low & lm & gm
        _put(6, i, e7, p, q, p, q, ws_p + bwc_q, -p * loss, exists, values, low, high)
        e8 = admissible & s_under & w_over & lm & gm
        _put(7, i, e8, q, p, p, q, wsc_p + bw_q, -p * loss, exists, values, low, high)
        e9 = admissible & s_over & w_under & lp & gp
        _put(8, i, e9, p, q, q, p, bs_p + wwc_q, q * g, exists, values, low, high)
        e10 = admissible & s_low & w_high & lp & gp
        _put(9, i, e10, q, p, q, p, bsc_p + ww_q, q * g, exists, values, low, high)
        e11 = admissible & sp & wm & lm & gp
        _put(10, i, e11, p, q, 1.0, 0.0, ws_p + wwc_q, -k, exists, values, low, high)
        e12 = admissible & sm & wp & lm & gp
        _put(11, i, e12, q, p, 1.0, 0.0, wsc_p + ww_q, -k, exists, values, low, high)

        ur, vs = u * r, v * s
        e13 = up & lm & ((dp & (cw < 0) & (cw > -dw)) | (dm & (cw > 0) & (cw < -dw)))
        _put(
            12, i, e13, 1 - u, u, -ur, 1 + ur, p * (bs - cs + r * ds) + bw_q, 0.0, exists, values, low, high
        )
        e14 = up & lm & ((dp & (cw < 0) & (cw > dw)) | (dm & (cw > 0) & (cw < dw)))
        _put(
            13, i, e14, u, 1 - u, ur, 1 - ur, p * (bs - r * ds) + bwc_q, 0.0, exists, values, low, high
        )
        e15 = up & gp & ((dp & (cs > 0) & (cs < ds)) | (dm & (cs < 0) & (cs > ds)))
        _put(
            14, i, e15, v, 1 - v, vs, 1 - vs, bsc_p + q * (bw - s * dw), 0.0, exists, values, low, high
        )
        e16 = up & gp & ((dp & (cs > 0) & (cs < -ds)) | (dm & (cs < 0) & (cs > -ds)))
        _put(
            15, i, e16, 1 - v, v, -vs, 1 + vs, bs_p + q * (bw - cw + s * dw), 0.0, exists, values, low, high
        )
        e17 = down & gm & ((dp & (cs < 0) & (cs > ds)) | (dm & (cs > 0) & (cs < ds)))
        _put(
            16, i, e17, 1 - v, v, 1 - vs, vs, ws_p + q * (ww - cw + s * dw), -k, exists, values, low, high
        )
        e18 = down & lp & ((dp & (cw > 0) & (cw < dw)) | (dm & (cw < 0) & (cw > dw)))
        _put(
            17, i, e18, 1 - u, u, 1 - ur, ur, p * (ws - cs + r * ds) + ww_q, -k, exists, values, low, high
        )
        e19 = down & lp & ((dp & (cw > 0) & (cw < -dw)) | (dm & (cw < 0) & (cw > -dw)))
        _put(
            18, i, e19, u, 1 - u, 1 + ur, -ur, p * (ws - r * ds) + wwc_q, -k, exists, values, low, high
        )
        e20 = down & gm & ((dp & (cs < 0) & (cs > -ds)) | (dm & (cs > 0) & (cs < -ds)))
        _put(
            19, i, e20, v, 1 - v, 1 + vs, -vs, wsc_p + q * (ww - s * dw), -k, exists, values, low, high
        )

        number = (
            int(e1) + int(e2) + int(e3) + int(e4) + int(e5) + int(e6) + int(e7) + int(e8) + int(e9) + int(e10)
            + int(e11) + int(e12) + int(e13) + int(e14) + int(e15) + int(e16) + int(e17) + int(e18) + int(e19)
            + int(e20)
        )
        count[i] = number
        if number == 0:
            for n in range(6):
                low[n, i], high[n, i] = np.nan, np.nan
        outside[i] = not admissible


def fused(columns: list[npt.NDArray[np.float64]], workers: int = 2) -> Arrays:
    """New arrays with everything at points given by a column for each parameter, in the order of the game."""
    numba.set_num_threads(workers)
    into = allocated(len(columns[0]))
    _loop(*columns, into.exists, into.count, into.values, into.low, into.high, into.unsure)
    return into
