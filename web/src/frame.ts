// The frame of the page: head, views, and the places where things go.
import { h, put } from "./dom";
import { say } from "./say";
import { choice, choose, type Choice } from "./theme";

export type View = "plan" | "runs" | "compare";

export interface Frame {
  lineup: HTMLElement;
  form: HTMLElement;
  globe: HTMLElement;
  slider: HTMLElement;
  head: HTMLElement;
  answer: HTMLElement;
  runs: HTMLElement;
  compare: HTMLElement;
  tools: HTMLElement;
  show(view: View): void;
}

export function makeFrame(page: HTMLElement): Frame {
  const lineup = h("div", {}, h("p", { class: "small loading" }, say("loading")));
  const form = h("div", { class: "side" });
  const globe = h("div", { class: "globe-box" });
  const slider = h("div", { class: "slider-place" });
  const head = h("div", { class: "head", role: "region", "aria-label": say("answer.short") });
  const answer = h("div", { id: "answer", class: "answer", tabindex: -1, "aria-label": say("answer.label"), role: "region" });
  const runs = h("div", { class: "view narrow", hidden: true });
  const compare = h("div", { class: "view narrow", hidden: true });
  const tools = h("span", { class: "tools" });
  const plan = h(
    "div",
    { class: "view" },
    h("h1", { class: "unseen", tabindex: -1 }, say("nav.plan")),
    lineup,
    h(
      "div",
      { class: "columns" },
      form,
      h("div", { class: "main-column" }, head, h("section", { "aria-label": say("globe.title") }, globe, slider), answer),
    ),
  );
  const views: Record<View, HTMLElement> = { plan, runs, compare };
  const links = (["plan", "runs", "compare"] as const).map((one) =>
    h("a", { href: `#/${one}`, "data-view": one }, say(`nav.${one}`)),
  );
  const theme = h(
    "select",
    { "aria-label": say("theme.label"), onchange: () => choose(theme.value as Choice) },
    ...(["system", "light", "dark"] as const).map((one) =>
      h("option", { value: one, selected: one === choice() }, say(`theme.${one}`)),
    ),
  );
  put(
    page,
    h("a", { class: "skip", href: "#answer", onclick: (event: Event) => {
      // The address belongs to the views, so the jump is made by hand.
      event.preventDefault();
      head.scrollIntoView();
      (head.querySelector<HTMLElement>("[tabindex]") ?? answer).focus();
    } }, say("app.skip")),
    h(
      "header",
      { class: "bar" },
      h("a", { class: "brand", href: "#/plan" }, say("app.name")),
      h("span", { class: "tag" }, say("app.tag")),
      h("nav", { "aria-label": say("nav.label") }, links),
      tools,
      theme,
    ),
    h("p", { class: "gone", role: "alert" }, say("error.gone")),
    h("main", {}, plan, runs, compare),
  );
  return {
    lineup,
    form,
    globe,
    slider,
    head,
    answer,
    runs,
    compare,
    tools,
    show(view) {
      for (const [name, element] of Object.entries(views)) element.hidden = name !== view;
      for (const link of links) {
        if (link.dataset["view"] === view) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
    },
  };
}
