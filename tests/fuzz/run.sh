#!/usr/bin/env bash
# Runs every fuzz target for some seconds, starting from its seeds and from what earlier runs have learned.
#   tests/fuzz/run.sh BUILD SECONDS [TARGET…]
# What breaks a target stays in BUILD/broken/; mend it and put the file into tests/fuzz/found/TARGET/.
set -uo pipefail
build=$1 seconds=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || set -- $(cd "$build/fuzz" && ls -1 | sed -n 's/^fuzz_//p')
mkdir -p "$build/broken"
export ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
failed=()
for target in "$@"; do
  corpus="$build/corpus/$target"
  mkdir -p "$corpus" "$here/found/$target"
  # The reference models are too large to be copied into the seeds.
  [ "$target" = model ] && cp -n "$here"/../data/tiny-*-int8.bin "$corpus"/
  length=65536
  [ "$target" = model ] && length=200000
  log="$build/fuzz/$target.log"
  if nice -n 19 "$build/fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 -max_len=$length -print_final_stats=1 \
    -artifact_prefix="$build/broken/$target-" "$corpus" "$here/seeds/$target" "$here/found/$target" >"$log" 2>&1; then
    printf '%-12s %s runs\n' "$target" "$(sed -n 's/stat::number_of_executed_units: *//p' "$log")"
  else
    printf '%-12s BROKEN, see %s\n' "$target" "$log"
    failed+=("$target")
  fi
  rmdir "$here/found/$target" 2>/dev/null || true
done
[ ${#failed[@]} -eq 0 ]
