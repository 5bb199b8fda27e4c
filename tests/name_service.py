"""A name server on 127.0.0.1 that knows a few TXT records and nothing else."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from dns import flags, message, rcode, rrset
from dns.rdatatype import TXT


@contextmanager
def name_service(records: Mapping[str, str]) -> Iterator[str]:
    """Serve the records, long ones in strings of 255 bytes, and yield the server's address and port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(0.1)
        stopped = threading.Event()
        thread = threading.Thread(target=_serve, args=(listener, records, stopped))
        thread.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            stopped.set()
            thread.join()


def _serve(listener: socket.socket, records: Mapping[str, str], stopped: threading.Event) -> None:
    while not stopped.is_set():
        try:
            asked, where = listener.recvfrom(4096)
        except TimeoutError:
            continue
        question = message.from_wire(asked)
        answer = message.make_response(question)
        answer.flags |= flags.AA | flags.RA
        name = question.question[0].name
        text = records.get(name.to_text(omit_final_dot=True))
        if text is None:
            answer.set_rcode(rcode.NXDOMAIN)
        else:
            pieces = " ".join(f'"{text[i : i + 255]}"' for i in range(0, len(text), 255))
            answer.answer.append(rrset.from_text(name, 60, "IN", TXT, pieces))
        listener.sendto(answer.to_wire(), where)
