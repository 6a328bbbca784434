#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The bench of scripts/bench lac: calls a second through the LAC, and packets a second through the
# bridge next to plain forwarding and to a program that copies them.
# usage: lac.sh CALLS, as root on a kernel with L2TP
#
# Set-up is timed from the first PADI until the last call is up at both ends: bridged at the LAC, and
# established at the LNS. Those moments stand in the logs, which are read when the last subscriber
# has said his part: whoever looked at them meanwhile would be a good part of what is measured.
# Tear-down is timed from the first PADT until the LAC's kernel has nothing left of any call. The LNS
# is aditd without pppd, in its own namespace. Subscribers are dialers.c; all share the processors.
mount -t tmpfs run /run
# Logs are written to memory, so that the disk is not what is measured.
export ADIT_RESULTS=/run/results
mkdir -p /run/netns $ADIT_RESULTS
# shellcheck source=test/kernel/lac.sh
. "$(dirname "${BASH_SOURCE[0]}")/../kernel/lac.sh"

calls=$1
seconds=${ADIT_BENCH_SECONDS:-5}
# How many dial at the same time.
at_once=200
tunnels=8
say() { :; }

need gojq pppd pppoe-relay pppoe-server taskset
need_module l2tp_ppp l2tp_netlink pppoe
ticks=$(getconf CLK_TCK)

# --- calls -----------------------------------------------------------------------------------

configure() {
	local workers=$1 i names=()
	config lns <<-EOF
		pppd = none
		workers = $workers
		listen { address = 0.0.0.0 }
		peer lac {
		    local_name = lns.example
		    calls      = ppp
		    window     = 256
		}
	EOF
	for i in $(seq $tunnels); do
		names+=("lns$i")
	done
	config lac <<-EOF
		workers = $workers
		pppoe access {
		    interface             = access0
		    auth                  = {chap, pap}
		    max_padi_rate         = 0
		    max_padi_rate_per_mac = 0
		}
		$(for i in $(seq $tunnels); do
			printf '%s\n' "destination lns$i { remote = $lns4" "assignment_id = $i" "window = 256" "}"
		done)
		domain example.com { destination = {$(IFS=,; echo "${names[*]}")} }
	EOF
}

# Processor time of a process in milliseconds, in user space and in the kernel on its behalf.
milliseconds_of() {
	awk -v ticks="$ticks" '{ sub(/.*\) /, ""); print ($12 + $13) * 1000 / ticks }' "/proc/$1/stat"
}

# Memory that a process wrote to and shares with nobody, KiB.
memory_of() {
	awk '/^Private_Dirty/ { print $2 }' "/proc/$1/smaps_rollup"
}

up='call of .* up:'
down='call of .* down after'
established='session .* up: '

# wait_told NAME REGEX COUNT: sets told to the seconds of the line that makes so many of them.
wait_told() {
	wait_for 120 has_told "$@"
	told=$(date -d "$(grep -Em "$3" "$2" "$(log_of "$1")" | sed -n "$3s/ aditd .*//p")" +%s.%3N)
}

has_told() {
	[ "$(grep -Ec "$2" "$(log_of "$1")")" -ge "$3" ]
}

# wait_report NAME EVENT: sets report to that line of dialers, without a look before it is there.
wait_report() {
	local log pid
	exec {log}< <(exec timeout 300 tail -n +1 -f "$(log_of "$1")")
	pid=$!
	report=$(grep -Fm 1 "\"event\":\"$2\"" <&"$log") || fail "$1 did not say $2"
	exec {log}<&-
	kill "$pid" 2>/dev/null || :
}

# Of calls in the LAC's kernel, on either side.
wait_nothing_left() {
	in_ns lac timeout 60 sh -c 'while grep -q "SESSION .[0-9A-F]" /proc/net/pppol2tp ||
		grep -q : /proc/net/pppoe; do sleep 0.1; done' || fail "something is left of the calls"
}

later() {
	printf '%s\n' "$@" | sort -n | tail -n 1
}

# rate COUNT START END
rate() {
	awk -v n="$1" -v a="$2" -v b="$3" 'BEGIN { printf "%.1f", n / (b - a) }'
}

ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { if (b + 0 == 0) print "-"; else printf "%.2f", a / b }'
}

# share BEFORE AFTER COUNT
share() {
	awk -v a="$1" -v b="$2" -v n="$3" 'BEGIN { printf "%.2f", (b - a) / n }'
}

# What all processors have done in milliseconds, for whomever.
busy() {
	awk -v ticks="$ticks" '/^cpu / { print ($2 + $3 + $4 + $7 + $8) * 1000 / ticks }' /proc/stat
}

# run COUNT: sets setup, teardown, and for each call of the set-up: cpu of LAC, LNS and subscribers,
# all_cpu of the machine, and memory of the LAC.
run() {
	local n=$1 pid lns_pid cpu lns_cpu before memory began up_at
	start lns lns
	start lac lac
	pid=${pid_of[lac]} lns_pid=${pid_of[lns]}
	# The tunnels are there for those who are counted.
	run_dialers first --count 16 --first 60000 --until auth --hold 1
	wait_for 60 calls_are_none lac
	: >"$(log_of lac)"
	: >"$(log_of lns)"
	cpu=$(milliseconds_of "$pid")
	lns_cpu=$(milliseconds_of "$lns_pid")
	memory=$(memory_of "$pid")
	before=$(busy)
	dialers load --count "$n" --at-once $at_once --until auth --timeout 120
	wait_report load settled
	wait_told lac "$up" "$n"
	up_at=$told
	wait_told lns "$established" "$n"
	all_cpu=$(share "$before" "$(busy)" "$n")
	wait_report load began
	began=$(gojq -r .at <<<"$report")
	setup=$(rate "$n" "$began" "$(later "$up_at" "$told")")
	cpu_per_call=$(share "$cpu" "$(milliseconds_of "$pid")" "$n")
	lns_cpu_per_call=$(share "$lns_cpu" "$(milliseconds_of "$lns_pid")" "$n")
	dialers_cpu_per_call=$(share 0 "$(milliseconds_of "${pid_of[load]}")" "$n")
	memory_per_call=$(share "$memory" "$(memory_of "$pid")" "$n")
	[ "$(kernel_sessions lac)" -eq "$n" ] || fail "not all are in the LAC's kernel"
	[ "$(kernel_sessions lns)" -eq "$n" ] || fail "not all are in the LNS's kernel"
	began=$(date +%s.%3N)
	kill "${pid_of[load]}"
	wait_report load end
	wait_told lac "$down" "$n"
	wait_nothing_left
	teardown=$(rate "$n" "$began" "$(date +%s.%3N)")
	end load
	end lac
	end lns
}

