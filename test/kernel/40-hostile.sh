#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# An LNS whose 200 sessions carry pings while somebody floods its port: SCCRQs from everywhere,
# garbage, and messages of its LAC replayed, cut and forged (flood_kinds.c says all of them).
#
# PPP is up to units.c here: 400 pppd are more than two emulated processors can start in the time
# of a test, and none of them would see the flood.
# shellcheck source=test/kernel/adit.sh
. "$(dirname "${BASH_SOURCE[0]}")/adit.sh"

tunnels=20
sessions=200
half_open=256
# Of these packets eleven in twenty are SCCRQs from random sources: 20,000 a second.
rate=36400
seconds=${ADIT_FLOOD_SECONDS:-60}
# What two emulated processors must send at least, beside answering it.
least_rate=2000
tools=$ADIT_BUILD/test/kernel

need gojq tcpdump
need_module l2tp_ppp l2tp_netlink ppp_generic
ticks=$(getconf CLK_TCK)

# The sanitizers make the daemon slow, and its memory no measure of anything.
is_sanitized() {
	ldd "$aditd" | grep -q libasan
}
! is_sanitized || { seconds=15 least_rate=500; }

# --- the place -------------------------------------------------------------------------------

# Beside the cable to the LAC the LNS has one to the wild, where every other address is.
wild_net() {
	local ns
	ip netns add wild
	at_exit ip netns del wild
	ip link add eth1 netns lns type veth peer name eth0 netns wild
	ip -n lns address add 203.0.113.1/24 dev eth1
	ip -n lns link set eth1 up
	ip -n wild address add 203.0.113.2/24 dev eth0
	ip -n wild link set eth0 up
	ip -n lns route add default via 203.0.113.2
	for ns in lns lac; do
		in_ns $ns sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv6.conf.default.disable_ipv6=1
	done
	in_ns lns sysctl -qw net.ipv4.conf.eth1.rp_filter=0
	lns_mac=$(ip -n lns -j link show dev eth1 | gojq -r '.[0].address')
}

# Address number N of a network of which there are as many as sessions.
address() {
	echo "$1.$(($2 / 250)).$(($2 % 250 + 1))"
}

# unit_addresses NAMESPACE OURS THEIRS
unit_addresses() {
	local i
	for i in $(seq 0 $((sessions - 1))); do
		echo "address add $(address "$2" "$i") peer $(address "$3" "$i") dev ppp$i"
		echo "link set dev ppp$i group 42 up"
	done | ip -n "$1" -batch -
}

# --- what the daemon costs -------------------------------------------------------------------

rss_of() {
	awk '/^VmRSS/ { print $2 }' "/proc/$1/status"
}

# Milliseconds of processor time.
cpu_of() {
	awk -v ticks="$ticks" '{ sub(/.*\) /, ""); print ($12 + $13) * 1000 / ticks }' "/proc/$1/stat"
}

lines_of() {
	wc -l <"$(log_of "$1")"
}

# --- the LNS and its LAC ---------------------------------------------------------------------

configure() {
	config lns <<-END
		pppd = none
		max_half_open = $half_open
		listen { address = 0.0.0.0 }
		peer lac {
		    address        = $lac4
		    secret         = "tunnel-secret"
		    local_name     = lns.example
		    hello_interval = 5s
		    calls          = ppp
		}
		peer anybody {
		    secret     = "another-secret"
		    local_name = lns.example
		}
	END
	config lac <<-END
		pppd = none
		peer lns {
		    address        = $lns4
		    secret         = "tunnel-secret"
		    local_name     = lac.example
		    hello_interval = 5s
		}
		peer patient {
		    secret        = "tunnel-secret"
		    local_name    = lac.example
		    retry_cap     = 1s
		    setup_retries = 30
		}
	END
}

place_calls() {
	local t s
	for t in $(seq $tunnels); do
		echo "add tunnel name t$t remote $lns4 peer lns"
		for s in $(seq $((sessions / tunnels))); do
			echo "add session name t$t-s$s tunnel t$t nowait"
		done
	done | cli lac -b - >/dev/null
}

established() {
	field "$1" "$2" '[.[] | select(.state == "established")] | length'
}

has() {
	[ "$(established "$1" session)" -eq "$2" ]
}

