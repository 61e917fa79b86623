#!/bin/sh
# Collects what dqlite-forensics needs from this machine into one archive. Run it as root; it changes nothing but
# the archive that it writes. Private keys, tokens and backups stay here; segments, snapshots and LXD's local.db are
# copied whole, and what the databases hold, Secrets too, is in them: send the archive as a secret.
#
#   sh collect.sh [--output DIR] [--max-size 1G] [--max-time 600] [--since '14 days ago'] [--dir DIR]... [--root DIR]
#
#   --output DIR    where the archive is written (default: here)
#   --max-size N    bytes of state to copy, with K, M or G; of segments and snapshots beyond it digest, head and tail
#   --max-time N    seconds; what is not done by then is left out, and named
#   --since TIME    how far back journals go
#   --dir DIR       a state directory that lies in no product's usual place; may be repeated
#   --root DIR      a machine's disk that is mounted at DIR; nothing is then asked of the machine that this runs on
set -u && umask 077
LC_ALL=C && export LC_ALL
VERSION=1 PART=65536 LINES=5000 # bytes of a head or tail; last lines of a journal

# database, units, directory; `*` is a snap's revision
PLACES='k8s-dqlite snap.k8s.k8s-dqlite var/snap/k8s/common/var/lib/k8s-dqlite
k8sd snap.k8s.k8sd var/snap/k8s/common/var/lib/k8sd/state/database
microk8s snap.microk8s.daemon-k8s-dqlite,snap.microk8s.daemon-kubelite var/snap/microk8s/current/var/kubernetes/backend
microk8s - var/snap/microk8s/*/var/kubernetes/backend
lxd snap.lxd.daemon,lxd var/snap/lxd/common/lxd/database/global
lxd lxd var/lib/lxd/database/global
incus incus var/lib/incus/database/global
microceph snap.microceph.daemon var/snap/microceph/common/state/database
microovn snap.microovn.daemon var/snap/microovn/common/state/database
microcloud snap.microcloud.daemon var/snap/microcloud/common/state/database
sunbeam snap.openstack.clusterd var/snap/openstack/common/state/database
juju jujud-machine-* var/lib/juju/dqlite
k3s k3s var/lib/rancher/k3s/server/db/state.dqlite'
usage() { sed -n '2,14s/^# \{0,1\}//p' "$0"; }
say() { printf '%s\n' "$*" >&2; }
fail() { say "collect.sh: $1"; exit "${2:-2}"; }
bytes() {
    number=${1%[KMG]}
    case $number in '' | *[!0-9]* | ????????????*) fail "not a size: $1" ;; esac
    case $1 in *K) echo $((number * 1024)) ;; *M) echo $((number * 1048576)) ;; *G) echo $((number * 1073741824)) ;; *) echo "$number" ;; esac
}

out=. max_size=1073741824 max_time=600 since='14 days ago' root='' added=''
while [ $# -gt 0 ]; do
    case $1 in -h | --help) usage; exit 0 ;; esac
    [ $# -gt 1 ] || fail "$1: a value is missing, or there is no such option (--help)"
    case $1 in
        --output) out=$2 ;;
        --max-size) max_size=$(bytes "$2") || exit 2 ;;
        --max-time) max_time=$2 ;;
        --since) since=$2 ;;
        --dir) added="$added$2
" ;;
        --root) root=${2%/} ;;
        *) fail "no such option: $1 (--help)" ;;
    esac
    shift 2
done
case $max_time in '' | *[!0-9]* | ??????????*) fail "not a number of seconds: $max_time" ;; esac
[ -d "$out" ] || fail "$out is no directory"
[ "$(id -u)" = 0 ] || say 'Not run as root: what root alone can read is left out.'
renice -n 19 -p $$ >/dev/null 2>&1
! command -v ionice >/dev/null 2>&1 || ionice -c 3 -p $$ >/dev/null 2>&1
begun=$(date +%s) host=$(uname -n)
[ -z "$root" ] || host=$(head -n 1 "$root/etc/hostname" 2>/dev/null || echo unknown)
host=$(printf %s "$host" | tr -cd 'A-Za-z0-9._-')
name="dqlite-state-${host:-unknown}-$(date -u +%Y-%m-%d-%H%M%S)"
stage=$(mktemp -d "$out/.$name.XXXXXX") || fail "$out cannot be written to" 3
trap 'rm -rf "$stage"' EXIT && trap 'exit 143' INT TERM HUP
top=$stage/$name about=$stage/$name/dqlite-forensics
mkdir -p "$about/journal" || fail "$stage cannot be written to" 3

late() { [ $(($(date +%s) - begun)) -ge "$max_time" ]; }
left_out() { printf '%s\t%s\n' "${1#"$root"}" "$2" >>"$about/left-out.txt"; }
bounded() { if command -v timeout >/dev/null 2>&1; then timeout 60 "$@"; else "$@"; fi; }
size_of() { stat -c %s -- "$1"; }

# Private keys between their marks; what stands behind the name of a secret, or below it in YAML; in logs, long words.
NAMES='token|passw(or)?d|passphrase|pwd|secret|credential|cookie|(api|access|private|client)[_-]?key'
without_keys() { # to the end of the key; a longest one has 200 lines
    awk '{ gsub(/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*-----END [A-Z0-9 ]*PRIVATE KEY-----/, "[left out]") }
        match($0, /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/) {
            inside = 200
            print substr($0, 1, RSTART + RLENGTH - 1) (RSTART + RLENGTH > length($0) ? "" : " [left out]"); next
        }
        inside > 0 && !/-----END/ { inside--; next }
        { inside = 0; print }'
}
without_blocks() { # the lines of YAML that are a value of such a name: indented more, items of a list, `: value`
    awk -v names="^(- +)*([?] +)?[\"']?[a-z0-9_.-]*($NAMES|key)[a-z0-9_.-]*[\"']?[ \t]*(:|$)" '
        { match($0, /^ */); indent = RLENGTH; text = substr($0, indent + 1) }
        inside && (text == "" || indent > below || (indent == below && text ~ /^[-:]( |$)/)) { next }
        { inside = tolower(text) ~ names; match(text, /^(- +)*/); below = indent + RLENGTH; print }'
}
without_secrets() { # behind `:`, `=` or `=>` all that is quoted, or a word; behind a blank a word
    without_keys | sed -E \
        -e "s/((bearer|basic)[[:space:]:=]+)[^][:space:]\"',})(]+/\\1[left out]/gI" \
        -e "s/((($NAMES)[a-z0-9_.-]*|auth(orization)?)\\\\?[\"']?[[:space:]]*(=>|[:=])[[:space:]]*)(\\\\?\"[^\"]*\"?|'[^']*'?|[^[:space:]\"',})=][^[:space:]\"',})]*)/\\1[left out]/gI" \
        -e "s/(($NAMES)[a-z0-9_.-]*[[:space:]]+(is[[:space:]]+)?)\\\\?[\"']?[^][:space:]:=\"',})(]+/\\1[left out]/gI" \
        -e 's#(://)[^/@[:space:]]+@#\1[left out]@#g'
}
of_a_log() { without_secrets | sed -E -e 's#eyJ[A-Za-z0-9_.+/=-]{16,}#[left out]#g' -e 's/[A-Za-z0-9+_=]{32,}/[left out]/g'; }
list() {
    printf '%s:\n' "${1#"$root"}"
    ls -la --full-time -- "$1/" 2>&1; echo
}
look() { while read -r directory; do list "$directory"; done <"$stage/directories"; }
stamps() { # to the nanosecond, which busybox' ls does not print
    while read -r directory; do stat -c '%n	%s %y' -- "$directory"/* "$directory"/.[!.]* 2>/dev/null; done <"$stage/directories" |
        awk -v root="$root" '{ print substr($0, length(root) + 1) }'
}
# Which directories: of each product, then others that have raft's metadata.
find_directories() {
    printf '%s\n' "$PLACES" | while read -r database units place; do
        for found in "$root/"$place; do
            [ -d "$found" ] || continue
            case $place in *\** ) [ ! -e "$root/${place%%\**}current" ] || continue ;; esac
            found=$(cd -P -- "$found" && pwd) && printf '%s %s %s\n' "$database" "$units" "$found"
        done
    done
    printf '%s' "$added" | while read -r found; do
        [ -d "$root$found" ] && found=$(cd -P -- "$root$found" && pwd) && printf 'unknown - %s\n' "$found"
    done
    for base in var/snap var/lib opt srv; do
        [ -d "$root/$base" ] || continue
        bounded find "$root/$base" -xdev -maxdepth 9 \( -name containers -o -name containerd -o -name kubelet -o -name docker -o -name microk8s \) -prune \
            -o -name metadata1 -type f -print 2>/dev/null
    done | while read -r found; do printf 'unknown - %s\n' "${found%/metadata1}"; done
}
around() { # what belongs to a state directory, itself first
    printf '%s\n' "$2" && parent=${2%/*}
    case $1 in
        k8sd | micro[co]* | sunbeam) printf '%s\n' "$parent" "$parent/truststore" "$parent/certificates" ;;
        k8s-dqlite) printf '%s\n' "${2%/var/lib/*}" ;; # backups of a recovery
        lxd | incus) printf '%s\n' "$parent" "${parent%/*}" ;;
        unknown) [ ! -d "$parent/truststore" ] || printf '%s\n' "$parent" "$parent/truststore" "$parent/certificates" ;;
    esac
    for copy in "$2"?*; do [ ! -d "$copy" ] || printf '%s\n' "$copy"; done
    [ ! -d "$parent/recovery_db" ] || printf '%s\n' "$parent/recovery_db"
}
# What of a file is taken: whole, as text without secrets, as a certificate, or only listed.
kind_of() {
    case ${1##*/} in
        *.key) echo key ;;
        0000[0-9]*-0000[0-9]* | open-[0-9]* | snapshot-[0-9]* | corrupt-* | tmp-*) echo raft ;;
        metadata[12] | local.db | peers.db | .probe* | dqlite-lock | join) echo whole ;;
        recovery_db | *.tar.gz) echo backup ;;
        *.yaml | .*.yaml[0-9]* | node-id | node-store* | server-info | servers.sql | failure-domain) echo text ;;
        *.crt | *.pem) echo certificate ;;
        *.sock*) echo nothing ;;
        *[!0-9-]*) echo other ;;
        [0-9]*-[0-9]*) echo raft ;; # raft reads names without leading zeros, too
        *) echo other ;;
    esac
}
copied() { mkdir -p "$top${1%/*}" && { cp -p -- "$root$1" "$top$1" 2>/dev/null || { rm -f "$top$1"; left_out "$1" 'it cannot be read'; false; }; }; }
text() { # its copy may be read-only, as the file is
    copied "$1" && without_blocks <"$top$1" | without_secrets >"$stage/text"
    if ! cmp -s "$stage/text" "$top$1" && mode=$(stat -c %a -- "$top$1" 2>/dev/null); then
        left_out "$1" 'private keys and tokens in it'
        chmod u+w "$top$1" && cat "$stage/text" >"$top$1" && touch -r "$root$1" "$top$1" && chmod "$mode" "$top$1" && return
        rm -f "$top$1"
    fi
}
take_small() {
    path=${1#"$root"}
    case $(kind_of "$1") in
        key) public_half "$1"; left_out "$path" 'a private key' ;;
        whole) copied "$path"; case $path in */local.db) warn "${path#/} is a database, and copied whole, with all settings of this server" ;; esac ;;
        text) text "$path" ;;
        certificate) if [ ! -s "$1" ] || grep -q 'BEGIN CERTIFICATE' "$1"; then text "$path"; else left_out "$path" 'no certificate in it'; fi ;;
        backup) backup "$path" ;;
        other) left_out "$path" 'not needed' ;;
    esac
}
backup() { # anew, with what is taken of a directory: raft's files and YAML without keys
    tmp=$stage/backup && mkdir -p "$tmp" "$top${1%/*}"
    if [ $(($(size_of "$root$1") * 20)) -lt "$max_size" ] && bounded tar -C "$tmp" -xzof "$root$1" 2>/dev/null; then
        find "$tmp" -type f | while read -r file; do
            case $(kind_of "$file") in
                raft | whole) ;;
                text) without_blocks <"$file" | without_secrets >"$stage/text"; mv -f "$stage/text" "$file" ;;
                *) rm -f "$file" ;;
            esac
        done
        tar -C "$tmp" -czf "$top$1" . && left_out "$1" 'keys and what else is not needed in this backup'
    else
        left_out "$1" 'a backup that cannot be opened, or is large'
    fi
    rm -rf "$tmp"
}
public_half() { # its kind, the SHA-256 of its SubjectPublicKeyInfo, its path
    command -v openssl >/dev/null 2>&1 || return 0
    openssl pkey -in "$1" -passin pass: -pubout -outform DER -out "$stage/public" </dev/null 2>/dev/null || return 0
    kind=$(openssl asn1parse -inform DER -in "$stage/public" 2>/dev/null | awk -F: '/OBJECT/ { print $NF; exit }')
    printf '%s\t%s\t%s\n' "$(sha256sum <"$stage/public" | cut -d' ' -f1)" "$kind" "${1#"$root"}" >>"$about/public-keys.txt"
    rm -f "$stage/public"
}
take_raft() { # segments and snapshots, the newest first: the budget goes to what matters most
    # shellcheck disable=SC2012 # raft's names have no blanks, and only ls sorts by time everywhere
    ls -t -- "$1" 2>/dev/null | while read -r file; do
        [ "$(kind_of "$file")" = raft ] || continue
        if [ -L "$1/$file" ] || [ ! -f "$1/$file" ]; then continue; fi
        path=${1#"$root"}/$file size=$(size_of "$1/$file") spent=$(cat "$stage/spent")
        if late; then
            left_out "$path" 'no time left (--max-time)'
        elif [ $((spent + size)) -gt "$max_size" ]; then
            left_out "$path" 'no room left (--max-size): digest, head and tail are there'
            mkdir -p "$about/parts${path%/*}"
            head -c $PART "$1/$file" >"$about/parts$path.head"
            tail -c $PART "$1/$file" >"$about/parts$path.tail"
            sha256sum <"$1/$file" | awk -v path="$path" '{ print $1 "  " path }' >>"$about/digests.txt"
        else
            copied "$path"
            echo $((spent + size)) >"$stage/spent"
        fi
    done
}

# shellcheck disable=SC2010 # links are read, not names
runs() { ls -l /proc/[0-9]*/fd 2>/dev/null | grep -qF -- "-> $1/"; }
warn() { say "$1"; printf '%s\n' "$1" >>"$about/notes.txt"; }

find_directories | awk '{ path = $0; sub(/^[^ ]+ [^ ]+ /, "", path) } !seen[path]++' >"$stage/found"
[ -s "$stage/found" ] || fail 'no dqlite state directory was found (--dir names one)' 1
while read -r database _ directory; do around "$database" "$directory"; done <"$stage/found" >"$stage/around"
awk '!seen[$0]++' "$stage/around" | while read -r directory; do
    [ ! -d "$directory" ] || printf '%s\n' "$directory"
done >"$stage/directories"
while read -r database _ directory; do
    say "$database: $directory"
    ! runs "$directory" || warn "$database runs while ${directory#"$root"} is copied: the copy can be torn between two files"
done <"$stage/found"
free=$(df -Pk "$out" | awk 'NR == 2 { print $4 }')
if [ "${free:-0}" -gt 0 ] && [ $((free * 512)) -lt "$max_size" ]; then # the copy, and the archive of it
    max_size=$((free * 512))
    warn "$out has little room: at most $max_size bytes of segments and snapshots are copied"
fi
stamps >"$stage/first"
look >"$about/listing-first.txt"
echo 0 >"$stage/spent"
while read -r directory; do
    for file in "$directory"/* "$directory"/.[!.]*; do
        if [ -L "$file" ]; then left_out "$file" 'a link'; elif [ -f "$file" ]; then take_small "$file"; fi
    done
done <"$stage/directories"
while read -r directory; do take_raft "$directory"; done <"$stage/directories"
look >"$about/listing.txt"
stamps >"$stage/second"
awk -F '\t' 'NR == FNR { old[$1] = $2; next } { if (!($1 in old)) print "new\t" $1; else if (old[$1] != $2) print "changed\t" $1
    delete old[$1] } END { for (path in old) print "gone\t" path }' "$stage/first" "$stage/second" >"$about/changed.txt"
[ ! -s "$about/changed.txt" ] || warn 'Files changed while they were copied (changed.txt): the copy can be torn between two files'
(cd "$top" && find . -name dqlite-forensics -prune -o -type f ! -name '*.key' -size +0 -exec sha256sum {} +) |
    sed 's#  \./#  /#' >>"$about/digests.txt"

# The machine. What a command prints goes through the same sieve.
keep() {
    file=$1 && shift
    late && { left_out "$*" 'no time left (--max-time)'; return; }
    command -v "$1" >/dev/null 2>&1 || { left_out "$*" 'there is no such command'; return; }
    bounded "$@" 2>/dev/null </dev/null | of_a_log >"$about/$file"
}
journal() {
    late && { left_out "journal of $1" 'no time left (--max-time)'; return; }
    bounded journalctl -u "$1" -o short-iso --no-pager --since "$since" -n $LINES 2>/dev/null | of_a_log >"$about/journal/$1.txt"
    # systemd's own identifier of "a unit failed": the first of the newest series of failures
    failed=$(bounded journalctl MESSAGE_ID=d9b373ed55a64feb8242e02dbe79a49c UNIT="$1.service" -o short-unix --no-pager --since "$since" 2>/dev/null |
        awk -F'[. ]' '/^[0-9]/ { if ($1 - last > 3600) first = $1; last = $1 } END { print first }')
    [ -z "$failed" ] || bounded journalctl -u "$1" -o short-iso --no-pager --since "@$((failed - 1800))" --until "@$((failed + 300))" 2>/dev/null |
        head -n $LINES | of_a_log >"$about/journal/$1.failure.txt"
}
date >"$about/date.txt" && date -u >"$about/date-utc.txt" && printf '%s\n' "$host" >"$about/hostname.txt"
if [ -z "$root" ]; then
    keep timedatectl.txt timedatectl
    keep df.txt df -P -k
    keep df-inodes.txt df -P -i
    keep ip-addr.txt ip addr
    keep snap-list.txt snap list
    keep packages.txt dpkg-query -W 'libdqlite*' 'libraft*' 'lxd*' 'incus*'
    keep uname.txt uname -a
    keep uptime.txt uptime
    keep sysctl-aio.txt sysctl fs.aio-nr fs.aio-max-nr
    keep units.txt systemctl list-units --all --no-legend --plain --no-pager 'snap.*' 'lxd*' 'incus*' 'jujud*' 'k3s*'
    cut -d' ' -f2 "$stage/found" | tr ',' '\n' | sort -u | grep -v '^-$' >"$stage/units"
    while read -r unit; do
        ! command -v systemctl >/dev/null 2>&1 || bounded systemctl show "$unit" -p Id -p LoadState -p ActiveState -p SubState -p Result \
            -p NRestarts -p ExecMainStatus -p ExecMainStartTimestamp -p ExecMainExitTimestamp </dev/null 2>/dev/null >>"$about/unit-states.txt"
        ! command -v journalctl >/dev/null 2>&1 || journal "$unit" </dev/null
    done <"$stage/units"
    ! [ -s "$about/unit-states.txt" ] || awk -F= '$1 == "Id" { id = $2; sub(/\.service$/, "", id) } $1 == "NRestarts" && $2 ~ /^[0-9]+$/ { n = $2 }
        $0 == "" { if (id != "" && n != "") print id " -> " n; id = n = "" } END { if (id != "" && n != "") print id " -> " n }' \
        "$about/unit-states.txt" >"$about/restarts.txt"
fi
find "$about" -type f -size 0 ! -name changed.txt -exec rm -f {} +
printf 'collector\t%s\nbegun\t%s\nended\t%s\nroot\t%s\nmax-size\t%s\nmax-time\t%s\n' \
    "$VERSION" "$begun" "$(date +%s)" "${root:-/}" "$max_size" "$max_time" >"$about/collected.txt"

tar -C "$stage" -czf "$stage/archive" "$name" || fail 'the archive cannot be written' 3
mv "$stage/archive" "$out/$name.tar.gz" || fail "$out cannot be written to" 3
say "$(awk 'END { print NR + 0 }' "$about/left-out.txt" 2>/dev/null || echo 0) files and commands were left out; dqlite-forensics/left-out.txt in the archive says which, and why."
say "Segments, snapshots and LXD's local.db are in it, and what these databases hold, Secrets and tokens too: send it as a secret."
printf '%s\n' "$out/$name.tar.gz"