row() {
	printf '%-44s %12s %12s %10s\n' "$@"
}

call_rates() {
	local workers one_setup one_teardown
	for workers in 1 64; do
		configure $workers
		if [ $workers -eq 1 ]; then
			run $((calls / 10))
			one_setup=$setup one_teardown=$teardown
		else
			run "$calls"
		fi
	done
	echo
	row "$calls calls of PPPoE through the LAC" "64 workers" "1 worker" ratio
	row "set-up, calls a second" "$setup" "$one_setup" "$(ratio "$setup" "$one_setup")"
	row "tear-down, calls a second" "$teardown" "$one_teardown" \
		"$(ratio "$teardown" "$one_teardown")"
	row "processor time of a set-up, ms: LAC" "$cpu_per_call" "" ""
	row "  LNS" "$lns_cpu_per_call" "" ""
	row "  subscribers" "$dialers_cpu_per_call" "" ""
	row "  the machine, all of it" "$all_cpu" "" ""
	row "LAC's own memory a call, KiB" "$memory_per_call" "" ""
}

# --- packets ---------------------------------------------------------------------------------

mac_of() {
	ip -n "$1" -j link show dev "$2" | gojq -r '.[0].address'
}

# What has arrived at the far end, forwarded by whoever is measured.
arrived() {
	ip -n lns -j -s link show dev eth0 | gojq '.[0].stats64.rx.packets'
}

# The sender has one processor, who forwards gets the other: the kernel by RPS.
forward_on_second() {
	ip netns exec lac sh -c "echo $1 >/sys/class/net/access0/queues/rx-0/rps_cpus"
}

# blast_rate FROM-MAC [SESSION]: packets a second that arrive.
blast_rate() {
	local before after
	in_ns sub taskset -c 0 "$tools/blast" eth0 "$1" "$(mac_of lac access0)" 1 "${@:2}" >/dev/null
	before=$(arrived)
	in_ns sub taskset -c 0 "$tools/blast" eth0 "$1" "$(mac_of lac access0)" "$seconds" "${@:2}" >/dev/null
	after=$(arrived)
	[ $((after - before)) -gt 100 ] || fail "nothing was forwarded"
	echo $(((after - before) / seconds))
}

measure_plain() {
	in_ns lac sysctl -qw net.ipv4.ip_forward=1
	ip -n lac address add 198.51.0.1/24 dev access0
	ip -n lac route add 198.18.99.0/24 via $lns4
	forward_on_second 2
	plain=$(blast_rate "$(mac_of sub eth0)")
	ip -n lac route del 198.18.99.0/24
	in_ns lac sysctl -qw net.ipv4.ip_forward=0
}

measure_bridge() {
	local session
	configure 64
	start lns lns
	start lac lac
	dialers one --until auth
	wait_for 10 calls_are lac up 1
	session=$(call_field lac '.[0].pppoe_id')
	bridge=$(blast_rate "$(call_field lac '.[0].mac')" "$session")
	end one
	end lac
	end lns
}

# Debian's pppoe-relay passes PPPoE frames on, from one socket to another.
measure_copier() {
	forward_on_second 0
	echo noauth >"$ADIT_RESULTS/options.server"
	spawn server lns pppoe-server -F -I eth0 -O "$ADIT_RESULTS/options.server" -N 10
	spawn relay lac taskset -c 1 pppoe-relay -F -C access0 -S eth0
	sleep 1
	dialers one --until auth
	wait_settled one
	copier=$(blast_rate 02:5e:00:00:00:00 "$(reported one .session)")
	end one
	end relay
	end server
}

packet_rates() {
	measure_plain
	measure_bridge
	measure_copier
	echo
	row "packets of 92 octets, one way" "a second" "" "of plain"
	row "plain forwarding of IP by the kernel" "$plain" "" 1.00
	row "the LAC's bridge" "$bridge" "" "$(ratio "$bridge" "$plain")"
	row "copied by a program (pppoe-relay)" "$copier" "" "$(ratio "$copier" "$plain")"
	row "the bridge, times the program" "" "" "$(ratio "$bridge" "$copier")"
}

ns_pair
access_net
subscriber_secrets
# Frames wait in a queue of the processor's between the ends of a cable that is none; a thousand PADTs
# at once are more than it holds. Drivers of real interfaces have no such queue.
[ -z "${ADIT_VM-}" ] || nsenter -t 1 -n sysctl -qw net.core.netdev_max_backlog=10000
test_begin "the bench"
echo "kernel $(uname -r), $(nproc) processors, $(awk '/MemTotal/ { printf "%.1f GiB", $2 / 1048576 }' /proc/meminfo)"
call_rates
packet_rates
