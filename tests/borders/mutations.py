"""Files and texts as they should not be: valid ones with a few things changed, moved, doubled, cut or mixed."""

import json
import random
import re

NUMBERS = (
    *("0", "-1", "1", "2", "0.5", "1e9", "-0.0", "1e-300", "1e999", "nan", "inf", "-inf", "0x10", "1_000"),
    *("9" * 25, "9" * 400, "1.5", "35", "100", "7", "1e308", "-5e-324", "0b1", "1.", ".5", "1e"),
)
WORDS = (
    *("true", "false", "null", "[]", "{}", '""', "''", '"x"', "[[deals]]", "[parameters]", "[design]", "[deals]"),
    *('"2026Q2"', '"2026Q5"', '"1999Q1"', '"9999Q4"', "2026Q2", '"OpenAI"', '"Apollo"', '"NVIDIA"', '"Alphabet"'),
    *('"lease"', '"equity"', '"vendor"', '"loan"', '"chips"', '"sobol"', '"morris"', '"table"', '"grid"', '"C1a"'),
    *('"../../x"', '"a/b"', '"."', '"~"', '"\\u0000"', '"\\ud800"', '"é"', "#", "=", "[", "}", '"""', "{{1}}"),
    *("\u202e", "\x00", "\ufeff", "\r", "\t", "\u2028", "\x1b[31m", "2026-05-01", "12:00:00", "<script>", "%s"),
)
TOKEN = re.compile(r'"[^"\n]*"|[\w.+-]+|\S')


def text(chance: random.Random, valid: str, others: tuple[str, ...] = ()) -> str:
    """Return a valid text after up to four mutations; some lines may come from other valid texts."""
    for _ in range(chance.randint(1, 4)):
        valid = chance.choice((_token, _token, _token, _line, _line, _piece, _mixed))(chance, valid, others)
    return valid


def content(chance: random.Random, valid: bytes, others: tuple[str, ...] = ()) -> bytes:
    """Return the bytes of a file: mostly a mutated text as UTF-8, seldom in another form or with bytes changed."""
    kind = chance.random()
    if kind < 0.8:
        return text(chance, valid.decode(), others).encode("utf-8", "surrogatepass")
    if kind < 0.9:
        return valid.decode().encode(chance.choice(("utf-16", "utf-8-sig", "utf-32", "cp1252", "utf-16-be")), "replace")
    return raw(chance, valid)


def raw(chance: random.Random, valid: bytes) -> bytes:
    """Return bytes with some changed, cut out, doubled or put in; or an end cut off."""
    for _ in range(chance.randint(1, 3)):
        begin = chance.randrange(len(valid) + 1)
        end = min(len(valid), begin + chance.choice((0, 1, 1, 4, 64, len(valid))))
        middle = chance.choice((b"", chance.randbytes(end - begin), valid[begin:end] * 2, chance.randbytes(8)))
        valid = valid[:begin] + middle + valid[end:]
    return valid


def value(chance: random.Random, depth: int = 2) -> object:
    """Return any value that JSON can hold."""
    plain = (
        *(None, True, False, 0, 1, -1, 3, 40, 41, 2**63, 10**400, 0.5, -0.0, 1e308, float("inf"), float("nan")),
        *("", "x", "watch", "baseline", "deal_35bn", "OpenAI", "drawer", "steer", "toml", "csv", "dilution"),
        *("2026Q2", "2026Q5", "\x00", "\ud800", "\u202e", "é" * 300, "<script>", "firm=OpenAI&page=money"),
    )
    if depth == 0 or chance.random() < 0.6:
        return chance.choice(plain)
    many = range(chance.randint(0, 4))
    if chance.random() < 0.5:
        return [value(chance, depth - 1) for _ in many]
    return {chance.choice(("name", "text", "amount", "what", "", "x")): value(chance, depth - 1) for _ in many}


def changed(chance: random.Random, thing: object) -> object:
    """Return JSON with one value or key of it, however deep, changed, left out or doubled."""
    if not isinstance(thing, dict | list) or not thing or chance.random() < 0.2:
        return value(chance)
    thing = json.loads(json.dumps(thing))
    place = chance.choice(list(thing) if isinstance(thing, dict) else range(len(thing)))
    kind = chance.random()
    if kind < 0.15:
        del thing[place]
    elif kind < 0.25 and isinstance(thing, dict):
        thing[chance.choice(("x", f"{place}2", place.upper()))] = thing.pop(place)
    elif kind < 0.25:
        thing.append(thing[place])
    else:
        thing[place] = changed(chance, thing[place])
    return thing


def _token(chance: random.Random, valid: str, others: tuple[str, ...]) -> str:
    """Put another token in the place of one, or of all that are like it."""
    found = list(TOKEN.finditer(valid))
    if not found:
        return chance.choice(WORDS)
    old = chance.choice(found)
    new = chance.choice((*NUMBERS, *WORDS, chance.choice(found)[0], old[0][:-1], old[0] + chance.choice("xs0\"'. ")))
    if chance.random() < 0.1:
        return valid.replace(old[0], new)
    return valid[: old.start()] + new + valid[old.end() :]


def _line(chance: random.Random, valid: str, others: tuple[str, ...]) -> str:
    """Leave a line out, double it, move it, or repeat it many times."""
    lines = valid.split("\n")
    place = chance.randrange(len(lines))
    taken = lines.pop(place)
    times = chance.choice((0, 0, 1, 2, 2, 300))
    place = place if times > 1 else chance.randrange(len(lines) + 1)
    lines[place:place] = [taken] * times
    return "\n".join(lines)


def _piece(chance: random.Random, valid: str, others: tuple[str, ...]) -> str:
    """Cut a piece out, double it, or cut the end off."""
    begin, end = sorted(chance.randrange(len(valid) + 1) for _ in range(2))
    return chance.choice((valid[:begin], valid[:begin] + valid[end:], valid[:end] + valid[begin:]))


def _mixed(chance: random.Random, valid: str, others: tuple[str, ...]) -> str:
    """Put some lines of another valid text somewhere."""
    lines, theirs = valid.split("\n"), chance.choice((*others, valid)).split("\n")
    begin = chance.randrange(len(theirs))
    place = chance.randrange(len(lines) + 1)
    lines[place:place] = theirs[begin : begin + chance.choice((1, 3, 10))]
    return "\n".join(lines)
