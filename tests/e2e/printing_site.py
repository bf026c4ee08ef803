"""A site behind a virtual cable: printers that announce themselves, in a network namespace of their own.

Run by sources_test.py inside `unshare --net`. Answers commands on stdin, one JSON line each: {"do": "asked"} tells what was seen on the wire."""

import json
import os
import re
import selectors
import socket
import struct
import subprocess
import sys
from pathlib import Path

from system import until

LINK, NETWORK, SIX = "site0", "10.77.0.", "2001:db8:77::"
PRINTERS = {"mdns": 2, "wsd": 3, "slp": 4}  # the last octet of who answers which source
SNMP, ZOO = 161, 1161
MULTICAST = {5353: ("224.0.0.251", "ff02::fb"), 3702: ("239.255.255.250", "ff02::c"), 427: ("239.255.255.253", None)}


def name(dotted):
    return b"".join(bytes([len(part)]) + part.encode() for part in dotted.split(".")) + b"\0"


def record(owner, kind, data):
    return owner + struct.pack("!HHIH", kind, 1, 10, len(data)) + data


def mdns_answer(question, host):
    """A printer's answer (RFC 6762 §6.7) that also names a stranger's address and loopback."""
    if b"\x04_ipp\x04_tcp" not in question:
        return None
    service, instance, laser = name("_ipp._tcp.local"), name("Laser._ipp._tcp.local"), name("laser.local")
    records = [record(service, 12, instance), record(instance, 33, struct.pack("!HHH", 0, 0, 631) + laser)]
    records += [record(laser, 1, socket.inet_aton(address)) for address in (host, "8.8.8.8", "127.0.0.1", "224.0.0.9")]
    return question[:2] + struct.pack("!HHHHH", 0x8400, 0, len(records), 0, 0) + b"".join(records)


def wsd_answer(question, host):
    asked = re.search(rb"<a:MessageID>(urn:uuid:[0-9a-f-]+)</a:MessageID>", question)
    if not asked or b"wprt:PrintDeviceType" not in question:
        return None
    return (b'<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header><a:RelatesTo>' + asked[1] +
            b"</a:RelatesTo></s:Header><s:Body><d:ProbeMatches><d:ProbeMatch><d:Types>wsdp:Device wprt:PrintDeviceType</d:Types><d:XAddrs>http://" + host.encode() +
            b":5357/x http://8.8.4.4:5357/x</d:XAddrs></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>")


def slp_answer(question, host):
    if question[:2] != b"\x02\x01" or b"service:printer" not in question:
        return None
    url = f"service:printer:lpr://{host}/auto".encode()
    entry = b"\0" + struct.pack("!HH", 65535, len(url)) + url + b"\0"
    body = question[10:12] + struct.pack("!H", 2) + b"en" + struct.pack("!HH", 0, 1) + entry
    return b"\x02\x02" + struct.pack("!I", 10 + len(body))[1:] + b"\0\0\0\0\0" + body


ANSWERS = {"mdns": (5353, mdns_answer), "wsd": (3702, wsd_answer), "slp": (427, slp_answer)}


