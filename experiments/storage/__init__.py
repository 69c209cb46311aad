"""Storage: data frames and manifests as files that are whole or not there."""
