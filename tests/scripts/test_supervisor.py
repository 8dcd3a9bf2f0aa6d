"""A system starts on a folder and ports of its own, or not at all."""

import socket
from pathlib import Path

import pytest

from scripts.system.plan import HOST, SystemPlan, free_ports, is_free
from scripts.system.supervisor import DataFolderInUse, PortInUse, Supervisor


def test_a_taken_port_is_named_before_anything_starts(tmp_path: Path) -> None:
    plan = SystemPlan(tmp_path, free_ports())
    with socket.create_server((HOST, plan.ports.api)):
        assert not is_free(plan.ports.api)
        with pytest.raises(PortInUse, match=f"port {plan.ports.api} is taken"), Supervisor(plan):
            pass
    assert not (tmp_path / "node").exists()


def test_two_systems_never_share_a_data_folder(tmp_path: Path) -> None:
    plan = SystemPlan(tmp_path, free_ports())
    first = Supervisor(plan)
    (tmp_path / "logs").mkdir()
    first._take_folder()
    with pytest.raises(DataFolderInUse, match=str(tmp_path)), Supervisor(plan):
        pass
    first.stop()
