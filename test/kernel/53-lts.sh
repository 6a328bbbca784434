#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A switched call: subscriber, LAC, LTS, LNS. The LTS joins the two tunnels in the kernel. Then both
# ends of a tunnel in one aditd, LAC and LNS.
# Runs beside others, since it mostly waits.
# shellcheck source=test/kernel/lac.sh
. "$(dirname "${BASH_SOURCE[0]}")/lac.sh"

need gojq ping pppd
need_module l2tp_ppp l2tp_netlink pppoe
ns_pair
access_net
subscriber_secrets
# The LAC's way to the LTS, and the LTS's to the LNS; there is no other between them.
join lac lts 203.0.113.2 203.0.113.1
ip link add core netns lts type veth peer name core netns lns
ip -n lts -batch - <<-EOF
	link set core up
	address add 198.18.0.1/24 dev core
EOF
ip -n lns -batch - <<-EOF
	link set core up
	address add 198.18.0.2/24 dev core
EOF

lns_config lns chap
lac_config chap
sed -i "s/= $lns4/= 203.0.113.2/" "$(config_of lac)"
config lts <<-EOF
	listen { address = 203.0.113.2 }
	peer lac {
	    address    = 203.0.113.1
	    secret     = "tunnel-secret"
	    local_name = lts.example
	    calls      = switch
	    retry_cap  = 2s
	}
	destination lns {
	    remote     = 198.18.0.2
	    secret     = "tunnel-secret"
	    local_name = lts.example
	    retry_cap  = 2s
	}
	domain example.com { destination = lns }
EOF

come_up() {
	online alice alice@example.com
	wait_ppp_up lns 1
}

gone_after() {
	"$@"
	wait_hung_up alice
	assert_no_caller
	wait_for 10 calls_are_none lts
	assert_no_call lts
}

# session_arguments NAME NUMBER: of one of its sessions, for adit.
session_arguments() {
	field "$1" session ".[$2] | \"tunnel_id \(.tunnel_id) session_id \(.session_id)\""
}

test_begin "a call goes through the LTS, bridged on the LAC and on the LTS"
start lns lns
start lts lts
start lac lac
come_up
assert_eq 198.51.100.2 "$(address_of alice)" "the subscriber's address"
assert_eq "up alice@example.com" "$(call_field lts '.[0] | "\(.state) \(.user)"')" "the LTS's call"
assert_eq lts.example "$(field lns tunnel '.[0].peer_host_name')" "who the LNS sees"
assert_eq 2 "$(kernel_sessions lts)" "sessions in the kernel of the LTS"
assert_bridged lac
assert_bridged lts
# What the LAC knew reaches the LNS.
assert_match access0 "$(field lns session '.[0].calling_number')" "Calling Number"
assert_eq example.com "$(field lns session '.[0].called_number')" "Called Number"

test_begin "both legs stand in one line"
assert_eq "$(field lts session '[.[].session_id] | sort | tostring')" \
	"$(call_field lts '[.[0].from_session_id, .[0].session_id] | sort | tostring')"
assert_eq 1 "$(cli lts show call | grep -c alice@example.com)" "lines"

test_begin "1,000 pings, none lost, and no processor time of the LTS's"
pings sub "$(interface_of alice)" 198.51.100.1 10
assert_not_woken "${pid_of[lts]}" pings sub "$(interface_of alice)" 198.51.100.1 1000

test_begin "the subscriber hangs up"
gone_after kill -TERM "${pid_of[alice]}"
fds=$(fds_of "${pid_of[lts]}")

test_begin "the LNS hangs up"
come_up
# shellcheck disable=SC2046 # words
gone_after cli lns del session $(session_arguments lns 0)

test_begin "the LAC hangs up"
come_up
# shellcheck disable=SC2046
gone_after cli lac del session $(session_arguments lac 0)

test_begin "the LTS hangs up"
come_up
gone_after cli lts del call user alice@example.com

test_begin "no file is left open"
assert_no_leaked_fds "${pid_of[lts]}" "$fds"

test_begin "a tunnel of the LTS's is closed with the call in it"
come_up
gone_after cli lts del tunnel tunnel_id "$(call_field lts '.[0].tunnel_id')"
for name in lac lts lns; do
	end "$name"
	assert_eq 0 "$ended_with" "exit status of $name"
done
assert_no_leftover lac lts lns

# --- one box ---------------------------------------------------------------------------------

test_begin "LAC and LNS in one aditd, with the tunnel between them"
config lac <<-EOF
	listen { address = 127.0.0.1 }
	peer self {
	    address    = 127.0.0.0/8
	    secret     = "tunnel-secret"
	    local_name = lns.example
	    ppp        = subscribers
	}
	ppp subscribers { options = { "require-chap", "198.51.100.1:198.51.100.2", "noipv6" } }
	pppoe access { interface = access0 }
	destination self {
	    remote     = 127.0.0.1
	    secret     = "tunnel-secret"
	    local_name = lac.example
	}
	domain example.com { destination = self }
EOF
start lac lac
online alice alice@example.com
assert_eq 198.51.100.2 "$(address_of alice)" "the subscriber's address"
assert_eq 2 "$(established lac tunnel)" "tunnels"
assert_eq 2 "$(established lac session)" "sessions"
pings sub "$(interface_of alice)" 198.51.100.1 100
kill -TERM "${pid_of[alice]}"
wait_hung_up alice
wait_for 10 calls_are_none lac
wait_for 10 none lac session
assert_no_call lac
end lac
assert_eq 0 "$ended_with" "exit status"
assert_no_leftover lac
