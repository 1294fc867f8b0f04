import pytest

from infra.bench import __main__ as bench
from infra.bench.figures import Figure
from infra.bench.imports import entry_modules


@pytest.mark.parametrize(("measured", "code"), [(1.5, 0), (1.51, 1)])
def test_a_missed_figure_ends_with_an_error(monkeypatch, capsys, measured: float, code: int):
    monkeypatch.setattr(bench, "chain_figures", lambda: [Figure("overhead", measured, 1.5, "s")])
    monkeypatch.setattr(bench, "import_figures", list)
    monkeypatch.setattr(bench, "large_figures", list)
    monkeypatch.setattr(bench, "review_figures", list)
    assert bench.main([]) == code
    assert ("FAIL" in capsys.readouterr().out) == bool(code)


def test_every_function_of_the_template_is_measured():
    modules = entry_modules()
    assert {"handlers.intake", "handlers.submit", "handlers.settle", "handlers.api.app"} <= set(modules)
    assert all(module.startswith("handlers.") for module in modules)
