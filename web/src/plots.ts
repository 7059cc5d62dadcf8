// Plots drawn by the plotly that the server already has; linked by the time.
import type { Clock } from "./clock";
import { h } from "./dom";
import { say } from "./say";
import type { Name } from "./text/en";
import { onTheme, palette, type Palette } from "./theme";
import type { Limit, Plan, Track } from "./types";
import { eventName } from "./words";

// The part of plotly this page uses.
interface Plotly {
  react(at: HTMLElement, data: object[], layout: object, config: object): Promise<unknown>;
  relayout(at: HTMLElement, change: object): Promise<unknown>;
  purge(at: HTMLElement): void;
  toImage(at: HTMLElement, options: object): Promise<string>;
  Fx: { hover(at: HTMLElement, points: object[]): void; unhover(at: HTMLElement): void };
}

interface Drawn extends HTMLElement {
  on(name: string, tell: (event: never) => void): void;
  _fullLayout?: { xaxis: { l2p(value: number): number; _offset: number }; _size: { t: number; h: number } };
}

let loading: Promise<Plotly> | null = null;

function plotly(): Promise<Plotly> {
  loading ??= new Promise((done, failed) => {
    const script = h("script", { src: new URL("vendor/plotly.min.js", document.baseURI).href });
    script.onload = () => done((window as unknown as { Plotly: Plotly }).Plotly);
    script.onerror = () => failed(new Error(say("plot.missing")));
    document.head.append(script);
  });
  return loading;
}

/** Have the drawing library at hand before it is needed: reading it in takes a moment. */
export function warmPlots(): void {
  const begin = () => void plotly().catch(() => undefined);
  if ("requestIdleCallback" in window) window.requestIdleCallback(begin, { timeout: 3000 });
  else setTimeout(begin, 500);
}

let turn: Promise<unknown> = Promise.resolve();

/** One plot after another, and the page heard in between: a dozen at once hold it up. */
function inTurn(work: () => Promise<void>): Promise<void> {
  const mine = turn.then(() => new Promise<void>((done) => setTimeout(done))).then(work);
  turn = mine.catch(() => undefined);
  return mine;
}

export function axis(colours: Palette, more: object = {}): object {
  return {
    gridcolor: colours.grid,
    linecolor: colours.rule,
    zeroline: false,
    ticks: "",
    tickfont: { color: colours.muted, size: 11 },
    automargin: true,
    exponentformat: "none",
    ...more,
  };
}

export function layout(colours: Palette, more: object = {}): object {
  const font = { family: getComputedStyle(document.body).fontFamily, color: colours.ink, size: 12 };
  return {
    template: {},
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font,
    margin: { l: 8, r: 12, t: 20, b: 8 },
    showlegend: false,
    hoverlabel: { bgcolor: colours.card, bordercolor: colours.rule, font },
    ...more,
  };
}

const CONFIG = { displayModeBar: false, displaylogo: false, responsive: true, showTips: false };

export interface Plot {
  name: string;
  element: HTMLElement;
  png(): Promise<string>;
}

interface Living {
  at: HTMLElement;
  /** Whether it has been on the page: a plot is made before it is put there. */
  seen: boolean;
  made_ms: number;
  end(): void;
}

const living = new Set<Living>();

/** One that was made for an answer nobody sees any more never comes to the page. */
const AWAITED_MS = 60_000;

// A plot holds its data and listens to the window: one that left the page is let go.
new MutationObserver(() => {
  for (const one of living) {
    if (one.at.isConnected) one.seen = true;
    else if (one.seen || performance.now() - one.made_ms > AWAITED_MS) {
      living.delete(one);
      one.end();
    }
  }
}).observe(document.documentElement, { childList: true, subtree: true });

