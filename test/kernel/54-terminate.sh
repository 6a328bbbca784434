#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Calls that end at the box where they come in: the PPPoE session goes on to pppd, beside others of
# another domain that are sent on.
# Runs beside others, since it mostly waits.
# shellcheck source=test/kernel/lac.sh
. "$(dirname "${BASH_SOURCE[0]}")/lac.sh"

need gojq ping pppd
need_module l2tp_ppp l2tp_netlink pppoe
ns_pair
access_net
subscriber_secrets
lns_config lns chap
lac_config '{chap, pap}' \
	'ppp pool { options = { "require-chap", "192.0.2.129:192.0.2.130", "noipv6" } }' \
	'domain example.net { ppp = pool }'

local_is_up() {
	calls_are lac local 1
}

come_up() {
	online alice alice@example.net
	wait_for 10 local_is_up
}

gone_after() {
	"$@"
	wait_hung_up alice
	assert_no_caller
}

test_begin "a call of example.net ends here, at a pppd"
start lns lns
start lac lac
fds=$(fds_of "${pid_of[lac]}")
come_up
assert_eq 192.0.2.130 "$(address_of alice)" "the subscriber's address"
assert_eq 0 "$(count_of lac session)" "sessions of L2TP"
assert_match '^ppp[0-9]+$' "$(call_field lac '.[0].ppp_interface')" "interface"
pings sub "$(interface_of alice)" 192.0.2.129 200

test_begin "one of example.com goes on to its LNS at the same time"
online bob bob@example.com
assert_eq 198.51.100.2 "$(address_of bob)" "the subscriber's address"
assert_eq 1 "$(calls lac up)" "calls sent on"
assert_eq 1 "$(calls lac local)" "calls that end here"
pings sub "$(interface_of bob)" 198.51.100.1 50
kill -TERM "${pid_of[bob]}"
wait_hung_up bob

test_begin "the subscriber hangs up"
gone_after kill -TERM "${pid_of[alice]}"

test_begin "our pppd dies"
come_up
gone_after pkill -KILL -f 'pppd.*192.0.2.130'

test_begin "the administrator hangs up"
come_up
gone_after cli lac del call user alice@example.net

test_begin "a subscriber with a wrong password is not let in"
dial mallory mallory@example.net
wait_hung_up mallory 30
assert_fails has_address mallory
assert_no_caller

test_begin "a daemon that stops takes its calls with it, and no file is left open"
cli lac del tunnel all
assert_no_leaked_fds "${pid_of[lac]}" "$fds"
come_up
end lac
assert_eq 0 "$ended_with" "exit status"
wait_hung_up alice
assert_no_leftover lac
wait_for 3 _has_no_access lac
end lns
