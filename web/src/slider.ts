// Play, pause, and the slider of seconds from lift-off.
import type { Clock, Span } from "./clock";
import { fresh, h } from "./dom";
import { say } from "./say";
import { clockTime, eventName } from "./words";
import type { FlightEvent } from "./types";

const RATES = [1, 10, 30, 100, 600];

export function makeSlider(clock: Clock, events: FlightEvent[], looked: (span: Span) => void): HTMLElement {
  const id = fresh("time");
  const button = h("button", {
    type: "button",
    class: "play",
    onclick: () => (clock.playing() ? clock.pause() : clock.play()),
  });
  const slider = h("input", {
    id,
    type: "range",
    min: 0,
    max: 1000,
    step: "any",
    value: 0,
    "aria-label": say("time.label"),
    oninput: () => {
      // Pausing moves the slider back to the clock, so look at it first.
      const share = Number(slider.value) / 1000;
      clock.pause();
      clock.set(share * clock.end());
    },
    onkeydown: (event: KeyboardEvent) => {
      const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 30, PageDown: -30 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      clock.set(clock.now() + step * (event.shiftKey ? 10 : 1));
    },
  });
  const told = h("output", { class: "clock", for: id });
  const rate = h(
    "select",
    { "aria-label": say("time.rate"), onchange: () => (clock.rate = Number(rate.value)) },
    ...RATES.map((one) => h("option", { value: one, selected: one === clock.rate }, say("time.times", { rate: one }))),
  );
  const span = h(
    "select",
    {
      "aria-label": say("time.span"),
      onchange: () => {
        clock.choose(span.value as Span);
        clock.rate = span.value === "orbit" ? 600 : 30;
        rate.value = String(clock.rate);
        looked(clock.span());
      },
    },
    h("option", { value: "ascent" }, say("time.ascent")),
    h("option", { value: "orbit" }, say("time.orbit")),
  );
  const follow = (t: number) => {
    span.hidden = !clock.has("orbit");
    const playing = clock.playing();
    button.textContent = playing ? say("time.pause") : say("time.play");
    button.setAttribute("aria-pressed", String(playing));
    slider.value = String((t / clock.end()) * 1000);
    const past = events.filter((one) => one.t_s <= t + 1e-6).at(-1);
    const after = past ? `, ${eventName(past.name)}` : "";
    told.textContent = `T+${clockTime(t)}${after}`;
    slider.setAttribute("aria-valuetext", told.textContent);
  };
  clock.follow(follow);
  follow(clock.now());
  return h("div", { class: "slider", role: "group", "aria-label": say("time.group") }, button, slider, told, span, rate);
}
