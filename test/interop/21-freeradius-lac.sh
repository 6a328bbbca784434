#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Debian's FreeRADIUS says where each call goes: tags, preferences, hidden Tunnel-Password; keeps
# accounts of it in its detail file, and has calls changed and ended by radclient's CoA-Request and
# Disconnect-Request.
# shellcheck source=test/interop/freeradius.sh
. "$(dirname "${BASH_SOURCE[0]}")/freeradius.sh"

need gojq freeradius radclient
need_module l2tp_ppp l2tp_netlink pppoe
ns_pair
access_net
join lac lns2 203.0.113.2 203.0.113.1
radius_net

{
	user one@radius.example
	tunnel 1 $lns4 10 tunnel-secret "Tunnel-Client-Auth-Id:1 = lac.one" "Tunnel-Assignment-Id:1 = blue"
	last gold
	# The better one is at lns2; the order in the answer is not that of preference.
	user two@radius.example
	tunnel 1 $lns4 20 tunnel-secret
	tunnel 2 203.0.113.2 10 another-secret
	last silver
	# The first does not take this secret, so the second must. It shares no tunnel that is up.
	user fails@radius.example
	tunnel 3 203.0.113.2 1 wrong-secret "Tunnel-Assignment-Id:3 = red"
	tunnel 4 $lns4 2 tunnel-secret
	last bronze
	# No endpoint, no sense.
	user broken@radius.example
	printf '\tTunnel-Type:1 = L2TP,\n\tTunnel-Medium-Type:1 = IPv4,\n'
	last lead
	user type@radius.example
	printf '\tTunnel-Type:1 = GRE,\n\tTunnel-Medium-Type:1 = IPv4,\n\tTunnel-Server-Endpoint:1 = "%s",\n' $lns4
	last lead
} >"$raddb/users"

# --- the LAC ---------------------------------------------------------------------------------

config lac <<-EOF
	radius_nas_identifier    = bras
	radius_nas_address       = 198.18.0.1
	radius_tunnel_accounting = yes
	radius_link_accounting   = yes
	radius_dynauth_port      = 3799
	radius aaa {
	    host    = 198.18.0.2
	    secret  = "radius-secret"
	    timeout = 1s
	}
	pppoe access {
	    interface = access0
	    auth      = {chap, pap}
	    radius    = yes
	    line_avps = yes
	}
EOF

# call NAME USER: a subscriber with a line, up or not.
call() {
	dialers "$1" --user "$2" --circuit 'dslam 1/1/%' --remote 'house %'
	wait_settled "$1"
}

# came_up NAME LNS: his call is at this LNS.
came_up() {
	assert_eq 1 "$(reported "$1" .up)" "up"
	assert_eq 1 "$(established "$2" session)" "sessions at $2"
}

hang_up() {
	end "$1"
	assert_no_caller lns lns2
}

# logged REGEX: the LAC logs it, when the last word with the caller was said.
logged() {
	wait_for_log lac "$1"
}

# order KIND USER [ATTRIBUTE...]: whether an order of that kind for his call is obeyed. Without a
# Message-Authenticator it would not be heard.
order() {
	local kind=$1 user=$2
	shift 2
	printf '%s\n' "User-Name = \"$user\"" "Message-Authenticator = 0x00" "$@" |
		in_ns aaa radclient -x 198.18.0.1:3799 "$kind" radius-secret \
			>"$ADIT_RESULTS/radclient.log" 2>&1
}

# answered REGEX: what radclient got.
answered() {
	assert_match "$1" "$(cat "$ADIT_RESULTS/radclient.log")" "the answer"
}

speeds_are() {
	[ "$(field "$1" session '.[0] | "\(.tx_connect_speed) \(.rx_connect_speed)"')" = "$2 $3" ]
}

start_radius
lns_of lns tunnel-secret
lns_of lns2 another-secret
start lac lac

test_begin "FreeRADIUS names the tunnel, and its hidden password is right"
call one one@radius.example
came_up one lns
assert_eq lac.one "$(field lns tunnel '.[0].peer_host_name')" "Tunnel-Client-Auth-Id"
wait_for 5 recorded Start 'User-Name = "one@radius.example"' 'Class = 0x676f6c64' \
	"Tunnel-Server-Endpoint:[01] = \"$lns4\""
