#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The daemon's RADIUS against Debian's freeradius: who may call and through which tunnels, accounts, and
# orders of radclient. On loopback, and without calls: needs no L2TP.
# Runs beside others: it mostly waits.
# Not sanitized: the unit tests of RADIUS do the same, and 21-freeradius-lac.
# shellcheck source=test/kernel/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../kernel/lib.sh"

need freeradius radclient
secret=radius-secret
raddb=$ADIT_RESULTS/raddb
detail=$ADIT_RESULTS/detail
folder=$(mktemp -d /run/adit-radius.XXXXXX)
at_exit rm -rf "$folder"
commands=$folder/commands

mkdir -p "$raddb"
: >"$raddb/dictionary"
cat >"$raddb/users" <<'END'
alice	Cleartext-Password := "wonderland"
	Service-Type = Framed-User,
	Framed-Protocol = PPP,
	Tunnel-Type:1 = L2TP,
	Tunnel-Medium-Type:1 = IPv4,
	Tunnel-Server-Endpoint:1 = "192.0.2.2",
	Tunnel-Client-Endpoint:1 = "192.0.2.1",
	Tunnel-Password:1 = "first secret",
	Tunnel-Assignment-Id:1 = "one",
	Tunnel-Private-Group-Id:1 = "red",
	Tunnel-Client-Auth-Id:1 = "lac",
	Tunnel-Server-Auth-Id:1 = "lns",
	Tunnel-Preference:1 = 20,
	Tunnel-Type:2 = L2TP,
	Tunnel-Medium-Type:2 = IPv4,
	Tunnel-Server-Endpoint:2 = "lns.example.net",
	Tunnel-Password:2 = "another, longer than one block",
	Tunnel-Preference:2 = 10,
	ERX-Tunnel-Maximum-Sessions = 100,
	Session-Timeout = 3600

bob	Cleartext-Password := "builder"
	Tunnel-Type = L2TP,
	Tunnel-Medium-Type = IPv6,
	Tunnel-Server-Endpoint = "2001:db8::2"

carol	Cleartext-Password := "christmas"
	Tunnel-Type:1 = PPTP,
	Tunnel-Server-Endpoint:1 = "192.0.2.2"

dave	Cleartext-Password := "diver"
	ERX-Tunnel-Group = "wholesale",
	Reply-Message = "welcome"

erin	Cleartext-Password := "emerald"
	Tunnel-Type:1 = L2TP,
	Tunnel-Medium-Type:1 = IPv4

User	Cleartext-Password := "clientPass"
END
cat >"$raddb/radiusd.conf" <<END
prefix = /usr
libdir = /usr/lib/freeradius
logdir = $ADIT_RESULTS
run_dir = $ADIT_RESULTS
log {
	destination = stdout
}
security {
	max_attributes = 200
	reject_delay = 0
	status_server = no
	allow_vulnerable_openssl = yes
}
client loopback {
	ipaddr = 127.0.0.1
	secret = $secret
	require_message_authenticator = yes
}
thread pool {
	start_servers = 1
	max_servers = 2
	min_spare_servers = 1
	max_spare_servers = 1
}
modules {
	pap {
	}
	chap {
	}
	mschap {
		use_mppe = no
	}
	files {
		usersfile = $raddb/users
	}
	detail {
		filename = $detail
		permissions = 0600
	}
}
server default {
	listen {
		type = auth
		ipaddr = 127.0.0.1
		port = 18120
	}
	listen {
		type = acct
		ipaddr = 127.0.0.1
		port = 18130
	}
	authorize {
		chap
		mschap
		files
		pap
	}
	authenticate {
		Auth-Type PAP {
			pap
		}
		Auth-Type CHAP {
			chap
		}
		Auth-Type MS-CHAP {
			mschap
		}
	}
	post-auth {
		update reply {
			&Message-Authenticator := 0x00
		}
		Post-Auth-Type REJECT {
			update reply {
				&Message-Authenticator := 0x00
			}
		}
	}
	accounting {
		detail
	}
}
END
# The first server is dead, and costs its timeouts once.
(umask 077 && cat >"$ADIT_RESULTS/adit.conf") <<END
radius_nas_identifier = "lac.example"
radius_nas_address = "127.0.0.1"
radius_dynauth_port = 13799
radius dead {
	host = "127.0.0.1"
	auth_port = 18121
	acct_port = 18131
	secret = "$secret"
	timeout = "200ms"
	tries = 2
	dead_time = "60s"
}
radius alive {
	host = "localhost"
	auth_port = 18120
	acct_port = 18130
	secret = "$secret"
	timeout = "3s"
}
END
mkfifo "$commands"

