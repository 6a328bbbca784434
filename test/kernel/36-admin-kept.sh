#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Administrative states of what the configuration keeps open: it is not opened while a state is
# against it, and comes back by itself when it may.
#
# Runs beside others, since it mostly waits.
# Not sanitized: the scenarios go through all states.
# shellcheck source=test/kernel/adit.sh
. "$(dirname "${BASH_SOURCE[0]}")/adit.sh"

need gojq pppd
need_module l2tp_ppp l2tp_netlink
ns_pair
ppp_secrets
configure_kept

test_begin "a drained call is not placed again when it ends"
start lns lns
start lac lac
wait_ppp_up lns 1 60
cli lac drain session name alice
kill -KILL "$(field lac session '.[0].pppd_pid')"
wait_for 20 none_anywhere session
sleep 3
assert_eq 0 "$(count_of lac session)"
tunnel_is_up lac || fail "its tunnel went"
cli lac enable session name alice
wait_ppp_up lns 1

test_begin "a disabled peer: all of it goes, the kernel is empty, and nobody tries again"
cli lac disable peer lns
wait_for 20 none lac tunnel
assert_no_call
assert_no_leftover lac
refused_with 'the administrator disabled peer lns' lac add tunnel name isp
refused_with 'the administrator disabled peer lns' lac add tunnel remote "$lns4" peer lns
opened=$(field lac stats '.[0].tunnels_opened')
sleep 4
assert_eq "$opened" "$(field lac stats '.[0].tunnels_opened')" "tunnels opened meanwhile"
assert_eq "disabled peer" "$(state_of lac peer)"
assert_match '^tunnel isp, held: the administrator disabled peer lns' "$(cli lac show kept)"
refused_with 'the administrator disabled peer lns' lac add session name alice

test_begin "a reload leaves it disabled, and enabled it comes back by itself"
cli lac reload
sleep 2
assert_eq 0 "$(count_of lac tunnel)"
cli lac enable peer lns
wait_ppp_up lns 1 30

test_begin "a disabled call stays down while its tunnel lives"
cli lac disable session name alice
wait_for 20 none_anywhere session
sleep 3
assert_eq 0 "$(count_of lac session)"
tunnel_is_up lac || fail "its tunnel went"
refused_with 'the administrator disabled session alice' lac add session name alice
assert_match '^session alice in tunnel .*, held: the administrator disabled session alice$' \
	"$(cli lac show kept name alice)"
cli lac enable session name alice
wait_ppp_up lns 1
assert_eq up "$(cli lac -j show kept name alice | gojq -r '.[0].state')"

test_begin "the configuration says it: a reload applies what changed, a restart begins with it"
sed -i 's/^session alice {/session alice {\n    admin_state = disabled/' "$(config_of lac)"
cli lac reload
wait_for 20 none_anywhere session
tunnel_is_up lac || fail "its tunnel went"
end lac
start lac lac
wait_for 20 tunnel_is_up lac
sleep 2
assert_eq 0 "$(count_of lac session)"
sed -i '/admin_state = disabled/d' "$(config_of lac)"
kill -HUP "${pid_of[lac]}"
wait_ppp_up lns 1
end lac
end lns
