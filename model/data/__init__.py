"""Data of the model: the roster, the initial state, scenarios and observed series, each number with its source."""
