"""Arrays for properties: a row a firm, a column a replicate."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp


def floats(low, high):
    return st.floats(low, high, allow_nan=False, allow_subnormal=False, width=64)


def table(n, replicates, low=0.0, high=1e4):
    return hnp.arrays(np.float64, (n, replicates), elements=floats(low, high))


def row(replicates, low=0.0, high=1e4):
    return hnp.arrays(np.float64, (replicates,), elements=floats(low, high))


@st.composite
def sizes(draw, firms=9):
    """Return a number of firms, beyond the eight from which NumPy adds in another order, and of replicates."""
    return draw(st.integers(1, firms)), draw(st.integers(1, 4))


def amounts(high=1e4):
    """Return amounts that are zero or worth speaking of."""
    return st.one_of(st.just(0.0), floats(1e-6, high))
