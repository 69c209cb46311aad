"""The part of a kernel's text that runs quarters: what comes in, what goes out, and the sizes that both sides check."""

from __future__ import annotations

from dataclasses import dataclass
from string import Template
from typing import NamedTuple

import numpy as np

from ...agents.state.shown import shown
from ..tape.quarter import QUARTER_INPUT
from .placing import Placed, Program

WHAT = ("rows", "parameters", "state", "draws", "records", "judged")
"""What a kernel says of its sizes, in this order."""

RUNNER = Template("""
static const long sizes_[$kinds] = {$sizes};
long sizes(long *found, long count) {
  if (count != $kinds) return 1;
  for (int i = 0; i < $kinds; i++) found[i] = sizes_[i];
  return 0;
}
long set_loops(void **loops, void **data, long count) {
  if (count != 4) return 1;
  for (int i = 0; i < 4; i++) { loop_[i] = (numpys)loops[i]; data_[i] = data[i]; }
  return 0;
}
typedef double u8 __attribute__((vector_size(64), aligned(8)));
static void load(v8 *to, const double *from, long stride, long count, long lanes) {
  if (lanes == 8) { for (long i = 0; i < count; i++) to[i] = *(const u8 *)(from + i * stride); return; }
  if (lanes == 1) { for (long i = 0; i < count; i++) to[i] = S(from[i * stride]); return; }
  for (long i = 0; i < count; i++)
    for (long l = 0; l < 8; l++) ((double *)(to + i))[l] = from[i * stride + (l < lanes ? l : lanes - 1)];
}
struct run {
  double *rows; long size; long lanes; long quarters; double first; long stride;
  const double *parameters; const double *state; const double *draws;
  double *records; long record_stride; const unsigned *which; long wanted;
  double *after; const unsigned *after_which; long after_wanted; double *judged;
};
static int any(v8 a) {
  long long found = 0;
  for (int l = 0; l < 8; l++) found |= ((m8)a)[l];
  return found != 0;
}
static void record(const v8 *A, const struct run *r, long q, const unsigned *from, const unsigned *judged) {
  double *to = r->records + q * r->wanted * r->record_stride;
  if (r->lanes == 8) for (long i = 0; i < r->wanted; i++) *(u8 *)(to + i * r->record_stride) = A[from[r->which[i]]];
  else if (r->lanes == 1) for (long i = 0; i < r->wanted; i++) to[i * r->record_stride] = A[from[r->which[i]]][0];
  else for (long i = 0; i < r->wanted; i++) memcpy(to + i * r->record_stride, A + from[r->which[i]], 8 * r->lanes);
  for (long i = 0; i < $n_judged; i++) for (long l = 0; l < r->lanes; l++) r->judged[l] += ((m8)A[judged[i]])[l] != 0;
}
static void move(v8 *A, const unsigned (*runs)[3], long count, const unsigned *to, const unsigned *from, long first) {
  for (long i = 0; i < first; i++) A[$coming + i] = A[from[i]];
  for (long k = 0; k < count; k++) for (long i = 0; i < runs[k][2]; i++) A[runs[k][0] + i] = A[runs[k][1] + i];
  for (long i = 0; i < first; i++) A[to[i]] = A[$coming + i];
}
long run(const struct run *r) {
  v8 *A = (v8 *)r->rows;
  const long lanes = r->lanes, stride = r->stride;
  if (r->size != $rows * 8L || lanes < 1 || lanes > 8 || stride < lanes || r->record_stride < lanes) return 1;
  if (r->quarters < 0 || ((unsigned long)A & 63)) return 1;
  for (long i = 0; i < r->wanted; i++) if (r->which[i] >= $n_records) return 1;
  for (long i = 0; i < r->after_wanted; i++) if (r->after_which[i] >= $n_state) return 1;
  if (r->parameters) { load(A + $parameters, r->parameters, stride, $n_parameters, lanes); prepare(A); }
  if (r->state) load(A + $state, r->state, stride, $n_state, lanes);
  for (long q = 0; q < r->quarters; q++) {
    load(A + $draws, r->draws + q * $n_draws * stride, stride, $n_draws, lanes);
    A[$quarter] = S(r->first + (double)q);
    common(A);
    usual(A);
    int seldom = any(A[$early]);
    if (!seldom) { late(A); seldom = any(A[$seldom]); }
    if (seldom) { whole(A); $give_whole } else { $give_usual }
  }
  if (r->after) for (long i = 0; i < r->after_wanted; i++)
    memcpy(r->after + i * stride, A + $state + r->after_which[i], 8 * lanes);
  return 0;
}
""")


