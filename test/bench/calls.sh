#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The bench of scripts/bench: the same LAC places the same calls with adit and with xl2tpd.
# usage: calls.sh CALLS SESSIONS, as root on a kernel with L2TP
#
# Set-up is timed from the LAC's start, with its tunnels, to the last call it logs as up; tear-down
# from SIGTERM to the last call gone. The LNS under test is what differs.
mount -t tmpfs run /run
# Logs are written to memory, so that the disk is not what is measured.
export ADIT_RESULTS=/run/results
mkdir -p /run/netns $ADIT_RESULTS
# shellcheck source=test/kernel/adit.sh
. "$(dirname "${BASH_SOURCE[0]}")/../kernel/adit.sh"

calls=$1
sessions=$2
say() { :; }

need gojq pppd xl2tpd
need_module l2tp_ppp l2tp_netlink
ns_pair
ppp_secrets
ticks=$(getconf CLK_TCK)

# --- one LNS or the other --------------------------------------------------------------------

# lns_config [KEY=VALUE...]: of aditd as LNS.
lns_config() {
	config lns <<-EOF
		$(printf '%s\n' "$@")
		listen { address = 0.0.0.0 }
		peer lac {
		    address    = $lac4
		    local_name = lns.example
		    ppp        = subscribers
		}
		ppp subscribers { options = { "noauth", "198.51.100.1:198.51.100.2", "noipv6" } }
	EOF
}

# lac_config CALLS TUNNELS [KEY=VALUE...]: of aditd as LAC, the load. It places its calls by itself
# as the tunnels come up, so that no client is measured with it.
lac_config() {
	local n=$1 tunnels=$2 i
	shift 2
	{
		printf '%s\n' "$@"
		cat <<-EOF
			peer lns {
			    address    = $lns4
			    local_name = lac.example
			}
			ppp caller {
			    options = { "noauth", "noipv6", "ipcp-accept-local", "ipcp-accept-remote" }
			}
		EOF
		for i in $(seq 0 $((tunnels - 1))); do
			echo "tunnel t$i { remote = $lns4
				peer = lns }"
		done
		for i in $(seq 0 $((n - 1))); do
			echo "session s$i { tunnel = t$((i % tunnels))
				ppp = caller }"
		done
	} | config lac
}

start_xl2tpd() {
	cat >"$ADIT_RESULTS/xl2tpd.conf" <<-EOF
		[global]
		port = 1701
		listen-addr = $lns4
		[lns default]
		ip range = 198.51.100.10-198.51.107.250
		local ip = 198.51.100.1
		name = lns.example
		pppoptfile = $ADIT_RESULTS/options.xl2tpd
		require authentication = no
	EOF
	printf '%s\n' noauth noipv6 nodefaultroute >"$ADIT_RESULTS/options.xl2tpd"
	mkdir -p /run/xl2tpd
	spawn lns lns xl2tpd -D -c "$ADIT_RESULTS/xl2tpd.conf" -p /run/xl2tpd.pid \
		-C /run/xl2tpd/l2tp-control
	wait_for 20 test -p /run/xl2tpd/l2tp-control
}

# --- measures --------------------------------------------------------------------------------

# Processor time of a process in milliseconds, without its children.
cpu_of() {
	awk -v ticks="$ticks" '{ sub(/.*\) /, ""); print ($12 + $13) * 1000 / ticks }' "/proc/$1/stat"
}

# Memory that a process wrote to and shares with nobody, KiB.
memory_of() {
	awk '/^Private_Dirty/ { print $2 }' "/proc/$1/smaps_rollup"
}

# What the LAC logs of each call, with the time to the millisecond.
up='session .* in tunnel [0-9]+ up:'
ppp_up='session .*: ppp up on'
down='session .* in tunnel [0-9]+ (down|failed):'

# all_told REGEX COUNT
all_told() {
	[ "$(grep -cE "$1" "$(log_of lac)")" -ge "$2" ]
}

# told_at REGEX: seconds of the last such line.
told_at() {
	date -d "$(grep -E "$1" "$(log_of lac)" | tail -n 1 | cut -c 1-23)" +%s.%3N
}

# rate COUNT START END
rate() {
	awk -v n="$1" -v a="$2" -v b="$3" 'BEGIN { printf "%.1f", n / (b - a) }'
}

ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { if (b + 0 == 0) print "-"; else printf "%.2f", a / b }'
}

