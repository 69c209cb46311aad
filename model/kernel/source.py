"""The text of a kernel in C: loops over rows of eight replicates, in the order of the tape."""

from __future__ import annotations

import math

import numpy as np

from ..tape.tape import MASK, Step
from .loops import At, flat, is_even, parts, steps
from .placing import ELEMENTWISE, LOOPS, Placed, Program

LANES = 8
"""Replicates of a row: as many as a cache line holds; more leave the cache (measured)."""

WIDEST = 8
"""Results of sums that are reckoned at once: so many registers, and no sum waits for another."""

CHAINS = 4
"""Chains in which the largest of many rows is found."""

LARGEST = ("maximum", "minimum")

TOGETHER = 60
"""Operations of one C function: more take compilers longer than in proportion."""

BINARY = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}
COMPARED = {
    "greater": ">",
    "greater_equal": ">=",
    "less": "<",
    "less_equal": "<=",
    "equal": "==",
    "not_equal": "!=",
}
LOGICAL = {"and": "({0}&{1})", "or": "({0}|{1})", "xor": "({0}^{1})", "eqv": "(~({0}^{1}))", "not": "(~{0})"}
CALLED = {
    "maximum": "MX",
    "minimum": "MN",
    "negative": "NG",
    "absolute": "AB",
    "fabs": "AB",
    "sqrt": "SQ",
    "trunc": "TC",
    "floor": "FL",
    "ceil": "CE",
    "rint": "RI",
}

PRELUDE = """
#include <math.h>
#include <string.h>
typedef double v8 __attribute__((vector_size(64), aligned(64)));
typedef long long m8 __attribute__((vector_size(64), aligned(64)));
typedef void (*numpys)(char **, const long *, const long *, void *);
static numpys loop_[4];
static void *data_[4];
#define S(x) ((v8){(x), (x), (x), (x), (x), (x), (x), (x)})
#define I(x) ((m8){(x), (x), (x), (x), (x), (x), (x), (x)})
static inline v8 CH(m8 m, v8 a, v8 b) { return (v8)((m & (m8)a) | (~m & (m8)b)); }
#ifdef __AVX512F__
#include <immintrin.h>
static inline v8 NP(v8 m, v8 b) {
  return (v8)_mm512_mask_mov_pd((__m512d)m, _mm512_cmp_pd_mask((__m512d)b, (__m512d)b, _CMP_UNORD_Q), (__m512d)b);
}
static inline v8 MX(v8 a, v8 b) { return NP((v8)_mm512_max_pd((__m512d)b, (__m512d)a), b); }
static inline v8 MN(v8 a, v8 b) { return NP((v8)_mm512_min_pd((__m512d)b, (__m512d)a), b); }
static inline v8 MXN(v8 a, v8 b) { return (v8)_mm512_max_pd((__m512d)b, (__m512d)a); }
static inline v8 MNN(v8 a, v8 b) { return (v8)_mm512_min_pd((__m512d)b, (__m512d)a); }
#else
static inline v8 MX(v8 a, v8 b) { return CH((a >= b) | (a != a), a, b); }
static inline v8 MN(v8 a, v8 b) { return CH((a <= b) | (a != a), a, b); }
#define MXN MX
#define MNN MN
#endif
static inline v8 NG(v8 a) { return -a; }
static inline v8 AB(v8 a) { return (v8)((m8)a & I(0x7fffffffffffffffLL)); }
static inline v8 DB(m8 m) { return (v8)(m & (m8)S(1.0)); }
static inline m8 TR(v8 a) { return a != S(0.0); }
static inline m8 NN(v8 a) { return a != a; }
static inline m8 FI(v8 a) { return AB(a) < S(INFINITY); }
#define EACH(name, f) static inline v8 name(v8 a) { for (int l = 0; l < 8; l++) a[l] = f(a[l]); return a; }
EACH(SQ, sqrt)
EACH(TC, trunc)
EACH(FL, floor)
EACH(CE, ceil)
EACH(RI, rint)
static inline void LP(int k, const v8 *x, v8 *y, long n) {
  char *at[2] = {(char *)x, (char *)y};
  const long step[2] = {8, 8};
  loop_[k](at, &n, step, data_[k]);
}
"""


