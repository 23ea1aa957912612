#!/usr/bin/env bash
# Installs the meshrole of this very action, apart from whatever Python the job uses, and puts it on the PATH of the next steps.
set -euo pipefail

python3 -m venv "$RUNNER_TEMP/meshrole-venv"
"$RUNNER_TEMP/meshrole-venv/bin/pip" install --quiet --disable-pip-version-check "$GITHUB_ACTION_PATH"
echo "$RUNNER_TEMP/meshrole-venv/bin" >> "$GITHUB_PATH"
