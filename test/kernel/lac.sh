# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the tests of the LAC share, on top of adit.sh: subscribers in a namespace of their own (sub)
# with a cable to the LAC (its access0), pppd or dialers as subscriber, and calls told apart by name.

# shellcheck source=test/kernel/adit.sh
. "$(dirname "${BASH_SOURCE[0]}")/adit.sh"

tools=$ADIT_BUILD/test/kernel
password=correct-horse
export tools password

# access_net: the cable between sub and lac.
access_net() {
	ip netns add sub
	at_exit ip netns del sub
	ip -batch - <<-EOF
		link add eth0 netns sub type veth peer name access0 netns lac
	EOF
	ip -n sub link set eth0 up
	ip -n lac link set access0 up
	# The kernel drops what is sent before it has noticed that the cable is plugged in.
	wait_for 5 _is_plugged sub eth0
	wait_for 5 _is_plugged lac access0
	# Neighbour discovery would only wake the processors.
	in_ns sub sysctl -qw net.ipv6.conf.all.disable_ipv6=1
	in_ns lac sysctl -qw net.ipv6.conf.access0.disable_ipv6=1
}

_is_plugged() {
	ip -n "$1" link show dev "$2" | grep -q 'state UP'
}

# join NAMESPACE NAME ADDRESS OURS: a new namespace with a cable from its eth0, which has the address,
# to interface NAME of NAMESPACE, which has OURS.
join() {
	ip netns add "$2"
	at_exit ip netns del "$2"
	ip link add eth0 netns "$2" type veth peer name "$2" netns "$1"
	ip -n "$2" -batch - <<-EOF
		link set lo up
		link set eth0 up
		address add $3/24 dev eth0
	EOF
	ip -n "$1" -batch - <<-EOF
		link set $2 up
		address add $4/24 dev $2
	EOF
}

# Names with a domain, beside those of ppp_secrets.
subscriber_secrets() {
	local name
	ppp_secrets
	for name in alice bob carol; do
		printf '%s * %s *\n' "$name@example.com" $password "$name@example.net" $password
	done >>/etc/ppp/chap-secrets
	cp /etc/ppp/chap-secrets /etc/ppp/pap-secrets
}

# lns_config NAME AUTH [OPTION...]: an LNS that lets callers in with chap or pap, at pppd.
lns_config() {
	local name=$1 auth=$2
	shift 2
	config "$name" <<-EOF
		listen { address = 0.0.0.0 }
		peer lac {
		    secret     = "tunnel-secret"
		    local_name = $name.example
		    retry_cap  = 2s
		    ppp        = subscribers
		}
		ppp subscribers {
		    options = { "require-$auth", "198.51.100.1:198.51.100.2", "noipv6"$(printf ', "%s"' "$@") }
		}
	EOF
}

# lac_config AUTH [LINE...]: a LAC on access0 that sends example.com to lns; lines are more sections,
# $access_keys more of the pppoe section.
lac_config() {
	local auth=$1
	shift
	config lac <<-EOF
		pppoe access {
		    interface = access0
		    auth      = $auth
		    ac_name   = bras
		    ${access_keys-}
		}
		destination lns {
		    remote     = $lns4
		    secret     = "tunnel-secret"
		    local_name = lac.example
		    retry_cap  = 2s
		}
		domain example.com { destination = lns }
		$(printf '%s\n' "$@")
	EOF
}

# --- subscribers -----------------------------------------------------------------------------

# dial NAME USER [OPTION...]: pppd in sub, with its output in the log of NAME.
dial() {
	local name=$1 user=$2
	shift 2
	: >"$(log_of "$name")"
	spawn "$name" sub pppd nodetach plugin rp-pppoe.so nic-eth0 user "$user" \
		noauth noipv6 nodefaultroute nopersist debug logfd 2 linkname "$name" "$@"
}

# address_of NAME: the local address of its PPP.
address_of() {
	sed -n 's/^local  IP address //p' "$(log_of "$1")" | tail -n 1
}

has_address() {
	[ -n "$(address_of "$1")" ]
}

# interface_of NAME
interface_of() {
	sed -n 's/^Using interface //p' "$(log_of "$1")" | tail -n 1
}

# online NAME USER [OPTION...]: dials, and waits until it has an address.
online() {
	dial "$@"
	wait_for 30 has_address "$1"
}

