// The place of the globe; its code is heavy and comes after the first paint.
import { h, put } from "./dom";
import type { GlobeView } from "./globe/view";
import { say } from "./say";
import type { Site } from "./types";

export interface GlobeBox {
  view: Promise<GlobeView | null>;
}

export function loadGlobe(
  box: HTMLElement,
  sites: Site[],
  picked: (site: string) => void,
  chosen: () => string,
): GlobeBox {
  const inner = h("div", { class: "globe" });
  const tip = h("div", { class: "tip", hidden: true });
  const wait = h("p", { class: "small waiting", role: "status" }, say("globe.loading"));
  const buttons = h("div", { class: "globe-buttons" });
  put(box, h("div", { class: "globe-frame" }, inner, wait, tip, buttons), h("p", { class: "small" }, say("globe.note")));

  const make = async (): Promise<GlobeView | null> => {
    // Let the page be seen first.
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
    if (!hasWebGl()) {
      wait.textContent = say("globe.none");
      wait.classList.add("without");
      document.documentElement.dataset["globe"] = "none";
      return null;
    }
    try {
      const { makeGlobe } = await import("./globe/view");
      const view = await makeGlobe(inner, tip, picked);
      view.sites(sites);
      view.select(chosen());
      put(
        buttons,
        h("button", { type: "button", class: "quiet", onclick: () => view.fit() }, say("globe.fit")),
        h("button", { type: "button", class: "quiet", onclick: () => view.select(chosen()) }, say("globe.site")),
      );
      void view.drawn.then(() => {
        wait.remove();
        document.documentElement.dataset["globe"] = "drawn";
      });
      return view;
    } catch (error) {
      console.error(error);
      wait.textContent = say("globe.none");
      wait.classList.add("without");
      document.documentElement.dataset["globe"] = "none";
      return null;
    }
  };
  return { view: make() };
}

function hasWebGl(): boolean {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}
