#!/bin/sh
# Certificates of every kind that a server should not have, and one that it should. usage: make_certificates.sh FOLDER
set -eu
cd "$1"
exec 2>certificates.log

cat >ca.cnf <<'CNF'
[ca]
default_ca = it
[it]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
default_crl_days = 30
[any]
commonName = supplied
CNF
: >index.txt
year=$(date +%Y)

authority() { # NAME CN
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -keyout "$1.key" -out "$1.crt" -subj "/CN=$2" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
}

# certificate NAME SAN CA START END KEY… : a key of its own, signed by the CA
certificate() {
  name=$1 san=$2 ca=$3 start=$4 end=$5
  shift 5
  openssl req -new -newkey "$@" -nodes -keyout "$name.key" -out "$name.csr" -subj "/CN=$name" -addext "subjectAltName=$san"
  openssl ca -batch -notext -config ca.cnf -cert "$ca.crt" -keyfile "$ca.key" -startdate "$start" -enddate "$end" \
    -md "${digest:-sha256}" -in "$name.csr" -out "$name.crt"
}

authority ca 'Test CA'
authority other 'Another CA'
authority site 'Site Inspection CA'
from=$((year - 1))0101000000Z
until=$((year + 2))0101000000Z
set -- ec -pkeyopt ec_paramgen_curve:P-256
here=DNS:localhost,IP:127.0.0.1
certificate good $here ca "$from" "$until" "$@"
certificate client $here ca "$from" "$until" "$@"
certificate stranger $here other "$from" "$until" "$@"
certificate resigned $here site "$from" "$until" "$@"
certificate other_host DNS:elsewhere.example ca "$from" "$until" "$@"
certificate expired $here ca "$((year - 2))0101000000Z" "$((year - 1))0101000000Z" "$@"
certificate future $here ca "$((year + 1))0101000000Z" "$until" "$@"
certificate revoked $here ca "$from" "$until" "$@"
certificate short_key $here ca "$from" "$until" rsa:1024
certificate rsa $here ca "$from" "$until" rsa:2048
digest=sha1 certificate sha1 $here ca "$from" "$until" "$@"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -keyout self.key -out self.crt -subj /CN=localhost \
  -addext "subjectAltName=$here"
openssl ca -config ca.cnf -cert ca.crt -keyfile ca.key -revoke revoked.crt
openssl ca -config ca.cnf -cert ca.crt -keyfile ca.key -gencrl -out ca.crl
cat ca.crt ca.crl >ca_and_crl.pem
