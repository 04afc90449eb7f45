# Runs a service of a compose file as long as its parent process runs, and prints its address.
# Arguments: the Docker client, the compose file, a new project name, the service.
# Descriptor 3: a pipe from the parent. Its end of file ends the service, even after a SIGKILL.
exec 2>&1
# Output to a parent that has ended must not end this shell, or the service would remain.
trap '' PIPE

docker=$1
file=$2
project=$3
service=$4

compose() {
  "$docker" compose --file "$file" --project-name "$project" "$@"
}

# The Docker client ignores the trap and would die of its own output, so it must not print here.
trap 'compose down --volumes --timeout 0 >/dev/null 2>&1' EXIT
trap 'exit 1' HUP INT TERM

compose up --detach --wait --wait-timeout 120 "$service" || exit 1
echo "address: $(compose port "$service" 3306)"
read -r _ <&3
