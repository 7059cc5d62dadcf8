// The bare globe: an Earth without a network. Natural Earth imagery and the
// coastlines come with the page; nothing else is ever asked for.
import {
  buildModuleUrl,
  Cartesian3,
  Color,
  ColorGeometryInstanceAttribute,
  Credit,
  CreditDisplay,
  Ellipsoid,
  GeometryInstance,
  Globe,
  Iau2006XysData,
  ImageryLayer,
  Ion,
  JulianDate,
  PerspectiveFrustum,
  PerInstanceColorAppearance,
  Primitive,
  Scene,
  SimplePolylineGeometry,
  TileMapServiceImageryProvider,
  Transforms,
  ArcType,
} from "@cesium/engine";
import coastlines from "../../../src/cosmodrome/report/data/coastlines.json?url";
import type { Palette } from "../theme";

/** Height at which flat lines are drawn, so that they do not flicker with the ground, metres. */
const ABOVE_GROUND_M = 4000;

export interface Earth {
  scene: Scene;
  canvas: HTMLCanvasElement;
  /** Settles when the first whole view has been drawn. */
  drawn: Promise<void>;
  /** Settles when the view as it is now has been drawn whole. */
  settled(): Promise<void>;
  paint(palette: Palette): void;
  /** Ask for a new frame. */
  again(): void;
  time: JulianDate;
}

/** A globe in a box of the page. */
export async function makeEarth(box: HTMLElement, palette: Palette): Promise<Earth> {
  // Addresses are of this page; there is no account and no token.
  buildModuleUrl.setBaseUrl(new URL("cesium/", document.baseURI).href);
  Ion.defaultAccessToken = undefined as unknown as string;
  // Only the direction to the Sun needs the Earth's turning here, to a degree:
  // without these tables Cesium takes its short formula.
  Transforms.iau2006XysData = new Iau2006XysData({ totalSamples: 0 } as never);
  CreditDisplay.cesiumCredit = new Credit("CesiumJS", true);

  const canvas = document.createElement("canvas");
  canvas.tabIndex = 0;
  box.append(canvas);
  const credits = document.createElement("div");
  credits.className = "credits";
  box.append(credits);

  const scene = new Scene({
    canvas,
    creditContainer: credits,
    contextOptions: { webgl: { antialias: true, preserveDrawingBuffer: true } },
    requestRenderMode: true,
    maximumRenderTimeChange: Number.POSITIVE_INFINITY,
    msaaSamples: 1,
  } as never);
  scene.highDynamicRange = false;
  scene.fog.enabled = false;
  scene.skyBox = undefined as never;
  scene.sun = undefined as never;
  scene.moon = undefined as never;
  const globe = new Globe(Ellipsoid.WGS84);
  globe.showGroundAtmosphere = false;
  globe.showWaterEffect = false;
  globe.maximumScreenSpaceError = 2;
  // Lines in space pass behind the Earth, not through it.
  globe.depthTestAgainstTerrain = true;
  scene.globe = globe;
  scene.screenSpaceCameraController.minimumZoomDistance = 3e4;
  scene.screenSpaceCameraController.maximumZoomDistance = 2e8;

  const imagery = await TileMapServiceImageryProvider.fromUrl(
    buildModuleUrl("Assets/Textures/NaturalEarthII"),
    { credit: new Credit("Natural Earth II", true) },
  );
  const layer = new ImageryLayer(imagery);
  scene.imageryLayers.add(layer);

  const time = JulianDate.fromIso8601("2027-03-20T12:00:00Z");
  let coast: Primitive | null = null;
  const rings = await loadCoastlines();

  function settled(): Promise<void> {
    return new Promise((done) => {
      let frames = 0;
      const stop = scene.postRender.addEventListener(() => {
        frames += 1;
        if (frames < 2 || !globe.tilesLoaded || !coast?.ready) return void scene.requestRender();
        stop();
        done();
      });
      scene.requestRender();
    });
  }

  const earth: Earth = {
    scene,
    canvas,
    time,
    drawn: Promise.resolve(),
    settled,
    paint(colours) {
      scene.backgroundColor = Color.fromCssColorString(colours.sky);
      globe.baseColor = Color.fromCssColorString(colours.sea);
      layer.brightness = colours.dark ? 0.75 : 1.15;
      layer.saturation = colours.dark ? 0.5 : 0.55;
      layer.contrast = colours.dark ? 1.05 : 0.92;
      layer.alpha = colours.dark ? 0.8 : 0.72;
      if (coast) scene.primitives.remove(coast);
      coast = coastPrimitive(rings, colours.coast);
      scene.primitives.add(coast);
      scene.requestRender();
    },
    again: () => scene.requestRender(),
  };
  earth.paint(palette);
  scene.camera.setView({ destination: Cartesian3.fromDegrees(100, 40, 2.1e7) });

  const fit = () => {
    const scale = Math.min(window.devicePixelRatio || 1, 2);
    const width = Math.max(1, Math.round(box.clientWidth * scale));
    const height = Math.max(1, Math.round(box.clientHeight * scale));
    if (canvas.width === width && canvas.height === height) return;
    canvas.width = width;
    canvas.height = height;
    (scene.camera.frustum as PerspectiveFrustum).aspectRatio = width / height;
    scene.requestRender();
  };
  new ResizeObserver(fit).observe(box);
  fit();

  const frame = () => {
    requestAnimationFrame(frame);
    if (box.offsetParent === null) return;
    scene.initializeFrame();
    scene.render(time);
  };
  requestAnimationFrame(frame);
  earth.drawn = settled();
  return earth;
}

async function loadCoastlines(): Promise<number[][]> {
  const answer = await fetch(coastlines);
  const { rings } = (await answer.json()) as { rings: number[][] };
  // Hundredths of a degree: the first point, then differences.
  return rings.map((flat) => {
    const out: number[] = [];
    let longitude = 0;
    let latitude = 0;
    for (let i = 0; i + 1 < flat.length; i += 2) {
      longitude += flat[i]!;
      latitude += flat[i + 1]!;
      out.push(longitude / 100, latitude / 100);
    }
    return out;
  });
}

function coastPrimitive(rings: number[][], colour: string): Primitive {
  const attributes = {
    color: ColorGeometryInstanceAttribute.fromColor(Color.fromCssColorString(colour)),
  };
  const geometryInstances = rings
    .filter((ring) => ring.length >= 4)
    .map((ring) => {
      const heights: number[] = [];
      for (let i = 0; i + 1 < ring.length; i += 2) {
        heights.push(ring[i]!, ring[i + 1]!, ABOVE_GROUND_M);
      }
      return new GeometryInstance({
        geometry: new SimplePolylineGeometry({
          positions: Cartesian3.fromDegreesArrayHeights(heights),
          arcType: ArcType.NONE,
        }),
        attributes,
      });
    });
  return new Primitive({
    geometryInstances,
    appearance: new PerInstanceColorAppearance({ flat: true, translucent: false }),
    // Made here, not in a worker: it takes milliseconds and no further files.
    asynchronous: false,
    allowPicking: false,
    releaseGeometryInstances: true,
  });
}
