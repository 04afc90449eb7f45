# Runs one throwaway server in a directory that it makes and removes, for as long as its parent lives.
# Arguments: the directory, the template of the data directory, the server's command.
# Standard input: the SQL that the server runs when it starts. Descriptor 3: a pipe from the parent, whose
# end of file ends the server; it comes even when the parent is killed.
exec 2>&1
# A parent that is gone reads no more: without this the shell would die of what it prints, and leave its directory.
trap '' PIPE
umask 077

directory=$1
template=$2
shift 2

mkdir "$directory" || exit 1
trap 'rm -rf "$directory"' EXIT
cd "$directory" || exit 1
cat >init.sql || exit 1
cp -R "$template" data || exit 1

"$@" </dev/null >server.log 2>&1 3<&- &
server=$!
# The data is worthless, so the server need not save it: it is killed.
trap 'kill -KILL "$server"' HUP INT TERM
{
  read -r _ <&3
  kill -KILL "$server"
} &
watcher=$!

# A signal interrupts the wait.
while kill -0 "$server"; do
  wait "$server"
done 2>/dev/null
kill "$watcher" 2>/dev/null
tail -n 20 server.log
