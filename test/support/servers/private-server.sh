# Runs a private server as long as its parent runs, in a directory that it makes and removes.
# Arguments: the directory, the template of the data directory, the server's command.
# RESTART_AFTER: seconds after which a server that ended starts again. Unset: it does not.
# Standard input: the SQL that the server runs when it starts.
# Descriptor 3: a pipe from the parent. Its end of file ends the server, even after a SIGKILL.
exec 2>&1
# Output to a parent that has ended must not end this shell, or the directory would remain.
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
# MySQL's identity: servers with the same one do not replicate each other. It makes a new one.
rm -f data/auto.cnf

# SIGKILL, because nothing needs the data any more.
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
  # A signal interrupts `wait`.
  while kill -0 "$server"; do
    wait "$server"
  done
  [ -n "${RESTART_AFTER-}" ] && sleep "$RESTART_AFTER" && [ ! -e ended ] || break
done 2>/dev/null
kill "$watcher" 2>/dev/null
tail -n 20 server.log
