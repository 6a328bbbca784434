#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What adit tells of a LAC's call while it happens: both legs in one line, the destination that did
# not answer, what would become of the next call and why; and hanging up by hand.
# Not sanitized: the unit tests of the socket say the same.
# shellcheck source=test/kernel/lac.sh
. "$(dirname "${BASH_SOURCE[0]}")/lac.sh"

need gojq pppd
need_module l2tp_ppp l2tp_netlink pppoe
ns_pair
access_net
subscriber_secrets

# Nobody has the address of dead, which is preferred.
dead=${lns4%.*}.99
lns_config lns chap
lac_config chap "destination dead {
	remote        = $dead
	preference    = 0
	retry_first   = 200ms
	retry_cap     = 200ms
	setup_retries = 1
}" "domain example.net { action = reject }"
sed -i 's/^domain example.com .*/domain example.com { destination = {dead, lns} }/
	s/^\(.*\)remote *= '"$lns4"'/\1preference = 5\n&/' "$(config_of lac)"

start lns lns
start lac lac
spawn monitor lac "$adit" --control /run/lac/control -j monitor
wait_for_log monitor 'monitor start' 10

# tunnels_of USER: what is said of each, one line a tunnel.
tunnels_of() {
	cli lac -j test steer "$1" interface access0 | gojq -r '.[0].tunnels[]'
}

# heard JQ-FILTER: of all events so far.
heard() {
	gojq -sr "$1" "$(log_of monitor)"
}

lock_is() {
	[ "$(cli lac -j show destination dead | gojq -r '.[0].state')" = "$1" ]
}

test_begin "before the first call: the interface, the map, and what would become of a call"
assert_eq "open access 0" \
	"$(cli lac -j show pppoe access0 | gojq -r '.[0] | "\(.state) \(.name) \(.sessions)"')" "show pppoe"
assert_eq "dead lns" \
	"$(cli lac -j show domain example.com | gojq -r '[.[0].destinations[].name] | join(" ")')" "map"
assert_match 'preference 0: dead .*taken.*preference 5: lns' \
	"$(tunnels_of alice@example.com | tr '\n' ' ')" "test steer"
assert_eq "reject example.net" "$(cli lac -j test steer bob@example.net |
	gojq -r '.[0] | "\(.action) \(.domain)"')" "test steer"
refused_with 'no pppoe section has an interface eth9' lac test steer bob interface eth9

test_begin "a call that the first destination does not answer goes to the next"
online alice alice@example.com
wait_ppp_up lns 1
assert_match "^Call [0-9a-f-]+, alice@example.com, from access0 [0-9a-f:]{17} PPPoE [0-9]+ to lns tunnel $(
	field lac tunnel '.[] | select(.state == "established").tunnel_id') session $(
	field lac session '.[0].session_id'), up for [0-9]+s\$" \
	"$(cli lac show call alice@example.com)" "show call"
lock_is locked || fail "dead is not locked out"
assert_match 'dead .*locked out for [0-9]+ s .*no answer.*lns .*1 sessions, tunnel up, taken' \
	"$(tunnels_of alice@example.com | tr '\n' ' ')" "test steer"
assert_eq "call moved,call up" \
	"$(heard '[.[] | select(.call).event] | join(",")')" "what the monitor heard of the call"
assert_eq "dead locked" "$(heard '[.[] | select(.destination)][0].destination |
	"\(.name) \(.state)"')" "what it heard of the destination"

test_begin "a destination that is unlocked is used again at once"
cli lac unlock destination dead
lock_is unlocked || fail "dead is still locked out"
assert_match 'dead .*taken' "$(tunnels_of alice@example.com | head -n 1)" "test steer"
refused_with 'there is no destination nobody' lac unlock destination nobody

test_begin "when del call returns, nothing of the call is left"
cli lac del call alice@example.com
assert_eq 0 "$(cli lac -j show call | gojq length)" "calls"
assert_eq "" "$(access_sessions lac)" "PPPoE sessions in the kernel"
assert_eq 0 "$(kernel_sessions lac)" "sessions in the kernel"
wait_hung_up alice
assert_match 'closed by the administrator' \
	"$(heard '[.[] | select(.event == "call ended")][0].call.last_error')" "the reason"
refused_with 'no call is of a user alice@example.com' lac del call alice@example.com

assert_no_caller
end monitor TERM
end lac
end lns
assert_no_leftover
