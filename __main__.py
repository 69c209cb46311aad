"""``python -m aimarket`` is the command ``aimarket``."""

from aimarket.server.cli import main

if __name__ == "__main__":
    main()
