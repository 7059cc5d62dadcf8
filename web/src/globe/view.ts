// What is drawn on the globe: sites, ways to go, the ascent, falls, the orbit.
import {
  ArcType,
  Cartesian2,
  Cartesian3,
  Color,
  ColorGeometryInstanceAttribute,
  GeometryInstance,
  HeadingPitchRange,
  HorizontalOrigin,
  JulianDate,
  LabelCollection,
  LabelStyle,
  Material,
  Matrix4,
  PerInstanceColorAppearance,
  PointPrimitive,
  PointPrimitiveCollection,
  PolygonGeometry,
  PolygonHierarchy,
  PolylineCollection,
  Primitive,
  PrimitiveCollection,
  ScreenSpaceEventHandler,
  ScreenSpaceEventType,
  Math as CesiumMath,
  BoundingSphere,
  VerticalOrigin,
} from "@cesium/engine";
import { onTheme, palette } from "../theme";
import type { Palette } from "../theme";
import type { Eclipse, Part, Site, Station, Track, Way } from "../types";
import { say } from "../say";
import { makeEarth } from "./earth";
import type { Shape } from "./marks";
import { along, ellipseRing, fallPath, inCorridor, type Sample } from "./paths";
import { between, orbitSample, samplesOf } from "./samples";

const EARTH_M = 6_371_000;
const FLAT_M = 6000;
const REACH_KM = 1600;

export interface OrbitStates {
  epoch_ms: number;
  states: { epoch_utc: string; r_km: [number, number, number] }[];
}

export interface GlobeView {
  drawn: Promise<void>;
  /** Settles when what is drawn now has reached the screen. */
  settled(): Promise<void>;
  sites(list: Site[]): void;
  select(name: string, look?: boolean): void;
  ways(list: Way[]): void;
  flight(track: Track): void;
  falls(parts: Part[], track: Track): void;
  orbit(states: OrbitStates, eclipses: Eclipse[]): void;
  stations(list: Station[]): void;
  /** Outlines of an answer under a name; the next ones of that name take their place. */
  mark(name: string, shapes: Shape[]): void;
  time(t_s: number): void;
  clear(): void;
  fit(span?: "ascent" | "orbit"): void;
}

