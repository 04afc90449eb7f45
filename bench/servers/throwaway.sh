# Runs one throwaway server in a directory that it makes and removes, for as long as its parent lives.
# Arguments: the directory, the signal that ends the server, what the shell does in the directory first, the
# server's command. Standard input: what becomes the file `input` there. Descriptor 3: a pipe from the parent,
# whose end of file ends the server; it comes even when the parent is killed.
exec 2>&1
# A parent that is gone reads no more: without this the shell would die of what it prints, and leave its directory.
trap '' PIPE
umask 077

directory=$1
signal=$2
first=$3
shift 3

mkdir "$directory" || exit 1
trap 'rm -rf "$directory"' EXIT
cd "$directory" || exit 1
cat >input || exit 1
sh -c "$first" >first.log 2>&1 3<&- || { cat first.log; exit 1; }

"$@" </dev/null >server.log 2>&1 3<&- &
server=$!
trap 'kill -s "$signal" "$server"' HUP INT TERM
{
  read -r _ <&3
  kill -s "$signal" "$server"
} &
watcher=$!

# A signal interrupts the wait.
while kill -0 "$server"; do
  wait "$server"
done 2>/dev/null
kill "$watcher" 2>/dev/null
tail -n 20 server.log
