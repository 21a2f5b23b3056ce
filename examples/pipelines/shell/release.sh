#!/bin/sh
# What every pipeline does to release a version, in plain shell: ./release.sh 1.4.2 [options of ptl release, for example --alters-schema]
set -eu
version=$1
shift
# Build once: everything after this line takes the same bytes to every environment.
npx cdk synth '**' --quiet --context "release=$version" --output cdk.out
status=0
npx ptl release "$version" --assembly cdk.out "$@" || status=$?
# 4: it waits for people. They answer with ptl, and the release goes on without this job.
if [ "$status" -eq 4 ]; then status=0; fi
exit "$status"
