"""The form in which the files of the dashboards are kept."""

import json

# What Grafana counts or adds at every save.
DROPPED = {"id", "version", "iteration", "meta", "gnetId", "__inputs", "__requires", "__elements"}
DEFAULTS = {"fiscalYearStartMonth": 0, "liveNow": False, "preload": False, "style": "dark", "timepicker": {}, "weekStart": ""}
# By which the items of a list are found again after others were added or moved.
NAMES = ("id", "refId", "name", "title", "uid")


def text_of(dashboard):
    return json.dumps(dashboard, indent=2, ensure_ascii=False) + "\n"


def normalised(dashboard, known):
    """The dashboard as its file has it, with the fields in the order of the known one."""
    fields = {
        name: value
        for name, value in dashboard.items()
        if name not in DROPPED and not (name in DEFAULTS and value == DEFAULTS[name])
    }
    # Editing takes a deliberate "Make editable", which is not for the next one who opens it.
    fields["editable"] = False
    fields.setdefault("links", [])
    fields["annotations"] = with_list(fields.get("annotations"), lambda one: not one.get("builtIn"))
    fields["templating"] = with_list(fields.get("templating"), lambda one: True)
    variables = fields["templating"]["list"]
    if not sources_among(variables):
        variables[:0] = sources_among(known["templating"]["list"])
    source = f"${{{sources_among(variables)[0]['name']}}}"
    return ordered(without_traces(fields, source), known)


def sources_among(variables):
    """The variables that select a data source."""
    return [one for one in variables if one.get("type") == "datasource"]


def with_list(field, wanted):
    return {"list": [one for one in (field or {}).get("list") or [] if wanted(one)]}


def without_traces(value, source):
    """Without Grafana's version in each panel, and with the data source that the dashboard's variable selects."""
    if isinstance(value, list):
        return [without_traces(one, source) for one in value]
    if not isinstance(value, dict):
        return value
    fields = {name: without_traces(one, source) for name, one in value.items() if name != "pluginVersion"}
    found = fields.get("datasource")
    if isinstance(found, dict) and found.get("type") == "prometheus" and not str(found.get("uid")).startswith("$"):
        fields["datasource"] = found | {"uid": source}
    return fields


def ordered(value, known):
    """The value, its fields in the order of the known one; what is new comes last, by name."""
    if isinstance(value, list):
        return [ordered(one, counterpart(one, position, known)) for position, one in enumerate(value)]
    if not isinstance(value, dict):
        return value
    known = known if isinstance(known, dict) else {}
    ranks = {name: rank for rank, name in enumerate(known)}
    names = sorted(value, key=lambda name: (ranks.get(name, len(ranks)), name))
    return {name: ordered(value[name], known.get(name)) for name in names}


def counterpart(item, position, known):
    """The known item of the same name, else one of the same type, else the one at this position, else the first."""
    if not isinstance(item, dict) or not isinstance(known, list):
        return None
    others = [one for one in known if isinstance(one, dict)]
    for name in NAMES:
        if name in item:
            for one in others:
                if one.get(name) == item[name]:
                    return one
    same_type = [one for one in others if "type" in item and one.get("type") == item["type"]]
    return next(iter(same_type or others[position : position + 1] or others), None)
