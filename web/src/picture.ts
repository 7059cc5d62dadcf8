// A vehicle drawn to scale from its own numbers: stages, strap-ons, fairing.
import { s } from "./dom";
import type { DrawnStage, Drawing } from "./types";

interface Box {
  name: string;
  width: number;
  length: number;
  known: boolean;
  kind: "stage" | "gap" | "fairing";
  solid: boolean;
}

interface Stack {
  boxes: Box[];
  height_m: number;
  width_m: number;
}

const USUAL_M = 3;

/**
 * Boxes bottom up. Missing lengths share what the whole height leaves over; where
 * none is missing, it lies between the stages as interstages.
 */
export function stack(drawing: Drawing): Stack {
  const known = [...drawing.stages, ...drawing.strapons].map((one) => one.diameter_m ?? 0);
  const usual = Math.max(...known, 0) || USUAL_M;
  const sum = (list: (number | null | undefined)[]) => list.reduce((a: number, b) => a + (b ?? 0), 0);
  const fairing = drawing.fairing;
  const told = sum(drawing.stages.map((one) => one.length_m)) + (fairing?.length_m ?? 0);
  const noLength = fairing !== null && fairing.length_m === null;
  const missing = drawing.stages.filter((one) => one.length_m === null).length + (noLength ? 1 : 0);
  const left = (drawing.height_m ?? told + missing * usual * 1.5) - told;
  const each = missing > 0 ? Math.max(left / missing, usual) : 0;
  const boxes: Box[] = drawing.stages.map((one) => ({
    name: one.name,
    width: one.diameter_m ?? usual,
    length: one.length_m ?? each,
    known: one.diameter_m !== null && one.length_m !== null,
    kind: "stage",
    solid: one.solid,
  }));
  // What no stage accounts for lies between them.
  const gaps = fairing ? boxes.length : 0;
  const gap = missing === 0 && gaps > 0 ? Math.max(0, left) / gaps : 0;
  const all: Box[] = [];
  boxes.forEach((box, i) => {
    all.push(box);
    if (gap > 0.3 && i < gaps) {
      const width = box.width;
      all.push({ name: "", width, length: gap, known: true, kind: "gap", solid: false });
    }
  });
  if (fairing) {
    all.push({
      name: "",
      width: fairing.diameter_m ?? boxes.at(-1)?.width ?? usual,
      length: fairing.length_m ?? each,
      known: fairing.diameter_m !== null && fairing.length_m !== null,
      kind: "fairing",
      solid: false,
    });
  }
  if (!fairing && left > 0.3 && missing === 0) {
    // No fairing: what stands above the stages is the spacecraft itself, of unknown shape.
    const width = 0.8 * (boxes.at(-1)?.width ?? usual);
    all.push({ name: "", width, length: left, known: false, kind: "fairing", solid: false });
  }
  const core = Math.max(...all.map((box) => box.width), usual);
  const strap = Math.max(0, ...drawing.strapons.map((one) => 2 * (one.diameter_m ?? usual)));
  const top = drawing.height_m ?? sum(all.map((box) => box.length));
  return { boxes: all, height_m: Math.max(top, 1), width_m: core + strap + 0.6 };
}

/** The drawing, `scale` pixels to the metre; the words are for screen readers. */
export function vehiclePicture(drawing: Drawing, scale: number, words: string): SVGSVGElement {
  const made = stack(drawing);
  const width = made.width_m * scale;
  const height = made.height_m * scale + 3;
  const middle = width / 2;
  const picture = s("svg", {
    class: "rocket",
    width: width.toFixed(1),
    height: height.toFixed(1),
    viewBox: `0 0 ${width.toFixed(1)} ${height.toFixed(1)}`,
    role: "img",
    "aria-label": words,
  });
  const foot = height - 2;
  const straps = strapons(drawing, made.boxes[0]?.width ?? USUAL_M);
  for (const one of straps.filter((one) => one.depth < 0)) {
    picture.append(booster(one, middle, foot, scale));
  }
  let y = foot;
  let below = 0;
  made.boxes.forEach((box) => {
    if (box.kind === "fairing") {
      // Where a stage stands inside the fairing, the fairing is drawn over it.
      const base = Math.max(y, 2 + box.length * scale);
      picture.append(shroud(box, middle, base, scale, below));
      return;
    }
    const x = middle - (box.width * scale) / 2;
    const length = Math.min(box.length * scale, Math.max(y - 2, 0.5));
    const shape = s("rect", {
      class: classOf(box),
      x: x.toFixed(2),
      y: (y - length).toFixed(2),
      width: (box.width * scale).toFixed(2),
      height: length.toFixed(2),
    });
    if (box.name) shape.append(s("title", {}, box.name));
    picture.append(shape);
    if (y === foot) picture.append(nozzle(middle, foot, box.width * scale));
    y -= length;
    below = box.width;
  });
  for (const one of straps.filter((one) => one.depth >= 0)) {
    picture.append(booster(one, middle, foot, scale));
  }
  return picture;
}