class Tables:
    """Tables of places in a kernel's text, each there once."""

    def __init__(self, size: int) -> None:
        self.kind = "unsigned short" if size < 1 << 16 else "unsigned"
        self.names: dict[bytes, str] = {}
        self.lines: list[str] = []

    def name(self, places: np.ndarray) -> str:
        """Return the name of a table of places."""
        key = places.astype(np.int64).tobytes()
        if key not in self.names:
            self.names[key] = f"t{len(self.names)}"
            numbers = ",".join(map(str, places.tolist())) or "0"
            self.lines.append(f"static const {self.kind} {self.names[key]}[]={{{numbers}}};")
        return self.names[key]


def text_of(found: Placed, last: int, tables: Tables) -> str:
    """Return the text of a kernel's programs: one C function each, that which runs once first, the usual course in two.

    Args:
        found: the tape in memory.
        last: the first row of the last phase of the usual course.
        tables: tables of places.
    """
    usual, whole = found.courses
    end = len(usual.place)
    parts = {"prepare": (found.once, 0, end), "common": (found.common, 0, end), "whole": (whole, 0, end)}
    parts |= {"usual": (usual, 0, last), "late": (usual, last, end)}
    programs = [
        _Text(found, program, tables).functions(name, [step for step in program.roots if first <= step.first < stop])
        for name, (program, first, stop) in parts.items()
    ]
    return "\n".join([PRELUDE, *tables.lines, *programs])


