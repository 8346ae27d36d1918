"""The configuration of a cluster, and its ports."""

from __future__ import annotations

import socket
from dataclasses import astuple
from pathlib import Path

import pytest

from deploy.flink.errors import ClusterError
from deploy.flink.settings import Ports, java_options, write_configuration

OPENS = "--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED --add-opens=java.base/java.lang=ALL-UNNAMED"
DISTRIBUTED = f"env:\n  java:\n    opts:\n      all: {OPENS}\njobmanager:\n  bind-host: localhost\n"


def test_options_for_java_are_those_of_the_distribution() -> None:
    assert java_options(DISTRIBUTED) == OPENS
    with pytest.raises(ClusterError, match=r"is it Flink 1\.19 or newer"):
        java_options("env.java.opts.all: none\n")


def test_the_configuration_names_the_ports_and_keeps_the_loggers(tmp_path: Path) -> None:
    conf = tmp_path / "home" / "conf"
    conf.mkdir(parents=True)
    (conf / "config.yaml").write_text(DISTRIBUTED)
    (conf / "log4j-console.properties").write_text("rootLogger.level = INFO\n")
    written = write_configuration(tmp_path / "home", tmp_path / "run", Ports(rest=18081, rpc=16123))
    assert (written / "log4j-console.properties").read_text() == "rootLogger.level = INFO\n"
    text = (written / "config.yaml").read_text()
    assert f"      all: {OPENS}\n" in text
    assert "rest:\n  address: localhost\n  bind-address: localhost\n  port: 18081\n" in text
    assert "  rpc:\n    address: localhost\n    port: 16123\n" in text


def test_free_ports_differ_and_are_free() -> None:
    ports = Ports.free()
    assert len(set(astuple(ports))) == 5
    ports.check()


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("localhost", 0)) as server:
        taken = server.getsockname()[1]
        with pytest.raises(ClusterError, match=rf"^port {taken} \(workers\) is taken: .*make flink-stop"):
            Ports(*astuple(Ports.free())[:4], workers=taken).check()
