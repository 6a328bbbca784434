#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What README.md names is there, and what is there is named: its tables and the scenarios agree.
# $1 is this folder. Prints TAP.
set -eu
cd "$1"

# The words between backquotes behind the first table of sections, one a line.
# shellcheck disable=SC2016 # those are the words' backquotes
named=$(sed -n '/^## RFC 2661/,$p' README.md | grep -o '`[^`]*`' | tr -d '`' | sort -u)
faults=0

fault() {
	echo "# $1"
	faults=$((faults + 1))
}

covered=$(mktemp)
trap 'rm -f "$covered"' EXIT
set -f
for name in $named; do
	case $name in
	test/*) file=../../$name ;;
	test_*.c) file=../unit/$name ;;
	test_call) continue ;;
	*) file=$name.scn ;;
	esac
	set +f
	# shellcheck disable=SC2086
	ls -d $file 2>/dev/null >>"$covered" || fault "$name is named, and nothing is called so"
	set -f
done
set +f
for scenario in *.scn; do
	grep -qxF "$scenario" "$covered" || fault "$scenario is named nowhere"
done

echo 1..1
[ "$faults" -eq 0 ] && echo 'ok 1 - README.md and the scenarios' || echo 'not ok 1 - README.md and the scenarios'
