"""What tests share that speak to a service byte by byte."""

from __future__ import annotations

import errno
import socket


def half_close(connection: socket.socket) -> None:
    """Say that nothing more is sent; where the other end has already broken the connection off (ENOTCONN), there is nobody to say it to."""
    try:
        connection.shutdown(socket.SHUT_WR)
    except OSError as error:
        if error.errno != errno.ENOTCONN:
            raise
