#!/usr/bin/env bash
# Writes the file $COMMENT as the one comment of its plan on pull request $NUMBER. A comment is known by its hidden first line: the
# bot's own that begins with it is updated, and without one a new comment is made, unless there is nothing to say.
set -euo pipefail

marker=$(head -n 1 "$COMMENT")
if ! [[ $marker =~ ^'<!-- meshrole-review '[0-9a-f]{16}' -->'$ && $NUMBER =~ ^[0-9]+$ ]]; then
  echo "not a review: $COMMENT" >&2
  exit 1
fi
comments="repos/$GITHUB_REPOSITORY/issues"
own=".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$marker\"))) | .id"
ids=$(gh api --paginate "$comments/$NUMBER/comments?per_page=100" --jq "$own")
id=${ids%%$'\n'*}

if [ -n "$id" ]; then
  gh api --silent --method PATCH "$comments/comments/$id" --field "body=@$COMMENT"
elif ! grep -qx '### meshrole review: no findings, no access changed' "$COMMENT"; then
  gh api --silent --method POST "$comments/$NUMBER/comments" --field "body=@$COMMENT"
fi
