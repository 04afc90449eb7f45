# Runs one throwaway server in a directory that it makes and removes, for as long as its parent lives.
# Arguments: the directory, the template of the data directory, the server's command.
# RESTART_AFTER: the seconds after which a server that ended is started again on its data; never where it is not set.
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

# The data is worthless, so the server need not save it: it is killed.
end() {
  : >ended
  kill -KILL "$(cat running)"
}
trap end HUP INT TERM
{
  read -r _ <&3
  end
} &
watcher=$!

while :; do
  "$@" </dev/null >>server.log 2>&1 3<&- &
  server=$!
  echo "$server" >running
  # A signal interrupts the wait.
  while kill -0 "$server"; do
    wait "$server"
  done
  [ -n "${RESTART_AFTER-}" ] && sleep "$RESTART_AFTER" && [ ! -e ended ] || break
done 2>/dev/null
kill "$watcher" 2>/dev/null
tail -n 20 server.log
