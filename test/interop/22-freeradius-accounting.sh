#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What FreeRADIUS' detail file has of tunnels and of the calls in them (RFC 2866, RFC 2867): the
# daemon's own beginning and end, each record of a tunnel and its links and what joins them, what the
# kernel counted; and what becomes of callers while the server does not answer.
# shellcheck source=test/interop/freeradius.sh
. "$(dirname "${BASH_SOURCE[0]}")/freeradius.sh"

need gojq freeradius
need_module l2tp_ppp l2tp_netlink pppoe
ns_pair
access_net
radius_net

{
	user one@radius.example
	tunnel 1 $lns4 10 tunnel-secret "Tunnel-Assignment-Id:1 = blue"
	last gold
	user two@radius.example
	tunnel 1 $lns4 10 tunnel-secret "Tunnel-Assignment-Id:1 = blue"
	last silver
	# The LNS's tunnel is full.
	user three@radius.example
	tunnel 1 $lns4 10 tunnel-secret "Tunnel-Assignment-Id:1 = blue"
	last bronze
	# Its secret is another.
	user wrong@radius.example
	tunnel 1 $lns4 10 wrong-secret "Tunnel-Assignment-Id:1 = red"
	last lead
} >"$raddb/users"

# lac_with RADIUS: the configuration of the LAC, with this for the callers of access0.
lac_with() {
	config lac <<-EOF
		radius_nas_identifier    = bras
		radius_tunnel_accounting = yes
		radius_link_accounting   = yes
		radius aaa {
		    host      = 198.18.0.2
		    secret    = "radius-secret"
		    timeout   = 2s
		    tries     = 2
		    dead_time = 0s
		}
		destination lns {
		    remote    = $lns4
		    secret    = "tunnel-secret"
		    retry_cap = 2s
		}
		domain radius.example { destination = lns }
		pppoe access {
		    interface = access0
		    radius    = $1
		}
	EOF
}

# call NAME NUMBER USER: one subscriber, told from others by his number; up or not.
call() {
	dialers "$1" --first "$2" --user "$3"
	wait_settled "$1"
}

# accounted TYPE COUNT
accounted() {
	[ "$(records "$1")" -eq "$2" ]
}

lac_with yes
start_radius
lns_of lns tunnel-secret "max_sessions_per_tunnel = 2"
start lac lac

test_begin "the daemon says that it begins"
wait_for 5 recorded Accounting-On 'NAS-Identifier = "bras"' 'Acct-Session-Id = "[0-9a-f-]+"'

test_begin "a tunnel begins once, each of its links for itself, and what joins them is told"
call one 1 one@radius.example
call two 2 two@radius.example
assert_eq 1 "$(reported one .up)" "up"
assert_eq 1 "$(reported two .up)" "up"
wait_for 5 accounted Tunnel-Link-Start 2
assert_eq 1 "$(records Tunnel-Start)" "tunnels"
connection=$(field lac tunnel '.[0] | "\(.tunnel_id)-\(.peer_tunnel_id)"')
assert_eq "$connection" "$(field lns tunnel '.[0] | "\(.peer_tunnel_id)-\(.tunnel_id)"')" "both ends"
assert_eq "$connection" "$(value Acct-Tunnel-Connection Tunnel-Start)"
assert_eq one@radius.example "$(value User-Name Tunnel-Start)"
assert_eq $lac4 "$(value Tunnel-Client-Endpoint Tunnel-Start)"
assert_eq $lns4 "$(value Tunnel-Server-Endpoint Tunnel-Start)"
assert_eq blue "$(value Tunnel-Assignment-Id Tunnel-Start)"
for n in 1 2; do
	for type in Start Tunnel-Link-Start; do
		assert_match "^$connection-[0-9]+$" "$(value Acct-Tunnel-Connection $type $n)"
		assert_eq "$(value Acct-Session-Id Tunnel-Start)" "$(value Acct-Multi-Session-Id $type $n)"
	done
	assert_eq "$(value Acct-Session-Id Start $n)" "$(value Acct-Session-Id Tunnel-Link-Start $n)"
