"""The text of a kernel in C: loops over rows of eight replicates, in the order of the tape."""

from __future__ import annotations

import math

import numpy as np

from ..tape.tape import MASK, Step
from .placing import LOOPS, Placed, Program

LANES = 8
"""Replicates of a row: as many as a cache line holds; more leave the cache (measured)."""

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
#else
static inline v8 MX(v8 a, v8 b) { return CH((a >= b) | (a != a), a, b); }
static inline v8 MN(v8 a, v8 b) { return CH((a <= b) | (a != a), a, b); }
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


def text_of(found: Placed, names: list[str], tables: Tables) -> str:
    """Return the text of a kernel's programs: one C function each, that which runs once first."""
    programs = [
        _Text(found, program, tables).functions(name)
        for name, program in zip(names, (found.once, found.common, *found.courses), strict=True)
    ]
    return "\n".join([PRELUDE, *tables.lines, *programs])


class _Text:
    """Writes a program."""

    def __init__(self, found: Placed, program: Program, tables: Tables) -> None:
        self.literals, self.scratch = found.literals, found.regions["scratch"].first
        self.program, self.tables = program, tables
        self.place, self.inside = program.place, program.inside

    def functions(self, name: str) -> str:
        """Return C functions of some operations each, and one that calls them in turn."""
        lines = [self._line(step) for step in self.program.roots]
        parts = range(0, len(lines), TOGETHER)
        texts = [
            f"static __attribute__((noinline)) void {name}{number}(v8 *restrict A) {{\n"
            + "\n".join(lines[begin : begin + TOGETHER])
            + "\n}"
            for number, begin in enumerate(parts)
        ]
        calls = " ".join(f"{name}{number}(A);" for number in range(len(parts)))
        return "\n".join([*texts, f"static void {name}(v8 *A) {{ {calls} }}"])

    def _line(self, step: Step) -> str:
        """Return the loop of an operation."""
        count, begin = step.count, int(self.place[step.first])
        to = f"A[{begin}]" if count == 1 else f"A[{begin}+i]"
        head = "{const int i=0;(void)i;" if count == 1 else f"for(int i=0;i<{count};i++){{"
        if step.name in LOOPS:
            return self._numpys(step, begin)
        if step.name.startswith("all "):
            return f"{head}{self._together(step)}{to}=acc;}}"
        if step.name == "place of largest":
            return f"{head}{self._largest(step)}{to}=w;}}"
        if step.name == "taken":
            return f"{head}{self._taken(step)}{to}=w;}}"
        expression = self._expression(step, "i")
        return f"{head}{to}={self._stored(expression, step.kind)};}}"

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
        gathered = f"for(int i=0;i<{step.count};i++)A[{self.scratch}+i]={self._operand(step, 0, 'i')};"
        return f"{gathered}LP({number},A+{self.scratch},A+{begin},{size});"

    def _together(self, step: Step) -> str:
        """Return the loop that puts rows together, one after the other."""
        name = step.name.removeprefix("all ")
        first, other = self._operand(step, 0, "i"), self._operand(step, 0, f"(i+j*{step.count})")
        if step.kind == MASK:
            sign = {"or": "|", "and": "&"}[name]
            return f"m8 m={first};for(int j=1;j<{step.depth};j++)m=m{sign}{other};const v8 acc=(v8)m;"
        joined = f"acc+{other}" if name == "add" else f"{CALLED[name]}(acc,{other})"
        return f"v8 acc={first};for(int j=1;j<{step.depth};j++)acc={joined};"

    def _largest(self, step: Step) -> str:
        """Return the loop that finds where the first of the largest stands; what is not a number is larger."""
        first, other = self._operand(step, 0, "i"), self._operand(step, 0, f"(i+j*{step.count})")
        inner = f"v8 x={other};m8 g=(x>b)|(NN(x)&~NN(b));b=CH(g,x,b);w=CH(g,S((double)j),w);"
        return f"v8 b={first},w=S(0.0);for(int j=1;j<{step.depth};j++){{{inner}}}"

    def _taken(self, step: Step) -> str:
        """Return the loop that takes the row whose number another row holds; numbers from the end are negative."""
        place, other = self._operand(step, 0, "i"), self._operand(step, 1, f"(i+j*{step.count})")
        other = f"(v8){other}" if step.kind == MASK else other
        hit = f"(q==S((double)j))|(q==S((double)(j-{step.depth})))"
        return f"v8 q={place},w=S(0.0);for(int j=0;j<{step.depth};j++){{w=CH({hit},{other},w);}}"

    def _expression(self, step: Step, at: str) -> str:
        """Return what an operation makes of the operands at a place: an expression in C."""
        name = step.name
        parts = [self._operand(step, operand, at) for operand in range(len(step.operands))]
        if name in BINARY:
            return f"({parts[0]}{BINARY[name]}{parts[1]})"
        if name in COMPARED:
            return f"({parts[0]}{COMPARED[name]}{parts[1]})"
        if name in LOGICAL:
            return LOGICAL[name].format(*parts)
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

    def _operand(self, step: Step, operand: int, at: str) -> str:
        """Return an operand at a place: rows in memory, a number, or the operation that makes it."""
        inner = self.inside.get((step.first, operand))
        if inner is not None:
            return self._expression(inner, at)
        mask = _reads_masks(step, operand)
        return self._read(step.operands[operand], at, mask)

    def _read(self, rows: np.ndarray, at: str, mask: bool) -> str:
        """Return how rows are read at a place."""
        literals = self.literals
        if rows[0] in literals and (rows == rows[0]).all():
            value = literals[int(rows[0])]
            return f"I({'-1' if value else '0'}LL)" if mask else f"S({_number(value)})"
        places = self.place[rows]
        steps = np.diff(places)
        if len(places) == 1 or not steps.any():
            read = f"A[{int(places[0])}]"
        elif (steps == steps[0]).all():
            read = f"A[{int(places[0])}+{int(steps[0])}*{at}]"
        else:
            read = f"A[{self.tables.name(places)}[{at}]]"
        return f"(m8){read}" if mask else read


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
