# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the tests on a real kernel share; a test sources it first and runs as root:
#
#	. "$(dirname "${BASH_SOURCE[0]}")/../kernel/lib.sh"
#	test_begin "a call arrives"
#	ns_pair
#	spawn lns lns "$aditd" ...
#	wait_for 5 in_ns lac ping -c 1 -W 1 192.0.2.2
#
# A case is over where the next one begins or the script ends; it passed if nothing failed.
# A command that fails ends the script as a failure (set -e), and so does fail. At the end,
# whatever spawn and ns_pair made is gone. test/kernel/run gives each script a private network,
# process and mount namespace, a private /run and its own folder $ADIT_RESULTS.

set -Eeuo pipefail

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
: "${ADIT_BUILD:=$repo/build}"
: "${ADIT_RESULTS:=$(mktemp -d "${TMPDIR:-/tmp}/adit-test.XXXXXX")}"
export ADIT_BUILD ADIT_RESULTS

# The programs under test.
aditd=$ADIT_BUILD/daemon/aditd
adit=$ADIT_BUILD/daemon/cli/adit
export aditd adit

# Addresses of ns_pair.
lac4=192.0.2.1 lns4=192.0.2.2
lac6=2001:db8::1 lns6=2001:db8::2
export lac4 lns4 lac6 lns6

declare -A pid_of=()		# of spawn: name -> process id
export ended_with=		# of end: exit status of the program
at_exit_commands=()
test_name=
test_start=

# --- cases -----------------------------------------------------------------------------------

# now -> milliseconds
now() {
	local time=${EPOCHREALTIME//[!0-9]/}
	echo $((time / 1000))
}

say() {
	echo "# $*"
}

# One line a case, for people, and one for test/kernel/run.
_record() {
	local result=$1 reason=${2-} spent
	[ -n "$test_name" ] || return 0
	spent=$(($(now) - test_start))
	echo "$result: $test_name${reason:+: $reason}"
	[ -z "${ADIT_TEST_LOG-}" ] ||
		printf '%s\t%d\t%s\t%s\n' "$result" "$spent" "$test_name" "${reason//[$'\n\t']/ }" >>"$ADIT_TEST_LOG"
	test_name=
}

# test_begin NAME
test_begin() {
	ok
	test_name=$1
	test_start=$(now)
	say "begin: $test_name"
	# So that a complaint of the kernel can be told to belong to this case.
	if [ -n "${ADIT_VM-}" ]; then
		echo "adit-test: ${0##*/}: $test_name" >/dev/kmsg
	fi
}

# ok [FIGURES...]: the case passed, and what it measured. Optional without figures: test_begin and the
# end of the script say it too.
# shellcheck disable=SC2120 # the scripts of cases pass them
ok() {
	_record ok "$*"
}

# fail TEXT...: the case failed, and the script ends.
fail() {
	_failed "$*"
	exit 1
}

_failed() {
	echo "# failed: $*"
	_record FAIL "$*"
}

# skip REASON...: the case cannot run here, and the script ends.
skip() {
	[ -n "$test_name" ] || test_begin "everything"
	_record skip "$*"
	exit 77
}

# need PROGRAM...: skips unless all of them are there.
need() {
	local program
	for program; do
		command -v "$program" >/dev/null || skip "no $program"
	done
}

# need_module MODULE...: skips unless the kernel has all of them.
need_module() {
	local module
	for module; do
		[ -d "/sys/module/$module" ] || modprobe -q "$module" || skip "the kernel has no $module"
	done
}

# at_exit COMMAND...: runs at the end, the last one first.
at_exit() {
	at_exit_commands=("$(printf '%q ' "$@")" "${at_exit_commands[@]}")
}

_on_error() {
	echo "# line ${BASH_LINENO[0]}: status $1: $BASH_COMMAND"
	_error="line ${BASH_LINENO[0]}: $BASH_COMMAND"
}

_on_exit() {
	local status=$? command name
	trap - EXIT ERR
	set +e
	case $status in
	0) ok ;;
	77) ;;
	*) _record FAIL "${_error:-status $status}" ;;
	esac
	for command in "${at_exit_commands[@]}"; do
		eval "$command"
	done
	for name in "${!pid_of[@]}"; do
		end "$name"
	done
	ns_down
	exit $status
}