@shown()
@dataclass
class Given:
    """What a course of a quarter gives: rows of the state to come, of records and of judgements."""

    coming: np.ndarray
    records: np.ndarray
    judged: np.ndarray

    @property
    def rows(self) -> np.ndarray:
        """All of them."""
        return np.concatenate([self.coming, self.records, self.judged])


def runner(found: Placed, usual: Given, whole: Given, seldom: tuple[int, int]) -> str:
    """Return the text that runs quarters.

    Args:
        found: the tape in memory.
        usual: what the usual course gives.
        whole: what the whole course gives.
        seldom: the rows of whether the usual course does not hold: as far as that is known before its last phase, and
            whether it does not.
    """
    regions = found.regions
    counts = {f"n_{name}": regions[name].count for name in ("parameters", "state", "draws")}
    counts |= {"n_records": len(whole.records), "n_judged": max(len(usual.judged), len(whole.judged))}
    places = {name: regions[name].first for name in ("parameters", "state", "draws")}
    tables, gives = "", {}
    for name, program, given in zip(("usual", "whole"), found.courses, (usual, whole), strict=True):
        tables += _tables(name, found, program, given, counts["n_judged"])
        moves = _moves(found, program, given)
        gives[f"give_{name}"] = (
            f"record(A, r, q, {name}_records_, {name}_judged_);"
            f"move(A, {name}_runs_, {len(moves.runs)}, {name}_to_, {name}_from_, {len(moves.to)});"
        )
    return tables + RUNNER.substitute(
        counts,
        **gives,
        **places,
        kinds=len(WHAT),
        sizes=", ".join(map(str, (found.size, *counts.values()))),
        rows=found.size,
        quarter=regions[QUARTER_INPUT].first,
        coming=regions["state to come"].first,
        early=int(found.courses[0].place[seldom[0]]),
        seldom=int(found.courses[0].place[seldom[1]]),
    )


@shown()
class Moves(NamedTuple):
    """How the state to come gets to where the state stands.

    Attributes:
        to: places to which rows get by a detour, since others take their place before they are read.
        come: where those rows are.
        runs: to, from and number of rows that follow one another, in the order in which they can be moved.
    """

    to: np.ndarray
    come: np.ndarray
    runs: list[tuple[int, int, int]]


def _moves(found: Placed, program: Program, given: Given) -> Moves:
    """Return the moves of a course; rows that stay where they are need none."""
    state = found.regions["state"]
    come, to = program.place[given.coming], np.arange(state.first, state.end)
    moving = come != to
    overwritten = np.zeros(found.size, dtype=bool)
    overwritten[to[moving]] = True
    late = moving & overwritten[come] & (come < to)
    runs: list[tuple[int, int, int]] = []
    for place, source in zip(to[moving & ~late].tolist(), come[moving & ~late].tolist(), strict=True):
        if runs and runs[-1][0] + runs[-1][2] == place and runs[-1][1] + runs[-1][2] == source:
            runs[-1] = (*runs[-1][:2], runs[-1][2] + 1)
        else:
            runs.append((place, source, 1))
    return Moves(to[late], come[late], runs)


def _tables(name: str, found: Placed, program: Program, given: Given, judged: int) -> str:
    """Return the tables of what a course gives."""
    moves = _moves(found, program, given)
    literal = [row for row, value in found.literals.items() if value == 0.0][:1]
    wrong = np.concatenate([given.judged, np.repeat(literal, judged - len(given.judged))]).astype(np.int64)
    tables = {"to": moves.to, "from": moves.come}
    tables |= {"records": program.place[given.records], "judged": program.place[wrong]}
    runs = ",".join(f"{{{place},{source},{count}}}" for place, source, count in moves.runs) or "{0,0,0}"
    lines = [_table(f"{name}_{kind}_", places) for kind, places in tables.items()]
    return "".join([*lines, f"static const unsigned {name}_runs_[{max(len(moves.runs), 1)}][3] = {{{runs}}};\n"])


def _table(name: str, places: np.ndarray) -> str:
    """Return a table of places, of one at least."""
    return f"static const unsigned {name}[{max(len(places), 1)}] = {{{','.join(map(str, places.tolist())) or '0'}}};\n"
