"""The two numberings of a server's role (docs/reference/configurations.md#roles)."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a server does in the cluster. Values are the words of reports and JSON."""

    VOTER = "voter"
    STANDBY = "stand-by"
    SPARE = "spare"

    @classmethod
    def from_disk(cls, code: int) -> Role | None:
        """The role of a raft configuration on disk: 0 stand-by, 1 voter, 2 spare."""
        return _DISK.get(code)

    @classmethod
    def from_yaml(cls, code: int) -> Role | None:
        """The role of info.yaml and cluster.yaml (and of the wire): 0 voter, 1 stand-by, 2 spare."""
        return _YAML.get(code)

    @classmethod
    def from_word(cls, word: str) -> Role | None:
        """The role as recovery.yaml, core_cluster_members and the shells write it."""
        return _WORDS.get(word.strip().lower())


_DISK = {0: Role.STANDBY, 1: Role.VOTER, 2: Role.SPARE}
_YAML = {0: Role.VOTER, 1: Role.STANDBY, 2: Role.SPARE}
_WORDS = {"voter": Role.VOTER, "stand-by": Role.STANDBY, "standby": Role.STANDBY, "spare": Role.SPARE}
