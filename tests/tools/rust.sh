# Sourced by the stages that are Rust tests.
# shellcheck shell=bash
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# The same choice of packages everywhere, so that cargo builds each thing once. The bindgen would turn on uniffi's `cli` for all.
workspace=(--workspace --exclude uniffi-bindgen --locked)
# Integration tests with a stage of their own; stage `rust` runs all others.
own_stage=(rules crash admission admission_pipeline bad_input fuzz sim scenario)

# cargo_test LOG ARGUMENT…: runs, shows and keeps the output.
cargo_test() {
  local log=$1; shift
  cargo test "${workspace[@]}" --no-fail-fast "$@" 2>&1 | tee -a "$log"
}

# cargo_counts LOG: "passed failed". An ignored test is one that did not run, so it has failed.
cargo_counts() {
  awk '/^test result: / { for (i = 1; i < NF; i++) { if ($(i+1) == "passed;") p += $i; if ($(i+1) == "failed;" || $(i+1) == "ignored;") f += $i } }
       END { print p + 0, f + 0 }' "$1"
}

# Real disks are asked for by the tests that are about them; the others need not wait for one.
if [ -d /dev/shm ] && [ -w /dev/shm ]; then memory=/dev/shm; else memory=${TMPDIR:-/tmp}; fi

# rust_stage NAME [MORE-TESTS…] [--ARGUMENT…]: the integration tests of these names in the crate `rafiq-tests`.
rust_stage() {
  local name=$1 log code=0 passed failed tests=() arguments=() word
  for word in "$@"; do
    case $word in --*) arguments+=("$word") ;; *) tests+=(--test "${word//-/_}") ;; esac
  done
  "$tools/need-rust.sh"
  log=$(mktemp)
  cargo_test "$log" "${tests[@]}" -- --nocapture "${arguments[@]}" || code=$?
  read -r passed failed <<<"$(cargo_counts "$log")"
  rm -f "$log"
  if [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
  stage_result "$name" "$passed" "$failed"
}