/** A figure with a title, drawn when it comes into view, in the colours of the hour. */
export function makePlot(
  name: string,
  title: string,
  figure: (colours: Palette) => { data: object[]; layout: object },
  more: { series?: [string, keyof Palette][]; note?: string; height?: string; ready?: (at: HTMLElement) => () => void } = {},
): Plot {
  const at = h("div", { class: "plot", role: "img", "aria-label": title, id: `plot-${name}` });
  if (more.height) at.style.height = more.height;
  let drawn = false;
  let unready = () => undefined as void;
  const draw = async () => {
    const engine = await plotly();
    const made = figure(palette());
    await engine.react(at, made.data, made.layout, CONFIG);
    if (!drawn && more.ready) unready = more.ready(at);
    drawn = true;
  };
  const save = async () => {
    await draw();
    const link = h("a", { href: await plot.png(), download: `${name}.png` });
    link.click();
  };
  const seen = new IntersectionObserver(
    (entries) => {
      if (!entries.some((one) => one.isIntersecting)) return;
      seen.disconnect();
      // Another answer may stand here when its turn comes.
      inTurn(async () => (at.isConnected ? draw() : undefined)).catch((error: Error) => {
        at.classList.add("told");
        at.textContent = error.message;
      });
    },
    { rootMargin: "300px" },
  );
  seen.observe(at);
  const stop = onTheme(() => {
    if (drawn) void draw();
  });
  const end = () => {
    seen.disconnect();
    stop();
    unready();
    // One that is being drawn just now is let go after that.
    inTurn(async () => void (drawn && (await plotly()).purge(at))).catch(() => undefined);
  };
  living.add({ at, seen: false, made_ms: performance.now(), end });
  const legend = (more.series ?? []).map(([words, colour]) =>
    h("span", { style: `--c:var(--${colour})` }, words),
  );
  const plot: Plot = {
    name,
    element: h(
      "figure",
      {},
      h(
        "div",
        { class: "top" },
        h("h3", {}, title),
        h("span", { class: "legend" }, ...legend),
        h(
          "button",
          { type: "button", class: "tiny", "aria-label": say("plot.saveLabel", { title }), onclick: save },
          say("plot.save"),
        ),
      ),
      at,
      more.note ? h("figcaption", {}, more.note) : null,
    ),
    png: async () => {
      await draw();
      return (await plotly()).toImage(at, { format: "png", width: 900, height: 420, scale: 2 });
    },
  };
  return plot;
}

interface Curve {
  name: string;
  title: Name;
  unit: string;
  columns: [key: string, words: Name | ""][];
  divisor?: number;
  limit?: string;
  digits?: number;
  floor?: boolean;
}

const CURVES: Curve[] = [
  { name: "altitude", title: "curve.altitude", unit: "km", columns: [["altitude_km", ""]], digits: 1 },
  {
    name: "speed",
    title: "curve.speed",
    unit: "m/s",
    columns: [
      ["speed_m_s", "curve.relative"],
      ["inertial_speed_m_s", "curve.inertial"],
    ],
  },
  { name: "q", title: "curve.q", unit: "kPa", columns: [["q_pa", ""]], divisor: 1000, limit: "dynamic pressure", digits: 2 },
  { name: "acceleration", title: "curve.acceleration", unit: "m/s2", columns: [["acceleration_m_s2", ""]], limit: "acceleration", digits: 1 },
  { name: "mass", title: "curve.mass", unit: "t", columns: [["mass_kg", ""]], divisor: 1000, digits: 2 },
  {
    name: "pitch",
    title: "curve.pitch",
    unit: "deg",
    columns: [
      ["pitch_deg", "curve.axis"],
      ["flight_path_angle_deg", "curve.path"],
    ],
    digits: 1,
    floor: false,
  },
  { name: "thrust", title: "curve.thrust", unit: "kN", columns: [["thrust_n", ""]], divisor: 1000 },
  { name: "alpha", title: "curve.alpha", unit: "deg", columns: [["alpha_deg", ""]], digits: 2, floor: false },
];

const STANDING_M_S = 1;

