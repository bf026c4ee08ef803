#include "cloud/deploy/texts.h"

namespace platen::deploy {

// What the cloud and the broker can do without.
const std::string_view hardened = R"(CapabilityBoundingSet=
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectProc=invisible
ProcSubset=pid
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources)";

const std::string_view cloud_service = R"(# Made by `platen-cloud deploy`; docs/deploy.md.
[Unit]
Description=Platen cloud: takes readings, keeps them, shows the fleet
Documentation=man:platen-cloud(1)
Wants=network-online.target
After=network-online.target

[Service]
Type=notify
ExecStart=/usr/bin/platen-cloud serve --data <DATA> --public <AT> --ingest <INGEST> --enroll <ENROLL> --web <WEB> --behind 127.0.0.1 --broker tls://<LOCAL> --broker-acl <ACL>
Restart=always
RestartSec=2s
RestartPreventExitStatus=2
TimeoutStopSec=30s

User=platen-cloud
Group=platen-cloud
ReadWritePaths=<DATA>
# broker.acl, which the broker reads
RuntimeDirectory=platen-cloud
RuntimeDirectoryMode=0755
RuntimeDirectoryPreserve=yes
UMask=0077
LimitNOFILE=65536
LimitCORE=0

PrivateUsers=yes
<HARDENED>

[Install]
WantedBy=multi-user.target
)";

const std::string_view front_service =
    R"(# Made by `platen-cloud deploy`; docs/deploy.md. It has port 443: Debian's nginx.service must not run beside it.
[Unit]
Description=Platen cloud: the one public port
Documentation=man:nginx(8)
Wants=network-online.target
After=network-online.target platen-cloud.service
Conflicts=nginx.service

[Service]
ExecStartPre=/usr/sbin/nginx -t -q -c /etc/platen-cloud/nginx.conf
ExecStart=/usr/sbin/nginx -e stderr -c /etc/platen-cloud/nginx.conf -g "daemon off;"
ExecReload=/bin/kill -HUP $MAINPID
KillMode=mixed
Restart=always
RestartSec=2s
# The sockets go with the folder: one that was left behind would keep nginx from starting.
RuntimeDirectory=platen-front
LogsDirectory=nginx
LimitNOFILE=65536
LimitCORE=0
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native

[Install]
WantedBy=multi-user.target
)";

const std::string_view broker_service =
    R"(# Made by `platen-cloud deploy`; docs/deploy.md. Its user is its own: nothing of the cloud but a certificate is given to it.
[Unit]
Description=Platen cloud: the broker of commands
Documentation=man:mosquitto(8)
# Not Requires=: when the cloud is started again agents keep their connections.
After=platen-cloud.service
Wants=platen-cloud.service
Conflicts=mosquitto.service

[Service]
Type=notify
ExecStart=/usr/sbin/mosquitto -c /etc/platen-cloud/mosquitto.conf
ExecReload=/bin/kill -HUP $MAINPID
Restart=always
RestartSec=2s
User=platen-broker
Group=platen-broker
LoadCredential=server.key:<DATA>/server.key
LoadCredential=server.crt:<DATA>/server.crt
LoadCredential=ca.crt:<DATA>/ca.crt
StateDirectory=platen-broker
StateDirectoryMode=0700
UMask=0077
LimitNOFILE=65536
LimitCORE=0
MemoryMax=1G
# Nobody but the front end, whatever the broker binds to.
IPAddressDeny=any
IPAddressAllow=localhost

<HARDENED>

[Install]
WantedBy=multi-user.target
)";

const std::string_view reload_path =
    R"(# Made by `platen-cloud deploy`: who was removed is kept out by the broker too, at once.
[Unit]
Description=Platen cloud: the broker's access list has changed

[Path]
PathChanged=<ACL>

[Install]
WantedBy=multi-user.target
)";

const std::string_view reload_service = R"(# Made by `platen-cloud deploy`.
[Unit]
Description=Platen cloud: the broker reads its access list

[Service]
Type=oneshot
ExecStart=/bin/systemctl try-reload-or-restart platen-broker.service
)";

}  // namespace platen::deploy
