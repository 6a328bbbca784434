#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What is refused, and what is said of it: to the peer, in the log and by the CLI.
#
# Runs beside others, since it mostly waits.
# Not sanitized: the scenarios refuse the same.
# shellcheck source=test/kernel/adit.sh
. "$(dirname "${BASH_SOURCE[0]}")/adit.sh"

need gojq pppd
need_module l2tp_ppp l2tp_netlink
ns_pair
ppp_secrets
configure_pair 4

# refused EXIT-STATUS REGEX COMMAND...: with this status and message.
refused() {
	local status=0 expected=$1 regex=$2 out
	shift 2
	out=$("$@" 2>&1) || status=$?
	assert_eq "$expected" "$status" "exit status of $*"
	assert_match "$regex" "$out" "what $* says"
}

test_begin "without a daemon the CLI says so"
refused 2 'aditd is not running' cli lns show tunnel

start lns lns

test_begin "a second daemon is told of the first, and ends"
refused 1 'another aditd serves /run/lns/control' in_ns lns "$aditd" --config "$(config_of lns)"
cli lns show stats >/dev/null

test_begin "a wrong secret: StopCCN 4, nothing in the kernel"
sed -i 's/tunnel-secret/another-secret/' "$(config_of lac)"
start lac lac
refused 2 'secret|not authorized' cli lac add tunnel name wrong remote "$lns4" peer lns
wait_for_log lns 'has another secret|not authorized'
assert_no_leftover
assert_eq 0 "$(field lns session length)"
end lac

test_begin "a secret where the peer has none to answer with"
sed -i '/another-secret/d' "$(config_of lac)"
start lac lac
refused 2 'demands a secret' cli lac add tunnel name none remote "$lns4" peer lns
assert_no_leftover
end lac

test_begin "a stranger: StopCCN 4, nothing kept"
configure_pair 4
sed -i "s/address    = $lac4/address    = 203.0.113.1/" "$(config_of lns)"
cli lns reload
start lac lac
refused 2 'no such peer' cli lac add tunnel name stranger remote "$lns4" peer lns
wait_for_log lns 'refused 192.0.2.1'
assert_eq 0 "$(field lns tunnel '[.[] | select(.state != "closed")] | length')"

test_begin "nobody at the other end: it says so after its retransmissions"
refused 2 'did not come up|no answer' timeout 60 \
	"$adit" --control /run/lac/control add tunnel name nobody remote 192.0.2.99

test_begin "calls that a peer may not place: CDN with the reason"
configure_pair 4
sed -i 's/ppp        = subscribers/calls      = reject/' "$(config_of lns)"
cli lns reload
cli lac add tunnel name up remote "$lns4" peer lns
refused 2 'not taken' cli lac add session name alice tunnel up ppp alice
assert_eq 0 "$(kernel_sessions lac)" "sessions in the kernel"
cli lac del tunnel name up

test_begin "a kernel that refuses: its error reaches the CLI, the log and the peer"
configure_pair 4
cli lns reload
# A tunnel of somebody else has the id that we are told to take.
ip -n lac l2tp add tunnel tunnel_id 77 peer_tunnel_id 78 encap udp local "$lac4" \
	remote 192.0.2.50 udp_sport 5077 udp_dport 5078
refused 2 'File exists' cli lac add tunnel name taken tunnel_id 77 remote "$lns4" peer lns
wait_for_log lac 'File exists'
wait_for_log lns 'File exists'
ip -n lac l2tp del tunnel tunnel_id 77
assert_no_leftover

test_begin "packets that make no sense are counted, and nothing else happens"
before=$(field lns stats '.[0].rx_malformed // .rx_malformed')
in_ns lac bash -c "
	printf '\xc8\x02\x00' >/dev/udp/$lns4/1701
	printf '\xc8\x02\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00' >/dev/udp/$lns4/1701
	printf 'GET / HTTP/1.0\r\n\r\n' >/dev/udp/$lns4/1701
	head -c 1400 /dev/urandom >/dev/udp/$lns4/1701"
more_malformed() {
	[ "$(field lns stats '.[0].rx_malformed // .rx_malformed')" -ge $((before + 2)) ]
}
wait_for 5 more_malformed
wait_for_log lns 'dropped a packet'
cli lac add tunnel name fine remote "$lns4" peer lns
cli lac del tunnel name fine

test_begin "a daemon that was killed: its pppd ends, its successor tells the peer"
cli lac add tunnel name up remote "$lns4" peer lns
cli lac add session name alice tunnel up ppp alice
wait_ppp_up lns 1
end lac KILL
wait_for 15 no_pppd lac
assert_no_leftover lac
start lac lac
wait_for_log lac 'left by a daemon that died'
wait_for_log lns 'restarted' 15
wait_for 15 none lns session
assert_no_leftover lns
cli lac add tunnel name up remote "$lns4" peer lns
end lac
end lns
assert_no_leftover