export async function makeGlobe(
  box: HTMLElement,
  tip: HTMLElement,
  picked: (site: string) => void,
): Promise<GlobeView> {
  const earth = await makeEarth(box, palette());
  const { scene } = earth;
  let colours: Palette = palette();
  let allSites: Site[] = [];
  let chosen = "";
  let reach: Way[] = [];
  let flown: Sample[] = [];
  let falling: { part: Part; path: Sample[] }[] = [];
  let circling: { states: Sample[]; dark: (ms: number) => boolean; epoch_ms: number } | null = null;
  let seen: Station[] = [];
  const marked = new Map<string, Shape[]>();
  let epochMs = 0;

  const layer = () => scene.primitives.add(new PrimitiveCollection()) as PrimitiveCollection;
  const layers = { sites: layer(), flight: layer(), falls: layer(), orbit: layer(), stations: layer(), marks: layer(), moving: layer() };
  const moving = layers.moving.add(new PointPrimitiveCollection()) as PointPrimitiveCollection;
  const rocket = moving.add({ show: false, pixelSize: 9 });
  const craft = moving.add({ show: false, pixelSize: 9 });
  let dropping: PointPrimitive[] = [];

  // What lies on the ground would be cut in half by it: it is drawn over the
  // ground on this side of the horizon, and behind the Earth beyond it.
  type Flat = { disableDepthTestDistance?: number };
  const onGround: Record<"sites" | "falls" | "stations" | "marks", Flat[]> = { sites: [], falls: [], stations: [], marks: [] };
  let fresh = true;
  const ground = (where: keyof typeof onGround, one: Flat) => {
    onGround[where].push(one);
    fresh = true;
  };
  const clearLayer = (where: keyof typeof onGround) => {
    layers[where].removeAll();
    onGround[where] = [];
  };
  let horizon = 0;
  scene.preRender.addEventListener(() => {
    const from = Cartesian3.magnitude(scene.camera.positionWC);
    const now = Math.sqrt(Math.max(from ** 2 - EARTH_M ** 2, 0));
    if (Math.abs(now - horizon) < 0.002 * horizon && !fresh) return;
    horizon = now;
    fresh = false;
    for (const one of Object.values(onGround).flat()) one.disableDepthTestDistance = now;
  });

  const css = (name: keyof Palette, alpha = 1) => Color.fromCssColorString(colours[name] as string).withAlpha(alpha);
  const line = (to: PolylineCollection, positions: Cartesian3[], colour: Color, width = 2) =>
    positions.length > 1 &&
    to.add({ positions, width, material: Material.fromType("Color", { color: colour }) });

  // ------------------------------------------------------------ layers
  function drawSites(): void {
    clearLayer("sites");
    const points = layers.sites.add(new PointPrimitiveCollection()) as PointPrimitiveCollection;
    for (const site of allSites) {
      const pad = site.pads[0];
      if (!pad) continue;
      const is = site.name === chosen;
      ground("sites", points.add({
        position: Cartesian3.fromDegrees(pad.longitude_deg, pad.latitude_deg, FLAT_M),
        pixelSize: is ? 11 : 7,
        color: is ? css("second") : css("card"),
        outlineColor: is ? css("card") : css("first"),
        outlineWidth: 2,
        id: { site: site.name, words: `${site.title}, ${site.country}` },
      }));
    }
    const site = allSites.find((one) => one.name === chosen);
    const pad = site?.pads[0];
    if (site && pad) {
      label("sites", site.title, pad.longitude_deg, pad.latitude_deg, flown.length > 0 ? "left" : "right");
      const free = flown.length === 0;
      for (const corridor of site.corridors_deg) layers.sites.add(wedge(pad, corridor, free ? 0.22 : 0.1));
      const lines = layers.sites.add(new PolylineCollection()) as PolylineCollection;
      for (const way of free ? reach : []) {
        const ok = way.in_corridor;
        line(lines, flat(along(pad, way.azimuth_deg, REACH_KM * 1.1)), ok ? css("second") : css("bad"), ok ? 2.5 : 1.5);
      }
    }
    earth.again();
  }

  /** Words beside a place: right above it, or where a line goes there, on another side. */
  function label(
    where: keyof typeof onGround,
    words: string,
    longitude: number,
    latitude: number,
    side: "right" | "left" | "below" = "right",
  ): void {
    const labels = layers[where].add(new LabelCollection()) as LabelCollection;
    ground(where, labels.add({
      position: Cartesian3.fromDegrees(longitude, latitude, FLAT_M),
      text: words,
      font: "600 14px system-ui, sans-serif",
      fillColor: css("ink"),
      outlineColor: css("page"),
      outlineWidth: 4,
      style: LabelStyle.FILL_AND_OUTLINE,
      pixelOffset: new Cartesian2(side === "left" ? -12 : 10, side === "below" ? 12 : -10),
      horizontalOrigin: side === "left" ? HorizontalOrigin.RIGHT : HorizontalOrigin.LEFT,
      verticalOrigin: side === "below" ? VerticalOrigin.TOP : VerticalOrigin.BOTTOM,
    }));
  }

  /** The ground a corridor covers, out to a fixed distance. */
  function wedge(pad: { longitude_deg: number; latitude_deg: number }, corridor: [number, number], alpha: number): Primitive {
    const ring = [{ longitude_deg: pad.longitude_deg, latitude_deg: pad.latitude_deg }];
    for (const azimuth of inCorridor(corridor)) ring.push(along(pad, azimuth, REACH_KM).at(-1)!);
    return area(ring, css("first", alpha));
  }

  function area(ring: { longitude_deg: number; latitude_deg: number }[], colour: Color): Primitive {
    const positions = ring.map((one) => Cartesian3.fromDegrees(one.longitude_deg, one.latitude_deg));
    return new Primitive({
      geometryInstances: new GeometryInstance({
        geometry: new PolygonGeometry({
          polygonHierarchy: new PolygonHierarchy(positions),
          height: FLAT_M,
          vertexFormat: PerInstanceColorAppearance.FLAT_VERTEX_FORMAT,
          arcType: ArcType.GEODESIC,
        }),
        attributes: { color: ColorGeometryInstanceAttribute.fromColor(colour) },
      }),
      appearance: new PerInstanceColorAppearance({ flat: true, translucent: true }),
      asynchronous: false,
      allowPicking: false,
    });
  }

  const flat = (points: { longitude_deg: number; latitude_deg: number }[]) =>
    points.map((one) => Cartesian3.fromDegrees(one.longitude_deg, one.latitude_deg, FLAT_M));
  const at = (one: Sample) => Cartesian3.fromDegrees(one.longitude_deg, one.latitude_deg, Math.max(one.altitude_m, FLAT_M));

  function drawFlight(): void {
    layers.flight.removeAll();
    if (flown.length > 1) {
      const lines = layers.flight.add(new PolylineCollection()) as PolylineCollection;
      line(lines, flat(flown), css("muted", 0.8), 1.5);
      line(lines, flown.map(at), css("first"), 4);
      const end = flown.at(-1)!;
      line(lines, [at(end), Cartesian3.fromDegrees(end.longitude_deg, end.latitude_deg, FLAT_M)], css("muted", 0.6), 1);
    }
    earth.again();
  }

  function drawFalls(): void {
    clearLayer("falls");
    dropping.forEach((one) => moving.remove(one));
    dropping = falling.map(() => moving.add({ show: false, pixelSize: 7, color: css("second"), outlineColor: css("card"), outlineWidth: 1 }));
    if (falling.length === 0) return earth.again();
    const lines = layers.falls.add(new PolylineCollection()) as PolylineCollection;
    for (const [i, { part, path }] of falling.entries()) {
      line(lines, path.map(at), css("second", 0.9), 2);
      const widest = [...part.ellipses].sort((a, b) => b.probability - a.probability)[0];
      if (widest) {
        const ring = ellipseRing(widest);
        layers.falls.add(area(ring, css("second", 0.3)));
        line(lines, flat([...ring, ring[0]!]), css("second"), 1.5);
      }
      label("falls", part.name, part.longitude_deg, part.latitude_deg, i % 2 === 0 ? "below" : "right");
    }
    earth.again();
  }

  function drawOrbit(): void {
    layers.orbit.removeAll();
    // Day and night on the ground, once there is an orbit to go into shadow.
    scene.globe!.enableLighting = circling !== null;
    if (circling) {
      const lines = layers.orbit.add(new PolylineCollection()) as PolylineCollection;
      // Grey that is seen against the night side, in either set of colours.
      const shade = (alpha: number) => css(colours.dark ? "muted" : "mark", alpha);
      let run: Sample[] = [];
      let dark: boolean | null = null;
      const flush = () => {
        line(lines, run.map((one) => new Cartesian3(one.x_m!, one.y_m!, one.z_m!)), dark ? shade(0.95) : css("third"), dark ? 2 : 3);
        line(lines, flat(run), dark ? shade(0.5) : css("third", 0.55), 1);
      };
      for (const one of circling.states) {
        const now = circling.dark(circling.epoch_ms + one.t_s * 1000);
        if (dark !== null && now !== dark) {
          run.push(one);
          flush();
          run = [];
        }
        dark = now;
        run.push(one);
      }
      flush();
    }
    earth.again();
  }

  function drawStations(): void {
    clearLayer("stations");
    if (seen.length === 0) return earth.again();
    const points = layers.stations.add(new PointPrimitiveCollection()) as PointPrimitiveCollection;
    for (const one of seen) {
      ground("stations", points.add({
        position: Cartesian3.fromDegrees(one.longitude_deg, one.latitude_deg, FLAT_M),
        pixelSize: 8,
        color: css("third"),
        outlineColor: css("card"),
        outlineWidth: 2,
        id: { words: one.name },
      }));
      label("stations", one.name, one.longitude_deg, one.latitude_deg);
    }
    earth.again();
  }

  function drawMarks(): void {
    clearLayer("marks");
    const lines = layers.marks.add(new PolylineCollection()) as PolylineCollection;
    for (const shape of [...marked.values()].flat()) {
      const points = shape.ring ?? shape.line ?? [];
      if (points.length < 2) continue;
      if (shape.ring) layers.marks.add(area(shape.ring, css(shape.colour, 0.16)));
      line(lines, flat(shape.ring ? [...points, points[0]!] : points), css(shape.colour), shape.ring ? 1.5 : 1.2);
      // A line is told where it ends, a ring at its northernmost point.
      const at = shape.ring ? points.reduce((best, one) => (one.latitude_deg > best.latitude_deg ? one : best)) : points[Math.floor(points.length / 2)]!;
      if (shape.words) label("marks", shape.words, at.longitude_deg, at.latitude_deg);
    }
    earth.again();
  }

  // ------------------------------------------------------------ what moves
  function time(t_s: number): void {
    const now = between(flown, t_s);
    rocket.show = now !== null;
    if (now) {
      rocket.position = at(now);
      rocket.color = css("ink");
      rocket.outlineColor = css("card");
      rocket.outlineWidth = 2;
    }
    falling.forEach(({ path }, i) => {
      const part = between(path, t_s);
      const point = dropping[i];
      if (!point) return;
      point.show = part !== null;
      if (part) point.position = at(part);
    });
    const satellite = circling ? between(circling.states, t_s) : null;
    craft.show = satellite !== null;
    if (satellite && circling) {
      craft.position = new Cartesian3(satellite.x_m, satellite.y_m, satellite.z_m);
      const dark = circling.dark(circling.epoch_ms + t_s * 1000);
      craft.color = dark ? css("muted") : css("third");
      craft.outlineColor = css("card");
      craft.outlineWidth = 2;
    }
    if (epochMs > 0) JulianDate.fromDate(new Date(epochMs + t_s * 1000), earth.time);
    earth.again();
  }

  // ------------------------------------------------------------ the camera
  function lookAtSite(): void {
    const pad = allSites.find((one) => one.name === chosen)?.pads[0];
    if (!pad) return;
    scene.camera.setView({
      destination: Cartesian3.fromDegrees(pad.longitude_deg, pad.latitude_deg - 14, 6.5e6),
      orientation: { heading: 0, pitch: CesiumMath.toRadians(-76), roll: 0 },
    });
    earth.again();
  }

  function fit(span: "ascent" | "orbit" = "ascent"): void {
    if (flown.length < 2) return lookAtSite();
    if (span === "orbit") {
      const end = flown.at(-1)!;
      const far = Math.max(1.75e7, 2.2 * Math.max(0, ...(circling?.states ?? []).map((one) => one.altitude_m)));
      scene.camera.setView({ destination: Cartesian3.fromDegrees(end.longitude_deg, end.latitude_deg * 0.5, far) });
      return earth.again();
    }
    const sphere = BoundingSphere.fromPoints(flown.map(at));
    const range = Math.min(Math.max(sphere.radius * 3.2, 4e5), 3e7);
    scene.camera.lookAt(sphere.center, new HeadingPitchRange(0, CesiumMath.toRadians(-38), range));
    scene.camera.lookAtTransform(Matrix4.IDENTITY);
    earth.again();
  }

  function redraw(): void {
    drawSites();
    drawFlight();
    drawFalls();
    drawOrbit();
    drawStations();
    drawMarks();
  }

  // ------------------------------------------------------------ hands and keys
  const handler = new ScreenSpaceEventHandler(earth.canvas);
  const under = (position: Cartesian2) => scene.pick(position, 12, 12)?.id as { site?: string; words?: string } | undefined;
  handler.setInputAction((event: { position: Cartesian2 }) => {
    const found = under(event.position);
    if (found?.site) picked(found.site);
  }, ScreenSpaceEventType.LEFT_CLICK);
  let last = 0;
  handler.setInputAction((event: { endPosition: Cartesian2 }) => {
    // Looking up what lies under the pointer costs a picture; ten a second do.
    if (performance.now() - last < 100) return;
    last = performance.now();
    const found = under(event.endPosition);
    tip.hidden = !found?.words;
    earth.canvas.style.cursor = found?.site ? "pointer" : "";
    if (!found?.words) return;
    tip.textContent = found.words;
    tip.style.left = `${event.endPosition.x + 12}px`;
    tip.style.top = `${event.endPosition.y + 8}px`;
  }, ScreenSpaceEventType.MOUSE_MOVE);
  earth.canvas.setAttribute("role", "img");
  earth.canvas.setAttribute("aria-label", say("globe.label"));
  earth.canvas.addEventListener("keydown", (event) => {
    const { camera } = scene;
    const height = camera.positionCartographic.height;
    const step = Math.min(0.25, height / 4e7);
    const does: Record<string, () => void> = {
      ArrowLeft: () => camera.rotateRight(step),
      ArrowRight: () => camera.rotateLeft(step),
      ArrowUp: () => camera.rotateDown(step),
      ArrowDown: () => camera.rotateUp(step),
      "+": () => camera.zoomIn(height * 0.25),
      "=": () => camera.zoomIn(height * 0.25),
      "-": () => camera.zoomOut(height * 0.25),
      Home: () => fit(),
    };
    const act = does[event.key];
    if (!act) return;
    event.preventDefault();
    act();
    earth.again();
  });
  onTheme((next) => {
    colours = next;
    earth.paint(next);
    redraw();
  });

  return {
    drawn: earth.drawn,
    settled: earth.settled,
    sites(list) {
      allSites = list;
      drawSites();
    },
    select(name, look = true) {
      const changed = chosen !== name;
      chosen = name;
      if (changed) reach = [];
      drawSites();
      if (look) lookAtSite();
    },
    ways(list) {
      reach = list;
      drawSites();
    },
    flight(track) {
      flown = samplesOf(track);
      epochMs = Date.parse(track.epoch_utc);
      drawSites();
      drawFlight();
      fit();
    },
    falls(parts, track) {
      const samples = samplesOf(track);
      falling = parts.map((part) => ({ part, path: fallPath(part, samples) }));
      drawFalls();
    },
    orbit(made, eclipses) {
      const spans = eclipses.map((one) => [
        one.umbra_entry_utc ? Date.parse(one.umbra_entry_utc) : Number.NEGATIVE_INFINITY,
        one.umbra_exit_utc ? Date.parse(one.umbra_exit_utc) : Number.POSITIVE_INFINITY,
      ]);
      circling = {
        epoch_ms: made.epoch_ms,
        dark: (ms) => spans.some(([from, to]) => ms >= from! && ms <= to!),
        states: made.states.map((one) => orbitSample(one, made.epoch_ms)),
      };
      drawOrbit();
    },
    stations(list) {
      seen = list;
      drawStations();
    },
    mark(name, shapes) {
      marked.set(name, shapes);
      drawMarks();
    },
    time,
    clear() {
      marked.clear();
      flown = [];
      falling = [];
      circling = null;
      seen = [];
      epochMs = 0;
      rocket.show = false;
      craft.show = false;
      redraw();
    },
    fit,
  };
}