class Site:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.selector = selectors.DefaultSelector()
        self.seen = []  # [destination, port, source port, time to live]
        self.index = socket.if_nametoindex(LINK)

    def serve(self, family, address, port, taken):
        handle = socket.socket(family, socket.SOCK_DGRAM)
        handle.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            handle.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        handle.bind(address if isinstance(address, tuple) else (address, port))
        self.selector.register(handle, selectors.EVENT_READ, lambda: taken(handle))
        return handle

    def relay(self, family, address, printer):
        """SNMP to `address` is answered by the zoo's printer on loopback."""
        upstream = {}

        def take(handle):
            octets, client = handle.recvfrom(65536)
            if client not in upstream:
                back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                back.connect((printer, ZOO))
                self.selector.register(back, selectors.EVENT_READ, lambda: handle.sendto(back.recv(65536), client))
                upstream[client] = back
            upstream[client].send(octets)

        self.serve(family, address, SNMP, take)

    def answer(self, source):
        port, make = ANSWERS[source]
        host = NETWORK + str(PRINTERS[source])
        reply = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        reply.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reply.bind((host, port))

        def take(handle):
            octets, client = handle.recvfrom(65536)
            said = make(octets, host)
            if said:
                (reply if handle.family == socket.AF_INET else handle).sendto(said, client)

        four, six = MULTICAST[port]
        handle = self.serve(socket.AF_INET, four, port, take)
        handle.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(four) + struct.pack("=4xi", self.index))
        if six:
            handle = self.serve(socket.AF_INET6, "::", port, take)
            handle.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, socket.inet_pton(socket.AF_INET6, six) + struct.pack("=I", self.index))

    def watch(self):
        """Every UDP packet that comes in by the cable."""
        wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
        wire.bind((LINK, 0))

        def take():
            packet, (_, protocol, kind, *_rest) = wire.recvfrom(65536)
            if kind == 4:  # PACKET_OUTGOING
                return
            if protocol == 0x0800 and packet[9] == 17:
                head = (packet[0] & 15) * 4
                self.seen.append([socket.inet_ntoa(packet[16:20]), *reversed(struct.unpack("!HH", packet[head:head + 4])), packet[8]])
            elif protocol == 0x86DD and packet[6] == 17:
                self.seen.append([socket.inet_ntop(socket.AF_INET6, packet[24:40]), *reversed(struct.unpack("!HH", packet[40:44])), packet[7]])

        self.selector.register(wire, selectors.EVENT_READ, take)

    def command(self):
        line = sys.stdin.readline()
        if not line:
            return False
        seen, self.seen = self.seen, []
        print(json.dumps(seen), flush=True)
        return True

    def run(self):
        running = True

        def command():
            nonlocal running
            running = self.command()

        self.selector.register(sys.stdin, selectors.EVENT_READ, command)
        while running:
            for key, _ in self.selector.select():
                if key.data is not command:
                    key.data()
            if any(key.data is command for key, _ in self.selector.select(0)):
                command()


def main():
    sys.stdin.readline()  # the cable is plugged in
    for words in (["link", "set", "lo", "up"], ["link", "set", LINK, "up"], *(["addr", "add", f"{NETWORK}{last}/24", "dev", LINK] for last in PRINTERS.values()),
                  *(["addr", "add", f"{SIX}{last}/64", "dev", LINK, "nodad"] for last in PRINTERS.values())):
        subprocess.run(["ip", *words], check=True)
    folder = Path(sys.argv[1])
    with open(folder / "zoo.out", "wb") as out, subprocess.Popen([Path(os.environ["PLATEN_BIN"]) / "zoo", "--fleet", "printers", "--port", str(ZOO)], stdout=out) as zoo:
        try:
            until(lambda: (folder / "zoo.out").read_text().startswith("ready "), "the zoo answers")
            own = until(lambda: re.search(r"inet6 (fe80::[0-9a-f:]+)/64 scope link (?!.*tentative)", subprocess.run(["ip", "addr", "show", LINK], capture_output=True, text=True, check=True).stdout), "a link-local address")[1]
            site = Site(folder)
            for at, last in enumerate(PRINTERS.values()):
                site.relay(socket.AF_INET, NETWORK + str(last), f"127.50.0.{at + 1}")
                site.relay(socket.AF_INET6, (SIX + str(last), SNMP, 0, 0), f"127.50.0.{at + 11}")
            site.relay(socket.AF_INET6, (own, SNMP, 0, site.index), "127.50.0.4")
            for source in ANSWERS:
                site.answer(source)
            site.watch()
            print(json.dumps({"link_local": own}), flush=True)
            site.run()
        finally:
            zoo.terminate()


if __name__ == "__main__":
    main()