const classOf = (box: Box): string =>
  [box.kind, box.solid ? "solid" : "", box.known ? "" : "guess"].filter(Boolean).join(" ");

function nozzle(x: number, y: number, width: number): SVGElement {
  const w = width * 0.28;
  return s("path", {
    class: "nozzle",
    d: `M${(x - w * 0.6).toFixed(2)} ${y}L${(x - w).toFixed(2)} ${y + 2}H${(x + w).toFixed(2)}L${(x + w * 0.6).toFixed(2)} ${y}Z`,
  });
}

function shroud(box: Box, x: number, base: number, scale: number, below: number): SVGElement {
  const r = (box.width * scale) / 2;
  const neck = (Math.min(below || box.width, box.width) * scale) / 2;
  const length = box.length * scale;
  const top = Math.max(base - length, 1);
  const flare = Math.min(length * 0.12, 2 * Math.abs(r - neck));
  const shoulder = top + Math.min(length * 0.45, 3 * r);
  const n = (value: number) => value.toFixed(2);
  return s(
    "path",
    {
      class: classOf(box),
      d:
        `M${n(x - neck)} ${n(base)}L${n(x - r)} ${n(base - flare)}V${n(shoulder)}` +
        `C${n(x - r)} ${n(top + (shoulder - top) * 0.35)} ${n(x - r * 0.35)} ${n(top)} ${n(x)} ${n(top)}` +
        `S${n(x + r)} ${n(top + (shoulder - top) * 0.35)} ${n(x + r)} ${n(shoulder)}` +
        `V${n(base - flare)}L${n(x + neck)} ${n(base)}Z`,
    },
  );
}

interface Strapon {
  unit: DrawnStage;
  across: number;
  depth: number;
}

/** Where the strap-ons stand round the core: across in metres, and before or behind it. */
function strapons(drawing: Drawing, core_m: number): Strapon[] {
  const out: Strapon[] = [];
  drawing.strapons.forEach((unit, group) => {
    const radius = core_m / 2 + (unit.diameter_m ?? USUAL_M) / 2;
    const turn = unit.count > 2 ? Math.PI / unit.count : group * 0.5;
    for (let i = 0; i < unit.count; i += 1) {
      const angle = turn + (2 * Math.PI * i) / unit.count;
      out.push({ unit, across: radius * Math.cos(angle), depth: Math.sin(angle) });
    }
  });
  return out.sort((a, b) => a.depth - b.depth);
}

function booster(one: Strapon, middle: number, foot: number, scale: number): SVGElement {
  const w = (one.unit.diameter_m ?? USUAL_M) * scale;
  const length = (one.unit.length_m ?? 10) * scale;
  const x = middle + one.across * scale - w / 2;
  const nose = Math.min(w * 1.1, length * 0.3);
  const n = (value: number) => value.toFixed(2);
  const known = one.unit.length_m !== null && one.unit.diameter_m !== null;
  const shape = s("path", {
    class: `strapon${one.unit.solid ? " solid" : ""}${known ? "" : " guess"}${one.depth < -0.01 ? " behind" : ""}`,
    d:
      `M${n(x)} ${n(foot)}V${n(foot - length + nose)}` +
      `Q${n(x)} ${n(foot - length)} ${n(x + w / 2)} ${n(foot - length)}` +
      `Q${n(x + w)} ${n(foot - length)} ${n(x + w)} ${n(foot - length + nose)}V${n(foot)}Z`,
  });
  shape.append(s("title", {}, one.unit.name));
  return shape;
}