/** The time plots of a flight: hover one and all follow; the clock draws a line in each. */
export function flightPlots(plan: Plan, track: Track, clock: Clock): Plot[] {
  const t = (track.columns["t_s"] ?? []) as number[];
  const speed = track.columns["speed_m_s"] ?? [];
  const all: Drawn[] = [];
  let busy = false;

  const link = (at: HTMLElement) => {
    const drawn = at as Drawn;
    all.push(drawn);
    const line = h("i", { class: "cursor", "aria-hidden": "true" });
    drawn.append(line);
    const follow = (now: number) => {
      const full = drawn._fullLayout;
      if (!full || now > t[t.length - 1]! + 1) return void (line.hidden = true);
      line.hidden = now <= 0;
      line.style.left = `${full.xaxis._offset + full.xaxis.l2p(now)}px`;
      line.style.top = `${full._size.t}px`;
      line.style.height = `${full._size.h}px`;
    };
    const unfollow = clock.follow(follow);
    follow(clock.now());
    drawn.on("plotly_afterplot", () => {
      if (!line.isConnected) drawn.append(line);
      follow(clock.now());
    });
    drawn.on("plotly_hover", (event: { event?: Event; points: { pointNumber: number }[] }) => {
      if (busy || !event.event) return;
      busy = true;
      const point = event.points[0]!.pointNumber;
      void plotly().then((engine) => {
        all.filter((one) => one !== drawn).forEach((one) =>
          engine.Fx.hover(one, [{ curveNumber: 0, pointNumber: point }]),
        );
        busy = false;
      });
    });
    drawn.on("plotly_click", (event: { points: { x: number }[] }) => clock.set(event.points[0]!.x));
    drawn.on("plotly_unhover", () => {
      void plotly().then((engine) => all.filter((one) => one !== drawn).forEach((one) => engine.Fx.unhover(one)));
    });
    drawn.on("plotly_relayout", (change: Record<string, number | boolean>) => {
      if (busy) return;
      const from = change["xaxis.range[0]"];
      const to = from !== undefined ? [from, change["xaxis.range[1]"]] : change["xaxis.autorange"] ? [0, t[t.length - 1]] : null;
      if (!to) return;
      busy = true;
      void plotly().then(async (engine) => {
        await Promise.all(all.filter((one) => one !== drawn).map((one) => engine.relayout(one, { "xaxis.range": [...to] })));
        busy = false;
      });
    });
    return () => {
      unfollow();
      all.splice(all.indexOf(drawn), 1);
    };
  };

  return CURVES.flatMap((curve) => {
    const lines = curve.columns
      .map(([key, words]) => ({ y: track.columns[key], words, key }))
      .filter((one): one is { y: (number | null)[]; words: Name | ""; key: string } =>
        (one.y ?? []).some((value) => value !== null),
      );
    if (lines.length === 0) return [];
    const colours: (keyof Palette)[] = ["first", "second"];
    const title = `${say(curve.title)}, ${curve.unit}`;
    const figure = (look: Palette) => ({
      data: lines.map((one, i) => ({
        type: "scatter",
        mode: "lines",
        x: t,
        y: one.y.map((value, at) =>
          value === null || (one.key === "flight_path_angle_deg" && (speed[at] ?? 0) < STANDING_M_S)
            ? null
            : value / (curve.divisor ?? 1),
        ),
        name: one.words ? say(one.words) : say(curve.title),
        line: { color: look[colours[i]!] as string, width: 1.8, simplify: false },
        hovertemplate: `${one.words ? `${say(one.words)}: ` : ""}%{y:.${curve.digits ?? 0}f} ${curve.unit}<extra></extra>`,
      })),
      layout: layout(look, {
        xaxis: axis(look, { range: [0, t[t.length - 1]], hoverformat: ".1f", ticksuffix: "" }),
        yaxis: axis(look, { rangemode: curve.floor === false ? "normal" : "tozero" }),
        hovermode: "x unified",
        ...marks(plan, look, limitOf(plan, curve.limit), curve.unit, t[t.length - 1]!),
      }),
    });
    const series: [string, keyof Palette][] =
      lines.length > 1 ? lines.map((one, i) => [say(one.words as Name), colours[i]!]) : [];
    return [makePlot(curve.name, title, figure, { series, ready: link })];
  });
}