# Both ends, so that neither opening nor a reader's end stops anybody.
exec 8<>"$commands"
client() {
	exec "$ADIT_BUILD/test/interop/radius_client" "$ADIT_RESULTS/adit.conf" <&8
}

spawn freeradius - freeradius -f -X -d "$raddb" -D /usr/share/freeradius
wait_for_log freeradius 'Ready to process requests' 30
client >"$(log_of client)" 2>&1 8<&8 &
pid_of[client]=$!
wait_for_log client '^ready'

# ask COMMAND...: its answer and the tunnels ahead of it are in $answer and $tunnels.
ask() {
	local log before
	log=$(log_of client)
	before=$(wc -l <"$log")
	echo "$*" >&8
	wait_for 20 answered "$log" "$before"
	answer=$(tail -n +$((before + 1)) "$log" | grep -E '^(accept|refuse) ')
	mapfile -t tunnels < <(tail -n +$((before + 1)) "$log" | grep '^tunnel ' || :)
}

answered() {
	tail -n +$(($2 + 1)) "$1" | grep -qE '^(accept|refuse) '
}

test_begin "PAP: two tunnels, in the order of their preference, with what each tag has"
ask pap alice wonderland
assert_match '^accept err=0 .*timeout=3600$' "$answer" "the answer"
assert_eq "tunnel tag=2 preference=10 server=lns.example.net client=- secret=another, longer than one block local=$(uname -n) peer=- assignment=- group=- max=100" "${tunnels[0]}"
assert_eq "tunnel tag=1 preference=20 server=192.0.2.2 client=192.0.2.1 secret=first secret local=lac peer=lns assignment=one group=red max=100" "${tunnels[1]}"
assert_eq 2 "${#tunnels[@]}"

test_begin "a wrong password is refused"
ask pap alice looking-glass
assert_match '^refuse err=0 why=rejected' "$answer" "the answer"

test_begin "CHAP: a tunnel without a tag, over IPv6"
ask chap bob builder
assert_match '^accept ' "$answer" "the answer"
assert_match 'tag=0 .*server=2001:db8::2 .*secret=- ' "${tunnels[0]}" "the tunnel"
ask chap bob destroyer
assert_match '^refuse err=0 why=rejected' "$answer" "the answer to a wrong password"

test_begin "MS-CHAPv2: the server proves itself too"
ask mschap2
assert_match '^accept .*message=S=407A5589115FD0D6209F510FE9C04566932CDA56 ' "$answer" "the answer"

test_begin "a tunnel group instead of tunnels, and words for the caller"
ask pap dave diver
assert_match '^accept .*message=welcome group=wholesale ' "$answer" "the answer"
assert_eq 0 "${#tunnels[@]}"

test_begin "answers that contradict themselves name the attribute"
ask pap carol christmas
assert_match '^refuse err=-74 why=Tunnel-Type of tag 1: 1 is not L2TP \(3\) ' "$answer" "the answer"
ask pap erin emerald
assert_match '^refuse err=-74 why=Tunnel-Server-Endpoint of tag 1: it is missing ' "$answer" "the answer"

test_begin "a dead server costs its timeouts once"
assert_eq 1 "$(grep -c 'radius dead: access does not answer' "$(log_of client)")"

