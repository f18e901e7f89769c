# Runs the step with its input, keeps its two streams apart in the pod's one log, and prints what it left behind it.
# The adapter writes in front of this: mark, most (bytes of the result), files (bytes of all artifacts), stdin, and "set -- COMMAND…".
out=$GANTRY_OUTPUT_FILE
fifo=${out%/*}/.stderr
pid= signalled= reader= patience=5
# Shells tell of children that were killed; that is no word of the step's.
exec 3>&2 2>/dev/null

# Each line of standard error is told by the mark. They are short enough that the log never has a part of one.
mark_lines() {
    trap '' TERM INT HUP
    LC_ALL=C
    while IFS= read -r line; do
        if [ ${#line} -gt 8000 ]; then
            printf '%s' "$line" | fold -b -w 8000 | while IFS= read -r part || [ -n "$part" ]; do
                printf '%s\n' "$mark+$part"
            done
            line=
        fi
        printf '%s\n' "$mark!$line"
    done
    printf '%s\n' "$mark?$line"
}

size_of() { echo "$(($(wc -c <"$1")))"; }

digest_of() {
    digest=$(sha256sum <"$1") || digest=-
    echo "${digest%% *}"
}

print_files() {
    total=0
    cd "$GANTRY_ARTIFACTS" || return
    find . -type f | while IFS= read -r path; do
        if ! [ -f "$path" ]; then
            printf 'odd 0 - %s\n' "${path#./}"
            continue
        fi
        size=$(size_of "$path")
        if [ "$((total + size))" -gt "$files" ]; then
            printf 'over %s - %s\n' "$size" "${path#./}"
        else
            total=$((total + size))
            printf 'file %s %s %s\n' "$size" "$(digest_of "$path")" "${path#./}"
            cat "$path"
        fi
    done
}

# What the container has used, by its control group of version 2 or 1; files in memory are not its own.
print_usage() {
    group=/sys/fs/cgroup
    cpu= peak= file=0
    while read -r key value; do
        case $key in usage_usec) cpu=$((value / 1000)) ;; esac
    done <$group/cpu.stat
    if [ -n "$cpu" ]; then
        read -r peak <$group/memory.peak
        stat=$group/memory.stat
    else
        read -r cpu <$group/cpuacct/cpuacct.usage && cpu=$((cpu / 1000000))
        read -r peak <$group/memory/memory.max_usage_in_bytes
        stat=$group/memory/memory.stat
    fi
    while read -r key value; do
        case $key in file | total_cache) file=$value ;; esac
    done <$stat
    [ -z "$cpu" ] || printf 'cpu %s - -\n' "$cpu"
    [ -z "$peak" ] || printf 'memory %s - -\n' "$((peak - file))"
}

trap 'signalled=yes patience=0.3; [ -z "$pid" ] || kill -TERM "$pid"' TERM
printf '%s' "$mark<"
if mkfifo "$fifo"; then
    mark_lines <"$fifo" >&3 3>&- &
    reader=$!
    "$@" <"$stdin" 2>"$fifo" 3>&- &
else
    "$@" <"$stdin" 2>&3 3>&- &
fi
pid=$!
[ -z "$signalled" ] || kill -TERM "$pid"
wait "$pid"
code=$?
# A signal ends the wait, and not the process.
while [ -n "$signalled" ]; do
    signalled=
    wait "$pid"
    again=$?
    [ "$again" = 127 ] || code=$again
done
if [ -n "$reader" ]; then
    # What the step left running may keep the stream open.
    { sleep "$patience"; kill -KILL "$reader"; } &
    wait "$reader"
fi
printf '%s' "$mark>"
print_usage
if [ -f "$out" ]; then
    size=$(size_of "$out")
    if [ "$size" -gt "$most" ]; then
        printf 'large %s - -\n' "$size"
    else
        printf 'result %s %s -\n' "$size" "$(digest_of "$out")"
        cat "$out"
    fi
fi
print_files
printf '%s' "$mark."
exit "$code"