/** Events closer than this part of the flight share one mark. */
const CLOSE = 0.03;

function marks(plan: Plan, look: Palette, limit: Limit | null, unit: string, end: number) {
  const events = plan.events ?? [];
  const groups: { t: number; first: number; last: number; names: string[]; at: number }[] = [];
  events.forEach((event, i) => {
    const open = groups.at(-1);
    if (open && event.t_s - open.at < CLOSE * end) {
      open.last = i + 1;
      open.at = event.t_s;
      open.names.push(eventName(event.name));
    } else groups.push({ t: event.t_s, first: i + 1, last: i + 1, names: [eventName(event.name)], at: event.t_s });
  });
  const shapes: object[] = groups.map((one) => ({
    type: "line",
    x0: one.t,
    x1: one.t,
    y0: 0,
    y1: 1,
    yref: "y domain",
    layer: "below",
    line: { color: look.mark, width: 1, dash: "dot" },
  }));
  const annotations: object[] = groups.map((one) => ({
    x: one.t,
    y: 1,
    yref: "y domain",
    yanchor: "bottom",
    showarrow: false,
    text: one.first === one.last ? String(one.first) : `${one.first}-${one.last}`,
    hovertext: one.names.join(", "),
    font: { size: 10, color: look.muted },
  }));
  if (limit && typeof limit.limit === "number" && typeof limit.reached === "number" && limit.limit < 2.5 * limit.reached) {
    shapes.push({
      type: "line",
      xref: "x domain",
      x0: 0,
      x1: 1,
      y0: limit.limit,
      y1: limit.limit,
      layer: "below",
      line: { color: look.limit, width: 1.2, dash: "dash" },
    });
    annotations.push({
      xref: "x domain",
      x: 1,
      y: limit.limit,
      xanchor: "right",
      yanchor: "bottom",
      showarrow: false,
      text: say("plot.limit", { limit: limit.limit, unit }),
      font: { size: 10, color: look.limit },
    });
  }
  return { shapes, annotations };
}

function limitOf(plan: Plan, named: string | undefined): Limit | null {
  if (!named) return null;
  return (plan.limits ?? []).find((one) => one.name.replace(/_/g, " ").includes(named)) ?? null;
}

/** Ideal delta-v, less each loss, gives the speed gained. */
export function lossPlot(plan: Plan, words: (key: string) => string): Plot | null {
  const rows = Object.entries(plan.losses_m_s ?? {}).filter((row): row is [string, number] => row[1] !== null);
  if (rows.length < 3) return null;
  const ends = new Set(["ideal", "gained"]);
  return makePlot(
    "losses",
    say("plot.losses"),
    (look) => ({
      data: [
        {
          type: "waterfall",
          orientation: "h",
          y: rows.map(([key]) => words(key)),
          x: rows.map(([key, value]) => (ends.has(key) ? value : -value)),
          measure: rows.map((_, i) => (i === 0 ? "absolute" : i === rows.length - 1 ? "total" : "relative")),
          text: rows.map(([key, value]) => (ends.has(key) ? value : -value).toFixed(0)),
          textposition: "outside",
          cliponaxis: false,
          connector: { line: { color: look.mark, width: 1 } },
          increasing: { marker: { color: look.first } },
          decreasing: { marker: { color: look.second } },
          totals: { marker: { color: look.first } },
          hovertemplate: "%{y}: %{text} m/s<extra></extra>",
        },
      ],
      layout: layout(look, {
        xaxis: axis(look, { range: [0, 1.22 * Math.max(...rows.map(([, value]) => value))], tickformat: "d", nticks: 5 }),
        yaxis: axis(look, { autorange: "reversed", showgrid: false, tickfont: { color: look.ink, size: 12 } }),
        waterfallgap: 0.45,
      }),
    }),
    { height: "17rem" },
  );
}