test_begin "accounts of sessions, tunnels and links"
for type in 1 3 2 9 10 11 12 13 14; do
	echo "account $type alice" >&8
done
echo wait >&8
wait_for_log client '^idle' 20
records() {
	grep -c "Acct-Status-Type = $1\$" "$detail" || :
}
for type in Start Interim-Update Stop Tunnel-Start Tunnel-Stop Tunnel-Reject Tunnel-Link-Start Tunnel-Link-Stop Tunnel-Link-Reject; do
	assert_eq 1 "$(records $type)" "records of $type"
done
assert_eq 9 "$(grep -c 'Acct-Tunnel-Connection = "4711"' "$detail")"
assert_eq 9 "$(grep -cE 'Tunnel-Server-Endpoint(:0)? = "192.0.2.2"' "$detail")"
assert_eq 2 "$(grep -c 'Acct-Tunnel-Packets-Lost = 2' "$detail")"
assert_eq 4 "$(grep -c 'Acct-Input-Gigawords = 1' "$detail")"
assert_eq 3 "$(grep -c 'Acct-Terminate-Cause = User-Request' "$detail")"
assert_eq 5 "$(grep -c 'Sdx-Tunnel-Disconnect-Cause-Info = "3 0x0000 1 bye"' "$detail")"
assert_eq 9 "$(grep -c 'NAS-Identifier = "lac.example"' "$detail")"

# order ATTRIBUTES -> what radclient says of the answer
order() {
	echo "$1" | radclient -x -r 1 -t 3 127.0.0.1:13799 "${2-disconnect}" "${3-$secret}" 2>&1 || :
}
signed='Message-Authenticator = 0x00'

test_begin "an order to disconnect is obeyed"
assert_match 'Received Disconnect-ACK' "$(order "User-Name = alice, Acct-Session-Id = session-1, $signed")" "the answer"
assert_eq 1 "$(grep -c '^disconnect alice' "$(log_of client)")"

test_begin "an order that cannot be obeyed says why"
assert_match 'Error-Cause = Session-Context-Not-Found' "$(order "User-Name = nobody, $signed")" "of an unknown user"
assert_match 'Error-Cause = Unsupported-Attribute' "$(order "User-Name = alice, Filter-Id = x, $signed")" "of an attribute that is no identification"
assert_match 'Error-Cause = NAS-Identification-Mismatch' "$(order "User-Name = alice, NAS-Identifier = other, $signed")" "of another NAS"
assert_match 'Error-Cause = Missing-Attribute' "$(order "NAS-Identifier = lac.example, $signed")" "of nobody"
assert_match 'Error-Cause = Unsupported-Attribute' "$(order "User-Name = alice, Filter-Id = x, $signed" coa)" "of a change that cannot be"
assert_match 'Error-Cause = Invalid-Request' "$(order "User-Name = alice, ERX-Tx-Connect-Speed = 0, $signed" coa)" "of no speed"

test_begin "an order to change a line's speeds is obeyed"
assert_match 'Received CoA-ACK' "$(order "User-Name = alice, Actual-Data-Rate-Downstream = 7000000, Actual-Data-Rate-Upstream = 800000, $signed" coa)" "the answer"
assert_eq 1 "$(grep -c '^change alice tx=7000000 rx=800000$' "$(log_of client)")"
assert_match 'Received CoA-ACK' "$(order "User-Name = alice, ERX-Rx-Connect-Speed = 900000, $signed" coa)" "the answer"
assert_eq 1 "$(grep -c '^change alice tx=0 rx=900000$' "$(log_of client)")"

test_begin "an order of a stranger gets no answer"
assert_match 'No reply' "$(order "User-Name = alice, $signed" disconnect wrong-secret)" "with a wrong secret"
assert_match 'No reply' "$(order "User-Name = alice, Event-Timestamp = 1, $signed")" "of long ago"
assert_eq 1 "$(grep -c '^disconnect alice' "$(log_of client)")"