_error=
trap '_on_error $?' ERR
trap _on_exit EXIT
trap '_error="interrupted or out of time"; exit 124' TERM INT HUP

# --- claims ----------------------------------------------------------------------------------

# wait_for SECONDS COMMAND...: until COMMAND succeeds; its output is not shown. Else the case fails.
wait_for() {
	within "$@" || fail "not within $1 s: ${*:2}"
}

# within SECONDS COMMAND...: the same as a condition.
within() {
	local deadline=$(($(now) + $1 * 1000))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(now)" -lt $deadline ] || return 1
		sleep 0.1
	done
}

# assert_eq EXPECTED ACTUAL [WHAT]
assert_eq() {
	[ "$1" = "$2" ] || fail "${3:-value}: expected '$1', got '$2'"
}

# assert_match REGEX TEXT [WHAT]: an extended regular expression, somewhere in the text.
assert_match() {
	[[ $2 =~ $1 ]] || fail "${3:-text}: expected something like '$1', got '$2'"
}

# assert_fails COMMAND...
assert_fails() {
	! "$@" || fail "succeeded and should not: $*"
}

# --- namespaces ------------------------------------------------------------------------------

# Two network namespaces, lac and lns, joined by a cable: eth0 to eth0, IPv4 and IPv6.
# The rules of duplicate address detection would make the addresses wait for two seconds.
ns_pair() {
	ip -batch - <<-EOF
		netns add lac
		netns add lns
		link add eth0 netns lac type veth peer name eth0 netns lns
	EOF
	_ns_address lac $lac4 $lac6
	_ns_address lns $lns4 $lns6
}

_ns_address() {
	ip -n "$1" -batch - <<-EOF
		link set lo up
		link set eth0 up
		address add $2/24 dev eth0
		address add $3/64 dev eth0 nodad
	EOF
}

# Removes what ns_pair made, at once; nothing may run there any more.
ns_down() {
	local ns
	for ns in lac lns; do
		[ ! -e /run/netns/$ns ] || ip netns del $ns
	done
}

# in_ns NAMESPACE COMMAND...: "-" is the namespace where we are.
in_ns() {
	local ns=$1
	shift
	if [ "$ns" = - ]; then
		"$@"
	else
		nsenter --net="/run/netns/$ns" -- "$@"
	fi
}

# --- processes -------------------------------------------------------------------------------

# spawn NAME NAMESPACE COMMAND...: in the background, with its output in $ADIT_RESULTS/NAME.log.
spawn() {
	local name=$1 ns=$2
	shift 2
	[ -z "${pid_of[$name]-}" ] || fail "$name was started already"
	say "spawn $name in $ns: $*"
	if [ "$ns" = - ]; then
		"$@" </dev/null >>"$(log_of "$name")" 2>&1 &
	else
		nsenter --net="/run/netns/$ns" -- "$@" </dev/null >>"$(log_of "$name")" 2>&1 &
	fi
	pid_of[$name]=$!
}

log_of() {
	echo "$ADIT_RESULTS/$1.log"
}

# alive NAME
alive() {
	kill -0 "${pid_of[$1]}" 2>/dev/null
}

# end NAME [SIGNAL]: TERM by default, and KILL after ten seconds, which fails the case.
# The exit status is in $ended_with; 128 + N after signal N.
end() {
	local name=$1 signal=${2:-TERM} pid=${pid_of[$1]} late=
	kill "-$signal" "$pid" 2>/dev/null || :
	if ! within 10 _is_gone "$pid"; then
		late=1
		kill -KILL "$pid" 2>/dev/null || :
	fi
	ended_with=0
	wait "$pid" 2>/dev/null || ended_with=$?
	unset "pid_of[$name]"
	[ -z "$late" ] || _too_late "$name" "$signal"
}

