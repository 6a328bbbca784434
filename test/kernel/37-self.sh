#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Both ends of one tunnel in one aditd: it calls itself, over an address of its own, and pppd talks
# to pppd through the kernel.
# shellcheck source=test/kernel/adit.sh
. "$(dirname "${BASH_SOURCE[0]}")/adit.sh"

need gojq ping pppd
need_module l2tp_ppp l2tp_netlink
ns_pair
ppp_secrets

# The session as LAC or as LNS: end_field TYPE FIELD
end_field() {
	field lac session ".[] | select(.type == \"$1\") | .$2"
}

both_up() {
	ppp_up lac 2
}

# The user's interface goes to another namespace, for within one the kernel would keep the packets
# of two of its own addresses to itself.
move_user() {
	local user
	user=$(end_field lac-incoming interface)
	ip -n lac link set dev "$user" netns lns
	ip -n lns address add 198.51.100.2 peer 198.51.100.1 dev "$user"
	ip -n lns link set dev "$user" up
	echo "$user"
}

run_family() {
	local family=$1 address=$2 any=0.0.0.0 fds tunnels user
	[ "$family" = 4 ] || any=::
	config lac <<-EOF2
		listen { address = $any }
		peer self {
		    address    = $address
		    secret     = "tunnel-secret"
		    local_name = self.example
		    host_name  = self.example
		    hide       = sensitive
		    retry_cap  = 2s
		    ppp        = subscribers
		}
		ppp subscribers {
		    options = { "require-chap", "198.51.100.1:198.51.100.2", "noipv6" }
		}
		ppp alice {
		    options = { "user alice", "noipv6" }
		}
	EOF2
	test_begin "IPv$family, $address: a daemon opens a tunnel to itself"
	start lac lac
	fds=$(fds_of "${pid_of[lac]}")
	cli lac add tunnel name up remote "$address" peer self
	wait_for 10 eval '[ "$(count_of lac tunnel)" -eq 2 ]'
	tunnels=$(field lac tunnel '[.[] | select(.state == "established" and .authenticated)] | length')
	assert_eq 2 "$tunnels" "ends that are established"
	assert_eq true "$(field lac tunnel '.[0].tunnel_id == .[1].peer_tunnel_id and .[1].tunnel_id == .[0].peer_tunnel_id')" \
		"each end is the other's"
	assert_eq 2 "$(in_ns lac ip l2tp show tunnel | grep -c '^Tunnel')" "tunnels in the kernel"

	test_begin "IPv$family, $address: and a call, with PPP at both ends"
	cli lac add session name alice tunnel up ppp alice
	wait_for 30 both_up
	assert_eq 2 "$(kernel_sessions lac)" "sessions in the kernel"
	assert_eq alice "$(end_field lns-incoming user)"
	user=$(move_user)
	pings lns "$user" 198.51.100.1 100
	assert_eq true "$(end_field lns-incoming 'rx_packets >= 100')" "packets counted"

	test_begin "IPv$family, $address: the LNS's end hangs up, and the tunnel stays"
	cli lac del session tunnel_id "$(end_field lns-incoming tunnel_id)" \
		session_id "$(end_field lns-incoming session_id)"
	wait_for 20 none lac session
	assert_eq 0 "$(kernel_sessions lac)" "sessions in the kernel"
	assert_eq 2 "$(field lac tunnel '[.[] | select(.state == "established")] | length')"

	test_begin "IPv$family, $address: another call, and the tunnel is closed with it"
	cli lac add session name alice tunnel up ppp alice
	wait_for 30 both_up
	cli lac del tunnel name up
	wait_for 20 none lac session
	wait_for 45 none lac tunnel
	assert_no_leaked_fds "${pid_of[lac]}" "$fds"
	assert_no_leftover lac

	test_begin "IPv$family, $address: a daemon that stops takes both ends with it"
	cli lac add tunnel name up remote "$address" peer self
	cli lac add session name alice tunnel up ppp alice
	wait_for 30 both_up
	end lac
	assert_eq 0 "$ended_with" "exit status"
	assert_no_leftover
}

run_family 4 127.0.0.1
run_family 4 "$lac4"
run_family 6 "$lac6"
