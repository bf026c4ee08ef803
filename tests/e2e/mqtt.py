"""MQTT 5 in a WebSocket on TLS, as little as a test needs: what a hostile agent would write, and what the cloud says."""

import os
import ssl
import struct

CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, PINGREQ, PINGRESP, DISCONNECT = 1, 2, 3, 4, 8, 9, 12, 13, 14
NOT_AUTHORIZED = 135


class Refused(Exception):
    """No connection, or an end of it; `code` is what MQTT says."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def text(octets):
    octets = octets.encode() if isinstance(octets, str) else octets
    return struct.pack("!H", len(octets)) + octets


class Client:
    def __init__(self, connection, client_id, session=0, will=None):
        """`session`: seconds that the broker keeps it; `will`: topic and payload."""
        self.wire, self.frames, self.packets, self.messages, self.number = connection, b"", b"", [], 0
        try:
            self.open(client_id, session, will)
        except (ssl.SSLError, ConnectionError, EOFError) as why:
            raise Refused(str(why)) from why

    def open(self, client_id, session, will):
        self.wire.sendall(b"GET /mqtt HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                          b"Sec-WebSocket-Key: cGxhdGVuIG5ldGNoZWNrIQ==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n")
        while b"\r\n\r\n" not in self.frames:
            self.more()
        head, self.frames = self.frames.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise Refused(head.split(b"\r\n")[0].decode())
        flags = 0 if session else 2
        rest = text(client_id)
        if will:
            flags |= 4 | 8
            rest += b"\0" + text(will[0]) + text(will[1])
        properties = b"\x11" + struct.pack("!I", session) if session else b""
        self.send(CONNECT << 4, text("MQTT") + bytes([5, flags]) + struct.pack("!H", 60) + bytes([len(properties)]) + properties + rest)
        code = self.expect(CONNACK)[1]
        if code:
            raise Refused(code)

    def more(self):
        octets = self.wire.recv(65536)
        if not octets:
            raise EOFError("closed")
        self.frames += octets

    def send(self, kind, body):
        length, size = b"", len(body)
        while True:
            length += bytes([size & 127 | (128 if size > 127 else 0)])
            size >>= 7
            if not size:
                break
        packet, mask = bytes([kind]) + length + body, os.urandom(4)
        head = bytes([0x82]) + (bytes([128 | len(packet)]) if len(packet) < 126 else bytes([254]) + struct.pack("!H", len(packet)) if len(packet) < 65536 else bytes([255]) + struct.pack("!Q", len(packet)))
        self.wire.sendall(head + mask + bytes(octet ^ mask[at & 3] for at, octet in enumerate(packet)))

    def frame(self):
        """The payload of the next frame that holds MQTT."""
        while True:
            while len(self.frames) < 2 or len(self.frames) < self.frame_size():
                self.more()
            size, begin = self.frame_size(), self.frame_begin()
            kind, payload, self.frames = self.frames[0] & 15, self.frames[begin:size], self.frames[size:]
            if kind == 8:
                raise EOFError("closed by the broker")
            if kind in (0, 2):
                return payload

    def frame_begin(self):
        return 2 + {126: 2, 127: 8}.get(self.frames[1] & 127, 0)

    def frame_size(self):
        begin, size = self.frame_begin(), self.frames[1] & 127
        if len(self.frames) < begin:
            return begin + 1
        return begin + (size if size < 126 else int.from_bytes(self.frames[2:begin], "big"))

    def packet(self):
        while True:
            size, shift, at = 0, 0, 1
            while at < len(self.packets):
                size |= (self.packets[at] & 127) << shift
                shift, at = shift + 7, at + 1
                if not self.packets[at - 1] & 128:
                    if len(self.packets) >= at + size:
                        kind, body, self.packets = self.packets[0], self.packets[at:at + size], self.packets[at + size:]
                        return kind, body
                    break
            self.packets += self.frame()

    def expect(self, wanted):
        """The body of the next packet of that kind; what is published in the meantime is kept and acknowledged."""
        while True:
            kind, body = self.packet()
            if kind >> 4 == wanted:
                return body
            if kind >> 4 == DISCONNECT:
                raise Refused(body[0] if body else 0)
            if kind >> 4 == PUBLISH:
                length = struct.unpack("!H", body[:2])[0]
                topic, rest, quality = body[2:2 + length].decode(), body[2 + length:], kind >> 1 & 3
                if quality:
                    self.send(PUBACK << 4, rest[:2])
                    rest = rest[2:]
                self.messages.append((topic, rest[1 + rest[0]:]))

    def subscribe(self, topics):
        self.number += 1
        self.send(SUBSCRIBE << 4 | 2, struct.pack("!H", self.number) + b"\0" + text(topics) + b"\1")
        return self.expect(SUBACK)[-1]

    def publish(self, topic, payload, retain=False):
        """The reason code: below 128 it was taken."""
        self.number += 1
        self.send(PUBLISH << 4 | 2 | retain, text(topic) + struct.pack("!H", self.number) + b"\0" + payload)
        return (self.expect(PUBACK) + b"\0")[2]

    def received(self):
        """What has come until the broker answers a ping: everything that it had for us before."""
        self.send(PINGREQ << 4, b"")
        self.expect(PINGRESP)
        messages, self.messages = self.messages, []
        return messages

    def vanish(self):
        """Without a word, so that the last will counts."""
        self.wire.unwrap = None
        self.wire.close()
