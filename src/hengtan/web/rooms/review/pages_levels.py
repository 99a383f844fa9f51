"""The levels of approval of each form, set by the system administrator."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from hengtan.basis.errors import HengtanError
from hengtan.office.levels import OF_ALL, UPWARD, USUAL, checked
from hengtan.report.words import word
from hengtan.web import trail
from hengtan.web.rooms.people.models import Setting
from hengtan.web.rooms.review import asking
from hengtan.web.rooms.review.shared import goes_on, sentence, shown
from hengtan.web.routing import Router
from hengtan.web.site import language, site_of

router = Router()


@router.get("/review/levels", "setting.change")
def levels(request: HttpRequest) -> HttpResponse:
    """The levels as they are set."""
    return _page(request)


def _page(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    set_for = dict(asking.levels().of_form)
    set_for.setdefault(OF_ALL, USUAL)
    names = asking.form_names(request, set_for)
    forms = site_of(request).workspace.forms
    return shown(
        request,
        "review/levels.html",
        word("rv.levels", language(request)),
        status=status,
        error=error,
        upward=UPWARD,
        rows=[(form, names[form], chain) for form, chain in sorted(set_for.items())],
        forms=[(f.id, (f.title_zh, f.title_en)) for f in forms.values()],
    )


@router.post("/review/levels", "setting.change")
def set_levels(request: HttpRequest) -> HttpResponse:
    """Set the levels of a form; none written: those of all others hold for it."""
    form = request.POST.get("form", OF_ALL)
    written = ",".join(request.POST.getlist("levels")).replace("，", ",").split(",")
    chain = [level.strip() for level in written if level.strip()]
    set_for = {name: list(each) for name, each in asking.levels().of_form.items()}
    if form != OF_ALL and form not in site_of(request).workspace.forms:
        return goes_on("/review/levels")
    try:
        if chain:
            set_for[form] = list(checked(chain))
        else:
            set_for.pop(form, None)
    except HengtanError as error:
        return _page(request, sentence(error, language(request)), 400)
    by = request.person.name
    Setting.objects.update_or_create(
        name=asking.LEVELS, defaults={"value": set_for, "changed_by": by}
    )
    trail.note(request, "setting", f"{asking.LEVELS} {form or '*'}", " → ".join(chain))
    return goes_on("/review/levels")
