#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Administrative states of daemons with real calls: what drains lives on, what is disabled leaves
# nothing in the kernel, and what the configuration keeps comes back by itself when it may.
# shellcheck source=test/kernel/adit.sh
. "$(dirname "${BASH_SOURCE[0]}")/adit.sh"

need jq pppd
need_module l2tp_ppp l2tp_netlink
ns_pair
ppp_secrets
configure_pair 4
sed -i 's/198.51.100.1:198.51.100.2/198.51.100.1:/' "$(config_of lns)"
sed -i 's/"noipv6" }/"noipv6", "198.51.100.8:" }/' "$(config_of lac)"
# The tunnel has settings of its own on top of the peer's: the peer's state is its too.
cat >>"$(config_of lac)" <<EOF
tunnel isp {
    remote = $lns4
    peer   = lns
    hide   = sensitive
}
session alice {
    tunnel = isp
    ppp    = alice
}
ppp bob { options = { "user alice", "noipv6", "198.51.100.9:" } }
EOF

# state_of NAME OBJECT: its administrative state in effect, and where that comes from.
state_of() {
	cli "$1" -j -d show "$2" | jq -r '.[0] | .admin_state + " " + (.admin_from // "")'
}

tunnel_is_up() {
	[ "$(field lac tunnel '.[0].state')" = established ]
}

# refused_with WORDS NAME ARGUMENT...: adit exits with 2 and says why.
refused_with() {
	local words=$1 said code=0
	shift
	said=$(cli "$@" 2>&1) || code=$?
	assert_eq 2 "$code" "exit status of adit ${*:2}"
	assert_match "$words" "$said"
}

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
cli lac drain session name alice
kill -KILL "$(field lac session '.[0].pppd_pid')"
wait_for 20 none lac tunnel
assert_no_call
refused_with 'the administrator drains tunnel isp' lac add tunnel name isp
cli lac enable tunnel name isp
wait_for 20 tunnel_is_up
sleep 2
assert_eq 0 "$(count_of lac session)" "a drained session is not placed again"
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

test_begin "a reload leaves it disabled, and enabled it comes back by itself"
cli lac reload
sleep 2
assert_eq 0 "$(count_of lac tunnel)"
cli lac enable peer lns
wait_ppp_up lns 1 30
lac_pings 20

test_begin "the system of the LNS drains: the call lives, a new tunnel is sent elsewhere"
cli lns drain system
assert_eq "drain system" "$(state_of lns session)"
refused_with 'peer: try another.*the administrator drains the system' \
	lac add tunnel name second remote "$lns4" peer lns
lac_pings 20
cli lns enable system

test_begin "a disabled call stays down while its tunnel lives"
cli lac disable session name alice
wait_for 20 none_anywhere session
sleep 3
assert_eq 0 "$(count_of lac session)"
tunnel_is_up || fail "its tunnel went"
cli lac enable session name alice
wait_ppp_up lns 1

test_begin "the configuration says it: a reload applies what changed, a restart begins with it"
sed -i 's/^session alice {/session alice {\n    admin_state = disabled/' "$(config_of lac)"
cli lac reload
wait_for 20 none_anywhere session
tunnel_is_up || fail "its tunnel went"
end lac
start lac lac
wait_for 20 tunnel_is_up
sleep 2
assert_eq 0 "$(count_of lac session)"
sed -i '/admin_state = disabled/d' "$(config_of lac)"
kill -HUP "${pid_of[lac]}"
wait_ppp_up lns 1

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
