#!/usr/bin/env bash
# Reviews the plans that $PLAN names, one a line: reports in files for the next steps, annotations in the log, the comment in the
# job's summary. It fails where a plan or another file cannot be read; whether findings fail the job is left to the last step, in
# the output `status`.
set -euo pipefail

reports=$(mktemp -d "$RUNNER_TEMP/meshrole.XXXXXX")
mapfile -t plans < <(grep -v '^[[:space:]]*$' <<< "$PLAN")
options=() unknown=()
[ -z "$INVENTORY" ] || options+=("--inventory=$INVENTORY")
[ -z "$CODE" ] || options+=("--code=$CODE")
[ -z "$WAIVERS" ] || options+=("--waivers=$WAIVERS")
[ -z "$BASELINE" ] || options+=("--baseline=$BASELINE")

for format in sarif markdown json; do
  meshrole review --format "$format" --fail-on never "${options[@]}" -- "${plans[@]}" > "$reports/review.$format"
  echo "$format=$reports/review.$format" >> "$GITHUB_OUTPUT"
done
cat "$reports/review.markdown" >> "$GITHUB_STEP_SUMMARY"

[ "$FAIL_ON_UNKNOWN" != true ] || unknown=(--fail-on-unknown)
status=0
meshrole review --format github "--fail-on=$FAIL_ON" "${unknown[@]}" "${options[@]}" -- "${plans[@]}" || status=$?
echo "status=$status" >> "$GITHUB_OUTPUT"
