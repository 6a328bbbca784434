#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Debian's FreeRADIUS says where each call goes: tags, preferences, hidden Tunnel-Password; keeps
# accounts of it in its detail file, and has calls ended by radclient's Disconnect-Request.
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

# disconnect USER: whether the server may end his call. Without a Message-Authenticator it would not
# be heard.
disconnect() {
	printf 'User-Name = "%s", Message-Authenticator = 0x00\n' "$1" |
		in_ns aaa radclient -x 198.18.0.1:3799 disconnect radius-secret \
			>"$ADIT_RESULTS/radclient.log" 2>&1
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

test_begin "a Disconnect-Request ends a call"
call one one@radius.example
came_up one lns
disconnect one@radius.example
assert_match 'Disconnect-ACK' "$(cat "$ADIT_RESULTS/radclient.log")" "the answer"
wait_for 10 calls_are_none lac
report one
assert_eq 0 "$(reported one .up)" "still up"
hang_up one
wait_for 5 recorded Stop 'Acct-Terminate-Cause = Admin-Reset'
assert_fails disconnect nobody
assert_match 'Disconnect-NAK' "$(cat "$ADIT_RESULTS/radclient.log")" "the answer"

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
