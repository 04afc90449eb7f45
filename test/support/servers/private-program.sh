# Runs a program as long as its parent runs, in a directory that it makes and removes.
# Arguments: the directory, the program's command.
# Standard input: the program's settings, for the file `config` in the directory.
# Descriptor 3: a pipe from the parent. Its end of file ends the program, even after a SIGKILL.
exec 2>&1
# Output to a parent that has ended must not end this shell, or the directory would remain.
trap '' PIPE
umask 077

directory=$1
shift

mkdir "$directory" || exit 1
trap 'rm -rf "$directory"' EXIT
cd "$directory" || exit 1
cat >config || exit 1

"$@" </dev/null 3<&- &
program=$!
trap 'kill -KILL "$program"' HUP INT TERM
{
  read -r _ <&3
  kill -KILL "$program"
} &
watcher=$!
wait "$program" 2>/dev/null
kill "$watcher" 2>/dev/null
