"""Templates are compiled once a process, and again where their source has changed."""

from jinja2 import DictLoader, Environment

from hengtan.report.page.compiled import Compiled


class Counting(Environment):
    """An environment that says which templates it compiled."""

    def compile(self, source, name=None, *rest, **more):
        self.globals.setdefault("compiled", []).append(name)
        return super().compile(source, name, *rest, **more)


def environment(kept, **sources):
    return Counting(loader=DictLoader(sources), bytecode_cache=kept)


def test_another_environment_takes_what_was_compiled():
    kept = Compiled()
    first = environment(kept, page="{{ figure }} t", frame="[{{ body }}]")
    assert first.get_template("page").render(figure=1) == "1 t"
    assert first.globals["compiled"] == ["page"]
    second = environment(kept, page="{{ figure }} t", frame="[{{ body }}]")
    assert second.get_template("page").render(figure=2) == "2 t"
    assert second.get_template("frame").render(body="x") == "[x]"
    assert second.globals["compiled"] == ["frame"]


def test_a_changed_source_is_compiled_again():
    kept = Compiled()
    environment(kept, page="{{ figure }} t").get_template("page")
    changed = environment(kept, page="{{ figure }} kt")
    assert changed.get_template("page").render(figure=3) == "3 kt"
    assert changed.globals["compiled"] == ["page"]