wait_for 5 recorded Tunnel-Link-Start 'User-Name = "one@radius.example"'
wait_for 5 recorded Tunnel-Start
assert_match 'NAS-Identifier = "bras"' "$(cat "$detail")"
assert_match 'ADSL-Agent-Circuit-Id = (0x[0-9a-f]+|"dslam 1/1/0")' "$(cat "$detail")"

test_begin "the call is accounted when it ends"
hang_up one
wait_for 5 recorded Stop 'User-Name = "one@radius.example"' 'Acct-Session-Time = [0-9]+' \
	'Acct-Terminate-Cause = User-Request'
wait_for 5 recorded Tunnel-Link-Stop 'User-Name = "one@radius.example"'

test_begin "of two tunnels the preferred one is taken, each with its own password"
call two two@radius.example
came_up two lns2
hang_up two

test_begin "a tunnel that fails is followed by the next"
call fails fails@radius.example
came_up fails lns
wait_for 5 recorded Tunnel-Reject
hang_up fails
cli lac unlock destination 203.0.113.2

test_begin "a CoA-Request has other speeds of a line told to the LNS"
call one one@radius.example
came_up one lns
order coa one@radius.example "Actual-Data-Rate-Downstream = 16000000" "Actual-Data-Rate-Upstream = 1000000"
answered 'CoA-ACK'
wait_for 5 speeds_are lns 16000000 1000000
order coa one@radius.example "ERX-Tx-Connect-Speed = 8000000"
answered 'CoA-ACK'
wait_for 5 speeds_are lns 8000000 1000000
assert_fails order coa nobody "ERX-Tx-Connect-Speed = 8000000"
answered 'CoA-NAK'
answered 'Session-Context-Not-Found'
assert_fails order coa one@radius.example "Filter-Id = gold"
answered 'Unsupported-Attribute'
assert_fails order coa one@radius.example "ERX-Tx-Connect-Speed = 0"
answered 'Invalid-Request'
assert_eq "2 3" "$(cli lac -j -s show radius | jq -r '.[0] | "\(.changes) \(.changes_refused)"')" "orders obeyed and refused"

test_begin "a Disconnect-Request ends a call"
order disconnect one@radius.example
answered 'Disconnect-ACK'
wait_for 10 calls_are_none lac
report one
assert_eq 0 "$(reported one .up)" "still up"
hang_up one
wait_for 5 recorded Stop 'Acct-Terminate-Cause = Admin-Reset'
assert_fails order disconnect nobody
answered 'Disconnect-NAK'

test_begin "an answer that contradicts itself is refused, with the attribute in the log"
call broken broken@radius.example
assert_eq 0 "$(reported broken .came_up)" "came up"
wait_for_log lac 'broken@.*Tunnel-Server-Endpoint'
hang_up broken
call type type@radius.example
assert_eq 0 "$(reported type .came_up)" "came up"
wait_for_log lac 'type@.*Tunnel-Type'
hang_up type

test_begin "a wrong password is refused by FreeRADIUS"
dialers mallory --user one@radius.example --password wrong --hold 0
wait_hung_up mallory 30
assert_eq 0 "$(reported mallory .came_up)" "came up"
assert_match '^[1-9]' "$(cli lac -j -s show radius | gojq '.[0].rejects')" "rejects"
assert_no_caller lns lns2

test_begin "a server that is gone costs its timeouts, and the caller is told"
end radius
call late one@radius.example
assert_eq 0 "$(reported late .came_up)" "came up"
assert_match '^[1-9]' "$(cli lac -j -s show radius | gojq '.[0].timeouts')" "timeouts"
logged 'RADIUS does not decide: no server answered'
hang_up late
start_radius

test_begin "it is asked again when it is back, and nothing is left in the end"
call back two@radius.example
came_up back lns2
hang_up back
end lac
assert_eq 0 "$ended_with" "exit status"
assert_no_leftover lac