# wait_hung_up NAME [SECONDS]: its pppd ended by itself. The exit status is in $ended_with.
wait_hung_up() {
	local pid=${pid_of[$1]}
	wait_for "${2:-20}" _is_gone "$pid"
	ended_with=0
	wait "$pid" 2>/dev/null || ended_with=$?
	unset "pid_of[$1]"
}

# dialers NAME OPTION...: in sub, on eth0.
dialers() {
	local name=$1
	shift
	: >"$(log_of "$name")"
	spawn "$name" sub "$tools/dialers" --password $password "$@" eth0
	wait_for 10 _has_begun "$name"
}

_has_begun() {
	[ -s "$(log_of "$1")" ] || ! alive "$1"
}

# reported NAME JQ-FILTER: of its last report.
reported() {
	tail -n 1 "$(log_of "$1")" | gojq -r "$2"
}

# report NAME: asks for one, and waits for it.
report() {
	local lines
	lines=$(wc -l <"$(log_of "$1")")
	kill -USR1 "${pid_of[$1]}"
	wait_for 5 _has_more_lines "$1" "$lines"
}

_has_more_lines() {
	[ "$(wc -l <"$(log_of "$1")")" -gt "$2" ]
}

# wait_settled NAME [SECONDS]: until none of them dials any more.
wait_settled() {
	wait_for_log "$1" '"event":"settled"' "${2:-30}"
}

# run_dialers NAME OPTION...: until it ends by itself.
run_dialers() {
	dialers "$@"
	wait_hung_up "$1" 60
	assert_eq 0 "$ended_with" "exit status of dialers"
}

# --- calls -----------------------------------------------------------------------------------

# calls NAME STATE: how many calls of the LAC are in this state.
calls() {
	cli "$1" -j show call | gojq "[.[] | select(.state == \"$2\")] | length"
}

# calls_are NAME STATE COUNT
calls_are() {
	[ "$(calls "$1" "$2")" -eq "$3" ]
}

# call_field NAME JQ-FILTER: of what is told of all its calls.
call_field() {
	cli "$1" -j -d show call | gojq -r "$2"
}

# established NAME OBJECT: how many of them are.
established() {
	field "$1" "$2" '[.[] | select(.state == "established")] | length'
}

are_established() {
	[ "$(established "$1" "$2")" -eq "$3" ]
}

# access_sessions NAMESPACE: PPPoE sessions of the kernel, one line each.
access_sessions() {
	in_ns "$1" sh -c '[ ! -e /proc/net/pppoe ] || tail -n +2 /proc/net/pppoe'
}

_has_no_access() {
	[ -z "$(access_sessions "$1")" ]
}

# assert_no_caller: nothing is left of any call, in lac, in sub and in the LNSs that are named (lns);
# tunnels may stay.
assert_no_caller() {
	[ $# -gt 0 ] || set -- lns
	wait_for 20 calls_are_none lac
	wait_for 10 none lac session
	assert_no_call lac "$@"
	wait_for 3 _has_no_access lac
}

calls_are_none() {
	[ "$(cli "$1" -j show call | gojq length)" -eq 0 ]
}

# assert_bridged NAMESPACE: no network interface of PPP, no pppd.
assert_bridged() {
	assert_eq "" "$(ip -n "$1" -o link show type ppp)" "ppp devices in $1"
	assert_eq "" "$(processes_in "$1" pppd)" "pppd in $1"
}

# cpu_of PID: ticks of processor time in user space. The system's would have those in it that packets of
# others take while it happens to be current.
cpu_of() {
	awk '{ sub(/.*\) /, ""); print $12 }' "/proc/$1/stat"
}

# wakes_of PID: how often it began to run.
wakes_of() {
	cat "/proc/$1"/task/*/status | awk '/^voluntary_ctxt_switches/ { n += $2 } END { print n }'
}

# assert_not_woken PID COMMAND...: while COMMAND moves a thousand packets each way, aditd wakes up for
# nothing but its timers, and takes no processor time; a tick may fall onto one of those.
assert_not_woken() {
	local pid=$1 ticks wakes
	shift
	ticks=$(cpu_of "$pid")
	wakes=$(wakes_of "$pid")
	"$@"
	ticks=$(($(cpu_of "$pid") - ticks))
	wakes=$(($(wakes_of "$pid") - wakes))
	say "aditd woke $wakes times, for $ticks ticks"
	[ $ticks -le 1 ] || fail "aditd took $ticks ticks of processor time"
	[ $wakes -le 50 ] || fail "aditd woke up $wakes times"
}
