#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The launcher and the plugin adit.so with a real pppd at both ends of a session.
# shellcheck source=test/kernel/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

pair=$ADIT_BUILD/test/kernel/pppd_pair
plugin=$ADIT_BUILD/daemon/ppp/adit.so
need_module l2tp_ppp l2tp_netlink ppp_generic

# Our own /etc/ppp, for us alone: Debian's options, our secrets, and a script that looks around.
prepare_etc_ppp() {
	mkdir /run/etc-ppp
	cp /etc/ppp/options /run/etc-ppp/
	echo 'alice * "wonder land" 198.51.100.2' >/run/etc-ppp/chap-secrets
	chmod 600 /run/etc-ppp/chap-secrets
	cat >/run/etc-ppp/ip-up <<-EOF
		#!/bin/sh
		env | grep ^ADIT_ | sort >/run/ip-up.\$1
		ls -l /proc/self/fd | sed -n 's/.*[0-9] -> //p' >>/run/ip-up.\$1
	EOF
	chmod 755 /run/etc-ppp/ip-up
	mount --bind /run/etc-ppp /etc/ppp
}

# run_pair NAME ACTION [LNS WORD...] -- [CLIENT WORD...]: until both are gone.
run_pair() {
	local name=$1
	shift
	spawn "$name" - "$pair" "$plugin" "$@"
	wait_for 40 _is_gone "${pid_of[$name]}"
	end "$name"
	assert_eq 0 "$ended_with" "status of pppd_pair"
	events=$(grep -v ' log ' "$(log_of "$name")")
}

# assert_event REGEX
assert_event() {
	grep -qE "$1" <<<"$events" || fail "no '$1' among: $(tr '\n' ';' <<<"$events")"
}

# time_of REGEX: milliseconds of the first event like it.
time_of() {
	awk -v pattern="$1" '$0 ~ pattern { print $1; exit }' <<<"$events"
}

# assert_between LEAST MOST FROM TO: TO came so many milliseconds after FROM. A machine that took
# longer than 3 s to bring the first link up may take as many times longer for the rest.
assert_between() {
	local least=$1 most=$2 spent
	[ "$pace" -le 3000 ] || most=$((most * pace / 3000))
	assert_event "$3"
	assert_event "$4"
	spent=$(($(time_of "$4") - $(time_of "$3")))
	if [ $spent -lt "$least" ] || [ $spent -gt "$most" ]; then
		fail "'$4' came $spent ms after '$3', expected $least to $most"
	fi
}

prepare_etc_ppp
lns_words=(198.51.100.1:198.51.100.2 name lns +ipv6)
client_words=(noipdefault user alice password "wonder land" +ipv6)

test_begin "a link comes up and tells of itself"
run_pair up g "${lns_words[@]}" -- "${client_words[@]}"
assert_event 'lns lcp-open'
assert_event 'client lcp-open'
assert_event 'lns accm send=[0-9a-f]{8} receive=[0-9a-f]{8}'
assert_event 'lns up ppp[0-9] user=alice local=198.51.100.1 remote=198.51.100.2'
assert_event 'client up ppp[0-9] user=alice local=198.51.100.2 remote=198.51.100.1'
pace=$(time_of 'lns up')
assert_between 0 3000 'lns stop' 'lns down'
assert_event 'lns down ppp: pppd was told to end'
assert_event 'client down ppp: closed by the PPP peer'
assert_no_leftover -

test_begin "its scripts know the session, and hold no file of ours"
script=$(cat /run/ip-up.ppp*)
assert_match 'ADIT_SESSION_ID=111' "$script"
assert_match 'ADIT_TUNNEL_ID=11' "$script"
assert_match 'ADIT_CALLED_NUMBER=5550100' "$script"
assert_match 'ADIT_CALLING_NUMBER=5550199' "$script"
assert_match 'ADIT_PEER_ADDR=127.0.0.1' "$script"
assert_match 'ADIT_PEER_NAME=the "other" end' "$script"
assert_fails grep -E 'socket:' <<<"$script"

test_begin "IPv6 alone gives link-local addresses"
run_pair ipv6 g noip "${lns_words[@]:1}" -- noip "${client_words[@]}"
assert_event 'lns up ppp[0-9] user=alice local=fe80::'

test_begin "a wrong password is told at both ends"
run_pair auth none "${lns_words[@]}" -- user alice password wrong
assert_event 'lns down ppp: the peer failed to authenticate'
assert_event 'client down ppp: the peer refused our authentication'
assert_no_leftover -

test_begin "an option that pppd does not know is told"
run_pair option none nonsense -- lcp-restart 1 lcp-max-configure 2
assert_event 'lns down ppp: pppd does not accept its options'
assert_match "unrecognized option 'nonsense'" "$(grep nonsense "$(log_of option)")"
assert_event 'client down ppp: PPP negotiation failed: no recognizable LCP packets'

test_begin "without a peer a graceful stop waits for it, a hang-up does not"
run_pair alone xg "${lns_words[@]}" -- "${client_words[@]}"
assert_between 4000 9000 'lns stop' 'lns down'
run_pair hangup xh "${lns_words[@]}" -- "${client_words[@]}"
assert_between 0 900 'lns stop' 'lns down'
run_pair both xgh "${lns_words[@]}" -- "${client_words[@]}"
assert_between 0 900 'lns stop hangup' 'lns down'
assert_no_leftover -

test_begin "when the daemon dies, its pppds end"
spawn killed - "$pair" "$plugin" none "${lns_words[@]}" -- "${client_words[@]}"
wait_for_log killed 'lns up' 20
wait_for_log killed 'client up' 20
assert_eq 2 "$(processes_in - pppd | wc -l)" "processes"
end killed KILL
assert_eq 137 "$ended_with"
assert_no_leftover -
