// plotly.js. It takes a browser most of a second to read: a page sends its queries first, and they go on meanwhile.

import { h } from "../dom.js";

let loading;

const load = () => new Promise((done, fail) => {
  const script = h("script", { src: new URL("../plotly.js", import.meta.url).href });
  script.addEventListener("load", () => done(globalThis.Plotly));
  script.addEventListener("error", () => fail(new Error("plotly.js could not be loaded: reload the page.")));
  document.head.append(script);
});

// The library, once it is there.
export const plotly = () => (loading ??= load());
