# Runs one service of a compose file for as long as its parent lives, and prints the address it listens on.
# Arguments: the Docker client, the compose file, a project name of its own, the service.
# Descriptor 3: a pipe from the parent, whose end of file takes the service down; it comes even when the
# parent is killed.
exec 2>&1
# A parent that is gone reads no more: without this the shell would die of what it prints, and leave the service.
trap '' PIPE

docker=$1
file=$2
project=$3
service=$4

compose() {
  "$docker" compose --file "$file" --project-name "$project" "$@"
}

# The client dies of printing to nobody, whatever the shell does, so it must not print here.
trap 'compose down --volumes --timeout 0 >/dev/null 2>&1' EXIT
trap 'exit 1' HUP INT TERM

compose up --detach --wait --wait-timeout 120 "$service" || exit 1
echo "address: $(compose port "$service" 3306)"
read -r _ <&3
