# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the tests with Debian's FreeRADIUS share, on top of lac.sh: the server in a namespace of its
# own (aaa, 198.18.0.2, joined to the LAC at 198.18.0.1), its users, and its detail file, where it
# keeps the accounts that it gets.

# shellcheck source=test/kernel/lac.sh
. "$(dirname "${BASH_SOURCE[0]}")/../kernel/lac.sh"

raddb=$ADIT_RESULTS/raddb
detail=$ADIT_RESULTS/detail

# radius_net: the server's namespace, and what it is configured with but for its users.
radius_net() {
	join lac aaa 198.18.0.2 198.18.0.1
	mkdir -p "$raddb"
	: >"$detail"
	_radius_config
}

_radius_config() {
	cat >"$raddb/radiusd.conf" <<-EOF
		name = radiusd
		prefix = /usr
		confdir = $raddb
		logdir = $ADIT_RESULTS
		libdir = /usr/lib/freeradius
		pidfile = $ADIT_RESULTS/radiusd.pid
		security {
		    require_message_authenticator = yes
		}
		client lac {
		    ipaddr = 198.18.0.1
		    secret = radius-secret
		    require_message_authenticator = yes
		}
		modules {
		    files {
		        filename = $raddb/users
		    }
		    pap {
		    }
		    chap {
		    }
		    detail {
		        filename = $detail
		        permissions = 0644
		    }
		}
		server default {
		    listen {
		        type = auth
		        ipaddr = 198.18.0.2
		        port = 1812
		    }
		    listen {
		        type = acct
		        ipaddr = 198.18.0.2
		        port = 1813
		    }
		    authorize {
		        files
		        chap
		        pap
		    }
		    authenticate {
		        Auth-Type PAP {
		            pap
		        }
		        Auth-Type CHAP {
		            chap
		        }
		    }
		    # Older than the one that signs every answer, this one does it when told so.
		    post-auth {
		        update reply {
		            Message-Authenticator := 0x00
		        }
		        Post-Auth-Type REJECT {
		            update reply {
		                Message-Authenticator := 0x00
		            }
		        }
		    }
		    accounting {
		        detail
		    }
		}
	EOF
}

# tunnel TAG SERVER PREFERENCE SECRET [MORE...]: reply items of one tunnel.
tunnel() {
	local tag=$1 server=$2 preference=$3 secret=$4
	shift 4
	printf '\t%s,\n' "Tunnel-Type:$tag = L2TP" "Tunnel-Medium-Type:$tag = IPv4" \
		"Tunnel-Server-Endpoint:$tag = \"$server\"" "Tunnel-Preference:$tag = $preference" \
		"Tunnel-Password:$tag = \"$secret\"" "$@"
}

# user NAME: a user's first line; its reply items follow, and a last one.
user() {
	printf '%s Cleartext-Password := "%s"\n' "$1" $password
}

last() {
	printf '\tClass = "%s"\n\n' "$1"
}

start_radius() {
	# What the one before it said must not be taken for its words.
	[ ! -e "$(log_of radius)" ] || cat "$(log_of radius)" >>"$(log_of before-radius)"
	: >"$(log_of radius)"
	spawn radius aaa freeradius -f -l stdout -d "$raddb" -n radiusd -x
	wait_for_log radius 'Ready to process requests' 30
}

# lns_of NAME SECRET [LINE...]: an LNS and what answers its callers; lines are more of its peer section.
lns_of() {
	local name=$1 secret=$2
	shift 2
	config "$name" <<-EOF
		pppd = none
		listen { address = 0.0.0.0 }
		peer lac {
		    secret     = "$secret"
		    local_name = $name.example
		    calls      = ppp
		    retry_cap  = 2s
		    $(printf '%s\n' "$@")
		}
	EOF
	start "$name" "$name"
	spawn "answers-$name" "$name" "$tools/answers"
}

# --- accounts --------------------------------------------------------------------------------

# accounts: what is in the detail file; of a record that was sent again, because its answer was late,
# only the first.
accounts() {
	awk -v RS= -v ORS='\n\n' '{
		record = $0
		sub(/^[^\n]*\n/, "", record)
		gsub(/\t(Timestamp|Acct-Delay-Time) = [0-9]+/, "", record)
		if (!seen[record]++)
			print
	}' "$detail"
}

# records TYPE FILTER...: how many records of the detail file have a line of each regular expression.
records() {
	accounts | awk -v RS= -v type="$1" -v a="${2-}" -v b="${3-}" -v c="${4-}" '
		$0 ~ "Acct-Status-Type = " type "\n" && $0 ~ a && $0 ~ b && $0 ~ c { count++ }
		END { print count + 0 }'
}

recorded() {
	[ "$(records "$@")" -ge 1 ]
}

# value ATTRIBUTE TYPE [N]: of the N-th record of that type, the first if it is not said.
value() {
	accounts | awk -v RS= -v attribute="$1" -v type="$2" -v n="${3:-1}" '
		$0 ~ "Acct-Status-Type = " type "\n" && !--n {
			for (i = 1; i < NF; i++)
				if ($i == attribute || $i ~ "^" attribute ":[0-9]+$") {
					sub(/^"/, "", $(i + 2))
					sub(/"$/, "", $(i + 2))
					print $(i + 2)
				}
		}'
}

# order_of_records: the types of all records, in the order in which they came.
order_of_records() {
	accounts | sed -n 's/.*Acct-Status-Type = //p' | tr '\n' ' ' | sed 's/ $//'
}