# run CALLS TUNNELS REGEX: starts the LAC against the LNS that runs, until REGEX was logged of each
# call, and stops it. Sets setup, teardown, latency, and cpu and memory of the LNS for each call.
run() {
	local n=$1 tunnels=$2 regex=$3 lns_pid=${pid_of[lns]} cpu memory
	cpu=$(cpu_of "$lns_pid")
	memory=$(memory_of "$lns_pid")
	start lac lac
	wait_for 900 all_told "$regex" "$n"
	setup=$(rate "$n" "$(told_at 'ready on kernel')" "$(told_at "$regex")")
	cpu_per_call=$(awk -v a="$cpu" -v b="$(cpu_of "$lns_pid")" -v n="$n" \
		'BEGIN { printf "%.2f", (b - a) / n }')
	memory_per_call=$(awk -v a="$memory" -v b="$(memory_of "$lns_pid")" -v n="$n" \
		'BEGIN { printf "%.1f", (b - a) / n }')
	latency=$(field lac session '[.[].lcp_time // empty] | sort | .[length / 2 | floor] // "-"')
	kill -TERM "${pid_of[lac]}"
	wait_for 900 all_told "$down" "$n"
	teardown=$(rate "$n" "$(told_at 'stopping: closing')" "$(told_at "$down")")
	end lac
}

# --- the figures -----------------------------------------------------------------------------

row() {
	printf '%-44s %12s %12s %10s\n' "$@"
}

# A call on a machine that does nothing else, after one that brought all programs into memory.
one_call() {
	lac_config 1 1
	run 1 1 "$ppp_up"
	run 1 1 "$ppp_up"
	lac_config "$calls" "$tunnels"
}

with_ppp() {
	local tunnels=10
	lns_config
	start lns lns
	one_call
	local adit_alone=$latency
	run "$calls" $tunnels "$ppp_up"
	local adit_setup=$setup adit_teardown=$teardown adit_cpu=$cpu_per_call
	local adit_memory=$memory_per_call adit_latency=$latency
	end lns
	start_xl2tpd
	one_call
	local alone=$latency
	run "$calls" $tunnels "$ppp_up"
	end lns
	echo
	row "$calls calls with PPP, $tunnels tunnels, as LNS" adit xl2tpd ratio
	row "set-up, calls a second" "$adit_setup" "$setup" "$(ratio "$adit_setup" "$setup")"
	row "tear-down, calls a second" "$adit_teardown" "$teardown" \
		"$(ratio "$adit_teardown" "$teardown")"
	row "daemon's processor time a call, ms" "$adit_cpu" "$cpu_per_call" \
		"$(ratio "$adit_cpu" "$cpu_per_call")"
	row "daemon's own memory a call, KiB" "$adit_memory" "$memory_per_call" \
		"$(ratio "$adit_memory" "$memory_per_call")"
	row "ICCN to LCP open at the LAC, one call, ms" "$adit_alone" "$alone" \
		"$(ratio "$adit_alone" "$alone")"
	row "the same with all calls at once, median" "$adit_latency" "$latency" \
		"$(ratio "$adit_latency" "$latency")"
}

without_ppp() {
	local workers one_setup one_teardown
	for workers in 1 64; do
		lac_config "$sessions" 100 "pppd = none" "workers = $workers"
		lns_config "pppd = none" "workers = $workers"
		start lns lns
		run "$sessions" 100 "$up"
		end lns
		[ $workers -ne 1 ] || { one_setup=$setup one_teardown=$teardown; }
	done
	echo
	row "$sessions sessions without pppd, 100 tunnels" "64 workers" "1 worker" ratio
	row "set-up, sessions a second" "$setup" "$one_setup" "$(ratio "$setup" "$one_setup")"
	row "tear-down, sessions a second" "$teardown" "$one_teardown" \
		"$(ratio "$teardown" "$one_teardown")"
	row "LNS's processor time a session, ms" "$cpu_per_call" "" ""
	row "LNS's own memory a session, KiB" "$memory_per_call" "" ""
}

test_begin "the bench"
echo "kernel $(uname -r), $(nproc) processors, $(awk '/MemTotal/ { printf "%.1f GiB", $2 / 1048576 }' /proc/meminfo)"
without_ppp
with_ppp
