#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The bench of scripts/bench: the same LAC places the same calls with adit and with xl2tpd.
# usage: calls.sh CALLS SESSIONS, as root on a kernel with L2TP
#
# Set-up is timed from the first ICRQ asked for to the last event at the LAC, tear-down from the
# request to the last session gone there; the LNS under test is what differs.
mount -t tmpfs run /run
mkdir -p /run/netns
# shellcheck source=test/kernel/adit.sh
. "$(dirname "${BASH_SOURCE[0]}")/../kernel/adit.sh"

calls=$1
sessions=$2
say() { :; }

need jq pppd xl2tpd
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

# lac_config [KEY=VALUE...]: of aditd as LAC, the load.
lac_config() {
	config lac <<-EOF
		$(printf '%s\n' "$@")
		peer lns {
		    address    = $lns4
		    local_name = lac.example
		}
		ppp caller { options = { "noauth", "noipv6", "ipcp-accept-local", "ipcp-accept-remote" } }
	EOF
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

# Memory of a process that nobody shares, KiB.
memory_of() {
	awk '/^(Private_Clean|Private_Dirty)/ { sum += $2 } END { print sum }' "/proc/$1/smaps_rollup"
}

# events NAME: how many events of that name the LAC has told.
events() {
	grep -c "\"event\": *\"$1\"" "$monitor" || :
}

# all_told NAME COUNT
all_told() {
	[ "$(events "$1")" -ge "$2" ]
}

# told_at NAME: seconds of the last event of that name.
told_at() {
	grep "\"event\": *\"$1\"" "$monitor" | jq -rs 'map(.time) | max'
}

# rate COUNT START END
rate() {
	awk -v n="$1" -v a="$2" -v b="$3" 'BEGIN { printf "%.1f", n / (b - a) }'
}

ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { if (b + 0 == 0) print "-"; else printf "%.2f", a / b }'
}

watch() {
	spawn monitor - "$adit" --control /run/lac/control -j monitor
	monitor=$(log_of monitor)
	wait_for 10 grep -q 'monitor start' "$monitor"
}

unwatch() {
	end monitor
	rm -f "$(log_of monitor)"
}

# place CALLS TUNNELS EVENT: opens the tunnels, then places the calls; sets setup, teardown,
# and cpu and memory of the LNS for each call.
place() {
	local n=$1 tunnels=$2 event=$3 i started lns_pid=${pid_of[lns]} cpu memory
	watch
	for i in $(seq 1 "$tunnels"); do
		echo "add tunnel name t$i remote $lns4 peer lns nowait"
	done >"$ADIT_RESULTS/batch"
	cli lac -b "$ADIT_RESULTS/batch"
	wait_for 120 all_told "tunnel up" "$tunnels"
	for i in $(seq 1 "$n"); do
		echo "add session tunnel t$((i % tunnels + 1)) ppp caller nowait"
	done >"$ADIT_RESULTS/batch"
	cpu=$(cpu_of "$lns_pid")
	memory=$(memory_of "$lns_pid")
	started=$EPOCHREALTIME
	cli lac -b "$ADIT_RESULTS/batch"
	wait_for 600 all_told "$event" "$n"
	setup=$(rate "$n" "$started" "$(told_at "$event")")
	cpu=$(awk -v a="$cpu" -v b="$(cpu_of "$lns_pid")" -v n="$n" 'BEGIN { printf "%.2f", (b - a) / n }')
	memory=$(awk -v a="$memory" -v b="$(memory_of "$lns_pid")" -v n="$n" \
		'BEGIN { printf "%.1f", (b - a) / n }')
	cpu_per_call=$cpu
	memory_per_call=$memory
	latency=$(field lac session '[.[].lcp_time // empty] | sort | .[length / 2 | floor] // "-"')
	started=$EPOCHREALTIME
	cli lac del tunnel all
	wait_for 600 all_told "session down" "$n"
	teardown=$(rate "$n" "$started" "$(told_at "session down")")
	unwatch
}

# --- the figures -----------------------------------------------------------------------------

row() {
	printf '%-44s %12s %12s %10s\n' "$@"
}

with_ppp() {
	local tunnels=10
	lac_config
	lns_config
	start lac lac
	start lns lns
	place "$calls" $tunnels "ppp up"
	local adit_setup=$setup adit_teardown=$teardown adit_cpu=$cpu_per_call
	local adit_memory=$memory_per_call adit_latency=$latency
	end lns
	start_xl2tpd
	place "$calls" $tunnels "ppp up"
	end lns
	end lac
	echo
	row "$calls calls with PPP, $tunnels tunnels, as LNS" adit xl2tpd ratio
	row "set-up, calls a second" "$adit_setup" "$setup" "$(ratio "$adit_setup" "$setup")"
	row "tear-down, calls a second" "$adit_teardown" "$teardown" \
		"$(ratio "$adit_teardown" "$teardown")"
	row "daemon's processor time a call, ms" "$adit_cpu" "$cpu_per_call" \
		"$(ratio "$adit_cpu" "$cpu_per_call")"
	row "daemon's own memory a call, KiB" "$adit_memory" "$memory_per_call" \
		"$(ratio "$adit_memory" "$memory_per_call")"
	row "ICCN to LCP open at the LAC, median ms" "$adit_latency" "$latency" \
		"$(ratio "$adit_latency" "$latency")"
}

without_ppp() {
	local workers one_setup one_teardown
	for workers in 1 64; do
		lac_config "pppd = none" "workers = $workers"
		lns_config "pppd = none" "workers = $workers"
		start lac lac
		start lns lns
		place "$sessions" 100 "session up"
		end lac
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
