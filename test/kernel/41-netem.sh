#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A bad path: of the packets in each direction one in five is lost, the rest take 100 ms, and some
# overtake others. Calls come up, stay, and go; numbered data arrives in order.
#
# No pppd: what it does about losses is its own. A message and its acknowledgement both arrive two
# times in three, so of the five retransmissions that are the default all are in vain once in 500
# messages; with ten, once in 80,000.
#
# Runs beside others, since it mostly waits.
# Not sanitized: the simulators have worse networks.
# shellcheck source=test/kernel/adit.sh
. "$(dirname "${BASH_SOURCE[0]}")/adit.sh"

calls=10
seconds=25
tools=$ADIT_BUILD/test/kernel

need gojq tc tcpdump ping
need_module l2tp_ppp l2tp_netlink ppp_generic sch_netem
# The sanitizers find in a quarter of the time what they find.
! ldd "$aditd" | grep -q libasan || seconds=10

# daemon NAME PEER ADDRESS: each is the other's LAC, and LNS.
daemon() {
	config "$1" <<-END
		pppd = none
		listen { address = 0.0.0.0 }
		peer $2 {
		    address         = $3
		    secret          = "tunnel-secret"
		    local_name      = $1.example
		    calls           = ppp
		    hello_interval  = 2s
		    retry_cap       = 2s
		    retries         = 10
		    sequencing      = yes
		    reorder_timeout = 400ms
		}
	END
}

bad_path() {
	local ns
	for ns in lac lns; do
		in_ns $ns tc qdisc add dev eth0 root netem delay 100ms 20ms loss 20% reorder 10% limit 10000
	done
}

# place NAME PEER ADDRESS: calls in two tunnels.
place() {
	local i
	for i in 1 2; do
		echo "add tunnel name from-$1-$i remote $3 peer $2"
	done
	for i in $(seq $calls); do
		echo "add session name call-$i tunnel from-$1-$((i % 2 + 1)) nowait"
	done
}

established() {
	field "$1" "$2" '[.[] | select(.state == "established")] | length'
}

has_calls() {
	[ "$(established "$1" session)" -eq "$2" ]
}

# ids NAME: what must be the same later.
ids() {
	field "$1" session 'map("\(.tunnel_id)/\(.session_id)") | sort | join(" ")'
}

ns_pair
daemon lac lns "$lns4"
daemon lns lac "$lac4"
start lac lac
start lns lns

test_begin "on a good path, a call whose data is numbered"
cli lac add tunnel name data remote "$lns4" peer lns
cli lac add session name data tunnel data
spawn units - "$tools/units" lac lns 1
wait_for_log units ready 30
ip -n lac address add 198.51.100.1 peer 198.51.100.2 dev ppp0
ip -n lns address add 198.51.100.2 peer 198.51.100.1 dev ppp0
ip -n lac link set ppp0 up
ip -n lns link set ppp0 up
wait_for 5 in_ns lac ping -q -c 1 -W 1 198.51.100.2
assert_eq true "$(field lns session '.[0].sequencing')" "sequencing"

test_begin "$((2 * calls)) calls come up on the bad one, half of them each way"
bad_path
begun=$(now)
place lac lns "$lns4" | cli lac -b - >/dev/null &
placing=$!
place lns lac "$lac4" | cli lns -b - >/dev/null
wait $placing
wait_for 90 has_calls lac $((2 * calls + 1))
wait_for 30 has_calls lns $((2 * calls + 1))
up_at=$(now)
lac_ids=$(ids lac)
lns_ids=$(ids lns)
ok "$((up_at - begun)) ms"

test_begin "what was numbered arrives in order"
spawn tcpdump lns tcpdump -Z root -l -n -i ppp0 icmp
wait_for_log tcpdump 'listening on' 40
in_ns lac ping -q -i 0.02 -c 300 -W 1 198.51.100.2 >/dev/null || :
sleep 1
end tcpdump
sed -n 's/.*echo request.* seq \([0-9]*\),.*/\1/p' "$(log_of tcpdump)" >"$ADIT_RESULTS/arrived"
sort -n "$ADIT_RESULTS/arrived" | cmp - "$ADIT_RESULTS/arrived" || fail "some were out of order"
arrived=$(wc -l <"$ADIT_RESULTS/arrived")
# Four in five get here; of these the kernel throws away each that waited in vain for a lost one.
[ "$arrived" -ge 120 ] || fail "of 300 packets only $arrived arrived"
ok "$arrived of 300"

test_begin "in $seconds s none is lost to HELLO"
left=$((seconds - ($(now) - up_at) / 1000))
[ $left -le 0 ] || sleep $left
assert_eq "$lac_ids" "$(ids lac)" "calls of the LAC"
assert_eq "$lns_ids" "$(ids lns)" "calls of the LNS"
has_calls lac $((2 * calls + 1)) || fail "not all are established"
again=$(field lac tunnel 'map(.tx_retransmits) | add')
[ "$again" -gt 0 ] || fail "nothing had to be sent again: was the path bad?"
ok "$again messages of the LAC were sent again"

test_begin "they are closed, each by who placed it"
ip -n lac link del ppp0
ip -n lns link del ppp0
end units KILL
printf 'del tunnel name %s nowait\n' data from-lac-1 from-lac-2 | cli lac -b -
printf 'del tunnel name %s nowait\n' from-lns-1 from-lns-2 | cli lns -b -
wait_for 60 none_anywhere session
assert_no_leftover
for ns in lac lns; do
	in_ns $ns tc qdisc del dev eth0 root
done
end lac
assert_eq 0 "$ended_with" "exit status"
end lns
assert_eq 0 "$ended_with" "exit status"
