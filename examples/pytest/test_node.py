"""Tests of a program that keeps its state in dqlite. `sound` stands for what the program wrote."""

import shutil

from forensics import assert_sound


def test_the_node_leaves_a_sound_directory(dqlite_state):
    directory = dqlite_state.new("n1")  # judged when the test is over
    shutil.copytree("sound", directory, dirs_exist_ok=True)  # here: start the program, write, stop it


def test_after_an_upgrade():
    report = assert_sound("sound", allow=["CERT003"])  # the test's certificates may be old
    assert report.level != "broken"
