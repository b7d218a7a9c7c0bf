#!/bin/sh
# Reflect's database, and its role, which is no superuser. Run once by the image of PostgreSQL, on an empty volume; without
# containers by the server's own user, with the file of the password: `create.sh FILE`.
set -eu
password=$(cat "${1:-/run/secrets/database_password}")
# By what is typed, and in no argument, which everybody on the machine could read.
psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<SQL
\set password '$password'
CREATE ROLE reflect LOGIN PASSWORD :'password';
CREATE DATABASE reflect OWNER reflect;
SQL
