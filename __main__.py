"""``python -m aimarket`` is the command ``aimarket``."""

import os
import sys

PARENT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

if __name__ == "__main__":
    if not sys.flags.safe_path and sys.path[0] != PARENT:  # Python puts the current folder first, the command does not
        del sys.path[0]
    from aimarket.server.cli.main import main

    main()
