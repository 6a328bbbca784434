# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the tests with aditd share, on top of lib.sh: daemons by name, each with its own control
# socket and state, pppd with secrets of the test's own, and calls that are counted end to end.

# shellcheck source=test/kernel/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

plugin=$ADIT_BUILD/daemon/ppp/adit.so

# Inside the test's mount namespace pppd reads these, whatever the machine has.
ppp_secrets() {
	mkdir -p /run/ppp-etc
	mount --bind /run/ppp-etc /etc/ppp
	cat >/etc/ppp/chap-secrets <<-EOF
		alice * correct-horse *
	EOF
	cp /etc/ppp/chap-secrets /etc/ppp/pap-secrets
	chmod 600 /etc/ppp/*-secrets
	: >/etc/ppp/options
}

# config NAME <<EOF: writes the configuration of a daemon; control and state are put before it.
config() {
	{
		echo "control = \"/run/$1/control\""
		echo "state = \"/run/$1\""
		cat
	} >"$(config_of "$1")"
}

config_of() {
	echo "$ADIT_RESULTS/$1.conf"
}

# start NAME NAMESPACE [OPTION...]: aditd with the configuration of that name.
start() {
	local name=$1 ns=$2
	shift 2
	mkdir -p "/run/$name"
	# What the one before it said must not be taken for its words.
	[ ! -e "$(log_of "$name")" ] || cat "$(log_of "$name")" >>"$(log_of "before-$name")"
	: >"$(log_of "$name")"
	spawn "$name" "$ns" "$aditd" --config "$(config_of "$name")" --pppd-plugin "$plugin" "$@"
	wait_for_log "$name" 'aditd .* ready' 20
}

# cli NAME ARGUMENT...: adit, talking to the daemon of that name.
cli() {
	local name=$1
	shift
	"$adit" --control "/run/$name/control" "$@"
}

# field NAME OBJECT JQ-FILTER: of what `adit -s show` tells as JSON. gojq has the language of jq, and an
# emulated processor starts it seven times faster.
field() {
	cli "$1" -j -s -d show "$2" | gojq -r "$3"
}

# state_of NAME OBJECT: its administrative state in effect, and where that comes from.
state_of() {
	cli "$1" -j -d show "$2" | gojq -r '.[0] | .admin_state + " " + (.admin_from // "")'
}

count_of() {
	field "$1" "$2" length
}

# configure_pair [4|6]: daemons lns and lac that trust each other. The shorter intervals make a
# retransmission cycle 11 s long, for which the end of a tunnel is remembered. Leaves the LNS at $lns_address.
configure_pair() {
	local lns=$lns4 lac=$lac4 any=0.0.0.0
	[ "${1:-4}" = 4 ] || { lns=$lns6 lac=$lac6 any=::; }
	export lns_address=$lns
	config lns <<-EOF
		listen { address = $any }
		peer lac {
		    address    = $lac
		    secret     = "tunnel-secret"
		    local_name = lns.example
		    retry_cap  = 2s
		    ppp        = subscribers
		}
		ppp subscribers {
		    options = { "require-chap", "198.51.100.1:198.51.100.2", "noipv6" }
		}
	EOF
	config lac <<-EOF
		peer lns {
		    address    = $lns
		    secret     = "tunnel-secret"
		    local_name = lac.example
		    retry_cap  = 2s
		}
		ppp alice {
		    options = { "user alice", "noipv6" }
		}
	EOF
}

# configure_kept: the same, and a tunnel isp with a session alice that the LAC keeps up. The tunnel
# has a setting of its own on top of the peer's section.
configure_kept() {
	configure_pair 4
	sed -i 's/198.51.100.1:198.51.100.2/198.51.100.1:/' "$(config_of lns)"
	sed -i 's/"noipv6" }/"noipv6", "198.51.100.8:" }/' "$(config_of lac)"
	cat >>"$(config_of lac)" <<-EOF
		tunnel isp {
		    remote = $lns4
		    peer   = lns
		    hide   = sensitive
		}
		session alice {
		    tunnel = isp
		    ppp    = alice
		}
		ppp bob { options = { "user alice", "noipv6", "198.51.100.9:" } }
	EOF
}

# refused_with WORDS NAME ARGUMENT...: adit exits with 2 and says why.
refused_with() {
	local words=$1 said code=0
	shift
	said=$(cli "$@" 2>&1) || code=$?
	assert_eq 2 "$code" "exit status of adit ${*:2}"
	assert_match "$words" "$said"
}

tunnel_is_up() {
	[ "$(field "$1" tunnel '.[0].state')" = established ]
}

# ppp_up NAME COUNT: the daemon has so many sessions with PPP up.
ppp_up() {
	[ "$(field "$1" session '[.[] | select((.ppp_local // "" | test("^[0-9.]+$")) and .state == "established")] | length')" -eq "$2" ]
}

wait_ppp_up() {
	wait_for "${3:-30}" ppp_up "$1" "$2"
}

# Frames of the kernel's session in one direction: tx_packets or rx_packets.
kernel_count() {
	field "$1" session ".[0].$2"
}

# pings NAMESPACE FROM ADDRESS COUNT: none may be lost.
pings() {
	local out
	out=$(in_ns "$1" ping -q -i 0.002 -c "$4" -W 2 -I "$2" "$3") || fail "ping: $out"
	assert_match "$4 packets transmitted, $4 received, 0% packet loss" "$out" "ping"
}

# The kernel's own table of PPP sessions: one line with packets counted for each.
kernel_sessions() {
	in_ns "$1" grep -c "SESSION '" /proc/net/pppol2tp || :
}

# none NAME OBJECT: the daemon has none of these left.
none() {
	[ "$(count_of "$1" "$2")" -eq 0 ]
}

# none_anywhere OBJECT
none_anywhere() {
	none lac "$1" && none lns "$1"
}

no_pppd() {
	[ -z "$(processes_in "$1" pppd)" ]
}
