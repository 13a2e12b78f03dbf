"""A simulated llama-swap fleet, for a first look and for the tests.

`SimHost(HostConfig(...))` is one host, `Fleet(demo_fleet())` the three of the demo.
"""

from boocontrol.demo.config import (
    Capabilities,
    GpuConfig,
    GroupConfig,
    HostConfig,
    Launched,
    MachineConfig,
    ModelConfig,
    PeerConfig,
    ProfileConfig,
    SelectorConfig,
)
from boocontrol.demo.fleet import ATTIC_KEY, Fleet, demo_fleet, scaled_fleet
from boocontrol.demo.host import SimHost
from boocontrol.demo.records import RequestRecord

__all__ = [
    "ATTIC_KEY",
    "Capabilities",
    "Fleet",
    "GpuConfig",
    "GroupConfig",
    "HostConfig",
    "Launched",
    "MachineConfig",
    "ModelConfig",
    "PeerConfig",
    "ProfileConfig",
    "RequestRecord",
    "SelectorConfig",
    "SimHost",
    "demo_fleet",
    "scaled_fleet",
]
