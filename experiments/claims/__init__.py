"""The claims of the news item: each as a statistic with its interval, a verdict and what decides it (section 9)."""
