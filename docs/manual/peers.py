"""Run the examples of docs/howto/optuna_ema.md larger than the page: ``python docs/manual/peers.py --size 200``."""

import argparse
import io
import os
import re
import tempfile
import warnings
from contextlib import redirect_stdout
from pathlib import Path

PAGE = Path(__file__).parents[1] / "howto" / "optuna_ema.md"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)


def main():
    """Run every block of the page with another size, and print what they say in one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=200, help="points of the EMA Workbench")
    parser.add_argument("--trials", type=int, default=30, help="trials of Optuna")
    parser.add_argument("--levels", type=int, default=5, help="levels a lever of our grid")
    asked = parser.parse_args()
    code = "\n".join(BLOCK.findall(PAGE.read_text(encoding="utf-8")))
    for name, size in (("SIZE", asked.size), ("TRIALS", asked.trials), ("size", asked.levels)):
        code, found = re.subn(rf"^{name} = \d+", f"{name} = {size}", code, flags=re.MULTILINE)
        assert found == 1, name
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(io.StringIO()) as said:
        os.chdir(folder)
        exec(compile(code, str(PAGE), "exec"), {"__name__": "document"})
        os.chdir(PAGE.parent)
    print("; ".join(said.getvalue().splitlines()))


if __name__ == "__main__":
    main()
