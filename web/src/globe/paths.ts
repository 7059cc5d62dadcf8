// Lines on and above a sphere, for drawing only. No result is computed here.
import type { Part } from "../types";

const RADIUS_KM = 6371;
const RAD = Math.PI / 180;
const GRAVITY_M_S2 = 9.81;

export interface Place {
  longitude_deg: number;
  latitude_deg: number;
}

export interface Sample extends Place {
  t_s: number;
  altitude_m: number;
  x_m?: number;
  y_m?: number;
  z_m?: number;
}

/** Points along a great circle from a place. */
export function along(from: Place, azimuth_deg: number, distance_km: number, count = 24): Place[] {
  const latitude = from.latitude_deg * RAD;
  const azimuth = azimuth_deg * RAD;
  return Array.from({ length: count + 1 }, (_, i) => {
    const arc = (distance_km * i) / count / RADIUS_KM;
    const sine = Math.sin(latitude) * Math.cos(arc) + Math.cos(latitude) * Math.sin(arc) * Math.cos(azimuth);
    const turn = Math.atan2(
      Math.sin(azimuth) * Math.sin(arc) * Math.cos(latitude),
      Math.cos(arc) - Math.sin(latitude) * sine,
    );
    return { longitude_deg: from.longitude_deg + turn / RAD, latitude_deg: Math.asin(sine) / RAD };
  });
}

/** Azimuths from one edge of a corridor to the other, clockwise, every three degrees. */
export function inCorridor([from, to]: [number, number]): number[] {
  const width = (((to - from) % 360) + 360) % 360 || 360;
  const count = Math.max(1, Math.ceil(width / 3));
  return Array.from({ length: count + 1 }, (_, i) => from + (width * i) / count);
}

export function ellipseRing(one: Part["ellipses"][number]): Place[] {
  return Array.from({ length: 48 }, (_, i) => {
    const angle = (2 * Math.PI * i) / 48;
    const forward = one.semi_major_km * Math.cos(angle);
    const aside = one.semi_minor_km * Math.sin(angle);
    const azimuth = one.azimuth_deg + Math.atan2(aside, forward) / RAD;
    return along(one, azimuth, Math.hypot(forward, aside), 1)[1]!;
  });
}

/** Below this height the air slows a falling part for the drawing, metres. */
const AIR_M = 45_000;

/**
 * How a part is shown to fall: it leaves the flight where it was released, as
 * fast as it was going, and ends where and when the drop zone says. Between the
 * two it is a drawing, not a computed flight: a parabola above the air, slowed
 * in it, its way over the ground slowing all the time.
 */
export function fallPath(part: Part, flown: Sample[]): Sample[] {
  const at = flown.findIndex((one) => one.t_s >= part.release_s - 1e-6);
  const start = flown[at];
  const next = flown[Math.min(at + 1, flown.length - 1)];
  const before = flown[Math.max(at - 1, 0)];
  if (!start || !next || !before) return [];
  const span = next.t_s - before.t_s || 1;
  const total = Math.max(part.t_s - part.release_s, 1);
  const east = nearby(part.longitude_deg, start.longitude_deg) - start.longitude_deg;
  const north = part.latitude_deg - start.latitude_deg;
  const squeeze = Math.cos(start.latitude_deg * RAD);
  const far_deg = Math.hypot(east * squeeze, north);
  const turn = (to: number, from: number) => nearby(to, from) - from;
  const speed_deg_s =
    Math.hypot(
      turn(next.longitude_deg, before.longitude_deg) * squeeze,
      next.latitude_deg - before.latitude_deg,
    ) / span;
  const power = Math.min(Math.max(far_deg > 0 ? (speed_deg_s * total) / far_deg : 1, 1), 8);
  const height = fallHeight(start.altitude_m, (next.altitude_m - before.altitude_m) / span, speed_deg_s, total);
  return Array.from({ length: 81 }, (_, i) => {
    const t = (total * i) / 80;
    const gone = 1 - (1 - t / total) ** power;
    return {
      t_s: part.release_s + t,
      longitude_deg: start.longitude_deg + east * gone,
      latitude_deg: start.latitude_deg + north * gone,
      altitude_m: Math.max(height(t), 0),
    };
  });
}

function fallHeight(from_m: number, climb_m_s: number, speed_deg_s: number, total_s: number) {
  // Fast over the ground, a part weighs less by its own centrifugal force.
  const speed_m_s = speed_deg_s * RAD * (RADIUS_KM * 1000 + from_m);
  const weight = Math.max(GRAVITY_M_S2 - speed_m_s ** 2 / (RADIUS_KM * 1000), 2);
  const parabola = (t: number) => from_m + climb_m_s * t - 0.5 * weight * t * t;
  const above = from_m > AIR_M;
  const reach = above ? climb_m_s ** 2 + 2 * weight * (from_m - AIR_M) : 0;
  const into_s = (climb_m_s + Math.sqrt(reach)) / weight;
  if (!above || into_s >= total_s) {
    // Straight to the ground in the time there is.
    const pull = (2 * (from_m + climb_m_s * total_s)) / total_s ** 2;
    return (t: number) => from_m + climb_m_s * t - 0.5 * pull * t * t;
  }
  return (t: number) => (t < into_s ? parabola(t) : AIR_M * (1 - (t - into_s) / (total_s - into_s)) ** 2);
}

const nearby = (to: number, from: number) => to - 360 * Math.round((to - from) / 360);
