#!/bin/sh
# Install from build/wheelhouse alone into a fresh environment, and run the baseline there.
set -e
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place"
"$place/bin/pip" install --quiet --disable-pip-version-check --no-index --find-links build/wheelhouse 'aimarket[all]'
cd "$place"
bin/aimarket run baseline --replicates 2 --quarters 2 >/dev/null
echo "$(bin/pip list --format freeze | wc -l) packages installed from wheels, and the baseline runs"