# A call of the same LAC's through a tunnel of its own. Its SCCRQ waits in one queue with the flood,
# and may be lost with it as often as it is sent: it asks every second.
place_another() {
	[ $attempts -eq 0 ] || cli lac del tunnel name new || :
	attempts=$((attempts + 1))
	cli lac add tunnel name new remote "$lns4" peer patient && cli lac add session name new tunnel new
}

ns_pair
wild_net
configure

test_begin "$sessions sessions in $tunnels tunnels come up and carry pings"
spawn tcpdump lns tcpdump -Z root -U -i eth0 -w "$ADIT_RESULTS/overheard" udp dst port 1701
wait_for_log tcpdump 'listening on' 40
start lns lns
start lac lac
place_calls
wait_for 90 has lns $sessions
wait_for 20 has lac $sessions
end tcpdump
spawn units - "$tools/units" lac lns $sessions
wait_for_log units ready 60
unit_addresses lac 10.64 10.65
unit_addresses lns 10.65 10.64
spawn pings lac "$tools/pings" "$(address 10.65 0)" $sessions

test_begin "under a flood no file is open more, and the LAC's new call comes up"
pid=${pid_of[lns]}
fds=$(fds_of "$pid")
lines=$(lines_of lns)
rss=$(rss_of "$pid")
cpu=$(cpu_of "$pid")
begun=$(now)
attempts=0
spawn flood wild "$tools/flood" eth0 "$lns_mac" "$lns4" "$ADIT_RESULTS/overheard" $rate "$seconds"
sleep 5
# Half-open tunnels have none of their own.
assert_no_leaked_fds "$pid" "$fds"
asked=$(now)
wait_for $((seconds + 30)) place_another
ok "after $(($(now) - asked)) ms, attempt $attempts"

test_begin "no session and no ping is lost"
wait_for $((seconds + 60)) _is_gone "${pid_of[flood]}"
spent=$(($(now) - begun))
cpu=$(($(cpu_of "$pid") - cpu))
flooded_rss=$(rss_of "$pid")
end flood
assert_eq 0 "$ended_with" "flood: $(tail -n 1 "$(log_of flood)")"
end pings
cat "$(log_of flood)"
assert_match '^sent ([0-9]+) received ([0-9]+)' "$(cat "$(log_of pings)")"
assert_eq "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "pings that came back"
assert_eq $((sessions + 1)) "$(established lns session)" "sessions of the LNS"
assert_eq $((sessions + 1)) "$(established lac session)" "sessions of the LAC"
assert_eq $((tunnels + 1)) "$(established lac tunnel)" "tunnels of the LAC"
ok "$(cat "$(log_of pings)")"

test_begin "the flood was one, and the daemon bears it"
sent=$(sed -n 's/^sent .*, \([0-9]*\) a second$/\1/p' "$(log_of flood)")
taken=$(field lns stats ".[0].rx_packets")
[ "$sent" -ge $least_rate ] || fail "only $sent packets a second were sent"
ok "$sent packets a second sent, $((taken * 1000 / spent)) taken; processor $((cpu * 100 / spent)) %"

test_begin "its memory and log do not grow"
# A half-open tunnel takes less than 4 KiB with all that hangs on it, and so does what is known of
# a source.
is_sanitized || [ $((flooded_rss - rss)) -le $((half_open * 8)) ] ||
	fail "VmRSS was $rss KiB and is $flooded_rss KiB"
# Every ten seconds three lines of each of sixteen kinds of dropped packet, refused peer and failed
# tunnel.
written=$(($(lines_of lns) - lines))
[ $written -le $((144 * (spent / 10000 + 2))) ] || fail "$written lines were logged"
assert_match 'max_half_open [0-9]+ reached.*and [0-9]+ more like it before' "$(cat "$(log_of lns)")"
ok "VmRSS $rss KiB before, $flooded_rss KiB after; $written lines logged"

test_begin "and it ends as ever"
ip -n lac link del group 42
ip -n lns link del group 42
end units KILL
end lac
assert_eq 0 "$ended_with" "exit status"
# It waits for no stranger, who would acknowledge nothing.
end lns
assert_eq 0 "$ended_with" "exit status"
assert_no_leftover
