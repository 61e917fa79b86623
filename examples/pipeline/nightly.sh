#!/bin/sh
# A nightly pipeline: fails for what is new since yesterday and not accepted, and keeps today's report for tomorrow.
#   nightly.sh STATE...        STATE: directories or archives of a cluster's nodes
set -eu
known=''
[ ! -e yesterday.json ] || known='--baseline yesterday.json'
code=0
# shellcheck disable=SC2086 # no baseline, no words
dqlite-forensics analyze --quiet $known --ignore-file ignore.yaml --fail-on medium --json today.json "$@" || code=$?
case $code in
    0) echo 'nothing new' ;;
    1) dqlite-forensics convert today.json ;;
    4) echo 'not everything arrived: today.json says what is missing' ;;
    *) exit "$code" ;; # wrong usage, an unreadable input, an error of the program: no report
esac
mv today.json yesterday.json
exit "$code"
