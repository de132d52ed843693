// What do scripts of the pages find that no library declares? For the check of types alone
// (tests/maps/test_script_types.py); no page is sent this file.
//
// What stands under an id or a selector is the template's matter: elements have no type here, and
// the tests in a browser prove them. Our own functions, Leaflet and what a browser offers have one.
export {};

declare global {
  /** Stands in front of the worker of the field page: its version, and the files it keeps. */
  const KEPT: { version: string; files: string[] };

  interface Window {
    /** What the scripts of a map page share; each adds its part. */
    gcvag: any;
    /** protomaps-leaflet, on pages whose background is an archive of tiles. */
    protomapsL: any;
  }

  interface Document {
    getElementById(id: string): any;
  }

  interface ParentNode {
    querySelector(selectors: string): any;
    querySelectorAll(selectors: string): NodeListOf<any>;
  }

  interface Element {
    closest(selectors: string): any;
  }

  interface Event {
    readonly target: any;
    readonly currentTarget: any;
  }

  /** Safari asks before it tells where the phone points. */
  interface DeviceOrientationEvent {
    readonly webkitCompassHeading?: number;
  }

  /** Younger than the check's own list of what browsers offer. */
  interface Navigator {
    readonly wakeLock?: { request(kind: "screen"): Promise<EventTarget & { release(): Promise<void> }> };
  }
}
