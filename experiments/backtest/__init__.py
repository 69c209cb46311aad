"""Back-tests: forecasts from the past beside what happened and beside naive forecasts, and a dated one to be scored."""
