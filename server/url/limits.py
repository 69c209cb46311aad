"""What a link may hold: the words that it may use, and how large its numbers and texts may be."""

PAGES = ("watch", "twin", "compare", "claims", "money", "explore", "backtest", "model")
THEMES = ("auto", "light", "dark")
SPEEDS = (1, 2, 4, 8)
"""Quarters a second."""

HORIZON = 40
"""Quarters that a run in the page can be long."""

DRAWERS = ("steer", "download", "code")
"""What can be opened beside a page."""

START_TABLE = "start"
"""What links call the table of the stocks that a run starts with."""

LARGEST_SEED = 2**63 - 1
MOST_REPLICATE = 9_999
LONGEST_QUERY = 4_000
LONGEST_ECHO = 40
LONGEST_DEAL = 1_200
LONGEST_FILE = 2_400
LONGEST_FILE_TEXT = 20_000
MOST_IN_FILE = 12
MOST_SETTINGS = 40
MOST_LIMITS = 8
FEWEST_COMPARED, MOST_COMPARED = 2, 4
"""A link can come from a stranger: what it can hold is bounded."""
