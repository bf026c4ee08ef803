"""A Kerberos realm on loopback, for a proxy that wants Negotiate: a KDC, the proxy's key, and somebody's ticket."""

import os
import secrets
import shutil
import subprocess

from network import Server
from ports import free_port

REALM = "TEST.EXAMPLE"


def installed():
    return all(map(shutil.which, ("krb5kdc", "kdb5_util", "kadmin.local", "kinit"))) and os.path.exists("/usr/lib/squid/negotiate_kerberos_auth")


class Realm(Server):
    def __init__(self, folder):
        super().__init__(folder, "realm")
        port = free_port()
        (self.folder / "krb5.conf").write_text(f"""
[libdefaults]
  default_realm = {REALM}
  dns_lookup_kdc = false
  dns_canonicalize_hostname = false
  rdns = false
[realms]
  {REALM} = {{
    kdc = 127.0.0.1:{port}
  }}
""")
        (self.folder / "kdc.conf").write_text(f"""
[kdcdefaults]
  kdc_listen = 127.0.0.1:{port}
  kdc_tcp_listen = 127.0.0.1:{port}
[realms]
  {REALM} = {{
    database_name = {self.folder}/principal
    key_stash_file = {self.folder}/stash
  }}
""")
        self.keytab, self.ticket = self.folder / "proxy.keytab", self.folder / "ticket"
        self.environment = {"KRB5_CONFIG": str(self.folder / "krb5.conf"), "KRB5CCNAME": f"FILE:{self.ticket}"}
        self.servers = {**os.environ, **self.environment, "KRB5_KDC_PROFILE": str(self.folder / "kdc.conf"), "KRB5RCACHENAME": "none:"}
        self.do("kdb5_util", "create", "-s", "-P", secrets.token_hex(16))
        for principal, keytab in (("HTTP/localhost", self.keytab), ("agent", self.folder / "agent.keytab")):
            self.do("kadmin.local", "-q", f"addprinc -randkey {principal}")
            self.do("kadmin.local", "-q", f"ktadd -k {keytab} {principal}")
        self.keytab.chmod(0o644)  # squid gives up root
        self.launch(["krb5kdc", "-n"], port, self.servers)
        self.do("kinit", "-k", "-t", self.folder / "agent.keytab", "agent")

    def do(self, *words):
        done = subprocess.run(words, env=self.servers, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
