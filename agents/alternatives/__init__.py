"""Other ways for firms to decide: subclasses of the kinds, which a scenario may name by a word."""
