#!/bin/sh
# Decides about a release with nothing but curl and credentials in the environment:
#   sh decide.sh accept|refuse|abort <version> "<reason>"     sh decide.sh resume|show <version>     sh decide.sh list
# API_URL is the stack's output ApiUrl. Who you are comes from your credentials, and cannot be said otherwise.
set -eu

action=$1 version=${2:-} reason=${3:-} environment=${ENVIRONMENT:-Production}

signed() {
  curl --silent --show-error --fail-with-body --aws-sigv4 "aws:amz:$AWS_REGION:execute-api" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \
    ${AWS_SESSION_TOKEN:+--header "x-amz-security-token: $AWS_SESSION_TOKEN"} --header 'content-type: application/json' "$@"
}
json() { node -p 'JSON.stringify(Object.fromEntries(process.argv.slice(1).map((pair) => pair.split(/=(.*)/s))))' "$@"; }

case $action in
  list) signed "$API_URL/releases" ;;
  show) signed "$API_URL/releases/$version" ;;
  accept | refuse)
    # The digest you decide on is the one you are shown: look at it before you say yes.
    digest=$(signed "$API_URL/releases/$version" | node -p 'JSON.parse(require("node:fs").readFileSync(0)).digest')
    signed "$API_URL/releases/$version/decisions" --data "$(json "environment=$environment" "decision=$action" "reason=$reason" "digest=${DIGEST:-$digest}")"
    ;;
  resume) signed "$API_URL/releases/$version/resume" --data "$(json "environment=$environment")" ;;
  abort) signed "$API_URL/releases/$version/abort" --data "$(json "reason=$reason")" ;;
  *) echo "decide.sh: there is no $action; there are list, show, accept, refuse, resume and abort" >&2; exit 2 ;;
esac
