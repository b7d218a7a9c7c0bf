#!/bin/sh
# Run once by the image of PostgreSQL, on an empty volume: Reflect's database, and its role, which is no superuser.
set -eu
password=$(cat /run/secrets/database_password)
psql --quiet --set ON_ERROR_STOP=1 --set password="$password" --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
CREATE ROLE reflect LOGIN PASSWORD :'password';
CREATE DATABASE reflect OWNER reflect;
SQL
