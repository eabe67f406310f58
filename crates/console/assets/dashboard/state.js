// What the URL says of a dashboard: variables, time range, refresh, and the panel that is shown alone. Grafana's names.

export class State {
  constructor(dashboard) {
    this.defaults = { from: dashboard.time.from, to: dashboard.time.to, refresh: dashboard.refresh };
  }

  get parameters() {
    return new URLSearchParams(location.search);
  }

  get(name) {
    return this.parameters.get(name) ?? this.defaults[name] ?? "";
  }

  // Changes parameters; undefined removes one, an array repeats it. The way back leads to what was before.
  set(changes, replace = false) {
    const parameters = this.parameters;
    for (const [name, value] of Object.entries(changes)) {
      parameters.delete(name);
      [value ?? []].flat().forEach((it) => parameters.append(name, it));
    }
    history[replace ? "replaceState" : "pushState"](null, "", `${location.pathname}${parameters.size ? `?${parameters}` : ""}`);
  }
}
