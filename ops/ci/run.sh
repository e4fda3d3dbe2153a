#!/usr/bin/env bash
# What continuous integration runs, on a fresh clone: installs, checks, tests. The exit code is the result; the last line is the
# closing line of the tests, `N passed, N failed, N skipped`, in which a failed check counts as one failure.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

started=$SECONDS
if ! npm ci --no-audit --no-fund; then
  echo "npm ci failed"
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

failed=()
for check in lint typecheck generate:check schemas:check borders; do
  echo "== $check"
  npm run --silent "$check" || failed+=("$check")
done

echo "== test (after $((SECONDS - started)) s)"
output=$(mktemp)
npm test --silent 2>&1 | tee "$output"
result=$?
closing=$(grep -aE '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$output" | tail -n 1)
rm -f "$output"

echo "== done after $((SECONDS - started)) s"
[ ${#failed[@]} -eq 0 ] || echo "failed checks: ${failed[*]}"
if [[ "$closing" =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
  failures=$((BASH_REMATCH[2] + ${#failed[@]}))
  # A runner that fails without a failing test must not look like a success.
  [ "$result" -eq 0 ] || [ "$failures" -gt 0 ] || failures=1
  echo "${BASH_REMATCH[1]} passed, $failures failed, ${BASH_REMATCH[3]} skipped"
else
  echo "0 passed, $((1 + ${#failed[@]})) failed, 0 skipped"
  exit 1
fi
[ "$result" -eq 0 ] && [ ${#failed[@]} -eq 0 ]
