// Rows of a flight or an orbit as points that can be drawn and moved along.
import type { Track } from "../types";
import type { Sample } from "./paths";

const degrees = (radians: number) => (radians * 180) / Math.PI;

/** A state of the orbit, in the Earth's own frame. */
export function orbitSample(one: { epoch_utc: string; r_km: [number, number, number] }, epoch_ms: number): Sample {
  const [x, y, z] = one.r_km.map((km) => km * 1000) as [number, number, number];
  // Good enough for the line on the ground: the direction from the centre.
  return {
    t_s: (Date.parse(one.epoch_utc) - epoch_ms) / 1000,
    longitude_deg: degrees(Math.atan2(y, x)),
    latitude_deg: degrees(Math.atan2(z, Math.hypot(x, y) * (1 - 0.00669437999))),
    altitude_m: Math.hypot(x, y, z) - 6378137,
    x_m: x,
    y_m: y,
    z_m: z,
  };
}

/** A flight as points over the ground. */
export function samplesOf(track: Track): Sample[] {
  const c = track.columns;
  const t = (c["t_s"] ?? []) as number[];
  return t.map((t_s, i) => ({
    t_s,
    longitude_deg: c["longitude_deg"]![i]!,
    latitude_deg: c["latitude_deg"]![i]!,
    altitude_m: c["altitude_km"]![i]! * 1000,
  }));
}

/** The sample at an instant, straight between its neighbours; null outside. */
export function between(samples: Sample[], t_s: number): Sample | null {
  const first = samples[0];
  const end = samples.at(-1);
  if (!first || !end || t_s < first.t_s || t_s > end.t_s) return null;
  let low = 0;
  let high = samples.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (samples[middle]!.t_s <= t_s) low = middle;
    else high = middle;
  }
  const a = samples[low]!;
  const b = samples[high]!;
  const share = b.t_s > a.t_s ? (t_s - a.t_s) / (b.t_s - a.t_s) : 0;
  const mix = (from: number, to: number) => from + (to - from) * share;
  let turn = b.longitude_deg - a.longitude_deg;
  if (turn > 180) turn -= 360;
  if (turn < -180) turn += 360;
  const out: Sample = {
    t_s,
    longitude_deg: a.longitude_deg + turn * share,
    latitude_deg: mix(a.latitude_deg, b.latitude_deg),
    altitude_m: mix(a.altitude_m, b.altitude_m),
  };
  if (a.x_m !== undefined && b.x_m !== undefined) {
    out.x_m = mix(a.x_m, b.x_m);
    out.y_m = mix(a.y_m!, b.y_m!);
    out.z_m = mix(a.z_m!, b.z_m!);
  }
  return out;
}
