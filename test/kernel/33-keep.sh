#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tunnels and sessions of the configuration: opened, opened again when the peer comes back, and
# changed by a reload that touches nothing else.
#
# Runs beside others, since it mostly waits.
# Not sanitized: the unit tests and 52-lac-failover do the same.
# shellcheck source=test/kernel/adit.sh
. "$(dirname "${BASH_SOURCE[0]}")/adit.sh"

need gojq pppd
need_module l2tp_ppp l2tp_netlink
ns_pair
ppp_secrets
configure_pair 4
# Two subscribers, and everything hidden that may be.
sed -i 's/198.51.100.1:198.51.100.2/198.51.100.1:/; s/secret     =/hide = always\n    secret =/' \
	"$(config_of lns)"
lac_sections() {
	cat <<-EOF
		tunnel isp {
		    remote     = $lns4
		    peer       = lns
		    hide       = always
		    secret     = tunnel-secret
		}
		ppp bob { options = { "user alice", "noipv6", "198.51.100.9:" } }
		session alice {
		    tunnel         = isp
		    ppp            = alice
		    calling_number = "5551000"
		}
		session bob {
		    tunnel = isp
		    ppp    = bob
		}
	EOF
}
sed -i 's/"noipv6" }/"noipv6", "198.51.100.8:" }/' "$(config_of lac)"
lac_sections >>"$(config_of lac)"

test_begin "the configuration's tunnel and sessions come up by themselves"
start lac lac
start lns lns
wait_ppp_up lns 2 60
assert_eq 5551000 "$(field lns session '[.[].calling_number // empty][0]')" "calling number"
assert_match '"authenticated": *true' "$(cli lns -j -d show tunnel)"

test_begin "they come back after the LNS was away"
end lns
wait_for 10 none lac session
tells_failure() {
	cli lac show kept | grep -qE '^tunnel [a-z]+, (opening|waiting).*: (peer|local|kernel): .+'
}
wait_for 60 tells_failure
cli lac show kept
start lns lns
wait_ppp_up lns 2 90
assert_eq up "$(cli lac -j show kept | gojq -r '[.[].state] | unique | join(" ")')"

# session_of NAME: its id.
session_of() {
	field lac session "[.[] | select(.name == \"$1\")][0].session_id"
}

test_begin "a reload takes what was removed, and touches nothing else"
alice=$(session_of alice)
sed -i '/^session bob/,/^}/d' "$(config_of lac)"
cli lac reload
wait_ppp_up lns 1 30
assert_eq 1 "$(count_of lac session)"
assert_eq "$alice" "$(session_of alice)" "alice's session"
pings lac "$(field lac session '.[0].interface')" 198.51.100.1 20

test_begin "a reload with a fault changes nothing and says where it is"
sed -i 's/^session alice {/session alice {\n    tunel = isp/' "$(config_of lac)"
assert_fails cli lac reload
assert_match 'lac.conf:[0-9]+: session alice: tunel: no such key; did you mean tunnel' \
	"$(cli lac reload 2>&1 || :)"
assert_eq "$alice" "$(session_of alice)" "alice's session"
sed -i '/tunel = isp/d' "$(config_of lac)"

test_begin "what the administrator closed stays closed, until it is asked for"
cli lac del session name alice
sleep 3
assert_eq 0 "$(count_of lac session)"
cli lac add session name alice
assert_eq 1 "$(count_of lac session)"

# tunnels COUNT: lac has so many that have not ended.
tunnels() {
	[ "$(field lac tunnel '[.[] | select(.state != "ended")] | length')" -eq "$1" ]
}

test_begin "a tunnel from port 1701 beside the listener; closed when idle, opened when needed"
sed -i 's/^tunnel isp {/listen { }\ntunnel isp {\n    source_port = 1701\n    idle_timeout = 2s\n    destruct_timeout = 60s/' \
	"$(config_of lac)"
cli lac reload
wait_ppp_up lac 1 60
assert_eq 1701 "$(field lac tunnel '.[] | select(.state == "established").udp_sport')"
pings lac "$(field lac session '.[0].interface')" 198.51.100.1 20
cli lac del session name alice
wait_for 20 tunnels 0
assert_match ', ended .* ago' "$(cli lac show tunnel name isp)"
assert_match 'Last error: .*idle: no session for 2 s' "$(cli lac show tunnel name isp)"
sleep 2
tunnels 0 || fail "it was opened, and nobody needs it"
cli lac add session name alice
tunnels 1 || fail "there is a session without a tunnel"

test_begin "without sections everything is closed"
sed -i '/^tunnel isp/,$d' "$(config_of lac)"
kill -HUP "${pid_of[lac]}"
wait_for 20 tunnels 0
assert_no_leftover
end lac
end lns