# At the end of the script there is nobody to tell but the log.
_too_late() {
	if [ -n "$test_name" ]; then
		fail "$1 did not end within 10 s of SIG$2"
	else
		echo "# $1 did not end within 10 s of SIG$2: killed"
	fi
}

_is_gone() {
	local state
	state=$(ps -o state= -p "$1" || :)
	[ -z "$state" ] || [[ $state == Z* ]]
}

# wait_for_log NAME REGEX [SECONDS]: until the log of a spawned program has such a line.
wait_for_log() {
	local deadline=$(($(now) + ${3:-10} * 1000))
	until grep -qE -- "$2" "$(log_of "$1")"; do
		alive "$1" || fail "$1 ended before it said '$2': $(tail -n 3 "$(log_of "$1")")"
		[ "$(now)" -lt $deadline ] || fail "$1 did not say '$2' within ${3:-10} s"
		sleep 0.1
	done
}

# --- leaks -----------------------------------------------------------------------------------

# fds_of PID: what its file descriptors are, one a line, without the numbers that differ always.
# Netlink sockets are left out: workers open theirs when they are first needed, and keep them.
fds_of() {
	find "/proc/$1/fd" -type l -printf '%l\n' 2>/dev/null |
		awk 'FNR == NR { netlink["socket:[" $10 "]"]; next } !($0 in netlink)' "/proc/$1/net/netlink" - |
		sed 's/:\[[0-9]*\]$//' | LC_ALL=C sort
}

# assert_no_leaked_fds PID SNAPSHOT: has the same as when SNAPSHOT=$(fds_of PID) was taken.
assert_no_leaked_fds() {
	within 3 _has_fds "$1" "$2" ||
		fail "process $1 has other files open: $(_fd_difference "$1" "$2")"
}

_has_fds() {
	[ "$(fds_of "$1")" = "$2" ]
}

_fd_difference() {
	diff <(echo "$2") <(fds_of "$1") | sed -n 's/^[<>]/&/p' | tr '\n' ' ' || :
}

# assert_no_leftover [NAMESPACE...]: no tunnel, session, PPP or l2tpeth device, pppox socket or
# pppd in there (lac and lns if none is named). The kernel deletes some of them a moment later.
assert_no_leftover() {
	local ns
	[ $# -gt 0 ] || set -- lac lns
	for ns; do
		within 3 _is_clean "$ns" || fail "left over in $ns: $(leftover "$ns" | tr '\n' ' ')"
	done
}

# assert_no_call [NAMESPACE...]: the same, but a tunnel without sessions may stay.
assert_no_call() {
	local ns
	[ $# -gt 0 ] || set -- lac lns
	for ns; do
		within 3 _has_no_call "$ns" || fail "left over in $ns: $(leftover "$ns" | tr '\n' ' ')"
	done
}

_is_clean() {
	[ -z "$(leftover "$1")" ]
}

_has_no_call() {
	! leftover "$1" | grep -qv '^Tunnel '
}

# leftover NAMESPACE: one line for each thing that would better be gone. In /proc/net/pppol2tp
# the name of a session is quoted, which tells it from the heading.
leftover() {
	in_ns "$1" sh -c '
		printf "%s\n" "l2tp show tunnel" "l2tp show session" "link show" | ip -d -o -batch -
		[ ! -e /proc/net/pppol2tp ] || cat /proc/net/pppol2tp' |
		awk '/^Tunnel |^Session / { print $1, $2 }
			/ ppp | l2tpeth/ { print "link", $2 }
			$1 == "SESSION" && $2 ~ /^'"'"'/ { print "pppol2tp", $0 }'
	processes_in "$1" pppd
}

# processes_in NAMESPACE NAME: "NAME PID" of each process of this name in there.
processes_in() {
	local inode pid pids
	pids=$(pgrep -x "$2") || return 0
	inode=$(in_ns "$1" readlink /proc/self/ns/net)
	for pid in $pids; do
		[ "$(readlink "/proc/$pid/ns/net" || :)" != "$inode" ] || echo "$2 $pid"
	done
}
