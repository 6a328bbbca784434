#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tunnels and sessions in the kernel: the cases of test/kernel/dataplane.c, one process each.
# Not sanitized: 30-call and 51-lac take the same steps.
# shellcheck source=test/kernel/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

tool=$ADIT_BUILD/test/kernel/dataplane
need_module l2tp_ppp l2tp_netlink ppp_generic

cases=$("$tool")
while read -r name text; do
	test_begin "$text"
	"$tool" "$name"
	assert_no_leftover -
done <<<"$cases"

test_begin "many workers are faster than one"
"$tool" rates 200 | tee "$ADIT_RESULTS/rates"
one=$(sed -n 's/^workers 1,.*create \([0-9]*\).*/\1/p' "$ADIT_RESULTS/rates")
many=$(sed -n 's/^workers 64, socket.*create \([0-9]*\).*/\1/p' "$ADIT_RESULTS/rates")
[ "$many" -gt $((one * 4)) ] || fail "64 workers: $many/s, one: $one/s"
assert_no_leftover -
