#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Administrative states of daemons with real calls: what drains lives on, and what is disabled leaves
# nothing in the kernel.
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

lac_pings() {
	pings lac "$(field lac session '.[] | select(.name == "alice").interface')" 198.51.100.1 "$1"
}

test_begin "a tunnel drains: the call lives, a new one is refused"
start lns lns
start lac lac
wait_ppp_up lns 1 60
cli lns drain tunnel tunnel_id "$(field lns tunnel '.[0].tunnel_id')"
assert_eq "drain tunnel" "$(state_of lns tunnel)"
refused_with 'peer: .*the administrator drains tunnel' lac add session tunnel isp ppp bob
lac_pings 100
assert_eq 1 "$(kernel_sessions lns)"
assert_match 'refused .*the administrator drains tunnel' "$(cat "$(log_of lns)")"
assert_eq 1 "$(field lns stats '.[0].admin_refused')"

test_begin "enabled again it takes the call"
cli lns enable tunnel tunnel_id "$(field lns tunnel '.[0].tunnel_id')"
cli lac add session name bob tunnel isp ppp bob
wait_ppp_up lns 2

test_begin "draining here it refuses before a word to the peer, and ends with its last call"
cli lac drain tunnel name isp
refused_with 'the administrator drains tunnel' lac add session tunnel isp ppp bob
cli lac del session name bob
lac_pings 20
cli lac del session name alice
wait_for 20 none lac tunnel
assert_no_call
refused_with 'the administrator drains tunnel isp' lac add tunnel name isp
cli lac enable tunnel name isp
wait_for 20 tunnel_is_up lac
cli lac add session name alice
wait_ppp_up lns 1

test_begin "the system of the LNS drains: the call lives, a new tunnel is sent elsewhere"
cli lns drain system
assert_eq "drain system" "$(state_of lns session)"
refused_with 'peer: try another.*the administrator drains the system' \
	lac add tunnel name second remote "$lns4" peer lns
lac_pings 20
cli lns enable system

test_begin "a disabled system leaves nothing"
cli lns disable system
wait_for 20 none_anywhere session
assert_no_call
cli lac disable system
wait_for 45 none_anywhere tunnel
assert_no_leftover
assert_match '"admin_state": *"disabled"' "$(cli lac -j show system)"
end lac
end lns
