#!/bin/sh
# Stands in for the Docker client: notes beside itself what it is asked for, the tag of the image and the flags of
# the server, and says that a service listens where the file "address" beside it tells, once the file "client" has
# let in whoever has the service's password. Without an address no service starts.
here=$(dirname "$0")
echo "$*" >>"$here/asked"
echo "$KNEX_MYSQL_SESSION_FLAGS" >"$here/flags"
echo "$KNEX_MYSQL_SESSION_TAG" >"$here/tag"
case $* in
  *' up '*)
    test -e "$here/address" || { echo 'no such image' >&2; exit 1; }
    echo "CREATE USER root@'%' IDENTIFIED BY '$KNEX_MYSQL_SESSION_PASSWORD'" | "$here/client"
    ;;
  *' port '*) cat "$here/address" ;;
esac
