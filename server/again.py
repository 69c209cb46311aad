"""How a command is typed again."""

from __future__ import annotations


def typed(settings: list[str] | None, draws: str | None, **options: int) -> list[str]:
    """Return options as they are typed.

    Args:
        settings: what ``--set`` was given.
        draws: where ``--parameters`` has its draws from.
        options: the others, by name.
    """
    words = [word for text in settings or [] for word in ("--set", text)]
    words += [] if draws is None else ["--parameters", draws]
    return words + [word for name, value in options.items() for word in (f"--{name}", str(value))]