class _Text:
    """Writes a program."""

    def __init__(self, found: Placed, program: Program, tables: Tables) -> None:
        self.literals, self.scratch = found.literals, found.regions["scratch"].first
        self.program, self.tables = program, tables
        self.place, self.inside = program.place, program.inside

    def functions(self, name: str, steps: list[Step]) -> str:
        """Return C functions of some operations each, and one that calls them in turn."""
        lines = [self._line(together) for together in self._together_in_loops(steps)]
        parts = range(0, len(lines), TOGETHER)
        texts = [
            f"static __attribute__((noinline)) void {name}{number}(v8 *restrict A) {{\n"
            + "\n".join(lines[begin : begin + TOGETHER])
            + "\n}"
            for number, begin in enumerate(parts)
        ]
        calls = " ".join(f"{name}{number}(A);" for number in range(len(parts)))
        return "\n".join([*texts, f"static void {name}(v8 *A) {{ {calls} }}"])

    def _together_in_loops(self, steps: list[Step]) -> list[list[Step]]:
        """Return the operations by loop: those in a row that go over their rows in the same way share one."""
        found: list[list[Step]] = []
        way = ""
        for step in steps:
            head = self._nest(step)[1] if step.name in ELEMENTWISE else ""
            if head and head == way and self._can_join(step, found[-1]):
                found[-1].append(step)
            else:
                found.append([step])
            way = head
        return found

    def _can_join(self, step: Step, others: list[Step]) -> bool:
        """Return whether an operation may run row by row beside others that come before it."""
        number = np.arange(step.count)
        begin = int(self.place[step.first])
        for other in others:
            made = int(self.place[other.first])
            if abs(made - begin) < step.count:
                return False
            before = [self.place[rows] - begin for rows in self.program.leaves(other)]
            after = [self.place[rows] - made for rows in self.program.leaves(step)]
            if any(((far >= 0) & (far < number)).any() for far in before):
                return False
            if any(((far >= 0) & (far < step.count) & (far != number)).any() for far in after):
                return False
        return True

    def _line(self, steps: list[Step]) -> str:
        """Return the loop of operations."""
        step, begin = steps[0], int(self.place[steps[0].first])
        if step.name in LOOPS:
            return self._numpys(step, begin)
        if step.name.startswith("all "):
            return self._together(step, begin)
        at, head = self._nest(step)
        to = f"A[{begin}+{at.flat}]"
        if step.name == "place of largest":
            return f"{head}{self._largest(step)}{to}=w;}}"
        if step.name == "taken":
            return f"{head}{self._taken(step)}{to}=w;}}"
        return f"{head}{''.join(self._kept(each, at) for each in steps)}}}"

    def _kept(self, step: Step, at: At) -> str:
        """Return the line that keeps what an operation makes of a row of each operand."""
        made = self._stored(self._expression(step, at), step.kind)
        return f"A[{int(self.place[step.first])}+{at.flat}]={made};"

    def _nest(self, step: Step) -> tuple[At, str]:
        """Return the place in the loops over an operation's rows, and how they begin: two where that saves tables."""
        count = step.count
        if count == 1:
            return At("0", (1,), ("0",)), "{const int i=0;(void)i;"
        read = [self.place[rows] for rows in self.program.leaves(step) if len(rows) == count]
        bent = [places for places in read if not is_even(places, (count,))]
        fits = {inner: sum(is_even(places, (count // inner, inner)) for places in bent) for inner in parts(count)}
        inner = max(fits, key=lambda each: (fits[each], each), default=0)
        if step.depth or not inner or not fits[inner]:
            return At("i", (count,), ("i",)), f"for(int i=0;i<{count};i++){{"
        outer = count // inner
        head = f"for(int k=0;k<{outer};k++)for(int l=0;l<{inner};l++){{const int i=k*{inner}+l;"
        return At("i", (outer, inner), ("k", "l")), head

    def _stored(self, expression: str, kind: str) -> str:
        """Return an expression as rows are kept."""
        return f"(v8){expression}" if kind == MASK else expression

    def _numpys(self, step: Step, begin: int) -> str:
        """Return a call of one of NumPy's loops; operands that do not stand together are gathered first."""
        rows, number = step.operands[0], LOOPS.index(step.name)
        places = self.place[rows]
        size = step.count * LANES
        together = (step.first, 0) not in self.inside and (places >= 0).all() and (np.diff(places) == 1).all()
        if together:
            return f"LP({number},A+{int(places[0])},A+{begin},{size});"
        at, head = self._nest(step)
        gathered = f"{head}A[{self.scratch}+{at.flat}]={self._operand(step, 0, at)};}}"
        return f"{gathered}LP({number},A+{self.scratch},A+{begin},{size});"

    def _together(self, step: Step, begin: int) -> str:
        """Return the loop that puts rows together, one after the other: for several results at once."""
        depth, kind = step.depth, "m8" if step.kind == MASK else "v8"
        if step.count == 1 and step.name != "all add" and depth >= 2 * CHAINS:
            return self._in_chains(step, begin, kind)
        width = self._width(step)
        outer = step.count // width
        dims, results = (depth, outer, width), range(width)
        first = [self._operand(step, 0, At(f"(k*{width}+{n})", dims, ("0", "k", str(n)))) for n in results]
        each = [
            self._operand(step, 0, At(f"(k*{width}+{n}+j*{step.count})", dims, ("j", "k", str(n)))) for n in results
        ]
        begun = "".join(f"{kind} a{n}={first[n]};" for n in results)
        joined = "".join(f"a{n}={_joined(step, f'a{n}', each[n])};" for n in results)
        kept = "".join(f"A[{begin}+k*{width}+{n}]=(v8)a{n};" for n in results)
        return f"for(int k=0;k<{outer};k++){{{begun}for(int j=1;j<{depth};j++){{{joined}}}{kept}}}"

    def _width(self, step: Step) -> int:
        """Return of how many results rows are put together at once: with as few tables, and as many, as can be."""
        count, depth = step.count, step.depth
        read = [self.place[rows] for rows in self.program.leaves(step) if len(rows) == count * depth]
        bent = [places for places in read if not is_even(places, (count * depth,))]
        widths = [width for width in (1, *parts(count), count) if width <= WIDEST]
        fits = {width: sum(is_even(places, (depth, count // width, width)) for places in bent) for width in widths}
        return max(widths, key=lambda each: (fits[each], each))

    def _in_chains(self, step: Step, begin: int, kind: str) -> str:
        """Return the loop that finds the largest or smallest of many rows: in chains, since order is nothing to it."""
        whole = step.depth - step.depth % CHAINS

        def read(place: str) -> str:
            return self._operand(step, 0, At(place, (step.depth,), (place,)))

        begun = "".join(f"{kind} a{chain}={read(str(chain))};" for chain in range(CHAINS))
        joined = "".join(f"a{chain}={_joined(step, f'a{chain}', read(f'(j+{chain})'))};" for chain in range(CHAINS))
        rest = "".join(f"a0={_joined(step, 'a0', read(str(place)))};" for place in range(whole, step.depth))
        ends = "".join(f"a0={_joined(step, 'a0', f'a{chain}')};" for chain in range(1, CHAINS))
        loop = f"for(int j={CHAINS};j<{whole};j+={CHAINS}){{{joined}}}"
        return f"{{{begun}{loop}{rest}{ends}A[{begin}]=(v8)a0;}}"

    def _largest(self, step: Step) -> str:
        """Return the loop that finds where the first of the largest stands; what is not a number is larger."""
        first, other = self._operand(step, 0, flat("i")), self._operand(step, 0, flat(f"(i+j*{step.count})"))
        inner = f"v8 x={other};m8 g=(x>b)|(NN(x)&~NN(b));b=CH(g,x,b);w=CH(g,S((double)j),w);"
        return f"v8 b={first},w=S(0.0);for(int j=1;j<{step.depth};j++){{{inner}}}"

    def _taken(self, step: Step) -> str:
        """Return the loop that takes the row whose number another row holds; numbers from the end are negative."""
        place, other = self._operand(step, 0, flat("i")), self._operand(step, 1, flat(f"(i+j*{step.count})"))
        other = f"(v8){other}" if step.kind == MASK else other
        hit = f"(q==S((double)j))|(q==S((double)(j-{step.depth})))"
        return f"v8 q={place},w=S(0.0);for(int j=0;j<{step.depth};j++){{w=CH({hit},{other},w);}}"

    def _expression(self, step: Step, at: At) -> str:
        """Return what an operation makes of the operands at a place: an expression in C."""
        name = step.name
        parts = [self._operand(step, operand, at) for operand in range(len(step.operands))]
        if name in BINARY:
            return f"({parts[0]}{BINARY[name]}{parts[1]})"
        if name in COMPARED:
            return f"({parts[0]}{COMPARED[name]}{parts[1]})"
        if name in LOGICAL:
            return LOGICAL[name].format(*parts)
        if name in LARGEST and self._is_number(step.operands[1]):
            return f"{CALLED[name]}N({','.join(parts)})"
        if name in CALLED:
            return f"{CALLED[name]}({','.join(parts)})"
        if name == "choice":
            return self._choice(step, parts)
        return {"number": "DB", "truth": "TR", "isnan": "NN", "isfinite": "FI"}[name] + f"({parts[0]})"

    def _choice(self, step: Step, parts: list[str]) -> str:
        """Return a choice by mask, between numbers or between truth values."""
        if step.kind == MASK:
            return f"(({parts[0]}&{parts[1]})|(~{parts[0]}&{parts[2]}))"
        return f"CH({','.join(parts)})"

    def _operand(self, step: Step, operand: int, at: At) -> str:
        """Return an operand at a place: rows in memory, a number, or the operation that makes it."""
        inner = self.inside.get((step.first, operand))
        if inner is not None:
            return self._expression(inner, at)
        mask = _reads_masks(step, operand)
        return self._read(step.operands[operand], at, mask)

    def _read(self, rows: np.ndarray, at: At, mask: bool) -> str:
        """Return how rows are read at a place."""
        literals = self.literals
        if rows[0] in literals and (rows == rows[0]).all():
            value = literals[int(rows[0])]
            return f"I({'-1' if value else '0'}LL)" if mask else f"S({_number(value)})"
        places = self.place[rows]
        if (places == places[0]).all():
            read = f"A[{int(places[0])}]"
        elif is_even(places, (len(places),)):
            read = f"A[{int(places[0])}+{int(places[1] - places[0])}*{at.flat}]"
        elif len(at.dims) > 1 and is_even(places, at.dims):
            read = f"A[{int(places[0])}{steps(places, at)}]"
        else:
            read = f"A[{self.tables.name(places)}[{at.flat}]]"
        return f"(m8){read}" if mask else read

    def _is_number(self, rows: np.ndarray) -> bool:
        """Return whether rows all hold one literal, which is a number."""
        value = self.literals.get(int(rows[0]), math.nan)
        return not math.isnan(value) and bool((rows == rows[0]).all())


def _joined(step: Step, so_far: str, other: str) -> str:
    """Return what two rows are put together to."""
    name = step.name.removeprefix("all ")
    if step.kind == MASK:
        return f"{so_far}{ {'or': '|', 'and': '&'}[name] }{other}"
    return f"{so_far}+{other}" if name == "add" else f"{CALLED[name]}({so_far},{other})"


def _reads_masks(step: Step, operand: int) -> bool:
    """Return whether an operand is truth values."""
    if step.name in LOGICAL or step.name == "number":
        return True
    if step.name == "choice":
        return operand == 0 or step.kind == MASK
    if step.name == "taken":
        return operand == 1 and step.kind == MASK
    return step.name.startswith("all ") and step.kind == MASK


def _number(value: float) -> str:
    """Return a number in C, to the last bit."""
    if math.isnan(value):
        return "NAN"
    if math.isinf(value):
        return "INFINITY" if value > 0.0 else "-INFINITY"
    return float(value).hex()
