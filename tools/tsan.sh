#!/usr/bin/env bash
# What runs in several threads, under ThreadSanitizer: the pipeline and the store's tests, the server's, and the program with several threads
# in `code`, `add` and `serve` under parallel requests. A data race fails it.
#   tools/tsan.sh BUILD    a build of the preset `tsan`
set -uo pipefail
build=$(realpath "$1")
cd "$(dirname "$0")/.."
# Libraries that are not built with it (ICU, SQLite) synchronise by calls that it sees, so nothing is suppressed.
export TSAN_OPTIONS="exitcode=66 second_deadlock_stack=1 ${TSAN_OPTIONS:-}"
failed=0
"$build/tests/test_corpus" --test-case="*pipeline*,*threads*,*stopped*,*reader*,*writer*" || failed=1
"$build/tests/test_server" || failed=1
python3 tests/parallel_test.py "$build/reportedly" . || failed=1
exit $failed
