"""What one can look up: help with examples, scenarios, parameters, and whether a file is sound."""

import pytest

import aimarket
from aimarket.model.parameters import parameters

from .line import answer, typed

COMMANDS = ("run", "compare", "scenarios", "parameters", "validate")
SOUND = 'title = "Tight grid"\n[[changes]]\nparameter = "grid_available"\nfrom = "2027Q1"\nmultiply = 0.5\n'


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_help_teaches_by_example(command):
    result = typed(*command, "--help")
    assert result.exit_code == 0
    examples = result.stdout.partition("Example:\n")[2].splitlines()
    assert examples
    assert all(line.strip().startswith(" ".join(("aimarket", *command))) for line in examples if line.strip())


@pytest.mark.parametrize("command", COMMANDS)
def test_help_lists_every_command(command):
    assert f"\n  {command} " in typed("--help").stdout


def test_the_version_is_the_packages():
    assert typed("--version").stdout == f"aimarket {aimarket.__version__}\n"


def test_scenarios_are_listed_with_what_happens():
    printed = " ".join(typed("scenarios").stdout.split())
    assert [name for name, item in aimarket.scenarios().items() if name not in printed or not item.title] == []
    assert "No deal, no shock" in printed


def test_scenarios_for_machines_say_what_when_and_why():
    output = {item["name"]: item for item in answer("scenarios")["scenarios"]}
    assert output.keys() == aimarket.scenarios().keys()
    assert output["deal_delayed"]["deals"][0]["start"] == "2028Q3"
    assert all(item["title"] and item["why"] for item in output.values())


def test_parameters_are_listed_with_default_range_unit_and_source():
    result = typed("parameters", "loan_to_value")
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("loan_to_value")]
    assert "0.65" in line
    assert "[0.4, 0.85]" in line
    assert "ltv" in line


def test_every_parameter_is_listed():
    printed = typed("parameters").stdout
    assert [name for name in parameters() if f"\n{name} " not in printed] == []


@pytest.mark.parametrize("pattern", ["loan_to", "LTV", "over collateral that"])
def test_parameters_are_found_by_name_symbol_or_meaning(pattern):
    assert [item["name"] for item in answer("parameters", pattern)["parameters"]] == ["loan_to_value"]


def test_parameters_are_found_by_group():
    assert {item["group"] for item in answer("parameters", "chip_vendors")["parameters"]} == {"chip_vendors"}


def test_parameters_for_machines_hold_all_that_is_declared():
    output = {item["name"]: item for item in answer("parameters")["parameters"]}
    assert output.keys() == parameters().keys()
    assert output["announcement_effect"]["uncertain"] is True
    assert (output["loan_to_value"]["low"], output["loan_to_value"]["high"]) == (0.4, 0.85)


def test_parameters_as_markdown_are_tables_with_the_uncertain_ones_bold():
    lines = typed("parameters", "--markdown").stdout.splitlines()
    rows = [line for line in lines if line.startswith(("| `", "| **`"))]
    assert len(rows) == len(parameters())
    assert sum(line.startswith("| **`") for line in rows) == sum(item.uncertain for item in parameters().values())


def test_a_sound_file_is_called_ok(tmp_path):
    (tmp_path / "tight.toml").write_text(SOUND)
    result = typed("validate", tmp_path / "tight.toml")
    assert (result.exit_code, result.stdout) == (0, f"{tmp_path / 'tight.toml'}: ok, a scenario\n")


def test_all_files_are_judged_and_one_bad_file_spoils_the_exit_code(tmp_path):
    for name, content in (("a", "tilte = 1"), ("b", SOUND), ("c", SOUND.replace("0.5", "50"))):
        (tmp_path / f"{name}.toml").write_text(content)
    result = typed("validate", *(tmp_path / f"{name}.toml" for name in "abc"))
    assert result.exit_code == 2
    assert result.stdout == f"{tmp_path / 'b.toml'}: ok, a scenario\n"
    first, second = result.stderr.splitlines()
    assert "a.toml" in first
    assert "c.toml" in second


def test_validation_for_machines_is_one_object_even_when_files_are_bad(tmp_path):
    (tmp_path / "good.toml").write_text(SOUND)
    assert answer("validate", tmp_path / "good.toml")["ok"] is True
    result = typed("validate", tmp_path / "none.toml", "--json")
    assert result.exit_code == 2
    assert '"ok": false' in result.stdout
    assert result.stdout.count("\n") == 1


def test_validation_builds_a_model_so_that_firms_are_checked(tmp_path):
    (tmp_path / "x.toml").write_text('[[entries]]\nfirm = "Nobody"\ndate = "2027Q1"\n')
    assert "Nobody" in typed("validate", tmp_path / "x.toml").stderr
