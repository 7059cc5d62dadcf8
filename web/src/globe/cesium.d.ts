// Members that CesiumJS has and documents in its source, but leaves out of its types.
import "@cesium/engine";

declare module "@cesium/engine" {
  export class Iau2006XysData {
    constructor(options?: { totalSamples?: number });
  }
  namespace Transforms {
    let iau2006XysData: Iau2006XysData;
  }
  namespace buildModuleUrl {
    function setBaseUrl(url: string): void;
  }
  interface Scene {
    initializeFrame(): void;
  }
}
