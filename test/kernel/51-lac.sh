#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Subscriber, LAC and LNS: pppd dials over PPPoE, aditd bridges the call into a tunnel in the kernel,
# aditd with pppd is the LNS. PAP and CHAP, packets counted, and every way to hang up.
# shellcheck source=test/kernel/lac.sh
. "$(dirname "${BASH_SOURCE[0]}")/lac.sh"

need gojq ping pppd
need_module l2tp_ppp l2tp_netlink pppoe
ns_pair
access_net
subscriber_secrets

# come_up: alice dials and has a call all the way.
come_up() {
	online alice alice@example.com
	wait_ppp_up lns 1
}

# gone_after COMMAND...: hangs up, and all of the call disappears, at the subscriber too.
gone_after() {
	"$@"
	wait_hung_up alice
	assert_no_caller
}

# --- a call ----------------------------------------------------------------------------------

# run_auth pap|chap
run_auth() {
	local auth=$1

	test_begin "$auth: a call goes through the LAC to the LNS"
	lns_config lns "$auth"
	lac_config "$auth"
	start lns lns
	start lac lac
	come_up
	assert_eq 198.51.100.2 "$(address_of alice)" "the subscriber's address"
	assert_eq alice@example.com "$(field lns session '.[0].user')" "user at the LNS"
	assert_eq "up alice@example.com access0 lns" \
		"$(call_field lac '.[0] | "\(.state) \(.user) \(.interface) \(.destination)"')"
	assert_eq "$(field lac session '.[0].session_id')" "$(call_field lac '.[0].session_id')" "session"
	assert_eq lac.example "$(field lns tunnel '.[0].peer_host_name')" "the LAC's name"
	assert_match "access0" "$(field lns session '.[0].calling_number')" "Calling Number"
	assert_eq example.com "$(field lns session '.[0].called_number')" "Called Number"

	test_begin "$auth: channels are bridged, there is no ppp device on the LAC"
	assert_eq 1 "$(kernel_sessions lac)" "sessions in the kernel"
	assert_eq 1 "$(access_sessions lac | wc -l)" "PPPoE sessions in the kernel"
	assert_bridged lac
}

pings_cost_nothing() {
	local before_tx before_rx sub pid=${pid_of[lac]}

	test_begin "1,000 pings, none lost, all counted by the kernel, and no processor time of the LAC's"
	sub=$(interface_of alice)
	pings sub "$sub" 198.51.100.1 10
	before_tx=$(kernel_count lac tx_packets)
	before_rx=$(kernel_count lac rx_packets)
	assert_not_woken "$pid" pings sub "$sub" 198.51.100.1 1000
	assert_eq 1000 $(($(kernel_count lac tx_packets) - before_tx)) "packets to the LNS"
	assert_eq 1000 $(($(kernel_count lac rx_packets) - before_rx)) "packets to the subscriber"
	assert_eq 0 "$(field lac session '.[0].rx_errors')" "errors"
}

# speeds_at LNS: of its session.
speeds_at() {
	field "$1" session '.[0] | "\(.tx_connect_speed) \(.rx_connect_speed)"'
}

speeds_are() {
	[ "$(speeds_at "$1")" = "$2 $3" ]
}

line_changes() {
	test_begin "a line that changes its speeds: the LNS hears of it, and of the next as well"
	cli lac set call alice@example.com tx_speed 16000000 rx_speed 1000000
	wait_for 5 speeds_are lns 16000000 1000000
	assert_eq "16000000 1000000" "$(call_field lac '.[0] | "\(.tx_connect_speed) \(.rx_connect_speed)"')" "speeds of the call"
	cli lac change call call_id "$(call_field lac '.[0].call_id')" rx_speed 4294967295
	wait_for 5 speeds_are lns 16000000 4294967295
	assert_fails cli lac set call bob@example.com tx_speed 1
	assert_fails cli lac set call alice@example.com tx_speed 0
	assert_fails cli lac set call alice@example.com tx_speed 4294967296
	pings sub "$(interface_of alice)" 198.51.100.1 20
}

# Of a call without line_avps.
line_cannot_change() {
	local before status=0 words

	test_begin "an LNS that was promised nothing hears of no change, and it is said why"
	before=$(speeds_at lns)
	words=$(cli lac set call alice@example.com tx_speed 16000000 2>&1) || status=$?
	assert_eq 2 $status "exit status"
	assert_match 'line_avps was not set' "$words" "the words"
	assert_eq "$before" "$(speeds_at lns)" "speeds at the LNS"
}

run_auth pap
line_cannot_change
test_begin "pap: the subscriber hangs up"
gone_after kill -TERM "${pid_of[alice]}"
end lac
end lns
assert_no_leftover

access_keys="line_avps = yes" run_auth chap
pings_cost_nothing
line_changes

# --- hanging up ------------------------------------------------------------------------------

hang_up_all_ways() {
	local fds_lac fds_lns

	test_begin "the subscriber hangs up: LCP Terminate, then PADT"
	gone_after kill -TERM "${pid_of[alice]}"
	assert_eq 1 "$(count_of lac tunnel)" "tunnels left"
	# The tunnel stays; whatever else is open now stays open.
	fds_lac=$(fds_of "${pid_of[lac]}")
	fds_lns=$(fds_of "${pid_of[lns]}")

	test_begin "the LNS hangs up: CDN, and PADT at once"
	come_up
	gone_after cli lns del session session_id "$(field lns session '.[0].session_id')" \
		tunnel_id "$(field lns session '.[0].tunnel_id')"

	test_begin "the LNS's pppd dies"
	come_up
	gone_after kill -KILL "$(field lns session '.[0].pppd_pid')"

	test_begin "the LAC's administrator hangs up"
	come_up
	gone_after cli lac del call user alice@example.com

	test_begin "the LAC's administrator ends its session"
	come_up
	gone_after cli lac del session session_id "$(field lac session '.[0].session_id')" \
		tunnel_id "$(field lac session '.[0].tunnel_id')"

	test_begin "no file is left open"
	assert_no_leaked_fds "${pid_of[lac]}" "$fds_lac"
	assert_no_leaked_fds "${pid_of[lns]}" "$fds_lns"

	test_begin "the LAC closes the tunnel with a call in it"
	come_up
	gone_after cli lac del tunnel tunnel_id "$(field lac tunnel '.[0].tunnel_id')"

	test_begin "the LNS closes the tunnel with a call in it"
	come_up
	gone_after cli lns del tunnel tunnel_id \
		"$(field lns tunnel '[.[] | select(.state == "established")][0].tunnel_id')"

	test_begin "a LAC that drains lets calls go on, and takes no new one"
	come_up
	cli lac drain system
	run_dialers late --timeout 3 --hold 0
	assert_eq '{"before it was up: no PADO":1}' "$(reported late '.over | tostring')"
	pings sub "$(interface_of alice)" 198.51.100.1 20
	cli lac enable system

	test_begin "a LAC that stops takes its calls with it"
	gone_by_stop
}

gone_by_stop() {
	end lac
	assert_eq 0 "$ended_with" "exit status"
	wait_hung_up alice
	assert_no_leftover lac
	assert_eq "" "$(access_sessions lac)" "PPPoE sessions in the kernel"
	wait_for 10 none lns session
	assert_no_call lns
}

hang_up_all_ways
end lns
assert_eq 0 "$ended_with" "exit status"
assert_no_leftover