done
[ "$(value Acct-Tunnel-Connection Start 1)" != "$(value Acct-Tunnel-Connection Start 2)" ] ||
	fail "two calls have the same Acct-Tunnel-Connection"

test_begin "a call that the LNS does not take is a link rejected, and no tunnel"
call three 3 three@radius.example
assert_eq 0 "$(reported three .came_up)" "came up"
wait_for 5 recorded Tunnel-Link-Reject 'User-Name = "three@radius.example"' \
	'Acct-Terminate-Cause = Service-Unavailable'
end three
assert_eq 0 "$(records Tunnel-Reject)" "tunnels rejected"
assert_eq 2 "$(records Start)" "calls"

test_begin "a call that ends is told with what the kernel counted"
end one
wait_for 5 recorded Stop 'User-Name = "one@radius.example"' 'Class = 0x676f6c64'
assert_eq 1 "$(records Tunnel-Link-Stop 'User-Name = "one@radius.example"')"
assert_match '^[1-9]' "$(value Acct-Input-Octets Stop)" "octets"
assert_match '^[1-9]' "$(value Acct-Output-Packets Stop)" "packets"
assert_eq 0 "$(records Tunnel-Stop)" "tunnels ended"

test_begin "a tunnel that ends under a call ends after it, with the sum of its calls"
cli lns del tunnel tunnel_id "$(field lns tunnel '.[0].tunnel_id')"
wait_for 10 recorded Tunnel-Stop
assert_match 'Tunnel-Link-Stop Stop Tunnel-Stop$' "$(order_of_records)" "the order"
assert_eq "$connection" "$(value Acct-Tunnel-Connection Tunnel-Stop)"
for what in Acct-Input-Octets Acct-Output-Octets Acct-Input-Packets Acct-Output-Packets; do
	assert_eq $(($(value $what Stop 1) + $(value $what Stop 2))) "$(value $what Tunnel-Stop)" "$what"
done
end two

test_begin "a tunnel that does not come up is rejected, and has no link"
call wrong 4 wrong@radius.example
assert_eq 0 "$(reported wrong .came_up)" "came up"
wait_for 5 recorded Tunnel-Reject 'User-Name = "wrong@radius.example"'
assert_eq 1 "$(records Tunnel-Link-Reject)" "links rejected"
assert_eq 1 "$(records Tunnel-Start)" "tunnels"
end wrong

test_begin "while no server answers, callers are refused"
end radius
dialers early --first 5 --user one@radius.example --hold 0
wait_hung_up early 30
assert_eq 0 "$(reported early .came_up)" "came up"
wait_for_log lac 'RADIUS does not decide: no server answered'

test_begin "where it is optional, the domain section decides then"
lac_with optional
cli lac reload
# What was locked out is not to be waited for.
cli lac unlock destination $lns4
call late 6 one@radius.example
assert_eq 1 "$(reported late .up)" "up"
start_radius

test_begin "a session is told in order, whenever the server comes back"
end late
wait_for 10 accounted Stop 3
# What was told while nobody listened is lost, or was told again: never behind the end.
records_of=$(accounts | awk -v RS= '/one@radius.example/ && /Acct-Status-Type = (Start|Stop)\n/' |
	sed -n 's/.*Acct-Status-Type = //p' | tail -n 1)
assert_eq Stop "$records_of" "the last of his records"

test_begin "the daemon's end comes last, behind that of its calls and tunnels"
starts=$(records Tunnel-Link-Start)
call last 7 two@radius.example
assert_eq 1 "$(reported last .up)" "up"
wait_for 10 accounted Tunnel-Link-Start $((starts + 1))
end lac
assert_eq 0 "$ended_with" "exit status"
assert_match 'Tunnel-Link-Stop Stop Tunnel-Stop Accounting-Off$' "$(order_of_records)" "the order"
end last
assert_no_leftover lac
